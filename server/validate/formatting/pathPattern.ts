import { createIgnoreRules } from '../../../index/ignore.js';

/**
 * Whether a path matches one of the patterns that formatters' settings name files by: `*`, `**`, `?`, `[…]` and `{a,b}`, and without
 * a slash the name alone. `path` is relative to the folder of the settings, with `/`.
 */
export function matchesPattern(path: string, patterns: readonly string[]): boolean {
  const texts = patterns.flatMap(expandBraces).map(pattern => pattern.replace(/^\.\//, ''));
  return createIgnoreRules([{ folder: '', text: texts.join('\n') }], false).ignores(path, false);
}

const mostAlternatives = 200;

function expandBraces(pattern: string): readonly string[] {
  let patterns: readonly string[] = [pattern];
  while (patterns.some(one => innermost.test(one)) && patterns.length < mostAlternatives) {
    patterns = patterns.flatMap(one => {
      const found = innermost.exec(one);
      if (found === null) return [one];
      const [whole, inside = ''] = found;
      const choices = range(inside) ?? inside.split(',');
      return choices.map(choice => one.slice(0, found.index) + choice + one.slice(found.index + whole.length));
    });
  }
  return patterns;
}

const innermost = /\{([^{}]*(?:,|\.\.)[^{}]*)\}/;

function range(text: string): readonly string[] | null {
  const found = /^(-?\d+)\.\.(-?\d+)$/.exec(text);
  if (found === null) return null;
  const [first, last] = [Number(found[1]), Number(found[2])];
  return Array.from({ length: Math.min(Math.max(last - first + 1, 0), mostAlternatives) }, (_, at) =>
    String(first + at),
  );
}
