import type { Language } from './language.js';

/** What a body may hold: statements one after the other, members or cases, or elements of a value or a list. */
export type BodyKind = 'statements' | 'members' | 'elements';

/**
 * What opens a body at the end of a line: a bracket, `:` or a word; null where nothing does. `line` and `logical`, the line
 * with those that its brackets began on, are masked and end without blanks.
 */
export function blockOpener(line: string, logical: string, language: Language): string | null {
  const last = line.at(-1) ?? '';
  if (last === '{' || last === '(' || last === '[') return last;
  if (last === ':') {
    if (language.id === 'yaml') return /^\s*(?:- +)*[^\s#-][^#]*:$/.test(line) ? ':' : null;
    if (language.blocksByIndentation) return indentedHeader.test(logical) && isBalanced(logical) ? ':' : null;
    return caseLabel.test(line) ? ':' : null;
  }
  return wordOpener(line, language);
}

/** As a grammar's own node types are not known: from the words before the opener. */
export function bodyKindByText(logical: string, opener: string): BodyKind {
  if (opener === ':') return /^\s*(?:class|match|enum|struct)\b/.test(logical) ? 'members' : 'statements';
  if (opener === '(' || opener === '[') return 'elements';
  if (opener !== '{') return /^(?:class|module|case)$/.test(opener) ? 'members' : 'statements';
  const header = logical.slice(0, logical.lastIndexOf('{')).trimEnd();
  if (/\b(?:switch|match|select)\b[^;]*$/.test(header) && !/=>$/.test(header)) return 'members';
  if (
    /\b(?:func|fn|function|def|fun|sub)\b/.test(header) ||
    /(?:=>|->|\b(?:else|try|do|finally|loop|unsafe|async))$/.test(header)
  )
    return 'statements';
  if (/\)(?:\s*(?:const|noexcept|override|final|throws\b.*|->.*|:.*))?$/.test(header)) return 'statements';
  if (membersHeader.test(header)) return 'members';
  if (/^\s*(?:\}\s*)?(?:if|for|while|else|catch|with|using|lock)\b/.test(header)) return 'statements';
  return 'elements';
}

export function isBalanced(masked: string): boolean {
  let depth = 0;
  for (const unit of masked) {
    if (unit === '(' || unit === '[' || unit === '{') depth++;
    else if (unit === ')' || unit === ']' || unit === '}') depth--;
  }
  return depth === 0;
}

/** Where bodies begin with words and end with others. */
function wordOpener(line: string, { id }: Language): string | null {
  if (id === 'ruby' || id === 'crystal') {
    const header = rubyHeader.exec(line)?.[1];
    return header ?? rubyDo.exec(line)?.[1] ?? null;
  }
  if (id === 'lua')
    return /\b(do|then|else|repeat)$/.exec(line)?.[1] ?? /\b(function)\b[^()]*\([^()]*\)$/.exec(line)?.[1] ?? null;
  if (id === 'shellscript' || id === 'elixir' || id === 'julia')
    return /\b(do|then|else|begin)$/.exec(line)?.[1] ?? null;
  if (id === 'haskell' || id === 'fsharp' || id === 'elm') return /(?:^|\s)(=|do|of|where|->)$/.exec(line)?.[1] ?? null;
  return id === 'coffeescript' ? (/([-=]>)$/.exec(line)?.[1] ?? null) : null;
}

const indentedHeader =
  /^\s*(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case|func|proc|enum|when|of)\b/;
const caseLabel = /^\s*(?:case\b[^?]*|default\s*|(?:public|private|protected|internal)(?:\s+(?:slots|Q_SLOTS))?\s*):$/;
const rubyHeader =
  /^\s*(def|class|module|if|elsif|else|unless|while|until|case|when|begin|rescue|ensure)\b(?!.*\bend$)/;
const rubyDo = /\b(do|then)(?:\s*\|[^|]*\|)?$/;
const membersHeader =
  /^\s*(?:[\w@.]+\s+)*?(?:class|struct|interface|enum|union|trait|impl|namespace|module|object|record|extern|protocol|extension|type)\b/;
