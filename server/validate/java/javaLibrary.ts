import { join } from 'node:path';
import type { Disk } from '../names/diskFolder.js';
import { readClassFile, type JavaClass } from './classFile.js';
import { zipEntries } from './zipEntries.js';

/** Compiled classes that a file may use: of Java itself, or of jars. */
export interface JavaLibrary {
  /** By full name, with `.` also before inner ones. */
  readonly classes: ReadonlyMap<string, JavaClass>;
  /** Simple names of the outer classes of each package. */
  readonly packages: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of classes and of their members. */
  readonly words: ReadonlySet<string>;
}

/** Java's own, from the modules of a development kit; null where they cannot be read. */
export function javaPlatform(home: string, disk: Disk): JavaLibrary | null {
  const folder = join(home, 'jmods');
  const modules = disk.list(folder).filter(name => /^(?:java|jdk)\..*\.jmod$/.test(name));
  if (!modules.includes('java.base.jmod')) return null;
  return libraryOf(
    modules.map(name => join(folder, name)),
    disk,
    // What is not for others is in other packages.
    name =>
      /^classes\/(?:java|javax|org|jdk\/net|jdk\/jfr|com\/sun\/(?:net\/httpserver|source|management))\//.test(name),
  );
}

/** Null where one of them cannot be read. */
export function libraryOf(
  paths: readonly string[],
  disk: Disk,
  isWanted: (name: string) => boolean = () => true,
): JavaLibrary | null {
  const classes = new Map<string, JavaClass>();
  const packages = new Map<string, Set<string>>();
  const words = new Set<string>();
  for (const path of paths) {
    const archive = disk.bytes(path);
    if (archive === null) return null;
    for (const entry of zipEntries(
      archive,
      name => name.endsWith('.class') && isWanted(name) && !/module-info|META-INF/.test(name),
    )) {
      const bytes = entry.read();
      const found = bytes === null ? null : readClassFile(bytes);
      if (found !== null) add(found);
    }
  }
  return { classes, packages, words };

  function add(found: JavaClass): void {
    const dot = found.name.lastIndexOf('.');
    const [outer = '', ...inner] = found.name.slice(dot + 1).split('$');
    // Numbered ones have no name.
    if (inner.some(name => /^\d/.test(name))) return;
    classes.set(found.name.replaceAll('$', '.'), found);
    const packageName = found.name.slice(0, Math.max(0, dot));
    packages.set(packageName, (packages.get(packageName) ?? new Set<string>()).add(outer));
    for (const word of [outer, ...inner, ...found.fields, ...found.methods]) words.add(word);
  }
}
