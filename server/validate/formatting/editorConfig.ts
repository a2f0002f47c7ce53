import { dirname, relative, sep } from 'node:path';
import { isInside } from '../../base/paths.js';
import { matchesPattern } from './pathPattern.js';
import { readSettings } from './readSettings.js';

/**
 * What the .editorconfig files above a file say of it (<https://spec.editorconfig.org>), names and values in lower case. The nearer file
 * counts, and in a file the later section; none above the workspace is read.
 */
export async function editorConfig(path: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const texts: { readonly at: string; readonly text: string }[] = [];
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    const text = await readSettings(folder, at, '.editorconfig');
    if (text !== null) texts.unshift({ at, text });
    if (at === folder || (text !== null && /^\s*root\s*=\s*true\s*$/im.test(text.split(/^\s*\[/m)[0] ?? ''))) break;
  }
  const found = new Map<string, string>();
  for (const { at, text } of texts) {
    const way = relative(at, path).split(sep).join('/');
    for (const [name, value] of propertiesFor(text, way)) found.set(name, value);
  }
  return found;
}

function propertiesFor(text: string, way: string): readonly (readonly [string, string])[] {
  let applies = false;
  const found: (readonly [string, string])[] = [];
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*(?:[#;].*)?$/.exec(line)?.[1];
    if (section !== undefined) {
      applies = matchesPattern(way, [section]);
      continue;
    }
    const [, name, value] = /^\s*([\w-]+)\s*[=:]\s*(.*?)\s*(?:\s[#;].*)?$/.exec(line) ?? [];
    if (applies && name !== undefined && value !== undefined) found.push([name.toLowerCase(), value.toLowerCase()]);
  }
  return found;
}
