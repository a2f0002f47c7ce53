import { parse, type ParseError } from 'jsonc-parser';
import { isRecord, type UnknownRecord } from '../base/record.js';

/** Whether a package.json would run something else than before: scripts, and what tools for hooks read from it. */
export function changesScripts(before: string | null, after: string | null): boolean {
  return differ(before, after, record => runningParts.map(name => record[name] ?? null));
}

const runningParts = [
  'scripts',
  'husky',
  'lint-staged',
  'simple-git-hooks',
  'pre-commit',
  'pre-push',
  'gypfile',
  'packageManager',
];

/** Whether a tsconfig would load other plugins: its own, or those of a file that it newly builds upon. */
export function changesTypeScriptPlugins(before: string | null, after: string | null): boolean {
  return differ(before, after, record => {
    const options = record['compilerOptions'];
    return [isRecord(options) ? (options['plugins'] ?? null) : null, record['extends'] ?? null];
  });
}

/** What cannot be read counts as changed: another reader might make more of it. */
function differ(before: string | null, after: string | null, partsOf: (record: UnknownRecord) => unknown): boolean {
  const [old, now] = [read(before), read(after)];
  if (old === null || now === null) return before !== after;
  return JSON.stringify(partsOf(old)) !== JSON.stringify(partsOf(now));
}

function read(text: string | null): UnknownRecord | null {
  if (text === null) return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  return errors.length === 0 && isRecord(value) ? value : null;
}
