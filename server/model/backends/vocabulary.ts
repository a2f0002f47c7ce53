import { fimFamilies, type FimFamily } from '../fim/families.js';

/** All texts that tell families apart. */
export const tellingPieces: readonly string[] = [
  ...new Set(fimFamilies.flatMap(({ pieces }) => [...pieces.has, ...(pieces.lacks ?? [])])),
];

/**
 * The family whose tokens a vocabulary has. Where several fit, the one that the model's name speaks for, otherwise the first
 * that needs no name.
 */
export function familyByPieces(hasPiece: (piece: string) => boolean, modelName: string): FimFamily | null {
  const fitting = fimFamilies.filter(
    ({ pieces }) => pieces.has.every(hasPiece) && !(pieces.lacks ?? []).some(hasPiece),
  );
  return (
    fitting.find(({ names }) => names.test(modelName)) ?? fitting.find(family => family.needsName !== true) ?? null
  );
}

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
