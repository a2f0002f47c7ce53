import assert from 'node:assert/strict';
import { treeProcesses } from '../support/processTree.js';
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

  it('says why it does not start', async () => {
    await assert.rejects(startLlamaServer({ model: '/nonexistent/model.gguf' }), /\/nonexistent\/model\.gguf/);
  });
});
