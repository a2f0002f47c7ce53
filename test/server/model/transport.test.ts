import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createPlainServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { inspect } from 'node:util';
import { ModelFailure, type ModelTrouble } from '../../../server/model/backend.js';
import { createTransport, type TransportOptions } from '../../../server/model/transport.js';
import { proxiesOf } from '../../../server/model/transportProxy.js';

const key = 'key-that-nobody-sees-1234';

describe('the transport', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  it('speaks to no server of the network without TLS', () => {
    for (const origin of ['http://models.example', 'http://192.168.0.7:8080', 'http://localhost.example:80'])
      assert.throws(
        () => transport(origin),
        error => error instanceof ModelFailure && error.trouble === 'refused-by-settings',
        origin,
      );
  });

  it('goes to its one origin', async () => {
    const one = await serve(() => 'one');
    const other = await serve(() => 'other');
    const { fetch } = transport(one.url);
    assert.equal(await (await fetch(`${one.url}/x`)).text(), 'one');
    for (const url of [other.url, one.url.replace('127.0.0.1', 'localhost'), one.url.replace('http', 'https')])
      await fails(fetch(`${url}/x`), 'refused-by-settings');
    assert.equal(other.requests.length, 0);
  });

  it('takes localhost for this machine, whatever a name server says', async () => {
    const { url } = await serve(() => 'here');
    const local = url.replace('127.0.0.1', 'localhost');
    assert.equal(await (await transport(local).fetch(local)).text(), 'here');
  });

  it('asks for the key anew each time, and sends it and nothing that a library adds', async () => {
    const { url, requests } = await serve(() => 'fine');
    const keys = ['first', 'second'];
    const { fetch } = transport(url, { key: async () => keys.shift() ?? null, headers: { 'X-Team': 'blue' } });
    const headers = { authorization: 'Bearer other', 'x-stainless-os': 'Linux', accept: 'text/event-stream' };
    for (let count = 0; count < 2; count++) {
      await (await fetch(url, { method: 'POST', body: '{}', headers })).text();
    }
    assert.deepEqual(
      requests.map(({ headers: { authorization } }) => authorization),
      ['Bearer first', 'Bearer second'],
    );
    assert.equal(requests[0]?.headers['x-team'], 'blue');
    assert.equal(requests[0]?.headers.accept, 'text/event-stream');
    assert.equal(requests[0]?.headers['x-stainless-os'], undefined);
  });

  it('lets no header of the settings change how a message is sent', async () => {
    const { url, requests } = await serve(() => 'fine');
    const headers = { Host: 'other.example', 'Content-Length': '1', 'Transfer-Encoding': 'chunked' };
    await (await transport(url, { headers }).fetch(url, { method: 'POST', body: 'whole' })).text();
    assert.equal(requests[0]?.headers.host, new URL(url).host);
    assert.equal(requests[0]?.headers['content-length'], '5');
  });

  it('says that a key cannot be sent, without it', async () => {
    const { url } = await serve(() => 'fine');
    const failure = await fails(transport(url, { key: async () => `${key}\nX-Evil: 1` }).fetch(url), 'unauthorized');
    assert.ok(!inspect(failure, { depth: 8 }).includes(key));
  });

  it('passes the failure of a key on', async () => {
    const failure = new ModelFailure('unauthorized', 'The command for the key has failed.');
    const { url, requests } = await serve(() => 'fine');
    await assert.rejects(transport(url, { key: () => Promise.reject(failure) }).fetch(url), error => error === failure);
    assert.equal(requests.length, 0);
  });

  it('sends nothing when it is aborted while the key is got', async () => {
    const { url, requests } = await serve(() => 'fine');
    const aborting = new AbortController();
    const slow = transport(url, {
      key: async () => {
        aborting.abort();
        return key;
      },
    });
    await assert.rejects(slow.fetch(url, { signal: aborting.signal }), { name: 'AbortError' });
    assert.equal(requests.length, 0);
  });

  it('repeats what went into a connection that the server had closed', async () => {
    let sockets = 0;
    const server = createPlainServer(socket => {
      const isFirst = ++sockets === 1;
      socket.on('error', () => {});
      let answered = 0;
      socket.on('data', () => {
        // The first connection answers once, and tears when it is used again.
        if (isFirst && answered++ > 0) return socket.resetAndDestroy();
        return socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-type: text/plain\r\n\r\nfine');
      });
    });
    const url = await listen(server);
    const { fetch } = transport(url);
    assert.equal(await (await fetch(url)).text(), 'fine');
    assert.equal(await (await fetch(url, { method: 'POST', body: '{}' })).text(), 'fine');
    assert.equal(sockets, 2);
  });

  it('says that what listens there does not speak HTTP', async () => {
    const url = await listen(createPlainServer(socket => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n')));
    await fails(transport(url).fetch(url), 'bad-answer');
  });

  it('trusts no certificate of nobody', async () => {
    const url = await listen(createTlsServer(certificate, socket => socket.on('error', () => {}).end()));
    const secure = url.replace('http:', 'https:').replace('127.0.0.1', 'localhost');
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const failure = await fails(transport(secure).fetch(secure), 'unreachable');
      assert.match(failure.message, /certificate/);
      assert.match(String(failure.remedy), /NODE_EXTRA_CA_CERTS/);
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('reads a refusal that stalls no longer than an answer', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(500);
      response.write('{"error": {"message": "');
      return null;
    });
    await fails(transport(url, { timeouts: { idleMs: 50 } }).fetch(url), 'server-error');
  });

  describe('through a proxy', () => {
    it('sees nothing but the name of the server', async () => {
      let target = '';
      const tunnelled: Buffer[] = [];
      const headers: IncomingMessage['headers'][] = [];
      const proxy = createHttpServer();
      const sockets = new Set<Socket>();
      proxy.on('connect', (request, socket: Socket) => {
        target = request.url ?? '';
        headers.push(request.headers);
        sockets.add(socket);
        socket.on('error', () => {});
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.on('data', (chunk: Buffer) => {
          tunnelled.push(chunk);
          socket.destroy();
        });
      });
      const proxyUrl = await listen(proxy);
      const { fetch } = transport('https://models.example', {
        proxyOf: proxiesOf({ HTTPS_PROXY: proxyUrl.replace('//', '//me:pass@') }),
      });
      const failure = await fails(
        fetch('https://models.example/v1/models', { method: 'POST', body: '{"prompt": "secret code"}' }),
        'cut-off',
      );
      assert.ok(!inspect(failure, { depth: 8 }).includes('pass'));
      assert.equal(target, 'models.example:443');
      assert.equal(headers[0]?.['proxy-authorization'], `Basic ${Buffer.from('me:pass').toString('base64')}`);
      assert.equal(headers[0]?.authorization, undefined);
      const bytes = Buffer.concat(tunnelled);
      // A greeting of TLS.
      assert.equal(bytes[0], 0x16);
      assert.ok(!bytes.includes('secret code') && !bytes.includes(key));
    });

    it('says that the proxy refuses', async () => {
      const proxy = createHttpServer();
      proxy.on('connect', (_request, socket: Socket) => {
        socket.on('error', () => {});
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      });
      const HTTPS_PROXY = await listen(proxy);
      const { fetch } = transport('https://models.example', { proxyOf: proxiesOf({ HTTPS_PROXY }) });
      const failure = await fails(fetch('https://models.example/'), 'unreachable');
      assert.match(failure.message, /proxy/i);
    });

    it('reads the variables as others do, and asks nobody for this machine', () => {
      const one = { HTTPS_PROXY: 'http://proxy.example:3128' };
      const of = (environment: Record<string, string>, url: string) =>
        proxiesOf(environment)(new URL(url))?.host ?? null;
      assert.equal(of(one, 'https://models.example'), 'proxy.example:3128');
      assert.equal(
        of({ https_proxy: 'proxy.example:1', HTTPS_PROXY: 'other' }, 'https://models.example'),
        'proxy.example:1',
      );
      assert.equal(of({ ALL_PROXY: 'http://all.example' }, 'https://models.example'), 'all.example');
      assert.equal(of({ HTTP_PROXY: 'http://plain.example' }, 'https://models.example'), null);
      assert.equal(of(one, 'https://localhost:1'), null);
      assert.equal(of({ ...one, NO_PROXY: '*' }, 'https://models.example'), null);
      assert.equal(of({ ...one, NO_PROXY: 'a.example, .example' }, 'https://models.example'), null);
      assert.equal(of({ ...one, no_proxy: 'models.example:444' }, 'https://models.example'), 'proxy.example:3128');
      assert.equal(of({ HTTPS_PROXY: 'socks5://proxy.example' }, 'https://models.example'), null);
    });
  });

  function transport(origin: string, options: Partial<TransportOptions> = {}) {
    const made = createTransport({ origin, headers: {}, key: async () => key, ...options });
    closing.push(() => made.dispose());
    return made;
  }

  async function listen(server: Server | ReturnType<typeof createPlainServer>): Promise<string> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function serve(
    answer: (request: IncomingMessage, response: import('node:http').ServerResponse) => string | null,
  ) {
    const requests: IncomingMessage[] = [];
    const server = createHttpServer((request, response) => {
      requests.push(request);
      request.resume();
      const text = answer(request, response);
      if (text !== null) response.end(text);
    });
    return { url: await listen(server), requests };
  }
});

