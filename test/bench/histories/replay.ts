import { basename } from 'node:path';
import type { Recall } from '../../../index/recall/recall.js';
import type { ChangeSet, FileChange, History } from '../../../server/cli/try/history.js';
import type { Hunk } from '../../../server/base/lineDiff.js';
import { splitTokens, type Token } from './boundaries.js';
import { isCopied } from './copied.js';
import { Editor } from './editor.js';
import { seededRandom } from './random.js';
import type { DocSnapshot } from '../../../server/base/snapshot.js';

export interface ReplayOptions {
  readonly seed: number;
  /** Chosen at random, so that no change set dominates. */
  readonly linesPerChangeSet: number;
  readonly languageId: string;
}

/**
 * What takes part: `workspace` engines know `baseFiles` already and are told of all changes,
 * `documentOnly` ones are told of the open document alone.
 */
export interface Participants {
  readonly workspace: readonly Recall[];
  readonly documentOnly: readonly Recall[];
}

/** A line that is about to be typed. What comes after the cursor is hidden up to the end of its hunk. */
export interface TypedLine {
  readonly path: string;
  /** From 1, in the new file. */
  readonly number: number;
  /** Without the blanks at its end; `indentation` of them stand at its head. */
  readonly text: string;
  readonly indentation: number;
  readonly tokens: readonly Token[];
  /** All that the hunk goes on with after this line, for suggestions over several lines. */
  readonly following: string;
  /** Whether its hunk replaces lines that were there. */
  readonly replaces: boolean;
  readonly random: () => number;
  /** Types up to a column; columns of successive calls must not go down. */
  typeTo(column: number): { readonly snapshot: DocSnapshot; readonly offset: number };
}

/**
 * Writes a history again, as a person at an editor would have, and shows every sampled line before it is typed.
 *
 * Nothing that is not yet typed can be seen: the document is the new text up to the cursor and the old text after the
 * hunk; the file's own old version is not in the workspace; files of the same change set enter it when finished; and
 * files that were moved or copied have no lines sampled. What a hunk replaces is deleted before the new text is typed.
 */
export function replay(
  history: History,
  participants: Participants,
  options: ReplayOptions,
  visit: (line: TypedLine) => void,
): void {
  const random = seededRandom(options.seed);
  const workspace = new Map(history.base);
  const update = (path: string, text: string | null): void => {
    if (text === null) workspace.delete(path);
    else workspace.set(path, text);
    for (const engine of participants.workspace) engine.updateFile(inFolder(path), text);
  };
  for (const changeSet of history.changeSets) {
    for (const { path, text } of changeSet.drift) update(path, text);
    const sampled = sampleLines(changeSet, workspace, options.linesPerChangeSet, random);
    for (const change of changeSet.files) {
      const lines = sampled.get(change);
      if (change.newText !== null && lines !== undefined && lines.size > 0) {
        for (const engine of participants.workspace) engine.updateFile(inFolder(change.path), null);
        typeFile(change, change.newText, lines, participants, options.languageId, random, visit);
      }
      update(change.path, change.newText);
    }
  }
}

/** The tree before the first change, by the paths that a replay uses. */
export function baseFiles(history: History): ReadonlyMap<string, string> {
  return new Map([...history.base].map(([path, text]) => [inFolder(path), text]));
}

/** The folder does not exist: what the engines know of it is what they are told. */
function inFolder(path: string): string {
  return `/replayed/${path}`;
}

/** By file the numbers of the lines to show, from 0, in the new text. */
function sampleLines(
  changeSet: ChangeSet,
  workspace: ReadonlyMap<string, string>,
  count: number,
  random: () => number,
): ReadonlyMap<FileChange, ReadonlySet<number>> {
  const places: { change: FileChange; line: number }[] = [];
  for (const change of changeSet.files) {
    if (change.newText === null || (change.oldText === null && isMoved(change, changeSet, workspace))) continue;
    const lines = change.newText.split('\n');
    for (const { newStart, newCount } of change.hunks) {
      for (let line = newStart; line < newStart + newCount; line++) {
        if ((lines[line] ?? '').trim().length >= 3) places.push({ change, line });
      }
    }
  }
  const sampled = new Map<FileChange, Set<number>>();
  for (let left = Math.min(count, places.length); left > 0; left--) {
    const [place] = places.splice(Math.floor(random() * places.length), 1);
    if (!place) break;
    const lines = sampled.get(place.change) ?? new Set();
    lines.add(place.line);
    sampled.set(place.change, lines);
  }
  return sampled;
}

