/** Reading data that programs wrote: whatever is not as expected is absent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export function parseJson(text: string | undefined): Json {
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

export function field(value: Json | undefined, ...way: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const name of way) {
    if (typeof at !== 'object' || at === null || isList(at)) return undefined;
    at = Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

export function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

export function listOf(value: Json | undefined): readonly Json[] {
  return value !== undefined && isList(value) ? value : [];
}

export function namesIn(value: Json | undefined): readonly string[] {
  return typeof value === 'object' && value !== null && !isList(value) ? Object.keys(value) : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
