import { Failure } from '../base/failure.js';
import type { Position, Range } from '../base/position.js';
import { isRecord, type UnknownRecord } from '../base/record.js';

/** Readers of what a client sent: the value, or a Failure of kind `bad-input` that names what is missing. */
export function readRecord(value: unknown, name = 'params'): UnknownRecord {
  if (isRecord(value)) return value;
  throw bad(`${name} must be an object`);
}

export function readString(record: UnknownRecord, key: string): string {
  const value = record[key];
  if (typeof value === 'string') return value;
  throw bad(`${key} must be a string`);
}

export function readNumber(record: UnknownRecord, key: string): number {
  const value = record[key];
  if (typeof value === 'number') return value;
  throw bad(`${key} must be a number`);
}

export function readList(record: UnknownRecord, key: string): readonly unknown[] {
  const value = record[key];
  if (Array.isArray(value)) return value;
  throw bad(`${key} must be a list`);
}

export function readUri(params: unknown): string {
  return readString(readRecord(readRecord(params)['textDocument'], 'textDocument'), 'uri');
}

export function readPosition(value: unknown): Position {
  const record = readRecord(value, 'position');
  return { line: readNumber(record, 'line'), character: readNumber(record, 'character') };
}

export function readRange(value: unknown): Range {
  const record = readRecord(value, 'range');
  return { start: readPosition(record['start']), end: readPosition(record['end']) };
}

export interface DocumentPosition {
  readonly uri: string;
  readonly position: Position;
}

export function readDocumentPosition(params: unknown): DocumentPosition {
  return { uri: readUri(params), position: readPosition(readRecord(params)['position']) };
}

export function readNothing(): null {
  return null;
}

function bad(message: string): Failure {
  return new Failure('bad-input', message);
}
