import type { GhostEditor } from './ghostEditor.js';

export interface Moment {
  /** The line as it would be if what is shown were accepted now, and the one below. */
  readonly editor: GhostEditor;
  readonly fresh: string | null;
  readonly id: string | null;
}

export interface TypeThroughOptions {
  /** The editor closes brackets and quotes by itself, and lets the hand type over what it closed. */
  readonly closesPairs: boolean;
  readonly onMoment: (moment: Moment, next: string) => void | Promise<void>;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '"': '"', "'": "'" };

/** Types a text letter by letter where the cursor stands, asking after each, as an editor does. */
export async function typeThrough(editor: GhostEditor, text: string, options: TypeThroughOptions): Promise<void> {
  for (const unit of text) {
    const standing = editor.text().charAt(editor.cursor());
    const isOver = options.closesPairs && unit === standing && Object.values(closers).includes(unit);
    const closing = options.closesPairs ? closers[unit] : undefined;
    if (isOver) {
      editor.moveTo(editor.cursor() + 1);
      await editor.ask();
    } else if (closing !== undefined && (standing === '' || /[\s)\]};,]/.test(standing))) {
      await editor.type(unit, closing);
    } else {
      await editor.type(unit);
    }
    const ghost = editor.ghost();
    const fresh = ghost === null ? null : ghost.text.slice(editor.cursor() - ghost.start);
    await options.onMoment({ editor, fresh, id: ghost?.id ?? null }, unit);
  }
}
