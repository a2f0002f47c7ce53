import type { GrammarFolders } from '../../../grammars/parse.js';
import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { createThreadCaller } from '../../base/threadCaller.js';
import { untilAborted } from '../../base/untilAborted.js';
import type { GrammarsData } from '../serveGrammars.js';
import type { Finding, SourceFile } from '../validator.js';
import type { CodeReply, CodeRequest, CodeRuleSet } from './codeMessages.js';

export interface CodeExaminerOptions extends GrammarFolders {
  /** server/validate/code/codeThread. */
  readonly entry: URL;
  readonly log: Log;
}

/** All rules that go by syntax trees, in one pass over each file, in a thread of its own. */
export interface CodeExaminer {
  /**
   * Of each file, in their order: findings; null where it cannot be parsed, or is nested too deeply; a Failure where the thread
   * fails over it. Rejects with the signal's reason. Several validators ask about the same text: it is looked at once.
   */
  examine(
    files: readonly SourceFile[],
    signal: AbortSignal,
    rules: CodeRuleSet,
  ): Promise<readonly (readonly Finding[] | null | Failure)[]>;
  dispose(): Promise<void>;
}

interface Kept {
  readonly text: string;
  readonly languageId: string;
  readonly found: Promise<readonly Finding[] | null>;
  readonly question: Question;
}

/** One text, for all who ask about it before the thread does its work. */
interface Question {
  readonly file: SourceFile;
  readonly rules: Set<CodeRuleSet>;
  readonly reply: Promise<CodeReply>;
  readonly ending: AbortController;
  /** Who asked and has not left: what nobody waits for is not asked. */
  waiting: number;
}

/** States of files: a change has two of each. */
const maxKept = 256;
const fewFiles = 8;

export function createCodeExaminer({ entry, wasmFolder, queryFolder, log }: CodeExaminerOptions): CodeExaminer {
  const workerData: GrammarsData = { wasmFolder: wasmFolder.href, queryFolder: queryFolder.href };
  const caller = createThreadCaller<Omit<CodeRequest, 'id'>, CodeReply>({
    entry,
    workerData,
    name: 'syntax rules',
    log,
  });
  const kept = new Map<string, readonly Kept[]>();
  /** Not yet asked, by path. */
  const open = new Map<string, Question>();

  return {
    async examine(files, signal, rules) {
      signal.throwIfAborted();
      const asked = files.map(file => findingsOf(file, rules));
      for (const { question } of asked) question.waiting += 1;
      try {
        return await untilAborted(Promise.all(asked.map(({ found }) => found.catch(failureOf))), signal);
      } finally {
        // Few are looked at to the end: they are likely to be asked about again.
        if (files.length > fewFiles) for (const { question } of asked) leave(question);
      }
    },
    dispose() {
      kept.clear();
      return caller.rest();
    },
  };

  function findingsOf(file: SourceFile, rules: CodeRuleSet): Kept {
    const { path, text, languageId } = file;
    const key = `${rules} ${path}`;
    const own = kept.get(key) ?? [];
    const known = own.find(each => each.text === text && each.languageId === languageId);
    if (known !== undefined) return known;
    const question = questionAbout(file);
    question.rules.add(rules);
    const found = question.reply.then(reply => reply.found[rules] ?? null);
    const fresh: Kept = { text, languageId, found, question };
    kept.delete(key);
    kept.set(key, [fresh, ...own].slice(0, 2));
    found.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break;
      kept.delete(oldest);
    }
    return fresh;
  }

  /** Whoever asks in the same turn asks with it: the file is parsed once. */
  function questionAbout(file: SourceFile): Question {
    const known = open.get(file.path);
    if (known !== undefined && known.file.text === file.text && known.file.languageId === file.languageId) return known;
    const rules = new Set<CodeRuleSet>();
    const ending = new AbortController();
    const reply = Promise.resolve().then(() => {
      if (open.get(file.path) === question) open.delete(file.path);
      return caller.ask({ file, rules: [...rules] }, ending.signal);
    });
    const question: Question = { file, rules, reply, ending, waiting: 0 };
    open.set(file.path, question);
    return question;
  }
}

function leave(question: Question): void {
  question.waiting -= 1;
  if (question.waiting === 0) question.ending.abort();
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}
