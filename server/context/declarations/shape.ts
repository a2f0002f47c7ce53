/** How declarations look in one language, line by line: what an indented, formatted file shows without being parsed. */
export interface Shape {
  /** Lines that begin a declaration; the group `name`, and `owner` where it belongs to a type that stands elsewhere. */
  readonly top: RegExp;
  /** Of what `top` found: those that have members. */
  readonly type: RegExp;
  /** Members, at the first indentation inside a type; the group `name`. */
  readonly member: RegExp;
  /** Lines whose inside counts as if it stood there itself. */
  readonly container: RegExp | null;
  /** Lines that belong to the declaration below, such as decorators. */
  readonly lead: RegExp | null;
  readonly lineComment: string;
  readonly blockComment: readonly [open: string, close: string] | null;
  /** Texts over several lines whose inside is not looked at. */
  readonly longString: RegExp | null;
  /** Whether others may use it. */
  isExported(line: string, name: string): boolean;
}

const cComment = ['/*', '*/'] as const;
const isPublicMember = (line: string): boolean => !/^\s*(?:private\b|#)/.test(line);

const script: Shape = {
  top: /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:(?:const\s+)?(?:class|interface|enum|type|const|let|var)\s+|function\s*\*?\s*)(?<name>[\w$]+)/,
  type: /\b(?:class|interface|enum)\s+[\w$]+/,
  member:
    /^(?:(?:public|protected|private|static|readonly|abstract|async|override|declare|accessor|get|set)\s+)*\*?\s*(?<name>[\w$]+|#\w+|\[[\w.]+\])\s*[?!]?\s*(?:[(:<=;,{]|$)/,
  container: /^(?:export\s+)?(?:declare\s+)?(?:module|namespace|global)\b[^;]*\{\s*$/,
  lead: /^@\w/,
  lineComment: '//',
  blockComment: cComment,
  longString: null,
  isExported: line => /^(?:export|declare)\b|^\s/.test(line) && isPublicMember(line),
};

const python: Shape = {
  top: /^(?:(?:async\s+)?def\s+|class\s+)?(?<name>[A-Za-z_]\w*)(?=\s*(?:\(|:|\[|=(?!=)))/,
  type: /^\s*class\s/,
  member: /^(?:(?:async\s+)?def\s+|class\s+)?(?<name>[A-Za-z_]\w*)(?=\s*(?:\(|:|\[|=(?!=)))/,
  container: /^(?:if|try|else|elif|except|finally|with)\b.*:\s*(?:#.*)?$/,
  lead: /^@[\w.]/,
  lineComment: '#',
  blockComment: null,
  longString: /^[ \t]*[rRbBfFuU]{0,2}("""|''')/,
  isExported: (_, name) => !name.startsWith('_') || name.startsWith('__'),
};

const go: Shape = {
  top: /^(?:func\s+(?:\(\s*(?:\w+\s+)?\*?(?<owner>\w+)[^)]*\)\s*)?|type\s+|var\s+|const\s+)?(?<name>[A-Za-z_]\w*)(?=\s*[(\[\s=]|$)/,
  type: /^(?:type\s+)?\w+(?:\[[^\]]*\])?\s+(?:struct|interface)\b/,
  member: /^(?<name>[A-Za-z_]\w*)(?:,\s*\w+)*(?=[\s(]|$)/,
  container: /^(?:type|var|const)\s*\(\s*$/,
  lead: null,
  lineComment: '//',
  blockComment: cComment,
  longString: null,
  isExported: (_, name) => /^\p{Lu}/u.test(name),
};

const rust: Shape = {
  top: /^(?:pub(?:\([^)]*\))?\s+)?(?:default\s+)?(?:(?:(?:const|async|unsafe|extern\s+"[^"]*")\s+)*fn\s+|(?:struct|enum|union|trait|unsafe\s+trait|type|const|static(?:\s+mut)?|macro_rules!)\s+|(?:unsafe\s+)?impl\b(?:\s*<[^{]*?>)?\s+(?:[^{]*?\bfor\s+)?(?:\w+::)*(?=\w+(?:<|\s|\{|$)))(?<name>\w+)/,
  type: /^(?:pub(?:\([^)]*\))?\s+)?(?:unsafe\s+)?(?:struct|enum|union|trait|impl)\b/,
  member:
    /^(?:pub(?:\([^)]*\))?\s+)?(?:(?:(?:const|async|unsafe|extern\s+"[^"]*")\s+)*fn\s+|const\s+|type\s+)?(?<name>[A-Za-z_]\w*)(?=\s*[(<:,={]|$)/,
  container: /^(?:(?:pub(?:\([^)]*\))?\s+)?mod\s+(?!tests?\b)\w+|\w+!)\s*\{\s*$/,
  lead: null,
  lineComment: '//',
  blockComment: cComment,
  longString: null,
  isExported: line => /^\s*pub\b|^(?:unsafe\s+)?impl\b|^macro_rules!/.test(line),
};

const modifiers =
  '(?:(?:public|protected|private|internal|abstract|final|static|sealed|non-sealed|partial|open|data|readonly|ref|default|synchronized|native|transient|volatile|override|virtual|async|unsafe|extern|const|inline|suspend|lateinit|val|var|new|required|companion|@\\w+(?:\\([^)]*\\))?)\\s+)*';
const java: Shape = {
  top: new RegExp(
    `^${modifiers}(?:class|interface|enum(?:\\s+class)?|record(?:\\s+struct)?|@interface|struct|object|fun)\\s+(?:<[^>]*>\\s*)?(?<name>\\w+)`,
  ),
  type: /\b(?:class|interface|enum|record|@interface|struct|object)\s+\w+/,
  member: new RegExp(
    `^${modifiers}(?:(?:class|interface|enum|record|fun)\\s+|(?:<[^>]*>\\s*)?[\\w<>\\[\\],.?\\s]+?\\s+)?(?<name>\\w+)\\s*(?:[(=;{:,]|$)`,
  ),
  container: /^namespace\s+[\w.]+\s*\{?\s*$/,
  lead: /^@\w+(?:\([^)]*\))?\s*$|^\[[A-Z]\w*.*\]\s*$/,
  lineComment: '//',
  blockComment: cComment,
  longString: null,
  isExported: line => !/^\s*(?:@\w+\s+)*private\b/.test(line),
};

const c: Shape = {
  top: /^(?:#\s*define\s+|(?:typedef\s+)?(?:struct|union|enum(?:\s+class)?|class)\s+(?:[A-Z_]+\s+)?|using\s+|(?!return\b|else\b|if\b|for\b|while\b|switch\b|case\b|goto\b|#)[A-Za-z_][\w:<>,*&\s~]*?[\s*&])(?<name>~?[A-Za-z_]\w*)(?=\s*(?:\(|\{|=|;|:|\[|$|\s\S))/,
  type: /^(?:typedef\s+)?(?:template\s*<[^>]*>\s*)?(?:struct|union|enum|class)\b[^;()]*$/,
  member: /^(?:[A-Za-z_][\w:<>,*&\s~]*?[\s*&])?(?<name>~?[A-Za-z_]\w*)\s*(?:[(=;{:,[]|$)/,
  container: /^(?:extern\s+"C"|(?:inline\s+)?namespace\b[\w:\s]*)\s*\{\s*$/,
  lead: /^template\s*</,
  lineComment: '//',
  blockComment: cComment,
  longString: null,
  isExported: line => !/^static\b/.test(line),
};

const shapes: Readonly<Record<string, Shape>> = {
  typescript: script,
  typescriptreact: script,
  javascript: script,
  javascriptreact: script,
  python,
  go,
  rust,
  java,
  kotlin: java,
  csharp: java,
  c,
  cpp: c,
};

/** Null: nothing is known of the language's declarations. */
export function shapeOf(languageId: string): Shape | null {
  return shapes[languageId] ?? null;
}
