import { parentPort, workerData } from 'node:worker_threads';
import { createExtractor } from './extract.js';
import type { WorkerStart } from './jobs.js';
import { serveJobs } from './serveJobs.js';

// A worker_threads entry: started by the pool only, with WorkerStart as its data.
if (parentPort !== null) {
  const { wasmFolder, queryFolder, progress } = workerData as WorkerStart;
  serveJobs({
    port: parentPort,
    progress,
    createExtractor: () => createExtractor({ wasmFolder: new URL(wasmFolder), queryFolder: new URL(queryFolder) }),
  });
}
