/** Levenshtein distance, or `most + 1` where it is greater: then most of the work is spared. */
export function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  const far = most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => Math.min(at, far));
  for (let i = 1; i <= one.length; i++) {
    const next = new Array<number>(other.length + 1).fill(far);
    if (i <= most) next[0] = i;
    let least = next[0] ?? far;
    // Further from the diagonal it is greater anyway.
    for (let j = Math.max(1, i - most); j <= Math.min(other.length, i + most); j++) {
      const substituted = (row[j - 1] ?? far) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const cost = Math.min(substituted, (row[j] ?? far) + 1, (next[j - 1] ?? far) + 1, far);
      next[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return far;
    row = next;
  }
  return row[other.length] ?? far;
}

/** Whether two texts differ in at most that share of the longer. Texts beyond a few thousand units do not. */
export function isAlike(one: string, other: string, share: number): boolean {
  const longest = Math.max(one.length, other.length);
  if (longest > 4000) return one === other;
  const most = Math.floor(longest * share);
  return distance(one, other, most) <= most;
}
