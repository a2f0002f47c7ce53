import { findCutKeys } from '../secrets/privateKeys.js';
import { merge } from '../secrets/findSecrets.js';
import { looksRandom } from '../secrets/randomness.js';
import type { FoundSecret, SecretFinder } from '../secrets/secrets.js';
import { stripInvisible } from './invisible.js';
import type { Redaction } from './ledger.js';
import { createPlaceholders, type Placeholders } from './placeholders.js';
import type { FillInPrompt } from './prompt.js';
import type { Redactor } from './redactor.js';

/**
 * Masks secrets by placeholders that stay the same for the life of the process, and takes out invisible characters. Nothing
 * of a secret is kept but a keyed digest. Text is looked at as it stands in its file: a hole with what is around it as one.
 */
export function createRedactor(finder: SecretFinder): Redactor {
  const placeholders = createPlaceholders();

  return {
    async fillIn(given) {
      const prompt = cleaned(given);
      const { prefix, typed, suffix, around = { before: '', after: '' }, ...rest } = prompt;
      const whole = around.before + prefix + typed + suffix + around.after;
      const { related } = prompt;
      const names = [prompt.label, prompt.repository, ...related.map(({ label }) => label)];
      const found = await findAll(finder, [whole, ...related.map(({ text }) => text), ...names]);
      const [inDocument = [], ...inOthers] = found;
      const inNames = inOthers.slice(related.length);
      const counts = new Map<string, number>();
      const ends = [prefix, typed, suffix].map(
        (_, index, parts) => around.before.length + parts.slice(0, index + 1).join('').length,
      );
      const starts = [around.before.length, ...ends];
      const masked = ends.map((end, index) =>
        maskPart(whole, { start: starts[index] ?? end, end }, starts[0] ?? 0, inDocument, placeholders, counts),
      );
      const value = {
        ...rest,
        label: mask(prompt.label, inNames[0] ?? [], placeholders, counts),
        repository: mask(prompt.repository, inNames[1] ?? [], placeholders, counts),
        prefix: masked[0] ?? '',
        typed: masked[1] ?? '',
        suffix: masked[2] ?? '',
        related: related.map((passage, index) => ({
          ...passage,
          label: mask(passage.label, inNames[index + 2] ?? [], placeholders, counts),
          text: mask(passage.text, inOthers[index] ?? [], placeholders, counts),
        })),
      };
      return { value, redactions: redactionsOf(counts) };
    },

    async chat(messages) {
      const counts = new Map<string, number>();
      const clean = messages.map(({ role, content }) => ({ role, content: stripInvisible(content) }));
      const found = await findAll(
        finder,
        clean.map(({ content }) => content),
      );
      const value = clean.map(({ role, content }, index) => ({
        role,
        content: mask(content, found[index] ?? [], placeholders, counts),
      }));
      return { value, redactions: redactionsOf(counts) };
    },

    async texts(given) {
      const counts = new Map<string, number>();
      const clean = given.map(stripInvisible);
      const found = await findAll(finder, clean);
      return {
        value: clean.map((text, index) => mask(text, found[index] ?? [], placeholders, counts)),
        redactions: redactionsOf(counts),
      };
    },
  };
}

function cleaned(prompt: FillInPrompt): FillInPrompt {
  const { around } = prompt;
  return {
    ...prompt,
    label: stripInvisible(prompt.label),
    repository: stripInvisible(prompt.repository),
    prefix: stripInvisible(prompt.prefix),
    typed: stripInvisible(prompt.typed),
    suffix: stripInvisible(prompt.suffix),
    related: prompt.related.map(passage => ({
      ...passage,
      label: stripInvisible(passage.label),
      text: stripInvisible(passage.text),
    })),
    ...(around !== undefined && {
      around: { before: stripInvisible(around.before), after: stripInvisible(around.after) },
    }),
  };
}

/** What is a secret in one text is one in all of them: a password that is named in one place is used in another. */
async function findAll(finder: SecretFinder, texts: readonly string[]): Promise<(readonly FoundSecret[])[]> {
  const found = await Promise.all(
    texts.map(async text => merge([...(await finder.find(text)), ...findCutKeysIn(text)], text)),
  );
  const values = new Map<string, string>();
  found.forEach((secrets, index) => {
    for (const { start, end, kind } of secrets) {
      const value = texts[index]?.slice(start, end) ?? '';
      if (isUnmistakable(value)) values.set(value, kind);
    }
  });
  if (values.size === 0) return found;
  return found.map((secrets, index) => {
    const text = texts[index] ?? '';
    return merge([...secrets, ...[...values].flatMap(([value, kind]) => occurrences(text, value, kind))], text);
  });
}

/** A text may be put together of cuts of files, between fences. */
function findCutKeysIn(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  let from = 0;
  for (const fence of [...text.matchAll(/^[ \t]*(?:`{3,}|~{3,}|<[^\n>]{1,200}>).*\n?/gm), null]) {
    const to = fence?.index ?? text.length;
    const cut = findCutKeys(text.slice(from, to));
    found.push(...cut.map(secret => ({ ...secret, start: secret.start + from, end: secret.end + from })));
    if (fence !== null) from = fence.index + fence[0].length;
  }
  return found;
}

/** Would not stand in code by chance. */
function isUnmistakable(value: string): boolean {
  return value.length >= 8 && (looksRandom(value) || /\d/.test(value) || value.length >= 16);
}

function occurrences(text: string, value: string, kind: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + value.length)) {
    found.push({ start: at, end: at + value.length, kind });
  }
  return found;
}

interface Part {
  readonly start: number;
  readonly end: number;
}

function mask(
  text: string,
  secrets: readonly FoundSecret[],
  placeholders: Placeholders,
  counts: Map<string, number>,
): string {
  return maskPart(text, { start: 0, end: text.length }, 0, secrets, placeholders, counts);
}

/**
 * One part of a text that is shown from `shownFrom` on. A secret that reaches over several parts leaves its placeholder in
 * the first that is shown, and nothing in the others; a part that ended with a line break still does.
 */
function maskPart(
  text: string,
  part: Part,
  shownFrom: number,
  secrets: readonly FoundSecret[],
  placeholders: Placeholders,
  counts: Map<string, number>,
): string {
  if (part.start === part.end) return '';
  let masked = '';
  let at = part.start;
  for (const { start, end, kind } of secrets) {
    if (end <= part.start || start >= part.end) continue;
    masked += text.slice(at, Math.max(at, start));
    if (Math.max(start, shownFrom) >= part.start) {
      masked += placeholders.of(kind, text.slice(start, end));
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    at = Math.min(end, part.end);
    if (end > part.end && text.charAt(part.end - 1) === '\n' && masked !== '') masked += '\n';
  }
  return masked + text.slice(at, Math.max(at, part.end));
}

function redactionsOf(counts: ReadonlyMap<string, number>): readonly Redaction[] {
  return [...counts].map(([kind, count]) => ({ kind, count }));
}
