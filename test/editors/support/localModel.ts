import { createServer } from 'node:net';
import { freePort, startLlamaServer, type LlamaServer } from '../../models/support/llamaServer.js';
import { makeModels, type MadeModels } from '../../models/support/models.js';

/** A llama.cpp server as a person runs it on their machine, with the model that copies from its prompt. */
export interface LocalModel {
  /** What the person's settings have to say of it: nothing, where it is found by itself. */
  readonly settings: object;
  start(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** How many tokens of prompts it has read since it was started, as it counts them. */
  tokensRead(): Promise<number>;
  remove(): Promise<void>;
}

export async function startLocalModel(): Promise<LocalModel> {
  const made: MadeModels = await makeModels();
  const isAlone = (await Promise.all(usualPorts.map(isFree))).every(Boolean);
  const port = isAlone ? 8080 : await freePort();
  const backends = { here: { kind: 'llamacpp', url: `http://127.0.0.1:${port}` } };
  let server: LlamaServer | null = null;
  const model: LocalModel = {
    settings: isAlone ? {} : { tasks: { discover: false }, backends },
    async start() {
      const args = ['-c', '8192', '-np', '1', '--metrics', '--alias', 'understudy-copy'];
      server = await startLlamaServer({ model: made.copy, port, args });
    },
    async kill() {
      await server?.kill();
      server = null;
    },
    async tokensRead() {
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      return Number(/^llamacpp:prompt_tokens_total (\S+)/m.exec(metrics)?.[1] ?? NaN);
    },
    async remove() {
      await model.kill();
      await made.remove();
    },
  };
  await model.start();
  return model;
}

/** Where servers of models are looked for without settings: while somebody else's is there, ours is named instead. */
const usualPorts = [11434, 8080, 8012, 1234];

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
