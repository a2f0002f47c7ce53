import { Failure, type FailureKind } from '../../server/base/failure.js';
import type { ChunkVectors, VectorBatch } from '../chunkVectors.js';
import type { Opening, Store, StoreBatch, StoreQuery } from '../store.js';

/** What the server asks of the store's process. Each names its folder: the process may have been started anew in between. */
export interface StoreRequest {
  readonly id: number;
  readonly databaseFolder: string;
  /** Whether this server holds the writer's lock of the folder. */
  readonly write: boolean;
  readonly call: StoreCall;
}

export type StoreCall =
  | { readonly method: 'open' }
  | { readonly method: 'commit'; readonly batch: StoreBatch }
  | { readonly method: 'known'; readonly hashes: readonly string[] }
  | { readonly method: 'rankings'; readonly query: StoreQuery }
  | { readonly method: 'definitions'; readonly names: readonly string[] }
  | { readonly method: 'references'; readonly name: string }
  | { readonly method: 'maintain' }
  | {
      readonly method: 'missingVectors';
      readonly embedder: string;
      readonly limit: number;
      readonly except: readonly string[];
    }
  | { readonly method: 'putVectors'; readonly batch: VectorBatch }
  | {
      readonly method: 'nearestVectors';
      readonly embedder: string;
      readonly vector: Float32Array;
      readonly limit: number;
    }
  | { readonly method: 'countVectors' }
  | { readonly method: 'forgetVectors'; readonly hashes: readonly string[] }
  | { readonly method: 'settleVectors'; readonly embedder: string }
  | { readonly method: 'close' };

/** What each call resolves to. */
export interface StoreResults {
  readonly open: Opening;
  readonly commit: null;
  readonly known: ReadonlySet<string>;
  readonly rankings: Awaited<ReturnType<Store['rankings']>>;
  readonly definitions: Awaited<ReturnType<Store['definitions']>>;
  readonly references: Awaited<ReturnType<Store['references']>>;
  readonly maintain: Opening['counts'];
  readonly missingVectors: Awaited<ReturnType<ChunkVectors['missing']>>;
  readonly putVectors: Awaited<ReturnType<ChunkVectors['put']>>;
  readonly nearestVectors: Awaited<ReturnType<ChunkVectors['nearest']>>;
  readonly countVectors: Awaited<ReturnType<ChunkVectors['counts']>>;
  readonly forgetVectors: null;
  readonly settleVectors: null;
  readonly close: null;
}

export type StoreAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: PlainFailure }
  | { readonly id: number; readonly bug: string };

/** Asks the process to finish what it writes and to go. */
export const goodbye = 'goodbye';

interface PlainFailure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly remedy: string | null;
}

export function plainFailure({ kind, message, remedy }: Failure): PlainFailure {
  return { kind, message, remedy };
}

export function failureOf({ kind, message, remedy }: PlainFailure): Failure {
  return new Failure(kind, message, remedy === null ? {} : { remedy });
}
