import { seededRandom } from '../bench/histories/random.js';
import type { FillInPrompt } from '../../server/model/prompt.js';
import type { Redactor } from '../../server/model/redactor.js';
import { harmlessTokens, plantSecrets, type PlantedFile, type PlantedSecret } from '../support/plantedSecrets.js';

/** As the window around a cursor is cut: about 2,000 tokens either side, and some more that is only looked at. */
const windowUnits = 6000;
const aroundUnits = 3000;

interface Survivor {
  readonly kind: string;
  readonly shown: string;
  readonly line: string;
}

/** Shows each planted secret with the cursor at a random place near it, and once as a passage beside other code. */
export async function measurePlanted(
  redactor: Redactor,
  seed: number,
  count: number,
): Promise<{ planted: number; kinds: number; survivors: readonly Survivor[] }> {
  const random = seededRandom(seed + 1);
  const { files, secrets } = plantSecrets(seed, count);
  const survivors: Survivor[] = [];
  for (const secret of secrets) {
    const file = files[secret.file];
    if (file === undefined) continue;
    const offset = cursorNear(random, file, secret);
    const prompt = promptAt(file, offset, random);
    const visible = prompt.prefix + prompt.typed + prompt.suffix;
    const { value } = await redactor.fillIn(prompt);
    const left = value.prefix + value.typed;
    const passages = value.related.map(({ text }) => text);
    const cursor = prompt.prefix.length + prompt.typed.length;
    // What stands elsewhere in the file too tells nothing.
    const host = file.text.slice(0, secret.start) + file.text.slice(secret.end);
    const shown = shownOf(secret, visible, cursor, [left, value.suffix]).filter(piece => !host.includes(piece));
    const related = prompt.related.flatMap(({ text }) => secret.hidden.filter(part => text.includes(part)));
    shown.push(...related.filter(part => passages.some(text => text.includes(part))));
    const line = file.text.slice(secret.start, secret.end);
    if (shown[0] !== undefined) survivors.push({ kind: secret.kind, shown: shown[0], line });
  }
  return { planted: secrets.length, kinds: new Set(secrets.map(({ kind }) => kind)).size, survivors };
}

/** Parts of the secret that stood in the window, cut where window and cursor cut them, and that are still there. */
function shownOf(secret: PlantedSecret, visible: string, cursor: number, after: readonly string[]): string[] {
  return secret.hidden.flatMap(part => {
    const pieces: string[] = [];
    for (let at = visible.indexOf(part); at !== -1; at = visible.indexOf(part, at + 1)) {
      const split = Math.min(Math.max(cursor - at, 0), part.length);
      pieces.push(part.slice(0, split), part.slice(split));
    }
    // The window's edge may have cut it.
    for (let length = part.length - 1; length >= shortest; length--) {
      if (visible.startsWith(part.slice(-length))) pieces.push(part.slice(-length));
      if (visible.endsWith(part.slice(0, length))) pieces.push(part.slice(0, length));
    }
    return pieces.filter(piece => piece.length >= shortest && after.some(text => text.includes(piece)));
  });
}

/** Less of a secret may stand in code by chance. */
const shortest = 6;

function cursorNear(random: () => number, file: PlantedFile, { start, end }: PlantedSecret): number {
  const way = random();
  // In it, on its line, near it, or so far that the window's edge falls onto it.
  if (way < 0.3) return start + Math.floor(random() * (end - start + 1));
  if (way < 0.5) return end;
  if (way < 0.8) return Math.min(file.text.length, Math.max(0, start + Math.floor((random() - 0.5) * 4000)));
  const edge = random() < 0.5 ? start - windowUnits : end + windowUnits;
  const near = edge + Math.floor((random() - 0.5) * 2 * (end - start));
  return Math.min(file.text.length, Math.max(0, near));
}

function promptAt(file: PlantedFile, offset: number, random: () => number): FillInPrompt {
  const { text } = file;
  const start = Math.max(0, offset - windowUnits);
  const end = Math.min(text.length, offset + windowUnits);
  const lineStart = Math.max(start, text.lastIndexOf('\n', offset - 1) + 1);
  const other = Math.floor(random() * text.length);
  const passage = text.slice(
    text.lastIndexOf('\n', other) + 1,
    text.indexOf('\n', Math.min(text.length - 1, other + 2500)) + 1 || text.length,
  );
  return {
    languageId: file.languageId,
    path: file.path,
    label: 'file',
    repository: 'project',
    related: [{ path: file.path, label: 'other', startLine: 0, text: passage, source: 'similar' }],
    prefix: text.slice(start, lineStart),
    typed: text.slice(lineStart, offset),
    suffix: text.slice(offset, end),
    startLine: 0,
    around: { before: text.slice(Math.max(0, start - aroundUnits), start), after: text.slice(end, end + aroundUnits) },
  };
}

/** Shows lines with harmless tokens, many to a prompt, and counts the tokens that are no longer there. */
export async function measureHarmless(
  redactor: Redactor,
  seed: number,
  count: number,
): Promise<{ tokens: number; kinds: number; masked: readonly { kind: string; line: string; became: string }[] }> {
  const tokens = harmlessTokens(seed, count);
  const masked: { kind: string; line: string; became: string }[] = [];
  for (let at = 0; at < tokens.length; at += 40) {
    const group = tokens.slice(at, at + 40);
    const { value } = await redactor.texts([group.map(({ line }) => line).join('\n')]);
    const lines = (value[0] ?? '').split('\n');
    group.forEach(({ kind, token, line }, index) => {
      const became = lines[index] ?? '';
      if (!became.includes(token)) masked.push({ kind, line: line.slice(0, 160), became: became.slice(0, 160) });
    });
  }
  return { tokens: tokens.length, kinds: new Set(tokens.map(({ kind }) => kind)).size, masked };
}
