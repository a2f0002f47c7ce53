import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, relative, sep } from 'node:path';
import { parse as parseJsonWithComments, type ParseError } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { createIgnoreRules } from '../../../index/ignore.js';
import { isInside } from '../../base/paths.js';
import { isRecord } from '../../base/record.js';
import { editorConfig } from './editorConfig.js';
import type { PrettierOptions } from './formatMessages.js';
import { matchesPattern } from './pathPattern.js';
import { readSettings } from './readSettings.js';

export type PrettierSettings =
  | { readonly kind: 'options'; readonly parser: string; readonly options: PrettierOptions }
  /** The project does not use it, or not for this file. */
  | { readonly kind: 'unused' }
  /** It does, but how cannot be read as data. A sentence. */
  | { readonly kind: 'code'; readonly why: string };

const parsers: ReadonlyMap<string, string> = new Map([
  ...['.js', '.cjs', '.mjs', '.jsx'].map(name => [name, 'babel'] as const),
  ...['.ts', '.cts', '.mts', '.tsx'].map(name => [name, 'typescript'] as const),
  ...['.css', '.scss', '.less'].map(name => [name, name.slice(1)] as const),
  ['.json', 'json'],
  ['.jsonc', 'jsonc'],
  ['.json5', 'json5'],
  ['.md', 'markdown'],
  ['.yml', 'yaml'],
  ['.yaml', 'yaml'],
  ['.html', 'html'],
  ['.vue', 'vue'],
  ['.graphql', 'graphql'],
  ['.gql', 'graphql'],
]);

/** The parser of prettier's for a file; null where it has none. */
export function prettierParser(path: string): string | null {
  const name = basename(path);
  if (['package.json', 'package-lock.json', 'composer.json'].includes(name)) return 'json-stringify';
  return parsers.get(extname(path)) ?? null;
}

/**
 * How prettier would lay a file out, by its settings read as data: `prettier.resolveConfig` would run those that are code, wherever
 * they come from. The nearest settings file up to the workspace's folder counts, as there.
 */
export async function prettierSettings(path: string, folder: string): Promise<PrettierSettings> {
  const parser = prettierParser(path);
  if (parser === null || (await isIgnored(path, folder))) return { kind: 'unused' };
  const found = await nearestSettings(path, folder);
  if (found === null) return { kind: 'unused' };
  if ('why' in found) return { kind: 'code', why: found.why };
  const options = {
    ...(await fromEditorConfig(path, folder)),
    ...optionsFor(found.settings, relative(found.at, path)),
  };
  if (options === null || 'plugins' in options)
    return { kind: 'code', why: 'Its prettier uses plugins, which are code.' };
  const { parser: named, ...rest } = known(options);
  if (named !== undefined && ![...parsers.values(), 'babel-ts', 'json-stringify'].includes(String(named)))
    return { kind: 'code', why: `Its prettier uses the parser ${String(named)}, which is not bundled.` };
  return { kind: 'options', parser: named === undefined ? parser : String(named), options: rest };
}

type Found = { readonly at: string; readonly settings: Readonly<Record<string, unknown>> } | { readonly why: string };

const dataNames = [
  '.prettierrc',
  '.prettierrc.json',
  '.prettierrc.yaml',
  '.prettierrc.yml',
  '.prettierrc.json5',
  '.prettierrc.toml',
];
const codeName = /^(?:\.prettierrc|prettier\.config)\.[cm]?[jt]s$/;

async function nearestSettings(path: string, folder: string): Promise<Found | null> {
  let isUsed = false;
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    const manifest = parseSettings((await readSettings(folder, at, 'package.json')) ?? '{}', '.json');
    const own = manifest?.['prettier'];
    if (isRecord(own)) return { at, settings: own };
    if (typeof own === 'string') return { why: `Its prettier is configured by the package ${own}, which is code.` };
    isUsed ||= ['dependencies', 'devDependencies'].some(name => {
      const packages = manifest?.[name];
      return isRecord(packages) && 'prettier' in packages;
    });
    for (const name of dataNames) {
      const text = await readSettings(folder, at, name);
      if (text === null) continue;
      const settings = parseSettings(text, extname(name));
      return settings === null ? { why: `${name} cannot be read.` } : { at, settings };
    }
    const code = (await names(at)).find(name => codeName.test(name));
    if (code !== undefined) return { why: `Its prettier is configured by ${code}, which is code.` };
    if (at === dirname(at)) break;
  }
  return isUsed ? { at: folder, settings: {} } : null;
}

function parseSettings(text: string, extension: string): Readonly<Record<string, unknown>> | null {
  try {
    if (text.trim() === '') return {};
    const value: unknown =
      extension === '.toml' ? parseToml(text) : /^\.json/.test(extension) ? parseJson(text) : parseYaml(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parseJsonWithComments(text, errors, { allowTrailingComma: true });
  return errors.length === 0 ? value : null;
}

/** The options with the overrides that match, later ones counting. */
function optionsFor(settings: Readonly<Record<string, unknown>>, way: string): Readonly<Record<string, unknown>> {
  const { overrides, ...own } = settings;
  const path = way.split(sep).join('/');
  const matching = (Array.isArray(overrides) ? overrides : []).filter(
    one =>
      isRecord(one) && matchesPattern(path, texts(one['files'])) && !matchesPattern(path, texts(one['excludeFiles'])),
  );
  const added = matching.map((one): unknown => (isRecord(one) ? one['options'] : null)).filter(isRecord);
  return Object.assign({}, own, ...added) as Readonly<Record<string, unknown>>;
}

function texts(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter(one => typeof one === 'string') : [];
}

/** What prettier takes from it. */
async function fromEditorConfig(path: string, folder: string): Promise<PrettierOptions> {
  const says = await editorConfig(path, folder);
  const style = says.get('indent_style');
  const size =
    says.get('indent_size') === 'tab' ? says.get('tab_width') : (says.get('indent_size') ?? says.get('tab_width'));
  const width = says.get('max_line_length');
  const end = says.get('end_of_line');
  return {
    ...(style === 'tab' || style === 'space' ? { useTabs: style === 'tab' } : {}),
    ...(size !== undefined && /^\d+$/.test(size) ? { tabWidth: Number(size) } : {}),
    ...(width === 'off'
      ? { printWidth: 1_000_000 }
      : width !== undefined && /^\d+$/.test(width)
        ? { printWidth: Number(width) }
        : {}),
    ...(end === 'lf' || end === 'crlf' || end === 'cr' ? { endOfLine: end } : {}),
  };
}

const optionNames: ReadonlySet<string> = new Set(
  (
    'parser printWidth tabWidth useTabs semi singleQuote jsxSingleQuote quoteProps trailingComma bracketSpacing ' +
    'bracketSameLine objectWrap arrowParens proseWrap htmlWhitespaceSensitivity vueIndentScriptAndStyle endOfLine ' +
    'embeddedLanguageFormatting singleAttributePerLine experimentalTernaries experimentalOperatorPosition requirePragma insertPragma'
  ).split(' '),
);

function known(options: Readonly<Record<string, unknown>>): PrettierOptions {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(options)) {
    if (optionNames.has(name) && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'))
      kept[name] = value;
  }
  return kept;
}

async function isIgnored(path: string, folder: string): Promise<boolean> {
  const text = await readSettings(folder, folder, '.prettierignore');
  const way = relative(folder, path).split(sep).join('/');
  return text !== null && createIgnoreRules([{ folder: '', text }], false).ignores(way, false);
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
