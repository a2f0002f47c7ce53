// Builds two trees of the same shape, so that a path from one module to another is right in both.
// out/   every TypeScript file on its own, for the tests.
// dist/  what is shipped: one file per process or thread, and one for each part that is loaded late, packages bundled in.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const args = process.argv.slice(2);

const sourceFolders = ['server', 'index', 'grammars', 'test'];

/** TypeScript itself, once for the process that checks types and for the thread that only parses. */
const compiler = 'server/validate/typescript/compiler';

/** Each becomes one file of dist. */
const bundles = [
  'server/main',
  'server/createCore',
  'server/cli/main',
  'server/model/createModels',
  'server/validate/openGate',
  'index/worker',
  'index/storeProcess',
  'index/indexProcess',
  'index/recall/builder',
  'grammars/treeThread',
  compiler,
  'server/validate/typescript/typescriptProcess',
  'server/validate/typescript/scriptThread',
  'server/validate/code/codeThread',
  'server/validate/names/namesThread',
  'server/validate/users/usersThread',
  'server/validate/python/ruffThread',
  'server/validate/formatting/formatThread',
];

/** Bundles that others require when they need them, instead of holding a copy. */
const lateBundles = ['server/createCore', 'server/cli/main', 'server/model/createModels', 'server/validate/openGate'];

/** What bundled packages look for beside themselves. */
const besideBundles = [
  ['@astral-sh/ruff-wasm-nodejs/ruff_wasm_bg.wasm', 'server/validate/python/ruff_wasm_bg.wasm'],
  ['@wasm-fmt/gofmt/gofmt.wasm', 'server/validate/formatting/gofmt.wasm'],
  ['@wasm-fmt/clang-format/clang-format.wasm', 'server/validate/formatting/clang-format.wasm'],
];

/** Arrow must be the very instance that LanceDB uses, and the platform packages hold its native code. */
const nativeParts = ['apache-arrow', '@lancedb/lancedb-*', '*.node'];
/** LanceDB's, which nothing of ours calls. */
const embeddingFunctions = ['openai', '@huggingface/transformers'];

await buildAll();
if (args.includes('--watch')) watchAndRun(args.slice(args.indexOf('--exec') + 1));

async function buildAll() {
  await Promise.all([buildForTests(), buildForUsers()]);
  for (const tree of ['out', 'dist']) copyTypescriptLibraries(join(tree, 'server/validate/typescript/libraries'));
}

/** The declarations of the language's own library, which the compiler reads from a folder, and Node's for JavaScript without. */
function copyTypescriptLibraries(folder) {
  const from = 'node_modules/typescript/lib';
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(from)) {
    if (/^lib\..*d\.ts$/.test(name)) copyFileSync(join(from, name), join(folder, name));
  }
  for (const name of ['@types/node', 'undici-types']) {
    const filter = path => !/\.md$|ts5\.6$/.test(path);
    cpSync(join('node_modules', name), join(folder, 'packages', name), { recursive: true, filter });
  }
}

function buildForTests() {
  return build({
    entryPoints: sourceFolders.flatMap(listTypeScript),
    outdir: 'out',
    outbase: '.',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
}

async function buildForUsers() {
  const results = await Promise.all(bundles.map(bundle));
  // The package is one of ES modules; what is bundled is not, as only CommonJS can use V8's code cache on Node 20.
  writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
  copyFileSync('server/understudy.cjs', 'dist/understudy.cjs');
  chmodSync('dist/understudy.cjs', 0o755);
  for (const [from, to] of besideBundles) copyFileSync(join('node_modules', from), join('dist', to));
  writeFileSync('dist/THIRD-PARTY-NOTICES.txt', collectLicences(results.map(result => result.metafile)));
}

function bundle(name) {
  return build({
    entryPoints: [name === compiler ? 'node_modules/typescript/lib/typescript.js' : `${name}.ts`],
    outfile: `dist/${name}.js`,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    metafile: true,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    external: name.startsWith('index/') ? [...nativeParts, ...embeddingFunctions] : nativeParts,
    // What the launcher runs from V8's code cache has no loader for import().
    supported: { 'dynamic-import': !name.startsWith('server/') },
    define: { 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
    alias: {
      // Its ES module makes a `require` of its own, which a bundle of CommonJS takes away.
      'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs',
      // Its CommonJS form hands `require` on to a function, where a bundle does not see what is required.
      'jsonc-parser': './node_modules/jsonc-parser/lib/esm/main.js',
    },
    plugins: [requireLate(name)],
  });
}

/** Turns the import of a late bundle into a require of its file. */
function requireLate(name) {
  return {
    name: 'require-late',
    setup({ onResolve }) {
      onResolve({ filter: /^typescript$/ }, () => {
        const way = posix.relative(posix.dirname(name), compiler);
        return { path: way.startsWith('.') ? `${way}.js` : `./${way}.js`, external: true };
      });
      onResolve({ filter: /^\..*\.js$/ }, ({ path, resolveDir, kind }) => {
        const target = relative(root, resolve(resolveDir, path)).replaceAll('\\', '/').replace(/\.js$/, '');
        if (kind === 'entry-point' || target === name || !lateBundles.includes(target)) return null;
        const way = posix.relative(posix.dirname(name), `${target}.js`);
        return { path: way.startsWith('.') ? way : `./${way}`, external: true };
      });
    },
  };
}

/** The licence texts of every package that ended up in a bundle. */
function collectLicences(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const path of Object.keys(inputs)) {
      const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
      if (found !== null) folders.add(found[1]);
    }
  }
  const parts = [...folders].sort().map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter(file => /^(licen[cs]e|notice|copying|thirdpartynotices)/i.test(file));
    const texts = files.map(file => readFileSync(join(folder, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...texts].join('\n\n');
  });
  const rule = `\n\n${'-'.repeat(100)}\n\n`;
  return `These packages are part of the files beside this one.${rule}${parts.join(rule)}\n`;
}

function listTypeScript(folder) {
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (path !== join('test', 'fixtures')) found.push(...listTypeScript(path));
    } else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')) found.push(path);
  }
  return found;
}

function watchAndRun(command) {
  let timer;
  let child;
  const rerun = async () => {
    try {
      await buildAll();
    } catch {
      return; // esbuild has already printed what is wrong.
    }
    child?.kill();
    child = spawn(join('node_modules', '.bin', command[0]), command.slice(1), { stdio: 'inherit' });
  };
  for (const folder of sourceFolders) {
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(rerun, 200);
    });
  }
  void rerun();
}
