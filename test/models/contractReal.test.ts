import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startLlamaServer, type LlamaServer } from './support/llamaServer.js';
import { findModels, makeModels, type MadeModels } from './support/models.js';

const contract = fileURLToPath(new URL('contractReal.js', import.meta.url));

describe('the contract of backends, held against the real llama.cpp server', () => {
  let made: MadeModels;
  let server: LlamaServer | null = null;

  before(async () => {
    made = await makeModels();
  });

  afterEach(async () => {
    await server?.stop();
    server = null;
  });

  after(() => made.remove());

  it('holds with a model that fills in', async () => {
    const { url } = await start(made.copy);
    await hold(['--kind', 'llamacpp', '--url', url, '--no-chat']);
  });

  it('holds through the OpenAI API of the same server', async () => {
    const { url } = await start(made.copy);
    await hold(['--kind', 'openai', '--url', `${url}/v1`, '--no-chat', '--fim', 'qwen2.5-coder']);
  });

  it('holds with a model that makes vectors', async () => {
    const { url } = await start((await findModels()).miniLm, ['--embeddings']);
    await hold(['--kind', 'llamacpp', '--url', url]);
  });

  async function start(model: string, args: readonly string[] = []): Promise<LlamaServer> {
    // As is recommended where there is no graphics card: what it reads of a prompt in one go, it reads to the end.
    server = await startLlamaServer({ model, args: ['-c', '4096', '-np', '1', '-b', '64', '-ub', '64', ...args] });
    return server;
  }
});

/** Runs the checks as a person would; their lines are printed. */
async function hold(args: readonly string[]): Promise<void> {
  const { code, output } = await new Promise<{ readonly code: number; readonly output: string }>(resolve => {
    execFile(process.execPath, [contract, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
    );
  });
  // Without its last line, which would look like the end of this suite.
  console.log(
    output
      .replace(/^\d+ passed, \d+ failed$/m, '')
      .replace(/^/gm, '      ')
      .trimEnd(),
  );
  assert.equal(code, 0);
}
