import assert from 'node:assert/strict';
import type { IndexStatus, SearchHit } from '../../index/codeIndex.js';
import { assembleCore, type CoreParts, type IndexHooks, type WorkspaceIndex } from '../../server/assembleCore.js';
import { Failure } from '../../server/base/failure.js';
import { silentLog } from '../../server/base/log.js';
import type { Core } from '../../server/core.js';
import type { Models } from '../../server/model/models.js';
import { createFakeCore } from '../support/fakeCore.js';
import { scriptedModels } from './complete/support/scriptedModels.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { openDoor } from '../support/openDoor.js';
import { waitFor } from '../support/waitFor.js';
import { noAudit } from '../../server/trust/audit.js';
import { nobodyTrusted } from '../../server/trust/trust.js';
import { noJournal } from '../support/noJournal.js';

const ready: IndexStatus = {
  state: 'ready',
  message: null,
  files: 1,
  indexed: 1,
  pending: 0,
  chunks: 1,
  symbols: 1,
  skipped: {},
};

interface Stage {
  readonly core: Core;
  readonly said: string[];
  readonly hooks: Map<string, IndexHooks>;
  indexSettings: string;
  recallBudget: number;
  enabled: boolean;
  /** Tells that something of the models changed. */
  modelsChanged: () => void;
}

type FakeIndex = Partial<WorkspaceIndex>;

interface Script {
  readonly folders: readonly string[];
  readonly index?: (folder: string, hooks: IndexHooks) => FakeIndex;
  readonly build?: () => Promise<void>;
  readonly breaks?: boolean;
  readonly notices?: readonly string[];
  readonly startsModels?: boolean;
  readonly modelNotices?: readonly string[];
}

function setStage(script: Script): Stage {
  const said: string[] = [];
  const hooks = new Map<string, IndexHooks>();
  const stage = { said, hooks, indexSettings: 'a', recallBudget: 1, enabled: true, modelsChanged: () => {} };
  const { completer, recall, trees, models: none } = createFakeCore();
  const models: Models = {
    ...none,
    start: () => Promise.resolve(void said.push('models start')),
    settingsChanged: () => void said.push('models settings'),
    status: () => ({ ...none.status(), notices: script.modelNotices ?? [] }),
    onStatus(listener) {
      stage.modelsChanged = listener;
      return () => {};
    },
    dispose: () => end('models'),
  };
  const core = assembleCore(
    {
      folders: script.folders,
      log: silentLog,
      isEnabled: () => stage.enabled,
      indexSettings: () => stage.indexSettings,
      recallBudget: () => stage.recallBudget,
      startsModels: script.startsModels ?? false,
    },
    (surroundings): CoreParts => ({
      completer: { ...completer, open: ({ uri }) => said.push(`completer ${uri}`) },
      models,
      context: scriptedModels().context,
      trust: nobodyTrusted,
      journal: noJournal,
      audit: noAudit,
      gate: openDoor,
      gateSettings: () => defaultSettings().gate,
      excludedPatterns: () => [],
      trees: { ...trees, dispose: () => end('trees') },
      recall: {
        ...recall,
        open({ uri }) {
          if (script.breaks === true) throw new Error('recall is broken');
          said.push(`recall ${uri}`);
        },
        change: ({ uri }) => void said.push(`recall changed ${uri}`),
        close: uri => void said.push(`recall closed ${uri}`),
        updateFile: (path, text) => said.push(`${text === null ? 'gone' : 'new'} ${path}`),
        build(files) {
          said.push(`build ${files.map(({ path }) => path).join(' ')}`);
          return script.build?.() ?? Promise.resolve();
        },
        dispose: () => end('recall'),
      },
      createIndex(folder, folderHooks) {
        hooks.set(folder, folderHooks);
        said.push(`index ${folder} without ${surroundings.foldersInside(folder).join(' ') || 'nothing'}`);
        return createIndex(folder, script.index?.(folder, folderHooks) ?? {}, folderHooks);
      },
      notices: () => script.notices ?? [],
      exclusionByName: () => 'not-text',
      dispose: () => end('shared'),
    }),
  );
  return Object.assign(stage, { core });

  function end(what: string): Promise<void> {
    said.push(`end ${what}`);
    return Promise.resolve();
  }

  function createIndex(folder: string, own: FakeIndex, { onScanned }: IndexHooks): WorkspaceIndex {
    return {
      start() {
        onScanned([{ path: `${folder}/a.ts`, size: 1, mtimeMs: 1 }]);
        return Promise.resolve();
      },
      search: () => Promise.resolve([]),
      definitions: () => Promise.resolve([]),
      references: () => Promise.resolve([]),
      fileChanged: path => void said.push(`changed ${path} in ${folder}`),
      exclusion: () => null,
      status: () => ready,
      close: () => end(folder),
      reconcile: () => {
        said.push(`reconcile ${folder}`);
        return Promise.resolve();
      },
      ...own,
    };
  }
}

