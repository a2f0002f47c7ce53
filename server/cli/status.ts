import { existsSync } from 'node:fs';
import { planScan } from '../../index/plan.js';
import type { Scan } from '../../index/scan.js';
import { readSkippedFiles } from '../../index/skippedFiles.js';
import type { SkipReason } from '../../index/codeIndex.js';
import type { ModelCounts } from '../../index/chunkVectors.js';
import type { Opening } from '../../index/store.js';
import { createStoreHost } from '../../index/store/storeHost.js';
import { Failure } from '../base/failure.js';
import { silentLog } from '../base/log.js';
import { pathToUri } from '../base/paths.js';
import { isRecord } from '../base/record.js';
import { resolveSettings } from '../config/resolve.js';
import { schema, settingNames, type Settings } from '../config/schema.js';
import { bytesOf, cacheOf, databaseFolderOf, holderOf, lastWritten, type Cache } from './cache.js';
import { exitCodes, type Command, type CommandHost, type Paint } from './command.js';
import { describeSkipped } from './indexCommand.js';
import { formatBytes, formatCount, formatCounted } from './quantities.js';
import { scanWorkspace } from './scanWorkspace.js';
import type { ModelsStatus, Spending } from '../model/models.js';
import { loadSettings, type LoadedSettings } from './settings.js';
import { alignColumns } from './table.js';
import { showBreaks } from './terminal.js';
import { describeTrust, trustOf } from './trust.js';
import { withModels } from './withModels.js';
import type { TrustState } from '../trust/trust.js';

export const statusCommand: Command = {
  name: 'status',
  usage: '',
  summary: 'shows the index of a folder, models and budget, and the settings in force with where they come from',
  description: `
Looks only: nothing is indexed, and no code is sent; models are asked what they are. What an editor's own session is doing, its status command or indicator tells.`,
  options: {},
  positionals: [0, 0],
  async run(invocation) {
    const { host } = invocation;
    const folder = invocation.folder();
    const loaded = await loadSettings(host, folder);
    const [state, models] = await Promise.all([
      lookAt(folder, loaded.settings, host),
      withModels(host, folder, lent => Promise.resolve(lent.models.status())),
    ]);
    const trust = trustOf(host, loaded.settings).stateOf(folder);
    return {
      exit: exitCodes.done,
      json: { ...statusDocument(state, models, loaded), trust },
      text: paint => describe(state, trust, models, loaded, paint),
    };
  },
};

interface State {
  readonly cache: Cache;
  readonly folder: string;
  readonly exists: boolean;
  readonly files: number;
  readonly indexed: number;
  readonly pending: number;
  readonly counts: Opening['counts'];
  /** How far models are with vectors of all chunks. */
  readonly vectors: readonly ModelCounts[];
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly bytes: number;
  readonly writtenAt: Date | null;
  readonly holder: number | null;
  /** What is wrong with the index, or null. */
  readonly trouble: string | null;
}

async function lookAt(folder: string, settings: Settings, host: CommandHost): Promise<State> {
  const cache = cacheOf(host, folder);
  const found = scanWorkspace(folder, settings);
  const exists = existsSync(databaseFolderOf(cache));
  const holder = await holderOf(cache);
  const { opening, vectors, trouble } = exists
    ? await openStored(cache, host)
    : { opening: null, vectors: [], trouble: null };
  const left = readSkippedFiles(cache.path);
  const known = [...(opening?.files ?? []), ...left];
  const { toRead } = planScan(new Map(known.map(file => [file.path, file])), found.files);
  return {
    cache,
    folder,
    exists,
    files: found.files.length,
    indexed: opening?.files.length ?? 0,
    pending: toRead.length,
    counts: opening?.counts ?? { chunks: 0, symbols: 0 },
    vectors,
    skipped: countSkipped(found, left),
    bytes: bytesOf(cache),
    writtenAt: lastWritten(cache),
    holder,
    trouble,
  };
}

