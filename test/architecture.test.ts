import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { repositoryRoot } from './support/repositoryRoot.js';

interface Layer {
  readonly name: string;
  /** Whether a file, relative to the repository, belongs to it. */
  readonly holds: (path: string) => boolean;
  readonly mayImport: readonly string[];
  readonly packages: readonly string[];
}

const below = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const among = (files: readonly string[]) => (path: string) => files.includes(path);

/** What everything is put together from. */
const parts = [
  'base',
  'config',
  'trust',
  'sandbox',
  'grammars',
  'model',
  'index',
  'context',
  'validate',
  'learn',
  'complete',
  'generate',
];

/** What turns a protocol, or a command line, into calls may use. */
const asTranslator = [...parts, 'core', 'lsp'];

/** The table of server/ARCHITECTURE.md, "Who may import whom": a row names only rows above it. */
const layers: readonly Layer[] = [
  { name: 'base', holds: below('server/base'), mayImport: [], packages: [] },
  { name: 'config', holds: below('server/config'), mayImport: ['base'], packages: ['jsonc-parser'] },
  {
    name: 'secrets',
    holds: below('server/secrets'),
    mayImport: ['base'],
    packages: ['@secretlint/secretlint-rule-preset-recommend', '@secretlint/types'],
  },
  { name: 'trust', holds: below('server/trust'), mayImport: ['base', 'config'], packages: ['jsonc-parser'] },
  { name: 'sandbox', holds: below('server/sandbox'), mayImport: ['base', 'trust'], packages: [] },
  { name: 'grammars', holds: below('grammars'), mayImport: ['base'], packages: ['web-tree-sitter'] },
  {
    name: 'model',
    holds: below('server/model'),
    mayImport: ['base', 'config', 'secrets'],
    packages: ['openai', 'ollama', 'cockatiel', 'p-queue', 'p-retry'],
  },
  {
    name: 'index',
    holds: below('index'),
    mayImport: ['base', 'secrets', 'grammars'],
    packages: ['@lancedb/lancedb', 'apache-arrow', 'chokidar', 'ignore'],
  },
  {
    name: 'context',
    holds: below('server/context'),
    mayImport: ['base', 'grammars', 'model', 'index'],
    packages: ['jsonc-parser'],
  },
  {
    name: 'validate',
    holds: below('server/validate'),
    mayImport: ['base', 'config', 'secrets', 'trust', 'sandbox', 'grammars', 'index'],
    packages: [
      '@astral-sh/ruff-wasm-nodejs',
      '@wasm-fmt/clang-format',
      '@wasm-fmt/gofmt',
      'jsonc-parser',
      'prettier',
      'smol-toml',
      'spdx-expression-parse',
      'spdx-satisfies',
      'typescript',
      'yaml',
    ],
  },
  { name: 'learn', holds: below('server/learn'), mayImport: ['base', 'index'], packages: [] },
  {
    name: 'complete',
    holds: below('server/complete'),
    mayImport: ['base', 'config', 'secrets', 'grammars', 'model', 'index', 'context', 'validate', 'learn'],
    packages: ['ignore'],
  },
  { name: 'generate', holds: below('server/generate'), mayImport: ['base', 'config', 'validate'], packages: [] },
  {
    name: 'core',
    holds: among(['server/core.ts', 'server/assembleCore.ts', 'server/coreParts.ts', 'server/createCore.ts']),
    mayImport: [...parts, 'secrets'],
    packages: [],
  },
  {
    name: 'lsp',
    holds: below('server/lsp'),
    mayImport: ['base', 'config', 'model', 'complete', 'core'],
    packages: ['vscode-jsonrpc', 'vscode-languageserver'],
  },
  {
    name: 'features',
    holds: below('server/features'),
    mayImport: asTranslator,
    packages: ['vscode-languageserver'],
  },
  {
    name: 'cli',
    holds: below('server/cli'),
    // `try` is a client of the server: it reads frames too.
    mayImport: asTranslator,
    packages: ['jsonc-parser', 'ignore'],
  },
  {
    name: 'main',
    holds: among(['server/main.ts', 'server/serverArguments.ts']),
    mayImport: ['base', 'config', 'core', 'lsp', 'features', 'cli'],
    packages: [],
  },
];

interface Import {
  readonly from: string;
  /** A file of ours, relative to the repository, or the name of a package. */
  readonly to: string;
  readonly isOurs: boolean;
}

const isModel = below('server/model');
const isTrust = below('server/trust');
const isCommandLine = below('server/cli');

/** Who may start a process, and with what it is kept in bounds. */
const mayStart: ReadonlySet<string> = new Set([
  // Our own programs.
  'index/processPool.ts',
  'index/store/childCaller.ts',
  'server/validate/typescript/compilerProcess.ts',
  'server/cli/try/languageClient.ts',
  // A program of the person's own settings, that prints a key.
  'server/model/keys.ts',
  // What others have installed: no shell, a clean environment, found so that a workspace has no say.
  'server/trust/git.ts',
  'server/trust/runTool.ts',
  'server/sandbox/runBounded.ts',
  'server/validate/python/languageServer.ts',
]);
const files = ['server', 'index', 'grammars'].flatMap(folder => sources(folder));
const imports = files.flatMap(importsOf);

