/** One message with the header of the language server protocol. */
export function frame(message: object): Buffer {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

const maxHeaderBytes = 4096;
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Takes bytes as they come and hands on each message that is whole. The returned function throws where what comes is no
 * such message: nothing after it can be understood.
 */
export function readFrames(onMessage: (message: unknown) => void): (bytes: Buffer) => void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 0;
  return bytes => {
    chunks.push(bytes);
    held += bytes.length;
    if (held < wanted) return;
    let buffer = Buffer.concat(chunks);
    for (;;) {
      const head = buffer.indexOf('\r\n\r\n');
      if (head < 0) {
        if (buffer.length > maxHeaderBytes) throw new Error('A header of a message has no end.');
        wanted = 0;
        break;
      }
      const length = Number(
        /content-length:\s*(\d{1,9})/i.exec(buffer.subarray(0, head).toString('latin1'))?.[1] ?? NaN,
      );
      if (!(length <= maxBodyBytes)) throw new Error('A message does not say how long it is, or is too long.');
      const end = head + 4 + length;
      if (buffer.length < end) {
        wanted = end;
        break;
      }
      onMessage(JSON.parse(buffer.subarray(head + 4, end).toString('utf8')));
      buffer = buffer.subarray(end);
    }
    chunks = [buffer];
    held = buffer.length;
  };
}
