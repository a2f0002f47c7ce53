import type { Position } from '../base/position.js';
import { ModelFailure } from './backend.js';
import type { LedgerFile } from './ledger.js';
import type { ChatPrompt, FillInPrompt, Passage } from './prompt.js';

/** A prompt without what must not leave. Raises ModelFailure where its own file must not. */
export function withoutExcluded(prompt: FillInPrompt, isAllowed: (path: string) => boolean): FillInPrompt {
  if (prompt.path !== null && !isAllowed(prompt.path)) throw excluded();
  const related = prompt.related.filter(({ path }) => path === null || isAllowed(path));
  return related.length === prompt.related.length ? prompt : { ...prompt, related };
}

/** Raises ModelFailure: text of an excluded file cannot be taken out of a conversation. */
export function refuseExcluded(passages: readonly Passage[], isAllowed: (path: string) => boolean): void {
  if (passages.some(({ path }) => path !== null && !isAllowed(path))) throw excluded();
}

function excluded(): ModelFailure {
  return new ModelFailure('refused-by-settings', 'An excluded file is shown to no model.', {
    remedy:
      'privacy.exclude, index.exclude and the ignore files say what is excluded; so is what lies outside of all folders of the workspace.',
  });
}

/** Of which files a prompt holds text, and from where to where. */
export function filesOfFillIn(prompt: FillInPrompt): readonly LedgerFile[] {
  const own = { ...prompt, text: prompt.prefix + prompt.typed + prompt.suffix };
  return [fileOf(own), ...prompt.related.map(fileOf)];
}

export function filesOfChat(prompt: ChatPrompt): readonly LedgerFile[] {
  return prompt.passages.map(fileOf);
}

/** What a text is of. Where there is no file, its label stands for it. */
export function fileOf(passage: {
  readonly path: string | null;
  readonly label: string;
  readonly startLine: number;
  readonly text: string;
  readonly drawnFrom?: Passage['drawnFrom'];
}): LedgerFile {
  const { path, label, startLine, text, drawnFrom } = passage;
  const start = { line: drawnFrom?.startLine ?? startLine, character: 0 };
  // Of an extract whole lines are named: what was left out of them does not make them others.
  const end = drawnFrom === undefined ? endOf(startLine, text) : { line: drawnFrom.endLine, character: 0 };
  return { path: path ?? label, range: { start, end } };
}

function endOf(startLine: number, text: string): Position {
  const lines = text.split(/\r\n|\r|\n/);
  return { line: startLine + lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** All text of a prompt, for counting. */
export function textOfFillIn({ related, label, repository, prefix, typed, suffix }: FillInPrompt): string {
  return [repository, label, ...related.flatMap(passage => [passage.label, passage.text]), prefix, typed, suffix].join(
    '\n',
  );
}

/** Code has about 3.5 characters a token. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3.5);
}

/** What a server's own template adds at most. */
const frameTokens = 512;

/** No tokenizer makes more tokens than a text has bytes. */
export function mostTokens(text: string): number {
  return Buffer.byteLength(text) + frameTokens;
}
