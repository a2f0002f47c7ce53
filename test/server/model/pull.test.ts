import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ModelFailure } from '../../../server/model/backend.js';
import { pullIntoOllama, type PullProgress } from '../../../server/model/pull.js';

describe('fetching a model into Ollama', () => {
  let server: Server;
  let asked: string;
  let answer: readonly object[];
  let isEndless: boolean;
  let closed: Promise<void>;

  beforeEach(async () => {
    isEndless = false;
    let tellClosed = (): void => {};
    closed = new Promise(resolve => (tellClosed = resolve));
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked = `${request.url ?? ''} ${body}`;
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        for (const line of answer) response.write(`${JSON.stringify(line)}\n`);
        if (!isEndless) response.end();
      });
      response.on('close', tellClosed);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const pull = (show: (progress: PullProgress) => void, signal = new AbortController().signal): Promise<void> =>
    pullIntoOllama(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'coder:1b', show, signal);

  it('shows how far it is', async () => {
    answer = [
      { status: 'pulling manifest' },
      { status: 'pulling abc', total: 400, completed: 100 },
      { status: 'pulling abc', total: 400, completed: 400 },
      { status: 'success' },
    ];
    const shown: PullProgress[] = [];
    await pull(progress => shown.push(progress));
    assert.deepEqual(
      shown.map(({ share }) => share),
      [null, 0.25, 1, null],
    );
    assert.match(asked, /^\/api\/pull .*"coder:1b"/);
  });

  it('says why it cannot', async () => {
    answer = [{ status: 'pulling manifest' }, { error: 'pull model manifest: file does not exist' }];
    await assert.rejects(
      pull(() => {}),
      (error: unknown) =>
        error instanceof ModelFailure &&
        /could not fetch coder:1b: .*does not exist/.test(error.message) &&
        error.remedy !== null,
    );
  });

  it('stops at the server when it is given up', async () => {
    isEndless = true;
    answer = [{ status: 'pulling abc', total: 400, completed: 1 }];
    const stopping = new AbortController();
    await assert.rejects(
      pull(() => stopping.abort(), stopping.signal),
      { name: 'AbortError' },
    );
    await closed;
  });
});
