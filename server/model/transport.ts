import type { IncomingMessage, RequestOptions } from 'node:http';
import { Agent, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopback } from '../config/backendSettings.js';
import { ModelFailure } from './backend.js';
import { readWhole, streamBody, tear } from './transportBody.js';
import { networkFailure, redirectFailure, statusFailure, stalledFailure } from './transportFailures.js';
import { createProxyAgent, type ProxyOf } from './transportProxy.js';

export interface Timeouts {
  readonly connectMs: number;
  /** From the request to the answer's head, and from that to its first part. Long, as a server that loads a model or reads a long prompt is silent until then. */
  readonly headersMs: number;
  /** Between two parts of an answer, and between two that say something. */
  readonly idleMs: number;
}

export interface TransportOptions {
  /** Protocol, host and port: what everything goes to. */
  readonly origin: string;
  /** Of the person's settings; they may hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  readonly key: (signal: AbortSignal) => Promise<string | null>;
  readonly timeouts?: Partial<Timeouts>;
  /** The proxy of the person's environment for an address, or null. Never asked for this machine. */
  readonly proxyOf?: ProxyOf;
  readonly now?: () => number;
}

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** The one way out, to one server. */
export interface Transport {
  readonly origin: string;
  readonly host: string;
  readonly isLocal: boolean;
  readonly timeouts: Timeouts;
  /**
   * Like the global one, with a text as body, and less forgiving: resolves with answers of 2xx alone, follows no redirect,
   * and throws ModelFailure for all the rest, of the body too. An abort closes the connection at once.
   */
  readonly fetch: Fetch;
  dispose(): void;
}

