/**
 * Kills an index whose chunks a model turns into vectors so many times, and holds what there is in the end to what was asked for.
 * usage: node out/test/bench/vectorKills.js [ROUNDS] [SEED]
 */
import { killEmbedding } from '../index/embed/killEmbedding.js';

const [rounds = '100', seed = '2'] = process.argv.slice(2);
const { texts, twice, finished } = await killEmbedding(Number(rounds), Number(seed), 400);
console.log(
  `${rounds} rounds, ${finished} of them after all was done: ${texts} texts, ${twice} asked for again; each chunk has its own vector`,
);
