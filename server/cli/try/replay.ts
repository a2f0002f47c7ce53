import { languageOf } from '../../../grammars/registry.js';
import { chooseColumns, createRandom, pick } from './cursors.js';
import type { ChangeSet, FileChange, FileText } from './history.js';
import { judge, type Judged, type Typed } from './score.js';
import type { TypedDocument } from './typedDocument.js';

export interface ReplayOptions {
  /** Of one change set at most so many lines, drawn at random, so that no large one decides. */
  readonly linesPerChangeSet: number;
  readonly seed: number;
  /** For all of it, shared out evenly: what no time is left for is written without asking. */
  readonly timeMs: number;
  readonly onChangeSet: (done: number) => void;
  readonly signal: AbortSignal;
}

/** The workspace that is replayed in: files on disk, and documents open in the server. */
export interface ReplayWorkspace {
  write(files: readonly FileText[]): Promise<void>;
  /** Resolves when the server has taken the document in: an editor opens long before it asks. */
  open(path: string, languageId: string, text: string): Promise<TypedDocument>;
  /** Where what was just offered had been seen, as the server tells it. */
  lastOrigin(): Promise<string | null>;
}

export interface Replayed {
  readonly judged: readonly Judged[];
  readonly typed: readonly Typed[];
  readonly latenciesMs: readonly number[];
  /** Chosen, and not asked about for want of time. */
  readonly linesLeft: number;
}

/**
 * Writes each change set anew, line by line, in a workspace as it was before. What is right of and below the cursor is
 * what stood there before the change; other files of the change appear when they are finished.
 */
export async function replay(
  changeSets: readonly ChangeSet[],
  workspace: ReplayWorkspace,
  options: ReplayOptions,
): Promise<Replayed> {
  const run = new Run(workspace, options);
  const startedMs = performance.now();
  for (const [done, changeSet] of changeSets.entries()) {
    options.onChangeSet(done);
    await run.replay(changeSet, startedMs + (options.timeMs * (done + 1)) / changeSets.length);
  }
  return run;
}

/** Typing a line asks at each of its characters, which takes as long as a dozen lines of single questions. */
const typeEvery = 4;

class Run implements Replayed {
  readonly judged: Judged[] = [];
  readonly typed: Typed[] = [];
  readonly latenciesMs: number[] = [];
  linesLeft = 0;
  #untilMs = 0;
  readonly #workspace: ReplayWorkspace;
  readonly #options: ReplayOptions;
  readonly #random: () => number;
  #lines = 0;

  constructor(workspace: ReplayWorkspace, options: ReplayOptions) {
    this.#workspace = workspace;
    this.#options = options;
    this.#random = createRandom(options.seed);
  }

  async replay({ id, drift, files }: ChangeSet, untilMs: number): Promise<void> {
    this.#untilMs = untilMs;
    await this.#workspace.write(drift);
    const gone = files.flatMap(({ oldText, newText }) => (oldText !== null && newText === null ? [oldText] : []));
    const chosen = this.#chooseLines(files.filter(change => !isMoved(change, gone)));
    for (const change of files) {
      const lines = chosen.get(change.path);
      if (lines !== undefined) await this.#replayFile(id, change, lines);
      await this.#workspace.write([{ path: change.path, text: change.newText }]);
    }
  }

