import type { Setting } from './setting.js';
import { schema, settingNames } from './schema.js';

export const tableStart = '<!-- settings: generated -->';
export const tableEnd = '<!-- settings: end -->';

/** The settings as the README shows them, made from the schema. */
export function renderSettingsTable(): string {
  const rows = settingNames.map(name => {
    const setting: Setting<unknown> = schema[name];
    const isOpen = setting.tighten === undefined ? 'no' : 'stricter only';
    return [`\`${name}\``, setting.type, `\`${JSON.stringify(setting.fallback)}\``, isOpen, setting.description];
  });
  const head = ['Setting', 'Value', 'Default', 'From a workspace', 'What it does'];
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

/** A document with its table replaced; null where it has no place for one. */
export function withSettingsTable(document: string): string | null {
  const start = document.indexOf(tableStart);
  const end = document.indexOf(tableEnd);
  if (start < 0 || end < start) return null;
  return `${document.slice(0, start + tableStart.length)}\n\n${renderSettingsTable()}\n\n${document.slice(end)}`;
}
