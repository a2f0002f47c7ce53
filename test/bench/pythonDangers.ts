/**
 * How often Ruff's S codes, weighed as the gate weighs them, speak of code that people released: Python's own standard library
 * and the projects of the benchmark of invented names. What is `high` would have been refused.
 * usage: node out/test/bench/pythonDangers.js [--write]
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog } from '../../server/base/log.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { ownEntries } from '../../server/createCore.js';
import { createRuffValidator } from '../../server/validate/python/createRuffValidator.js';
import { pythonRow } from './invented/python.js';

interface Counted {
  readonly files: number;
  readonly thousandLines: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Places of what is high. */
  readonly high: readonly string[];
}

const ruff = createRuffValidator({ entries: ownEntries(), log: silentLog });
const results: Record<string, Counted> = {};
const library = execFileSync('python3', ['-c', 'import os; print(os.path.dirname(os.__file__))'], {
  encoding: 'utf8',
}).trim();
results[`standard library of ${execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim()}`] =
  await count(library);
for (const { name, folder } of await pythonRow.projects()) results[name] = await count(folder);
await ruff.dispose?.();

const all = Object.values(results);
const sum = (of: (counted: Counted) => number): number => all.reduce((total, counted) => total + of(counted), 0);
const high = sum(counted => counted.high.length);
const thousandLines = Math.round(sum(counted => counted.thousandLines));
const figures = {
  date: new Date().toISOString().slice(0, 10),
  thousandLines,
  high,
  highInThousandLines: Number((high / thousandLines).toFixed(4)),
  results,
};
console.log(JSON.stringify(figures, null, 1));
if (process.argv.includes('--write'))
  writeFileSync(
    fileURLToPath(new URL('../../../test/bench/results/pythonDangers.json', import.meta.url)),
    `${JSON.stringify(figures, null, 1)}\n`,
  );

async function count(folder: string): Promise<Counted> {
  const { signal } = new AbortController();
  const workplace = { folder: null, isTrusted: false, index: null, gate: defaultSettings().gate };
  const counts: Record<string, number> = {};
  const high: string[] = [];
  let [files, lines] = [0, 0];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.py') || /(?:^|\/)(?:site-packages|\.venv|build|lib2to3\/tests|tests?)\//.test(name)) continue;
    const path = join(folder, name);
    const text = readFileSync(path, 'utf8');
    files++;
    lines += text.split('\n').length;
    const { findings } = await ruff.examine([{ path, languageId: 'python', text }], workplace, signal);
    for (const { rule, severity, start } of findings) {
      if (!rule.startsWith('security/')) continue;
      const key = `${rule} ${severity}`;
      counts[key] = (counts[key] ?? 0) + 1;
      if (severity === 'high')
        high.push(`${relative(folder, path)}:${text.slice(0, start).split('\n').length} ${rule}`);
    }
  }
  return { files, thousandLines: Number((lines / 1000).toFixed(1)), counts, high };
}
