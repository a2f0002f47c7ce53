import assert from 'node:assert/strict';
import { createBackend } from '../../../server/model/backends/createBackend.js';
import type { BackendKind } from '../../../server/model/backend.js';
import { readLedger } from '../../../server/model/ledger.js';
import { scriptedModel, startModelServer, type ModelServer } from '../../support/modelServer.js';
import { waitFor } from '../../support/waitFor.js';
import { createGateway, fill, never, readAll, type Gateway } from './support/gateway.js';

const starCoder = scriptedModel({
  name: 'starcoder2-3b',
  pieces: ['<fim_prefix>', '<fim_suffix>', '<fim_middle>', '<fim_pad>', '<repo_name>', '<file_sep>', '<|endoftext|>'],
});

describe('a server of this machine that is started anew with another model', () => {
  let server: ModelServer;
  let gateway: Gateway;

  afterEach(async () => {
    await gateway.remove();
    await server.close();
  });

  for (const kind of ['llamacpp', 'ollama'] satisfies readonly BackendKind[]) {
    it(`is noticed while it is used, at the cost of a look now and then (${kind})`, async () => {
      server = await startModelServer(kind, { models: [scriptedModel({ name: 'qwen2.5-coder-1.5b' })] });
      gateway = createGateway({
        settings: { backends: { m: { kind, url: server.url } }, tasks: { discover: false } },
        more: { createBackend: config => createBackend(config) },
      });
      const { models, clock } = gateway;
      await models.start(never());
      const looks = (): number => server.requests.length - server.asked.length;
      const type = async (): Promise<string> => {
        await readAll(await fill(models));
        return server.asked.at(-1)?.asked?.prompt ?? '';
      };
      server.forget();
      for (let key = 0; key < 3; key++) assert.ok((await type()).includes('<|fim_prefix|>'));
      assert.equal(looks(), 0, 'it was looked at a moment ago');
      await clock.advance(6000);
      await type();
      await waitFor(() => looks() > 0);
      const cheap = looks();
      await type();
      assert.ok(cheap <= 2 && looks() <= 2, 'as it serves the same, nothing more is asked');
      server.change({ models: [starCoder] });
      await clock.advance(6000);
      // This one may still be for the model that is gone.
      await fill(models).then(readAll, () => '');
      await waitFor(() => models.status().backends[0]?.model === starCoder.name);
      const prompt = await type();
      assert.ok(prompt.includes('<fim_prefix>') && !prompt.includes('<|fim_prefix|>'), prompt);
      await models.dispose();
      assert.equal((await readLedger(gateway.stateRoot)).entries.at(-1)?.model, starCoder.name);
    });
  }
});
