import { isAbsolute, join, normalize } from 'node:path';
import { offsetOf, wordAt } from '../names/textPlaces.js';
import { toolFinding } from '../names/toolRun.js';
import type { Finding, SourceFile } from '../validator.js';

/** The files that are judged, by the paths that Go calls them by: their own, or that of the text laid over them. */
export type FilesByPath = ReadonlyMap<string, SourceFile>;

/** Findings in the lines that Go's compiler prints: `./a.go:9:17: undefined: b`. Paths are relative to `folder`. */
export function goFindings(output: string, folder: string, files: FilesByPath): readonly Finding[] {
  return output.split('\n').flatMap(line => {
    const [, path, row, column, message] = /^(?:vet: )?(\S.*?\.go):(\d+):(\d+): (.*)$/.exec(line) ?? [];
    if (path === undefined || message === undefined) return [];
    const file = files.get(normalize(isAbsolute(path) ? path : join(folder, path)));
    const rule = ruleOf(message);
    if (file === undefined || rule === null) return [];
    const start = offsetOf(file.text, Number(row), Number(column), 'bytes');
    return [toolFinding(file, rule, wordAt(file.text, start), withoutPlaces(message))];
  });
}

/** Null for what is no more than untidy: names that are not used, which code that is being written has. */
function ruleOf(message: string): string | null {
  if (/^(?:declared and not used|.* imported and not used|label .* defined and not used)/.test(message)) return null;
  if (/^undefined: [^.]+$/.test(message)) return 'names/unknown-name';
  if (/^undefined: .+\./.test(message) || /^name .* not exported by package/.test(message))
    return 'names/unknown-export';
  if (/ undefined \(type .* has no (?:field|method)/.test(message) || /^unknown field/.test(message))
    return 'names/unknown-member';
  if (/is not in std|no required module provides package|cannot find (?:module|package)/.test(message))
    return 'names/unknown-package';
  if (/^syntax error/.test(message)) return null;
  return 'types/go';
}

/** A message must not change with an edit elsewhere. */
function withoutPlaces(message: string): string {
  return message.replace(/\s*(?:\(?(?:see|at) )?\S+\.go:\d+(?::\d+)?\)?/g, '').replace(/; to add it:?\s*$/, '');
}
