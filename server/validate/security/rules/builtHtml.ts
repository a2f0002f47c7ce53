import { isBuilt, pieces, type Context, type Rule } from '../context.js';
import type { Call, Expression } from '../expression.js';
import type { Danger } from '../families.js';
import { isOpen, type Origin } from '../flow.js';
import { lastOf } from '../paths.js';
import { routeResult } from '../program.js';

/** Markup from unescaped text. `high` or worse only for what a request or the address of the page brings; pages do the rest a lot. */
export const builtHtml: Rule = context => [
  ...context.program.settings.flatMap(setting => {
    if (setting.name === routeResult) {
      const isOpenPage = isMarkup(setting.value, context) && context.origin(setting.value, cleanses) === 'outside';
      return isOpenPage ? judge(setting, setting.value, context) : [];
    }
    if (!isMarkupProperty(setting.name, setting.object !== null, context)) return [];
    return judge(setting, setting.value, context);
  }),
  ...context.program.calls.flatMap(call => {
    const path = context.path(call.callee);
    const last = lastOf(path);
    const values = call.arguments.filter(({ name, isSpread }) => name === null && !isSpread).map(({ value }) => value);
    const at = sinkArgument(path, last, context);
    if (at === null) return [];
    const value = at === 'rest' ? together(values.slice(context.program.language === 'go' ? 1 : 0), call) : values[at];
    if (value === undefined) return [];
    // These take any text; it must be seen that this one is markup, and from outside.
    if (answers.test(last) && !isAlwaysMarkup.test(path)) {
      // What is joined to an answer of Flask and Django is a page, unless they are told otherwise.
      const isPage =
        isPageByDefault.test(path) && !/content_type|mimetype/.test(context.program.text.slice(call.start, call.end));
      return (isMarkup(value, context) || (isPage && isBuilt(value, context.program))) &&
        context.origin(value, cleanses) === 'outside'
        ? judge(call, value, context)
        : [];
    }
    return judge(call, value, context);
  }),
];

function isMarkupProperty(name: string, hasObject: boolean, { program }: Context): boolean {
  if (program.language !== 'javascript') return false;
  return hasObject ? name === 'innerHTML' || name === 'outerHTML' || name === 'srcdoc' : name === '__html';
}

const answers =
  /^(?:send|end|write|make_response|HttpResponse|HTMLResponse|Response|Fprintf|Fprint|Fprintln|WriteString|println|print|format|printf|render_template_string)$/;
const isPageByDefault = /(?:^|\.)(?:make_response|HttpResponse|HTMLResponse)$/;
const isAlwaysMarkup = /(?:^|\.)document\.write(?:ln)?$|render_template_string$/;

function sinkArgument(path: string, last: string, { program }: Context): number | 'rest' | null {
  switch (program.language) {
    case 'javascript':
      if (/(?:^|\.)document\.write(?:ln)?$/.test(path)) return 0;
      if (last === 'insertAdjacentHTML') return 1;
      if (last === 'createContextualFragment' || last === 'bypassSecurityTrustHtml') return 0;
      if (/^(?:\$|jQuery)\(\)(?:\.\w+\(\))*\.(?:html|append|prepend|after|before|replaceWith)$/.test(path))
        return last === 'html' ? 0 : null;
      return /(?:^|[.@])(?:res|response|reply|resp)(?:\.\w+\(\))*\.(?:send|end|write)$/.test(path) ? 0 : null;
    case 'python':
      if (/(?:^|\.)(?:mark_safe|Markup|SafeString|SafeText|render_template_string)$/.test(path)) return 0;
      return /(?:^|\.)(?:make_response|HttpResponse|HTMLResponse|Response)$/.test(path) ? 0 : null;
    case 'go':
      if (/^html\/template\.(?:HTML|JS|URL|HTMLAttr)$/.test(path)) return 0;
      return /^fmt\.Fprint(?:f|ln)?$|^io\.WriteString$/.test(path) ? 'rest' : null;
    case 'java':
      return /getWriter\(\)\.(?:println|print|write|format|printf|append)$|PrintWriter\(\)\.(?:println|print|write|format)$/.test(
        path,
      )
        ? 'rest'
        : null;
  }
}

/** A format with what is put into it. */
function together(parts: readonly Expression[], { start, end }: Call): Expression {
  return { kind: 'joined', parts, start, end };
}

function judge(place: { start: number; end: number }, value: Expression, context: Context): Danger[] {
  const origin = context.origin(value, cleanses);
  if (!isOpen(origin)) return [];
  const hasMarkup = isMarkup(value, context) || isBuilt(value, context.program);
  if (origin === 'unknown' && !hasMarkup) return [];
  return [danger(place, origin, hasMarkup)];
}

function isMarkup(value: Expression, { program }: Context): boolean {
  return pieces(value, program).some(piece => piece.kind === 'text' && /<[a-z!/]/i.test(piece.value));
}

const cleanses = (path: string): boolean =>
  /(?:^|\.|_)(?:escape\w*|sanitize\w*|clean|bleach|encodeURIComponent|encodeURI|htmlspecialchars|escapeHtml|escapeHTML|encode\w*Html\w*|forHtml\w*|htmlEscape|EscapeString|HTMLEscapeString|HTMLEscaper|format_html|render|renderToString|renderToStaticMarkup|render_template|conditional_escape|urlize|linebreaks|stripTags|striptags|strip_tags|purify|translate|gettext|_|t|trustedHTML|createHTML|highlight\w*|toLocaleString|jsonify|toISOString)$|^DOMPurify|dompurify|sanitize-html|xss|^(?:marked|markdown|he|lodash\.escape)/.test(
    path,
  );

function danger({ start, end }: { start: number; end: number }, origin: Origin, hasMarkup: boolean): Danger {
  const who = origin === 'outside' ? 'Text from a request or an address' : 'Text that is not written out here';
  return {
    rule: 'security/built-html',
    severity: origin === 'outside' ? 'high' : hasMarkup ? 'medium' : 'low',
    start,
    end,
    message: `${who} becomes part of a page unescaped. Set it as text, or escape it.`,
    fix: null,
  };
}
