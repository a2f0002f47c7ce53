import { dirname } from 'node:path';
import type { Recall, RecallStats, Suggestion, SuggestOptions } from '../../../index/recall/recall.js';
import type { DocSnapshot } from '../../../server/base/snapshot.js';
import { splitTokens } from './boundaries.js';
import { abstractOrder, sentinel, TokenStream, Vocabulary } from './tokenStream.js';

/**
 * The baseline: whole lines that followed similar tokens, elected by a vote. No learnt weights, no cutting.
 * The earlier places are found by hash chains over the last 8, 4 and 2 tokens; where few are found, also such that
 * agree up to a consistent renaming. Its confidence is the winner's share of all votes.
 */
export class LineVote implements Recall {
  readonly #vocabulary = new Vocabulary();
  readonly #workspace = new TokenStream(this.#vocabulary, 18);
  readonly #spans = new Map<string, readonly [number, number]>();
  readonly #lines = new Map<string, { tokens: number[]; gaps: number[] }>();
  readonly #files: { readonly start: number; readonly folder: string }[] = [];

  constructor(files: ReadonlyMap<string, string>) {
    for (const [path, text] of files) this.updateFile(path, text);
  }

  open(): void {}
  change(): void {}
  close(): void {}

  updateFile(path: string, text: string | null): void {
    const old = this.#spans.get(path);
    if (old) this.#workspace.forget(old);
    this.#spans.delete(path);
    if (text === null) return;
    const { tokens, gaps } = this.#lex(text);
    const span = this.#workspace.append(tokens, gaps);
    this.#spans.set(path, span);
    this.#files.push({ start: span[0], folder: dirname(path) });
  }

  knows(): boolean {
    return false;
  }

  stats(): RecallStats {
    const { length } = this.#workspace;
    return { files: this.#spans.size, tokens: length, vocabulary: this.#vocabulary.texts.length, bytes: 0, leftOut: 0 };
  }

  suggest(snapshot: DocSnapshot, offset: number, options: SuggestOptions): Suggestion | { silence: 'unsure' } {
    const before = snapshot.text.slice(0, offset);
    const typed = /[\p{L}_$][\p{L}\p{N}_$]*$/u.exec(before)?.[0] ?? '';
    const context = this.#lex(before.slice(0, before.length - typed.length));
    const after = this.#lex(snapshot.text.slice(offset).replace(/^\n/, ''));
    const document = new TokenStream(this.#vocabulary, 14);
    document.append(context.tokens, context.gaps);
    document.append(after.tokens, after.gaps);
    const query: Query = {
      context: Int32Array.from(context.tokens),
      after: after.tokens.slice(0, 4),
      typed,
      folder: snapshot.path === null ? '' : dirname(snapshot.path),
    };
    const votes = new Map<string, number>();
    for (const match of this.#matches(document, query)) {
      const line = this.#lineAt(match, typed);
      if (line === null) continue;
      const agrees = 1 + 0.5 * this.#agreement(match, line.end, query.after);
      const near = match.stream === document ? 2 : this.#folderAt(match.place) === query.folder ? 1.4 : 1;
      const weight = 1.35 ** Math.min(match.length, 24) * near * agrees;
      votes.set(line.text, (votes.get(line.text) ?? 0) + weight);
    }
    const all = [...votes.values()].reduce((sum, weight) => sum + weight, 0);
    const [best] = [...votes].sort(([, a], [, b]) => b - a);
    if (!best || best[1] / all < options.minConfidence || best[0].length - typed.length < options.minChars) {
      return { silence: 'unsure' };
    }
    return {
      start: offset - typed.length,
      end: offset,
      text: best[0],
      confidence: best[1] / all,
      steps: [{ end: best[0].length, confidence: best[1] / all }],
      origin: { kind: 'workspace', path: null, line: 0 },
    };
  }

  *#matches(document: TokenStream, query: Query): Generator<Match> {
    const found: Match[] = [];
    for (const order of [8, 4, 2]) {
      if (found.length >= 8) break;
      for (const [stream, most] of [
        [document, 48],
        [this.#workspace, 64],
      ] as const) {
        const known = new Set(found.filter(match => match.stream === stream).map(match => match.place));
        for (const place of stream.places(query.context, query.context.length, order)) {
          if (known.size >= most) break;
          const length = literalLength(stream, place, query.context);
          if (length < order || known.has(place) || isAtCursor(stream, document, place, query)) continue;
          known.add(place);
          found.push({ stream, place, length, renaming: null });
        }
      }
    }
    yield* found;
    const longest = found.reduce((most, { length }) => Math.max(most, length), 0);
    if (found.length >= 4 && longest >= 6) return;
    for (const stream of [document, this.#workspace]) {
      let count = 0;
      for (const place of stream.places(query.context, query.context.length, abstractOrder)) {
        if (count >= 32) break;
        const renamed = isAtCursor(stream, document, place, query) ? null : this.#rename(stream, place, query.context);
        if (renamed === null) continue;
        count++;
        yield { stream, place, ...renamed };
      }
    }
  }

  /** The longest stretch before a place that is ours under one-to-one renaming; null if nothing is renamed. */
  #rename(stream: TokenStream, place: number, context: Int32Array): Pick<Match, 'length' | 'renaming'> | null {
    const renaming = new Map<number, number>();
    const taken = new Map<number, number>();
    let length = 0;
    for (; length < 40; length++) {
      const theirs = stream.tokens[place - 1 - length] ?? sentinel;
      const ours = context[context.length - 1 - length] ?? sentinel;
      if (theirs === sentinel || ours === sentinel) break;
      if (this.#vocabulary.abstract(theirs) !== this.#vocabulary.abstract(ours)) break;
      if ((renaming.get(theirs) ?? ours) !== ours || (taken.get(ours) ?? theirs) !== theirs) break;
      renaming.set(theirs, ours);
      taken.set(ours, theirs);
    }
    const renamings = [...renaming].filter(([theirs, ours]) => theirs !== ours).length;
    if (renamings === 0 || length < abstractOrder) return null;
    return { length: Math.max(1, length / 2 - renamings), renaming };
  }

  /** From a place to the end of its line; null where it cannot go on from what is typed, or where nothing is left. */
  #lineAt({ stream, place, renaming }: Match, typed: string): { text: string; end: number } | null {
    let text = '';
    let at = place;
    for (; at < place + 60; at++) {
      const token = stream.tokens[at] ?? sentinel;
      if (token === sentinel) return null;
      if (token === 0) break;
      const word = this.#vocabulary.texts[renaming?.get(token) ?? token] ?? '';
      if (at === place && !word.startsWith(typed)) return null;
      text += (at === place ? '' : ' '.repeat(stream.gaps[at] ?? 0)) + word;
    }
    return text.length <= typed.length || at === place + 60 ? null : { text, end: at };
  }

  #agreement({ stream }: Match, lineEnd: number, after: readonly number[]): number {
    let agreeing = 0;
    while (agreeing < after.length && stream.tokens[lineEnd + 1 + agreeing] === after[agreeing]) agreeing++;
    return agreeing;
  }

  #folderAt(place: number): string {
    let low = 0;
    let high = this.#files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#files[middle]?.start ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    return this.#files[low]?.folder ?? '';
  }

