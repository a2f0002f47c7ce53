import assert from 'node:assert/strict';
import { languageOfId, otherText } from '../../../grammars/registry.js';
import { lexLine } from '../../../server/complete/lexLine.js';

/** In code, in a comment, or in a string with that content. */
function check(languageId: string, prefix: string, expected: string): void {
  it(`${languageId}: ${prefix}`, () => {
    const state = lexLine(prefix, languageOfId(languageId) ?? otherText);
    assert.equal(state.kind === 'string' ? `string ${state.content}` : state.kind, expected);
  });
}

describe('what the cursor stands in, by its line', () => {
  check('typescript', 'const a = ', 'code');
  check('typescript', 'const a = 1; // why', 'comment');
  check('typescript', 'const a = /* one */ ', 'code');
  check('typescript', 'const a = /* one', 'comment');
  check('typescript', 'const a = "', 'string ');
  check('typescript', 'const a = "one" + ', 'code');
  check('typescript', 'const a = "say \\"hi', 'string say \\"hi');
  check('typescript', "const a = 'http://exam", 'string http://exam');
  check('typescript', 'const a = `one ${two', 'code');
  check('typescript', 'const a = `one ${two} three', 'string  three');
  check('typescript', 'const a = `one ${`in ${deep}` + "x', 'string x');
  check('typescript', 'const a = `one ${two}` + ', 'code');
  check('python', 'a = b  # why', 'comment');
  check('python', 'a = "#no', 'string #no');
  check('python', 'a = """doc', 'string doc');
  check('python', "a = f'{one", 'code');
  check('rust', "fn first<'a>(list: &'a str) { ", 'code');
  check('go', 'path := `C:\\', 'string C:\\');
  check('shellscript', 'echo $# ', 'code');
  check('shellscript', 'echo a#b ', 'code');
  check('c', "char c = 'x'; ", 'code');
  check('unheard of', 'anything "goes', 'code');
});
