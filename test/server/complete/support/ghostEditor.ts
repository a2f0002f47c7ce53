import type { DocSnapshot, TextEdit } from '../../../../server/base/snapshot.js';
import type { Completer, Completion, CompletionAnswer } from '../../../../server/complete/completer.js';

export interface Follower {
  open(snapshot: DocSnapshot): void;
  change(snapshot: DocSnapshot, edits: readonly TextEdit[]): void;
  close(uri: string): void;
}

/** An editor with one document: a text, a cursor, and the ghost text that was last answered. */
export interface GhostEditor {
  readonly uri: string;
  text(): string;
  cursor(): number;
  ghost(): Completion | null;
  reason(): string | null;
  /** The text with what is shown in ⟦ ⟧, and the cursor as ▮ where nothing is. */
  picture(): string;
  ask(trigger?: 'automatic' | 'invoked'): Promise<CompletionAnswer>;
  /** Types at the cursor, one change for all of it, and asks. `closing` is what the editor adds right of the cursor. */
  type(text: string, closing?: string): Promise<CompletionAnswer>;
  /** Types without asking. */
  insert(text: string, closing?: string): void;
  erase(units: number): Promise<CompletionAnswer>;
  replace(edit: TextEdit): void;
  moveTo(offset: number): void;
  /** Takes the suggestion, or as much of it as stands right of the cursor up to `units`. */
  accept(units?: number): void;
  close(): void;
}

export interface GhostEditorOptions {
  readonly completer: Completer;
  readonly followers?: readonly Follower[];
  readonly uri?: string;
  readonly path?: string | null;
  readonly languageId: string;
  /** With ▮ at the cursor. */
  readonly marked: string;
}

export const cursorMark = '▮';

export function openGhostEditor(options: GhostEditorOptions): GhostEditor {
  const { completer, languageId, marked } = options;
  const path = options.path === undefined ? '/project/src/main.ts' : options.path;
  const uri = options.uri ?? `file://${path ?? '/untitled'}`;
  const followers: readonly Follower[] = [...(options.followers ?? []), completer];
  let offset = Math.max(0, marked.indexOf(cursorMark));
  let snapshot: DocSnapshot = { uri, path, languageId, version: 1, text: marked.replace(cursorMark, '') };
  let answer: CompletionAnswer | null = null;
  for (const follower of followers) follower.open(snapshot);

  function apply(edit: TextEdit): void {
    const text = snapshot.text.slice(0, edit.start) + edit.text + snapshot.text.slice(edit.end);
    snapshot = { ...snapshot, version: snapshot.version + 1, text };
    answer = null;
    for (const follower of followers) follower.change(snapshot, [edit]);
  }

  const ghost = (): Completion | null => answer?.items[0] ?? null;

  const editor: GhostEditor = {
    uri,
    text: () => snapshot.text,
    cursor: () => offset,
    ghost,
    reason: () => answer?.reason ?? null,
    picture() {
      const item = ghost();
      const { text } = snapshot;
      if (item === null) return text.slice(0, offset) + cursorMark + text.slice(offset);
      const fresh = item.text.slice(offset - item.start);
      return `${text.slice(0, offset)}⟦${fresh}⟧${text.slice(item.end)}`;
    },
    async ask(trigger = 'automatic') {
      const mine = await completer.complete(
        { snapshot, offset, trigger, selected: null },
        new AbortController().signal,
      );
      answer = mine;
      return mine;
    },
    insert(text, closing = '') {
      const at = offset;
      offset += text.length;
      apply({ start: at, end: at, text: text + closing });
    },
    type(text, closing = '') {
      editor.insert(text, closing);
      return editor.ask();
    },
    erase(units) {
      const end = offset;
      offset -= units;
      apply({ start: offset, end, text: '' });
      return editor.ask();
    },
    replace(edit) {
      if (offset >= edit.end) offset += edit.text.length - (edit.end - edit.start);
      apply(edit);
    },
    moveTo(to) {
      offset = to;
      answer = null;
    },
    accept(units) {
      const item = ghost();
      if (item === null) throw new Error('nothing is shown');
      const typed = offset - item.start;
      const text = units === undefined ? item.text : item.text.slice(0, typed + units);
      const edit = { start: item.start, end: units === undefined ? item.end : offset, text };
      offset = item.start + text.length;
      apply(edit);
    },
    close() {
      for (const follower of followers) follower.close(uri);
    },
  };
  return editor;
}
