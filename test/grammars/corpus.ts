// Counts what is found in a real tree: node out/test/grammars/corpus.js DIR LANGUAGE-ID
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { createGrammars } from '../../grammars/parse.js';
import { languageOf } from '../../grammars/registry.js';
import { createExtractor } from '../../index/extract.js';
import { grammarFolders } from '../support/grammarFolders.js';

const [, , folder = '.', id = 'typescript'] = argv;
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath, entry.name))
  .flatMap(path => {
    if (languageOf(path, '')?.id !== id && languageOf(path, '')?.id !== 'c') return [];
    const text = readFileSync(path, 'utf8');
    return text.length <= 1_000_000 && languageOf(path, '', text)?.id === id ? [{ path, text }] : [];
  });

const grammars = await createGrammars(grammarFolders);
const extractor = await createExtractor(grammarFolders);
const kinds = new Map<string, number>();
const lengths: number[] = [];
let parseMs = 0;
let extractMs = 0;
let broken = 0;
let torn = 0;
for (const { path, text } of files) {
  const language = languageOf(path, '', text);
  if (language === null) continue;
  const started = performance.now();
  const hasError = grammars.withTree(language, text, tree => tree.rootNode.hasError);
  const parsed = performance.now();
  const { chunks, symbols } = extractor.extract({ path, text });
  parseMs += parsed - started;
  extractMs += performance.now() - parsed;
  if (hasError !== false) broken++;
  if (chunks.map(chunk => chunk.text).join('') !== text) torn++;
  for (const { kind } of symbols) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  for (const chunk of chunks) lengths.push(chunk.text.length);
}
lengths.sort((a, b) => a - b);
const at = (share: number): number => lengths[Math.floor((lengths.length - 1) * share)] ?? 0;
console.log({
  files: files.length,
  megabytes: Number((files.reduce((sum, { text }) => sum + text.length, 0) / 1e6).toFixed(2)),
  parseMs: Math.round(parseMs),
  extractMs: Math.round(extractMs),
  overhead: Number((extractMs / parseMs - 1).toFixed(2)),
  filesWithErrors: broken,
  filesTorn: torn,
  chunks: lengths.length,
  chunkUnits: { p10: at(0.1), p50: at(0.5), p90: at(0.9), max: at(1) },
  symbols: Object.fromEntries(kinds),
});
