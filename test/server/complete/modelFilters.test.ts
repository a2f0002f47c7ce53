import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Candidate } from '../../../server/complete/candidate.js';
import type { Filter, FilterContext } from '../../../server/complete/filters/filter.js';
import { modelFilters } from '../../../server/complete/filters/filters.js';
import { indentationOf } from '../../../server/complete/filters/indentation.js';
import { linesAround, placeOf } from '../../../server/complete/place.js';
import { marked } from '../../support/markedText.js';

/**
 * Each file is one case: prose, a few headings, what a model says right of the cursor, the document with the cursor ▮, and
 * the document with what is left of it in ⟦ ⟧. `filter` names the one that is run alone; without it, all are. Tabs are
 * written →, other characters that cannot be seen as \u{…}. UPDATE_GOLDEN=1 writes the last part anew.
 */
const folder = join('test', 'golden', 'modelFilters');

describe('the filters for what models write', () => {
  for (const name of readdirSync(folder).filter(file => file.endsWith('.txt'))) {
    it(name.replace(/\.txt$/, '').replaceAll('-', ' '), () => check(join(folder, name)));
  }

  it('have a case each', () => {
    const named = new Set(
      readdirSync(folder).map(name => headingsOf(readFileSync(join(folder, name), 'utf8')).get('filter')),
    );
    const missing = modelFilters.map(({ name }) => name).filter(name => !named.has(name) && !tested.has(name));
    assert.deepEqual(missing, []);
  });

  it('never throw, and leave a text that begins with what was typed', () => {
    const piece = fc.constantFrom(
      ...['a', 'foo', 'return x;', ' ', '    ', '\t', '\n', '\n\n', '(', ')', '{', '}', '[', ']', ';', '"', "'", '`'],
      ...[
        '// TODO',
        '```',
        '```ts\n',
        '<|fim_suffix|>',
        '# Path: a/b.py\n',
        '...',
        '+ a',
        '@@ -1 +1 @@',
        'Sure, here is it.',
      ],
      ...[
        '\u200b',
        '\u202e',
        '\ud83d',
        '😀',
        '\u00a0',
        'REDACTED_1',
        'abc abc abc abc abc ',
        '//',
        '=======',
        '\u0000',
      ],
    );
    const text = fc.array(piece, { maxLength: 14 }).map(pieces => pieces.join(''));
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.nat(4),
        fc.constantFrom('typescript', 'python', 'markdown', 'go'),
        (left, right, says, typed, languageId) => {
          const lastLine = left.slice(left.lastIndexOf('\n') + 1);
          const written = typed === 0 ? '' : lastLine.slice(-typed);
          const { candidate, context } = caseOf(
            languageId,
            left,
            right,
            written + says.replaceAll('\r', ''),
            written.length,
          );
          const shown = applyAll(modelFilters, candidate, context);
          if (shown === null) return;
          assert.ok(shown.text.startsWith(written));
          assert.notEqual(shown.text.slice(written.length).trim(), '');
          for (const { end } of shown.steps) assert.ok(end > 0 && end <= shown.text.length);
        },
      ),
      { numRuns: 3000, seed: 20261121 },
    );
  });
});

/** By the cases of the whole pipeline. */
const tested = new Set(['indentation', 'secrets', 'repeats', 'lines-below', 'line-right', 'blank']);

const saysMark = '--- the model says\n';
const documentMark = '--- the editor\n';
const shownMark = '--- shows\n';

function check(path: string): void {
  const source = readFileSync(path, 'utf8');
  const [head = '', afterHead = ''] = source.split(saysMark);
  const [says = '', afterSays = ''] = afterHead.split(documentMark);
  const [document = '', shown = ''] = afterSays.split(shownMark);
  const actual = show(headingsOf(head), readable(says), readable(document));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(path, source.slice(0, source.indexOf(shownMark) + shownMark.length) + actual + '\n');
    return;
  }
  assert.equal(actual, shown.replace(/\n$/, ''));
}

function headingsOf(source: string): ReadonlyMap<string, string> {
  const [head = ''] = source.split(saysMark);
  return new Map([...head.matchAll(/^([a-z ]+): (.+)$/gm)].map(([, name = '', value = '']) => [name, value]));
}

function show(headings: ReadonlyMap<string, string>, says: string, document: string): string {
  const { text, offset } = marked(document, '▮');
  const { candidate, context } = caseOf(
    headings.get('language') ?? 'typescript',
    text.slice(0, offset),
    text.slice(offset),
    says,
    0,
  );
  const name = headings.get('filter');
  const chosen = name === undefined ? modelFilters : modelFilters.filter(filter => filter.name === name);
  assert.notEqual(chosen.length, 0, `there is no filter ${name ?? ''}`);
  const shown = applyAll(chosen, candidate, context);
  if (shown === null) return 'nothing';
  return `${text.slice(0, offset)}⟦${shown.text}⟧${text.slice(offset)}`
    .replaceAll('\t', '→')
    .replace(/[\u00a0\u200b-\u200f\u202a-\u202e\ufeff]/g, unit => `\\u{${unit.charCodeAt(0).toString(16)}}`);
}

function caseOf(
  languageId: string,
  left: string,
  right: string,
  says: string,
  typed: number,
): { candidate: Candidate; context: FilterContext } {
  const snapshot = { uri: 'file:///a', path: null, languageId, version: 1, text: left + right };
  const offset = left.length;
  const place = placeOf(snapshot, offset);
  const indentation = indentationOf(linesAround(snapshot, offset));
  return {
    candidate: {
      start: offset - typed,
      end: offset,
      text: says,
      confidence: 0.5,
      steps: [{ end: says.length, confidence: 0.5 }].filter(({ end }) => end > 0),
      origin: { kind: 'model', path: null, line: 0, model: 'local/coder' },
      imports: [],
    },
    context: { place, typed, indentation: () => indentation },
  };
}

function applyAll(chosen: readonly Filter[], candidate: Candidate, context: FilterContext): Candidate | null {
  let current: Candidate | null = candidate;
  for (const filter of chosen) {
    current = filter.apply(current, context);
    if (current === null) return null;
  }
  return current;
}

function readable(section: string): string {
  return section
    .replace(/\n$/, '')
    .replaceAll('→', '\t')
    .replace(/\\u\{([0-9a-f]+)\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}
