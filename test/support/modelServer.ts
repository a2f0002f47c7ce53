import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { BackendKind } from '../../server/model/backend.js';
import {
  findAsking,
  findPlain,
  tokenize,
  type Asked,
  type Asking,
  type Framing,
  type ScriptedModel,
} from './modelProtocols.js';

export type { Asked, ScriptedModel } from './modelProtocols.js';

export type Trouble =
  /** `message` may repeat the prompt, as servers do. */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly message?: (asked: Asked) => string;
    }
  | { readonly type: 'garbage' | 'web-page' | 'not-utf8' | 'endless' | 'endless-line' | 'slow-headers' }
  /** After so many chunks: the socket is torn, the answer ends politely without its last part, nothing more comes, parts come that say nothing, or an error stands among the text. */
  | { readonly type: 'cut' | 'ends-early' | 'stall' | 'empty' | 'error-inside'; readonly afterChunks: number }
  | { readonly type: 'redirect'; readonly to: string }
  /** 503 while the model is loaded, so many times; then all is well. */
  | { readonly type: 'loading'; readonly times: number };

export interface ModelScript {
  readonly models?: readonly ScriptedModel[];
  readonly answer?: (asked: Asked) => string;
  /** Said before the answer by a model that thinks. */
  readonly thought?: string;
  /** Before the first text of an answer. */
  readonly firstDelayMs?: number;
  readonly chunkDelayMs?: number;
  /** Awaited before each chunk: a test lets them out one by one. */
  readonly beforeChunk?: (index: number) => Promise<void> | void;
  /** What counts as one token; 4 unless said. */
  readonly chunkChars?: number;
  /** Bytes of each write to the socket, so that characters and lines are split. Null: a chunk in one. */
  readonly packetBytes?: number | null;
  readonly trouble?: Trouble | null;
  /** Only where text is asked for, unless said. */
  readonly troubleOn?: 'asking' | 'everything';
  /** Whatever comes without this key is answered with 401. */
  readonly key?: string | null;
  readonly vector?: (text: string) => readonly number[];
  /** An `openai` server that shows what its tokenizer makes of a text, as vLLM does. */
  readonly tokenizes?: boolean;
  /** What an `openai` server says its models are owned by. */
  readonly owner?: string;
}

export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** What was asked for, when it was text or vectors; otherwise null. */
  readonly asked: Asked | null;
  /** Of performance.now(). */
  readonly at: number;
  chunksSent: number;
  /** `aborted`: the client closed the connection before the answer was whole. `torn`: we did. */
  state: 'open' | 'answered' | 'aborted' | 'torn';
  /** When it stopped being open, of performance.now(). */
  endedAt: number | null;
}

export interface ModelServer {
  readonly port: number;
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Those that asked for text. */
  readonly asked: readonly RecordedRequest[];
  /** How many connections were opened, and how many are open. */
  readonly connections: { readonly opened: number; readonly open: number };
  /** From the next request on. What is not named stays. */
  change(script: ModelScript): void;
  /** Empties `requests`. */
  forget(): void;
  /** Tears all connections and stops listening; `restart` listens at the same port again. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const qwenPieces = [
  '<|fim_prefix|>',
  '<|fim_suffix|>',
  '<|fim_middle|>',
  '<|fim_pad|>',
  '<|repo_name|>',
  '<|file_sep|>',
];

/** A model that fills in, in the manner of Qwen; what a test names replaces it. */
export function scriptedModel(model: Partial<ScriptedModel> = {}): ScriptedModel {
  return {
    name: 'coder:1b',
    capabilities: ['completion', 'insert'],
    pieces: [...qwenPieces, '<|endoftext|>', '<|im_start|>', '<|im_end|>'],
    template:
      '{{- if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>{{ else }}{{ .Prompt }}{{ end }}',
    contextTokens: 8192,
    parameters: 1_500_000_000,
    licence: 'apache-2.0',
    finetune: '',
    remoteHost: null,
    ...model,
  };
}

/**
 * A server of models on a loopback port that does what it is told, well or badly, in the protocol of one kind of backend.
 * It keeps every request byte for byte, and when each connection ended.
 */
export async function startModelServer(kind: BackendKind, script: ModelScript = {}): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let current = script;
  let opened = 0;
  let loadingAnswers = 0;

