import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { silentLog } from '../../../server/base/log.js';
import { createChildCaller } from '../../../index/store/childCaller.js';
import { goodbye } from '../../../index/store/protocol.js';
import { createStoreHost, type StoreHost } from '../../../index/store/storeHost.js';
import { waitFor } from '../../support/waitFor.js';
import { batchOf, storeEntry } from './samples.js';

describe('the process of the index', () => {
  let folder: string;
  let warned: string[];
  let host: StoreHost;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-child-'));
    warned = [];
    host = createStoreHost({ storeProcess: storeEntry, log: { ...silentLog, warn: said => warned.push(said) } });
  });
  afterEach(async () => {
    await host.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told to go in the middle of something without a word of alarm', async () => {
    const entry = join(folder, 'silent.mjs');
    // It hears no question, and goes when it is told to.
    writeFileSync(entry, `process.on('message', said => said === ${JSON.stringify(goodbye)} && process.exit(0));`);
    const log = { ...silentLog, warn: (said: string) => warned.push(said) };
    const caller = createChildCaller({ entry: pathToFileURL(entry), idleMs: 60_000, log, environment: {} });
    const asked = assert.rejects(caller.call(folder, false, { method: 'known', hashes: [] }), /The index is closed/);
    await waitFor(() => caller.pid() !== null);
    await caller.dispose();
    await asked;
    assert.deepEqual(warned, []);
  });

  it('goes on when a terminal interrupts all that runs in it', async () => {
    const store = host.store({ databaseFolder: join(folder, 'database') });
    await store.open();
    const before = host.pid();
    assert.ok(before !== null);
    process.kill(before, 'SIGINT');
    await store.commit(batchOf([{ path: 'a.ts', source: 'const kept = 1;' }]));
    assert.equal(host.pid(), before);
    assert.deepEqual(warned, []);
    await store.close();
  });

  it('that dies is said, and started anew', async () => {
    const store = host.store({ databaseFolder: join(folder, 'database') });
    await store.open();
    const before = host.pid();
    assert.ok(before !== null);
    const maintained = store.maintain();
    process.kill(before, 'SIGKILL');
    await maintained;
    assert.match(warned.join(), /died with 1 calls? under way/);
    assert.notEqual(host.pid(), before);
    await store.close();
  });
});
