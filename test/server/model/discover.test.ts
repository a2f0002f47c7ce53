import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { discoverLocal } from '../../../server/model/discover.js';
import { startModelServer, type ModelServer } from '../../support/modelServer.js';
import { waitFor } from '../../support/waitFor.js';

const limitMs = 5_000;
const never = () => new AbortController().signal;

describe('looking for servers on this machine', () => {
  const servers: ModelServer[] = [];
  const start = async (...options: Parameters<typeof startModelServer>) => {
    const server = await startModelServer(...options);
    servers.push(server);
    return server;
  };
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()));
  });

  it('knows them by what they answer, whatever their port', async () => {
    const [openai, ollama, llamacpp] = [
      await start('openai', { owner: 'organization_owner' }),
      await start('ollama'),
      await start('llamacpp'),
    ];
    const found = await discoverLocal(never(), { urls: [llamacpp.url, openai.url, ollama.url], limitMs });
    assert.deepEqual(
      found.map(({ name, kind, url, from, model }) => [name, kind, url, from, model]),
      [
        ['llamacpp', 'llamacpp', llamacpp.url, 'found', null],
        ['openai', 'openai', openai.url, 'found', null],
        ['ollama', 'ollama', ollama.url, 'found', null],
      ],
    );
    assert.equal(await found[0]?.key(never()), null);
  });

  it('gives two of a kind different names', async () => {
    const [one, other] = [await start('ollama'), await start('ollama')];
    const found = await discoverLocal(never(), { urls: [one.url, other.url], limitMs });
    assert.deepEqual(
      found.map(({ name }) => name),
      ['ollama', `ollama-${other.port}`],
    );
  });

  it('asks without sending anything', async () => {
    const server = await start('llamacpp');
    await discoverLocal(never(), { urls: [server.url], limitMs });
    assert.ok(server.requests.length > 0);
    for (const { method, path, body, headers } of server.requests) {
      assert.equal(method, 'GET');
      assert.match(path, /^\/(?:api\/version|api\/tags|props|v1\/models)$/);
      assert.equal(body.length, 0);
      assert.equal(headers.authorization, undefined);
    }
  });

  it('goes nowhere but to this machine', async () => {
    const found = await discoverLocal(never(), {
      urls: ['http://models.example:11434', 'https://192.168.0.2', 'http://127.0.0.1.example/', 'nonsense'],
      limitMs,
    });
    assert.deepEqual(found, []);
  });

  it('takes no other server for one of models', async () => {
    for (const answer of ['{}', '<html></html>', '{"object":"list","data":[{"name":"a"}]}', '{"version":"1.2.3"}']) {
      const server = createServer((_request, response) => response.end(answer));
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      assert.deepEqual(await discoverLocal(never(), { urls: [url], limitMs }), [], answer);
      server.closeAllConnections();
      server.close();
    }
  });

  it('takes no gateway that may pass code on', async () => {
    for (const owner of ['openai', 'anthropic', 'someone', '']) {
      const server = await start('openai', { owner });
      assert.deepEqual(await discoverLocal(never(), { urls: [server.url], limitMs }), [], owner);
    }
  });

  it('waits for nobody', async () => {
    const server = await start('ollama', { trouble: { type: 'slow-headers' }, troubleOn: 'everything' });
    assert.deepEqual(await discoverLocal(never(), { urls: [server.url], limitMs: 30 }), []);
    await waitFor(() => server.requests.every(({ state }) => state === 'aborted'));
  });

  it('passes an abort on', async () => {
    await assert.rejects(discoverLocal(AbortSignal.abort(), { urls: [], limitMs }), { name: 'AbortError' });
  });

  it('looks for Ollama where its own variable says, if that is here', async () => {
    const server = await start('ollama');
    const at = async (OLLAMA_HOST: string) => {
      const found = await discoverLocal(never(), { environment: { OLLAMA_HOST }, limitMs });
      return found.filter(({ url }) => url === server.url).length;
    };
    assert.equal(await at(`127.0.0.1:${server.port}`), 1);
    assert.equal(await at(`http://127.0.0.1:${server.port}/`), 1);
    assert.equal(await at(`:${server.port}`), 1);
    assert.equal(await at(`0.0.0.0:${server.port}`), 1);
    assert.equal(await at(`models.example:${server.port}`), 0);
  });
});
