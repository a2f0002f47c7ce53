import { basename, dirname, join, sep } from 'node:path';
import { addCodeWords } from '../names/codeWords.js';
import type { Disk } from '../names/diskFolder.js';
import type { Parse } from '../names/parseTexts.js';
import { readJavaFile, type JavaFile, type JavaImport } from './javaNames.js';
import type { JavaLibrary } from './javaLibrary.js';
import type { JavaProject } from './javaProject.js';

/** Everything that one file can get hold of. */
export interface JavaWorld {
  /** Whether something of that name may be a member of anything. True wherever it cannot be told. */
  mayExist(name: string): boolean;
  /** Whether a type of that simple name can be seen without a path. True wherever it cannot be told. */
  seesType(name: string): boolean;
  /** `unknown` where what is needed to tell is not there. */
  imported(each: JavaImport): 'known' | 'no-package' | 'no-type' | 'no-member' | 'unknown';
  /** All that a type has from those it extends; null where that is not fully known. */
  inherited(parents: readonly string[]): ReadonlySet<string> | null;
  /** Members of the classes whose static members are all imported; null where one is not known. */
  readonly staticMembers: ReadonlySet<string> | null;
  /** Whether a file of the package declares a type that it is not called by. */
  isBeside(type: string): boolean;
  readonly words: ReadonlySet<string>;
}

export interface JavaWorldOptions {
  readonly file: JavaFile;
  readonly path: string;
  readonly project: JavaProject;
  readonly disk: Disk;
  readonly parse: Parse;
  readonly judged: ReadonlyMap<string, string>;
  /** Java's own; null where it is not to be had. */
  readonly platform: JavaLibrary | null;
  /** Of the jars; null where one cannot be read. */
  readonly jars: JavaLibrary | null;
  readonly kept: Map<string, { readonly stamp: string; readonly words: ReadonlySet<string> }>;
  /** Whether the platform is as new as what the build asks for. */
  readonly isCurrent: boolean;
}

const mostFiles = 8000;

