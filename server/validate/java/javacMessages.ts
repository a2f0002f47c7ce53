import { wordAt, offsetOf } from '../names/textPlaces.js';
import { toolFinding } from '../names/toolRun.js';
import type { Finding, SourceFile } from '../validator.js';

export interface JavacError {
  readonly path: string;
  readonly line: number;
  /** From 1; as far as the caret stands below the line. */
  readonly column: number;
  readonly message: string;
  /** Lines below, such as `symbol:   method foo()`. */
  readonly details: readonly string[];
}

/** What javac prints, in English: a line that names the place, the source's line, a caret below the place, details. */
export function javacErrors(output: string): readonly JavacError[] {
  const lines = output.split(/\r?\n/);
  const errors: JavacError[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, path, line, message] = /^(.+\.java):(\d+): error: (.*)$/.exec(lines[at] ?? '') ?? [];
    if (path === undefined || message === undefined) continue;
    let end = at + 1;
    while (end < lines.length && !/^.+\.java:\d+: (?:error|warning): |^\d+ (?:error|warning)s?$/.test(lines[end] ?? ''))
      end++;
    const below = lines.slice(at + 1, end);
    const caret = below.findIndex(each => /^\s*\^\s*$/.test(each));
    const column = caret < 0 ? 1 : (below[caret] ?? '').indexOf('^') + 1;
    errors.push({ path, line: Number(line), column, message, details: below.slice(caret + 1) });
  }
  return errors;
}

export function findingOfError(error: JavacError, file: SourceFile): Finding | null {
  const { message, details } = error;
  const at = offsetOf(file.text, error.line, error.column, 'characters');
  const symbol = detail(details, 'symbol');
  const location = detail(details, 'location');
  if (message === 'cannot find symbol') {
    const [, kind = '', name = ''] = /^(\w+)\s+(\w+)/.exec(symbol) ?? [];
    const isOfOther = file.text.charAt(at) === '.';
    const place = wordAt(file.text, isOfOther ? file.text.indexOf(name, at) : at);
    const where = location.replace(/^variable \w+ of type /, '').replace(/^(?:class|interface|enum|package) /, '');
    if (isOfOther) {
      const isExport = location.startsWith('package');
      return toolFinding(
        file,
        isExport ? 'names/unknown-export' : 'names/unknown-member',
        place,
        `${where} has no ${kind} ${name}.`,
      );
    }
    return toolFinding(file, 'names/unknown-name', place, `Nothing here is called ${name}.`);
  }
  const missing = /^package ([\w.]+) does not exist/.exec(message)?.[1];
  if (missing !== undefined) {
    const line = file.text.lastIndexOf('\n', at) + 1;
    const start = file.text.indexOf(missing, line);
    const place = start < 0 ? wordAt(file.text, at) : { start, end: start + missing.length };
    return toolFinding(file, 'names/unknown-package', place, `There is no package ${missing}.`);
  }
  if (
    /^(?:';'|'\)'|'\('|class, interface|illegal start|not a statement|reached end|<identifier>|unclosed)/.test(message)
  )
    return null;
  return toolFinding(file, 'types/java', wordAt(file.text, at), message);
}

function detail(details: readonly string[], name: string): string {
  const line = details.find(each => each.trim().startsWith(`${name}:`));
  return line === undefined
    ? ''
    : line
        .trim()
        .slice(name.length + 1)
        .trim();
}
