import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { treeProcesses } from '../support/processTree.js';
import { waitFor } from '../support/waitFor.js';
import { startLlamaServer } from './support/llamaServer.js';
import { makeModels, type MadeModels } from './support/models.js';

describe('the real server of the tests', () => {
  let made: MadeModels;

  before(async () => {
    made = await makeModels();
  });

  after(() => made.remove());

  for (const way of ['stop', 'kill'] as const) {
    it(`is gone after ${way}, and its port is free for the next one`, async () => {
      const server = await startLlamaServer({ model: made.random });
      assert.notEqual(treeProcesses(server.pid).length, 0);
      await server[way]();
      assert.deepEqual(treeProcesses(server.pid), []);
      const next = await startLlamaServer({ model: made.random, port: server.port });
      assert.equal(next.url, server.url);
      await next.stop();
    });
  }

  it('is gone when the process that started it was killed', async () => {
    const support = new URL('support/llamaServer.js', import.meta.url).href;
    const script = `const { startLlamaServer } = await import(process.argv[1]);
      console.log((await startLlamaServer({ model: process.argv[2] })).pid);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, support, made.random]);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    assert.notEqual(treeProcesses(pid).length, 0);
    child.kill('SIGKILL');
    await waitFor(() => treeProcesses(pid).length === 0);
  });

  it('says why it does not start', async () => {
    await assert.rejects(startLlamaServer({ model: '/nonexistent/model.gguf' }), /\/nonexistent\/model\.gguf/);
  });
});
