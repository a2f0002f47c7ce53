import { execFile } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../support/repositoryRoot.js';
import { miniLm } from '../weights/miniLm.js';
import { writeWeights } from '../writeWeights.js';
import { testsFolder } from './testsFolder.js';

export interface MadeModels {
  /** Goes on as the prompt went on at the same words before; fills in, by the tokens of the Qwen coder family. */
  readonly copy: string;
  /** Says noise. Knows the same tokens. */
  readonly random: string;
  remove(): Promise<void>;
}

/** The models that are made by code, written anew: it takes a moment, and nothing old can be left. */
export async function makeModels(): Promise<MadeModels> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-weights-'));
  return { ...(await writeWeights(folder)), remove: () => rm(folder, { recursive: true, force: true }) };
}

export interface RealModels {
  /** SmolLM2-135M-Instruct: talks, does not fill in. */
  readonly smollm2: string;
  /** all-MiniLM-L6-v2: embeddings of 384 dimensions. */
  readonly miniLm: string;
}

/** Two small models that were trained, fetched when they are not there yet. Rejects where they cannot be had. */
export async function findModels(): Promise<RealModels> {
  const folder = testsFolder('UNDERSTUDY_MODELS', 'models');
  await promisify(execFile)(join(repositoryRoot, 'test/models/getModels.sh'), [folder]).catch((error: unknown) => {
    throw new Error('The models cannot be fetched; test/models/getModels.sh says why.', { cause: error });
  });
  const embedding = join(folder, 'minilm.gguf');
  if (!existsSync(embedding)) {
    const arriving = `${embedding}.${process.pid}`;
    await pipeline(Readable.from(await miniLm(join(folder, 'minilm'))), createWriteStream(arriving));
    await rename(arriving, embedding);
  }
  return { smollm2: join(folder, 'smollm2.gguf'), miniLm: embedding };
}
