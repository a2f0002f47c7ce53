import { fimFamilies, type FimFamily } from './families.js';

/** What to ask a server about: whether its tokenizer makes one token of each. */
export const probeTokens: readonly string[] = [
  ...new Set(fimFamilies.flatMap(({ pieces }) => [...pieces.has, ...(pieces.lacks ?? [])])),
];

/**
 * The family of a vocabulary. `has` says whether a text is a single special token of it. Where several families fit, as they
 * share a vocabulary, the model's name decides if it is known; null when none fits.
 */
export function familyOfPieces(has: (token: string) => boolean, name: string | null = null): string | null {
  // SentencePiece writes the space before a word as ▁, and some servers show it so, others without.
  const isPiece = (token: string): boolean => has(token) || (token.startsWith('▁') && has(token.slice(1)));
  return choose(
    fimFamilies.filter(({ pieces }) => pieces.has.every(isPiece) && !(pieces.lacks ?? []).some(isPiece)),
    name,
  );
}

/** The family of a template that puts prefix and suffix in their places, as Ollama shows it; null when it has none. */
export function familyOfTemplate(template: string, name: string | null = null): string | null {
  return choose(
    fimFamilies.filter(({ file }) => {
      const tokens = [...file.matchAll(/<[^<>{}\s]+>|\[[A-Z]+\]/g)].map(([token]) => token);
      return tokens.filter(token => /fim|code_|PRE|SUF|MID/.test(token)).every(token => template.includes(token));
    }),
    name,
  );
}

/** By name alone, where a server tells nothing: the last resort. */
export function familyOfName(name: string): string | null {
  const known = fimFamilies.find(({ names, name: family }) => names.test(name) && !isOtherModel(family, name));
  return known?.name ?? null;
}

function choose(fitting: readonly FimFamily[], name: string | null): string | null {
  const named = name === null ? undefined : fitting.find(({ names }) => names.test(name));
  return (named ?? fitting.find(({ needsName }) => needsName !== true))?.name ?? null;
}

/** Models that bear a family's name and were not trained to fill in. */
function isOtherModel(family: string, name: string): boolean {
  if (family === 'qwen2.5-coder') return !/coder/i.test(name);
  if (family === 'deepseek-coder') return !/coder/i.test(name) || /coder-?v2-?instruct/i.test(name);
  if (family === 'codellama') return /python|34b|70b/i.test(name);
  if (family === 'glm') return /embed|ocr|image|voice|-\d(?:\.\d)?v\b/i.test(name);
  return false;
}
