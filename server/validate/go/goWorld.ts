import { dirname, join, relative, sep } from 'node:path';
import { isInside } from '../../base/paths.js';
import { escapedModule, requiredModules } from '../../../index/packages/goModule.js';
import type { Disk } from '../names/diskFolder.js';
import { goFileNames, type GoDeclaration, type GoFile, type GoFiles, type GoMethod } from './goLoad.js';

/** All that is declared under one import path. */
export interface GoPackage {
  readonly path: string;
  readonly name: string;
  readonly files: readonly GoFile[];
  readonly names: ReadonlyMap<string, readonly GoDeclaration[]>;
  readonly methods: ReadonlyMap<string, ReadonlyMap<string, GoMethod>>;
  /** Whether what is not among its names is nowhere in it. */
  readonly isWhole: boolean;
  /** The same with the files for other systems and processors; null where there are none. */
  readonly wider: (() => GoPackage) | null;
}

/** `undeclared`: neither of the language, nor of the workspace, nor required. `absent`: it may be there, but not on this disk. */
export type Whereabouts = { readonly folder: string; readonly isOwn: boolean } | 'undeclared' | 'absent' | 'cgo';

export interface GoWorld {
  whereabouts(importPath: string): Whereabouts;
  /** Null where it is not to be had. */
  package(importPath: string): GoPackage | null;
  /** What a package calls itself, read from one of its files; null where it is not to be had. */
  packageName(importPath: string): string | null;
  /** The package of the file that is judged, with its tests where it is one. */
  readonly own: GoPackage;
  /** Import paths that the module may use, for near names. */
  readonly known: readonly string[];
  readonly goRoot: string | null;
  /** Whether the file belongs to Go's own library. */
  readonly isOfStandard: boolean;
}

export interface WorldOptions {
  readonly disk: Disk;
  readonly files: GoFiles;
  readonly goRoot: string | null;
  readonly moduleCache: string;
  readonly workspace: string | null;
  /** Of the standard library, which never changes. */
  readonly kept: Map<string, GoPackage | null>;
}

export function createGoWorld(file: GoFile, texts: ReadonlyMap<string, GoFile>, options: WorldOptions): GoWorld {
  const { disk, goRoot, kept, workspace } = options;
  const folder = dirname(file.path);
  const module = findModule(folder, workspace, disk);
  const standard = goRoot === null ? null : join(goRoot, 'src');
  const locate = createLocate(module, standard, options);
  const loaded = new Map<string, GoPackage | null>();
  const names = new Map<string, string | null>();
  const isNewer =
    module !== null && goRoot !== null && isOlderThan(disk.read(join(goRoot, 'VERSION')) ?? '', module.text);
  // A package of tests stands beside the one it tests, and sees no more of it than others do.
  const ownPath = `${module === null ? '' : pathWithin(module, folder)}${file.packageName.endsWith('_test') ? '_test' : ''}`;
  const own = load(ownPath, folder, each => isOfPackage(each, file), true);

  function load(
    path: string,
    at: string,
    belongs: (file: GoFile, all: readonly GoFile[]) => boolean,
    isOwn: boolean,
  ): GoPackage {
    const isOfThisVersion = isOwn || !isNewer || standard === null || !isInside(standard, at);
    const assembled = (fits: (path: string) => boolean, wider: GoPackage['wider']): GoPackage => {
      const all = filesOf(at, fits);
      return assemble(
        path,
        all.filter(each => belongs(each, all)),
        isOfThisVersion,
        wider,
      );
    };
    const anywhere = (each: string): boolean =>
      isOwn || file.packageName.endsWith('_test') || !each.endsWith('_test.go');
    const here = (each: string): boolean => anywhere(each) && isForThisMachine(each);
    if (isOwn || isForCertainMachines(file) || goFileNames(at, disk).every(isForThisMachine))
      return assembled(anywhere, null);
    let wide: GoPackage | null = null;
    return assembled(here, () => (wide ??= assembled(anywhere, null)));
  }

  function nameAt(place: Whereabouts): string | null {
    if (typeof place === 'string') return null;
    let other: string | null = null;
    for (const path of goFileNames(place.folder, disk)) {
      if (path.endsWith('_test.go')) continue;
      const name = packageClause(texts.get(path)?.root.source ?? disk.read(path) ?? '');
      if (name !== null && name !== 'main' && name !== 'documentation') return name;
      other ??= name;
    }
    return other;
  }

  function filesOf(at: string, fits: (path: string) => boolean): GoFile[] {
    const paths = new Set(goFileNames(at, disk).filter(fits));
    for (const path of texts.keys()) if (dirname(path) === at) paths.add(path);
    return [...paths].flatMap(path => texts.get(path) ?? options.files.onDisk(path) ?? []);
  }

  return {
    own,
    goRoot,
    isOfStandard: standard !== null && isInside(standard, folder),
    known: (module?.required ?? []).map(({ path }) => path),
    whereabouts: locate,
    packageName(path) {
      const known = loaded.get(path) ?? kept.get(path) ?? null;
      if (known !== null) return known.name;
      const named = names.get(path) ?? nameAt(locate(path));
      names.set(path, named);
      return named;
    },
    package(path) {
      const known = loaded.get(path) ?? kept.get(path);
      if (known !== undefined) return known;
      const place = locate(path);
      if (typeof place === 'string') return null;
      // What a test of the package itself declares can be seen from its tests outside.
      const seesTests = place.folder === folder && file.packageName.endsWith('_test');
      const pack = load(path, place.folder, (each, all) => isOfImport(each, all, seesTests), false);
      const result = pack.files.length === 0 ? null : pack;
      (place.isOwn ? loaded : kept).set(path, result);
      return result;
    },
  };
}

