import { asComments } from './comments.js';
import { defuse, type Defused } from './defuse.js';
import type { FimFamily } from './families.js';
import { heal } from './heal.js';
import type { FillInPrompt, Passage } from '../prompt.js';

/** A raw prompt, and what is needed to read its answer. */
export interface RenderedFillIn {
  readonly prompt: string;
  /** At most four. */
  readonly stop: readonly string[];
  /** All that ends an answer. */
  readonly ends: readonly string[];
  /** The cursor's line left of the cursor, as it stands in the document. */
  readonly typed: string;
  /** The blank at the end of `typed` that the prompt lacks. */
  readonly healed: string;
  readonly defused: Defused;
}

/**
 * The prompt in a family's form, what changes least first: a server that keeps what it has read reads only from the first
 * difference on. Tokens of any family in the person's own text are broken up.
 */
export function renderFillIn(family: FimFamily, prompt: FillInPrompt): RenderedFillIn {
  const { kept, healed } = heal(prompt.typed);
  const asFiles = prompt.related.length > 0 ? family.repository : null;
  const comments = asFiles === null ? asComments(prompt.related, prompt.languageId) : '';
  const values: Values = {
    repository: oneLine(prompt.repository),
    label: oneLine(prompt.label),
    language: oneLine(prompt.languageId),
    prefix: comments + prompt.prefix,
    suffix: prompt.suffix,
    typed: kept,
  };
  const pieces =
    asFiles === null
      ? fill(family.file, values)
      : [
          ...fill(asFiles.header, values),
          ...prompt.related.flatMap(passage => fill(asFiles.related, valuesOf(passage))),
          ...fill(asFiles.file, values),
        ];
  const { text, defused } = join(pieces);
  const ends = [...new Set([...family.stop, ...family.special])];
  return { prompt: text, stop: family.stop, ends, typed: prompt.typed, healed, defused };
}

/**
 * Plain text, for a model without tokens for a hole, and for a server that puts prompt and `suffix` into them itself. The
 * comments with other files come first, then the file's name, then the file up to the cursor.
 */
export function renderContinuation(prompt: FillInPrompt): RenderedFillIn & { readonly suffix: string } {
  const { kept, healed } = heal(prompt.typed);
  const own = asComments([...prompt.related, { ...prompt, text: null }], prompt.languageId);
  const before = defuse(own + prompt.prefix + kept);
  const after = defuse(prompt.suffix);
  return {
    prompt: before.text,
    suffix: after.text,
    stop: plainEnds,
    ends: plainEnds,
    typed: prompt.typed,
    healed,
    defused: new Map([...before.defused, ...after.defused]),
  };
}

/** Written out only where a server shows what should have stayed a token. */
const plainEnds = ['<|endoftext|>', '<|im_end|>', '<|eot_id|>', '</s>'] as const;

type Values = Readonly<Record<string, string>>;

interface Piece {
  readonly text: string;
  /** From the form; the rest is the person's. */
  readonly isForm: boolean;
}

function fill(form: string, values: Values): Piece[] {
  return form
    .split(/\{(\w+)\}/)
    .map((part, index) =>
      index % 2 === 0 ? { text: part, isForm: true } : { text: values[part] ?? '', isForm: false },
    )
    .filter(piece => piece.text !== '');
}

function valuesOf({ label, text }: Passage): Values {
  return { label: oneLine(label), text: text.endsWith('\n') ? text : `${text}\n` };
}

/** A path may hold anything, and must not begin a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** What stands next to each other is made safe together: two harmless halves can make one token. */
function join(pieces: readonly Piece[]): { readonly text: string; readonly defused: Defused } {
  const defused = new Map<string, string>();
  let text = '';
  let own = '';
  const close = (): void => {
    const safe = defuse(own);
    for (const [broken, token] of safe.defused) defused.set(broken, token);
    text += safe.text;
    own = '';
  };
  for (const piece of pieces) {
    if (!piece.isForm) {
      own += piece.text;
      continue;
    }
    close();
    text += piece.text;
  }
  close();
  return { text, defused };
}
