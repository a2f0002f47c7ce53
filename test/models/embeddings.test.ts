import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitIdentifier } from '../../index/identifiers.js';
import { silentLog } from '../../server/base/log.js';
import { resolveSettings } from '../../server/config/resolve.js';
import type { Core } from '../../server/core.js';
import { createCore, ownEntries } from '../../server/createCore.js';
import { readLedger } from '../../server/model/ledger.js';
import { createWorkspace, type TestWorkspace } from '../index/support/workspace.js';
import { waitFor } from '../support/waitFor.js';
import { startLlamaServer, type LlamaServer } from './support/llamaServer.js';
import { findModels } from './support/models.js';

const files = {
  'src/cache.ts': `export function evictOldest(entries: Map<string, Entry>): void {
  const [first] = entries.keys();
  if (first !== undefined) entries.delete(first);
}
`,
  'src/money.ts': `export function formatPrice(cents: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100);
}
`,
  'src/auth.ts': `export async function login(user: string, password: string): Promise<Session> {
  const account = await accounts.find(user);
  if (!verify(password, account.hash)) throw new Error('denied');
  return createSession(account);
}
`,
  'src/geometry.py': `def distance(a, b):
    return math.hypot(a.x - b.x, a.y - b.y)
`,
  'private/plan.ts': `export function evictTenants(house: House): void {
  house.tenants.length = 0;
}
`,
};

/** In words that the code does not have. */
const questions = [
  ['check credentials before someone signs in', 'src/auth.ts'],
  ['remove what has been there the longest', 'src/cache.ts'],
  ['show an amount of dollars', 'src/money.ts'],
  ['how far apart two points are', 'src/geometry.py'],
] as const;

describe('search with vectors of a real model', () => {
  let server: LlamaServer;
  let workspace: TestWorkspace;
  let folder: string;
  let core: Core | null = null;

  before(async () => {
    const { miniLm } = await findModels();
    server = await startLlamaServer({ model: miniLm, args: ['--embeddings'] });
    workspace = createWorkspace(files);
    folder = await mkdtemp(join(tmpdir(), 'understudy-embeddings-'));
  });
  afterEach(async () => {
    await core?.dispose();
    core = null;
  });
  after(async () => {
    await server.stop();
    workspace.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds by meaning what it does not find by words, and keeps a ledger of what was read', async () => {
    for (const [question, path] of questions) assertNoCommonWord(question, files[path]);
    const without = await start([]);
    const byWords = await firstOf(without);
    assert.equal(without.status().folders[0]?.index.vectors, undefined);
    await without.dispose();

    core = await start(['vectors']);
    await waitFor(() => {
      const { done = 0, all = 1 } = core?.status().folders[0]?.index.vectors ?? {};
      return done > 0 && done === all;
    }, 60_000);
    const wanted = questions.map(([, path]) => path);
    assert.deepEqual(await firstOf(core), wanted);
    assert.notDeepEqual(byWords, wanted);
    assert.match(core.status().folders[0]?.index.vectors?.model ?? '', /^vectors\//);

    const entries = (await readLedger(folder)).entries.filter(({ task }) => task === 'embed');
    const read = new Set(entries.flatMap(entry => entry.files.map(file => file.path)));
    const indexed = Object.keys(files).filter(path => !path.startsWith('private/'));
    for (const path of indexed)
      assert.ok(
        [...read].some(each => each.endsWith(path)),
        `${path} is in the ledger`,
      );
    assert.ok(![...read].some(path => path.includes('private')));
  });

  it('goes on without the model when its server ends, and with it when it is back', async () => {
    core = await start(['vectors']);
    await waitFor(() => core?.status().folders[0]?.index.vectors !== undefined, 60_000);
    await server.kill();
    const started = performance.now();
    const [hit] = await core.search('formatPrice', { limit: 1, patienceMs: 1000 }, never);
    assert.equal(hit?.path, 'src/money.ts');
    assert.ok(performance.now() - started < 20_000);
    const { miniLm } = await findModels();
    server = await startLlamaServer({ model: miniLm, args: ['--embeddings'], port: server.port });
    await core.models.refresh(never);
    const again = core;
    await waitFor(async () => (await firstOf(again)).join() === questions.map(([, path]) => path).join(), 60_000);
  });

  async function start(embed: readonly string[]): Promise<Core> {
    const { settings, problems } = resolveSettings([
      {
        kind: 'user',
        name: 'test',
        values: {
          backends: { vectors: { kind: 'llamacpp', url: server.url } },
          tasks: { embed, discover: false },
          privacy: { exclude: ['private/'] },
        },
      },
    ]);
    assert.deepEqual(problems, []);
    const made = createCore({
      folders: [workspace.folder],
      entries: ownEntries(),
      settings: () => settings,
      cacheRoot: join(folder, 'cache'),
      stateRoot: folder,
      env: {},
      log: silentLog,
      watch: true,
    });
    await made.start(() => {}, never);
    return made;
  }
});

const never = new AbortController().signal;

async function firstOf(core: Core): Promise<(string | null)[]> {
  const paths: (string | null)[] = [];
  for (const [question] of questions)
    paths.push((await core.search(question, { limit: 1, patienceMs: 10_000 }, never))[0]?.path ?? null);
  return paths;
}

function assertNoCommonWord(question: string, code: string): void {
  const words = new Set((code.match(/\w+/g) ?? []).flatMap(word => splitIdentifier(word)));
  for (const word of question.split(' ')) if (word.length > 3) assert.ok(!words.has(word), `${word} is in the code`);
}
