// A worker_threads entry: the rules that go by syntax trees. codeExaminer ends it and starts it anew.
import { parentPort, workerData } from 'node:worker_threads';
import { serveGrammars, type GrammarsData } from '../serveGrammars.js';
import { examineByRules } from './examineCode.js';
import type { CodeReply, CodeRequest } from './codeMessages.js';

if (parentPort !== null)
  serveGrammars(parentPort, workerData as GrammarsData, (grammars, { id, file, rules }: CodeRequest): CodeReply => ({
    id,
    found: examineByRules(grammars, file, rules),
  }));
