import type { Tree } from 'web-tree-sitter';
import { bracketTokens, closerFor, openersOf } from './brackets.js';
import type { Language } from './language.js';
import type { LoadedGrammar } from './parse.js';
import { quotingAt } from './surroundings.js';

/**
 * What may make a whole of code that is being written: everything closed that it leaves open, with an operand or an end of
 * statement before the first body closes. The likeliest first.
 */
export function endingsOf(tree: Tree, grammar: LoadedGrammar, language: Language, content: string): readonly string[] {
  const openers = openersOf(bracketTokens(tree, 0, content.length), content.length).toReversed();
  const kinds = openers.map(({ type, offset }) => kindOf(type, content.slice(Math.max(0, offset - maxHead), offset)));
  const closers = openers.map(({ type }, at) => before(kinds[at]) + closerFor(type) + behind(kinds[at], kinds[at + 1]));
  const bodies = closers.findIndex(closer => closer.startsWith('}'));
  const within = closers.slice(0, bodies < 0 ? closers.length : bodies).join('');
  // Some languages want the last line of a body ended.
  const around = bodies < 0 ? '' : `\n${closers.slice(bodies).join('')}`;
  // A line comment would take up what is put behind it.
  const isComment = quotingAt(tree, grammar, content, content.length)?.kind === 'comment';
  const awaited = isComment ? '' : (awaitsOperand.exec(content)?.[1] ?? '');
  return endsOf(awaited, language).map(
    ({ operand, stop }) => `${isComment ? '\n' : ''}${operand}${within}${stop}${around}\n`,
  );
}

interface End {
  readonly operand: string;
  readonly stop: string;
}

function endsOf(awaited: string, { blocksByIndentation }: Language): readonly End[] {
  const body = blocksByIndentation ? ': pass' : ' {}';
  if (awaited === '') return ['', ';', body].map(stop => ({ operand: '', stop }));
  const ends = ['', ';', body].map(stop => ({ operand: 'x', stop }));
  // There may be no more of a list; and what a parameter is may stand before its name.
  const ofList = [{ operand: '', stop: '' }, ...ends, { operand: 'x x', stop: body }];
  return awaited === '(' || awaited === ',' ? ofList : ends;
}

/** An operator that is no `++` or `--`, or a bracket or comma behind which one more may follow. */
const awaitsOperand = /([=*/%&|^<>?:,([~!.]|(?<!\+)\+|(?<!-)-)\s*$/;

type Kind = 'try' | 'do' | 'value' | 'body' | 'group' | 'other';

function kindOf(type: string, before: string): Kind {
  const words = before.trimEnd();
  if (type === '(' && /(?:^|\n)(?:const|var|import|type)$/.test(words)) return 'group';
  if (type !== '{') return 'other';
  if (/\btry(?:\s*\([^{}]*\))?$/.test(words)) return 'try';
  if (/\bdo$/.test(words)) return 'do';
  return /(?:[\]=,:([{]|\breturn|\bnew\s[\w.<>]+\([^{}]*\))$/.test(words) ? 'value' : 'body';
}

/** The resources of a `try` stand between it and its body. */
const maxHead = 200;

/** Go ends the last line of a group, too. */
function before(kind: Kind | undefined): string {
  return kind === 'group' ? '\n' : '';
}

/** What the grammar wants behind a closed brace: a `try` is none without one of its ends, nor is a `do`. */
function behind(kind: Kind | undefined, around: Kind | undefined): string {
  if (kind === 'try') return ' finally {}';
  if (kind === 'do') return ' while (x);';
  const isStatement = around === 'body' || around === 'try' || around === 'do' || around === undefined;
  return kind === 'value' && isStatement ? ';' : '';
}
