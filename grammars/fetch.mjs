// Fetches the grammars anew from the packages that grammars/NOTICE names, into a temporary folder, and compares their
// sums with the files that are committed. Nothing of the packages is run or installed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const rows = [
  ...readFileSync(join(folder, 'NOTICE'), 'utf8').matchAll(/^(\S+\.wasm) +(\S+)@(\S+) +(\S+) +([0-9a-f]{64})$/gm),
];
const temporary = mkdtempSync(join(tmpdir(), 'understudy-grammars-'));
let wrong = 0;
try {
  for (const [, file, name, version, path, sum] of rows) {
    const tarball = fetchPackage(name, version);
    const fetched = execFileSync('tar', ['-xzOf', tarball, `package/${path}`], { maxBuffer: 64e6 });
    const committed = readFileSync(join(folder, 'wasm', file));
    const same = sumOf(fetched) === sum && sumOf(committed) === sum;
    if (!same) wrong++;
    console.log(`${same ? 'same     ' : 'DIFFERENT'} ${file} ${name}@${version}`);
  }
} finally {
  rmSync(temporary, { recursive: true });
}
console.log(`${rows.length - wrong} of ${rows.length} files are what the packages hold.`);
if (wrong > 0 || rows.length === 0) process.exitCode = 1;

function fetchPackage(name, version) {
  const target = mkdtempSync(join(temporary, 'package-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', target, `${name}@${version}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(target, readdirSync(target)[0]);
}

function sumOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
