import type { SkipReason } from '../../index/codeIndex.js';
import { skipWords } from './skipWords.js';
import { exitCodes, type Command, type Paint } from './command.js';
import { existingFolder } from './parseCommandLine.js';
import { formatCount, formatCounted, formatMs } from './quantities.js';
import { alignColumns } from './table.js';
import { withCore } from './withCore.js';

export const indexCommand: Command = {
  name: 'index',
  usage: '[FOLDER]',
  summary: 'builds or refreshes the index of a folder',
  description: `
Reads what is new or changed in the folder and brings its index up to date. An editor does this by itself.
Files named by .gitignore and .understudyignore, binary, generated and very large files are left out.`,
  options: {},
  positionals: [0, 1],
  async run(invocation) {
    const { host, positionals } = invocation;
    const folder = positionals[0] === undefined ? invocation.folder() : existingFolder(positionals[0], host.cwd);
    return withCore(host, folder, ({ core, startMs }) => {
      const { state, message, folders } = core.status();
      const status = folders[0]?.index;
      const files = status?.indexed ?? 0;
      const chunks = status?.chunks ?? 0;
      const symbols = status?.symbols ?? 0;
      const skipped = status?.skipped ?? {};
      if (message !== '') host.stderr.write(`${message}\n`);
      // What is indexed may be used, also where something is missing: a folder may be too broad to be indexed whole.
      const isUseless = state === 'degraded' && chunks === 0;
      return Promise.resolve({
        exit: isUseless ? exitCodes.failed : exitCodes.done,
        json: { folder, files, chunks, symbols, skipped, ms: Math.round(startMs), state, message },
        text: paint =>
          [
            `${paint.bold(folder)} is indexed: ${formatCounted(files, 'file')}, ${formatCounted(chunks, 'chunk')}, ` +
              `${formatCounted(symbols, 'symbol')}, in ${formatMs(startMs)}.`,
            ...describeSkipped(skipped, paint),
            '',
          ].join('\n'),
      });
    });
  },
};

/** What was left out and why, in lines. */
export function describeSkipped(skipped: Readonly<Partial<Record<SkipReason, number>>>, paint: Paint): string[] {
  const rows = Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => [`  ${formatCount(count)}`, paint.dim(describeReason(reason))]);
  return rows.length === 0 ? [] : ['Left out:', ...alignColumns(rows, [0])];
}

function describeReason(reason: string): string {
  const words: Readonly<Record<string, string>> = skipWords;
  return words[reason] ?? reason;
}
