import ts from 'typescript';
import { isRecord } from '../../base/record.js';
import { foldersAbove } from './configuration.js';
import type { FileState } from './fileState.js';
import { jsonOf } from './jsonOf.js';
import { posix } from 'node:path';

/** Names that runtimes, test runners and pages bring, for projects in which their types are not installed. */
const wellKnown: ReadonlySet<string> = new Set(
  (
    'process Buffer require module exports __dirname __filename global globalThis setImmediate clearImmediate NodeJS ' +
    'describe context suite it test specify xit xdescribe fit fdescribe xtest before after beforeEach afterEach beforeAll afterAll expectTypeOf assertType ' +
    'setup teardown suiteSetup suiteTeardown expect assert jest vi vitest jasmine sinon chai cy Cypress spyOn spyOnProperty fail pending should QUnit by element browser protractor ' +
    'inject bench mocha run define requirejs System importScripts ' +
    'window document navigator location history screen self parent top frames localStorage sessionStorage alert confirm prompt ' +
    'console fetch XMLHttpRequest WebSocket Worker ActiveXObject WScript ' +
    'chrome safari opera browser moz mozRequestAnimationFrame webkitAudioContext Components Services ChromeUtils ' +
    '$ $$ jQuery _ angular ng React ReactDOM Vue Ember Backbone Handlebars Mustache moment d3 THREE L google gapi ga gtag dataLayer ' +
    'MathJax katex hljs Prism ace CodeMirror monaco Highcharts Chart Stripe FB twttr grecaptcha YT PIXI Phaser p5 Alpine htmx axios bootstrap ' +
    'Deno Bun EdgeRuntime HTMLRewriter WebSocketPair caches clients skipWaiting registration ' +
    'JQuery JQueryStatic JQueryXHR GeoJSON GPUDevice GPUBuffer GPUTexture GPU ' +
    'JSX Express Cypress Chai Mocha Jest jestExpect GM_xmlhttpRequest GM_getValue GM_setValue unsafeWindow ' +
    '__non_webpack_require__ __webpack_public_path__ __webpack_require__ __webpack_modules__ __resourceQuery __DEV__ ' +
    'Meteor Template Session Accounts Mongo ServerSession artifacts contract web3 ethers hre Java Packages Polyglot ' +
    'quit print load readline arguments gc drainJobQueue uneval version'
  ).split(' '),
);

/**
 * Whether a name that the compiler does not know may come from where a project runs, so that nothing can be said: known
 * runtimes whose types are not installed, names put in by a bundler, and what the project tells its linter.
 */
export function isFromEnvironment(diagnostic: ts.Diagnostic, source: ts.SourceFile, state: FileState): boolean {
  const { start = 0, length = 0, code } = diagnostic;
  const name = source.text.slice(start, start + length);
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) return false;
  if (isKnownGlobal(name, source, state)) return true;
  // With types missing, namespaces of theirs cannot be told from inventions, and what every runtime has is none.
  return (code === 2503 || runtimeGlobals.has(name)) && lacksTypes(state, source);
}

/** What Node brings, and browsers mostly do too; and types that come with them. */
const runtimeGlobals: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  ...['BufferEncoding', 'RequestInit', 'RequestInfo', 'BodyInit', 'HeadersInit', 'AbortSignalEventMap'],
]);

export function isKnownGlobal(name: string, source: ts.SourceFile, state: FileState): boolean {
  return wellKnown.has(name) || /^__\w+__$/.test(name) || saidToLinter(name, source, state);
}

function saidToLinter(name: string, source: ts.SourceFile, { files }: FileState): boolean {
  for (const [, names = ''] of source.text.matchAll(/\/\*\s*(?:globals?|exported)\s+([^*]*)\*\//g)) {
    if (names.split(/[\s,]+/).some(entry => entry.replace(/:.*/, '') === name)) return true;
  }
  for (const folder of foldersAbove(source.fileName, files.root)) {
    for (const file of files
      .entries(folder)
      .files.filter(entry =>
        /^(?:\.eslintrc|\.jshintrc|eslint\.config|\.oxlintrc|biome\.jsonc?|package\.json)/.test(entry),
      )) {
      const text = files.readFile(posix.join(folder, file)) ?? '';
      if (file === 'package.json') {
        const manifest = jsonOf(text);
        if (!isRecord(manifest)) continue;
        const globals = [manifest['standard'], manifest['eslintConfig'], manifest['xo']];
        if (globals.some(part => isRecord(part) && JSON.stringify(part['globals'] ?? '').includes(`"${name}"`)))
          return true;
      } else if (new RegExp(`["'\\s,{]${name.replaceAll('$', '\\$')}["']?\\s*:`).test(text)) return true;
    }
  }
  return false;
}

/** Whether it is a member of `import.meta`, of which each host and bundler has its own, and whose types cannot be read. */
export function isOfUnknownHost(
  { code, messageText }: ts.Diagnostic,
  source: ts.SourceFile,
  state: FileState,
): boolean {
  if (code !== 2339 && code !== 2551) return false;
  return ts.flattenDiagnosticMessageText(messageText, ' ').includes("'ImportMeta'") && lacksTypes(state, source);
}

/** Whether types that the project counts on are not there. */
function lacksTypes({ configuration, packages, files }: FileState, source: ts.SourceFile): boolean {
  const types = (configuration.options.types ?? []).filter(name => name !== '*');
  const missing = types.some(name => !/^[./]/.test(name) && !isThere(name));
  return (
    missing ||
    !foldersAbove(source.fileName, files.root).some(folder => files.directoryExists(posix.join(folder, 'node_modules')))
  );

  function isThere(name: string): boolean {
    const root = name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/');
    return (
      packages.installs(root, source.fileName) ||
      packages.installs(`@types/${root.replace(/^@([^/]+)\//, '$1__')}`, source.fileName)
    );
  }
}
