import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndexStatus } from '../../../index/codeIndex.js';
import { pathToUri } from '../../../server/base/paths.js';
import type { CoreStatus } from '../../../server/core.js';
import { defaultInitialize, openEditor, type TestEditor } from '../../support/editor.js';
import { createFakeCore } from '../../support/fakeCore.js';
import { waitFor } from '../../support/waitFor.js';

const indexing = (indexed: number): CoreStatus => {
  const index: IndexStatus = {
    state: 'indexing',
    message: null,
    files: 10,
    indexed,
    pending: 10 - indexed,
    chunks: 0,
    symbols: 0,
    skipped: {},
  };
  return { state: 'indexing', message: '', folders: [{ folder: '/w', index }] };
};

describe('what the client is told and asked', () => {
  let editor: TestEditor;
  afterEach(() => editor.close());

  it('progress begins, never falls, and ends, with a token that the client has accepted', async () => {
    const core = createFakeCore();
    editor = await openEditor({
      core: {
        ...core,
        start(onProgress) {
          for (const indexed of [0, 5, 3, 9]) onProgress(indexing(indexed));
          return Promise.resolve();
        },
      },
    });
    await editor.rpc.notification('$/progress', params => /"end"/.test(JSON.stringify(params)));
    const told = editor.rpc.notifications.filter(({ method }) => method === '$/progress').map(({ params }) => params);
    const values = told.map(params => (params as { value: { kind: string; percentage?: number } }).value);
    assert.deepEqual(
      values.map(({ kind, percentage }) => [kind, percentage]),
      [
        ['begin', 0],
        ['report', 0],
        ['report', 50],
        ['report', 50],
        ['report', 90],
        ['end', undefined],
      ],
    );
    const asked = editor.rpc.requests.find(({ method }) => method === 'window/workDoneProgress/create');
    assert.equal((asked?.params as { token: string }).token, (told[0] as { token: string }).token);
  });

  it('a warm start shows no progress', async () => {
    const core = createFakeCore();
    editor = await openEditor({
      core: {
        ...core,
        start(onProgress) {
          onProgress(indexing(10));
          return Promise.resolve();
        },
      },
    });
    await waitFor(() => editor.rpc.notifications.some(({ params }) => /Indexed/.test(JSON.stringify(params))));
    assert.ok(!editor.rpc.requests.some(({ method }) => method === 'window/workDoneProgress/create'));
  });

  it('registers for settings where the client wants registrations, and bears a refusal', async () => {
    const { capabilities } = defaultInitialize;
    const workspace = {
      ...capabilities.workspace,
      didChangeConfiguration: { dynamicRegistration: true },
      didChangeWatchedFiles: { dynamicRegistration: true },
    };
    editor = await openEditor({ initialize: { capabilities: { ...capabilities, workspace } } });
    await waitFor(() => editor.rpc.requests.some(({ method }) => method === 'client/registerCapability'));
    const asked = editor.rpc.requests.find(({ method }) => method === 'client/registerCapability');
    const { registrations } = asked?.params as { registrations: readonly { method: string }[] };
    assert.deepEqual(
      registrations.map(({ method }) => method),
      ['workspace/didChangeConfiguration', 'workspace/didChangeWatchedFiles'],
    );
  });

  it('fifteen folders are one session, and come and go', async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-folders-')));
    const folders = Array.from({ length: 15 }, (_, index) => ({
      uri: `${pathToUri(join(root, `f ${index}`))}/`,
      name: `f ${index}`,
    }));
    let given: readonly string[] = [];
    const core = createFakeCore();
    editor = await openEditor({
      loadCore(options) {
        given = options.folders;
        return Promise.resolve(core);
      },
      initialize: { workspaceFolders: [...folders, folders[0], { uri: 'vscode-remote://x/y', name: 'elsewhere' }] },
    });
    await editor.rpc.request('understudy/status');
    assert.deepEqual(
      given,
      folders.map(({ name }) => join(root, name)),
    );
    editor.rpc.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: folders.slice(1) } });
    await waitFor(() => core.heard.filter(line => line.startsWith('removeFolder')).length === 14);
    rmSync(root, { recursive: true });
  });

  it('files that changed outside are named to the index', async () => {
    const core = createFakeCore();
    editor = await openEditor({ core });
    await editor.rpc.request('understudy/status');
    const changes = ['file:///w/a.ts', 'git:/w/b.ts', 'file:///w/c%20d.ts'].map(uri => ({ uri, type: 2 }));
    editor.rpc.notify('workspace/didChangeWatchedFiles', { changes });
    editor.rpc.notify('textDocument/didSave', { textDocument: { uri: 'file:///w/e.ts' } });
    await waitFor(() => core.heard.includes('fileChanged /w/e.ts'));
    assert.ok(core.heard.includes('fileChanged /w/a.ts') && core.heard.includes('fileChanged /w/c d.ts'));
  });
});
