/** A value of a GGUF file's header, with the type that its reader expects. */
export type GgufValue =
  | { readonly type: 'uint32' | 'float32' | 'bool'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] };

export interface GgufTensor {
  readonly name: string;
  /** The innermost dimension first, as ggml counts: a matrix is [inputs, outputs]. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A model file, GGUF version 3 (ggml's docs/gguf.md), with all tensors in F32. */
export function encodeGguf(
  header: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
): readonly Uint8Array[] {
  const parts: Buffer[] = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(Object.keys(header).length)];
  for (const [key, value] of Object.entries(header)) parts.push(string(key), ...encodeValue(value));
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    parts.push(string(name), uint32(shape.length), ...shape.map(uint64), uint32(tensorTypeF32), uint64(offset));
    offset += aligned(data.byteLength);
  }
  const head = Buffer.concat(parts);
  const body = tensors.flatMap(({ data }) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [bytes, padding(bytes.byteLength)];
  });
  return [head, padding(head.byteLength), ...body];
}

const tensorTypeF32 = 0;
const alignment = 32;

/** Numbers of the types, as the format has them. */
const typeCodes = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

function encodeValue(value: GgufValue): readonly Buffer[] {
  switch (value.type) {
    case 'uint32':
      return [uint32(typeCodes.uint32), uint32(value.value)];
    case 'float32':
      return [uint32(typeCodes.float32), float32(value.value)];
    case 'bool':
      return [uint32(typeCodes.bool), Buffer.from([value.value])];
    case 'string':
      return [uint32(typeCodes.string), string(value.value)];
    case 'strings':
      return [...arrayHead(typeCodes.string, value.value.length), ...value.value.map(string)];
    case 'int32s':
      return [...arrayHead(typeCodes.int32, value.value.length), ...value.value.map(int32)];
  }
}

function arrayHead(type: number, length: number): readonly Buffer[] {
  return [uint32(typeCodes.array), uint32(type), uint64(length)];
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
}

function float32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeFloatLE(value);
  return buffer;
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array(aligned(bytes) - bytes);
}
