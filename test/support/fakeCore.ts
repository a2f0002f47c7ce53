import type { Completion, CompletionAnswer, CompletionRequest } from '../../server/complete/completer.js';
import { defaultSettings } from '../../server/config/resolve.js';
import { openDoor } from './openDoor.js';
import { createSwitches } from '../../server/complete/switches.js';
import type { Core, CoreStatus } from '../../server/core.js';
import type { FillInPrompt } from '../../server/model/prompt.js';
import { noModels } from '../../server/model/noModels.js';
import type { SearchHit } from '../../index/codeIndex.js';
import type { DocSnapshot, TextEdit } from '../../server/base/snapshot.js';
import { noAudit } from '../../server/trust/audit.js';
import { nobodyTrusted } from '../../server/trust/trust.js';
import { noJournal } from './noJournal.js';

export interface FakeCore extends Core {
  /** What came, in order, as a test wants to read it. */
  readonly heard: string[];
  readonly accepted: string[];
  readonly documents: ReadonlyMap<string, DocSnapshot>;
  changeStatus(status: Partial<CoreStatus>): void;
}

export interface FakeCoreScript {
  readonly complete?: (request: CompletionRequest, signal: AbortSignal) => Promise<CompletionAnswer>;
  readonly hits?: readonly SearchHit[];
  readonly folders?: readonly string[];
  readonly search?: (query: string) => Promise<readonly SearchHit[]>;
}

/** A core that does what a script says, for tests of the shell around it. */
export function createFakeCore(script: FakeCoreScript = {}): FakeCore {
  const heard: string[] = [];
  const accepted: string[] = [];
  const documents = new Map<string, DocSnapshot>();
  const listeners = new Set<() => void>();
  const folders = new Set(script.folders ?? []);
  let status: CoreStatus = { state: 'ready', message: '', folders: [] };

  const follower = {
    open(snapshot: DocSnapshot): void {
      documents.set(snapshot.uri, snapshot);
      heard.push(`open ${snapshot.uri}`);
    },
    change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void {
      documents.set(snapshot.uri, snapshot);
      heard.push(`change ${snapshot.uri} ${edits.map(edit => `${edit.start}-${edit.end}`).join(' ')}`);
    },
    close(uri: string): void {
      documents.delete(uri);
      heard.push(`close ${uri}`);
    },
  };
  return {
    heard,
    accepted,
    documents,
    changeStatus(next) {
      status = { ...status, ...next };
      for (const listener of listeners) listener();
    },
    ...follower,
    completer: {
      ...follower,
      complete: (request, signal) =>
        script.complete?.(request, signal) ?? Promise.resolve({ items: [], reason: 'unsure', steps: [] }),
      accepted: id => void accepted.push(id),
      partlyAccepted: (id, length) => void accepted.push(`${id} up to ${length}`),
      shown: id => void heard.push(`shown ${id}`),
      outcomes: () => ({}),
      importsOf: () => Promise.resolve(null),
      onReady: () => () => {},
      switches: createSwitches(
        () => true,
        () => Date.now(),
      ),
    },
    recall: {
      ...follower,
      suggest: () => ({ silence: 'unsure' }),
      updateFile: () => {},
      knows: () => true,
      stats: () => ({ files: 0, tokens: 0, vocabulary: 0, bytes: 0, leftOut: 0 }),
    },
    models: noModels(),
    trust: nobodyTrusted,
    journal: noJournal,
    audit: noAudit,
    gate: openDoor,
    workplace: () => ({ folder: null, isTrusted: false, index: null, gate: defaultSettings().gate }),
    context: {
      open: () => {},
      change: () => {},
      close: () => {},
      diagnostics: () => {},
      gather: ({ snapshot }) => Promise.resolve({ prompt: emptyPrompt(snapshot), sources: [] }),
      instructionFiles: () => [],
      dispose: () => {},
    },
    trees: {
      ...follower,
      check: request => Promise.resolve({ keep: request.text.length, verdict: 'unknown' }),
      surroundings: () => Promise.resolve(null),
      shape: () => Promise.resolve(null),
      rest: () => Promise.resolve(),
      dispose: () => Promise.resolve(),
    },
    start(onProgress) {
      heard.push('start');
      onProgress(status);
      return Promise.resolve();
    },
    addFolder(folder) {
      folders.add(folder);
      heard.push(`addFolder ${folder}`);
    },
    removeFolder(folder) {
      folders.delete(folder);
      heard.push(`removeFolder ${folder}`);
      return Promise.resolve();
    },
    index: () => null,
    search: query => script.search?.(query) ?? Promise.resolve(script.hits ?? []),
    exclusion: () => null,
    fileChanged: path => void heard.push(`fileChanged ${path}`),
    settingsChanged: () => void heard.push('settingsChanged'),
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      heard.push('dispose');
      return Promise.resolve();
    },
  };
}

function emptyPrompt({ languageId, path }: DocSnapshot): FillInPrompt {
  const label = path ?? 'untitled';
  return { languageId, path, label, repository: '', related: [], prefix: '', typed: '', suffix: '', startLine: 0 };
}

/** One suggestion at the cursor, as a completer would make it. */
export function completionAt(request: CompletionRequest, text: string, id = 'one'): Completion {
  return {
    id,
    start: request.offset,
    end: request.offset,
    text,
    confidence: 0.9,
    source: 'recall',
    origin: { kind: 'workspace', path: '/elsewhere/a.ts', line: 41 },
    imports: [],
  };
}
