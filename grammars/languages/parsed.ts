import type { Language, StringSyntax } from '../language.js';
import { hashes, long, raw, row, short, slashes } from './syntax.js';

const dollarBrace = ['${', '}'] as const;
const brace = ['{', '}'] as const;
const ecmaStrings = [short('"'), short("'"), long('`', { interpolation: dollarBrace })];

/** The languages that have a grammar and queries here. */
export const parsedLanguages: readonly Language[] = [
  row({
    id: 'typescript',
    name: 'TypeScript',
    extensions: ['.ts', '.mts', '.cts'],
    interpreters: ['deno', 'ts-node', 'tsx', 'bun'],
    grammar: 'typescript',
    ...slashes,
    strings: ecmaStrings,
  }),
  row({
    id: 'typescriptreact',
    aliases: ['tsx', 'typescript.tsx'],
    name: 'TSX',
    extensions: ['.tsx'],
    grammar: 'tsx',
    ...slashes,
    strings: ecmaStrings,
  }),
  row({
    id: 'javascript',
    aliases: ['javascriptreact', 'jsx', 'javascript.jsx'],
    name: 'JavaScript',
    extensions: ['.js', '.mjs', '.cjs', '.jsx', '.es6'],
    fileNames: ['Jakefile'],
    interpreters: ['node', 'nodejs'],
    grammar: 'javascript',
    ...slashes,
    strings: ecmaStrings,
  }),
  row({
    id: 'python',
    name: 'Python',
    extensions: ['.py', '.pyi', '.pyw', '.pyx', '.pxd'],
    fileNames: ['SConstruct', 'SConscript', 'wscript', 'BUILD', 'BUILD.bazel', 'WORKSPACE'],
    interpreters: ['python', 'python2', 'python3', 'pypy', 'pypy3'],
    grammar: 'python',
    ...hashes,
    strings: pythonStrings(),
    blocksByIndentation: true,
  }),
  row({
    id: 'go',
    name: 'Go',
    extensions: ['.go'],
    grammar: 'go',
    ...slashes,
    strings: [short('"'), short("'"), raw('`')],
  }),
  row({
    id: 'java',
    name: 'Java',
    extensions: ['.java', '.jav'],
    grammar: 'java',
    ...slashes,
    strings: [long('"""'), short('"'), short("'")],
  }),
  row({
    id: 'rust',
    name: 'Rust',
    extensions: ['.rs'],
    interpreters: ['rust-script'],
    grammar: 'rust',
    ...slashes,
    // A lone ' begins a lifetime: only the characters that would open or escape something are named.
    strings: [
      raw('r##"', '"##'),
      raw('r#"', '"#'),
      raw('r"', '"'),
      long('"'),
      short("'", { open: `'"`, escape: null }),
      short("'", { open: `'\\`, escape: null }),
    ],
  }),
  row({
    id: 'c',
    name: 'C',
    extensions: ['.c', '.h', '.i'],
    grammar: 'c',
    ...slashes,
    strings: [short('"'), short("'")],
  }),
  row({
    id: 'cpp',
    aliases: ['c++', 'cuda-cpp', 'cuda', 'arduino'],
    name: 'C++',
    extensions: [
      ...['.cpp', '.cc', '.cxx', '.c++', '.cppm', '.ixx', '.hpp', '.hh', '.hxx', '.h++'],
      ...['.inl', '.ipp', '.tpp', '.txx', '.tcc', '.ino', '.cu', '.cuh'],
    ],
    grammar: 'cpp',
    ...slashes,
    strings: [raw('R"(', ')"'), short('"'), short("'")],
  }),
  row({
    id: 'csharp',
    aliases: ['cs', 'c#'],
    name: 'C#',
    extensions: ['.cs', '.csx', '.cake'],
    grammar: 'csharp',
    ...slashes,
    strings: [
      raw('"""'),
      { ...raw('$@"', '"'), interpolation: brace },
      { ...raw('@$"', '"'), interpolation: brace },
      { ...short('"', { open: '$"' }), interpolation: brace },
      raw('@"', '"'),
      short('"'),
      short("'"),
    ],
  }),
];

/** With each prefix that changes what is inside, longest first. */
function pythonStrings(): StringSyntax[] {
  const found: StringSyntax[] = [];
  for (const quote of ['"""', "'''", '"', "'"]) {
    const values = { close: quote, multiline: quote.length === 3 };
    for (const prefix of ['rf', 'fr', 'Rf', 'fR', 'f', 'F']) {
      found.push(short(quote, { ...values, open: prefix + quote, interpolation: brace }));
    }
    found.push(short(quote, values));
  }
  return found;
}
