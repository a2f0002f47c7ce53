import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { features } from '../../../server/features/features.js';
import { commandNames } from '../../../server/features/commandNames.js';
import type { Feature } from '../../../server/lsp/feature.js';
import { completionAt, createFakeCore } from '../../support/fakeCore.js';
import { openEditor, type TestEditor } from '../../support/editor.js';
import { repositoryRoot } from '../../support/repositoryRoot.js';

describe('a session', () => {
  let editor: TestEditor;
  afterEach(() => editor.close().catch(() => {}));

  it('answers initialize, feeds the core and leaves with 0 after shutdown', async () => {
    const core = createFakeCore();
    editor = await openEditor({ core });
    editor.open('file:///a.ts', 'let a = /*cursor*/;');
    editor.type('1');
    await editor.rpc.request('understudy/status');
    assert.deepEqual(
      core.heard.filter(line => line !== 'start'),
      ['open file:///a.ts', 'change file:///a.ts 8-8'],
    );
    assert.equal(core.documents.get('file:///a.ts')?.text, 'let a = 1;');
    assert.equal(await editor.close(), 0);
    assert.equal(core.heard.at(-1), 'dispose');
  });

  it('tells a core that is loaded late of all that is open', async () => {
    const core = createFakeCore();
    let load: () => void = () => {};
    const loading = new Promise<void>(resolve => (load = resolve));
    editor = await openEditor({ loadCore: () => loading.then(() => core) });
    editor.open('file:///a.ts', 'a/*cursor*/');
    editor.type('b');
    const status = editor.rpc.request('understudy/status');
    load();
    await status;
    assert.equal(core.documents.get('file:///a.ts')?.text, 'ab');
  });

  it('goes on without a core, with empty answers and a reason', async () => {
    editor = await openEditor({ loadCore: () => Promise.reject(new Error('nothing works today')) });
    editor.open('file:///a.ts', 'a');
    assert.deepEqual(await editor.complete(), []);
    assert.equal(await editor.rpc.request('understudy/status'), null);
    const { requests } = (await editor.rpc.request('understudy/trace')) as { requests: { reason: string | null }[] };
    assert.ok(requests.some(({ reason }) => reason === 'failed'));
  });

  it('leaves with 1 when nobody said shutdown, and when the streams end', async () => {
    editor = await openEditor();
    editor.rpc.notify('exit');
    assert.equal(await editor.exited, 1);
    const second = await openEditor();
    second.hangUp();
    assert.equal(await second.exited, 1);
  });

  it('refuses what comes too early, twice or too late', async () => {
    editor = await openEditor();
    assert.equal((await editor.rpc.ask('initialize', {}).answer).error?.code, -32600);
    assert.equal((await editor.rpc.ask('textDocument/rename', {}).answer).error?.code, -32601);
    await editor.rpc.request('shutdown');
    assert.equal((await editor.rpc.ask('understudy/status').answer).error?.code, -32600);
  });

  it('never tells LSP what its client cannot use', async () => {
    editor = await openEditor({ initialize: { capabilities: {} } });
    await editor.rpc.request('understudy/status');
    assert.deepEqual(editor.rpc.requests, []);
  });

  it('lists every command that it has, and has every command that it lists', async () => {
    editor = await openEditor();
    const { commands } = editor.capabilities['executeCommandProvider'] as { commands: readonly string[] };
    assert.deepEqual(commands, commandNames);
    for (const command of commands) {
      const { error } = await editor.rpc.ask('workspace/executeCommand', { command }).answer;
      // Search is the one that has to be told what for.
      if (command === 'understudy.search') assert.match(error?.message ?? '', /query/);
      // And here there is nothing to be taken back.
      else if (command === 'understudy.undo') assert.match(error?.message ?? '', /nothing to undo/);
      else assert.equal(error, undefined, command);
    }
    const unknown = await editor.rpc.ask('workspace/executeCommand', { command: 'understudy.nope' }).answer;
    assert.match(unknown.error?.message ?? '', /no command understudy\.nope/);
  });

  describe('with the parameters of a real editor', () => {
    const folder = join(repositoryRoot, 'test/data/initialize');
    for (const name of readdirSync(folder))
      it(name, async () => {
        const params = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
        const core = createFakeCore({
          complete: request => Promise.resolve({ items: [completionAt(request, 'ghost()')], reason: null, steps: [] }),
        });
        editor = await openEditor({ core, initialize: { ...params, processId: null } });
        const hasGhostText = editor.capabilities['inlineCompletionProvider'] !== undefined;
        assert.equal(hasGhostText, !name.startsWith('helix'));
        assert.equal(editor.capabilities['completionProvider'] !== undefined, name.startsWith('helix'));
        editor.open('file:///a.ts', 'fo/*cursor*/');
        if (hasGhostText) assert.equal((await editor.complete())[0]?.insertText, 'ghost()');
        else {
          const answer = await editor.rpc.request('textDocument/completion', {
            textDocument: { uri: 'file:///a.ts' },
            position: editor.cursor(),
          });
          assert.match(JSON.stringify(answer), /ghost\(\)/);
        }
        assert.equal(await editor.close(), 0);
      });
  });
});

