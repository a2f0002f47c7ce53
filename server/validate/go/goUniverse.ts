import { basic, unknownType, type FunctionType, type GoType, type Binding } from './goType.js';

const types =
  `bool byte complex64 complex128 float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32
 uint64 uintptr any comparable error`.split(/\s+/);
const functions =
  'append cap clear close complex copy delete imag len make max min new panic print println real recover'.split(' ');

const aliases: Readonly<Record<string, string>> = { byte: 'uint8', rune: 'int32' };

/** What Go brings along without an import. */
export const universe: ReadonlyMap<string, Binding> = new Map<string, Binding>([
  ...types.map((name): [string, Binding] => [name, { kind: 'type', type: () => basic(aliases[name] ?? name) }]),
  ...functions.map((name): [string, Binding] => [name, { kind: 'builtin', name }]),
  ...['true', 'false'].map((name): [string, Binding] => [name, { kind: 'value', type: () => basic('bool', true) }]),
  ['iota', { kind: 'value', type: () => basic('int', true) }],
  ['nil', { kind: 'value', type: () => unknownType }],
]);

/** The method of `error`; null for any other. */
export function errorMethod(name: string): GoType | null {
  const method: FunctionType = {
    kind: 'function',
    parameters: [],
    isVariadic: false,
    results: [basic('string')],
    typeParameters: [],
  };
  return name === 'Error' ? method : null;
}
