/** One file that changed, as texts. */
export interface GitChange {
  /** Absolute, in the folder that was asked for. The file need not exist: a range may lie in the past. */
  readonly path: string;
  /** Where it was called otherwise before: absolute. Null where its name is the same, or it is new. */
  readonly from: string | null;
  /** Null where it is new. */
  readonly before: string | null;
  /** Null where it is gone. */
  readonly after: string | null;
}
