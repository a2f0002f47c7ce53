import type { YAMLParseError } from 'yaml';
import type { DataProblem } from './problem.js';

const maxProblems = 20;

/** Any number of documents. Merge keys, tags of programs' own and repeated `<<` are no mistakes. */
export async function examineYaml(text: string): Promise<DataProblem[]> {
  const { parseAllDocuments } = await import('yaml');
  const errorsOf = (source: string): YAMLParseError[] => {
    const parsed = parseAllDocuments(source, {
      // What libyaml and its kin let pass is no mistake: people run their files through those.
      strict: false,
      merge: true,
      prettyErrors: false,
      logLevel: 'silent',
      uniqueKeys: (a, b) => isPlainKey(a) && isPlainKey(b) && a.value === b.value && a.value !== '<<',
    });
    return (Array.isArray(parsed) ? parsed : []).flatMap(document => document.errors);
  };
  let errors = errorsOf(text);
  let source = text;
  for (let tries = text.length > 100_000 ? 2 : maxProblems; tries > 0; tries--) {
    const unclosed = errors.find(({ message }) => message.startsWith('Missing closing'));
    const joined = unclosed === undefined ? null : withoutBreaks(source, unclosed.pos[0]);
    if (joined === null) break;
    source = joined;
    errors = errorsOf(source);
  }
  return errors.slice(0, maxProblems).map(({ code, pos: [start, end], message }) => {
    const isTwice = code === 'DUPLICATE_KEY';
    return {
      name: isTwice ? 'duplicate-key' : 'invalid',
      start: Math.min(start, text.length),
      end: Math.min(Math.max(start, end), text.length),
      message: isTwice
        ? 'This key stands in this mapping already; only one of the two counts.'
        : `This is not valid YAML: ${sentenceOf(message)}`,
    };
  });
}

/**
 * The parser ends a quoted text at a line that is indented too little, where libyaml reads on. As long as before, with blanks
 * for the line breaks of the text that ends at `at`; null where nothing closes it.
 */
function withoutBreaks(text: string, at: number): string | null {
  const opened = /(?:^|[\s:[{,-])(["'])(?:(?!\1)[^\\]|\\[\s\S])*$/.exec(text.slice(Math.max(0, at - 4000), at));
  const quote = opened?.[1];
  const close = quote === undefined ? -1 : text.indexOf(quote, at);
  if (close < 0 || !text.slice(at, close).includes('\n')) return null;
  return text.slice(0, at) + text.slice(at, close).replace(/[\r\n]/g, ' ') + text.slice(close);
}

function isPlainKey(key: unknown): key is { readonly value: unknown } {
  return typeof key === 'object' && key !== null && 'value' in key && key.value !== undefined;
}

/** Without what changes with the place. */
function sentenceOf(message: string): string {
  const [first = ''] = message.split('\n');
  const sentence = first
    .replace(/ at line \d+, column \d+:?/g, '')
    .replace(/closing (["'])quote/, 'closing $1')
    .replace(/:$/, '')
    .trim();
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
