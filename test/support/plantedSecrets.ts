import { seededRandom } from '../bench/histories/random.js';
import { harmlessTokens as makeHarmless, type HarmlessToken } from '../privacy/harmless.js';
import { loadHosts, type Host } from '../privacy/hosts.js';
import { hiddenParts, pick, secretKinds, type SecretKind } from '../privacy/secretKinds.js';
import { namedWritings, writeBare, writeBlock, writeNamed } from '../privacy/syntaxes.js';

export interface PlantedSecret {
  readonly kind: string;
  readonly value: string;
  /** What must not be seen of it: nearly always all of it. */
  readonly hidden: readonly string[];
  /** Index in `files`. */
  readonly file: number;
  /** Where the line or block that was planted begins and ends. */
  readonly start: number;
  readonly end: number;
}

export interface PlantedFile {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
}

/**
 * Real files with secrets in them that were made for this, kind by kind in turn, written as a person of that language writes
 * them. One secret per file. The same seed plants the same.
 */
export function plantSecrets(
  seed: number,
  count: number,
): { files: readonly PlantedFile[]; secrets: readonly PlantedSecret[] } {
  const random = seededRandom(seed);
  const hosts = loadHosts();
  const written = [...new Set(hosts.map(({ language }) => language))].filter(language => language in namedWritings);
  const files: PlantedFile[] = [];
  const secrets: PlantedSecret[] = [];
  for (let index = 0; index < count; index++) {
    const kind = secretKinds[index % secretKinds.length] ?? pick(random, secretKinds);
    // A language first, so that the many files of one do not crowd out the others.
    const language = pick(random, written);
    const host = pick(
      random,
      hosts.filter(one => one.language === language),
    );
    const { text, value, start, end } = plantOne(random, host, kind);
    files.push({ path: host.path, languageId: host.language, text });
    secrets.push({ kind: kind.kind, value, hidden: hiddenParts(value), file: index, start, end });
  }
  return { files, secrets };
}

/** What is no secret and looks like chance, in the lines that it stands in. */
export function harmlessTokens(seed: number, count: number): readonly HarmlessToken[] {
  return makeHarmless(seededRandom(seed), count);
}

function plantOne(
  random: () => number,
  host: Host,
  kind: SecretKind,
): { text: string; value: string; start: number; end: number } {
  const value = kind.make(random);
  const line = value.includes('\n')
    ? writeBlock(random, host.language, value)
    : kind.names === null
      ? writeBare(random, host.language, value)
      : writeNamed(random, host.language, pick(random, kind.names), value);
  const lines = host.text.split('\n');
  const at = Math.floor(random() * lines.length);
  const before = at === 0 ? '' : `${lines.slice(0, at).join('\n')}\n`;
  const text = `${before}${line}\n${lines.slice(at).join('\n')}`;
  return { text, value, start: before.length, end: before.length + line.length };
}
