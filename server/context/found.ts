import type { Passage } from '../model/prompt.js';

/** A passage on its way into a prompt. */
export interface Found {
  /** The same for what is the same passage in the next request, also when its text has changed meanwhile. */
  readonly id: string;
  readonly passage: Passage;
  /** How much it is worth, from 0 to 1, comparable between sources. */
  readonly score: number;
  /**
   * What lets a passage in. `workspace`: its file must be inside a folder and not be left out. `open`: the same, or it is
   * open in the editor, wherever it lies. `package`: installed code, which ignore rules leave out as a rule and a
   * person's own rules may. `made`: it is ours and of no file.
   */
  readonly from: 'workspace' | 'open' | 'package' | 'made';
  /** What the passage is an extract of: while it is the same, an earlier extract that holds as much may stay. */
  readonly basis?: string;
  /** The lines of its file that it speaks of, where those are not simply the lines of its text. */
  readonly covers?: readonly LineRange[];
}

/** [startLine, endLine), from 0. */
export interface LineRange {
  readonly startLine: number;
  readonly endLine: number;
}
