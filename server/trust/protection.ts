import { relative, sep } from 'node:path';
import { changesScripts, changesTypeScriptPlugins } from './protectedParts.js';

/**
 * Why a file is not changed unless the person asked for that very file, as a sentence; null for all others.
 * `path` is absolute; `before` is null for a file that is new and `after` for one that goes. By name in any letter case, with
 * whatever characters nobody sees, and wherever in the workspace: what runs by itself is as dangerous in a folder of its own.
 */
export function protection(root: string, path: string, before: string | null, after: string | null): string | null {
  const names = relative(root, path).split(sep).map(plainName);
  const found = rules.find(({ holds }) => holds(names));
  const file = names.at(-1) ?? '';
  if (found !== undefined) return `${names.join('/')} ${found.why}.`;
  if (file === 'package.json' && changesScripts(before, after))
    return `${names.join('/')} says which scripts its package manager runs; they are changed only by who asks for it.`;
  if (/^[tj]sconfig(?:\..+)?\.json$/.test(file) && changesTypeScriptPlugins(before, after))
    return `${names.join('/')} names plugins, or a file that may, which editors run.`;
  return null;
}

/** As file systems compare names: without letter case, invisible characters, streams, and dots and spaces at the end. */
function plainName(name: string): string {
  const visible = name.normalize('NFKC').replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]/gu, '');
  return (
    visible
      .toLowerCase()
      .replace(/:.*$/, '')
      .replace(/[. ]+$/, '') || name
  );
}

interface Rule {
  readonly holds: (names: readonly string[]) => boolean;
  /** The end of a sentence that begins with the path. */
  readonly why: string;
}

const anywhere =
  (...folders: readonly string[]) =>
  (names: readonly string[]): boolean =>
    names.some(name => folders.includes(name));
const below =
  (...folders: readonly string[]) =>
  (names: readonly string[]): boolean =>
    folders.some(folder => `/${names.join('/')}/`.includes(`/${folder}/`));
const called =
  (pattern: RegExp) =>
  (names: readonly string[]): boolean =>
    pattern.test(names.at(-1) ?? '');

const rules: readonly Rule[] = [
  {
    holds: names => anywhere('.git', '.hg', '.svn', '.jj', '.bzr')(names) || names.some(name => /^git~\d$/.test(name)),
    why: 'belongs to version control, which runs what is set there',
  },
  { holds: called(/^\.git(?:modules|config)$/), why: 'says what git fetches and runs' },
  {
    holds: anywhere('.vscode', '.vs', '.idea', '.fleet', '.zed', '.helix', '.nova', '.devcontainer'),
    why: 'holds settings of an editor, which runs what they name',
  },
  {
    holds: called(
      /^(?:.+\.code-workspace|.+\.sublime-(?:project|workspace)|\.devcontainer\.json|\.nvim\.lua|\.nvimrc|\.exrc|\.vimrc|_?\.?gvimrc|\.dir-locals(?:-2)?\.el|\.projectile|\.lvimrc)$/,
    ),
    why: 'holds settings of an editor, which runs what they name',
  },
  {
    holds: names =>
      anywhere('.claude', '.cursor', '.windsurf', '.gemini', '.codex', '.continue', '.roo', '.kiro')(names) ||
      called(/^\.?mcp\.json$/)(names),
    why: 'holds settings of an assistant, which runs what they name',
  },
  {
    holds: names =>
      below(
        '.github/workflows',
        '.github/actions',
        '.gitea/workflows',
        '.forgejo/workflows',
        '.circleci',
        '.buildkite',
        '.gitlab/ci',
        '.woodpecker',
        '.teamcity',
        '.ci',
        '.azure-pipelines',
      )(names) ||
      called(
        /^(?:\.?gitlab-ci.*\.ya?ml|\.?azure-pipelines.*\.ya?ml|bitbucket-pipelines\.ya?ml|\.?appveyor\.ya?ml|\.(?:travis|drone|woodpecker|cirrus)\.ya?ml|cloudbuild\.(?:ya?ml|json)|buildspec\.ya?ml|jenkinsfile.*)$/,
      )(names),
    why: 'runs on the machines that build the project, with their keys',
  },
  {
    holds: names =>
      called(
        /^(?:\.npmrc|\.yarnrc(?:\.ya?ml)?|\.pnpmfile\.c?js|bunfig\.toml|\.pypirc|pip\.(?:conf|ini)|\.netrc|_netrc|nuget\.config)$/,
      )(names) || below('.cargo', '.yarn', '.mvn', 'gradle/wrapper')(names),
    why: 'says where packages come from, and with which keys or programs',
  },
  { holds: called(/^\.env(?:rc)?(?:[.\-_].*)?$/), why: 'holds the environment and its secrets' },
  {
    holds: names =>
      anywhere('.husky', '.githooks', '.git-hooks', '.lefthook')(names) ||
      called(
        /^\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)$|^\.pre-commit-(?:config|hooks)\.ya?ml$|^\.?overcommit\.ya?ml$/,
      )(names),
    why: 'is a hook, which runs by itself',
  },
  {
    holds: called(
      /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|bun\.lockb?|deno\.lock|cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|pipfile\.lock|pylock(?:\..+)?\.toml|gemfile\.lock|composer\.lock|go\.sum|go\.work\.sum|gradle\.lockfile|packages\.lock\.json|package\.resolved|podfile\.lock|pubspec\.lock|mix\.lock|flake\.lock|conda-lock\.ya?ml|\.terraform\.lock\.hcl)$/,
    ),
    why: 'is written by a package manager, and says which code is installed',
  },
  {
    holds: names => anywhere('.understudy')(names) || called(/^\.understudyignore$/)(names),
    why: 'holds rules for Understudy itself',
  },
];
