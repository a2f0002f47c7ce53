import type { Language } from '../../grammars/language.js';
import { maskCode } from '../../grammars/maskCode.js';
import { languageOf } from '../../grammars/registry.js';
import type { DocSnapshot, TextEdit } from '../base/snapshot.js';
import { freeNames, type FreeName } from './groundNames.js';
import type { ImportDialect, Project, Target, Wanted } from './imports/dialect.js';
import { dialectOf } from './imports/dialects.js';
import { createProject, withPlainLineEnds } from './imports/project.js';
import {
  importsByWords,
  importsOfDefinitions,
  importsOfUsers,
  nearness,
  type ImportIndex,
  type ImportSource,
} from './imports/sources.js';

export interface ImportOptions {
  readonly index: ImportIndex;
  /** The workspace's folder that the document is in. Absolute. */
  readonly folder: string;
  /** What other documents hold that are open, by absolute path. */
  readonly openText?: (path: string) => string | null;
}

/** One import that a text needs. */
export interface MissingImport {
  readonly name: string;
  /** In the snapshot. Those of one answer do not overlap; in the order of the list they can all be made at once. */
  readonly edit: TextEdit;
  /** Absolute path of the file that imports the name in the same way, or that defines it; the module for the language's own. */
  readonly from: string;
}

const maxNames = 6;

/** Names that a text at `offset` uses and the document neither imports, defines nor uses: candidates for an import. */
export function namesToImport(snapshot: DocSnapshot, text: string, offset: number): readonly string[] {
  const language = languageFor(snapshot);
  if (language === null || dialectOf(language) === null) return [];
  return missingUses(snapshot, text, offset, language).map(({ name }) => name);
}

/**
 * The imports that `names`, used by `text` at `offset`, need in the document. How other files of the workspace import a name
 * decides; else the file that defines it; else the language's own library. Nothing where that is ambiguous. Only what the
 * index has, so never an excluded file. Rejects only with the signal's reason.
 */
export async function findImports(
  snapshot: DocSnapshot,
  inserted: { readonly text: string; readonly offset: number },
  names: readonly string[],
  options: ImportOptions,
  signal: AbortSignal,
): Promise<readonly MissingImport[]> {
  const language = languageFor(snapshot);
  const dialect = language === null ? null : dialectOf(language);
  const { path } = snapshot;
  if (language === null || dialect === null || path === null || names.length === 0) return [];
  const target: Target = { path, text: withPlainLineEnds(snapshot.text) };
  const bound = new Set(dialect.bindings(target.text).map(({ local }) => local));
  const uses = missingUses(snapshot, inserted.text, inserted.offset, language)
    .filter(({ name }) => names.includes(name) && !bound.has(name))
    .slice(0, maxNames);
  const project = createProject({
    folder: options.folder,
    exclusion: file => options.index.exclusion(file),
    ...(options.openText === undefined ? {} : { openText: options.openText }),
  });
  const found = await Promise.all(
    uses.map(use => sourceOf(use, dialect, target, project, options.index, inserted.text, signal)),
  );
  signal.throwIfAborted();
  const { text, offset } = inserted;
  const accepted = snapshot.text.slice(0, offset) + text + snapshot.text.slice(offset);
  const sources = found.filter(source => source !== null);
  // As they will stand beside the text; where they are before it is there.
  return editsFor(sources, dialect, withPlainLineEnds(accepted), accepted).flatMap(each => {
    const edit = withoutInserted(each.edit, offset, text.length);
    return edit === null ? [] : [{ ...each, edit }];
  });
}

/**
 * Edits made for an earlier version of a document, as they have to be made in a later one: what is imported there by now is
 * left out. Together they are one change, so that one step takes it back; none when nothing is missing.
 */
