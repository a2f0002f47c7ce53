import ts from 'typescript';
import { posix } from 'node:path';
import { isTooDeep } from '../apart.js';
import { createAmbientFiles } from './ambientFiles.js';
import { foldersAbove, type Configuration } from './configuration.js';
import type { ConfinedFiles } from './confinedFiles.js';
import { matchFiles } from './matchFiles.js';
import type { Overlay } from '../stateFiles.js';

/** One configuration's program, kept from question to question so that only what changed is read and bound anew. */
export interface LivingProgram {
  /**
   * Looks what changed on disk. What was said of a state before holds as long as the answer stays the same.
   */
  look(configuration: Configuration): number;
  /** The program with these files in it, as `files` shows them now. */
  renew(configuration: Configuration, judged: readonly string[]): ts.Program;
}

interface Known {
  readonly source: ts.SourceFile;
  readonly stamp: string;
  readonly key: string;
}

/** So many files judged lately stay, since they are likely to be judged again. */
const maxKept = 8;

export function createLivingProgram(
  files: ConfinedFiles,
  overlay: () => Overlay,
  libFolder: string,
  onBusy: (path: string) => void,
): LivingProgram {
  const sources = new Map<string, Known>();
  const ambient = createAmbientFiles(files);
  /** By path, with the stamp: what no stack holds gives nobody any names. */
  const tooDeep = new Map<string, string | null>();
  let parsing = '';
  let program: ts.Program | undefined;
  let options: ts.CompilerOptions | null = null;
  const onDisk = new Map<string, string | null>();
  let structure = -1;
  let roots: readonly string[] = [];
  let kept: readonly string[] = [];
  let epoch = 0;

  const getSourceFile = (
    path: string,
    how: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined => {
    const key = typeof how === 'number' ? String(how) : `${how.languageVersion}:${how.impliedNodeFormat ?? ''}`;
    const known = sources.get(path);
    const given = overlay().get(path);
    if (given === null) return undefined;
    const stamp = given === undefined ? files.stamp(path) : 'given';
    if (known !== undefined && known.key === key) {
      if (given === undefined ? known.stamp === stamp : known.source.text === given) return known.source;
    }
    const text = files.readFile(path);
    if (text === undefined || stamp === null) return undefined;
    parsing = path;
    onBusy(path);
    const source = ts.createSourceFile(
      path,
      text,
      { ...(typeof how === 'number' ? { languageVersion: how } : how), jsDocParsingMode: jsDocOf(path) },
      false,
    );
    // The compiler tells versions apart where it reuses what it resolved.
    Object.assign(source, { version: `${stamp}:${text.length}` });
    sources.set(path, { source, stamp, key });
    if (!onDisk.has(path)) onDisk.set(path, files.stamp(path));
    return source;
  };

  const host: ts.CompilerHost = {
    getSourceFile,
    getDefaultLibFileName: given => posix.join(libFolder, ts.getDefaultLibFileName(given)),
    getDefaultLibLocation: () => libFolder,
    writeFile: () => {},
    getCurrentDirectory: () => files.root,
    getCanonicalFileName: path => (files.foldsCase ? path.toLowerCase() : path),
    useCaseSensitiveFileNames: () => !files.foldsCase,
    getNewLine: () => '\n',
    fileExists: files.fileExists,
    readFile: files.readFile,
    directoryExists: files.directoryExists,
    getDirectories: folder => [...files.entries(folder).directories],
    realpath: files.realpath,
    readDirectory: (folder, extensions, excludes, includes, depth) =>
      matchFiles(files, folder, extensions, excludes, includes, depth),
  };
  // Sources of projects that are referred to are read in place of declarations that may not be built. Not declared, but asked for.
  Object.assign(host, { useSourceOfProjectReferenceRedirect: () => true });

  /** Whether a file that the program holds is another by now. */
  const hasChanged = (): boolean => {
    let changed = false;
    for (const [path, { source, stamp }] of sources) {
      const given = overlay().get(path);
      if (given !== undefined) changed ||= source.text !== given;
      else if (stamp !== files.stamp(path)) changed = true;
    }
    return changed;
  };

  return {
    look(configuration) {
      if (structure !== files.structure() || options !== configuration.options) {
        // What could not be resolved may be there now, and the other way round: everything is resolved anew.
        program = undefined;
        structure = files.structure();
        options = configuration.options;
        epoch += 1;
      }
      let changed = false;
      for (const path of sources.keys()) {
        const stamp = files.stamp(path);
        changed ||= onDisk.has(path) && onDisk.get(path) !== stamp;
        onDisk.set(path, stamp);
      }
      if (changed) epoch += 1;
      return epoch;
    },
    renew,
  };

  function renew(configuration: Configuration, judged: readonly string[]): ts.Program {
    kept = [...new Set([...judged, ...kept])].slice(0, Math.max(maxKept, judged.length));
    const nodeTypes = nodeTypesFor(configuration, files, libFolder);
    const given = [...kept.filter(files.fileExists), ...nodeTypes];
    const isSound = (path: string) => judged.includes(path) || tooDeep.get(path) !== files.stamp(path);
    const wanted = [...new Set([...given, ...ambient(configuration)])].filter(isSound).sort();
    const sameRoots = wanted.join('\0') === roots.join('\0');
    if (program !== undefined && sameRoots && !hasChanged()) return program;
    roots = wanted;
    try {
      program = ts.createProgram({
        rootNames: wanted,
        options: configuration.options,
        projectReferences: configuration.references,
        // The compiler puts functions of its own into it that hold the program: a fresh one each time lets old programs go.
        host: { ...host },
        ...(program === undefined ? {} : { oldProgram: program }),
      });
    } catch (error) {
      // Nobody asked about it, and it would take along all that was asked about.
      if (!isTooDeep(error) || judged.includes(parsing) || !wanted.includes(parsing) || !isSound(parsing)) throw error;
      tooDeep.set(parsing, files.stamp(parsing));
      program = undefined;
      return renew(configuration, judged);
    }
    forgetUnused(program, sources);
    return program;
  }
}

/** JavaScript is seldom written beside Node's types: ours are as good. */
function nodeTypesFor({ folder, options }: Configuration, files: ConfinedFiles, libFolder: string): readonly string[] {
  if (options.checkJs !== true) return [];
  const own = foldersAbove(posix.join(folder, 'x'), files.root).map(parent =>
    posix.join(parent, 'node_modules/@types/node'),
  );
  return own.some(files.directoryExists) ? [] : [posix.join(libFolder, 'node_modules/@types/node/index.d.ts')];
}

/** Types stand in comments only where there is JavaScript. */
function jsDocOf(path: string): ts.JSDocParsingMode {
  return /\.[cm]?jsx?$/.test(path) ? ts.JSDocParsingMode.ParseAll : ts.JSDocParsingMode.ParseNone;
}

function forgetUnused(program: ts.Program, sources: Map<string, Known>): void {
  for (const path of sources.keys()) if (program.getSourceFile(path) === undefined) sources.delete(path);
}
