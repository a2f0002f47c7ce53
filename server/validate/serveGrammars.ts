import type { MessagePort } from 'node:worker_threads';
import { createGrammars, type Grammars } from '../../grammars/parse.js';

/** What a thread that parses is started with. */
export interface GrammarsData {
  readonly wasmFolder: string;
  readonly queryFolder: string;
}

/** Answers what comes through the port, once the grammars are there. What it throws ends the thread, and reaches the client. */
export function serveGrammars<Asked>(
  port: MessagePort,
  { wasmFolder, queryFolder }: GrammarsData,
  answer: (grammars: Grammars, asked: Asked) => object,
): void {
  const loading = createGrammars({ wasmFolder: new URL(wasmFolder), queryFolder: new URL(queryFolder) });
  const reply = async (asked: Asked): Promise<void> => port.postMessage(answer(await loading, asked));
  port.on('message', (asked: Asked) => void reply(asked));
}
