import type { Language } from '../../grammars/language.js';
import { maskCode } from '../../grammars/maskCode.js';
import { keywords } from '../../index/recall/tokenKinds.js';
import { builtinsOf } from './groundBuiltins.js';

/** A name that a text uses without declaring it: neither a member, a key, a keyword nor what the language brings along. */
export interface FreeName {
  readonly name: string;
  /** Of its first use, in the text; below 0 where the name began left of it. */
  readonly at: number;
  /** What is asked of it first, as `Join` of `path.Join`; null where nothing is. */
  readonly member: string | null;
}

/** `left` is code before the text, from the start of a line. Empty for languages whose names are not judged. */
export function freeNames(text: string, left: string, language: Language): readonly FreeName[] {
  const builtins = builtinsOf(language);
  if (builtins === null) return [];
  const code = withoutComments(maskCode(left + text, language).text, language);
  // What is declared above stands in the document.
  const declared = declaredNames(code.slice(left.lastIndexOf('\n') + 1), language);
  const found = new Map<string, FreeName>();
  for (const { 0: name, index } of code.matchAll(word)) {
    if (index + name.length <= left.length || found.has(name)) continue;
    if (keywords.has(name) || builtins.has(name) || declared.has(name)) continue;
    const place = placeOf(code, index, name.length);
    const member = /^\s*(?:\.|::|->)\s*([\p{L}_]\w*)/u.exec(place.after)?.[1] ?? null;
    // Short ones are types of a generic, or counters; modules are called so too.
    if (name.length < (member === null ? 3 : 2)) continue;
    if (isSaidOfAnother(place, language) || isWordOfAPage(code, place, name, language)) continue;
    found.set(name, { name, at: index - left.length, member });
  }
  return [...found.values()];
}

/** The inner lines of comments that began further up. */
function withoutComments(code: string, { blockComments }: Language): string {
  if (!blockComments.some(([open]) => open === '/*')) return code;
  return code.replace(/^[ \t]*\*(?:[ \t].*|\/.*)?$/gm, found => found.replace(/\S/g, ' '));
}

const word = /(?<![\p{L}\p{N}_$])[\p{L}_$][\p{L}\p{N}_$]*/gu;

interface Place {
  readonly before: string;
  readonly after: string;
}

function placeOf(code: string, at: number, length: number): Place {
  return { before: code.slice(Math.max(0, at - 120), at), after: code.slice(at + length, at + length + 120) };
}

/**
 * Whether a name may come from what the document takes in without naming it: another namespace, a header that is not the
 * language's own, all of a module. Nothing is said of such names then.
 */
export function mayComeUnnamed({ name, member }: FreeName, document: string, { id }: Language): boolean {
  switch (id) {
    case 'csharp':
      return /^\p{Lu}/u.test(name);
    case 'c':
    case 'cpp':
      return isForeignHeaderName(name, document);
    case 'java':
      return /^\p{Lu}/u.test(name) && /^\s*import\s+(?:static\s+)?[\w.]+\.\*\s*;/m.test(document);
    case 'python':
      return /^\s*from\s+[\w.]+\s+import\s+\*/m.test(document);
    case 'rust':
      return member === null && /\buse\s+(?!super\b|self\b)[\w:]+::\*\s*;/.test(document);
    case 'go':
      return /^\s*(?:import\s+)?\.\s+"/m.test(document);
    default:
      return false;
  }
}