describe('each request is answered once', () => {
  let editor: TestEditor;
  afterEach(() => editor.close().catch(() => {}));

  /** A request that ends when it is told to, or never. */
  const slow = (started: string[]): Feature => ({
    id: 'slow',
    register: (_session, handlers) =>
      handlers.request<{ key: string; fails: boolean }, unknown>({
        method: 'test/slow',
        empty: { empty: true },
        read: params => params as { key: string; fails: boolean },
        supersedeKey: ({ key }) => key,
        handle({ key, fails }, call) {
          if (fails) throw new Error('as planned');
          started.push(key);
          return new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(new Error('aborted'))));
        },
      }),
  });

  async function openSlow(): Promise<string[]> {
    const started: string[] = [];
    editor = await openEditor({ features: [...features, slow(started)] });
    return started;
  }

  it('with its empty value when a newer one supersedes it, and only those of its key', async () => {
    await openSlow();
    const older = editor.rpc.ask('test/slow', { key: 'a' });
    const other = editor.rpc.ask('test/slow', { key: 'b' });
    const newer = editor.rpc.ask('test/slow', { key: 'a' });
    assert.deepEqual(await older.answer, { jsonrpc: '2.0', id: older.id, result: { empty: true } });
    editor.rpc.cancel(newer.id);
    editor.rpc.cancel(other.id);
    assert.equal((await newer.answer).error?.code, -32800);
    assert.equal((await other.answer).error?.code, -32800);
    for (const { id } of [older, other, newer]) assert.equal(editor.rpc.answers.get(String(id)), 1);
  });

  it('with its empty value when it fails, and the log has the stack', async () => {
    await openSlow();
    assert.deepEqual(await editor.rpc.request('test/slow', { key: 'a', fails: true }), { empty: true });
    const told = await editor.rpc.notification('window/logMessage', params =>
      /as planned/.test(JSON.stringify(params)),
    );
    assert.match(JSON.stringify(told), /session\.test/);
  });

  it('with an error when it was cancelled before it was begun', async () => {
    const started = await openSlow();
    const content = JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'test/slow', params: { key: 'a' } });
    const cancel = JSON.stringify({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 'x' } });
    editor.rpc.raw([content, cancel].map(text => `Content-Length: ${text.length}\r\n\r\n${text}`).join(''));
    await editor.rpc.request('understudy/status');
    assert.equal(editor.rpc.answers.get('x'), 1);
    assert.deepEqual(started, []);
  });

  it('also when a burst of them comes, each cancelled by the next or by nobody', async () => {
    await openSlow();
    const asked = Array.from({ length: 500 }, (_, index) => {
      const sent = editor.rpc.ask('test/slow', { key: `k${index % 3}` });
      if (index % 3 === 0) editor.rpc.cancel(sent.id);
      return sent;
    });
    for (const { id } of asked.slice(-3)) editor.rpc.cancel(id);
    await Promise.all(asked.map(({ answer }) => answer));
    for (const { id } of asked) assert.equal(editor.rpc.answers.get(String(id)), 1);
  });

  it('and those under way are when the session ends', async () => {
    await openSlow();
    const under = editor.rpc.ask('test/slow', { key: 'a' });
    await editor.rpc.request('shutdown');
    const { error, result } = await under.answer;
    assert.ok(error !== undefined || result !== undefined);
  });
});

