import type { SkipReason } from './codeIndex.js';
import { isSkippedFolder } from './fileNames.js';
import { createIgnoreRules, type IgnoreRules } from './ignore.js';

/** A file of rules that was met, with what stands in it. `folder` is relative to the rules' root; '' is the root. */
export interface RuleFile {
  readonly folder: string;
  readonly name: RuleFileName;
  readonly text: string;
}

/**
 * Files that keep others from being indexed and completed. Each kind speaks for itself and all are united: a negation
 * in one takes back only what the same kind forbids.
 * `.git` stands for a repository's root: rules of a repository around it end there, and its text is .git/info/exclude.
 */
export const RULE_FILE_NAMES = [
  '.git',
  '.gitignore',
  '.understudyignore',
  '.aiexclude',
  '.aiignore',
  '.cursorignore',
  '.geminiignore',
  '.copilotignore',
] as const;
export type RuleFileName = (typeof RULE_FILE_NAMES)[number];

/** What holds in one folder; the same object for all folders below it that have no rules of their own. */
export interface FolderRules {
  readonly files: readonly RuleFile[];
  readonly ignored: IgnoreRules | null;
  readonly excluded: readonly IgnoreRules[];
}

/** Settings' own patterns, in .gitignore syntax, relative to the workspace folder (`base`, relative to the root). */
export function rootRules(patterns: readonly string[], base: string): FolderRules {
  if (patterns.length === 0) return { files: [], ignored: null, excluded: [] };
  const settings = createIgnoreRules([{ folder: base, text: patterns.join('\n') }], true);
  return { files: [], ignored: null, excluded: [settings] };
}

/** The rules inside a folder that has `own` files, given those of its parent. */
export function enterFolder(parent: FolderRules, root: FolderRules, own: readonly RuleFile[]): FolderRules {
  if (own.length === 0) return parent;
  const isRepository = own.some(file => file.name === '.git');
  const inherited = isRepository ? parent.files.filter(file => !isGitRule(file)) : parent.files;
  const files = [...inherited, ...own];
  const gitFiles = files.filter(isGitRule);
  const excluded = RULE_FILE_NAMES.filter(name => name !== '.git' && name !== '.gitignore').flatMap(name => {
    const sameKind = files.filter(file => file.name === name);
    // What must stay private stays so under another letter case, too.
    return sameKind.length === 0 ? [] : [createIgnoreRules(sameKind, true)];
  });
  return {
    files,
    ignored: gitFiles.length === 0 ? null : createIgnoreRules(gitFiles, FOLDS_CASE),
    excluded: [...root.excluded, ...excluded],
  };
}

/** Whether something in a folder with these rules stays out, and why. `path` is relative to the rules' root. */
export function skipByRules(rules: FolderRules, path: string, isFolder: boolean): SkipReason | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (isFolder ? isSecretFolder(name) : isSecretFile(name, folderName(path))) return 'excluded';
  for (const kind of rules.excluded) if (kind.ignores(path, isFolder)) return 'excluded';
  if (isFolder && isSkippedFolder(name)) return 'ignored';
  return rules.ignored?.ignores(path, isFolder) === true ? 'ignored' : null;
}

/** What no settings and no rules re-open: for a file that no workspace holds, by the names on its way alone. */
export function skipByPath(path: string): SkipReason | null {
  const names = path.split(/[/\\]/);
  const name = names.pop() ?? '';
  return isSecretFile(name, names.at(-1) ?? '') || names.some(isSecretFolder) ? 'excluded' : null;
}

export function isRuleFileName(name: string): name is RuleFileName {
  return (RULE_FILE_NAMES as readonly string[]).includes(name);
}

const FOLDS_CASE = process.platform === 'win32' || process.platform === 'darwin';

function isGitRule(file: RuleFile): boolean {
  return file.name === '.git' || file.name === '.gitignore';
}

