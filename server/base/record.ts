export type UnknownRecord = Readonly<Record<string, unknown>>;

/** An object that is neither null nor a list: what JSON calls an object. */
export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
