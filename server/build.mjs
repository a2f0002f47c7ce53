// Builds two trees of the same shape.
// out/   every TypeScript file on its own, for the tests.
// dist/  what is shipped: one file per process or thread, packages bundled in.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const args = process.argv.slice(2);

await buildAll();
if (args.includes('--watch')) watchAndRun(args.slice(args.indexOf('--exec') + 1));

async function buildAll() {
  const sources = ['server', 'index', 'grammars', 'test'].flatMap(listTypeScript);
  await build({
    entryPoints: sources,
    outdir: 'out',
    outbase: '.',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
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
  for (const folder of ['server', 'index', 'grammars', 'test']) {
    watch(folder, { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(rerun, 200);
    });
  }
  void rerun();
}