// No negation re-opens these. `id_*` is a key only without the extension of source code: id_map.ts is none.
const SECRET_FILES: readonly RegExp[] = [
  /^\.env/,
  /\.env$/,
  /\.(?:pem|key|p8|p12|pfx|pkcs(?:8|12)|jks|jceks|bks|keystore|keytab|ppk|kdbx?|keychain(?:-db)?|agekey|ovpn|tfvars|tfrc|kubeconfig)$/,
  /\.tfvars\.json$/,
  /\.tfstate(?:\.backup)?$/,
  /\.tfrc\.json$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/,
  /^id_[^.]*(?:\.(?:pub|bak|old|orig|txt))?$/,
  /^(?:\.npmrc|\.netrc|_netrc|\.pypirc|\.pgpass|\.my\.cnf|\.htpasswd|\.git-credentials|\.dockercfg|\.boto|\.s3cfg)$/,
  /^(?:\.vault-token|\.vault_pass(?:word)?|kubeconfig(?:\.ya?ml)?|authorized_keys|known_hosts|\.erlang\.cookie)$/,
  /^(?:\.terraformrc|terraform\.rc|\.mylogin\.cnf|\.dockerconfigjson|\.databrickscfg|\.passwd|\.passwd-s3fs|\.htdigest|\.msmtprc|\.fetchmailrc|\.ftpconfig|\.rhosts)$/,
  // What was typed holds passwords and tokens.
  /^\.(?:[\w-]+_)?(?:history|hist)$|^(?:fish|consolehost)_history(?:\.txt)?$|^\.(?:zhistory|lesshst|viminfo)$/,
  /^(?:local\.settings|sftp-config|application_default_credentials|credentials-config)\.json$|^(?:rclone\.conf|ngrok\.yml)$/,
  /^(?:.+-)?firebase-adminsdk[\w-]*\.json$|^gha-creds-[\w-]+\.json$/,
  /^wp-config\.php(?:\.(?:bak|old|orig|save|txt))?~?$/,
  /^\.?(?:credentials?|secrets?)(?:\.(?:json|ya?ml|toml|ini|cfg|csv|xml|db|properties|enc))?$/,
  /^(?:service[-_]?account|client_secret).*\.json$/,
];
const SECRET_FOLDERS = new Set(['.ssh', '.aws', '.gnupg', '.kube', '.azure', '.gcloud']);

/** Names that say nothing by themselves, in the folders of the programs that keep their keys in them. */
const SECRETS_OF_PROGRAMS: ReadonlyMap<string, RegExp> = new Map([
  ['.docker', /^config\.json$/],
  ['.m2', /^settings(?:-security)?\.xml$/],
  ['.composer', /^auth\.json$/],
  ['.kaggle', /^kaggle\.json$/],
  ['.oci', /^config$/],
  ['.snowsql', /^config$/],
  ['.fly', /^config\.yml$/],
  ['.vscode', /^sftp\.json$/],
  ['gh', /^hosts\.yml$/],
  ['doctl', /^config\.yaml$/],
  ['filezilla', /^(?:sitemanager|recentservers)\.xml$/],
]);

function isSecretFile(name: string, folder: string): boolean {
  const folded = fold(name);
  return (
    SECRET_FILES.some(pattern => pattern.test(folded)) || SECRETS_OF_PROGRAMS.get(fold(folder))?.test(folded) === true
  );
}

/** Of the folder that holds it, or the empty string. */
function folderName(path: string): string {
  return path.split('/').at(-2) ?? '';
}

function isSecretFolder(name: string): boolean {
  const folded = fold(name);
  // A folder with such a name may hold source (src/credentials/); one called .env is a virtual environment or worse.
  return SECRET_FOLDERS.has(folded) || folded.startsWith('.env');
}

/** Windows opens `.ENV.` and `.env::$DATA` as `.env`. */
function fold(name: string): string {
  return name
    .toLowerCase()
    .replace(/::\$data$/, '')
    .replace(/[. ]+$/, '');
}
