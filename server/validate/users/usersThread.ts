// A worker_threads entry: who uses what a change takes away. createUsers ends it and starts it anew.
import { parentPort, workerData } from 'node:worker_threads';
import { createGrammars, type Grammars } from '../../../grammars/parse.js';
import { findUsers } from './findUsers.js';
import type { UsersReply, UsersRequest, UsersThreadData } from './usersMessages.js';

// A rejection reaches the client as the thread's error.
if (parentPort !== null) run(parentPort, workerData as UsersThreadData);

function run(port: NonNullable<typeof parentPort>, data: UsersThreadData): void {
  const loading = createGrammars({ wasmFolder: new URL(data.wasmFolder), queryFolder: new URL(data.queryFolder) });
  port.on('message', (request: UsersRequest) => void answer(port, loading, request)); // What it throws ends the thread.
}

async function answer(
  port: NonNullable<typeof parentPort>,
  loading: Promise<Grammars>,
  request: UsersRequest,
): Promise<void> {
  port.postMessage({ id: request.id, users: findUsers(request, await loading) } satisfies UsersReply);
}
