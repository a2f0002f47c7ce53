import type { ParseError, ParseOptions } from 'jsonc-parser';
import type { DataForm } from './dataFiles.js';
import type { DataProblem } from './problem.js';

const strictly: ParseOptions = { disallowComments: true, allowTrailingComma: false };
const laxly: ParseOptions = { disallowComments: false, allowTrailingComma: true };
const maxProblems = 20;

/** One value; or one on each line, which is a common use of the same file name. Nothing at all is no mistake. */
export async function examineJson(text: string, form: DataForm): Promise<DataProblem[]> {
  const { parseTree, printParseErrorCode, visit } = await import('jsonc-parser');
  if (text.trim() === '') return [];
  if (form.format === 'json-lines') return examineLines(text);

  const errors: ParseError[] = [];
  parseTree(text, errors, laxly);
  if (errors.length > 0) {
    if (form.comments === 'unsure' && isJsonOnEachLine(text)) return [];
    return errors.slice(0, maxProblems).map(({ error, offset, length }) => ({
      name: 'invalid',
      ...within(text, offset, length),
      message: `This is not valid JSON: ${wordsOf(printParseErrorCode(error))}.`,
    }));
  }
  const problems = duplicates(text, visit);
  if (form.comments === 'lax') return problems;
  parseTree(text, errors, strictly);
  const [first] = errors;
  if (first === undefined) return problems;
  const isComment = text.startsWith('/', first.offset);
  // One is enough: whoever reads this stops at the first.
  problems.push({
    name: 'comment',
    ...within(text, first.offset, first.length),
    message: isComment
      ? 'Comments are not allowed in JSON.'
      : 'A comma before a closing bracket is not allowed in JSON.',
  });
  return problems;
}

type Visit = typeof import('jsonc-parser').visit;

/** Keys that are written twice in one object: the last one wins, silently. `//` and the like are used as comments. */
function duplicates(text: string, visit: Visit): DataProblem[] {
  const problems: DataProblem[] = [];
  const objects: Set<string>[] = [];
  visit(
    text,
    {
      onObjectBegin: () => void objects.push(new Set()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty: (key, start, length) => {
        const keys = objects.at(-1);
        if (keys?.has(key) === true && /\w/.test(key) && problems.length < maxProblems) {
          problems.push({
            name: 'duplicate-key',
            start,
            end: start + length,
            message: `The key "${key}" stands in this object already; only the last one counts.`,
          });
        }
        keys?.add(key);
      },
    },
    laxly,
  );
  return problems;
}

function examineLines(text: string): DataProblem[] {
  const problems: DataProblem[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    if (line.trim() !== '' && !isJson(line) && problems.length < maxProblems) {
      problems.push({
        name: 'invalid',
        start,
        end: start + line.length,
        message: 'This line is not valid JSON.',
      });
    }
    start += line.length + 1;
  }
  return problems;
}

function isJsonOnEachLine(text: string): boolean {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  return lines.length > 1 && lines.every(isJson);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function within(text: string, offset: number, length: number): { readonly start: number; readonly end: number } {
  const start = Math.min(offset, text.length);
  return { start, end: Math.min(text.length, start + length) };
}

/** `CommaExpected` as words. */
function wordsOf(code: string): string {
  return code
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .replace(/^(.+) expected$/, '$1 is expected here')
    .replace(/^invalid symbol$/, 'something that is no value stands here');
}