function isMoved(change: FileChange, changeSet: ChangeSet, workspace: ReadonlyMap<string, string>): boolean {
  const name = basename(change.path);
  const others = changeSet.files.flatMap(other => (other.oldText === null ? [] : [other.oldText]));
  const namesakes = [...workspace].filter(([path]) => basename(path) === name).map(([, text]) => text);
  return isCopied(change.newText ?? '', [...others, ...namesakes]);
}

function typeFile(
  change: FileChange,
  newText: string,
  sampled: ReadonlySet<number>,
  participants: Participants,
  languageId: string,
  random: () => number,
  visit: (line: TypedLine) => void,
): void {
  const engines = [...participants.workspace, ...participants.documentOnly];
  const editor = new Editor(engines, inFolder(change.path), languageId, change.oldText ?? '');
  const newLines = newText.split('\n');
  for (const hunk of change.hunks) {
    const region = openHunk(editor, newLines, hunk);
    let typed = 0;
    for (let at = 0; at < hunk.newCount; at++) {
      const number = hunk.newStart + at;
      const line = newLines[number] ?? '';
      const start = region + typed;
      const following = newLines.slice(number + 1, hunk.newStart + hunk.newCount).map(next => `\n${next}`);
      if (sampled.has(number)) {
        visitLine(editor, start, line, { change, number, following: following.join(''), hunk, random }, visit);
      } else editor.replace(start, start, line);
      typed += line.length;
      if (at < hunk.newCount - 1) {
        editor.replace(region + typed, region + typed, '\n');
        typed++;
      }
    }
  }
  if (editor.snapshot.text !== newText) throw new Error(`The replay of ${change.path} went astray.`);
  editor.close();
}

/** Deletes what the hunk replaces and leaves an empty line to type in, if anything is to be typed. Returns its offset. */
function openHunk(editor: Editor, newLines: readonly string[], hunk: Hunk): number {
  const { text } = editor.snapshot;
  // All above is already as in the new text.
  let start = 0;
  for (let line = 0; line < hunk.newStart; line++) start += (newLines[line] ?? '').length + 1;
  let end = start;
  for (let line = 0; line < hunk.oldCount; line++) {
    const lineEnd = text.indexOf('\n', end);
    end = (lineEnd < 0 ? text.length : lineEnd) + 1;
  }
  if (hunk.oldCount > 0 && hunk.newCount > 0) {
    editor.replace(start, end - 1, '');
    return start;
  }
  if (hunk.oldCount > 0) {
    // The line feed that goes with the last lines of a file stands before them.
    if (end > text.length) editor.replace(Math.max(0, start - 1), text.length, '');
    else editor.replace(start, end, '');
    return start;
  }
  if (text !== '') {
    const at = Math.min(start, text.length);
    editor.replace(at, at, '\n');
  }
  return start;
}

interface LinePlace {
  readonly change: FileChange;
  readonly number: number;
  readonly following: string;
  readonly hunk: Hunk;
  readonly random: () => number;
}

function visitLine(
  editor: Editor,
  start: number,
  line: string,
  { change, number, following, hunk, random }: LinePlace,
  visit: (line: TypedLine) => void,
): void {
  let typed = 0;
  const typeTo = (column: number): { snapshot: DocSnapshot; offset: number } => {
    editor.replace(start + typed, start + typed, line.slice(typed, column));
    typed = Math.max(typed, column);
    return { snapshot: editor.snapshot, offset: start + typed };
  };
  const text = line.trimEnd();
  const indentation = line.length - line.trimStart().length;
  const tokens = splitTokens(text);
  const known = editor.snapshot.text.slice(0, start).trim().length;
  if (tokens.length >= 2 && tokens.length <= 60 && known >= 30) {
    const replaces = hunk.oldCount > 0;
    visit({
      path: change.path,
      number: number + 1,
      text,
      indentation,
      tokens,
      following,
      replaces,
      random,
      typeTo,
    });
  }
  typeTo(line.length);
}
