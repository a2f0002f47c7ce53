import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { copyTransformer } from './weights/copyTransformer.js';
import { randomTransformer } from './weights/randomTransformer.js';

/** The models made by code, by their file names. */
const models = { 'copy.gguf': copyTransformer, 'random.gguf': randomTransformer } as const;

/** Writes them into a folder; returns their paths. */
export async function writeWeights(folder: string): Promise<Readonly<Record<'copy' | 'random', string>>> {
  await mkdir(folder, { recursive: true });
  for (const [name, make] of Object.entries(models)) {
    await pipeline(Readable.from(make()), createWriteStream(join(folder, name)));
  }
  return { copy: join(folder, 'copy.gguf'), random: join(folder, 'random.gguf') };
}

const [, program, folder] = process.argv;
if (program !== undefined && import.meta.url === pathToFileURL(program).href) {
  if (folder === undefined) throw new Error('Usage: node out/test/models/writeWeights.js FOLDER');
  const written = await writeWeights(folder);
  for (const path of Object.values(written)) console.log(path);
}