/** Signed by itself, for models.example and localhost; good for nothing else. */
const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8pqCRMQ39VfPMW4H
c93Z6NtxWRdp9YqyvEpGKNee+mKhRANCAARA5iZD4zKxO9M8mFfAnaV5SFdJsDFI
cfWTjwjvU2ml+LvvIChNsJOow7hAFFMwJSbxVwSmIib3w4MYTmjjyczx
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBsDCCAVWgAwIBAgIULm1dKVNOCNPE4BQBG1mKiFro8X4wCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwObW9kZWxzLmV4YW1wbGUwIBcNMjYxMTIxMTUyNzIyWhgPMjEy
NjEwMjgxNTI3MjJaMBkxFzAVBgNVBAMMDm1vZGVscy5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEQOYmQ+MysTvTPJhXwJ2leUhXSbAxSHH1k48I71Np
pfi77yAoTbCTqMO4QBRTMCUm8VcEpiIm98ODGE5o48nM8aN5MHcwHQYDVR0OBBYE
FPyT5KyaiojYRg+IkkG4s/DeRNAoMB8GA1UdIwQYMBaAFPyT5KyaiojYRg+IkkG4
s/DeRNAoMA8GA1UdEwEB/wQFMAMBAf8wJAYDVR0RBB0wG4IObW9kZWxzLmV4YW1w
bGWCCWxvY2FsaG9zdDAKBggqhkjOPQQDAgNJADBGAiEAmYre4McCImcwb+EpE9v0
KrZHrAjCWoFx5JGKmLWBs+8CIQDlTVPegKWVgByxyWOWFAk7C5JweXyL/DBAzlkt
hPPoKg==
-----END CERTIFICATE-----`,
};

async function fails(promise: Promise<unknown>, trouble: ModelTrouble): Promise<ModelFailure> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ModelFailure, inspect(error));
  assert.equal(error.trouble, trouble, error.message);
  return error;
}
