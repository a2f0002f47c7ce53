import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { silentLog } from '../../server/base/log.js';
import { pathToUri } from '../../server/base/paths.js';
import type { DocSnapshot } from '../../server/base/snapshot.js';
import { resolveSettings } from '../../server/config/resolve.js';
import type { Core } from '../../server/core.js';
import { createCore, ownEntries } from '../../server/createCore.js';
import type { ModelServer } from '../support/modelServer.js';
import { percentiles, type Percentiles } from './percentiles.js';
import { languageIdOf } from './typing.js';

/** What of our time goes where, seen from within: the same parts in this process. */
export interface OverheadInside {
  /** What the model gets to see, under a deadline of 40 ms. */
  readonly gatherMs: Percentiles;
  readonly deadlineMs: number;
  /** In per cent of all gatherings. */
  readonly over40Ms: number;
  readonly over45Ms: number;
  /** By source: how long it took where it was in time, and how often it was not. */
  readonly sources: Readonly<Record<string, Percentiles & { readonly late: number }>>;
  /** From the prompt to its arrival at the model's server: rules, redaction, budget, ledger, queue, HTTP. */
  readonly gatewayMs: Percentiles;
}

export interface PlacesOfFile {
  readonly path: string;
  /** Lines from 0 that are empty but for their indentation, and are asked about. */
  readonly lines: readonly number[];
  readonly text: string;
}

const deadlineMs = 40;
const restMs = 250;

/** `home` has the index that a server has left. */
export async function benchInside(
  folder: string,
  home: string,
  values: unknown,
  model: ModelServer,
  files: readonly PlacesOfFile[],
): Promise<OverheadInside> {
  const { settings } = resolveSettings([{ name: 'the benchmark', kind: 'user', values }]);
  const never = new AbortController().signal;
  const core = createCore({
    folders: [folder],
    entries: ownEntries(),
    settings: () => settings,
    cacheRoot: join(home, 'cache', 'understudy'),
    stateRoot: join(home, 'state', 'understudy'),
    env: {},
    log: silentLog,
    watch: false,
  });
  const run: Run = { gather: [], gateway: [], sources: new Map() };
  try {
    await core.start(() => {}, never);
    await core.models.start(never);
    for (const file of files.slice(0, 3))
      await askIn(core, model, file, { gather: [], gateway: [], sources: new Map() });
    for (const file of files) await askIn(core, model, file, run);
  } finally {
    await core.dispose();
  }
  const over = (ms: number): number =>
    Number(((100 * run.gather.filter(taken => taken > ms).length) / Math.max(1, run.gather.length)).toFixed(1));
  return {
    gatherMs: percentiles(run.gather),
    deadlineMs,
    over40Ms: over(40),
    over45Ms: over(45),
    sources: Object.fromEntries([...run.sources].map(([name, { ms, late }]) => [name, { ...percentiles(ms), late }])),
    gatewayMs: percentiles(run.gateway),
  };
}

interface Run {
  readonly gather: number[];
  readonly gateway: number[];
  readonly sources: Map<string, { readonly ms: number[]; late: number }>;
}

async function askIn(core: Core, model: ModelServer, { path, lines, text }: PlacesOfFile, run: Run): Promise<void> {
  const snapshot: DocSnapshot = { uri: pathToUri(path), path, languageId: languageIdOf(path), version: 1, text };
  core.open(snapshot);
  await pause(restMs);
  const starts = text.split('\n');
  for (const line of lines) {
    const offset = starts.slice(0, line + 1).reduce((sum, each) => sum + each.length + 1, -1);
    const serving = core.models.serving('inline', snapshot.languageId, path);
    if ('reason' in serving) throw new Error(`No model serves: ${serving.why}`);
    const signal = new AbortController().signal;
    const startedAt = performance.now();
    const { prompt, sources } = await core.context.gather(
      { snapshot, offset, budgetTokens: serving.promptTokens, deadlineMs },
      signal,
    );
    const gatheredAt = performance.now();
    run.gather.push(gatheredAt - startedAt);
    for (const { name, ms, late } of sources) {
      const own = run.sources.get(name) ?? { ms: [], late: 0 };
      run.sources.set(name, own);
      if (late) own.late++;
      else own.ms.push(ms);
    }
    const asked = model.asked.length;
    const { text: answer } = await core.models.fillIn({ prompt, isSpeculative: false }, signal);
    const request = model.asked[asked];
    if (request !== undefined) run.gateway.push(request.at - gatheredAt);
    for await (const _ of answer) break;
    await pause(restMs);
  }
  core.close(snapshot.uri);
}
