import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../base/record.js';
import { ModelFailure, type ModelTrouble } from './backend.js';
import { scrub, textsOf } from './transportScrub.js';

interface Refused {
  readonly host: string;
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  /** The body of the request: none of it may stand in the message. */
  readonly sent: string | null;
  readonly path: string;
  /** The key, and headers that may be keys. */
  readonly secrets: readonly string[];
  readonly now: number;
}

/** The cause of an `unsupported`: parameters of the request that the server does not take. */
export class RefusedParameters {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = names;
  }
}

/** What an answer of 4xx or 5xx means, and what to do. */
export function statusFailure({ host, status, text, headers, sent, path, secrets, now }: Refused): ModelFailure {
  const { message, code, parameter } = refusalOf(text);
  const says = scrub(message, textsOf(sent), secrets);
  const said = says === '' ? `${host} answered ${status}.` : `${host} answered ${status}: ${says}`;
  const retryAfterMs = readRetryAfter(headers, now);
  const fail = (trouble: ModelTrouble, sentence: string, remedy?: string) =>
    new ModelFailure(trouble, sentence, {
      ...(remedy === undefined ? {} : { remedy }),
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
    });
  switch (status) {
    // Servers repeat the key here, or the half of it.
    case 401:
    case 403:
      return fail('unauthorized', `${host} refuses the key (${status}).`, 'Check the key of this backend.');
    case 402:
      return fail('unauthorized', `${host} wants to be paid first (402).`, 'Add credit to its account.');
    case 404:
    case 405:
    case 501:
      if (status === 404 && isAboutModel(message, code))
        return fail('model-missing', `${host} does not have this model.`);
      return fail(
        'unsupported',
        status === 404 ? `${host} has no ${path}.` : said,
        'Check the url and kind of this backend.',
      );
    case 408:
    case 504:
      return fail('server-error', `${host} gave up waiting (${status}).`);
    case 429:
      return fail(
        'rate-limited',
        `${host} has had too many requests (429).`,
        'Wait, or use another backend meanwhile.',
      );
    case 503:
      return /loading|warming up|not ready|starting/i.test(message)
        ? fail('loading', `${host} is loading its model.`)
        : fail('server-error', said);
    case 413:
      return fail('unsupported', `The prompt is too long for ${host}.`, longerContext);
  }
  if (status >= 500) return fail('server-error', said);
  if (isAboutLength(message, code))
    return fail('unsupported', `The prompt is longer than the context of the model on ${host}.`, longerContext);
  const named = parametersThatMayGo.filter(name => parameter === name || new RegExp(`\\b${name}\\b`).test(message));
  return new ModelFailure('unsupported', said, named.length > 0 ? { cause: new RefusedParameters(named) } : {});
}

const parametersThatMayGo = [
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'stop',
  'stream_options',
  'include_usage',
] as const;

/** An error that stands among the text of an answer that had begun. */
export function failureInside(host: string, error: unknown, sent: readonly string[]): ModelFailure {
  const { message, code } = refusalOf(JSON.stringify({ error }));
  if (isAboutLength(message, code))
    return new ModelFailure('unsupported', `The prompt is longer than the context of the model on ${host}.`, {
      remedy: longerContext,
    });
  const says = scrub(message, sent);
  return new ModelFailure('server-error', `${host} gave up in the middle${says === '' ? '.' : `: ${says}`}`);
}

export function networkFailure(host: string, isLocal: boolean, error: Error): ModelFailure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('HPE_'))
    return new ModelFailure('bad-answer', `What listens at ${host} does not speak HTTP.`, {
      remedy: 'Check the url of this backend.',
    });
  if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code))
    return new ModelFailure('unreachable', `The certificate of ${host} is not to be trusted (${code}).`, {
      remedy: 'If its authority is that of your company, name it in NODE_EXTRA_CA_CERTS.',
    });
  if (code === 'ECONNRESET' || code === 'EPIPE') return cutOffFailure(host);
  if (code.startsWith('PROXY_'))
    return new ModelFailure(
      'unreachable',
      `The proxy on the way to ${host} ${code === 'PROXY_REFUSED' ? 'refuses' : 'cannot be reached'}.`,
      {
        remedy: 'Check HTTPS_PROXY; name hosts that need no proxy in NO_PROXY.',
      },
    );
  const why = reasons[code] ?? (/^[A-Z_]{2,40}$/.test(code) ? code : 'no connection');
  return new ModelFailure('unreachable', `${host} cannot be reached: ${why}.`, {
    remedy: isLocal ? 'Start its server.' : 'Check the url of this backend, and your network.',
  });
}

export function redirectFailure(host: string, location: string | undefined, from: URL): ModelFailure {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : null;
  const where = to === null ? 'elsewhere' : to.host === host ? 'another path' : to.host;
  return new ModelFailure('refused-by-settings', `${host} sends requests on to ${where}; nothing was sent there.`, {
    remedy: 'If that is where your code may go, give that url in the settings.',
  });
}

export function cutOffFailure(host: string): ModelFailure {
  return new ModelFailure('cut-off', `The connection to ${host} broke in the middle.`);
}

export function stalledFailure(host: string, waitedMs: number): ModelFailure {
  const waited = waitedMs >= 1000 ? `${Math.round(waitedMs / 1000)} s` : `${waitedMs} ms`;
  return new ModelFailure('stalled', `${host} has said nothing for ${waited}.`, {
    remedy: 'It may be overloaded; restart it if that goes on.',
  });
}

export function badAnswer(host: string): ModelFailure {
  return new ModelFailure('bad-answer', `${host} answered with what its protocol does not allow.`, {
    remedy: 'Check the kind and url of this backend.',
  });
}

const longerContext = 'Start its server with a longer context, or use a model that has one.';

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name could not be looked up',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no network',
};

function isAboutModel(message: string, code: string): boolean {
  return /model/i.test(code) || (/\bmodel\b/i.test(message) && !/chat model|endpoint/i.test(message));
}

function isAboutLength(message: string, code: string): boolean {
  return (
    /context_length|exceed_context/.test(code) ||
    /context (?:length|size|window)|maximum context|too many tokens|prompt is too long|input (?:length|is too long)/i.test(
      message,
    )
  );
}

/** The shapes in which servers put an error: a string, an object, an object in a list. */
function refusalOf(text: string): { readonly message: string; readonly code: string; readonly parameter: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A page of a proxy, or plain text: only a short line of it can be meant for a person.
    return { message: /^[^<\n]{1,200}\n?$/.test(text) ? text.trim() : '', code: '', parameter: '' };
  }
  const outer = Array.isArray(value) ? (value[0] as unknown) : value;
  const error = isRecord(outer) ? (outer['error'] ?? outer['detail'] ?? outer) : outer;
  if (typeof error === 'string') return { message: error, code: '', parameter: '' };
  if (!isRecord(error)) return { message: '', code: '', parameter: '' };
  const { message, code, type, param } = error;
  return {
    message: typeof message === 'string' ? message : '',
    code: [code, type].filter(part => typeof part === 'string').join(' '),
    parameter: typeof param === 'string' ? param : '',
  };
}

/** As the server said it, in either form; nobody has to keep to it as it is. */
function readRetryAfter(headers: IncomingHttpHeaders, now: number): number | null {
  const exact = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const after = headers['retry-after'];
  if (after === undefined) return null;
  const seconds = Number(after);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds * 1000;
  const date = Date.parse(after);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
