// A worker_threads entry: trees of open documents. It is ended and started anew by treesClient.
import { parentPort, workerData } from 'node:worker_threads';
import { createDocumentTrees, type DocumentTrees } from './documentTrees.js';
import { GrammarAborted, createGrammars } from './parse.js';
import type { TreeReply, TreeRequest, TreeThreadData } from './treeMessages.js';

// A rejection reaches the client as the thread's error.
if (parentPort !== null) void run(parentPort, workerData as TreeThreadData);

async function run(port: NonNullable<typeof parentPort>, data: TreeThreadData): Promise<void> {
  const say = (reply: TreeReply): void => port.postMessage(reply);
  const grammars = await createGrammars(
    { wasmFolder: new URL(data.wasmFolder), queryFolder: new URL(data.queryFolder) },
    (grammar, error) => say({ type: 'unloadable', grammar, message: String(error) }),
  );
  const trees = createDocumentTrees(grammars);
  let refreshing: NodeJS.Immediate | null = null;
  let dead = false;

  const guard = (uri: string | null, act: () => void): void => {
    if (dead) return;
    try {
      act();
    } catch (error) {
      if (!(error instanceof GrammarAborted)) throw error;
      dead = true;
      say({ type: 'aborted', grammar: error.grammar, uri });
    }
  };

  port.on('message', (request: TreeRequest) => {
    guard(uriOf(request), () => answer(request, trees, say));
    if (request.type !== 'open' && request.type !== 'change') return;
    // Only when no more messages wait: a burst of changes is parsed once.
    if (refreshing !== null) clearImmediate(refreshing);
    const uri = uriOf(request);
    refreshing = setImmediate(() => guard(uri, () => trees.refresh(uri)));
  });
  say({ type: 'ready' });
}

function answer(request: TreeRequest, trees: DocumentTrees, say: (reply: TreeReply) => void): void {
  switch (request.type) {
    case 'open':
      return trees.open(request.snapshot);
    case 'close':
      return trees.close(request.uri);
    case 'change':
      if (trees.change(request.uri, request.version, request.edits, request.length) === 'lost') {
        say({ type: 'lost', uri: request.uri });
      }
      return;
    case 'check':
      return say({ type: 'answer', id: request.id, value: trees.check(request.request, request.deadlineMs) });
    case 'surroundings': {
      const { id, uri, version, offset } = request;
      return say({ type: 'answer', id, value: trees.surroundings(uri, version, offset) });
    }
    case 'shape': {
      const { id, uri, version, offset } = request;
      return say({ type: 'answer', id, value: trees.shape(uri, version, offset) });
    }
  }
}

function uriOf(request: TreeRequest): string {
  if (request.type === 'open') return request.snapshot.uri;
  return request.type === 'check' ? request.request.uri : request.uri;
}
