import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A Node process without any package that answers `initialize`: what no server can be faster than. */
const bareServer = `
let input = '';
process.stdin.on('data', chunk => {
  input += chunk;
  if (!input.includes('"initialize"')) return;
  const content = '{"jsonrpc":"2.0","id":1,"result":{"capabilities":{}}}';
  process.stdout.write('Content-Length: ' + content.length + '\\r\\n\\r\\n' + content);
});
process.stdin.on('end', () => process.exit(0));
`;

export interface StartupFigures {
  readonly pairs: number;
  readonly bareMs: number;
  readonly oursMs: number;
  /** Median of the differences within a pair. */
  readonly addedMs: number;
}

/** Spawn to `initialize` answered, in interleaved pairs of a bare Node process and the shipped server; medians. */
export async function measureStartup(pairs = 25): Promise<StartupFigures> {
  const launcher = fileURLToPath(new URL('../../../dist/understudy.cjs', import.meta.url));
  const cache = mkdtempSync(join(tmpdir(), 'understudy-startup-'));
  const env = { ...process.env, XDG_CACHE_HOME: cache, XDG_CONFIG_HOME: cache };
  const bare = (): Promise<number> => timeToInitialize(['-e', bareServer], env, 0);
  const ours = (lingerMs: number): Promise<number> => timeToInitialize([launcher, '--stdio'], env, lingerMs);
  try {
    // The first start has no code cache yet; it writes one, as a person's first session does.
    await ours(2500);
    await bare();
    const rows: { bare: number; ours: number }[] = [];
    for (let pair = 0; pair < pairs; pair++) rows.push({ bare: await bare(), ours: await ours(0) });
    return {
      pairs,
      bareMs: median(rows.map(row => row.bare)),
      oursMs: median(rows.map(row => row.ours)),
      addedMs: median(rows.map(row => row.ours - row.bare)),
    };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

function timeToInitialize(args: readonly string[], env: NodeJS.ProcessEnv, lingerMs: number): Promise<number> {
  const content = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { processId: null, rootUri: null, capabilities: {} },
  });
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    let answeredMs: number | null = null;
    child.stdout.on('data', (chunk: Buffer) => {
      if (answeredMs !== null || !chunk.includes('"capabilities"')) return;
      answeredMs = performance.now() - startedAt;
      setTimeout(() => child.stdin.end(), lingerMs);
    });
    child.on('error', reject);
    child.on('exit', () => {
      if (answeredMs === null) reject(new Error('The server left without an answer.'));
      else resolve(answeredMs);
    });
    child.stdin.on('error', () => {}); // A server that has left says so by its exit.
    child.stdin.write(`Content-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`);
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return Math.round((sorted[sorted.length >> 1] ?? NaN) * 10) / 10;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await measureStartup()));
