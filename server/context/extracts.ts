import { languageOf } from '../../grammars/registry.js';
import type { Passage } from '../model/prompt.js';
import type { Declaration } from './declarations/declarationsOf.js';
import { renderDeclaration } from './declarations/renderDeclaration.js';
import type { Found } from './found.js';

export interface ExtractOptions {
  readonly source: string;
  readonly path: string;
  readonly label: string;
  readonly from: Found['from'];
  /** The whole text that the declarations are of, and all of them. */
  readonly text: string;
  readonly declared: readonly Declaration[];
  readonly wanted: ReadonlySet<string>;
  readonly maxUnits: number;
  /** Also what is private to the file. */
  readonly withPrivate?: boolean;
}

/** One declaration as a passage of its own. */
export function extractOf(declaration: Declaration, score: number, options: ExtractOptions): Found {
  const { source, path, label, from, text, declared, wanted, maxUnits, withPrivate = false } = options;
  const comment = commentOf(path);
  const shown = renderDeclaration(declaration, { maxUnits, wanted, withPrivate, declared, comment });
  const passage: Passage = {
    path,
    label,
    startLine: declaration.startLine,
    text: `${clip(shown, maxUnits)}\n`,
    // A type may be declared in several places: an interface and a class, a namespace beside it.
    drawnFrom: linesDrawnFrom([
      declaration,
      ...declared.filter(each => each.name === declaration.name || each.owner === declaration.name),
    ]),
    source,
  };
  const id = `${source}:${path}:${declaration.owner}.${declaration.name}`;
  const covers = [declaration, ...methodsOf(declaration, declared)].map(({ startLine, endLine }) => ({
    startLine,
    endLine,
  }));
  return { id, passage, score, from, basis: basisOf(text, declaration, declared), covers };
}

/** What stands outside of its type is shown with it, where both are in one file. */
export function holderOf(declaration: Declaration, declared: readonly Declaration[]): Declaration {
  if (declaration.owner === '') return declaration;
  return declared.find(each => each.isType && each.owner === '' && each.name === declaration.owner) ?? declaration;
}

export function commentOf(path: string): string {
  return languageOf(path, '')?.lineComments[0] ?? '//';
}

/** At a line's end, unless there is only one. */
export function clip(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text;
  const end = text.lastIndexOf('\n', maxUnits);
  return text.slice(0, end > 0 ? end : maxUnits);
}

/** The declaration's own text and its methods' heads: what else changes in its file does not count. */
function basisOf(text: string, declaration: Declaration, declared: readonly Declaration[]): string {
  const own = linesOf(text, declaration);
  const methods = methodsOf(declaration, declared);
  return [own, ...methods.map(each => (each.isType ? linesOf(text, each) : each.head))].join('\n');
}

/** Of some languages they stand outside of their type. */
function methodsOf(declaration: Declaration, declared: readonly Declaration[]): readonly Declaration[] {
  return declaration.isType ? declared.filter(each => each !== declaration && each.owner === declaration.name) : [];
}

/** From the first line to the last that something of an extract may be from. */
export function linesDrawnFrom(declarations: readonly Declaration[]): {
  readonly startLine: number;
  readonly endLine: number;
} {
  return {
    startLine: Math.min(...declarations.map(({ startLine }) => startLine)),
    endLine: Math.max(...declarations.map(({ endLine }) => endLine)),
  };
}

function linesOf(text: string, { startLine, endLine }: Declaration): string {
  let start = 0;
  for (let line = 0; line < startLine; line++) start = text.indexOf('\n', start) + 1;
  let end = start;
  for (let line = startLine; line < endLine; line++) {
    const next = text.indexOf('\n', end);
    if (next < 0) return text.slice(start);
    end = next + 1;
  }
  return text.slice(start, end);
}