/** Throws ModelFailure when that server may not be spoken to at all. */
export function createTransport(options: TransportOptions): Transport {
  const { protocol, hostname, host, origin } = new URL(options.origin);
  const isLocal = isLoopback(hostname);
  const isPlain = protocol === 'http:';
  if (isPlain && !isLocal) {
    throw new ModelFailure(
      'refused-by-settings',
      `${host} is not on this machine and would be spoken to without TLS.`,
      {
        remedy: 'Give its url with https.',
      },
    );
  }
  const timeouts = { ...(isLocal ? localTimeouts : remoteTimeouts), ...options.timeouts };
  const proxy = isLocal || isPlain ? null : (options.proxyOf?.(new URL(origin)) ?? null);
  // Sockets that wait for the next request are kept by the agent without keeping the process alive.
  const agent = isPlain
    ? new Agent({ keepAlive: true })
    : proxy === null
      ? new TlsAgent({ keepAlive: true, rejectUnauthorized: true })
      : createProxyAgent(proxy);

  return { origin, host, isLocal, timeouts, fetch: send, dispose: () => agent.destroy() };

  async function send(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin) {
      throw new ModelFailure('refused-by-settings', `A request for ${url.host} was to go through ${host}.`);
    }
    const { body = null } = init;
    if (body !== null && typeof body !== 'string') throw new TypeError('Only text is sent.');
    const signal = init.signal ?? new AbortController().signal;
    signal.throwIfAborted();
    const key = await options.key(signal);
    signal.throwIfAborted();
    const exchange: Exchange = {
      url,
      method: init.method ?? 'GET',
      headers: headersOf(new Headers(init.headers), key, body),
      body,
      signal,
      agent,
    };
    const message = await exchangeOnce(exchange).catch((error: unknown) => {
      // The server had closed a connection that we kept, before it saw the request: that is nobody's failure.
      if (error instanceof StaleConnection) return exchangeOnce({ ...exchange, agent: false });
      throw error;
    });
    const limits = { firstMs: timeouts.headersMs, idleMs: timeouts.idleMs, host, signal };
    const status = message.statusCode ?? 0;
    if (status >= 200 && status < 300) {
      const web = new Headers();
      for (const [name, value] of Object.entries(message.headers)) if (typeof value === 'string') web.set(name, value);
      if (/\btext\/html\b/.test(web.get('content-type') ?? '')) {
        message.destroy();
        throw new ModelFailure('bad-answer', `${host} answered with a web page.`, {
          remedy: 'Check the url of this backend; a network that wants a sign-in answers so, too.',
        });
      }
      return new Response(streamBody(message, limits), { status, headers: web });
    }
    if (status >= 300 && status < 400) {
      message.destroy();
      throw redirectFailure(host, message.headers.location, url);
    }
    const text = await readWhole(message, { ...limits, firstMs: timeouts.idleMs });
    const secrets = [...(key === null ? [] : [key]), ...Object.values(options.headers)];
    throw statusFailure({
      host,
      status,
      text,
      headers: message.headers,
      sent: body,
      path: url.pathname,
      secrets,
      now: now(),
    });
  }

  function now(): number {
    return options.now?.() ?? Date.now();
  }

  /** What a client library adds of its own (its version, the system, a key from the environment) stays here. */
  function headersOf(given: Headers, key: string | null, body: string | null): Record<string, string> {
    const headers: Record<string, string> = {
      accept: given.get('accept') ?? 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'understudy',
    };
    if (key !== null) headers['authorization'] = `Bearer ${key}`;
    if (body !== null) {
      headers['content-type'] = 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    for (const [name, value] of Object.entries(options.headers)) {
      const lower = name.toLowerCase();
      if (!ownHeaders.has(lower)) headers[lower] = value;
    }
    return headers;
  }

  function exchangeOnce({ url, method, headers, body, signal, agent }: Exchange): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const settings: RequestOptions & { readonly lookup?: LookupFunction } = {
        method,
        headers,
        agent,
        // Of this machine by its name means: this machine, whatever a name server says.
        ...(url.hostname === 'localhost' ? { lookup: lookUpThisMachine } : {}),
      };
      let request;
      try {
        request = isPlain ? httpRequest(url, settings) : httpsRequest(url, { ...settings, rejectUnauthorized: true });
      } catch {
        // Node names the header and not its value; still nothing of it is passed on.
        reject(
          new ModelFailure('unauthorized', `The key or a header for ${host} holds characters that cannot be sent.`, {
            remedy: 'Look for line ends or blanks in what the variable or the command gives.',
          }),
        );
        return;
      }
      const sent = request;
      const fail = (error: unknown) => {
        release();
        tear(sent);
        reject(error);
      };
      const onAbort = () => fail(signal.reason);
      let timer = setTimeout(() => fail(stalledFailure(host, timeouts.headersMs)), timeouts.headersMs);
      const release = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      signal.addEventListener('abort', onAbort);
      sent.on('socket', socket => {
        if (!socket.connecting) return;
        clearTimeout(timer);
        timer = setTimeout(
          () => fail(networkFailure(host, isLocal, Object.assign(new Error(), { code: 'ETIMEDOUT' }))),
          timeouts.connectMs,
        );
        socket.once(isPlain ? 'connect' : 'secureConnect', () => {
          clearTimeout(timer);
          timer = setTimeout(() => fail(stalledFailure(host, timeouts.headersMs)), timeouts.headersMs);
        });
      });
      sent.on('response', message => {
        release();
        resolve(message);
      });
      sent.on('error', error => {
        const isEarly = performance.now() - sentAt < staleMs;
        const isStale =
          isEarly && sent.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        fail(isStale ? new StaleConnection() : networkFailure(host, isLocal, error));
      });
      const sentAt = performance.now();
      sent.end(body ?? undefined);
    });
  }
}

interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal;
  readonly agent: Agent | false;
}

class StaleConnection extends Error {}

/** A server that breaks off later than that has had the request, and it is not repeated. */
const staleMs = 1_000;

const localTimeouts: Timeouts = { connectMs: 2_000, headersMs: 300_000, idleMs: 60_000 };
const remoteTimeouts: Timeouts = { connectMs: 10_000, headersMs: 60_000, idleMs: 30_000 };

/** Headers that say how a message is sent are ours to set. */
const ownHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'accept-encoding',
  'expect',
  'upgrade',
]);

const thisMachine = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

const lookUpThisMachine: LookupFunction = (_hostname, { all }, callback) => {
  // Not before the caller is ready: as a real look-up would.
  process.nextTick(() => {
    if (all === true) callback(null, thisMachine);
    else callback(null, '127.0.0.1', 4);
  });
};