function packageClause(text: string): string | null {
  return /^package\s+(\w+)/m.exec(text.replace(/\/\*[\s\S]*?\*\//g, ''))?.[1] ?? null;
}

function isOfPackage(each: GoFile, file: GoFile): boolean {
  if (each.packageName !== file.packageName || (each.isIgnored && each.path !== file.path)) return false;
  return isTest(file) || !isTest(each);
}

function isOfImport(each: GoFile, all: readonly GoFile[], seesTests: boolean): boolean {
  if (each.isIgnored || each.packageName.endsWith('_test') || (!seesTests && isTest(each))) return false;
  const usual = all.find(
    other =>
      !isTest(other) && !other.isIgnored && other.packageName !== 'main' && other.packageName !== 'documentation',
  );
  return usual === undefined || each.packageName === usual.packageName;
}

const systems =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(
    ' ',
  );
const processors =
  '386 amd64 arm arm64 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x sparc64 wasm'.split(' ');
const thisSystem = process.platform === 'win32' ? 'windows' : process.platform;
const thisProcessor = { x64: 'amd64', ia32: '386' }[process.arch as string] ?? process.arch;
const suffix = /_([a-z0-9]+?)(?:_([a-z0-9]+?))?(?:_test)?\.go$/;

/** By the name of a file, as Go does: `x_linux.go`, `x_arm64.go`, `x_linux_arm64.go`. */
function isForThisMachine(path: string): boolean {
  const [, first = '', second = ''] = suffix.exec(path) ?? [];
  return [first, second].every(
    part => (!systems.includes(part) || part === thisSystem) && (!processors.includes(part) || part === thisProcessor),
  );
}

function isForCertainMachines(file: GoFile): boolean {
  const [, first = '', second = ''] = suffix.exec(file.path) ?? [];
  const isNamedSo = [first, second].some(part => systems.includes(part) || processors.includes(part));
  return isNamedSo || /^\/\/(?:go:build|\s*\+build) /m.test(file.root.source.slice(0, 4000));
}

function isTest({ path }: GoFile): boolean {
  return path.endsWith('_test.go');
}

function assemble(
  path: string,
  files: readonly GoFile[],
  isOfThisVersion: boolean,
  wider: GoPackage['wider'],
): GoPackage {
  const names = new Map<string, GoDeclaration[]>();
  const methods = new Map<string, Map<string, GoMethod>>();
  for (const file of files) {
    for (const each of file.declarations) {
      const there = names.get(each.name);
      if (there === undefined) names.set(each.name, [each]);
      else there.push(each);
    }
    for (const each of file.methods) {
      const there = methods.get(each.receiver) ?? new Map<string, GoMethod>();
      methods.set(each.receiver, there.set(each.name, each));
    }
  }
  const lacksGenerated = files.some(file => file.generates) && !files.some(file => file.isGenerated);
  const isWhole = isOfThisVersion && !lacksGenerated && files.every(file => !file.hasErrors);
  return { path, name: files[0]?.packageName ?? '', files, names, methods, isWhole, wider };
}

interface GoModule {
  readonly folder: string;
  readonly path: string;
  readonly text: string;
  readonly required: ReturnType<typeof requiredModules>;
}

function findModule(start: string, workspace: string | null, disk: Disk): GoModule | null {
  for (let at = start; ; at = dirname(at)) {
    const text = disk.read(join(at, 'go.mod'));
    if (text !== null) return moduleOf(at, text);
    if (at === dirname(at) || (workspace !== null && at === workspace)) return null;
  }
}

function moduleOf(folder: string, text: string): GoModule {
  const path = /^\s*module\s+"?([^\s"]+)/m.exec(text)?.[1] ?? '';
  const code = text.replace(/\/\/.*$/gm, '');
  return { folder, path: path === 'std' ? '' : path, text, required: requiredModules(code) };
}

