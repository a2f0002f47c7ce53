/** For a model that knows no other files: they stand as comments above its own, in the language's syntax. */
export function asComments(files: readonly CommentedFile[], languageId: string): string {
  const [open, close] = commentOf(languageId);
  const line = (text: string): string => `${open}${text === '' ? '' : ` ${text}`}${close}\n`;
  return files
    .map(({ label, text }) => {
      const name = label.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
      if (text === null) return line(name);
      const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
      return [`From ${name}:`, ...lines].map(line).join('') + '\n';
    })
    .join('');
}

interface CommentedFile {
  readonly label: string;
  /** Null: only its name, because it follows. */
  readonly text: string | null;
}

/** Only what a model has to tell code from comment by; the grammars know better, and are not asked for a prompt. */
function commentOf(languageId: string): readonly [open: string, close: string] {
  return comments.find(([languages]) => languages.has(languageId))?.[1] ?? ['//', ''];
}

const comments: readonly (readonly [ReadonlySet<string>, readonly [string, string]])[] = [
  [
    new Set([
      'python',
      'ruby',
      'shellscript',
      'bash',
      'sh',
      'fish',
      'perl',
      'r',
      'julia',
      'yaml',
      'toml',
      'dockerfile',
      'makefile',
      'cmake',
      'powershell',
      'elixir',
      'nix',
      'terraform',
      'hcl',
      'properties',
      'coffeescript',
      'gdscript',
      'nim',
      'crystal',
      'plaintext',
    ]),
    ['#', ''],
  ],
  [new Set(['sql', 'lua', 'haskell', 'elm', 'ada', 'vhdl', 'purescript']), ['--', '']],
  [new Set(['clojure', 'lisp', 'scheme', 'commonlisp', 'racket', 'ini', 'asm']), [';', '']],
  [new Set(['latex', 'tex', 'erlang', 'matlab', 'prolog']), ['%', '']],
  [new Set(['vb', 'vba', 'basic']), ["'", '']],
  [new Set(['vim', 'viml']), ['"', '']],
  [new Set(['html', 'xml', 'markdown', 'vue', 'svelte', 'xhtml', 'svg']), ['<!--', ' -->']],
  [new Set(['css']), ['/*', ' */']],
  [new Set(['ocaml', 'fsharp', 'coq', 'pascal']), ['(*', ' *)']],
];
