import { Failure } from '../../../server/base/failure.js';
import { createTestIndex } from './codeIndex.js';

// Indexes FOLDER once and prints what came of it as JSON.
const { index, scanned, start } = createTestIndex(process.argv[2] ?? '', { workers: 1 });
let rejected: { kind: string; message: string } | null = null;
try {
  await start();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  rejected = { kind: error.kind, message: error.message };
}
const status = index.status();
await index.close();
process.stdout.write(JSON.stringify({ rejected, status, scanned }));