function pathWithin(module: GoModule, folder: string): string {
  const inside = relative(module.folder, folder).split(sep).join('/');
  return [module.path, inside].filter(part => part !== '').join('/');
}

function createLocate(
  module: GoModule | null,
  standard: string | null,
  { disk, moduleCache, workspace }: WorldOptions,
) {
  const siblings = module === null ? [] : workModules(module, workspace, disk);
  const known = new Map<string, Whereabouts>();
  const holds = (folder: string): boolean => goFileNames(folder, disk).length > 0;

  function locate(path: string): Whereabouts {
    if (path === 'C') return 'cgo';
    const [first = ''] = path.split('/');
    const ofOwn = [...(module === null ? [] : [module]), ...siblings].find(({ path: own }) => isBelow(path, own));
    if (ofOwn !== undefined) {
      const folder = join(ofOwn.folder, path.slice(ofOwn.path.length));
      return holds(folder)
        ? { folder, isOwn: true }
        : disk.isFolder(folder) || isDeclared(path)
          ? 'absent'
          : 'undeclared';
    }
    if (!first.includes('.')) {
      if (standard === null) return 'absent';
      const folder = join(standard, path);
      if (holds(folder)) return { folder, isOwn: isOwnLibrary() };
      return module !== null && isDeclared(path) ? 'absent' : 'undeclared';
    }
    if (standard !== null && holds(join(standard, 'vendor', path)) && (module === null || isOwnLibrary()))
      return { folder: join(standard, 'vendor', path), isOwn: isOwnLibrary() };
    if (module === null) return 'absent';
    const vendored = join(module.folder, 'vendor', path);
    if (holds(vendored)) return { folder: vendored, isOwn: true };
    const required = module.required
      .filter(each => isBelow(path, each.path))
      .sort((left, right) => right.path.length - left.path.length);
    for (const { path: own, target, version } of required) {
      const root =
        version === null ? join(module.folder, target) : join(moduleCache, `${escapedModule(target)}@${version}`);
      const folder = join(root, path.slice(own.length));
      if (holds(folder)) return { folder, isOwn: version === null };
    }
    return required.length > 0 ? 'absent' : 'undeclared';
  }

  function isDeclared(path: string): boolean {
    return module?.required.some(each => isBelow(path, each.path)) === true;
  }

  function isOwnLibrary(): boolean {
    return module !== null && standard !== null && isInside(standard, module.folder);
  }

  return (path: string): Whereabouts => {
    const found = known.get(path) ?? locate(path);
    known.set(path, found);
    return found;
  };
}

/** Modules that a go.work above puts beside this one. */
function workModules(module: GoModule, workspace: string | null, disk: Disk): GoModule[] {
  for (let at = module.folder; ; at = dirname(at)) {
    const text = disk.read(join(at, 'go.work'));
    if (text !== null) {
      const uses = [...text.matchAll(/^\s*(?:use\s+)?(\.[\w./-]*)\s*$/gm)].map(([, way = '']) => join(at, way));
      return uses.flatMap(folder => {
        const other = folder === module.folder ? null : disk.read(join(folder, 'go.mod'));
        return other === null ? [] : [moduleOf(folder, other)];
      });
    }
    if (at === dirname(at) || at === workspace) return [];
  }
}

function isBelow(path: string, module: string): boolean {
  return module !== '' && (path === module || path.startsWith(`${module}/`));
}

/** Whether the library that is there may lack what the module's version of Go has. */
function isOlderThan(version: string, goMod: string): boolean {
  const minor = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const there = minor(version, /^go1\.(\d+)/);
  return there > 0 && there < minor(goMod, /^\s*go\s+1\.(\d+)/m);
}