  #lex(text: string): { tokens: number[]; gaps: number[] } {
    const tokens: number[] = [];
    const gaps: number[] = [];
    for (const line of text.split('\n')) {
      const known = this.#lines.get(line) ?? this.#lexLine(line);
      this.#lines.set(line, known);
      for (const token of known.tokens) tokens.push(token);
      for (const gap of known.gaps) gaps.push(gap);
    }
    // The cursor's own line goes on.
    if (!text.endsWith('\n') && tokens.at(-1) === 0 && text.slice(text.lastIndexOf('\n') + 1).trim() !== '') {
      tokens.pop();
      gaps.pop();
    }
    return { tokens, gaps };
  }

  /** With the line feed; nothing for an empty line. */
  #lexLine(line: string): { tokens: number[]; gaps: number[] } {
    let end = 0;
    const tokens: number[] = [];
    const gaps: number[] = [];
    for (const token of splitTokens(line)) {
      tokens.push(this.#vocabulary.id(line.slice(token.start, token.end)));
      gaps.push(Math.min(token.start - end, 255));
      end = token.end;
    }
    return tokens.length === 0 ? { tokens, gaps } : { tokens: [...tokens, 0], gaps: [...gaps, 0] };
  }
}

interface Query {
  readonly context: Int32Array;
  readonly after: readonly number[];
  readonly typed: string;
  readonly folder: string;
}

interface Match {
  readonly stream: TokenStream;
  readonly place: number;
  readonly length: number;
  /** Their tokens to ours, or null where both are the same. */
  readonly renaming: ReadonlyMap<number, number> | null;
}

function literalLength(stream: TokenStream, place: number, context: Int32Array): number {
  let length = 0;
  while (
    length < 40 &&
    length < context.length &&
    place - 1 - length >= 0 &&
    stream.tokens[place - 1 - length] === context[context.length - 1 - length]
  ) {
    length++;
  }
  return length;
}

function isAtCursor(stream: TokenStream, document: TokenStream, place: number, query: Query): boolean {
  return stream === document && place === query.context.length;
}
