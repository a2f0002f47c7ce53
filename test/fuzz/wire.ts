/** Frames of the LSP base protocol, written and read without a library, so that a fuzz run can also write wrong ones. */
export function frame(body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8');
  return Buffer.concat([Buffer.from(`Content-Length: ${bytes.length}\r\n\r\n`, 'ascii'), bytes]);
}

export interface Answer {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Feeds bytes in, calls back with each message. A server's output that is no frame is an error: stdout belongs to the protocol. */
export function createReader(onMessage: (message: Answer) => void): (bytes: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return bytes => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    for (;;) {
      const headerEnd = pending.indexOf('\r\n\r\n');
      if (headerEnd < 0) return;
      const length = /^Content-Length: (\d+)$/im.exec(pending.toString('ascii', 0, headerEnd))?.[1];
      if (length === undefined) throw new Error(`Not a frame: ${JSON.stringify(pending.toString('utf8', 0, 80))}`);
      const bodyStart = headerEnd + 4;
      const bodyEnd = bodyStart + Number(length);
      if (pending.length < bodyEnd) return;
      const message: unknown = JSON.parse(pending.toString('utf8', bodyStart, bodyEnd));
      pending = pending.subarray(bodyEnd);
      if (typeof message === 'object' && message !== null) onMessage(message);
    }
  };
}
