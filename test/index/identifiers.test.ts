import assert from 'node:assert/strict';
import { searchWords, splitIdentifier, stem } from '../../index/identifiers.js';

describe('identifiers', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['parseHTTPHeaders2', 'parse http headers 2'],
    ['snake_case_name', 'snake case name'],
    ['__init__', 'init'],
    ['SCREAMING_SNAKE', 'screaming snake'],
    ['HTTPServer', 'http server'],
    ['URLs', 'urls'],
    ['listURLs', 'list urls'],
    ['utf8', 'utf 8'],
    ['$scope', 'scope'],
    ['überGröße', 'über größe'],
    ['x', 'x'],
    ['', ''],
    ['a.b->c::d', 'a b c d'],
  ];
  for (const [name, parts] of cases) {
    it(`parts ${JSON.stringify(name)}`, () => assert.equal(splitIdentifier(name).join(' '), parts));
  }

  it('stems kin alike', () => {
    for (const kin of [
      ['parse', 'parses', 'parsed', 'parsing'],
      ['query', 'queries'],
      ['stop', 'stopped', 'stopping'],
    ]) {
      assert.equal(new Set(kin.map(stem)).size, 1, kin.join(' '));
    }
    assert.notEqual(stem('class'), stem('clas'));
  });

  it('finds an identifier by its parts and as a whole', () => {
    const words = searchWords('const parsedHeader = 1;');
    assert.deepEqual(words, ['pars', 'header', 'parsedheader', '1']);
  });
});
