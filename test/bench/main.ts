/**
 * All benchmarks, or those named: npm run bench -- [startup recall latency indexing memory search context edits prompt gateFast overhead typing quality].
 * Each result goes to test/bench/results/NAME.json with the machine and the date; the goals of the project stand beside it.
 */
import { spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchContext } from './context.js';
import { benchGateFast } from './gateFast.js';
import { benchLatency } from './latency.js';
import { benchMemory } from './memory.js';
import { benchModelTyping } from './modelTyping.js';
import { measureIndexing } from './indexing.js';
import { benchOverhead } from './overhead.js';
import { benchPromptOrder } from './promptOrder.js';
import { benchRecall } from './recall.js';
import { benchSearch } from './search.js';
import { measureStartup } from './startup.js';
import { benchStoreEdits } from './storeEdits.js';
import { largeWorkspace, writeResult } from './workspaces.js';

interface Goal {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  /** True where more is better. */
  readonly atLeast?: boolean;
}

interface Bench {
  readonly name: string;
  run(): Promise<{ readonly figures: unknown; readonly goals: readonly Goal[] }>;
}

const benches: readonly Bench[] = [
  {
    name: 'startup',
    async run() {
      const figures = await measureStartup();
      return {
        figures,
        goals: [{ name: 'initialize, more than a bare process, ms', value: figures.addedMs, limit: 100 }],
      };
    },
  },
  {
    name: 'recall',
    async run() {
      const figures = benchRecall();
      return {
        figures,
        goals: [
          { name: 'suggest p95 ms', value: figures.suggestMs.p95, limit: 1 },
          { name: 'suggest p99 ms', value: figures.suggestMs.p99, limit: 2 },
          { name: 'bytes per token', value: figures.bytesPerToken, limit: 36 },
        ],
      };
    },
  },
  {
    name: 'latency',
    async run() {
      const figures = await benchLatency();
      const { upTo2000Lines, around5000Lines } = figures.roundTripMs;
      const slowest = Math.max(...figures.warmStart.map(start => start.firstSuggestionMs ?? Infinity));
      return {
        figures,
        goals: [
          { name: 'round trip p95 ms, up to 2,000 lines', value: upTo2000Lines.p95, limit: 5 },
          { name: 'round trip p99 ms, up to 2,000 lines', value: upTo2000Lines.p99, limit: 30 },
          { name: 'round trip p95 ms, around 5,000 lines', value: around5000Lines.p95, limit: 15 },
          { name: 'round trip p99 ms, around 5,000 lines', value: around5000Lines.p99, limit: 30 },
          { name: 'warm start to first suggestion ms, slowest of five', value: slowest, limit: 1000 },
        ],
      };
    },
  },
  {
    name: 'indexing',
    async run() {
      const figures = await measureIndexing(largeWorkspace().folder);
      return {
        figures,
        goals: [
          { name: 'first index, times the floor of one thread', value: figures.firstIndexToFloor, limit: 1.5 },
          { name: 'save to findable p95 ms', value: figures.saveToFindableMs.p95, limit: 300 },
          { name: 'longest stall while indexing ms', value: figures.longestStallMs.firstIndex, limit: 50 },
        ],
      };
    },
  },
  {
    name: 'memory',
    async run() {
      const figures = await benchMemory();
      const { small, large } = figures;
      return {
        figures,
        goals: [
          { name: '1,000 files, 30 s after 500 completions, MB', value: small.restMb, limit: 150 },
          { name: '10,000 files, at rest, MB', value: large.restMb, limit: 600 },
          { name: '10,000 files, peak of the first index, MB', value: large.peakIndexingMb, limit: 1024 },
        ],
      };
    },
  },
  {
    name: 'search',
    async run() {
      const figures = await benchSearch();
      const { text, vector, symbol, fused } = figures.all;
      const best = Math.max(text.at5, vector.at5, symbol.at5);
      const goal = { name: 'recall@5 of the fused search over the best source', value: fused.at5, limit: best };
      return { figures, goals: [{ ...goal, atLeast: true }] };
    },
  },
  {
    name: 'context',
    async run() {
      const figures = await benchContext();
      const { small, large } = figures;
      const p99 = Math.max(small.all.p99, large.all.p99);
      const kept = Math.min(small.keptShare.key, large.keptShare.key);
      return {
        figures,
        goals: [
          { name: 'gathering under a deadline of 40 ms, p99 ms', value: p99, limit: 45 },
          { name: 'longest stall of our own p99 ms, 1,000 files', value: small.ownStallMs.p99, limit: 5 },
          { name: 'longest stall of our own p99 ms, 10,000 files', value: large.ownStallMs.p99, limit: 5 },
          { name: 'share of related and prefix that a key leaves as it was', value: kept, limit: 0.9, atLeast: true },
        ],
      };
    },
  },
  {
    name: 'edits',
    async run() {
      const figures = await benchStoreEdits(10_000, 5);
      return {
        figures,
        goals: [{ name: 'disk after 10,000 edits, times a fresh store', value: figures.ratio, limit: 3 }],
      };
    },
  },
  {
    name: 'prompt',
    async run() {
      const figures = await benchPromptOrder();
      const { p95 } = figures.ours.serverTokens;
      return { figures, goals: [{ name: 'tokens read again at each typed character, p95', value: p95, limit: 20 }] };
    },
  },
  {
    name: 'gateFast',
    async run() {
      const figures = await benchGateFast();
      return {
        figures,
        goals: [
          { name: 'at once with a key, p95 ms, up to 2,000 lines', value: figures.upTo2000Lines.all.p95, limit: 5 },
          { name: 'the same, around 5,000 lines', value: figures.around5000Lines.all.p95, limit: 15 },
          {
            name: 'when a model has answered, p95 ms, up to 2,000 lines',
            value: figures.upTo2000Lines.later.p95,
            limit: 5,
          },
          { name: 'the same, around 5,000 lines', value: figures.around5000Lines.later.p95, limit: 15 },
        ],
      };
    },
  },
  {
    name: 'overhead',
    async run() {
      const figures = await benchOverhead();
      const { all, inside } = figures;
      return {
        figures,
        goals: [
          { name: "on top of the model's own time, p95 ms", value: all.p95, limit: 30 },
          { name: 'gatherings over 45 ms, the deadline being 40, per cent', value: inside.over45Ms, limit: 1 },
        ],
      };
    },
  },
  {
    name: 'typing',
    async run() {
      const figures = await benchModelTyping();
      const { long, bursts, cancelToAnswerMs } = figures;
      const most = (values: readonly number[]): number => Math.max(...values);
      return {
        figures,
        goals: [
          { name: 'requests without an answer', value: most(long.map(run => run.unanswered)), limit: 0 },
          { name: 'suggestions for an older text', value: most(long.map(run => run.stale)), limit: 0 },
          { name: 'questions at once for one document', value: most(long.map(run => run.mostAtOnce)), limit: 1 },
          {
            name: 'memory at the end over that at the start, MB',
            value: most(long.map(run => run.memoryMb.end - run.memoryMb.start)),
            limit: 20,
          },
          {
            name: 'questions in a burst of 8 keys, the most',
            value: most(bursts.map(run => run.questionsPerBurst.most)),
            limit: 2,
          },
          ...bursts.map(({ model, addedMs }) => ({
            name: `on top of the model's time once the hands rest, p95 ms, a model that ${model}`,
            value: addedMs.p95,
            limit: 30,
          })),
          { name: 'cancelled to answered, p95 ms', value: cancelToAnswerMs.p95, limit: 5 },
        ],
      };
    },
  },
];

const wanted = process.argv.slice(2);
const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform}`;
for (const bench of benches) {
  if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
  process.stdout.write(`\n${bench.name}\n`);
  const { figures, goals } = await bench.run();
  const judged = goals.map(goal => ({
    ...goal,
    met: goal.atLeast === true ? goal.value > goal.limit : goal.value <= goal.limit,
  }));
  for (const { name, value, limit, met } of judged) {
    process.stdout.write(`  ${met ? 'met   ' : 'MISSED'}  ${name}: ${value} (goal ${limit})\n`);
  }
  writeResult(bench.name, { date: new Date().toISOString().slice(0, 10), machine, goals: judged, figures });
}
if (wanted.length === 0 || wanted.includes('quality')) {
  process.stdout.write('\nquality\n');
  // A process of its own: it takes its own options, and writes its own tables.
  const script = fileURLToPath(new URL('quality.js', import.meta.url));
  spawnSync(process.execPath, [script], { stdio: 'inherit' });
}
