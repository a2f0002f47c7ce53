import { createStoreHost } from '../../../index/store/storeHost.js';
import { silentLog } from '../../../server/base/log.js';
import { historyBatch } from './history.js';
import { storeEntry } from './samples.js';

// A server that does nothing but write, until it is killed: `folder firstBatch`. Tells each batch that is committed.
const [databaseFolder = '', first = '0'] = process.argv.slice(2);
const host = createStoreHost({ storeProcess: storeEntry, log: silentLog });
const store = host.store({ databaseFolder });
await store.open();
process.stdout.write(`pid ${host.pid() ?? 0}\n`);
for (let number = Number(first); ; number += 1) {
  await store.commit(historyBatch(number));
  process.stdout.write(`committed ${number}\n`);
  if (number % 7 === 6) await store.maintain();
}