export function renewImports(then: DocSnapshot, imports: readonly TextEdit[], now: DocSnapshot): readonly TextEdit[] {
  const language = languageFor(now);
  const dialect = language === null ? null : dialectOf(language);
  if (dialect === null || imports.length === 0) return [];
  const before = withPlainLineEnds(then.text);
  const wanted = addedBy(before, withPlainLineEnds(applyAll(then.text, imports)), dialect);
  const plain = withPlainLineEnds(now.text);
  let text = plain;
  for (const each of wanted) {
    const edit = dialect.insert(text, each);
    if (edit !== null) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  const change = changeBetween(plain, text);
  return change === null ? [] : [inOriginal(change, now.text)];
}

function languageFor({ path, languageId, text }: DocSnapshot): Language | null {
  return languageOf(path, languageId, text.slice(0, 4000));
}

const maxMaskedUnits = 300_000;

/** A name that stands anywhere in the document's code, other than as a member, comes from somewhere already. */
function missingUses(snapshot: DocSnapshot, text: string, offset: number, language: Language): readonly FreeName[] {
  const from = offset < 4000 ? 0 : snapshot.text.indexOf('\n', offset - 4000) + 1;
  const uses = freeNames(text, snapshot.text.slice(Math.min(from, offset), offset), language);
  if (uses.length === 0) return [];
  const code = snapshot.text.length > maxMaskedUnits ? snapshot.text : maskCode(snapshot.text, language).text;
  return uses.filter(
    ({ name }) => !new RegExp(String.raw`(?<![\p{L}\p{N}_$.])${escaped(name)}(?![\p{L}\p{N}_$])`, 'u').test(code),
  );
}

async function sourceOf(
  use: FreeName,
  dialect: ImportDialect,
  target: Target,
  project: Project,
  index: ImportIndex,
  text: string,
  signal: AbortSignal,
): Promise<ImportSource | null> {
  const [users, definitions] = await Promise.all([
    importsOfUsers(use, dialect, target, project, index, signal),
    importsOfDefinitions(use, dialect, target, project, index, signal),
  ]);
  // Modules and what is not defined here are found by the lines that import them.
  const isFound = users.length > 0 || definitions.length > 0;
  const elsewhere = isFound ? users : await importsByWords(use, dialect, target, project, index, signal);
  const chosen = mostUsed(elsewhere, target) ?? (elsewhere.length === 0 ? nearest(definitions, target) : null);
  if (chosen !== null)
    return { ...chosen, wanted: { ...chosen.wanted, isType: isTypeOnly(chosen, elsewhere, use, text) } };
  if (elsewhere.length > 0 || definitions.length > 0) return null;
  const standard = dialect.standard(use.name, use.member);
  return standard === null ? null : { wanted: standard, same: standard.module, from: standard.module };
}

/** The way that most files import it, if they are twice as many as the next; or the nearer of two. */
function mostUsed(sources: readonly ImportSource[], target: Target): ImportSource | null {
  const ways = new Map<string, ImportSource[]>();
  for (const source of sources) ways.set(source.same, [...(ways.get(source.same) ?? []), source]);
  const [first, second] = [...ways.values()].sort((a, b) => b.length - a.length);
  if (first === undefined) return null;
  if (second === undefined || first.length >= 2 * second.length) return first[0] ?? null;
  return nearest(
    [...ways.values()].flatMap(way => way.slice(0, 1)),
    target,
  );
}

/** The one that is nearer than all others, by a folder at least. */
function nearest(sources: readonly ImportSource[], target: Target): ImportSource | null {
  const distinct = [...new Map(sources.map(source => [source.same, source])).values()];
  const [first, second] = distinct.sort((a, b) => nearness(target.path, b.from) - nearness(target.path, a.from));
  if (first === undefined) return null;
  const isClear = second === undefined || nearness(target.path, first.from) - nearness(target.path, second.from) >= 1;
  return isClear ? first : null;
}

/** Where others want only its type, and the text does nothing that needs more. */
function isTypeOnly(
  { wanted }: ImportSource,
  elsewhere: readonly ImportSource[],
  { name }: FreeName,
  text: string,
): boolean {
  const isUsed = new RegExp(
    String.raw`(?:\bnew\s+|\bextends\s+|\binstanceof\s+|[=(,]\s*|\breturn\s+)${escaped(name)}\b|\b${escaped(name)}\s*[(.]`,
  ).test(text);
  return wanted.isType && elsewhere.every(source => source.wanted.isType) && !isUsed;
}

/** The same edit before `length` units were put in at `offset`; null where it changes them. */
function withoutInserted({ start, end, text }: TextEdit, offset: number, length: number): TextEdit | null {
  if (end <= offset) return { start, end, text };
  return start >= offset + length ? { start: start - length, end: end - length, text } : null;
}

/** One edit for each place; names that go to the same place share it. */
function editsFor(
  sources: readonly ImportSource[],
  dialect: ImportDialect,
  plain: string,
  written: string,
): readonly MissingImport[] {
  const byModule = new Map<string, ImportSource[]>();
  for (const source of sources)
    byModule.set(source.wanted.module, [...(byModule.get(source.wanted.module) ?? []), source]);
  const found: MissingImport[] = [];
  for (const [, group] of [...byModule].sort(([a], [b]) => (a < b ? -1 : 1))) {
    let text = plain;
    for (const { wanted } of group) {
      const edit = dialect.insert(text, wanted);
      if (edit !== null) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
    }
    const change = changeBetween(plain, text);
    const [first] = group;
    if (change === null || first === undefined) continue;
    const name = group.map(({ wanted }) => wanted.local).join(', ');
    found.push({ name, edit: inOriginal(change, written), from: first.from });
  }
  return overlaps(found) ? joined(sources, found, dialect, plain, written) : found;
}

function overlaps(found: readonly MissingImport[]): boolean {
  const sorted = [...found].sort((a, b) => a.edit.start - b.edit.start);
  return sorted.some(({ edit }, at) => {
    const next = sorted[at + 1]?.edit;
    // Two that replace, or that touch where one replaces, cannot both be made.
    return next !== undefined && (next.start < edit.end || (next.start === edit.start && next.end !== edit.end));
  });
}

/** All of them as one change. */
function joined(
  sources: readonly ImportSource[],
  found: readonly MissingImport[],
  dialect: ImportDialect,
  plain: string,
  written: string,
): readonly MissingImport[] {
  let text = plain;
  for (const { wanted } of sources) {
    const edit = dialect.insert(text, wanted);
    if (edit !== null) text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  const change = changeBetween(plain, text);
  const from = found[0]?.from;
  if (change === null || from === undefined) return [];
  return [{ name: found.map(({ name }) => name).join(', '), edit: inOriginal(change, written), from }];
}

/** What imports bring in the one text and not in the other. */
function addedBy(before: string, after: string, dialect: ImportDialect): readonly Wanted[] {
  const had = new Set(dialect.bindings(before).map(({ local }) => local));
  const bound = dialect.bindings(after).filter(({ local }) => !had.has(local));
  if (bound.length > 0) return bound;
  // Lines that do not say which names they bring: what they take in is read from the line.
  const lines = /^[ \t]*(?:#[ \t]*include[ \t]*"([^"\n]+)"|using[ \t]+([\w.]+)[ \t]*;)/gm;
  const modules = (text: string): string[] =>
    [...text.matchAll(lines)].map(([, header, namespace]) => header ?? namespace ?? '');
  const known = new Set(modules(before));
  return modules(after)
    .filter(module => !known.has(module))
    .map(module => ({ module, name: null, local: module, form: 'module', isType: false }));
}

function applyAll(text: string, edits: readonly TextEdit[]): string {
  let after = text;
  // From the last to the first; of those at one place, the first stands first.
  const ordered = edits.map((edit, at) => ({ edit, at })).sort((a, b) => b.edit.start - a.edit.start || b.at - a.at);
  for (const { edit } of ordered) after = after.slice(0, edit.start) + edit.text + after.slice(edit.end);
  return after;
}

/** The least that leads from one text to another. */
function changeBetween(before: string, after: string): TextEdit | null {
  if (before === after) return null;
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let same = 0;
  const most = Math.min(before.length, after.length) - start;
  while (same < most && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  const change = { start, end: before.length - same, text: after.slice(start, after.length - same) };
  return change.start === change.end ? fromLineStart(change, before) : change;
}

/** An inserted line is seen as such, not as the end of one line and the start of another. */
function fromLineStart({ start, text }: TextEdit, before: string): TextEdit {
  const lineStart = before.lastIndexOf('\n', start - 1) + 1;
  const shared = before.slice(lineStart, start);
  return text.endsWith(shared) && text.includes('\n') && text.slice(0, text.length - shared.length).endsWith('\n')
    ? { start: lineStart, end: lineStart, text: shared + text.slice(0, text.length - shared.length) }
    : { start, end: start, text };
}

/** The same edit in the text as it is written, with its own line ends. */
function inOriginal(edit: TextEdit, written: string): TextEdit {
  if (!written.includes('\r')) return edit;
  return {
    start: originalOffset(written, edit.start),
    end: originalOffset(written, edit.end),
    text: edit.text.replaceAll('\n', '\r\n'),
  };
}

function originalOffset(written: string, offset: number): number {
  let at = 0;
  for (let plain = 0; plain < offset && at < written.length; plain++) at += written.startsWith('\r\n', at) ? 2 : 1;
  return at;
}

function escaped(text: string): string {
  return text.replace(/[$]/g, '\\$&');
}
