import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCodeIndex } from '../../../index/createCodeIndex.js';
import { createStoreHost } from '../../../index/store/storeHost.js';
import { silentLog } from '../../../server/base/log.js';
import { testEntries } from './codeIndex.js';

// A small process that indexes FOLDER into CACHE, prints a line when it begins and another when all is stored, and stays.
// It is there to be killed.
const [folder = '', cacheFolder = ''] = process.argv.slice(2);
const storeProcess = new URL('out/index/storeProcess.js', pathToFileURL(`${process.cwd()}/`));
const host = createStoreHost({ storeProcess, log: silentLog });
const index = createCodeIndex({
  folder,
  cacheFolder,
  store: host.store({ databaseFolder: join(cacheFolder, 'store') }),
  entries: testEntries,
  settings: () => ({ exclude: [], maxFileKb: 1024 }),
  log: silentLog,
  watch: false,
  onScanned: () => process.stdout.write('scanned\n'),
  onFile: () => {},
});
// Whoever started this has gone when the pipe ends.
process.stdin.on('end', () => process.exit(0)).resume();
await index.start(() => {}, new AbortController().signal);
await index.settle();
process.stdout.write('done\n');
setInterval(() => readFileSync('/dev/null'), 60_000);