  const server = createServer((request, response) => {
    const taken = take(request, response).catch((error: unknown) => {
      // A client that goes away in the middle is what many tests are about.
      if (!response.destroyed) response.destroy(error instanceof Error ? error : undefined);
    });
    void taken;
  });
  server.on('connection', socket => {
    opened++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await listen(0);
  const { port } = server.address() as AddressInfo;

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const play = current;
    const path = request.url ?? '/';
    const models = play.models ?? [scriptedModel()];
    const asking = findAsking(kind, path, body);
    const recorded: RecordedRequest = {
      method: request.method ?? '',
      path,
      headers: request.headers,
      body,
      asked: asking?.asked ?? null,
      at: performance.now(),
      chunksSent: 0,
      state: 'open',
      endedAt: null,
    };
    requests.push(recorded);
    response.on('close', () => {
      if (recorded.state === 'open') recorded.state = response.writableFinished ? 'answered' : 'aborted';
      recorded.endedAt = performance.now();
    });
    if (play.key != null && !isAuthorized(request, play.key)) return refuse(response, kind, 401, 'Incorrect API key.');
    const trouble = asking !== null || play.troubleOn === 'everything' ? (play.trouble ?? null) : null;
    if (trouble !== null && (await makeTrouble(trouble, asking?.asked ?? null, recorded, response))) return;
    if (asking === null) {
      const plain = findPlain(kind, request.method ?? '', path, body, models, play);
      if (plain === null) return refuse(response, kind, 404, 'File Not Found');
      return json(response, plain.status, plain.body);
    }
    const model = models.find(({ name }) => name === asking.asked.model || `${asking.asked.model}:latest` === name);
    // llama.cpp serves the model that it has, whatever it is asked for.
    const used = model ?? (kind === 'llamacpp' ? models[0] : undefined);
    if (used === undefined) return refuse(response, kind, 404, `model '${asking.asked.model}' not found`);
    const refused = asking.refuse(used);
    if (refused !== null) return refuse(response, kind, refused.status, refused.message);
    if (asking.asked.texts !== null) {
      const vector = play.vector ?? (text => [text.length, 1, 0]);
      return json(response, 200, asking.vectors(asking.asked.texts.map(vector)));
    }
    await speak(asking, used, play, trouble, recorded, response);
  }

  /** True when the request is done with. */
  async function makeTrouble(
    trouble: Trouble,
    asked: Asked | null,
    recorded: RecordedRequest,
    response: ServerResponse,
  ): Promise<boolean> {
    switch (trouble.type) {
      case 'status': {
        const message = asked !== null && trouble.message !== undefined ? trouble.message(asked) : 'It did not work.';
        refuse(response, kind, trouble.status, message, trouble.headers);
        return true;
      }
      case 'garbage':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('data: {"choices": [{"te\n{"response": "te\n\n');
        return true;
      case 'web-page':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html><body>Please sign in to the hotel network.</body></html>\n');
        return true;
      case 'redirect':
        response.writeHead(307, { location: trouble.to });
        response.end();
        return true;
      case 'loading':
        if (loadingAnswers >= trouble.times) return false;
        loadingAnswers++;
        refuse(response, kind, 503, 'Loading model');
        return true;
      case 'slow-headers':
        await waitForClose(recorded, response);
        return true;
      case 'endless-line':
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: {"content": "');
        while (!response.destroyed) {
          if (!response.write('a'.repeat(65_536))) await drained(response);
        }
        return true;
      default:
        return false;
    }
  }

  function listen(at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(at, '127.0.0.1', resolve);
    });
  }

  function kill(): Promise<void> {
    for (const request of requests) if (request.state === 'open') request.state = 'torn';
    for (const socket of sockets) socket.destroy();
    return new Promise(resolve => server.close(() => resolve()));
  }

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    get asked() {
      return requests.filter(({ asked }) => asked !== null);
    },
    get connections() {
      return { opened, open: sockets.size };
    },
    change: next => {
      current = { ...current, ...next };
    },
    forget: () => {
      requests.length = 0;
    },
    kill,
    restart: () => listen(port),
    close: kill,
  };
}

