import type { GrammarFolders } from '../../../grammars/parse.js';
import type { Log } from '../../base/log.js';
import { createThreadCaller } from '../../base/threadCaller.js';
import { untilAborted } from '../../base/untilAborted.js';
import type { Finding, SourceFile } from '../validator.js';
import type { CodeReply, CodeRequest, CodeRuleSet, CodeThreadData } from './codeMessages.js';

export interface CodeExaminerOptions extends GrammarFolders {
  /** server/validate/code/codeThread. */
  readonly entry: URL;
  readonly log: Log;
}

/** All rules that go by syntax trees, in one pass over each file, in a thread of its own. */
export interface CodeExaminer {
  /**
   * Null where the file cannot be parsed. Rejects with the signal's reason, or a Failure where the thread has failed. Several
   * validators ask about the same text: it is looked at once.
   */
  examine(file: SourceFile, signal: AbortSignal, rules?: CodeRuleSet): Promise<readonly Finding[] | null>;
  dispose(): Promise<void>;
}

interface Kept {
  readonly text: string;
  readonly languageId: string;
  readonly found: Promise<readonly Finding[] | null>;
}

/** States of files: a change has two of each. */
const maxKept = 256;

export function createCodeExaminer({ entry, wasmFolder, queryFolder, log }: CodeExaminerOptions): CodeExaminer {
  const workerData: CodeThreadData = { wasmFolder: wasmFolder.href, queryFolder: queryFolder.href };
  const caller = createThreadCaller<Omit<CodeRequest, 'id'>, CodeReply>({
    entry,
    workerData,
    name: 'syntax rules',
    log,
  });
  const kept = new Map<string, readonly Kept[]>();

  return {
    examine(file, signal, rules = 'syntax') {
      signal.throwIfAborted();
      return untilAborted(findingsOf(file, rules), signal);
    },
    dispose() {
      kept.clear();
      return caller.rest();
    },
  };

  function findingsOf(file: SourceFile, rules: CodeRuleSet): Kept['found'] {
    const { path, text, languageId } = file;
    const key = `${rules} ${path}`;
    const own = kept.get(key) ?? [];
    const known = own.find(each => each.text === text && each.languageId === languageId);
    if (known !== undefined) return known.found;
    // One of those who ask may leave; the others still wait.
    const found = caller.ask({ file, rules }, new AbortController().signal).then(({ findings }) => findings);
    const fresh: Kept = { text, languageId, found };
    kept.delete(key);
    kept.set(key, [fresh, ...own].slice(0, 2));
    found.catch(() => kept.delete(key));
    for (const oldest of kept.keys()) {
      if (kept.size <= maxKept) break;
      kept.delete(oldest);
    }
    return found;
  }
}
