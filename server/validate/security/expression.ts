/** What the rules see of an expression, in whatever language it is written. */
export type Expression =
  | TextLiteral
  | Scalar
  | Joined
  | Name
  | Member
  | Index
  | Call
  | List
  | RecordLiteral
  | Choice
  | FunctionLiteral
  | Other;

interface Placed {
  /** [start, end) in utf-16 units of the text. */
  readonly start: number;
  readonly end: number;
}

/** Written out, without its quotes; escapes as they stand. */
export interface TextLiteral extends Placed {
  readonly kind: 'text';
  readonly value: string;
}

/** A number, a truth value, nothing; or the result of arithmetic or of a comparison, whose `value` is empty. */
export interface Scalar extends Placed {
  readonly kind: 'scalar';
  readonly value: string;
}

/** Parts one after the other: a sum, a template, a format with its arguments put in. */
export interface Joined extends Placed {
  readonly kind: 'joined';
  readonly parts: readonly Expression[];
}

export interface Name extends Placed {
  readonly kind: 'name';
  readonly name: string;
}

export interface Member extends Placed {
  readonly kind: 'member';
  readonly object: Expression;
  readonly property: string;
}

export interface Index extends Placed {
  readonly kind: 'index';
  readonly object: Expression;
  readonly key: Expression | null;
}

export interface Argument {
  /** Of a keyword argument. */
  readonly name: string | null;
  readonly value: Expression;
  readonly isSpread: boolean;
}

export interface Call extends Placed {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  /** `new X(…)`. */
  readonly isNew: boolean;
  /** A template with a tag in front: the function gets the parts apart from each other. */
  readonly isTagged: boolean;
}

/** Items of an array, tuple or set, or the one that stands for all of a comprehension. */
export interface List extends Placed {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

export interface Entry extends Placed {
  /** Null where it is computed. */
  readonly key: string | null;
  readonly value: Expression;
}

export interface RecordLiteral extends Placed {
  readonly kind: 'record';
  /** The type that is made, where it is named. */
  readonly type: string | null;
  readonly entries: readonly Entry[];
}

/** One of several. */
export interface Choice extends Placed {
  readonly kind: 'choice';
  readonly options: readonly Expression[];
}

export interface FunctionLiteral extends Placed {
  readonly kind: 'function';
  readonly results: readonly Expression[];
}

/** Anything else, with what it is made of. */
export interface Other extends Placed {
  readonly kind: 'other';
  readonly parts: readonly Expression[];
}
