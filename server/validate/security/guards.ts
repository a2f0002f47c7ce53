import { functionAt, type Program } from './program.js';

/**
 * Whether a function looks at a name, above the place of its use, in a way that people check a value with: is it one of a list,
 * does it match a pattern, is it made of digits. That the check is a good one is taken for granted.
 */
export function guards(program: Program, name: string, at: number): boolean {
  const scope = functionAt(program, at);
  if (scope === null || scope.parent === null) return false;
  const before = withoutProse(program.text.slice(Math.max(scope.start, at - 4000), at), program.language);
  const escaped = name.replace(/[$]/g, '\\$&');
  return new RegExp(
    [
      // Python, but not the head of a loop.
      `(?<!for )(?<![\\w.])${escaped}(?:\\.\\w+\\(\\))?\\s+(?:not\\s+)?in\\s+[\\w.({[]`,
      `\\b(?:includes|has|contains|containsKey|test|fullmatch|match|matches|MatchString|indexOf|hasOwnProperty|isValid\\w*|validate\\w*|is_valid\\w*|check\\w*|assert\\w*|ensure\\w*|isInteger|isSafe\\w*|is_safe\\w*)\\((?:[^()\\n]{0,60}[,\\s])?${escaped}\\s*[,)]`,
      `(?<![\\w.])${escaped}\\.(?:isdigit|isnumeric|isdecimal|isalnum|isidentifier|isalpha|match|matches|fullmatch)\\(`,
      `\\bisinstance\\(${escaped},\\s*(?:int|float|bool|\\((?:int|float|bool|,|\\s)+\\))`,
      `\\btypeof ${escaped}\\s*[!=]==?\\s*["'](?:number|boolean|function)`,
      `(?<![\\w.])${escaped}\\s*(?:===?|!==?)\\s*["'][^"'\\n]+["']`,
      `\\bswitch\\s*\\(${escaped}\\)|\\bmatch ${escaped}:`,
      `[\\w)]\\[${escaped}\\]\\s*(?:===?|!==?)|\\b${escaped} in [A-Z]`,
    ].join('|'),
  ).test(before);
}

/** Comments and docstrings speak of names too. */
function withoutProse(text: string, language: Program['language']): string {
  return language === 'python'
    ? text.replace(/"""[\s\S]*?"""|'''[\s\S]*?'''|#[^\n]*/g, '')
    : text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, '');
}
