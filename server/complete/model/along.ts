/** The text left and right of a cursor. */
export interface Split {
  readonly before: string;
  readonly after: string;
}

/** What has been typed between two states of one document, with \n line ends; null where something else has changed. */
export function typedSince(then: Split, now: Split): string | null {
  if (!now.before.startsWith(then.before)) return null;
  const typed = now.before.slice(then.before.length);
  if (now.after !== then.after && !isClosedByEditor(typed, then.after, now.after)) return null;
  return typed.replaceAll('\r\n', '\n');
}

/** Whether `text`, as far as it is written, can still become what is typed, or goes on behind it. */
export function goesAlong(text: string, typed: string, isWhole: boolean): boolean {
  return typed.length <= text.length ? text.startsWith(typed) : !isWhole && typed.startsWith(text);
}

/** Editors add the closing half of a pair right of the cursor. */
function isClosedByEditor(typed: string, then: string, now: string): boolean {
  const added = now.length - then.length;
  return added > 0 && added <= typed.length && now.endsWith(then) && /^[)\]}>"'`]+$/.test(now.slice(0, added));
}