  #chooseLines(files: readonly FileChange[]): ReadonlyMap<string, ReadonlySet<number>> {
    const all = files.flatMap(({ path, newText, hunks }) => {
      if (newText === null || !isCode(path)) return [];
      const lines = newText.split('\n');
      return hunks.flatMap(({ newStart, newCount }) =>
        lines.slice(newStart, newStart + newCount).flatMap((text, at) => {
          return text.trim().length > 2 && text.length < 400 ? [{ path, line: newStart + at }] : [];
        }),
      );
    });
    const chosen = new Map<string, Set<number>>();
    for (let count = Math.min(all.length, this.#options.linesPerChangeSet); count > 0; count--) {
      const line = pick(all, this.#random);
      if (line === undefined) break;
      all.splice(all.indexOf(line), 1);
      chosen.set(line.path, (chosen.get(line.path) ?? new Set()).add(line.line));
    }
    return chosen;
  }

  async #replayFile(changeSet: string, change: FileChange, chosen: ReadonlySet<number>): Promise<void> {
    const { path, oldText, newText, hunks } = change;
    const lines = (newText ?? '').split('\n');
    const language = languageOf(path, '');
    let text = oldText ?? '';
    // Hunks come top to bottom, so that all above one is new already and its first line is at `newStart`.
    for (const { newStart, oldCount, newCount } of hunks) {
      const written = lines.slice(newStart, newStart + newCount);
      if (!written.some((_, at) => chosen.has(newStart + at))) {
        text = replaceLines(text, newStart, oldCount, written);
        continue;
      }
      // What the change replaces was never there: an editor that is told of its deletion would offer it again.
      text = replaceLines(text, newStart, oldCount, ['']);
      const document = await this.#workspace.open(path, language?.id ?? '', text);
      try {
        for (let line = newStart; line < newStart + newCount; line++) {
          this.#options.signal.throwIfAborted();
          const place = { changeSet, path, line, language: language?.name ?? 'Other text' };
          const below = lines.slice(line + 1, line + 13).join('\n');
          const isTimeUp = performance.now() > this.#untilMs;
          if (chosen.has(line) && isTimeUp) this.linesLeft++;
          if (!chosen.has(line) || isTimeUp) append(document, line, lines[line] ?? '');
          else if (this.#lines++ % typeEvery !== 0) await this.#askAlong(document, place, lines[line] ?? '', below);
          else await this.#typeThrough(document, place, lines[line] ?? '', below);
          if (line + 1 < newStart + newCount) addLine(document, line + 1);
        }
      } finally {
        text = document.text;
        document.close();
      }
    }
  }

  /** Asks at some places of a line, and takes nothing. */
  async #askAlong(document: TypedDocument, place: LinePlace, text: string, below: string): Promise<void> {
    let done = 0;
    for (const column of chooseColumns(text, this.#random)) {
      append(document, place.line, text.slice(done, column));
      done = column;
      const { offer, ms } = await document.ask(lineStart(document.text, place.line) + column);
      this.latenciesMs.push(ms);
      const written = text.slice(column);
      this.judged.push({
        ...place,
        line: place.line + 1,
        column: column + 1,
        before: text.slice(0, column),
        written,
        below,
        offered: offer?.ahead ?? null,
        verdict: judge(offer?.ahead ?? null, written, below),
        origin: offer === null ? null : await this.#workspace.lastOrigin(),
      });
    }
    append(document, place.line, text.slice(done));
  }

  /** Types a line key by key and takes each offer that is right to its end; what an offer has of later lines is left. */
  async #typeThrough(document: TypedDocument, place: LinePlace, text: string, below: string): Promise<void> {
    const indent = text.length - text.trimStart().length;
    append(document, place.line, text.slice(0, indent));
    let column = indent;
    const line = { language: place.language, characters: text.length - indent, keys: 0, shown: 0, taken: 0 };
    let lastShown: string | null = null;
    while (column < text.length) {
      const { offer, ms } = await document.ask(lineStart(document.text, place.line) + column);
      this.latenciesMs.push(ms);
      const written = text.slice(column);
      const isNew = offer !== null && !(lastShown?.endsWith(offer.ahead) ?? false);
      if (isNew) line.shown++;
      lastShown = offer?.ahead ?? null;
      const isRight = offer !== null && judge(offer.ahead, written, below) !== 'wrong';
      const taken = isRight ? (offer.ahead.split('\n', 1)[0] ?? '') : '';
      const step = taken === '' ? written.slice(0, 1) : taken;
      if (taken !== '') line.taken++;
      append(document, place.line, step);
      column += step.length;
      line.keys++;
    }
    this.typed.push(line);
  }
}

interface LinePlace {
  readonly changeSet: string;
  readonly path: string;
  /** From 0. */
  readonly line: number;
  readonly language: string;
}

function replaceLines(text: string, at: number, count: number, lines: readonly string[]): string {
  const all = text === '' ? [] : text.split('\n');
  all.splice(at, count, ...lines);
  return all.join('\n');
}

function addLine(document: TypedDocument, line: number): void {
  const end = lineEnd(document.text, line - 1);
  document.insert(end, '\n');
}

function append(document: TypedDocument, line: number, text: string): void {
  const end = lineEnd(document.text, line);
  document.insert(end, text);
}

function lineStart(text: string, line: number): number {
  let start = 0;
  for (let at = 0; at < line; at++) {
    const found = text.indexOf('\n', start);
    if (found < 0) return text.length;
    start = found + 1;
  }
  return start;
}

function lineEnd(text: string, line: number): number {
  const end = text.indexOf('\n', lineStart(text, line));
  return end < 0 ? text.length : end;
}

function isCode(path: string): boolean {
  const language = languageOf(path, '');
  return language !== null && !language.prose;
}

/** Most lines of a new file stand in one that went away: it was moved, and nobody typed it. */
function isMoved({ oldText, newText }: FileChange, gone: readonly string[]): boolean {
  if (oldText !== null || newText === null || gone.length === 0) return false;
  const known = new Set(gone.flatMap(text => text.split('\n').map(line => line.trim())));
  const lines = newText.split('\n').filter(line => line.trim().length > 8);
  return lines.filter(line => known.has(line.trim())).length > lines.length / 2;
}
