/** The LSP base protocol: bytes in, JSON values out. Broken framing costs the messages it hits, never those after it. */
export interface FrameParser {
  push(chunk: Buffer): void;
}

export interface FrameSink {
  message(value: unknown): void;
  /** A frame whose content is no JSON. */
  unreadable(): void;
  /** Bytes that belong to no frame were skipped. */
  skipped(bytes: number): void;
  /** Nothing sensible has come for so long that going on would only pretend to listen. */
  lost(): void;
}

export const maxContentBytes = 64 * 1024 * 1024;
const maxHeaderBytes = 64 * 1024;
const maxGarbageBytes = 16 * 1024 * 1024;
/** Longer than any header line that begins a frame. */
const overlapBytes = 64;

/**
 * Raw line breaks cannot stand inside a JSON string, so a header line inside a body proves that a length was wrong: the
 * parser then goes on from that header instead of waiting for bytes that will never come.
 */
export function createFrameParser(sink: FrameSink): FrameParser {
  let header: Buffer = Buffer.alloc(0);
  let body: { readonly chunks: Buffer[]; size: number; readonly needed: number } | null = null;
  let garbageBytes = 0;

  return {
    push(chunk) {
      let rest: Buffer | null = chunk;
      while (rest !== null) rest = body === null ? takeHeader(rest) : takeBody(body, rest);
    },
  };

  function takeHeader(chunk: Buffer): Buffer | null {
    header = header.length === 0 ? chunk : Buffer.concat([header, chunk]);
    const end = endOfHeader(header);
    if (end === null) {
      if (header.length > maxHeaderBytes) {
        skip(header.length - overlapBytes);
        header = header.subarray(-overlapBytes);
      }
      return null;
    }
    const needed = contentLength(header.toString('latin1', 0, end));
    const rest = header.subarray(end);
    header = Buffer.alloc(0);
    if (needed === null) skip(end);
    else body = { chunks: [], size: 0, needed };
    return rest.length > 0 || needed === 0 ? rest : null;
  }

  function takeBody(open: NonNullable<typeof body>, chunk: Buffer): Buffer | null {
    open.chunks.push(chunk);
    open.size += chunk.length;
    if (open.size < open.needed) return resumeInside(open, chunk);
    const all = open.chunks.length === 1 ? chunk : Buffer.concat(open.chunks);
    const content = all.subarray(0, open.needed);
    const rest = all.subarray(open.needed);
    body = null;
    const resumed = deliver(content);
    if (resumed !== null) return Buffer.concat([resumed, rest]);
    return rest.length > 0 ? rest : null;
  }

  /** The body is not whole yet. Where a header begins in what came last, all before it is given up. */
  function resumeInside(open: NonNullable<typeof body>, chunk: Buffer): Buffer | null {
    const before = open.chunks.at(-2);
    const overlap = before === undefined ? 0 : Math.min(overlapBytes, before.length);
    const window = before === undefined ? chunk : Buffer.concat([before.subarray(before.length - overlap), chunk]);
    const found = findHeader(window);
    if (found === null) return null;
    body = null;
    skip(open.size - (window.length - found));
    return window.subarray(found);
  }

  function deliver(content: Buffer): Buffer | null {
    let value: unknown;
    try {
      value = JSON.parse(content.toString('utf8'));
    } catch {
      const found = findHeader(content);
      skip(found ?? content.length);
      sink.unreadable();
      return found === null ? null : content.subarray(found);
    }
    garbageBytes = 0;
    sink.message(value);
    return null;
  }

  function skip(bytes: number): void {
    garbageBytes += bytes;
    sink.skipped(bytes);
    if (garbageBytes > maxGarbageBytes) sink.lost();
  }
}

function endOfHeader(bytes: Buffer): number | null {
  const found = bytes.indexOf('\r\n\r\n');
  return found < 0 ? null : found + 4;
}

/** The last length named, for garbage may stand before a good header, on its very line. */
function contentLength(header: string): number | null {
  const found = [...header.matchAll(/content-length:[ \t]*(\d+)[ \t]*\r?$/gim)].at(-1)?.[1];
  const length = found === undefined ? NaN : Number(found);
  return length <= maxContentBytes ? length : null;
}

function findHeader(bytes: Buffer): number | null {
  let from = 0;
  for (;;) {
    const found = bytes.indexOf('Content-Length:', from, 'latin1');
    if (found < 0) return null;
    if (/^Content-Length:[ \t]*\d+[ \t]*\r\n/.test(bytes.toString('latin1', found, found + overlapBytes))) return found;
    from = found + 1;
  }
}
