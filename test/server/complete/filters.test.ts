import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Candidate } from '../../../server/complete/candidate.js';
import type { Attempt } from '../../../server/complete/attempt.js';
import { createOpenText } from '../../../server/complete/openTexts.js';
import { lexLine } from '../../../server/complete/lexLine.js';
import { placeOf } from '../../../server/complete/place.js';
import { applyFilters } from '../../../server/complete/steps/applyFilters.js';
import { inlineDefaults, suggestionOf } from './support/scripted.js';

function attemptAt(text: string, offset: number): Attempt {
  const snapshot = { uri: 'file:///a.ts', path: '/a.ts', languageId: 'typescript', version: 1, text };
  const place = placeOf(snapshot, offset);
  return {
    request: { snapshot, offset, trigger: 'automatic', selected: null },
    snapshot,
    settings: inlineDefaults,
    place,
    lineState: lexLine(place.prefix, place.language),
    open: createOpenText(snapshot),
    candidate: null,
    others: [],
    standingId: null,
    unchecked: false,
  };
}

const piece = fc.constantFrom(
  ...[
    'a',
    'foo',
    ' ',
    '  ',
    '\t',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ';',
    ',',
    '"',
    "'",
    '`',
    '\n',
    '\n  ',
    '=>',
    '//',
    '😀',
  ],
);
const code = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''));

describe('the filters, on anything', () => {
  it('leave a beginning of what was suggested, worth showing and with nothing said twice on the line', () => {
    fc.assert(
      fc.property(code, code, code, fc.boolean(), (left, right, fresh, crlf) => {
        const ends = (text: string): string => (crlf ? text.replaceAll('\n', '\r\n') : text);
        const text = ends(left + right);
        const offset = ends(left).length;
        const attempt = attemptAt(text, offset);
        const suggested: Candidate = { ...suggestionOf(attempt.snapshot, offset, ends(fresh)), imports: [] };
        const shown = applyFilters(attempt, suggested);
        if (shown === null) return;
        const typed = text.slice(shown.start, offset);
        assert.ok(shown.text.startsWith(typed));
        assert.ok(shown.start >= attempt.place.lineStart && shown.end <= offset + attempt.place.suffix.length);
        assert.notEqual(shown.text.slice(typed.length).trim(), '');
        assert.equal(shown.text, shown.text.trimEnd());
        const fold = (one: string): string => one.replace(/\s+/g, '');
        assert.ok(fold(suggested.text).startsWith(fold(shown.text)));
        for (const { end } of shown.steps) assert.ok(end <= shown.text.length);
        const rest = attempt.place.suffix.trim();
        if (rest !== '') assert.ok(!rest.startsWith(shown.text.slice(typed.length).trim()));
        assert.deepEqual(applyFilters(attempt, shown)?.text, shown.text, 'a second time there is nothing to repair');
      }),
      { numRuns: 600, seed: 20261121 },
    );
  });
});
