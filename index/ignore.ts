import ignore, { type Ignore } from 'ignore';

/** Rules of one kind (.gitignore, .aiexclude, …) that hold in one folder: its own, and those of the folders above. */
export interface IgnoreRules {
  /** `path` and the rules' folders are relative to the same root, with `/`. */
  ignores(path: string, isFolder: boolean): boolean;
}

/** One file of rules. `folder` is where it lies, relative to the root; '' is the root itself. */
export interface RuleText {
  readonly folder: string;
  readonly text: string;
}

/**
 * Rules in the order of growing precedence, with git's semantics (gitignore(5)): the last match decides, deeper files
 * win, and what lies in an ignored folder cannot be re-included.
 * All files become one list, each pattern written as if it stood in the root's file: only so does a negation below
 * meet the pattern above that it takes back.
 */
export function createIgnoreRules(texts: readonly RuleText[], foldCase: boolean): IgnoreRules {
  const rules: Ignore = ignore({ ignorecase: foldCase, allowRelativePaths: true });
  for (const { folder, text } of texts) {
    for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
      const pattern = patternFromRoot(line, folder);
      if (pattern !== null) addPattern(rules, pattern);
    }
  }
  return { ignores: (path, isFolder) => rules.ignores(isFolder ? `${path}/` : path) };
}

function addPattern(rules: Ignore, pattern: string): void {
  try {
    rules.add(pattern);
  } catch {
    // A pattern that makes no regular expression matches nothing in git either.
  }
}

function patternFromRoot(line: string, folder: string): string | null {
  if (line === '' || line.startsWith('#') || line.trim() === '') return null;
  if (folder === '') return line;
  const negated = line.startsWith('!');
  const body = negated ? line.slice(1) : line;
  // A slash anywhere but at the end ties the pattern to the folder of its file; without one it holds at any depth below.
  const anchored = body.trimEnd().replace(/\/$/, '').includes('/');
  const base = folder.replace(/[\\*?[\]]/g, '\\$&');
  return `${negated ? '!' : ''}/${base}/${anchored ? body.replace(/^\//, '') : `**/${body}`}`;
}
