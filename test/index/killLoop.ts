import { killIndexing } from './support/killIndexing.js';

// node out/test/index/killLoop.js [ROUNDS] [SEED]: kills an indexing process so many times, then compares with a fresh index.
const [rounds = '100', seed = '1'] = process.argv.slice(2);
const begin = performance.now();
const { finished } = await killIndexing(Number(rounds), Number(seed), 900);
const seconds = Math.round((performance.now() - begin) / 1000);
process.stdout.write(
  `${rounds} kills, ${finished} of them after all was done, in ${seconds} s: equal to a fresh index.\n`,
);
