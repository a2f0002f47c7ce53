/** The known name that a mistyped one most likely means, or null when none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const typed = name.toLowerCase().slice(0, 80);
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    // People leave the section out, or put a setting into the wrong one.
    const short = candidate.slice(candidate.indexOf('.') + 1).toLowerCase();
    const distance = Math.min(
      editDistance(typed, candidate.toLowerCase()),
      editDistance(typed.slice(typed.indexOf('.') + 1), short) + (typed.includes('.') ? 1 : 0),
    );
    if (best === null || distance < best.distance) best = { name: candidate, distance };
  }
  return best !== null && best.distance <= Math.max(2, Math.floor(typed.length / 4)) ? best.name : null;
}

/** Levenshtein distance, two rows. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
