/**
 * Kills a writing server so many times, and holds the store to what it had told.
 * usage: node out/test/bench/storeKills.js [ROUNDS] [SEED]
 */
import { killRounds } from '../index/store/killRounds.js';

const [rounds = '100', seed = '2'] = process.argv.slice(2);
await killRounds(Number(rounds), Number(seed));
console.log(`${rounds} kills: each time all batches told, and all or nothing of the next`);