describe('hostile messages', () => {
  let editor: TestEditor;
  afterEach(() => editor.close().catch(() => {}));

  const frame = (text: string): string => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  const complaintsTo: readonly (readonly [name: string, bytes: string | Buffer])[] = [
    ['a header without a colon', 'Content-Length 20\r\n\r\n{"jsonrpc":"2.0"}'],
    ['a negative length', 'Content-Length: -5\r\n\r\n'],
    ['a huge length', 'Content-Length: 99999999999\r\n\r\n{}'],
    ['a length that is too long', 'Content-Length: 5000\r\n\r\n{"jsonrpc":"2.0","method":"x"}'],
    ['a length that is too short', 'Content-Length: 5\r\n\r\n{"jsonrpc":"2.0","method":"x"}'],
    ['random bytes', Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919 + (index >> 3)) % 256))],
    ['a header alone', '\r\n\r\n\r\n\r\n'],
    ['no JSON', frame('{"jsonrpc":"2.0","id":}')],
    ['a list', frame('[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]')],
    ['null', frame('null')],
    ['a number', frame('7')],
    ['an id of null', frame('{"jsonrpc":"2.0","id":null,"method":"shutdown"}')],
    ['an id that is an object', frame('{"jsonrpc":"2.0","id":{},"method":"shutdown"}')],
    ['a method that is a number', frame('{"jsonrpc":"2.0","method":7}')],
    ['parameters that are a text', frame('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":"x"}')],
    ['a cancellation of nothing', frame('{"jsonrpc":"2.0","method":"$/cancelRequest","params":null}')],
    ['an answer to nothing', frame('{"jsonrpc":"2.0","id":99,"result":null}')],
    ['deep nesting', frame(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    [
      'a document without a text',
      frame('{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a"}}}'),
    ],
    ['invalid UTF-8', Buffer.concat([Buffer.from('Content-Length: 4\r\n\r\n'), Buffer.from([0x22, 0xff, 0xfe, 0x22])])],
  ];
  for (const [name, bytes] of complaintsTo)
    it(`${name} does not make the server deaf`, async () => {
      editor = await openEditor();
      editor.rpc.raw(bytes);
      assert.notEqual(await editor.rpc.request('understudy/status'), null);
    });

  it('a request whose id is in use is refused, and the first is answered', async () => {
    editor = await openEditor();
    const text = '{"jsonrpc":"2.0","id":"same","method":"understudy/status"}';
    editor.rpc.raw(frame(text) + frame(text));
    await editor.rpc.request('understudy/status');
    assert.equal(editor.rpc.answers.get('same'), 2);
  });

  it('parameters of the wrong shape are named', async () => {
    editor = await openEditor();
    for (const params of [null, [], {}, { textDocument: {} }, { textDocument: { uri: 'file:///a' }, position: {} }]) {
      const { error } = await editor.rpc.ask('textDocument/inlineCompletion', params).answer;
      assert.equal(error?.code, -32602, JSON.stringify(params));
    }
  });

  it('messages may come byte by byte, and many at once', async () => {
    editor = await openEditor();
    for (const byte of Buffer.from(frame('{"jsonrpc":"2.0","id":"é","method":"understudy/status"}')))
      editor.rpc.raw(Buffer.from([byte]));
    await editor.rpc.request('understudy/status');
    assert.equal(editor.rpc.answers.get('é'), 1);
  });

  it('gives up when nothing sensible comes any more', async () => {
    editor = await openEditor();
    for (let sent = 0; sent < 20; sent++) editor.rpc.raw(Buffer.alloc(1024 * 1024, 'x'));
    assert.equal(await editor.exited, 1);
  });
});

