import { isRecord, type UnknownRecord } from '../base/record.js';

export type MessageId = string | number;

export const errorCodes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  notInitialized: -32002,
  requestFailed: -32803,
  requestCancelled: -32800,
} as const;

/** What becomes of one value that came as a message. */
export type Checked =
  | { readonly kind: 'request'; readonly id: MessageId }
  | { readonly kind: 'notification' | 'response' }
  | { readonly kind: 'refuse'; readonly id: MessageId | null; readonly why: string }
  | { readonly kind: 'drop'; readonly why: string };

/**
 * Whether a value is a message that can be handed on. The connection behind it trusts shapes: a cancel without an id
 * would throw there, and a request whose id is no id would never be answered.
 */
export function checkMessage(value: unknown): Checked {
  if (!isRecord(value)) return { kind: 'refuse', id: null, why: 'A message is an object.' };
  const id = 'id' in value ? value['id'] : undefined;
  if (!('method' in value)) return checkResponse(value, id);
  const known = isId(id) ? id : null;
  if (typeof value['method'] !== 'string') return { kind: 'refuse', id: known, why: 'The method is not a string.' };
  if (id === undefined) return checkNotification(value);
  if (known === null) return { kind: 'refuse', id: null, why: 'An id is a string or a number.' };
  if (!areParams(value['params'])) return { kind: 'refuse', id: known, why: 'Parameters are an object or a list.' };
  return { kind: 'request', id: known };
}

function checkNotification(value: UnknownRecord): Checked {
  const params = value['params'];
  if (!areParams(params)) return { kind: 'drop', why: 'parameters that are neither object nor list' };
  if (value['method'] === '$/cancelRequest' && !(isRecord(params) && isId(params['id'])))
    return { kind: 'drop', why: 'a cancellation without an id' };
  return { kind: 'notification' };
}

function checkResponse(value: UnknownRecord, id: unknown): Checked {
  const hasResult = value['result'] !== undefined || isRecord(value['error']);
  if (isId(id) && hasResult) return { kind: 'response' };
  if (id === null && isRecord(value['error'])) return { kind: 'drop', why: 'an error about a message without an id' };
  return { kind: 'drop', why: 'neither request, notification nor response' };
}

function isId(value: unknown): value is MessageId {
  return typeof value === 'string' || typeof value === 'number';
}

function areParams(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'object';
}
