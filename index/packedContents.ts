import { deserialize, serialize } from 'node:v8';
import type { Reference } from './codeIndex.js';
import type { FileContent, StoreBatch } from './store.js';

export interface PackedContents {
  readonly contents: readonly FileContent[];
  readonly references: readonly { readonly hash: string; readonly references: readonly Reference[] }[];
}

/** As bytes in a buffer of their own, which can be handed over to another thread without a copy. */
export function packContents(contents: PackedContents): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(serialize(contents));
}

/** The batch with what was packed put where it belongs. Only bytes of our own threads and processes come here. */
export function unpackBatch({ packed, ...batch }: StoreBatch): StoreBatch {
  if (packed === undefined || packed.length === 0) return batch;
  const parts = packed.map(bytes => deserialize(bytes) as PackedContents);
  return {
    ...batch,
    contents: [...batch.contents, ...parts.flatMap(part => part.contents)],
    references: [...batch.references, ...parts.flatMap(part => part.references)],
  };
}
