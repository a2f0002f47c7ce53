import { dirname } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { isInside } from '../../base/paths.js';
import { isRecord, type UnknownRecord } from '../../base/record.js';
import type { RuffStyle } from '../python/ruffMessages.js';
import { readSettings } from './readSettings.js';

/**
 * How a project lays Python out, if it does so with Ruff or with black, which Ruff follows; null where it does not say. The nearest
 * ruff.toml, .ruff.toml or pyproject.toml with such a table counts.
 */
export async function pythonStyle(path: string, folder: string): Promise<RuffStyle | null> {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    for (const name of ['.ruff.toml', 'ruff.toml', 'pyproject.toml']) {
      const settings = tableOf(await readSettings(folder, at, name));
      const style = name === 'pyproject.toml' ? fromTools(inside(settings, 'tool')) : fromRuff(settings);
      if (style !== null) return style;
    }
    if (at === dirname(at)) break;
  }
  return null;
}

function tableOf(text: string | null): UnknownRecord | null {
  try {
    return text === null ? null : parseToml(text);
  } catch {
    return null;
  }
}

function fromTools(tools: UnknownRecord | null): RuffStyle | null {
  const black = inside(tools, 'black');
  // Many use Ruff only to lint: only its own table of formatting says that it formats, too.
  const ruff = inside(tools, 'ruff');
  if (inside(ruff, 'format') !== null) return fromRuff(ruff);
  if (black === null) return null;
  return {
    ...count(black, 'line-length', 'lineLength'),
    ...(black['skip-string-normalization'] === true ? { quoteStyle: 'preserve' } : {}),
    ...(black['skip-magic-trailing-comma'] === true ? { magicTrailingComma: 'ignore' } : {}),
  };
}

function fromRuff(settings: UnknownRecord | null): RuffStyle | null {
  const format = inside(settings, 'format');
  if (settings === null || format === null) return null;
  const [indent, quote] = [format['indent-style'], format['quote-style']];
  return {
    ...count(settings, 'line-length', 'lineLength'),
    ...count(settings, 'indent-width', 'indentWidth'),
    ...(indent === 'tab' || indent === 'space' ? { indentStyle: indent } : {}),
    ...(quote === 'single' || quote === 'double' || quote === 'preserve' ? { quoteStyle: quote } : {}),
    ...(format['skip-magic-trailing-comma'] === true ? { magicTrailingComma: 'ignore' } : {}),
  };
}

function inside(table: UnknownRecord | null, name: string): UnknownRecord | null {
  const value = table?.[name];
  return isRecord(value) ? value : null;
}

function count(table: UnknownRecord, name: string, as: 'lineLength' | 'indentWidth'): RuffStyle {
  const value = table[name];
  return typeof value === 'number' && Number.isInteger(value) ? { [as]: value } : {};
}
