#!/usr/bin/env node
'use strict';
// Starts the program. An editor waits for this: each bundle is one file, and the machine code that V8 made of it the
// last time is kept in the person's cache folder, so that it need not be compiled again.
const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');

const load = createLoader();
load(path.join(__dirname, 'server', 'main.js')).main(process.argv.slice(2));

function createLoader() {
  const folder = codeCacheFolder();
  if (folder === null) return require;
  if (typeof Module.enableCompileCache === 'function') {
    Module.enableCompileCache(folder);
    return require;
  }
  const loaded = new Map();
  return function load(file) {
    if (!loaded.has(file)) loaded.set(file, loadCached(file, folder, createRequire(file, load)));
    return loaded.get(file);
  };
}

/** Our own bundles require one another by relative paths; everything else is node's business. */
function createRequire(file, loadOwn) {
  const standard = Module.createRequire(file);
  const own = name => (name.startsWith('.') && name.endsWith('.js') ? loadOwn(standard.resolve(name)) : standard(name));
  return Object.assign(own, { resolve: standard.resolve, cache: standard.cache });
}

/** For Node versions before 22.1, which have no compile cache of their own. */
function loadCached(file, folder, requireFrom) {
  const vm = require('node:vm');
  const source = fs.readFileSync(file, 'utf8');
  const cacheFile = path.join(folder, `${path.basename(path.dirname(file))}-${path.basename(file)}.cache`);
  const key = keyOf(file, source);
  const cachedData = readCache(cacheFile, key);
  const script = new vm.Script(Module.wrap(source), { filename: file, ...(cachedData === null ? {} : { cachedData }) });
  const module = { exports: {} };
  script.runInThisContext().call(module.exports, module.exports, requireFrom, module, file, path.dirname(file));
  if (cachedData === null || script.cachedDataRejected === true) {
    // Later, so that what was compiled while starting is kept too.
    setTimeout(() => writeCache(cacheFile, key, script.createCachedData()), 1500).unref();
  }
  return module.exports;
}

/** V8 compares no more than the length of the source, and does not survive damaged data: both are checked here. */
function keyOf(file, source) {
  const { mtimeMs, size } = fs.statSync(file);
  return digest(`${file} ${mtimeMs} ${size} ${source.length} ${process.version} ${process.arch}`);
}

function digest(content) {
  return require('node:crypto').createHash('sha256').update(content).digest();
}

function readCache(cacheFile, key) {
  try {
    const bytes = fs.readFileSync(cacheFile);
    const data = bytes.subarray(64);
    return bytes.subarray(0, 32).equals(key) && bytes.subarray(32, 64).equals(digest(data)) ? data : null;
  } catch {
    return null; // None yet: the first start.
  }
}

function writeCache(cacheFile, key, data) {
  const temporary = `${cacheFile}.${process.pid}`;
  try {
    fs.writeFileSync(temporary, Buffer.concat([key, digest(data), data]), { mode: 0o600 });
    fs.renameSync(temporary, cacheFile);
  } catch {
    // A full or read-only disk: the next start compiles again.
    fs.rmSync(temporary, { force: true });
  }
}

/** A folder that nobody else can write to, as code is run from it; null where there is none. */
function codeCacheFolder() {
  try {
    const folder = path.join(cacheRoot(), 'understudy', 'code');
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') return folder;
    const { uid, mode } = fs.statSync(folder);
    return uid === process.getuid() && (mode & 0o022) === 0 ? folder : null;
  } catch {
    return null;
  }
}

/** As server/base/platformFolders.ts has it; the bundle that holds that file is what is being loaded. */
function cacheRoot() {
  const set = process.env.XDG_CACHE_HOME;
  if (set !== undefined && path.isAbsolute(set) && process.platform !== 'win32') return set;
  const home = require('node:os').homedir();
  if (process.platform === 'darwin') return path.join(home, 'Library', 'Caches');
  if (process.platform !== 'win32') return path.join(home, '.cache');
  return path.join(process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'Cache');
}
