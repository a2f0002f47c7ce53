import { writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { textOnDisk } from '../../base/textOnDisk.js';
import {
  inTemporaryFolder,
  once,
  toolCaller,
  toolFailed,
  toolFinding,
  toolMissing,
  type CallTool,
  type ToolchainOptions,
} from '../names/toolRun.js';
import { offsetOf, wordAt } from '../names/textPlaces.js';
import { stateFiles, type StateFiles } from '../stateFiles.js';
import { notKnown, nothingWrong, type Examined, type Finding, type SourceFile, type Validator } from '../validator.js';
import { goFindings, type FilesByPath } from './goMessages.js';

/** Nothing is fetched, no other toolchain is started, and no flags come from anywhere else. */
const quiet = {
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
  GOFLAGS: '-buildvcs=false',
  GOENV: 'off',
  GOTELEMETRY: 'off',
  GOSUMDB: 'off',
};

/**
 * What Go's own compiler says of names and types, and, where that has nothing to object to, `go vet`. The state that is judged
 * is laid over the one on disk (`-overlay`); nothing of it is run, and nothing is written into the workspace.
 */
export function createGoVetValidator(options: ToolchainOptions): Validator {
  return {
    id: 'go-vet',
    judges: 'Go: names and types, by the compiler and go vet',
    reach: 'edit',
    needsTrust: true,
    looksAround: true,
    accepts: ({ languageId }) => languageId === 'go',
    examine(files, { folder, overlay }, signal) {
      if (folder === null) return Promise.resolve(notKnown('There is no workspace to build.'));
      const call = toolCaller('go', folder, options);
      if (call === null) return Promise.resolve(toolMissing('go', 'Go'));
      const within = files.filter(({ path }) => isInside(folder, path));
      if (within.length === 0) return Promise.resolve(nothingWrong);
      return inTemporaryFolder('go', signal, temporary =>
        examineWith(call, within, stateFiles(overlay), folder, temporary, signal),
      );
    },
  };
}

async function examineWith(
  call: CallTool,
  files: readonly SourceFile[],
  state: StateFiles,
  folder: string,
  temporary: string,
  signal: AbortSignal,
): Promise<Examined> {
  const overlay = join(temporary, 'overlay.json');
  const replace = await replacements(files, state, folder, temporary);
  await writeFile(overlay, JSON.stringify({ Replace: replace }));
  const byPath = new Map(
    files.flatMap(file => [[file.path, file] as const, [replace[file.path] ?? file.path, file] as const]),
  );
  const findings: Finding[] = [];
  let unknown: Examined['unknown'] = null;
  for (const [module, own] of groupBy(files, ({ path }) => moduleFolder(path, folder, state))) {
    if (module === null) {
      unknown = notKnown('There is no go.mod.').unknown;
      continue;
    }
    const packages = [...new Set(own.map(({ path }) => dirname(path)))];
    const built = await call(
      {
        args: [
          'list',
          '-e',
          '-test',
          '-export',
          '-json=Dir,ImportPath,Error,DepsErrors',
          '-gcflags=-e',
          `-overlay=${overlay}`,
          ...packages,
        ],
        cwd: module,
        extraEnv: quiet,
      },
      signal,
    );
    const listed = readObjects(built.stdout);
    if (listed === null || listed.length === 0 || built.timedOut) return toolFailed('go', built);
    const { output, trouble } = errorsOf(listed);
    const found = goFindings(output, module, byPath);
    findings.push(...found);
    if (found.length === 0 && trouble === null && output === '')
      findings.push(...(await vet(call, module, packages, overlay, byPath, signal)));
    if (found.length === 0 && trouble !== null) unknown = notKnown(`Go cannot build the package: ${trouble}`).unknown;
  }
  return { findings: once(findings), unknown };
}

/** Files whose text is not the one on disk; the empty string for those that the state lacks. */
async function replacements(
  files: readonly SourceFile[],
  { overlay }: StateFiles,
  folder: string,
  temporary: string,
): Promise<Record<string, string>> {
  const replace: Record<string, string> = {};
  const own = [...overlay].filter(([path]) => /\.go$|[\\/]go\.(?:mod|sum|work)$/.test(path) && isInside(folder, path));
  const texts = new Map([...own, ...files.map(({ path, text }) => [path, text] as const)]);
  for (const [at, [path, text]] of [...texts].entries()) {
    if (textOnDisk(path) === text) continue;
    if (text === null) {
      replace[path] = '';
      continue;
    }
    const target = join(temporary, `${at}-${basename(path)}`);
    await writeFile(target, text);
    replace[path] = target;
  }
  return replace;
}

function moduleFolder(path: string, folder: string, state: StateFiles): string | null {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    if (state.isFile(join(at, 'go.mod'))) return at;
    if (at === dirname(at)) break;
  }
  return null;
}

