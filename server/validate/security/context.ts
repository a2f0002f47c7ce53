import type { Argument, Call, Expression } from './expression.js';
import type { Danger } from './families.js';
import { originOf, type Origin } from './flow.js';
import { lastOf, pathOf } from './paths.js';
import { bindingsOf, type Program } from './program.js';

/** What a rule looks at a file with. */
export interface Context {
  readonly program: Program;
  path(expression: Expression): string;
  /** Whose words may be in a value, given what makes it harmless for this rule. */
  origin(expression: Expression, cleanses?: (path: string) => boolean): Origin;
}

/** One rule: all that it finds in a file. One file each in rules/, one line each in findDangers.ts. */
export type Rule = (context: Context) => Danger[];

const never = (): boolean => false;

export function createContext(program: Program): Context {
  const paths = new Map<Expression, string>();
  const memories = new Map<(path: string) => boolean, Map<Expression, Origin>>();
  return {
    program,
    path(expression) {
      const path = paths.get(expression) ?? pathOf(expression, program);
      paths.set(expression, path);
      return path;
    },
    origin(expression, cleanses = never) {
      const memory = memories.get(cleanses) ?? new Map<Expression, Origin>();
      memories.set(cleanses, memory);
      return originOf(expression, { program, cleanses, memory });
    },
  };
}

/** The argument of that name, or else at that place. */
export function argumentOf(call: Call, at: number, ...names: readonly string[]): Expression | null {
  const named = call.arguments.find(({ name }) => name !== null && names.includes(name));
  if (named !== undefined) return named.value;
  const argument: Argument | undefined = call.arguments[at];
  return argument === undefined || argument.name !== null || argument.isSpread ? null : argument.value;
}

/** The value of a key of the options that a call gets: a keyword, or an entry of a literal. */
export function optionOf(call: Call, key: string): Expression | null {
  const named = call.arguments.find(({ name }) => name === key);
  if (named !== undefined) return named.value;
  for (const { value } of call.arguments) {
    if (value.kind !== 'record') continue;
    const entry = value.entries.find(other => other.key === key);
    if (entry !== undefined) return entry.value;
  }
  return null;
}

export function isTrue(expression: Expression | null): boolean {
  return expression?.kind === 'scalar' && /^(?:true|True|1)$/.test(expression.value);
}

export function isFalse(expression: Expression | null): boolean {
  return expression?.kind === 'scalar' && /^(?:false|False|0)$/.test(expression.value);
}

/** The text that is written out, also where a name stands for it; null where it is none. */
export function textOf(expression: Expression | null, program: Program): string | null {
  if (expression?.kind === 'text') return expression.value;
  if (expression?.kind !== 'name') return null;
  const [only, ...others] = bindingsOf(program, expression.name, expression.start);
  if (only?.meaning.kind !== 'value' || others.length > 0) return null;
  return only.meaning.value.kind === 'text' ? only.meaning.value.value : null;
}

/** Whether text of the author stands beside what is not his. */
export function isBuilt(expression: Expression, program: Program): boolean {
  return pieces(expression, program).some(piece => piece.kind === 'text' && piece.value.trim() !== '');
}

/**
 * The parts of a text in order: what is written out, and what is put in; names are followed to what they stand for here, and
 * what is added to them later comes behind.
 */
export function pieces(expression: Expression, program: Program, depth = 0): Expression[] {
  if (depth > 6) return [expression];
  switch (expression.kind) {
    case 'joined':
      return expression.parts.flatMap(part => pieces(part, program, depth + 1));
    case 'name': {
      const meanings = bindingsOf(program, expression.name, expression.start)
        .filter(({ at }) => at <= expression.start)
        .map(({ meaning }) => meaning);
      const values = meanings.flatMap(meaning =>
        meaning.kind === 'value' && (meaning.isAdded || isTextual(meaning.value, program)) ? [meaning.value] : [],
      );
      const isText = values.length === meanings.length && values.some(value => isTextual(value, program));
      return isText ? values.flatMap(value => pieces(value, program, depth + 1)) : [expression];
    }
    case 'choice': {
      const [first] = expression.options;
      return first !== undefined && expression.options.every(option => isTextual(option, program))
        ? expression.options.flatMap(option => pieces(option, program, depth + 1))
        : [expression];
    }
    case 'call':
      return piecesOfCall(expression, program, depth);
    default:
      return [expression];
  }
}

const around =
  /^(?:strip|trim|lower|upper|toString|String|encode|dedent|cleandoc|text|trimStart|trimEnd|lstrip|rstrip|SQL|Sprint)$/;

/** `"…".format(x)`, `dedent(…)`, `String.format("…", x)`, `a.concat(b)`, `builder.append(b)`. */
function piecesOfCall(call: Call, program: Program, depth: number): Expression[] {
  const last = lastOf(pathOf(call.callee, program));
  const receiver = call.callee.kind === 'member' ? call.callee.object : null;
  const given = call.arguments.map(({ value }) => value);
  const spread = (all: readonly Expression[]): Expression[] => all.flatMap(part => pieces(part, program, depth + 1));
  if (/^(?:format|Sprintf|formatted)$/.test(last) && receiver !== null) {
    const isReceiverText = isTextual(receiver, program);
    const [first, ...others] = isReceiverText ? [receiver, ...given] : given;
    return first === undefined ? [call] : filledIn(pieces(first, program, depth + 1), spread(others));
  }
  if (/^(?:concat|append)$/.test(last) && receiver !== null) return spread([receiver, ...given]);
  if (/^(?:StringBuilder|StringBuffer)$/.test(last) && call.isNew) return spread(given);
  if (!around.test(last)) return [call];
  const inner = receiver !== null && given.length === 0 ? receiver : given[0];
  return inner === undefined ? [call] : spread([inner]);
}

/** Values in the places that a format has for them. */
function filledIn(format: readonly Expression[], values: readonly Expression[]): Expression[] {
  const rest = [...values];
  const filled = format.flatMap((part): Expression[] => {
    if (part.kind !== 'text') return [part];
    return part.value.split(/(\{[^{}]*\}|%[-+ 0,#]*\d*(?:\.\d+)?[a-zA-Z])/).flatMap((piece, at): Expression[] => {
      const { start, end } = part;
      if (at % 2 === 0) return [{ kind: 'text', value: piece, start, end }];
      const value = rest.shift();
      return value === undefined || /^%.*[dxf]$/.test(piece) ? [] : [value];
    });
  });
  return [...filled, ...rest];
}

function isTextual(expression: Expression, program: Program): boolean {
  switch (expression.kind) {
    case 'text':
    case 'joined':
      return true;
    case 'choice':
      return expression.options.every(option => isTextual(option, program));
    case 'name':
      return bindingsOf(program, expression.name, expression.start).some(
        ({ meaning }) => meaning.kind === 'value' && meaning.value.kind === 'text',
      );
    case 'call':
      return (
        /^(?:format|Sprintf|concat|dedent|append|StringBuilder|StringBuffer|formatted)$/.test(
          lastOf(pathOf(expression.callee, program)),
        ) || piecesOfCall(expression, program, 5).some(({ kind }) => kind === 'text')
      );
    default:
      return false;
  }
}
