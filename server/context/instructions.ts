import { join } from 'node:path';
import type { DiskTexts } from './diskTexts.js';
import { clip } from './extracts.js';

const names = ['AGENTS.md', 'CLAUDE.md', join('.github', 'copilot-instructions.md')];
const rulesFolder = join('.cursor', 'rules');
const maxRules = 6;

/** Files of a folder that tell assistants how to work in it, absolute. */
export async function instructionFilesIn(folder: string, texts: DiskTexts): Promise<readonly string[]> {
  const rules = (await texts.list(join(folder, rulesFolder), [folder])).filter(name => /\.mdc?$/.test(name));
  const wanted = [...names, ...rules.slice(0, maxRules).map(name => join(rulesFolder, name))];
  const there = await Promise.all(wanted.map(name => texts.read(join(folder, name), [folder])));
  // One that says the same as another, or only points to it, is not said twice.
  const said = new Set<string>();
  return wanted.flatMap((name, at) => {
    const text = there[at]?.trim() ?? '';
    if (text === '' || said.has(text)) return [];
    said.add(text);
    return [join(folder, name)];
  });
}

/** Without what nobody sees: characters that show nothing can hold words for a model alone. Comments of Markdown, too. */
export function readable(text: string, maxUnits: number): string {
  const visible = text
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, '')
    .replace(
      /[\p{Cf}\p{Co}\p{Cn}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u3164\uFE00-\uFE0F\uFFA0]|[\u{E0000}-\u{E0FFF}]/gu,
      '',
    )
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return clip(visible, maxUnits);
}

/** The first that is prose: no heading, no badge, no table. */
export function firstParagraph(text: string, maxUnits: number): string {
  const paragraphs = readable(text, 20_000)
    .split(/\n\s*\n/)
    .map(each => each.trim());
  return clip(
    paragraphs.find(each => /^[\p{L}\p{N}`*_"']/u.test(each) && !/^[=\-~]{3,}$/m.test(each) && each.length > 30) ?? '',
    maxUnits,
  );
}