describe('documents', () => {
  let editor: TestEditor;
  afterEach(() => editor.close().catch(() => {}));

  async function change(source: string, contentChanges: readonly unknown[]): Promise<string | undefined> {
    const core = createFakeCore();
    editor = await openEditor({ core });
    editor.open('file:///a.ts', source);
    editor.rpc.notify('textDocument/didChange', { textDocument: { uri: 'file:///a.ts', version: 2 }, contentChanges });
    await editor.rpc.request('understudy/status');
    return core.documents.get('file:///a.ts')?.text;
  }
  const range = (startLine: number, startCharacter: number, endLine: number, endCharacter: number): object => ({
    start: { line: startLine, character: startCharacter },
    end: { line: endLine, character: endCharacter },
  });

  it('take several changes in order, each on the text before it', async () => {
    const text = await change('ab\ncd', [
      { range: range(0, 1, 0, 1), text: 'x\n' },
      { range: range(1, 0, 1, 1), text: 'y' },
      { range: range(2, 2, 2, 2), text: 'z' },
    ]);
    assert.equal(text, 'ax\ny\ncdz');
  });
  it('take a whole new text, and go on from it', async () => {
    assert.equal(await change('ab', [{ text: 'new\r\ntext' }, { range: range(1, 0, 1, 4), text: '' }]), 'new\r\n');
  });
  it('clamp positions that are out of range', async () => {
    assert.equal(
      await change('ab\r\ncd', [
        { range: range(0, 99, 0, 100), text: '!' },
        { range: range(99, 9, 99, 9), text: '?' },
      ]),
      'ab!\r\ncd?',
    );
  });
  it('exchange the ends of a reversed range', async () => {
    assert.equal(await change('abcd', [{ range: range(0, 3, 0, 1), text: '-' }]), 'a-d');
  });
  it('take all changes of a notification or none', async () => {
    assert.equal(
      await change('ab', [
        { range: range(0, 0, 0, 0), text: 'x' },
        { range: null, text: 7 },
      ]),
      'ab',
    );
  });
  it('keep a byte order mark and lone surrogates', async () => {
    assert.equal(await change('\uFEFFa\uD800', [{ range: range(0, 3, 0, 3), text: '\uDC00' }]), '\uFEFFa\uD800\uDC00');
  });
  it('may be closed, opened anew, and changed though they were never opened', async () => {
    const core = createFakeCore();
    editor = await openEditor({ core });
    editor.rpc.notify('textDocument/didChange', {
      textDocument: { uri: 'untitled:1', version: 2 },
      contentChanges: [{ text: 'x' }],
    });
    editor.open('untitled:1', 'a');
    editor.open('untitled:1', 'b');
    editor.rpc.notify('textDocument/didClose', { textDocument: { uri: 'untitled:1' } });
    editor.rpc.notify('textDocument/didClose', { textDocument: { uri: 'untitled:1' } });
    await editor.rpc.request('understudy/status');
    assert.deepEqual(
      core.heard.filter(line => line !== 'start'),
      ['open untitled:1', 'close untitled:1', 'open untitled:1', 'close untitled:1'],
    );
  });
  it('that were never opened are answered with nothing, and the reason', async () => {
    editor = await openEditor();
    const params = {
      textDocument: { uri: 'file:///never.ts' },
      position: { line: 0, character: 0 },
      context: { triggerKind: 1 },
    };
    assert.deepEqual(await editor.rpc.request('textDocument/inlineCompletion', params), { items: [] });
    const { requests } = (await editor.rpc.request('understudy/trace')) as { requests: { reason: string }[] };
    assert.equal(requests[0]?.reason, 'not-open');
  });
  it('change while a request hangs', async () => {
    const core = createFakeCore({ complete: () => new Promise(() => {}) });
    editor = await openEditor({ core });
    editor.open('file:///a.ts', 'a/*cursor*/');
    const hanging = editor.rpc.ask('textDocument/inlineCompletion', {
      textDocument: { uri: 'file:///a.ts' },
      position: { line: 0, character: 1 },
      context: { triggerKind: 2 },
    });
    editor.type('b');
    await editor.rpc.request('understudy/status');
    assert.equal(core.documents.get('file:///a.ts')?.text, 'ab');
    editor.rpc.cancel(hanging.id);
    assert.equal((await hanging.answer).error?.code, -32800);
  });
});
