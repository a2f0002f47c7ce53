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
