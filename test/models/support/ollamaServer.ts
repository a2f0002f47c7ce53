import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { diesWithUs, freePort } from './llamaServer.js';
import { testsFolder } from './testsFolder.js';

export interface OllamaModel {
  readonly name: string;
  /** A GGUF file, absolute. */
  readonly file: string;
  /** A prompt template; one that uses `.Suffix` makes a model that fills in. */
  readonly template?: string;
}

export interface OllamaServer {
  readonly url: string;
  readonly port: number;
  create(model: OllamaModel): Promise<void>;
  stop(): Promise<void>;
}

/** A real Ollama, built before by getOllama.sh, on loopback and with nothing but the models it is given. */
export async function startOllamaServer(port?: number): Promise<OllamaServer> {
  const program = join(testsFolder('UNDERSTUDY_OLLAMA', 'ollama'), 'ollama');
  if (!existsSync(program)) throw new Error(`${program} is missing: test/models/getOllama.sh builds it.`);
  const models = await mkdtemp(join(tmpdir(), 'understudy-ollama-'));
  const listening = port ?? (await freePort());
  const child = spawn('setpriv', [...diesWithUs, program, 'serve'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, OLLAMA_HOST: `127.0.0.1:${listening}`, OLLAMA_MODELS: models, OLLAMA_NOPRUNE: '1' },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()));
  const url = `http://127.0.0.1:${listening}`;
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(models, { recursive: true, force: true });
  };
  for (let tries = 0; (await fetch(url).catch(() => null))?.ok !== true; tries++) {
    if (tries < 400 && child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 25));
    else {
      await stop();
      throw new Error(`Ollama does not answer:\n${log.slice(-2000)}`);
    }
  }
  return { url, port: listening, stop, create: model => createModel(url, model) };
}

/** As `ollama create` does: the file by its checksum, then a model of it. One thread, as everywhere in the tests. */
async function createModel(url: string, { name, file, template }: OllamaModel): Promise<void> {
  const bytes = await readFile(file);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  await post(`${url}/api/blobs/${digest}`, bytes);
  const request = { model: name, files: { [basename(file)]: digest }, parameters: { num_thread: 1 }, stream: false };
  await post(`${url}/api/create`, JSON.stringify(template === undefined ? request : { ...request, template }));
}

async function post(url: string, body: Uint8Array | string): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
}
