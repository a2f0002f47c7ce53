import ts from 'typescript';
import type { Finding, Replacement } from '../validator.js';
import { ruleOfCode, type Rule } from './rules.js';

const maxMessageUnits = 400;

/** What a diagnostic of the compiler is to the gate, or null where it is nothing to us. */
export function findingOf(diagnostic: ts.Diagnostic, source: ts.SourceFile, path: string): Finding | null {
  const { start, length } = diagnostic;
  const rule = ruleOf(diagnostic.code, diagnostic.messageText);
  if (rule === null || start === undefined || length === undefined) return null;
  const end = start + length;
  return {
    ...rule,
    path,
    start,
    end,
    message: textOf(diagnostic.messageText),
    fix: fixOf(diagnostic.messageText, source.text.slice(start, end), start, end),
  };
}

/** Properties that do not exist hide below "not assignable" and "no overload matches": an attribute, an option of a call. */
function ruleOf(code: number, message: string | ts.DiagnosticMessageChain): Rule | null {
  const rule = ruleOfCode.get(code) ?? null;
  if (typeof message === 'string' || (code !== 2322 && code !== 2769 && code !== 2345)) return rule;
  const below = codesBelow(message);
  const saysUnknown = below.has(2353) || below.has(2561) || (code === 2322 && (below.has(2339) || below.has(2551)));
  return saysUnknown ? (ruleOfCode.get(2353) ?? rule) : rule;
}

function codesBelow(chain: ts.DiagnosticMessageChain): ReadonlySet<number> {
  const codes = new Set<number>();
  for (const next of chain.next ?? []) {
    codes.add(next.code);
    for (const code of codesBelow(next)) codes.add(code);
  }
  return codes;
}

function textOf(message: string | ts.DiagnosticMessageChain): string {
  const flat = ts.flattenDiagnosticMessageText(message, ' ').replace(/\s+/g, ' ').trim();
  return flat.length <= maxMessageUnits ? flat : `${flat.slice(0, maxMessageUnits - 1)}…`;
}

/** The compiler's own offer, where what it marks is the wrong name and nothing else. */
function fixOf(
  message: string | ts.DiagnosticMessageChain,
  marked: string,
  start: number,
  end: number,
): readonly Replacement[] | null {
  const flat = ts.flattenDiagnosticMessageText(message, ' ');
  const offer =
    /Did you mean (?:to write |the static member |the instance member |to access the static member )?['"‘](.+?)['"’]( instead)?\?/.exec(
      flat,
    )?.[1];
  if (offer === undefined) return null;
  const name = /^[\w$.#]+$/;
  if (name.test(marked) && name.test(offer)) return [{ start, end, text: offer }];
  const quote = /^(['"]).*\1$/s.exec(marked)?.[1];
  if (quote === undefined) return null;
  const inner = offer.replace(/^"|"$/g, '');
  return inner.includes(quote) || inner.includes('\n') ? null : [{ start: start + 1, end: end - 1, text: inner }];
}
