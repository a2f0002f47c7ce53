import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repositoryRoot.js';

// Packs, installs as a user does, looks at what came along, and lets the installed program work once.
// Too slow for every run of the tests: npm run test:package.

const maxMb = 300;
/** What an installation must not hold: heavy, downloading in its install script, or opening connections. */
const unwanted = [/^@huggingface\//, /^onnxruntime/, /^sharp$/, /^@img\//, /^openai$/, /^@lancedb\/lancedb$/];

const work = mkdtempSync(join(tmpdir(), 'understudy-install-'));
try {
  install();
} finally {
  rmSync(work, { recursive: true, force: true });
}

function install(): void {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], repositoryRoot)) as [
    { readonly filename: string; readonly size: number },
  ];
  const prefix = join(work, 'prefix');
  // Without their scripts, as a script that fails offline would take its package out of the sum.
  run(
    'npm',
    ['install', '-g', '--prefix', prefix, '--ignore-scripts', '--no-audit', '--no-fund', join(work, packed.filename)],
    work,
  );
  const megabytes = folderBytes(prefix) / 1024 / 1024;
  say(`tarball ${(packed.size / 1024 / 1024).toFixed(1)} MB, installed ${megabytes.toFixed(0)} MB`);
  if (megabytes > maxMb) fail(`${megabytes.toFixed(0)} MB installed, ${maxMb} allowed`);
  checkPackages(packagesBelow(prefix));

  const program = join(prefix, process.platform === 'win32' ? 'understudy.cmd' : 'bin/understudy');
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  const said = run(program, ['--version'], work).trim();
  if (said !== version) fail(`--version says ${said}, not ${version}`);
  searchWith(program);
  say('ok');
}

function checkPackages(names: readonly string[]): void {
  for (const name of names) if (unwanted.some(pattern => pattern.test(name))) fail(`${name} was installed`);
  const platforms = names.filter(name => name.startsWith('@lancedb/'));
  if (platforms.length !== 1) fail(`one platform package of LanceDB expected, found ${platforms.join(', ') || 'none'}`);
  say(`packages: ${names.join(' ')}`);
}

function searchWith(program: string): void {
  const project = join(work, 'project');
  mkdirSync(project);
  writeFileSync(
    join(project, 'tariff.py'),
    'def compute_tariff(weight):\n    """Price of a parcel by its weight."""\n    return weight * 3\n',
  );
  const indexed = JSON.parse(run(program, ['index', '--json', '--folder', project], work)) as {
    readonly files: number;
  };
  if (indexed.files !== 1) fail(`index says ${JSON.stringify(indexed)}`);
  const { results } = JSON.parse(run(program, ['search', 'parcel price', '--json', '--folder', project], work)) as {
    readonly results: readonly { readonly name: string }[];
  };
  if (results[0]?.name !== 'compute_tariff') fail(`search found ${JSON.stringify(results)}`);
  const database = readdirSync(join(work, 'cache', 'understudy'), { recursive: true, encoding: 'utf8' });
  if (!database.some(path => path.endsWith('.lance'))) fail('LanceDB has stored nothing: it was not loaded');
}

function run(program: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, XDG_CACHE_HOME: join(work, 'cache'), XDG_CONFIG_HOME: join(work, 'config') };
  return execFileSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
}

function packagesBelow(folder: string): string[] {
  const found: string[] = [];
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const name = /(?:^|[/\\])node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\@.][^/\\]*)$/.exec(path)?.[1];
    if (name !== undefined && existsSync(join(folder, path, 'package.json'))) found.push(name.replaceAll('\\', '/'));
  }
  return found.sort();
}

function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  return bytes;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(why: string): never {
  throw new Error(why);
}