async function speak(
  { asked, framing }: Asking,
  model: ScriptedModel,
  play: ModelScript,
  trouble: Trouble | null,
  recorded: RecordedRequest,
  response: ServerResponse,
): Promise<void> {
  if (play.firstDelayMs !== undefined) await pause(play.firstDelayMs);
  const isEndless = trouble?.type === 'endless';
  const whole = play.answer?.(asked) ?? 'return total;';
  const stopAt = isEndless ? -1 : firstOf(whole, asked.stop);
  const text = stopAt === -1 ? whole : whole.slice(0, stopAt);
  const all = chunksOf(text, play.chunkChars ?? 4);
  const chunks = isEndless ? endlessly(all) : all.slice(0, asked.maxTokens);
  const promptTokens = tokenize(asked.prompt + (asked.suffix ?? ''), model.pieces).length;
  if (!asked.isStreamed) {
    const end = { stop: all.length > asked.maxTokens ? 'length' : 'stop', promptTokens, tokens: all.length } as const;
    json(response, 200, framing.whole([...(isEndless ? all : chunks)].join(''), end));
    return;
  }
  response.writeHead(200, { 'content-type': framing.contentType });
  const send = (frame: string | Buffer) => write(response, frame, play.packetBytes ?? null);
  const thoughts = chunksOf(play.thought ?? '', 4);
  for (const chunk of thoughts) await send(framing.thought(chunk));
  for (const chunk of chunks) {
    if (trouble !== null && 'afterChunks' in trouble && recorded.chunksSent === trouble.afterChunks) {
      if (await breakOff(trouble.type, framing, recorded, response)) return;
    }
    await play.beforeChunk?.(recorded.chunksSent);
    if (play.chunkDelayMs !== undefined && recorded.chunksSent > 0) await pause(play.chunkDelayMs);
    if (response.destroyed) return;
    await send(framing.chunk(chunk));
    recorded.chunksSent++;
    if (trouble?.type === 'not-utf8') await send(Buffer.from([0xc3, 0x28, 0x0a, 0x0a]));
  }
  const stop = all.length > asked.maxTokens ? 'length' : 'stop';
  // Thoughts are billed like text.
  await send(framing.end({ stop, promptTokens, tokens: thoughts.length + recorded.chunksSent }));
  response.end();
}

async function breakOff(
  type: 'cut' | 'ends-early' | 'stall' | 'empty' | 'error-inside',
  framing: Framing,
  recorded: RecordedRequest,
  response: ServerResponse,
): Promise<boolean> {
  switch (type) {
    case 'cut':
      recorded.state = 'torn';
      response.socket?.destroy();
      return true;
    case 'ends-early':
      response.end();
      return true;
    case 'stall':
      await waitForClose(recorded, response);
      return true;
    case 'empty': {
      // Comments are known to server-sent events alone.
      const isEvents = framing.contentType === 'text/event-stream';
      const timer = setInterval(() => response.write(isEvents ? ': ping\n\n' : framing.chunk('')), 10);
      await waitForClose(recorded, response);
      clearInterval(timer);
      return true;
    }
    case 'error-inside':
      response.end(framing.error('the runner has ended unexpectedly'));
      return true;
  }
}

async function write(response: ServerResponse, frame: string | Buffer, packetBytes: number | null): Promise<void> {
  const bytes = Buffer.from(frame);
  const step = packetBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += step) {
    if (response.destroyed) return;
    if (!response.write(bytes.subarray(at, at + step))) await drained(response);
    // Otherwise what was written in one turn arrives as one.
    if (packetBytes !== null) await new Promise(resolve => setImmediate(resolve));
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    response.once('drain', resolve);
    response.once('close', resolve);
    if (response.destroyed) resolve();
  });
}

function waitForClose(recorded: RecordedRequest, response: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    if (recorded.endedAt !== null) resolve();
    else response.once('close', resolve);
  });
}

function* endlessly(chunks: readonly string[]): Generator<string> {
  for (;;) yield* chunks;
}

function chunksOf(text: string, chars: number): string[] {
  const characters = Array.from(text);
  const chunks: string[] = [];
  for (let at = 0; at < characters.length; at += chars) chunks.push(characters.slice(at, at + chars).join(''));
  return chunks;
}

function firstOf(text: string, stops: readonly string[]): number {
  const found = stops.map(stop => text.indexOf(stop)).filter(at => at !== -1);
  return found.length === 0 ? -1 : Math.min(...found);
}

function isAuthorized(request: IncomingMessage, key: string): boolean {
  return request.headers.authorization === `Bearer ${key}`;
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function refuse(
  response: ServerResponse,
  kind: BackendKind,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const error = kind === 'ollama' ? message : { message, type: errorTypes[status] ?? 'server_error', code: null };
  json(response, status, { error }, headers);
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  501: 'not_supported_error',
  503: 'unavailable_error',
};

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
