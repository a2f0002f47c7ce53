import { fimFamilies } from '../fim/families.js';

/**
 * Which telling pieces a tokenizer makes one token of, by how many tokens longer they make a text; null when it does not say.
 * Each family is given up at its first piece that is none.
 */
export async function readPieces(
  model: string,
  countTokens: (model: string, text: string, signal: AbortSignal) => Promise<number | null>,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | null> {
  const known = new Map<string, boolean>();
  const bare = await countTokens(model, anchor, signal);
  if (bare === null) return null;
  const isOne = async (piece: string): Promise<boolean> => {
    const before = known.get(piece);
    if (before !== undefined) return before;
    // Several, as the first may have gone together with what stands before it.
    const count = await countTokens(model, anchor + piece.repeat(times), signal);
    known.set(piece, count === bare + times);
    return count === bare + times;
  };
  for (const { pieces } of fimFamilies) {
    let hasAll = true;
    for (const piece of pieces.has) hasAll &&= await isOne(piece);
    if (hasAll) for (const piece of pieces.lacks ?? []) await isOne(piece);
  }
  return new Set([...known].filter(([, isToken]) => isToken).map(([piece]) => piece));
}

/** Something for a token to stand behind: an empty prompt is refused. */
const anchor = 'a';
const times = 3;
