import { blockedBurst } from './support/blockedBurst.js';

// node out/test/index/burst.js [FILES]: changes so many files while the loop is blocked, then compares with a fresh index.
const files = Number(process.argv[2] ?? '20000');
const begin = performance.now();
await blockedBurst(files);
const seconds = Math.round((performance.now() - begin) / 1000);
process.stdout.write(
  `${files} files changed while the loop was blocked, ${seconds} s in all: equal to a fresh index.\n`,
);
process.exit(0);
