import { basename } from 'node:path';
import type { Finding, SourceFile } from './validator.js';

const manifests =
  /^(?:package\.json|go\.mod|Cargo\.toml|pyproject\.toml|requirements[\w.-]*\.(?:txt|in)|setup\.(?:py|cfg)|Pipfile|pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml)$/;

/**
 * Whether the package that a finding misses is named by a manifest of the same change: who adds a dependency adds its import
 * with it, and validators read manifests as they are on disk.
 */
export function isDeclaredBy(files: readonly SourceFile[]): (finding: Finding, file: SourceFile) => boolean {
  const words = new Set(
    files
      .filter(({ path }) => manifests.test(basename(path)))
      .flatMap(({ text }) => text.split(/[\s"'`,;=<>~^()[\]{}|!@#:]+/))
      .filter(word => word.length > 1)
      .map(normalise),
  );
  return ({ rule, start, end }, { text }) => {
    if (words.size === 0 || rule !== 'names/unknown-package') return false;
    const name = normalise(text.slice(start, end).replace(/^["'`]|["'`]$/g, ''));
    return [...beginningsOf(name)].some(beginning => words.has(beginning) || words.has(`py${beginning}`));
  };
}

/** A path and each of its folders; a dotted name and each that holds it. */
function* beginningsOf(name: string): Generator<string> {
  yield name;
  for (let at = name.length - 1; at > 0; at--) {
    if (name[at] === '/' || name[at] === '-' || name[at] === ':') yield name.slice(0, at);
  }
}

/** Registries tell names apart by neither case nor `-`, `_` and `.`; `/` stays. */
function normalise(name: string): string {
  return name
    .toLowerCase()
    .replace(/^@/, '')
    .replace(/[._]+|::/g, '-');
}
