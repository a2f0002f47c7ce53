/** What others see of a compiled class. Names are as in `java.util.Map$Entry`. */
export interface JavaClass {
  readonly name: string;
  readonly parents: readonly string[];
  readonly fields: readonly string[];
  readonly methods: readonly string[];
}

const privateFlag = 0x0002;
const syntheticFlag = 0x1000;

/** Reads a class file (The Java Virtual Machine Specification, chapter 4); null for what is none. */
export function readClassFile(bytes: Buffer): JavaClass | null {
  if (bytes.length < 10 || bytes.readUInt32BE(0) !== 0xcafebabe) return null;
  try {
    return read(bytes);
  } catch {
    return null; // Cut off.
  }
}

function read(bytes: Buffer): JavaClass | null {
  const texts: string[] = [];
  const classes: number[] = [];
  const count = bytes.readUInt16BE(8);
  let at = 10;
  for (let index = 1; index < count; index++) {
    const tag = bytes[at];
    if (tag === 1) {
      const length = bytes.readUInt16BE(at + 1);
      texts[index] = bytes.toString('utf8', at + 3, at + 3 + length);
      at += 3 + length;
    } else if (tag === 7) {
      classes[index] = bytes.readUInt16BE(at + 1);
      at += 3;
    } else {
      const size = tag === undefined ? undefined : sizeOfTag[tag];
      if (size === undefined) return null;
      at += size;
      // Long and double take two places.
      if (tag === 5 || tag === 6) index++;
    }
  }
  const nameOf = (index: number): string => (texts[classes[index] ?? 0] ?? '').replaceAll('/', '.');
  const name = nameOf(bytes.readUInt16BE(at + 2));
  const parents = [nameOf(bytes.readUInt16BE(at + 4))];
  const interfaces = bytes.readUInt16BE(at + 6);
  at += 8;
  for (let each = 0; each < interfaces; each++, at += 2) parents.push(nameOf(bytes.readUInt16BE(at)));
  const [fields, afterFields] = readMembers(bytes, at, texts);
  const [methods] = readMembers(bytes, afterFields, texts);
  return { name, parents: parents.filter(parent => parent !== ''), fields, methods };
}

const sizeOfTag: Readonly<Record<number, number>> = {
  3: 5,
  4: 5,
  5: 9,
  6: 9,
  8: 3,
  9: 5,
  10: 5,
  11: 5,
  12: 5,
  15: 4,
  16: 3,
  17: 5,
  18: 5,
  19: 3,
  20: 3,
};

function readMembers(bytes: Buffer, start: number, texts: readonly string[]): [string[], number] {
  const names: string[] = [];
  let at = start + 2;
  for (let left = bytes.readUInt16BE(start); left > 0; left--) {
    const flags = bytes.readUInt16BE(at);
    if ((flags & (privateFlag | syntheticFlag)) === 0) names.push(texts[bytes.readUInt16BE(at + 2)] ?? '');
    const attributes = bytes.readUInt16BE(at + 6);
    at += 8;
    for (let each = 0; each < attributes; each++) at += 6 + bytes.readUInt32BE(at + 2);
  }
  return [names, at];
}
