import { bracketChange, Line, type Query } from './query.js';
import { newline } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

/** How far a prediction has come: its place in the line that it writes. */
export class Progress {
  step = 0;
  /** Lines ended so far. */
  line = 0;
  column = 0;
  openBrackets = 0;
  above: Line = new Line();
  twoAbove: Line = new Line();
  /** Where the line began in the query's context. */
  #lineFrom = 0;
  #indentColumns = 0;
  readonly #own = [new Line(), new Line()] as const;

  begin(query: Query): void {
    this.step = 0;
    this.line = 0;
    this.column = query.column;
    this.openBrackets = query.openBrackets;
    this.above = query.above;
    this.twoAbove = query.twoAbove;
    this.#lineFrom = query.given - query.column;
    this.#indentColumns = query.indentColumns;
  }

  /** Moves behind a token that the query's context has just taken; `indentColumns` is that of a line it begins. */
  advance(query: Query, id: number, vocabulary: Vocabulary): void {
    this.step++;
    if (id !== newline) {
      this.column++;
      this.openBrackets += bracketChange(vocabulary.kinds[id]!);
      return;
    }
    const ended = this.#own[this.line & 1]!;
    this.twoAbove = this.above;
    ended.take(query.context, Math.max(0, this.#lineFrom), query.length - 1, this.#indentColumns);
    this.above = ended;
    this.line++;
    this.column = 0;
    this.openBrackets = 0;
    this.#lineFrom = query.length;
  }
}
