import type { ChatMessage, FillInPrompt, Passage } from './prompt.js';

/** What a person reads before it goes: every character of theirs that would be sent, in order, and from where it is. */
export function previewFillIn(prompt: FillInPrompt): string {
  const { label, startLine, prefix, typed, suffix } = prompt;
  const own = `${heading(label, startLine, prefix + typed + suffix, 'to be completed at ▮')}\n${prefix}${typed}▮${suffix}`;
  return `${[...prompt.related.map(previewPassage), own].join('\n\n')}\n`;
}

export function previewChat(messages: readonly ChatMessage[]): string {
  return `${messages.map(({ role, content }) => `--- ${role}\n${content}`).join('\n\n')}\n`;
}

function previewPassage({ label, startLine, text, source }: Passage): string {
  return `${heading(label, startLine, text, `found by ${source}`)}\n${text}`;
}

function heading(label: string, startLine: number, text: string, note: string): string {
  const lines = text.split(/\r\n|\r|\n/).length;
  return `--- ${label}, lines ${startLine + 1} to ${startLine + lines}, ${note}`;
}