/** Only reads when an editor has the index open. */
async function openStored(
  cache: Cache,
  host: CommandHost,
): Promise<Pick<State, 'vectors' | 'trouble'> & { readonly opening: Opening | null }> {
  const storeHost = createStoreHost({ storeProcess: host.entries.storeProcess, log: silentLog });
  try {
    const store = storeHost.store({ databaseFolder: databaseFolderOf(cache) });
    try {
      const opening = await store.open();
      return { opening, vectors: (await store.vectors?.counts()) ?? [], trouble: null };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof Failure)
      return { opening: null, vectors: [], trouble: `${error.message} ${error.remedy ?? ''}`.trimEnd() };
    throw error;
  } finally {
    await storeHost.dispose();
  }
}

function countSkipped(
  found: Scan,
  left: readonly { readonly reason: SkipReason }[],
): Readonly<Partial<Record<SkipReason, number>>> {
  const counts: Partial<Record<SkipReason, number>> = { ...found.skipped };
  for (const { reason } of left) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

function stateOf({ trouble }: State, settings: Settings): 'ready' | 'degraded' | 'disabled' {
  if (trouble !== null) return 'degraded';
  return settings.inline.enabled ? 'ready' : 'disabled';
}

function messageOf({ exists, pending, holder, trouble }: State): string {
  if (trouble !== null) return trouble;
  if (!exists) return 'This folder has not been indexed yet: open it in an editor, or run understudy index.';
  const open = holder === null ? '' : `Process ${holder} keeps the index up to date. `;
  return pending === 0 ? open.trimEnd() : `${open}${formatCounted(pending, 'file')} changed since it was last written.`;
}

function statusDocument(
  state: State,
  { backends, budget, tasks, notices }: ModelsStatus,
  { settings, problems, layers }: LoadedSettings,
): object {
  const { folder, files, indexed, pending, skipped, cache, bytes, writtenAt, holder } = state;
  return {
    state: stateOf(state, settings),
    message: [messageOf(state), ...notices].filter(sentence => sentence !== '').join(' '),
    folders: [{ uri: pathToUri(folder), files, indexed, pending, skipped, ...state.counts, vectors: state.vectors }],
    backends: backends.map(({ models: _, ...backend }) => backend),
    budget,
    tasks,
    reasons: {},
    cache: { path: cache.path, bytes, writtenAt: writtenAt?.toISOString() ?? null, pid: holder },
    settings,
    settingsFrom: Object.fromEntries(settingsThatAreSet(layers).map(({ name, from }) => [name, from])),
    problems,
  };
}

function describe(state: State, trust: TrustState, models: ModelsStatus, loaded: LoadedSettings, paint: Paint): string {
  const { folder, exists, files, indexed, pending, counts, vectors, cache, bytes, writtenAt } = state;
  const message = messageOf(state);
  const rows = exists
    ? [
        ['files', `${formatCount(indexed)} indexed of ${formatCount(files)}, ${formatCount(pending)} to be read`],
        ['chunks', formatCount(counts.chunks)],
        ['symbols', formatCount(counts.symbols)],
        ...vectors.map(({ model, done, all }) => [
          'vectors',
          `${formatCount(done)} of ${formatCount(all)} chunks, by ${model}`,
        ]),
        ['cache', `${cache.path}, ${formatBytes(bytes)}`],
        ['written', writtenAt?.toLocaleString('en-GB') ?? 'never'],
      ]
    : [['files', `${formatCount(files)} to be read`]];
  return [
    paint.bold(folder),
    ...alignColumns(rows.map(([name = '', value = '']) => [`  ${name}`, value])),
    ...(message === '' ? [] : [`  ${state.trouble === null ? message : paint.yellow(message)}`]),
    ...describeSkipped(state.skipped, paint),
    '',
    paint.bold('Trust'),
    `  ${describeTrust(trust, paint)}`,
    '',
    ...describeModels(models, paint),
    '',
    ...describeSettings(loaded, paint),
    '',
  ]
    .map(showBreaks)
    .join('\n');
}

function describeModels({ backends, budget, tasks, notices }: ModelsStatus, paint: Paint): string[] {
  const rows = backends.map(({ name, host, model, state, why }) => [
    `  ${name}`,
    host,
    model ?? '–',
    state === 'ready' ? paint.green(state) : paint.yellow(state),
    why,
  ]);
  return [
    paint.bold('Models'),
    ...(rows.length === 0 ? ['  None; suggestions come from your code alone.'] : alignColumns(rows)),
    `  Completions: ${tasks.inline.join(' → ')}`,
    ...describeSpending('today', budget.daily, paint),
    ...describeSpending('this month', budget.monthly, paint),
    ...notices
      .filter(notice => !backends.some(({ why }) => why !== '' && notice.endsWith(why)))
      .map(notice => `  ${paint.yellow(notice)}`),
  ];
}

/** Nothing where nothing goes to other machines and nobody set a limit. */
function describeSpending(
  when: string,
  { tokens, usd, limitTokens, limitUsd, state }: Spending,
  paint: Paint,
): string[] {
  if (tokens === 0 && limitTokens === null && limitUsd === null) return [];
  const money = usd === null ? 'at a price that is not known' : `${usd.toFixed(4)} US dollars`;
  const limits = [
    ...(limitTokens === null ? [] : [`${formatCount(limitTokens)} tokens`]),
    ...(limitUsd === null ? [] : [`${limitUsd} US dollars`]),
  ];
  const used = `  To other machines ${when}: ${formatCounted(tokens, 'token')}, ${money}${limits.length === 0 ? '' : `, of ${limits.join(', ')}`}`;
  return [state === 'within' ? used : paint.yellow(`${used}: ${state === 'warned' ? 'nearly used up' : 'used up'}`)];
}

function describeSettings({ settings, problems, layers }: LoadedSettings, paint: Paint): string[] {
  const set = settingsThatAreSet(layers);
  const inForce = resolvedValues(settings);
  const rows = set.map(({ name, from }) => [`  ${name}`, JSON.stringify(inForce.get(name)), paint.dim(from)]);
  const files = layers.map(({ name, values }) => `  ${paint.dim(values === null ? 'not there' : 'read')}  ${name}`);
  return [
    paint.bold('Settings'),
    ...(rows.length === 0 ? ['  All as they come; README.md has the list.'] : alignColumns(rows)),
    ...problems.map(problem => `  ${paint.yellow(problem)}`),
    ...files,
  ];
}

/** What some file says, and the last one that says it with effect. */
function settingsThatAreSet(layers: LoadedSettings['layers']): { readonly name: string; readonly from: string }[] {
  const defaults = resolvedValues(resolveSettings([]).settings);
  const all = resolvedValues(resolveSettings(layers).settings);
  return settingNames.flatMap(name => {
    if (JSON.stringify(all.get(name)) === JSON.stringify(defaults.get(name))) return [];
    const from = layers.filter(({ values }) => mentions(values, name)).at(-1)?.name ?? 'default';
    return [{ name, from }];
  });
}

function mentions(values: unknown, name: string): boolean {
  if (!isRecord(values)) return false;
  const own = isRecord(values['understudy']) ? values['understudy'] : values;
  const [section = '', short = ''] = name.split('.');
  const group = own[section];
  return name in own || (isRecord(group) && short in group);
}

function resolvedValues(settings: Settings): ReadonlyMap<string, unknown> {
  const sections: Readonly<Record<string, unknown>> = settings;
  return new Map(
    Object.keys(schema).map(name => {
      const [section = '', short = ''] = name.split('.');
      const group = sections[section];
      return [name, isRecord(group) ? group[short] : undefined] as const;
    }),
  );
}
