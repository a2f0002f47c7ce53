import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerStart } from '../../../index/jobs.js';
import { serveJobs, type JobExtractor } from '../../../index/serveJobs.js';

// An index thread whose grammar fails in several ways, as the text says.
const wholeText = (text: string) => ({
  language: 'other',
  chunks: [
    {
      span: { startLine: 0, startColumn: 0, endLine: text.split('\n').length, endColumn: 0 },
      kind: 'text' as const,
      name: '',
      signatures: '',
      text,
    },
  ],
  symbols: [],
});

const extractor: JobExtractor = {
  extract({ text }) {
    if (text.includes('ABORT')) throw new WebAssembly.RuntimeError('Aborted()');
    if (text.includes('EXIT')) process.exit(7);
    if (text.includes('EAT')) eatMemory();
    while (text.includes('HANG'));
    return wholeText(text);
  },
  plain({ text }) {
    if (text.includes('HOPELESS')) throw new WebAssembly.RuntimeError('Aborted()');
    return wholeText(text);
  },
  references: () => [],
};

function eatMemory(): never {
  const eaten: number[][] = [];
  for (;;) eaten.push(new Array<number>(1_000_000).fill(1.5));
}

if (parentPort !== null) {
  const { progress } = workerData as WorkerStart;
  serveJobs({ port: parentPort, progress, createExtractor: () => Promise.resolve(extractor) });
}