describe('the architecture', () => {
  it('has a layer for every file', () => {
    assert.deepEqual(
      files.filter(file => layerOf(file) === null),
      [],
    );
  });

  it('is layered: nothing imports what stands below it in the table', () => {
    const wrong = imports.filter(({ from, to, isOurs }) => {
      const [own, other] = [layerOf(from), isOurs ? layerOf(to) : null];
      return own !== null && other !== null && own !== other && !own.mayImport.includes(other.name);
    });
    assert.deepEqual(wrong.map(describeImport), []);
  });

  it('keeps each package in its folder', () => {
    const wrong = imports.filter(
      ({ from, to, isOurs }) => !isOurs && layerOf(from)?.packages.includes(packageOf(to)) !== true,
    );
    assert.deepEqual(wrong.map(describeImport), []);
  });

  it('has no cycles, not even of types', () => {
    assert.deepEqual(findCycle(), []);
  });

  it('lets only server/model open connections, besides the socket of the protocol', () => {
    const allowed = new Map([['node:net', ['server/main.ts']]]);
    const modules = ['net', 'http', 'https', 'http2', 'tls', 'dgram', 'dns', 'dns/promises'].map(
      name => `node:${name}`,
    );
    const wrong = files.flatMap(file =>
      builtinsOf(file)
        .filter(name => modules.includes(name) && allowed.get(name)?.includes(file) !== true && !isModel(file))
        .map(name => `${file}: ${name}`),
    );
    assert.deepEqual(wrong, []);
    const fetching = files
      .filter(file => !isModel(file))
      .filter(file => {
        const text = withoutComments(file);
        const isOwn = /\b(?:const|function|let)\s+fetch\b|\bfetch: /.test(text);
        return (
          /\bnew (?:WebSocket|EventSource)\(|globalThis\.fetch/.test(text) || (!isOwn && /(?<!\.)\bfetch\(/.test(text))
        );
      });
    assert.deepEqual(fetching, []);
  });

  it('starts programs only where that is looked after', () => {
    const wrong = files.filter(
      file => builtinsOf(file).some(name => /^(?:node:)?(?:child_process|cluster)$/.test(name)) && !mayStart.has(file),
    );
    assert.deepEqual(wrong, []);
    const withoutUse = [...mayStart].filter(file => !builtinsOf(file).includes('node:child_process'));
    assert.deepEqual(withoutUse, []);
  });

  it("asks git only for commands that a person starts by hand, and never for the work tree's state", () => {
    const askers = imports.filter(
      ({ from, to }) => /^server\/trust\/git/.test(to) && !isTrust(from) && !isCommandLine(from),
    );
    assert.deepEqual(askers.map(describeImport), []);
    const commands = new Set(
      /type GitCommand =([^;]*);/.exec(withoutComments('server/trust/git.ts'))?.[1]?.match(/[\w-]+/g),
    );
    assert.deepEqual([...commands].sort(), ['cat-file', 'diff-tree', 'log']);
  });
});

function layerOf(path: string): Layer | null {
  return layers.find(({ holds }) => holds(path)) ?? null;
}

function describeImport({ from, to }: Import): string {
  return `${from} imports ${to}`;
}

function sources(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })
    .map(path => posix.join(folder, path.replaceAll('\\', '/')))
    .filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'));
}

function specifiersOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(repositoryRoot, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

function importsOf(from: string): Import[] {
  return specifiersOf(from).flatMap((specifier): Import[] => {
    if (specifier.startsWith('.')) {
      const to = posix.join(dirname(from), specifier).replace(/\.js$/, '.ts');
      return [{ from, to, isOurs: true }];
    }
    return specifier.startsWith('node:') || builtinModules.includes(specifier)
      ? []
      : [{ from, to: specifier, isOurs: false }];
  });
}

function builtinsOf(file: string): string[] {
  return specifiersOf(file).filter(name => name.startsWith('node:') || builtinModules.includes(name));
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function withoutComments(file: string): string {
  const text = readFileSync(join(repositoryRoot, file), 'utf8');
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** The files of one cycle in order, or nothing. */
function findCycle(): string[] {
  const targets = new Map<string, string[]>(files.map(file => [file, []]));
  for (const { from, to, isOurs } of imports) if (isOurs) targets.get(from)?.push(to);
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (file: string): string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    way.push(file);
    for (const target of targets.get(file) ?? []) {
      const cycle = visit(target);
      if (cycle.length > 0) return cycle;
    }
    way.pop();
    done.add(file);
    return [];
  };
  for (const file of files) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
