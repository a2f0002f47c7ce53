// A worker_threads entry: the rules that go by syntax trees. codeExaminer ends it and starts it anew.
import { parentPort, workerData } from 'node:worker_threads';
import { createGrammars, type Grammars } from '../../../grammars/parse.js';
import { examineByRules } from './examineCode.js';
import type { CodeReply, CodeRequest, CodeThreadData } from './codeMessages.js';

// A rejection reaches the client as the thread's error.
if (parentPort !== null) run(parentPort, workerData as CodeThreadData);

function run(port: NonNullable<typeof parentPort>, data: CodeThreadData): void {
  const loading = createGrammars({ wasmFolder: new URL(data.wasmFolder), queryFolder: new URL(data.queryFolder) });
  port.on('message', (request: CodeRequest) => void answer(port, loading, request)); // What it throws ends the thread.
}

async function answer(
  port: NonNullable<typeof parentPort>,
  loading: Promise<Grammars>,
  { id, file, rules }: CodeRequest,
): Promise<void> {
  port.postMessage({ id, found: examineByRules(await loading, file, rules) } satisfies CodeReply);
}
