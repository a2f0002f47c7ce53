/** So many of a list, spread over all of it, the same each time; all of a shorter one. */
export function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, at) => items[Math.floor((at * items.length) / most)]).filter(
    item => item !== undefined,
  );
}
