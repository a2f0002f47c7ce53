import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCodeIndex } from '../../../index/createCodeIndex.js';
import { createStoreHost } from '../../../index/store/storeHost.js';
import { silentLog } from '../../../server/base/log.js';
import { storeEntry } from '../store/samples.js';
import { testEntries } from '../support/codeIndex.js';
import { answerByMeaning, createScriptedEmbedder } from './scriptedEmbedder.js';

// Indexes FOLDER into CACHE with a model for vectors, of the id MODEL. Writes each text that the model is asked for into LOG,
// prints a line with the store's process when the first is asked for and another when all is done, and stays.
// It is there to be killed.
const [folder = '', cacheFolder = '', model = '', log = ''] = process.argv.slice(2);
const host = createStoreHost({ storeProcess: storeEntry, log: silentLog });
const embedder = createScriptedEmbedder(model, async texts => {
  if (embedder.requests.length === 1) process.stdout.write(`asked ${host.pid() ?? 0}\n`);
  for (const { text } of texts) appendFileSync(log, `${JSON.stringify(text)}\n`);
  await new Promise(resolve => setTimeout(resolve, 5));
  return answerByMeaning(texts);
});
const index = createCodeIndex({
  folder,
  cacheFolder,
  store: host.store({ databaseFolder: join(cacheFolder, 'store') }),
  entries: testEntries,
  settings: () => ({ exclude: [], maxFileKb: 1024 }),
  log: silentLog,
  watch: false,
  embedder: () => embedder,
  timing: { restMs: 0, lookMs: 5, modelRetryMs: 5 },
  onScanned: () => {},
  onFile: () => {},
});
// Whoever started this has gone when the pipe ends.
process.stdin.on('end', () => process.exit(0)).resume();
await index.start(() => {}, new AbortController().signal);
const looking = setInterval(() => {
  const { vectors, state } = index.status();
  if (state !== 'ready' || vectors === undefined || vectors.all === 0 || vectors.done < vectors.all) return;
  clearInterval(looking);
  process.stdout.write('done\n');
}, 5);