interface Listed {
  readonly Error?: { readonly Pos?: string; readonly Err?: string };
  readonly DepsErrors?: readonly { readonly Pos?: string; readonly Err?: string }[] | null;
}

/** What the compiler printed for each package, and what kept it from being asked. */
function errorsOf(listed: readonly Listed[]): { readonly output: string; readonly trouble: string | null } {
  const errors = listed.flatMap(({ Error: own, DepsErrors: of }) => [
    ...(own === undefined ? [] : [own]),
    ...(of ?? []),
  ]);
  const lines = errors.map(({ Pos = '', Err = '' }) => (Pos === '' ? Err : `${Pos}: ${Err}`));
  const other = lines.find(line => line !== '' && !/\.go:\d+:\d+: /.test(line));
  return { output: lines.join('\n'), trouble: other?.split('\n')[0]?.slice(0, 200) ?? null };
}

/** `go vet -json` prints one object a package, with lines of `#` between them. */
async function vet(
  call: CallTool,
  module: string,
  packages: readonly string[],
  overlay: string,
  files: FilesByPath,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const ran = await call(
    { args: ['vet', '-json', `-overlay=${overlay}`, ...packages], cwd: module, extraEnv: quiet },
    signal,
  );
  const printed = `${ran.stdout}\n${ran.stderr}`.replace(/^#.*$/gm, '');
  const found = readObjects(printed) ?? [];
  return found.flatMap(object =>
    Object.values(object as Record<string, Record<string, unknown>>).flatMap(analysers =>
      Object.entries(analysers).flatMap(([analyser, reports]) => vetFindings(analyser, reports, files)),
    ),
  );
}

function vetFindings(analyser: string, reports: unknown, files: FilesByPath): Finding[] {
  if (!Array.isArray(reports)) return [];
  return reports.flatMap((report: unknown) => {
    if (typeof report !== 'object' || report === null) return [];
    const { posn, end, message } = report as Readonly<Record<string, unknown>>;
    const place = placeOf(posn, files);
    const until = placeOf(end, files);
    if (place === null || typeof message !== 'string') return [];
    const { file, start } = place;
    const marked = until !== null && until.start > start ? { start, end: until.start } : wordAt(file.text, start);
    return [toolFinding(file, `go-vet/${analyser}`, marked, message)];
  });
}

/** `PATH:LINE:COLUMN`. */
function placeOf(text: unknown, files: FilesByPath): { readonly file: SourceFile; readonly start: number } | null {
  const [, path = '', row, column] = /^(.*):(\d+):(\d+)$/.exec(typeof text === 'string' ? text : '') ?? [];
  const file = files.get(path);
  return file === undefined ? null : { file, start: offsetOf(file.text, Number(row), Number(column), 'bytes') };
}

/** JSON values one after the other; null where it is none. */
function readObjects(text: string): readonly object[] | null {
  const parts = text.split(/^(?=\{)/m).filter(part => part.trim() !== '');
  try {
    return parts.map((part): object => JSON.parse(part) as object);
  } catch {
    return null;
  }
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