export function createJavaWorld(options: JavaWorldOptions): JavaWorld {
  const { file, path, project, disk, parse, judged, platform, jars, kept, isCurrent } = options;
  const sources = workspaceSources();
  const words = workspaceWords();
  const libraries = platform === null || jars === null ? null : [platform, jars];
  const parsed = new Map<string, JavaFile | null>();
  const isWhole =
    libraries !== null && isCurrent && project.isWhole && file.imports.every(each => imported(each) !== 'unknown');

  return {
    words,
    imported,
    isBeside: type =>
      [...sources].some(
        source =>
          dirname(source) === dirname(path) &&
          source !== path &&
          [...(fileAt(source)?.types.values() ?? [])].some(({ name }) => name === type),
      ),
    inherited: parents => inheritedFrom(parents, file, new Set()),
    staticMembers: staticMembers(),
    mayExist(name) {
      if (!isWhole || project.isGenerated || words.has(name)) return true;
      return libraries?.some(library => library.words.has(name)) !== false;
    },
    seesType(name) {
      if (file.imports.some(each => !each.isWild && each.path.endsWith(`.${name}`))) return true;
      if (hasType(file.packageName, name) || hasType('java.lang', name)) return true;
      if (libraries === null || !isCurrent) return true;
      return file.imports.some(each => {
        if (!each.isWild) return false;
        if (imported(each) === 'unknown') return true;
        return hasType(each.path, name) || memberOfType(each.path, name) !== false;
      });
    },
  };

  function workspaceSources(): ReadonlySet<string> {
    const found = new Set<string>(judged.keys());
    for (const root of project.roots) {
      const queue = [root];
      for (let at = queue.pop(); at !== undefined && found.size < mostFiles; at = queue.pop()) {
        for (const name of disk.list(at)) {
          if (name.endsWith('.java')) found.add(join(at, name));
          else if (name.endsWith('/') && !name.startsWith('.')) queue.push(join(at, name.slice(0, -1)));
        }
      }
    }
    return found;
  }

  function workspaceWords(): ReadonlySet<string> {
    const all = new Set<string>();
    for (const source of sources) {
      if (source === path) continue;
      const text = judged.get(source);
      const stamp = text === undefined ? disk.stamp(source) : '';
      const known = text === undefined ? kept.get(source) : undefined;
      let found = known?.stamp === stamp ? known.words : null;
      if (found === null) {
        const fresh = new Set<string>();
        addCodeWords(text ?? disk.read(source) ?? '', fresh);
        if (text === undefined) kept.set(source, { stamp, words: fresh });
        found = fresh;
      }
      for (const word of found) all.add(word);
    }
    return all;
  }

  function hasType(packageName: string, name: string): boolean {
    return (
      libraries?.some(library => library.packages.get(packageName)?.has(name)) === true ||
      sourceOf(packageName, name) !== null
    );
  }

  /** The file of a class of the workspace. */
  function sourceOf(packageName: string, name: string): string | null {
    const inside = packageName === '' ? '' : packageName.split('.').join(sep);
    for (const root of project.roots) {
      const candidate = join(root, inside, `${name}.java`);
      if (sources.has(candidate)) return candidate;
    }
    return (
      [...judged.keys()].find(each => basename(each) === `${name}.java` && fileAt(each)?.packageName === packageName) ??
      null
    );
  }

  function fileAt(source: string): JavaFile | null {
    if (source === path) return file;
    const known = parsed.get(source);
    if (known !== undefined) return known;
    const tree = parse(judged.get(source) ?? disk.read(source) ?? '', 'java');
    const read = tree === null || tree.hasErrors ? null : readJavaFile(tree.root);
    parsed.set(source, read);
    return read;
  }

  function isPackage(name: string): boolean {
    if (libraries?.some(library => library.packages.has(name)) === true) return true;
    const inside = name.split('.').join(sep);
    return project.roots.some(
      root => disk.isFolder(join(root, inside)) && disk.list(join(root, inside)).some(each => each.endsWith('.java')),
    );
  }

  function imported(each: JavaImport): ReturnType<JavaWorld['imported']> {
    const parts = each.path.split('.');
    if (libraries === null || !isCurrent) return 'unknown';
    if (each.isWild && !each.isStatic && isPackage(each.path)) return 'known';
    // The longest beginning that is a package has the type.
    for (let end = parts.length - 1; end > 0; end--) {
      const [packageName, type = ''] = [parts.slice(0, end).join('.'), parts[end]];
      // `stok` of `shop.stok.Item` was to be a package.
      if (!isPackage(packageName) || (/^\p{Ll}/u.test(type) && end < parts.length - 1)) continue;
      if (!hasType(packageName, type)) return hasLooseType(packageName) ? 'unknown' : 'no-type';
      // Inner types are asked in turn for what they hold.
      const member = parts.length > end + 1 ? parts.at(-1) : undefined;
      if (member === undefined) return 'known';
      return memberOfType(parts.slice(0, -1).join('.'), member) === false ? 'no-member' : 'known';
    }
    if (
      /^javax?\./.test(each.path) &&
      !/^javax\.(?!swing|sql|net|crypto|xml|naming|imageio|print|script|security|tools|lang|management|sound|accessibility|rmi)/.test(
        each.path,
      )
    )
      return 'no-package';
    return project.isWhole && !project.isGenerated ? 'no-package' : 'unknown';
  }

  /** A file may declare more types than the one it is called by. */
  function hasLooseType(packageName: string): boolean {
    const inside = packageName.split('.').join(sep);
    return project.isGenerated && project.roots.some(root => disk.isFolder(join(root, inside)));
  }

  function memberOfType(fullName: string, member: string): boolean | null {
    const all = membersOf(fullName, new Set());
    return all === null ? null : all.has(member);
  }

  /** Of a class by its full name, with what it inherits; null where that is not fully known. */
  function membersOf(fullName: string, seen: Set<string>): ReadonlySet<string> | null {
    if (seen.has(fullName)) return new Set();
    seen.add(fullName);
    const compiled = libraries?.map(library => library.classes.get(fullName)).find(found => found !== undefined);
    if (compiled !== undefined) {
      const own = new Set([...compiled.fields, ...compiled.methods]);
      for (const library of libraries ?? [])
        for (const name of library.classes.keys())
          if (name.startsWith(`${fullName}.`)) own.add(name.slice(fullName.length + 1).split('.')[0] ?? '');
      return merged(
        own,
        compiled.parents.map(parent => membersOf(parent.replaceAll('$', '.'), seen)),
      );
    }
    const parts = fullName.split('.');
    for (let end = parts.length - 1; end >= 0; end--) {
      const source = sourceOf(parts.slice(0, end).join('.'), parts[end] ?? '');
      const read = source === null ? null : fileAt(source);
      if (read === null) continue;
      const type = [...read.types.values()].find(({ name }) => name === parts.at(-1));
      if (type === undefined) return null;
      const above = inheritedFrom(type.parents, read, seen);
      return merged(type.members, [above]);
    }
    return null;
  }

  function inheritedFrom(parents: readonly string[], from: JavaFile, seen: Set<string>): ReadonlySet<string> | null {
    const all = parents.map(parent => {
      const full = fullNameOf(parent, from);
      return full === null ? null : membersOf(full, seen);
    });
    return merged(objectMembers, all);
  }

  function fullNameOf(name: string, from: JavaFile): string | null {
    const [first = '', ...rest] = name.split('.');
    const join0 = (full: string): string => [full, ...rest].join('.');
    const packagePrefix = from.packageName === '' ? '' : `${from.packageName}.`;
    // What the file declares hides what it imports, and what the package has.
    const declared = [...from.types.values()].map(type => type.name).filter(name => name !== '');
    if (declared.includes(first)) {
      const [outer = first] = declared;
      if (outer === first) return join0(packagePrefix + first);
      return rest.length === 0 ? `${packagePrefix}${outer}.${first}` : null;
    }
    const named = from.imports.find(each => !each.isWild && each.path.endsWith(`.${first}`));
    if (named !== undefined) return join0(named.path);
    if (hasType(from.packageName, first)) return join0(packagePrefix + first);
    if (hasType('java.lang', first)) return join0(`java.lang.${first}`);
    const wild = from.imports.find(each => each.isWild && hasType(each.path, first));
    return wild === undefined ? null : join0(`${wild.path}.${first}`);
  }

  function staticMembers(): ReadonlySet<string> | null {
    const wild = file.imports.filter(each => each.isStatic && each.isWild);
    return merged(
      new Set(),
      wild.map(each => membersOf(each.path, new Set())),
    );
  }
}

const objectMembers: ReadonlySet<string> = new Set(
  'clone equals finalize getClass hashCode notify notifyAll toString wait'.split(' '),
);

function merged(own: ReadonlySet<string>, others: readonly (ReadonlySet<string> | null)[]): ReadonlySet<string> | null {
  const all = new Set(own);
  for (const other of others) {
    if (other === null) return null;
    for (const each of other) all.add(each);
  }
  return all;
}
