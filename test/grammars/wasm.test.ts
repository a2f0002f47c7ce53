import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language as Grammar, Parser, Query } from 'web-tree-sitter';
import { parsedLanguages } from '../../grammars/languages/parsed.js';
import { languages } from '../../grammars/registry.js';
import { createGrammars, type QueryName } from '../../grammars/parse.js';
import { grammarFolders } from '../support/grammarFolders.js';

const { wasmFolder, queryFolder } = grammarFolders;
const readWasm = (name: string): Buffer => readFileSync(new URL(`${name}.wasm`, wasmFolder));
const grammarNames = parsedLanguages.flatMap(({ grammar }) => (grammar === null ? [] : [grammar]));

describe('the committed grammars', () => {
  it('are one for each language that names one', () => {
    const files = readdirSync(wasmFolder).filter(name => name !== 'web-tree-sitter.wasm');
    assert.deepEqual(files.sort(), grammarNames.map(name => `${name}.wasm`).sort());
    assert.deepEqual(
      languages.filter(({ grammar }) => grammar !== null),
      parsedLanguages,
    );
  });

  it('are the files that NOTICE names, by their sums', () => {
    const notice = readFileSync(new URL('../NOTICE', wasmFolder), 'utf8');
    const rows = [...notice.matchAll(/^(\S+)\.wasm +\S+@\S+ +\S+ +([0-9a-f]{64})$/gm)];
    assert.equal(rows.length, grammarNames.length + 1);
    for (const [, name = '', sum] of rows) {
      assert.equal(createHash('sha256').update(readWasm(name)).digest('hex'), sum, name);
    }
  });

  it('come with the runtime of the installed package', () => {
    const installed = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');
    assert.ok(readFileSync(installed).equals(readWasm('web-tree-sitter')));
  });

  it('import nothing that the runtime lacks', () => {
    // Bound lazily: a missing function would throw in the middle of a parse and ruin the heap for all grammars.
    const offered = new Set(
      WebAssembly.Module.exports(new WebAssembly.Module(readWasm('web-tree-sitter'))).map(({ name }) => name),
    );
    const ofTheLoader = ['memory', '__indirect_function_table', '__memory_base', '__table_base', '__stack_pointer'];
    // Reached only where a grammar's own assertion fails.
    const ofAssertions = ['__assert_fail', 'abort'];
    for (const name of grammarNames) {
      const missing = WebAssembly.Module.imports(new WebAssembly.Module(readWasm(name)))
        .filter(({ module }) => !module.startsWith('GOT.'))
        .map(wanted => wanted.name)
        .filter(wanted => ![...ofTheLoader, ...ofAssertions].includes(wanted) && !offered.has(wanted));
      assert.deepEqual(missing, [], name);
    }
  });

  const queries: readonly QueryName[] = ['definitions', 'references', 'imports', 'comments', 'strings'];
  it('have queries that compile', async () => {
    const grammars = await createGrammars(grammarFolders);
    for (const language of parsedLanguages) {
      const loaded = grammars.load(language);
      assert.ok(loaded !== null, language.id);
      for (const query of queries) assert.ok(loaded.query(query) instanceof Query, `${language.id} ${query}`);
    }
    grammars.dispose();
  });

  it('answer to the version of the interface that the runtime speaks', async () => {
    await Parser.init({ wasmBinary: readWasm('web-tree-sitter') });
    for (const name of grammarNames) {
      const grammar = await Grammar.load(readWasm(name));
      assert.ok([14, 15].includes(grammar.abiVersion), `${name} ${grammar.abiVersion}`);
    }
  });

  it('has a folder of queries only for what has a grammar', () => {
    for (const folder of readdirSync(queryFolder)) assert.ok(grammarNames.includes(folder), folder);
  });
});
