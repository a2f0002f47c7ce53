import assert from 'node:assert/strict';
import { languageOf } from '../../../grammars/registry.js';
import { delimitersOf } from '../../../index/recall/delimiters.js';
import { codeState, lex } from '../../../index/recall/lexer.js';
import { TokenBuffer } from '../../../index/recall/tokenBuffer.js';
import { flagShift, idMask, newline, opaque } from '../../../index/recall/tokenKinds.js';
import { Vocabulary } from '../../../index/recall/vocabulary.js';

/** Tokens divided by blanks; those in strings in quotes, those in comments in slashes; ↵ with the count of line ends. */
function check(text: string, expected: string, path = '/a.ts'): void {
  const vocabulary = new Vocabulary();
  const tokens = new TokenBuffer();
  lex(text, 0, text.length, codeState, delimitersOf(languageOf(path, '')), vocabulary, tokens);
  const shown = Array.from({ length: tokens.length }, (_, i) => {
    const id = (tokens.words[i] ?? 0) & idMask;
    if (id === newline) return `↵${tokens.gaps[i]}`;
    const token = id === opaque ? '?' : vocabulary.text(id);
    return [token, `'${token}'`, `/${token}/`][(tokens.words[i] ?? 0) >> flagShift];
  });
  assert.equal(shown.join(' '), expected);
}

describe('lexer', () => {
  it('splits names, numbers and marks', () => check('a_1=$b+1.5.x(0x1F);', 'a_1 = $b + 1.5 . x ( 0x1F ) ;'));
  it('keeps ranges apart', () => check('0..9', '0 . . 9'));
  it('lets empty lines fall together', () => check('a\n\n  \nb\r\nc', 'a ↵3 b ↵1 c'));
  it('knows strings', () => check('f("a\\"b", \'c\')', `f ( " 'a' '\\' '"' 'b' " , ' 'c' ' )`));
  it('knows comments', () => check('a // b c\nd /* e\nf */ g', 'a / / /b/ /c/ ↵1 d / * /e/ ↵1 /f/ * / g'));
  it('knows code in strings', () => check('`a ${b({})} c` d', "` 'a' $ { b ( { } ) } 'c' ` d"));
  it('ends a short string with its line', () => check('x = "a\nb', `x = " 'a' ↵1 b`));
  it('goes by the language', () => check('# a\n"""b\nc""" // d', `# /a/ ↵1 " " " 'b' ↵1 'c' " " " / / d`, '/a.py'));
  it('hides what looks like a key', () => check('k = AKIAIOSFODNN7EXAMPLE', 'k = ?'));
  it('hides what is too long', () => check(`k = ${'x'.repeat(97)}`, 'k = ?'));
  it('reads the start of a long line only', () => {
    check(`${' '.repeat(4001)}a b c\nd`, '? ↵1 d');
  });
});
