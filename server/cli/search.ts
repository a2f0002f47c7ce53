import { join } from 'node:path';
import type { SearchHit } from '../../index/codeIndex.js';
import { exitCodes, type Command, type Paint } from './command.js';
import { UsageError, wholeNumber } from './parseCommandLine.js';
import { formatMs } from './quantities.js';
import { cutTo } from './table.js';
import { showControls } from './terminal.js';
import { withCore } from './withCore.js';
import { escapeRegExp } from '../base/escapeRegExp.js';

export const searchCommand: Command = {
  name: 'search',
  usage: 'QUERY…',
  summary: 'finds code by words, names or what it is about',
  description: `
Fuses three rankings: full text, vectors of sub-words, and names of symbols; and a fourth, vectors of a model, where tasks.embed names one and an editor's session has made them.
The words of the query may stand for themselves: understudy search read settings file`,
  options: {
    limit: { type: 'string', value: 'N', short: 'n', help: 'Most hits. Default: 10.' },
    full: { type: 'boolean', help: 'The whole of each hit, not its first lines.' },
  },
  positionals: [1, 100],
  async run(invocation) {
    const { host } = invocation;
    const query = invocation.positionals.join(' ').trim();
    if (query === '') throw new UsageError('The query is empty.');
    const limit = wholeNumber(invocation, 'limit', 10, 200);
    return withCore(host, invocation.folder(), async ({ core, settings }) => {
      if ((settings.tasks.embed ?? []).length > 0) await core.models.start(host.signal);
      const startedMs = performance.now();
      const hits = await core.search(query, { limit, patienceMs }, host.signal);
      const ms = performance.now() - startedMs;
      const { message } = core.status();
      if (message !== '') host.stderr.write(`${message}\n`);
      return {
        exit: hits.length === 0 ? exitCodes.nothing : exitCodes.done,
        json: { results: hits.map(searchResult) },
        text: paint =>
          hits.length === 0
            ? `Nothing found for ${query}.\n`
            : `${hits.map(hit => describeHit(hit, query, invocation.flag('full'), paint)).join('\n')}\n` +
              paint.dim(`${hits.length} of the best, in ${formatMs(ms)}\n`),
      };
    });
  },
};

/** One hit as the contract writes it: an absolute path and an LSP range. */
function searchResult({ folder, path, span, kind, name, score, text }: SearchHit): object {
  return {
    path: join(folder, path),
    range: {
      start: { line: span.startLine, character: span.startColumn },
      end: { line: span.endLine, character: span.endColumn },
    },
    kind,
    name,
    score,
    text,
  };
}

/** For a model to read the query; one that has to be loaded takes longer. */
const patienceMs = 3000;
const excerptLines = 4;

function describeHit(hit: SearchHit, query: string, full: boolean, paint: Paint): string {
  const lines = hit.text.replace(/\s+$/, '').split(/\r\n?|\n/);
  const first = full ? 0 : firstTelling(lines, query);
  const shown = full ? lines : lines.slice(first, first + excerptLines);
  const head = `${paint.cyan(showControls(hit.path))}:${paint.green(String(hit.span.startLine + first + 1))}`;
  const title = hit.name === '' ? '' : `  ${paint.bold(hit.name)} ${paint.dim(hit.kind)}`;
  const indent = commonIndent(shown);
  const body = shown.map(line =>
    `    ${highlight(cutTo(line.slice(indent), paint.columns - 5), query, paint)}`.trimEnd(),
  );
  const left = lines.length - first - shown.length;
  return [head + title, ...body, ...(left > 0 && !full ? [paint.dim(`    … ${left} more`)] : []), ''].join('\n');
}

/** Where an excerpt begins: at the first line with most of the words asked for. */
function firstTelling(lines: readonly string[], query: string): number {
  const words = wordsOf(query);
  let best = { at: lines.findIndex(line => line.trim() !== ''), count: 0 };
  for (const [at, line] of lines.entries()) {
    const count = words.filter(word => line.toLowerCase().includes(word)).length;
    if (count > best.count) best = { at, count };
  }
  return Math.max(0, Math.min(best.at, lines.length - excerptLines));
}

function highlight(line: string, query: string, paint: Paint): string {
  const words = wordsOf(query).map(escapeRegExp);
  return words.length === 0 ? line : line.replace(new RegExp(words.join('|'), 'gi'), found => paint.yellow(found));
}

function wordsOf(query: string): string[] {
  return [...new Set(query.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [])];
}

function commonIndent(lines: readonly string[]): number {
  const indents = lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length);
  return indents.length === 0 ? 0 : Math.min(...indents);
}
