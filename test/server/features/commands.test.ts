import assert from 'node:assert/strict';
import { completionAt, createFakeCore } from '../../support/fakeCore.js';
import { openEditor, type TestEditor } from '../../support/editor.js';

describe('commands and notifications', () => {
  let editor: TestEditor;
  afterEach(() => editor.close());

  const run = (command: string, ...args: readonly unknown[]): Promise<unknown> =>
    editor.rpc.request('workspace/executeCommand', { command, arguments: args });

  it('search answers as the command line prints it', async () => {
    const span = { startLine: 4, startColumn: 2, endLine: 6, endColumn: 1 };
    const hit = {
      path: 'src/a.ts',
      folder: '/w',
      span,
      kind: 'function',
      name: 'f',
      score: 0.5,
      text: 'f()',
      from: 'store',
    } as const;
    editor = await openEditor({ core: createFakeCore({ hits: [hit] }) });
    assert.deepEqual(await run('understudy.search', { query: 'f', limit: 3 }), {
      results: [
        {
          path: '/w/src/a.ts',
          range: { start: { line: 4, character: 2 }, end: { line: 6, character: 1 } },
          kind: 'function',
          name: 'f',
          score: 0.5,
          text: 'f()',
        },
      ],
    });
    for (const args of [{}, { query: ' ' }, { query: 7 }, { query: 'f', limit: 0 }, { query: 'f', limit: 'x' }])
      await assert.rejects(run('understudy.search', args), { code: -32803 });
  });

  it('toggle switches all without arguments, and the document at hand', async () => {
    const core = createFakeCore();
    const { switches } = core.completer;
    editor = await openEditor({ core });
    const key = { uri: 'file:///a.ts', languageId: 'typescript' };
    await assert.rejects(run('understudy.toggle', { scope: 'file' }), /No document is open/);
    assert.deepEqual(await run('understudy.toggle'), { scope: 'all', enabled: false });
    editor.open('file:///a.ts', '');
    assert.deepEqual(await run('understudy.toggle', { scope: 'file' }), { scope: 'file', enabled: true });
    assert.equal(switches.override(key), true);
    assert.deepEqual(await run('understudy.toggle', { uri: 'file:///a.ts' }), { scope: 'file', enabled: false });
    assert.deepEqual(await run('understudy.toggle', { scope: 'language' }), { scope: 'language', enabled: true });
    await assert.rejects(run('understudy.toggle', { scope: 'world' }), /scope must be one of/);
  });

  it('snooze lasts as long as was asked for, an hour otherwise, and ends with 0', async () => {
    editor = await openEditor();
    const before = Date.now();
    const { until } = (await run('understudy.snooze')) as { until: string };
    assert.ok(Math.abs(Date.parse(until) - before - 3_600_000) < 60_000);
    assert.deepEqual(await run('understudy.snooze', { minutes: 0 }), { until: null });
    await assert.rejects(run('understudy.snooze', { minutes: -1 }), /minutes must be/);
  });

  it('status has the shape of the contract, and is told when it changes, not each time', async () => {
    const core = createFakeCore();
    editor = await openEditor({ core });
    const index = {
      state: 'indexing',
      message: null,
      files: 9,
      indexed: 4,
      pending: 5,
      chunks: 0,
      symbols: 0,
      skipped: { binary: 2 },
    } as const;
    core.changeStatus({ state: 'indexing', folders: [{ folder: '/w', index }] });
    core.changeStatus({ state: 'indexing', folders: [{ folder: '/w', index: { ...index, indexed: 5 } }] });
    const told = await editor.rpc.notification('understudy/didChangeStatus', params =>
      /"indexed":5/.test(JSON.stringify(params)),
    );
    const { state, folders, backends, reasons } = told as Record<string, unknown>;
    assert.equal(state, 'indexing');
    const trust = { trusted: false, why: 'Nobody has said that it is trusted.' };
    assert.deepEqual(folders, [{ uri: 'file:///w', files: 9, indexed: 5, pending: 5, skipped: { binary: 2 }, trust }]);
    assert.deepEqual(backends, []);
    assert.deepEqual(reasons, {});
    assert.deepEqual(await run('understudy.status'), await editor.rpc.request('understudy/status'));
    const tellings = editor.rpc.notifications.filter(({ method }) => method === 'understudy/didChangeStatus');
    assert.ok(tellings.length <= 2, `${tellings.length} notifications`);
  });

  it('acceptance is heard by command and by notification', async () => {
    const core = createFakeCore({
      complete: request => Promise.resolve({ items: [completionAt(request, 'foo()', 'u1')], reason: null, steps: [] }),
    });
    editor = await openEditor({ core });
    editor.open('file:///a.ts', 'x = /*cursor*/');
    const [item] = await editor.complete();
    assert.ok(item !== undefined);
    editor.rpc.notify('textDocument/didShowCompletion', { item });
    editor.rpc.notify('textDocument/didPartiallyAcceptCompletion', { item, acceptedLength: 3 });
    await editor.accept(item);
    assert.equal(editor.text(), 'x = foo()');
    assert.deepEqual(core.accepted, ['u1 up to 3', 'u1']);
    assert.ok(core.heard.includes('shown u1'));
    await assert.rejects(run('understudy.accepted', { id: 7 }), /id must be a string/);
    assert.equal(await run('understudy.accepted'), null);
  });

  it('focus says which document is meant', async () => {
    const core = createFakeCore();
    editor = await openEditor({ core });
    editor.open('file:///a.ts', '');
    editor.open('file:///b.ts', '');
    editor.rpc.notify('textDocument/didFocus', { textDocument: { uri: 'file:///a.ts' } });
    editor.rpc.notify('textDocument/didFocus', { textDocument: { uri: 'file:///never.ts' } });
    await run('understudy.toggle', { scope: 'file' });
    assert.equal(core.completer.switches.override({ uri: 'file:///a.ts', languageId: '' }), false);
    assert.equal(core.completer.switches.override({ uri: 'file:///b.ts', languageId: '' }), null);
  });

  it('the trace has steps, source and reason, newest first, and no code', async () => {
    const core = createFakeCore({
      complete: request =>
        Promise.resolve(
          request.offset > 3
            ? { items: [completionAt(request, 'theSecretText')], reason: null, steps: [{ name: 'recall', ms: 0.25 }] }
            : { items: [], reason: 'unsure', steps: [] },
        ),
    });
    editor = await openEditor({ core });
    editor.open('file:///a.ts', 'abc/*cursor*/');
    await editor.complete();
    editor.type('d');
    await editor.complete();
    const { requests } = (await run('understudy.trace', { limit: 2 })) as {
      requests: readonly Record<string, unknown>[];
    };
    assert.equal(requests.length, 2);
    assert.equal(requests[0]?.['source'], 'recall');
    assert.match(String(requests[0]?.['origin']), /a\.ts:41$/);
    assert.deepEqual(requests[0]?.['steps'], [{ name: 'recall', ms: 0.25 }]);
    assert.equal(requests[1]?.['reason'], 'unsure');
    assert.doesNotMatch(JSON.stringify(requests), /theSecretText/);
    const { reasons } = (await editor.rpc.request('understudy/status')) as { reasons: unknown };
    assert.deepEqual(reasons, { unsure: 1 });
  });
});
