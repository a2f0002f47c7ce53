/**
 * Whether what stands at a place may fail on purpose: inside a `try` that catches one of these errors, or in the branch that
 * is taken when it did. Read by indentation, which is what Python goes by.
 */
export function mayFail(text: string, offset: number, errors: RegExp): boolean {
  const lines = text.split(/\r\n|\r|\n/);
  let line = text.slice(0, offset).split(/\r\n|\r|\n/).length - 1;
  let indent = indentOf(lines[line] ?? '');
  while (line > 0 && indent > 0) {
    line--;
    const above = lines[line] ?? '';
    if (!isCode(above) || indentOf(above) >= indent) continue;
    indent = indentOf(above);
    const opener = above.trim();
    if (/^try\s*:/.test(opener) && catches(lines, line, indent, errors)) return true;
    if (/^except\b/.test(opener) && (errors.test(opener) || /^except\s*:/.test(opener))) return true;
    if (/^\)\s*(?:as\s+\w+\s*)?:/.test(opener) && errors.test(clauseAbove(lines, line, indent))) return true;
    if (/^else\s*:/.test(opener) && catchesAbove(lines, line, indent, errors)) return true;
    if (/^with\b.*\bsuppress\s*\(/.test(opener) && errors.test(opener)) return true;
  }
  return false;
}

/** A list of errors over several lines, which ends in this one. */
function clauseAbove(lines: readonly string[], line: number, indent: number): string {
  for (let from = line - 1; from >= Math.max(0, line - 10); from--) {
    const text = lines[from] ?? '';
    if (indentOf(text) === indent && /^\s*except\b/.test(text)) return lines.slice(from, line).join(' ');
  }
  return '';
}

function catches(lines: readonly string[], from: number, indent: number, errors: RegExp): boolean {
  for (let line = from + 1; line < lines.length; line++) {
    const text = lines[line] ?? '';
    if (!isCode(text) || indentOf(text) > indent) continue;
    const trimmed = text.trim();
    if (trimmed.startsWith(')')) continue;
    if (indentOf(text) < indent || !/^(?:except|else|finally)\b/.test(trimmed)) return false;
    // A list of errors may go on over several lines.
    const clause = trimmed.endsWith(':') ? trimmed : lines.slice(line, line + 5).join(' ');
    if (trimmed.startsWith('except') && (errors.test(clause) || /^except\s*:/.test(trimmed))) return true;
  }
  return false;
}

function catchesAbove(lines: readonly string[], from: number, indent: number, errors: RegExp): boolean {
  for (let line = from - 1; line >= 0; line--) {
    const text = lines[line] ?? '';
    if (!isCode(text) || indentOf(text) > indent) continue;
    if (indentOf(text) < indent) return false;
    if (/^except\b/.test(text.trim()) && errors.test(text)) return true;
    if (!/^(?:except|else|elif|\))/.test(text.trim())) return false;
  }
  return false;
}

function isCode(line: string): boolean {
  return /^\s*[^\s#)\]}]/.test(line) || /^\s*\)\s*:/.test(line);
}

function indentOf(line: string): number {
  return /^\s*/.exec(line)?.[0].length ?? 0;
}

export const importErrors = /\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/;
export const nameErrors = /\b(?:NameError|AttributeError|ImportError)\b/;
