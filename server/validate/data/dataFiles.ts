/** How a file of data is written, and how strictly its readers take it. */
export interface DataForm {
  readonly format: 'json' | 'json-lines' | 'yaml' | 'toml';
  /**
   * Of JSON: `lax` where readers take comments and trailing commas, `strict` where they are known not to, `unsure` where
   * nothing is known of them.
   */
  readonly comments: 'lax' | 'strict' | 'unsure';
}

/** Of a path and the client's id for its language; null where it is no data, or of a kind that has no parser here (JSON5). */
export function dataFormOf(path: string, languageId: string): DataForm | null {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  if (/\.json5$|^\.babelrc$/.test(name)) return null;
  if (tomlName.test(name)) return toml;
  if (/\.(?:jsonl|ndjson|jsonlines|geojsonl)$/.test(name)) return lines;
  if (/\.(?:ya?ml|eyaml)$|^\.(?:clang-format|clang-tidy|clangd|yamllint|gemrc)$/.test(name)) return yaml;
  const isJson = jsonName.test(name);
  if (isJson && (laxName.test(name) || laxFolder.test(path.replaceAll('\\', '/')))) return lax;
  if (isJson && strictName.test(name)) return strict;
  if (isJson) return languageId === 'jsonc' ? lax : unsure;
  // What has no telling name is what the client says it is.
  if (name.includes('.', 1)) return null;
  return byLanguage.get(languageId) ?? null;
}

const toml: DataForm = { format: 'toml', comments: 'lax' };
const yaml: DataForm = { format: 'yaml', comments: 'lax' };
const lines: DataForm = { format: 'json-lines', comments: 'strict' };
const lax: DataForm = { format: 'json', comments: 'lax' };
const strict: DataForm = { format: 'json', comments: 'strict' };
const unsure: DataForm = { format: 'json', comments: 'unsure' };

const byLanguage: ReadonlyMap<string, DataForm> = new Map([
  ['json', unsure],
  ['jsonc', lax],
  ['jsonl', lines],
  ['yaml', yaml],
  ['toml', toml],
]);

const tomlName = /\.toml$|^(?:cargo|poetry|uv|pdm|pixi)\.lock$|^pipfile$/;

const jsonName =
  /\.(?:json|jsonc|webmanifest|geojson|ipynb|har|map|avsc|topojson|code-workspace|code-snippets|sublime-[a-z]+|swcrc|jscsrc|hintrc)$|^\.(?:swcrc|jshintrc|hintrc|jscsrc|eslintrc|bowerrc|tern-project|arcconfig)$|^composer\.lock$|^pipfile\.lock$|^flake\.lock$/;

/** Their readers take comments. */
const laxName =
  /\.jsonc$|\.(?:code-workspace|code-snippets|sublime-[a-z]+|hintrc)$|^(?:[tj]sconfig(?:[.-][\w.-]+)?|(?:[\w-]+\.)?tsconfig|api-extractor(?:[.-][\w-]+)?|devcontainer|deno|turbo|nx|biome|rome|tslint|typedoc|typedoc\.[\w-]+|tsdoc|rush|renovate|babel\.config|language-configuration|angular|project|launch|tasks|settings|keybindings|extensions|appsettings(?:\.[\w-]+)?|local\.settings|host|wrangler|oxlintrc|\.oxlintrc|\.eslintrc|\.luarc|\.markdownlint|\.jscpd|\.swcrc|cspell|cspell\.config|\.cspell|pyrightconfig|basedpyrightconfig|global|command-line|version-policies|pnpm-config|stylelint|\.stylelintrc|\.prettierrc|\.mocharc|\.lintstagedrc|\.releaserc)\.json$|^\.(?:swcrc|jshintrc|hintrc|eslintrc)$/;

const laxFolder = /(?:^|\/)(?:\.vscode|\.devcontainer|\.zed|\.understudy|\.claude|\.cursor|\.gemini|\.fleet)\//;

/** Their readers refuse them. */
const strictName =
  /^(?:package|package-lock|npm-shrinkwrap|composer|bower|component|manifest|vercel|firebase|firestore\.indexes|lerna|elm|tsup|now|netlify|\.nycrc|contributes|metadata)\.json$|\.(?:webmanifest|ipynb|geojson|topojson|har|avsc|map)$|\.lock$|\.schema\.json$/;