const start = (core: Core): Promise<void> => core.start(() => {}, new AbortController().signal);

describe('assembleCore', () => {
  it('builds recall once, when every folder has been scanned', async () => {
    const { core, said } = setStage({ folders: ['/a', '/b'] });
    await start(core);
    assert.deepEqual(
      said.filter(line => line.startsWith('build')),
      ['build /a/a.ts /b/a.ts'],
    );
    assert.equal(core.status().state, 'ready');
  });

  it('takes the folder of open documents first', async () => {
    const { core, said } = setStage({ folders: ['/a', '/b'] });
    core.open({ uri: 'file:///b/x.ts', path: '/b/x.ts', languageId: 'typescript', version: 1, text: '' });
    await start(core);
    assert.ok(said.includes('build /b/a.ts /a/a.ts'));
  });

  it('works without any folder', async () => {
    const { core, said } = setStage({ folders: [] });
    await start(core);
    assert.deepEqual(said, ['build ']);
    assert.deepEqual(core.status(), { state: 'ready', message: '', folders: [] });
  });

  it('tells an index which folders inside are not its own', () => {
    const { said } = setStage({ folders: ['/a', '/a/b'] });
    assert.deepEqual(said, ['index /a without /a/b', 'index /a/b without nothing']);
  });

  it('goes on without the index of a folder, and says why', async () => {
    const { core } = setStage({
      folders: ['/a', '/b'],
      index(folder) {
        if (folder === '/a') throw new Failure('permission', '/a cannot be opened.', { remedy: 'Give access to it.' });
        return {};
      },
    });
    await start(core);
    const { state, message, folders } = core.status();
    assert.equal(state, 'degraded');
    assert.equal(message, '/a cannot be opened. Give access to it.');
    assert.deepEqual(
      folders.map(({ index }) => index.state),
      ['degraded', 'ready'],
    );
    assert.deepEqual(await core.search('x', { limit: 3 }, new AbortController().signal), []);
    assert.equal(core.exclusion('/a/x.ts'), 'not-text');
    core.fileChanged('/a/x.ts');
  });

  it('builds recall from the others when a folder cannot be scanned', async () => {
    const { core, said } = setStage({
      folders: ['/a', '/b'],
      index: folder => (folder === '/a' ? { start: () => Promise.reject(new Error('no')) } : {}),
    });
    await start(core);
    assert.deepEqual(
      said.filter(line => line.startsWith('build')),
      ['build /b/a.ts'],
    );
    assert.match(core.status().message, /Indexing \/a failed/);
  });

  it('says so when recall cannot be built', async () => {
    const { core } = setStage({ folders: ['/a'], build: () => Promise.reject(new Error('no')) });
    await start(core);
    assert.equal(core.status().state, 'degraded');
    assert.match(core.status().message, /Recall cannot be built/);
  });

  it('says what is missing although all goes on', async () => {
    const { core } = setStage({ folders: ['/a'], notices: ['No cache.'] });
    await start(core);
    const { state, message } = core.status();
    assert.deepEqual([state, message], ['degraded', 'No cache.']);
  });

  it('keeps a document from no part because another one failed', () => {
    const { core, said } = setStage({ folders: [], breaks: true });
    core.open({ uri: 'file:///x.ts', path: '/x.ts', languageId: 'typescript', version: 1, text: '' });
    assert.deepEqual(said, ['completer file:///x.ts']);
  });

  it('fuses what the folders find', async () => {
    const hit = (folder: string, score: number): SearchHit => ({
      path: 'a.ts',
      folder,
      span: { startLine: 0, startColumn: 0, endLine: 1, endColumn: 0 },
      kind: 'text',
      name: '',
      score,
      text: '',
      from: 'store',
    });
    const { core } = setStage({
      folders: ['/a', '/b'],
      index: folder => ({
        search: () => Promise.resolve(folder === '/a' ? [hit('/a', 0.1)] : [hit('/b', 0.3), hit('/b', 0.05)]),
      }),
    });
    const found = await core.search('x', { limit: 2 }, new AbortController().signal);
    assert.deepEqual(
      found.map(({ folder, score }) => [folder, score]),
      [
        ['/b', 0.3],
        ['/a', 0.1],
      ],
    );
  });

  it('adds and removes folders while it runs', async () => {
    const { core, said } = setStage({ folders: ['/a'] });
    await start(core);
    core.addFolder('/b');
    core.addFolder('/b');
    await waitFor(() => said.includes('build /a/a.ts /b/a.ts'));
    await core.removeFolder('/a');
    await core.removeFolder('/never');
    assert.ok(said.includes('gone /a/a.ts') && said.includes('end /a'));
    assert.deepEqual(
      core.status().folders.map(({ folder }) => folder),
      ['/b'],
    );
  });

  it('takes out with a folder what came into it later, and leaves what another folder holds', async () => {
    const { core, said, hooks } = setStage({
      folders: ['/a', '/a/b'],
      index: (folder, { onScanned }) => ({
        start() {
          const file = (path: string) => ({ path, size: 1, mtimeMs: 1 });
          onScanned(folder === '/a' ? [file('/a/x.ts'), file('/a/b/y.ts')] : [file('/a/b/y.ts')]);
          return Promise.resolve();
        },
      }),
    });
    await start(core);
    hooks.get('/a')?.onFile('/a/new.ts', 'text');
    hooks.get('/a')?.onFile('/a/b/y.ts', null);
    assert.ok(!said.includes('gone /a/b/y.ts'));
    await core.removeFolder('/a');
    assert.deepEqual(
      said.filter(line => line.startsWith('gone')),
      ['gone /a/x.ts', 'gone /a/new.ts'],
    );
  });

  it('does not bring back what was left out since the scan when another folder comes', async () => {
    const { core, said, hooks } = setStage({ folders: ['/a'] });
    await start(core);
    hooks.get('/a')?.onFile('/a/a.ts', null);
    core.addFolder('/b');
    await waitFor(() => said.includes('build /b/a.ts'));
  });

  it('waits no more for a folder that went before it was scanned', async () => {
    const { core, said } = setStage({
      folders: ['/a', '/b'],
      index: folder => (folder === '/b' ? { start: () => new Promise(() => {}) } : {}),
    });
    void start(core);
    await core.removeFolder('/b');
    assert.ok(said.includes('build /a/a.ts'));
  });

  it('starts the index of a folder that comes back only when the one before has let go of it', async () => {
    let letGo = (): void => {};
    const { core, said } = setStage({
      folders: ['/a'],
      index: () => ({
        start() {
          said.push('start');
          return Promise.resolve();
        },
        close: () => new Promise(resolve => (letGo = resolve)),
      }),
    });
    await start(core);
    const removed = core.removeFolder('/a');
    core.addFolder('/a');
    await Promise.resolve();
    assert.deepEqual(
      said.filter(line => line === 'start'),
      ['start'],
    );
    letGo();
    await removed;
    await waitFor(() => said.filter(line => line === 'start').length === 2);
  });

  it('lets the folder around look anew when one inside comes or goes', async () => {
    const { core, said } = setStage({ folders: ['/a'] });
    await start(core);
    core.addFolder('/a/b');
    await core.removeFolder('/a/b');
    assert.deepEqual(
      said.filter(line => line.startsWith('reconcile')),
      ['reconcile /a', 'reconcile /a'],
    );
  });

  it('draws from no open document that is excluded, also when it becomes so', async () => {
    const excluded = new Set(['/a/.env']);
    let report = (): void => {};
    const { core, said } = setStage({
      folders: ['/a'],
      index: () => ({
        exclusion: path => (excluded.has(path) ? 'excluded' : null),
        start(onProgress) {
          report = () => onProgress(ready);
          return Promise.resolve();
        },
      }),
    });
    await start(core);
    const env = { uri: 'file:///a/.env', path: '/a/.env', languageId: '', version: 1, text: '' };
    const code = { uri: 'file:///a/x.ts', path: '/a/x.ts', languageId: 'typescript', version: 1, text: '' };
    for (const snapshot of [env, code]) {
      core.open(snapshot);
      core.change({ ...snapshot, version: 2 }, []);
    }
    excluded.add('/a/x.ts');
    report();
    core.change({ ...code, version: 3 }, []);
    excluded.clear();
    report();
    core.close(code.uri);
    assert.deepEqual(
      said.filter(line => line.startsWith('recall')),
      [
        'recall file:///a/x.ts',
        'recall changed file:///a/x.ts',
        'recall closed file:///a/x.ts',
        'recall file:///a/.env',
        'recall file:///a/x.ts',
        'recall closed file:///a/x.ts',
      ],
    );
  });

  it('hands changes to the folder they are in, and looks anew when settings say so', () => {
    const stage = setStage({ folders: ['/a', '/a/b'] });
    const { core, said } = stage;
    core.fileChanged('/a/b/x.ts');
    core.fileChanged('/elsewhere/x.ts');
    core.settingsChanged();
    stage.indexSettings = 'b';
    core.settingsChanged();
    assert.deepEqual(
      said.slice(2).filter(line => !line.startsWith('models')),
      ['changed /a/b/x.ts in /a/b', 'reconcile /a', 'reconcile /a/b'],
    );
  });

  it('builds recall anew when it may hold more or less, and only then', async () => {
    const stage = setStage({ folders: ['/a'] });
    const { core, said } = stage;
    const builds = (): number => said.filter(line => line.startsWith('build')).length;
    stage.recallBudget = 2;
    core.settingsChanged();
    assert.equal(builds(), 0);
    await start(core);
    core.settingsChanged();
    assert.equal(builds(), 1);
    stage.recallBudget = 3;
    core.settingsChanged();
    core.settingsChanged();
    assert.equal(builds(), 2);
  });

  it('starts models once, when a folder has been looked at, and only where that is wanted', async () => {
    const index = (folder: string, { onScanned }: IndexHooks): FakeIndex => ({
      start(onProgress) {
        onScanned([{ path: `${folder}/a.ts`, size: 1, mtimeMs: 1 }]);
        onProgress(ready);
        onProgress(ready);
        return Promise.resolve();
      },
    });
    const { core, said } = setStage({ folders: ['/a', '/b'], index, startsModels: true });
    assert.ok(!said.includes('models start'));
    await start(core);
    assert.equal(said.filter(line => line === 'models start').length, 1);
    const alone = setStage({ folders: [], startsModels: true });
    await start(alone.core);
    assert.ok(alone.said.includes('models start'));
    const unwanted = setStage({ folders: ['/a'], index });
    await start(unwanted.core);
    assert.ok(!unwanted.said.includes('models start'));
  });

  it('tells what is missing of the models, and that their settings may have changed', async () => {
    const script = { folders: [], modelNotices: ['team: Nobody listens.'] };
    const stage = setStage(script);
    await start(stage.core);
    assert.deepEqual([stage.core.status().state, stage.core.status().message], ['degraded', 'team: Nobody listens.']);
    let changes = 0;
    stage.core.onStatus(() => changes++);
    stage.modelsChanged();
    assert.equal(changes, 1);
    stage.core.settingsChanged();
    assert.ok(stage.said.includes('models settings'));
  });

  it('is disabled when it is switched off or snoozed', () => {
    const stage = setStage({ folders: [] });
    stage.core.completer.switches.snooze(5);
    assert.equal(stage.core.status().state, 'disabled');
    stage.core.completer.switches.snooze(0);
    stage.enabled = false;
    assert.equal(stage.core.status().state, 'disabled');
  });

  it('ends everything, once, also when a part does not end well', async () => {
    const { core, said } = setStage({
      folders: ['/a', '/b'],
      index: folder => (folder === '/a' ? { close: () => Promise.reject(new Error('no')) } : {}),
    });
    await Promise.all([core.dispose(), core.dispose()]);
    assert.deepEqual(
      said.filter(line => line.startsWith('end')),
      ['end /b', 'end models', 'end recall', 'end trees', 'end shared'],
    );
  });
});
