import type { DeclaredName } from './declaredName.js';
import type { DefinitionRule } from './definitionTable.js';

/** A definition as it was met, before its place among the others is known. */
export interface RawDefinition {
  readonly rule: DefinitionRule;
  readonly type: string;
  readonly name: DeclaredName;
  readonly start: number;
  readonly end: number;
  /** Where its body begins, or -1. */
  readonly body: number;
  /** A further name of the definition before it, as `b` in `int a, b;`. */
  readonly further: boolean;
  /** A value that is a function. */
  readonly isFunction?: boolean;
}
