import type { Definition } from '../../../grammars/outline.js';
import { escapeRegExp } from '../../base/escapeRegExp.js';

/** What a module no longer offers as it did. */
export interface Taken {
  /** Names that others import, or see because they belong to the same package. */
  readonly names: ReadonlySet<string>;
  /** Names of members, which are used without being imported. */
  readonly members: ReadonlySet<string>;
  /** Whatever it is called: the module is gone, or passes on less than before. */
  readonly isAll: boolean;
}

export interface Outlined {
  readonly text: string;
  readonly outline: readonly Definition[];
}

const nothing: Taken = { names: new Set(), members: new Set(), isAll: false };

/** Compares what two texts of a file offer to others: names, signatures, shapes of types. Bodies and values do not count. */
export function takenAway(grammar: string, before: Outlined, after: Outlined | null): Taken {
  const [old, now] = [offersOf(grammar, before), after === null ? null : offersOf(grammar, after)];
  const names = new Set<string>();
  const members = new Set<string>();
  for (const [key, { name, owner, forms }] of old.offers) {
    if (now?.offers.get(key)?.forms === forms) continue;
    if (owner === null) names.add(name);
    else {
      members.add(name);
      // Who makes one says the name of its class.
      if (name === 'constructor' || name === '__init__' || name === owner) names.add(owner);
    }
  }
  for (const name of old.passedOn) if (now?.passedOn.has(name) !== true) names.add(name);
  const isAll = now === null || [...old.passedOnWhole].some(module => !now.passedOnWhole.has(module));
  return names.size === 0 && members.size === 0 && !isAll ? nothing : { names, members, isAll };
}

interface Offer {
  readonly name: string;
  /** The type that it is a member of. */
  readonly owner: string | null;
  /** What can be told of it from outside; several where there are overloads. */
  readonly forms: string;
}

interface Offers {
  readonly offers: ReadonlyMap<string, Offer>;
  /** Names of others that it passes on. */
  readonly passedOn: ReadonlySet<string>;
  /** Modules that it passes on whatever they have. */
  readonly passedOnWhole: ReadonlySet<string>;
}

const script = /^(?:javascript|typescript|tsx)$/;
const functionLike = new Set<Definition['kind']>(['function', 'method', 'constructor']);
/** Their members may stand in no outline, and matter as a whole. */
const shapeLike = new Set<Definition['kind']>(['interface', 'enum', 'struct', 'trait', 'type']);

function offersOf(grammar: string, { text, outline }: Outlined): Offers {
  const isModule = script.test(grammar) && /^\s*(?:import|export)\b|\bmodule\.exports\b|\bexports\.\w/m.test(text);
  const passedOn = script.test(grammar)
    ? exportLists(text)
    : grammar === 'python'
      ? importedNames(text)
      : new Set<string>();
  const offers = new Map<string, Offer>();
  for (const definition of outline) {
    const { kind, name, start, nameStart } = definition;
    const around = enclosing(definition, outline);
    if (kind === null || around.some(each => functionLike.has(each.kind))) continue;
    const [top = definition] = around;
    const head = text.slice(top.start, top.nameStart);
    if (isModule && !/\bexport\b/.test(head) && !passedOn.has(top.name) && !isAssigned(top.name, text)) continue;
    if (/\bprivate\b/.test(text.slice(start, nameStart)) || name.startsWith('#')) continue;
    const owner =
      around.findLast(each => each.kind !== 'namespace' && each.kind !== 'module')?.name ?? (definition.owner || null);
    const key = [...around.map(each => each.name), definition.owner, name].join('\0');
    const known = offers.get(key)?.forms ?? '';
    offers.set(key, { name, owner, forms: `${known}\n${formOf(definition, text)}` });
  }
  return { offers, passedOn, passedOnWhole: new Set(wholeModules(text, grammar)) };
}

function enclosing(definition: Definition, outline: readonly Definition[]): readonly Definition[] {
  const around: Definition[] = [];
  for (let at = outline[definition.parent]; at !== undefined; at = outline[at.parent]) around.unshift(at);
  return around;
}

function isAssigned(name: string, text: string): boolean {
  return new RegExp(
    `\\bexport\\s+default\\s+${escapeRegExp(name)}\\b|\\bexports\\b[^;\\n]*\\b${escapeRegExp(name)}\\b|\\bmodule\\.exports\\s*=\\s*\\{[^}]*\\b${escapeRegExp(name)}\\b`,
  ).test(text);
}

/** What others can tell of it: all of a type's shape, the head of what has a body, and no value. */
function formOf({ kind, start, nameEnd, end, body }: Definition, text: string): string {
  const whole = text.slice(start, end);
  const isShape = shapeLike.has(kind);
  const form = isShape
    ? whole
    : body >= 0
      ? text.slice(start, body)
      : `${text.slice(start, nameEnd)}${untilValue(text.slice(nameEnd, end))}`;
  return form
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function untilValue(rest: string): string {
  const at = rest.search(/(?<![=!<>])=(?![=>])/);
  return at < 0 ? rest : rest.slice(0, at);
}

/** `export { a, b as c }`, with or without `from`. */
function exportLists(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, list = ''] of text.matchAll(/\bexport\s+(?:type\s+)?\{([^}]*)\}/g)) {
    for (const part of list.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').split(',')) {
      const name = /([\w$]+)\s*$/.exec(part)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

/** What a module of Python imports, others may import from it. */
function importedNames(text: string): Set<string> {
  const names = new Set<string>();
  for (const [, list = ''] of text.matchAll(/^from[ \t]+[.\w]+[ \t]+import[ \t]*(\([^)]*\)|[^\n(]+)/gm)) {
    for (const part of list
      .replace(/#[^\n]*/g, '')
      .replace(/[()\\]/g, ' ')
      .split(',')) {
      const name = /(\w+)\s*$/.exec(part)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}

function wholeModules(text: string, grammar: string): readonly string[] {
  const pattern = script.test(grammar)
    ? /\bexport\s*\*\s*from\s*(['"][^'"\n]+['"])/g
    : grammar === 'python'
      ? /^from[ \t]+([.\w]+)[ \t]+import[ \t]*\*/gm
      : null;
  return pattern === null ? [] : [...text.matchAll(pattern)].map(([, module = '']) => module);
}
