/** What a parser, or a look at the keys, has found; [start, end) in utf-16 units of the text as it was given. */
export interface DataProblem {
  readonly name: 'invalid' | 'comment' | 'duplicate-key';
  readonly start: number;
  readonly end: number;
  /** A sentence that does not change with what stands elsewhere. */
  readonly message: string;
}
