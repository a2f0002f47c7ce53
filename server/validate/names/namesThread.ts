// A worker_threads entry: names that nobody declares. createNamesValidator ends it and starts it anew.
import { parentPort, workerData } from 'node:worker_threads';
import { serveGrammars } from '../serveGrammars.js';
import { createNamesJudge, type NamesJudge } from './judgeNames.js';
import type { NamesReply, NamesRequest, NamesThreadData } from './namesMessages.js';
import { createParse, type Parse } from './parseTexts.js';

if (parentPort !== null) run(parentPort, workerData as NamesThreadData);

/** One remembers what is installed; another workspace has another. */
const mostJudges = 4;

function run(port: NonNullable<typeof parentPort>, data: NamesThreadData): void {
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
  serveGrammars(port, data, (grammars, { id, files, folder, overlay }: NamesRequest): NamesReply => {
    const examined = judgeOf(folder, createParse(grammars)).examine(files, overlay);
    return { id, examined };
  });
}
