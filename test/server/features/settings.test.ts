import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToUri } from '../../../server/base/paths.js';
import type { Settings } from '../../../server/config/schema.js';
import type { LoadCore } from '../../../server/lsp/liveSession.js';
import { openEditor, type EditorOptions, type TestEditor } from '../../support/editor.js';
import { createFakeCore, type FakeCore } from '../../support/fakeCore.js';
import { waitFor } from '../../support/waitFor.js';

describe('settings of a session', () => {
  let root: string;
  let configFolder: string;
  let folders: readonly [string, string];
  let editor: TestEditor;
  let core: FakeCore;
  let settings: (path: string | null) => Settings;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-settings-')));
    configFolder = join(root, 'config');
    folders = [join(root, 'one'), join(root, 'two')];
    for (const folder of [configFolder, ...folders]) mkdirSync(folder);
    core = createFakeCore();
  });
  afterEach(async () => {
    await editor.close();
    rmSync(root, { recursive: true });
  });

  const loadCore: LoadCore = options => {
    settings = options.settings;
    return Promise.resolve(core);
  };

  async function open(
    options: Partial<EditorOptions> & { readonly initializationOptions?: unknown } = {},
  ): Promise<void> {
    const { initializationOptions, ...rest } = options;
    editor = await openEditor({
      loadCore,
      configFolder,
      ...rest,
      initialize: {
        workspaceFolders: folders.map(folder => ({ uri: pathToUri(folder), name: 'x' })),
        initializationOptions,
        ...rest.initialize,
      },
    });
    await editor.rpc.request('understudy/status');
    await waitFor(() => core.heard.includes('start'));
  }

  const write = (folder: string, text: string): string => {
    const path = folder === configFolder ? join(folder, 'settings.json') : join(folder, '.understudy', 'settings.json');
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const logged = (pattern: RegExp): Promise<unknown> =>
    editor.rpc.notification('window/logMessage', params => pattern.test(JSON.stringify(params)));

  it('come from all layers, the strongest last', async () => {
    write(configFolder, '{ // mine\n "inline": { "minChars": 3, "maxLines": 5, "minConfidence": 0.5 }, }');
    write(folders[0], '{ "inline": { "maxLines": 2 } }');
    await open({
      initializationOptions: { inline: { minChars: 4 } },
      configuration: scope =>
        scope === pathToUri(folders[1]) ? { inline: { minChars: 20 } } : { inline: { minConfidence: 0.6 } },
    });
    const values = (path: string | null): unknown[] => {
      const { minChars, maxLines, minConfidence } = settings(path).inline;
      return [minChars, maxLines, minConfidence];
    };
    assert.deepEqual(values(null), [4, 5, 0.6]);
    assert.deepEqual(values(join(folders[0], 'a.ts')), [4, 2, 0.6]);
    assert.deepEqual(values(join(folders[1], 'a.ts')), [20, 5, 0.6]);
  });

  it('change while the session lasts, by notification with and without asking', async () => {
    let asked = { inline: { minChars: 7 } };
    await open({ configuration: () => asked });
    assert.equal(settings(null).inline.minChars, 7);
    asked = { inline: { minChars: 8 } };
    editor.rpc.notify('workspace/didChangeConfiguration', { settings: null });
    await waitFor(() => settings(null).inline.minChars === 8);
  });

  it('are taken from the notification where the client cannot be asked', async () => {
    await open({ initialize: { capabilities: { textDocument: { inlineCompletion: {} } } } });
    editor.rpc.notify('workspace/didChangeConfiguration', { settings: { understudy: { inline: { minChars: 9 } } } });
    await waitFor(() => settings(null).inline.minChars === 9);
  });

  it('are read again when a file of them is saved in the editor', async () => {
    await open();
    const path = write(folders[0], '{ "inline": { "enabled": false } }');
    editor.rpc.notify('textDocument/didSave', { textDocument: { uri: pathToUri(path) } });
    await waitFor(() => !settings(join(folders[0], 'a')).inline.enabled);
    assert.ok(settings(join(folders[1], 'a')).inline.enabled);
    assert.ok(core.heard.includes('settingsChanged'));
  });

  it('are complained about by name, once', async () => {
    await open({ configuration: () => ({ inline: { minChars: 'many', enable: true } }) });
    await logged(/inline\.minChars must be a whole number/);
    await logged(/no setting inline\.enable\. Did you mean inline\.enabled\?/);
    editor.rpc.notify('workspace/didChangeConfiguration', { settings: null });
    await waitFor(() => editor.rpc.requests.filter(({ method }) => method === 'workspace/configuration').length >= 2);
    await editor.rpc.request('understudy/status');
    const complaints = editor.rpc.notifications.filter(({ params }) => /inline\.enable\./.test(JSON.stringify(params)));
    assert.equal(complaints.length, 1);
  });

  it('of a broken file are named by line, and the rest holds', async () => {
    write(configFolder, '{\n "inline": { "minChars": 3 },\n nonsense here\n}');
    await open();
    await logged(/settings\.json:3: /);
    assert.equal(settings(null).inline.minChars, 3);
  });

  it('choose what is logged, and a file for it', async () => {
    const file = join(root, 'logs', 'understudy.log');
    await open({ initializationOptions: { log: { level: 'debug', file }, nonsense: 1 } });
    await waitFor(() => readFileSync(file, 'utf8').includes('no setting nonsense'));
  });

  it('are not taken through a link that leads out of the workspace', async () => {
    write(configFolder, '{ "inline": { "maxLines": 3 } }');
    mkdirSync(join(folders[0], '.understudy'));
    symlinkSync(join(configFolder, 'settings.json'), join(folders[0], '.understudy', 'settings.json'));
    await open();
    await logged(/leads out of its workspace/);
    assert.equal(settings(join(folders[0], 'a')).inline.maxLines, 3);
  });

  it('of folders that come later hold for them', async () => {
    const third = join(root, 'three');
    mkdirSync(third);
    write(third, '{ "inline": { "maxLines": 1 } }');
    await open();
    editor.rpc.notify('workspace/didChangeWorkspaceFolders', {
      event: {
        added: [{ uri: pathToUri(third), name: 'three' }],
        removed: [{ uri: pathToUri(folders[1]), name: 'two' }],
      },
    });
    await waitFor(() => settings(join(third, 'a')).inline.maxLines === 1);
    await waitFor(() => core.heard.includes(`removeFolder ${folders[1]}`));
    assert.ok(core.heard.includes(`addFolder ${third}`));
  });
});
