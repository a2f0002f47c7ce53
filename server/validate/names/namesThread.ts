// A worker_threads entry: names that nobody declares. createNamesValidator ends it and starts it anew.
import { parentPort, workerData } from 'node:worker_threads';
import { createGrammars } from '../../../grammars/parse.js';
import { createNamesJudge, type NamesJudge } from './judgeNames.js';
import type { NamesReply, NamesRequest, NamesThreadData } from './namesMessages.js';
import { createParse, type Parse } from './parseTexts.js';

// A rejection reaches the client as the thread's error.
if (parentPort !== null) run(parentPort, workerData as NamesThreadData);

/** One remembers what is installed; another workspace has another. */
const mostJudges = 4;

function run(port: NonNullable<typeof parentPort>, data: NamesThreadData): void {
  const loading = createGrammars({ wasmFolder: new URL(data.wasmFolder), queryFolder: new URL(data.queryFolder) });
  const judges = new Map<string, NamesJudge>();
  const judgeOf = (folder: string | null, parse: Parse): NamesJudge => {
    const key = folder ?? '';
    const judge = judges.get(key) ?? createNamesJudge(folder, data.machine, parse);
    judges.delete(key);
    judges.set(key, judge);
    for (const oldest of judges.keys()) {
      if (judges.size <= mostJudges) break;
      judges.delete(oldest);
    }
    return judge;
  };
  const answer = async ({ id, files, folder, overlay }: NamesRequest): Promise<void> => {
    const examined = judgeOf(folder, createParse(await loading)).examine(files, overlay);
    port.postMessage({ id, examined } satisfies NamesReply);
  };
  port.on('message', (request: NamesRequest) => void answer(request)); // What it throws ends the thread.
}
