import { createPaint } from './paint.js';
import { Failure, fileFailure } from '../base/failure.js';
import { readLedger, type LedgerEntry } from '../model/ledger.js';
import { exitCodes, type Command, type Paint } from './command.js';
import { UsageError, wholeNumber } from './parseCommandLine.js';
import { formatCount, formatCounted } from './quantities.js';
import { alignColumns, cutTo } from './table.js';
import { showControls } from './terminal.js';
import { stateRootOf } from './withModels.js';

export const ledgerCommand: Command = {
  name: 'ledger',
  usage: '',
  summary: 'shows what went to which model: when, where to, of which files, and what was masked',
  description: `
One entry for each request, written before it is sent. It holds no code: names of files, ranges of lines, counts.
Tokens are those that the server counted, or an estimate where it did not say.`,
  options: {
    since: { type: 'string', value: 'WHEN', help: 'A date such as 2026-11-21, or 7d, 12h, 30m. Default: all.' },
    remote: { type: 'boolean', help: 'Only what went to other machines.' },
    limit: { type: 'string', value: 'N', short: 'n', help: 'The last so many, on a terminal. Default: 50.' },
  },
  positionals: [0, 0],
  async run(invocation) {
    const { host } = invocation;
    const sinceMs = sinceOf(invocation.option('since'), Date.now());
    const limit = wholeNumber(invocation, 'limit', 50, 1_000_000);
    const { entries, damaged } = await readOrFail(stateRootOf(host));
    const asked = entries.filter(
      ({ at, isLocal }) => Date.parse(at) >= sinceMs && !(isLocal && invocation.flag('remote')),
    );
    if (damaged > 0) {
      const paint = createPaint(host.stderr, host.env);
      host.stderr.write(paint.yellow(`${formatCounted(damaged, 'line')} of the ledger cannot be read.\n`));
    }
    return {
      exit: asked.length === 0 ? exitCodes.nothing : exitCodes.done,
      json: { entries: asked },
      text: paint => (asked.length === 0 ? 'Nothing has been sent to any model.\n' : describe(asked, limit, paint)),
    };
  },
};

async function readOrFail(stateRoot: string): ReturnType<typeof readLedger> {
  try {
    return await readLedger(stateRoot);
  } catch (error) {
    // A ledger that is not read is not an empty one.
    const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : stateRoot;
    const isInPlace = error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
    if (!isInPlace) throw fileFailure(error, path);
    throw new Failure('damaged', `The ledger cannot be read: ${path} is no folder.`, {
      remedy: 'Move away what stands in its place.',
      cause: error,
    });
  }
}

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function sinceOf(text: string | null, nowMs: number): number {
  if (text === null) return -Infinity;
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * (unitsMs[unit] ?? 0);
  // A date alone is the day of the person, not of Greenwich.
  const atMs = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text);
  if (Number.isNaN(atMs)) throw new UsageError(`--since ${text} is neither a date nor a time such as 7d.`);
  return atMs;
}

function describe(entries: readonly LedgerEntry[], limit: number, paint: Paint): string {
  const shown = entries.slice(-limit);
  const rows = shown.map(entry => [
    paint.dim(new Date(entry.at).toLocaleString('en-GB')),
    (entry.isLocal ? paint.green : paint.yellow)(showControls(entry.host)),
    showControls(entry.model),
    entry.task,
    formatCount(entry.tokens),
    describeEnd(entry),
    describeRedactions(entry),
    cutTo(describeFiles(entry), 60),
  ]);
  const head = ['when', 'where to', 'model', 'task', 'tokens', 'end', 'masked', 'files'].map(paint.bold);
  const remote = entries.filter(({ isLocal }) => !isLocal).length;
  const left = entries.length - shown.length;
  return [
    ...alignColumns([head, ...rows], [4]),
    '',
    `${formatCounted(entries.length, 'request')}, ${remote === 0 ? 'none' : formatCount(remote)} of them to other machines.` +
      (left > 0 ? ` The last ${shown.length} are shown; -n shows more.` : ''),
    '',
  ].join('\n');
}

function describeEnd({ end }: LedgerEntry): string {
  return end ?? 'unknown';
}

function describeRedactions({ redactions }: LedgerEntry): string {
  return redactions.length === 0
    ? '–'
    : showControls(redactions.map(({ kind, count }) => `${count} ${kind}`).join(', '));
}

function describeFiles({ files }: LedgerEntry): string {
  const [first, ...others] = files;
  if (first === undefined) return '–';
  const { path, range } = first;
  const lines = `${showControls(path)}:${range.start.line + 1}-${range.end.line + 1}`;
  return others.length === 0 ? lines : `${lines} and ${others.length} more`;
}