/** Only the headers of the C standard are known by heart. */
function isForeignHeaderName(name: string, document: string): boolean {
  const prefix = /^_*[A-Za-z0-9]{2,}?_/.exec(name)?.[0];
  if (prefix !== undefined && new RegExp(`(?<![A-Za-z0-9_])${prefix}`).test(document)) return true;
  const isLocal = /^[a-z][a-z0-9_]*$/.test(name) && !name.endsWith('_t');
  return (
    [...document.matchAll(/^[ \t]*#[ \t]*include[ \t]*<([^>\n]+)>/gm)].some(
      ([, header = '']) => !standardHeader.test(header),
    ) && !(isLocal && name.length < 4)
  );
}

const standardHeader =
  /^(?:(?:assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|time)\.h)$/;

/** A member, a key, a keyword argument, a label: the name belongs to something else. */
function isSaidOfAnother({ before, after }: Place, { id }: Language): boolean {
  if (/(?:[^.]\.|\?\.|->|::|#)\s*$/.test(before) || /^\.\s*$/.test(before)) return true;
  if (id === 'python') return /[(,]\s*$/.test(before) && /^\s*=(?!=)/.test(after);
  // A key or a label, but no part of `a ? b : c`.
  if (/^\??\s*:(?![:=])/.test(after) && /(?:^|[{(,;\n|])\s*$/.test(before)) return true;
  if (id === 'csharp' && /[(,]\s*$/.test(before) && /^\s*[:=](?!=)/.test(after)) return true;
  return id === 'c' || id === 'cpp'
    ? /(?:^|\n)\s*#\s*\w*\s*$/.test(before)
    : /(?:^|\s)(?:goto|break|continue)\s+$/.test(before);
}

/** In a file with mark-up, words between tags and names of attributes: only calls, and tags of our own, are names. */
function isWordOfAPage(code: string, { before, after }: Place, name: string, { id }: Language): boolean {
  if (id !== 'typescriptreact' && id !== 'javascript') return false;
  if (!/<[A-Za-z>]/.test(code)) return false;
  if (/<\/?\s*$/.test(before)) return /^[a-z]/.test(name);
  return !/^\s*\(/.test(after) && !/[{(=]\s*$/.test(before);
}

const name = String.raw`[\p{L}_$][\p{L}\p{N}_$]*`;
const names = new RegExp(name, 'gu');

/** Stretches of code all of whose names are declared there, or might be: better one too many than one too few. */
const declarations: readonly RegExp[] = [
  /\b(?:const|let|var|val|auto|final)\b([^=;\n]*)/gu,
  /\bfor\b\s*\(?([^;(){}]*?)\s+(?:in|of)\b/gu,
  new RegExp(
    String.raw`\b(?:function\*?|def|fn|func|fun|class|interface|type|enum|struct|trait|mod|namespace|record|union|sub|macro_rules!|package|module)\s+(${name})`,
    'gu',
  ),
  new RegExp(
    String.raw`\b(?:function\*?|def|fn|func|fun)\b[^({\n]*\(([^()]*(?:\([^()]*\)[^()]*)*)\)(?:\s*\(([^()]*)\))?(?:\s*->[^{:;]*)?`,
    'gu',
  ),
  new RegExp(
    String.raw`(?<!\b(?:if|while|for|switch|match|with|return|catch|new|await)\s*)\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*(?::[^={};\n]*)?(?:=>|\{|->)`,
    'gu',
  ),
  new RegExp(String.raw`(${name})\s*=>`, 'gu'),
  /\blambda\b([^:\n]*):/gu,
  /\|([^|\n]*)\|/gu,
  new RegExp(
    String.raw`\b(?:catch|global|nonlocal|goto|where)\b\s*\(?([^\n;{]*)|\b(?:import|from|use|using)\b([^\n;]*)`,
    'gu',
  ),
  /\b(?:if|while)\s+let\b([^=\n]*)=/gu,
  new RegExp(
    String.raw`(?:^|[;{(,\n])[ \t]*(${name}(?:[ \t]*,[ \t]*\*?${name})*)[ \t]*(?::[^=\n;]+?)?(?::=|=(?![=>]))`,
    'gu',
  ),
  new RegExp(String.raw`(${name}(?:\s*,\s*${name})*)\s*:=`, 'gu'),
  new RegExp(String.raw`\bfunc\s*\([^()]*\)\s*(${name})`, 'gu'),
  /<([^<>()\n]*)>\s*\(/gu,
];

/** `Type name`, as languages with types in front declare. */
const typed = new RegExp(String.raw`(?:${name}|[>\]*&?])[ \t]+[*&]*(${name})(?=\s*(?:[=;,():]|\[|\bin\b))`, 'gu');
const noType =
  /(?:^|[^\p{L}\p{N}_$])(?:return|new|throw|else|in|of|instanceof|typeof|await|yield|case|delete|not|and|or|is|as|if|elif|while|until|assert|raise|del|go|defer|import|from|extends|implements|using|goto)\s+[*&]*$/u;

function declaredNames(code: string, { id }: Language): ReadonlySet<string> {
  const declared = new Set<string>();
  for (const pattern of declarations) {
    for (const match of code.matchAll(pattern)) {
      for (const stretch of match.slice(1)) {
        for (const one of declaredIn(stretch ?? '', id)) declared.add(one);
      }
    }
  }
  // Elsewhere it only says of which type a value is taken to be.
  if (id === 'python' || id === 'rust') for (const [, one = ''] of code.matchAll(renamed)) declared.add(one);
  // What stands left of an arrow there is a pattern.
  if (id === 'rust')
    for (const [arm] of code.matchAll(/[^\n;{}]*=>/gu)) for (const [one] of arm.matchAll(names)) declared.add(one);
  if (typesFirst.has(id)) {
    for (const { 0: whole, 1: one = '', index } of code.matchAll(typed)) {
      const before = code.slice(0, index + whole.length - one.length);
      if (!noType.test(before)) declared.add(one);
    }
  }
  // Fields and parameters of Go stand before their types.
  if (id === 'go') {
    for (const [, one = ''] of code.matchAll(
      new RegExp(String.raw`(?:^|[(,\n])[ \t]*(${name})[ \t]+[\p{L}*[\]]`, 'gu'),
    ))
      declared.add(one);
  }
  return declared;
}

const renamed = new RegExp(String.raw`\bas\s+(${name})`, 'gu');
const typesFirst = new Set(['java', 'c', 'cpp', 'csharp']);

/** The names of a list of variables or parameters, without their types and defaults. */
function declaredIn(list: string, id: string): readonly string[] {
  return splitAtCommas(list).flatMap(part => {
    const all = [...(typesFirst.has(id) || id === 'go' ? part : withoutType(part)).matchAll(names)].map(([one]) => one);
    if (all.length < 2 || /[({[]/.test(part)) return all;
    if (id === 'go') return all.slice(0, 1);
    return typesFirst.has(id) ? all.slice(-1) : all;
  });
}

function splitAtCommas(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < list.length; at++) {
    const unit = list.charAt(at);
    if ('([{<'.includes(unit)) depth++;
    else if (')]}>'.includes(unit)) depth--;
    else if (unit === ',' && depth <= 0) {
      parts.push(list.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, list.slice(from)];
}

/** Up to `:` or `=` that stand in no brackets; those inside belong to a pattern. */
function withoutType(part: string): string {
  let depth = 0;
  for (let at = 0; at < part.length; at++) {
    const unit = part.charAt(at);
    if ('([{'.includes(unit)) depth++;
    else if (')]}'.includes(unit)) depth--;
    else if (depth <= 0 && (unit === ':' || unit === '=')) return part.slice(0, at);
  }
  return part;
}
