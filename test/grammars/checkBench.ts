// Cuts code out of real files and asks whether it may be put back:
// node out/test/grammars/checkBench.js DIR LANGUAGE-ID [CURSORS] [--show]
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { createDocumentTrees } from '../../grammars/documentTrees.js';
import { createGrammars } from '../../grammars/parse.js';
import { languageOf } from '../../grammars/registry.js';
import { grammarFolders } from '../support/grammarFolders.js';

const [, , folder = '.', id = 'typescript', count = '1000'] = argv;
const show = argv.includes('--show');
let seed = 1;

interface Case {
  readonly path: string;
  readonly before: string;
  readonly removed: string;
  readonly after: string;
}

const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name))
  .flatMap(path => {
    const loose = languageOf(path, '')?.id;
    if (loose !== id && loose !== 'c') return [];
    const text = readFileSync(path, 'utf8');
    return text.length > 300 && text.length < 200_000 && languageOf(path, '', text.slice(0, 4000))?.id === id
      ? [{ path, text }]
      : [];
  });

const trees = createDocumentTrees(await createGrammars(grammarFolders));
const rows = new Map<string, { asked: number; whole: number; kept: number; of: number; ms: number[] }>();
let version = 0;
for (let at = 0; at < Number(count); at++) {
  const file = texts[random(texts.length)];
  if (file === undefined) break;
  const places = [...file.text.matchAll(/(?<=[^\S\n]|[([{,.=]|^)\S[^\n]*/gm)];
  const place = places[random(places.length)];
  if (place === undefined) continue;
  const rest = file.text.slice(place.index);
  const lines = rest.split('\n');
  const wanted = 1 + random(3);
  const shortText = (lines[0] ?? '').trimEnd();
  const longText = lines.slice(0, wanted).join('\n').trimEnd();
  // The rest of the block is not written yet, or not even its end.
  const indentation =
    /^[ \t]*/.exec(file.text.slice(file.text.lastIndexOf('\n', place.index - 1) + 1))?.[0].length ?? 0;
  const dedent = lines.findIndex(
    (line, at_) => at_ > 0 && line.trim() !== '' && (/^[ \t]*/.exec(line)?.[0].length ?? 0) < indentation,
  );
  const ends = dedent > 0 && /^\s*(end|[)}\]])[^{]*$/.test(lines[dedent] ?? '');
  const toDedent = lines.slice(0, dedent).join('\n').length;
  const pastDedent = lines.slice(0, dedent + 1).join('\n').length;
  const base = { path: file.path, before: file.text.slice(0, place.index) };
  if (shortText.length < 2 || longText.length > 600) continue;
  const line: Case = { ...base, removed: shortText, after: rest.slice(shortText.length) };
  ask('rest of line', line, line.removed, true);
  const block: Case = { ...base, removed: longText, after: rest.slice(longText.length) };
  if (wanted > 1) ask('lines', block, block.removed, true);
  if (dedent > 0 && (ends || id === 'python') && longText.length <= toDedent) {
    const rest_: Case = { ...base, removed: longText, after: rest.slice(toDedent) };
    ask('rest of block gone', rest_, rest_.removed, true);
    const end: Case = { ...base, removed: longText, after: rest.slice(pastDedent) };
    if (ends) ask('and its end', end, end.removed, true);
  }
  const closer = ')]}'.charAt(random(3));
  if (!/[([{]|\/[/*]|#/.test(shortText)) ask('extra closer', line, line.removed + closer, false);
  const tokens = longText.match(/\w+|\s+|[^\s\w]/g) ?? [];
  const solid = tokens.flatMap((token, place_) => (token.trim() === '' ? [] : [place_]));
  const first = random(Math.max(1, solid.length - 1));
  const a = solid[first];
  const b = solid[first + 1];
  if (a !== undefined && b !== undefined && tokens[a] !== tokens[b]) {
    const swapped = [...tokens];
    [swapped[a], swapped[b]] = [tokens[b] ?? '', tokens[a] ?? ''];
    ask('tokens swapped', block, swapped.join(''), false);
  }
  const other = file.text.split('\n')[random(file.text.split('\n').length)]?.trim() ?? '';
  const half = solid[solid.length >> 1];
  if (half !== undefined && other.length > 5) {
    ask('cut into another', block, `${tokens.slice(0, half).join('')} ${other}`, false);
  }
}
for (const [name, { asked, whole, kept, of, ms }] of rows) {
  ms.sort((x, y) => x - y);
  const atShare = (share: number): string => (ms[Math.floor((ms.length - 1) * share)] ?? 0).toFixed(2);
  console.log(
    `${id.padEnd(12)} ${name.padEnd(20)} asked ${String(asked).padStart(5)}  whole ${((100 * whole) / asked).toFixed(1).padStart(5)} %  ` +
      `kept ${((100 * kept) / of).toFixed(1).padStart(5)} %  ms p50 ${atShare(0.5)} p95 ${atShare(0.95)} p99 ${atShare(0.99)}`,
  );
}

function ask(name: string, { path, before, after }: Case, text: string, right: boolean): void {
  const uri = 'file:///bench';
  version++;
  trees.open({ uri, path, languageId: '', version, text: before + after });
  const around = trees.surroundings(uri, version, before.length);
  if (around === null || around.inComment || around.inString) return;
  const started = performance.now();
  const result = trees.check({ uri, version, start: before.length, end: before.length, text }, 1_000);
  const ms = performance.now() - started;
  const row = rows.get(name) ?? { asked: 0, whole: 0, kept: 0, of: 0, ms: [] };
  rows.set(name, row);
  row.asked++;
  if (result.keep === text.length) row.whole++;
  row.kept += result.keep;
  row.of += text.length;
  row.ms.push(ms);
  if (show && (result.keep === text.length) !== right) {
    const lineBefore = before.slice(before.lastIndexOf('\n', before.lastIndexOf('\n') - 1) + 1);
    console.log(
      `--- ${name} ${path} ${result.verdict} ${result.keep}/${text.length}\n${lineBefore}«${text.slice(0, result.keep)}‖${text.slice(result.keep)}»${after.slice(0, 80)}`,
    );
  }
}

function random(below: number): number {
  seed = (seed * 1103515245 + 12345) & 0x7fffffff;
  return (seed >> 8) % Math.max(1, below);
}
