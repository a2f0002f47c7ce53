import type { Recall } from '../../../index/recall/recall.js';
import type { DocSnapshot } from '../../../server/base/snapshot.js';

/** One open document, edited as an editor would, with several engines looking on. */
export class Editor {
  readonly #engines: readonly Recall[];
  #snapshot: DocSnapshot;

  constructor(engines: readonly Recall[], path: string, languageId: string, text: string) {
    this.#engines = engines;
    this.#snapshot = { uri: `file://${path}`, path, languageId, version: 1, text };
    for (const engine of engines) engine.open(this.#snapshot);
  }

  get snapshot(): DocSnapshot {
    return this.#snapshot;
  }

  replace(start: number, end: number, text: string): void {
    if (start === end && text === '') return;
    const old = this.#snapshot;
    const edited = old.text.slice(0, start) + text + old.text.slice(end);
    this.#snapshot = { ...old, version: old.version + 1, text: edited };
    for (const engine of this.#engines) engine.change(this.#snapshot, [{ start, end, text }]);
  }

  close(): void {
    for (const engine of this.#engines) engine.close(this.#snapshot.uri);
  }
}
