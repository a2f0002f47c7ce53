import type { Recall } from '../../index/recall/recall.js';
import { judgedPath } from '../base/paths.js';
import type { DocSnapshot, TextEdit } from '../base/snapshot.js';

/** Open documents on their way to recall, where each is a source for all others: what is excluded stays out of it. */
export interface OpenSources {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
  /** Rules, settings or folders may have changed: takes out what is excluded now, brings in what is so no more. */
  review(): void;
}

export type OpenSourcesListener = Pick<Recall, 'open' | 'change' | 'close'>;

export function createOpenSources(recall: OpenSourcesListener, isAllowed: (path: string) => boolean): OpenSources {
  const documents = new Map<string, { snapshot: DocSnapshot; isTold: boolean }>();
  const mayBeTold = (snapshot: DocSnapshot): boolean => {
    const path = judgedPath(snapshot);
    return path === null || isAllowed(path);
  };

  return {
    open(snapshot) {
      const isTold = mayBeTold(snapshot);
      documents.set(snapshot.uri, { snapshot, isTold });
      if (isTold) recall.open(snapshot);
    },
    change(snapshot, edits) {
      const document = documents.get(snapshot.uri);
      if (document === undefined) return;
      document.snapshot = snapshot;
      if (document.isTold) recall.change(snapshot, edits);
    },
    close(uri) {
      if (documents.get(uri)?.isTold === true) recall.close(uri);
      documents.delete(uri);
    },
    review() {
      for (const [uri, document] of documents) {
        const isTold = mayBeTold(document.snapshot);
        if (isTold === document.isTold) continue;
        document.isTold = isTold;
        if (isTold) recall.open(document.snapshot);
        else recall.close(uri);
      }
    },
  };
}
