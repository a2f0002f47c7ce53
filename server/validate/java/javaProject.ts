import { dirname, join, sep } from 'node:path';
import { mavenRepository } from '../../../index/packages/packageRoots.js';
import { isInside } from '../../base/paths.js';
import type { Disk } from '../names/diskFolder.js';
import type { Machine } from '../names/installed.js';

/** What a Java file is compiled with, as far as it lies on this disk. */
export interface JavaProject {
  readonly jars: readonly string[];
  /** Whether all that it may use is among them: if not, what is not found may still be there. */
  readonly isWhole: boolean;
  /** Classes or members come from annotations or other generators, and are in no source. */
  readonly isGenerated: boolean;
  /** Folders whose paths below are packages. */
  readonly roots: readonly string[];
  /** Of Java that is asked for; 0 where nothing says. */
  readonly release: number;
}

interface Wanted {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

const mostPoms = 8;
const mostJars = 400;

export function readJavaProject(
  path: string,
  text: string,
  workspace: string,
  disk: Disk,
  machine: Machine,
): JavaProject {
  const poms: string[] = [];
  const gradle: string[] = [];
  for (let at = dirname(path); isInside(workspace, at); at = dirname(at)) {
    const pom = disk.read(join(at, 'pom.xml'));
    if (pom !== null) poms.push(pom.replace(/<!--[\s\S]*?-->/g, ''));
    for (const name of ['build.gradle', 'build.gradle.kts']) gradle.push(disk.read(join(at, name)) ?? '');
    if (at === dirname(at) || poms.length > mostPoms) break;
  }
  const built = [...poms, ...gradle].join('\n');
  const roots = [...new Set([...rootOf(path, text), ...sourceRoots(workspace, disk)])];
  const found = new Map<string, string>();
  const isTest = /[\\/]src[\\/]\w*[tT]est\w*[\\/]/.test(path);
  const isWhole =
    addMaven(poms, found, isTest, workspace, disk, machine) && addGradle(gradle.join('\n'), found, disk, machine);
  return {
    jars: [...found.values(), ...looseJars(workspace, disk)],
    isWhole,
    isGenerated:
      /lombok|annotationProcessor|mapstruct|immutables|auto-?value|dagger|kapt|querydsl|protobuf|<groupId>org\.antlr|jooq|openapi-generator|jaxb|wsdl|avro-maven/i.test(
        built,
      ),
    roots,
    release: Number(
      /<(?:maven\.compiler\.)?(?:release|source)>\s*(?:1\.)?(\d+)\s*</.exec(built)?.[1] ??
        /(?:sourceCompatibility|languageVersion)\D{0,60}?(?:1[._])?(\d+)/.exec(built)?.[1] ??
        0,
    ),
  };
}

function rootOf(path: string, text: string): string[] {
  const name = /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1];
  if (name === undefined) return [dirname(path)];
  const inside = sep + name.split('.').join(sep);
  return dirname(path).endsWith(inside) ? [dirname(path).slice(0, -inside.length)] : [];
}

/** `src/main/java` and the like of all modules, and what builds have generated. */
function sourceRoots(workspace: string, disk: Disk): string[] {
  const roots: string[] = [];
  const queue: { folder: string; depth: number }[] = [{ folder: workspace, depth: 0 }];
  let looked = 0;
  for (let next = queue.shift(); next !== undefined && looked < 1500; next = queue.shift()) {
    looked++;
    for (const name of disk.list(next.folder)) {
      if (!name.endsWith('/') || /^(?:\.|node_modules\/|bin\/|out\/)/.test(name)) continue;
      const folder = join(next.folder, name);
      if (
        /[\\/]src[\\/]\w+[\\/]java[\\/]?$/.test(folder) ||
        /[\\/]generated-(?:test-)?sources[\\/][\w-]+[\\/]?$/.test(folder)
      )
        roots.push(folder.replace(/[\\/]$/, ''));
      else if (next.depth < 6) queue.push({ folder, depth: next.depth + 1 });
    }
  }
  return roots;
}

function looseJars(workspace: string, disk: Disk): string[] {
  return ['lib', 'libs'].flatMap(folder =>
    disk
      .list(join(workspace, folder))
      .filter(name => name.endsWith('.jar'))
      .map(name => join(workspace, folder, name)),
  );
}

function addMaven(
  poms: readonly string[],
  found: Map<string, string>,
  isTest: boolean,
  workspace: string,
  disk: Disk,
  machine: Machine,
): boolean {
  if (poms.length === 0) return true;
  const repository = mavenRepository(machine);
  const texts = withParents(poms, repository, disk);
  const own = new Set(
    texts
      .slice(0, poms.length)
      .flatMap(pom => [...pom.matchAll(/<groupId>\s*([^<\s]+)/g)].slice(0, 1).map(([, group = '']) => group)),
  );
  let isWhole = true;
  const direct: readonly string[] = isTest ? ['test', 'provided'] : ['provided'];
  const queue = dependenciesIn(texts[0] ?? '', texts, direct).map(each => ({ each, isDirect: true }));
  const managed = new Map(texts.flatMap(pom => managedIn(pom, texts)));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { group, artifact } = next.each;
    const key = `${group}:${artifact}`;
    if (found.has(key) || found.size > mostJars) continue;
    const folder = join(repository, ...group.split('.'), artifact);
    const version =
      next.each.version !== ''
        ? next.each.version
        : (managed.get(key) ??
          disk
            .list(folder)
            .filter(name => /^\d.*\/$/.test(name))
            .at(-1)
            ?.slice(0, -1) ??
          '');
    const stem = join(folder, version, `${artifact}-${version}`);
    const jar = `${stem}.jar`;
    if (version !== '' && disk.isFile(jar)) found.set(key, jar);
    else {
      // A module of the same project is there as source.
      if (!own.has(group)) isWhole = false;
      continue;
    }
    const pom = disk.read(`${stem}.pom`);
    if (pom === null) continue;
    const inherited = withParents([pom.replace(/<!--[\s\S]*?-->/g, '')], repository, disk);
    for (const each of dependenciesIn(inherited[0] ?? '', inherited, [])) queue.push({ each, isDirect: false });
  }
  return isWhole || workspace === repository;
}

function withParents(poms: readonly string[], repository: string, disk: Disk): readonly string[] {
  const texts = [...poms];
  for (let at = poms.at(-1) ?? null; at !== null && texts.length < mostPoms;) {
    const block: string = /<parent>([\s\S]*?)<\/parent>/.exec(at)?.[1] ?? '';
    const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map(name => tag(block, name));
    if (group === undefined || group === '' || artifact === undefined || version === undefined) break;
    at = disk.read(join(repository, ...group.split('.'), artifact, version, `${artifact}-${version}.pom`));
    if (at !== null) texts.push(at.replace(/<!--[\s\S]*?-->/g, ''));
  }
  return texts;
}

function dependenciesIn(pom: string, all: readonly string[], scopes: readonly string[]): Wanted[] {
  const text = pom.replace(/<(dependencyManagement|build|profiles|exclusions)>[\s\S]*?<\/\1>/g, '');
  return blocksIn(text, all).filter(({ scope, optional, type }) => {
    if (type === 'pom' || scope === 'system' || scope === 'import') return false;
    return /^(?:compile|runtime|)$/.test(scope) ? scopes.length > 0 || !optional : scopes.includes(scope);
  });
}

function managedIn(pom: string, all: readonly string[]): [string, string][] {
  const blocks = [...pom.matchAll(/<dependencyManagement>([\s\S]*?)<\/dependencyManagement>/g)].map(
    ([, block = '']) => block,
  );
  return blocks
    .flatMap(block => blocksIn(block, all))
    .map(({ group, artifact, version }) => [`${group}:${artifact}`, version]);
}

function blocksIn(text: string, all: readonly string[]) {
  const put = (value: string): string =>
    value.replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => propertyOf(name, all) ?? whole);
  return [...text.matchAll(/<dependency>([\s\S]*?)<\/dependency>/g)].map(([, block = '']) => ({
    group: put(tag(block, 'groupId')),
    artifact: put(tag(block, 'artifactId')),
    version: put(tag(block, 'version')),
    scope: tag(block, 'scope'),
    type: tag(block, 'type'),
    optional: tag(block, 'optional') === 'true',
  }));
}

function propertyOf(name: string, poms: readonly string[]): string | null {
  const plain = name.replace(/^(?:project|pom)\./, '');
  for (const pom of poms) {
    const value = tag(pom.replace(/<dependenc[\s\S]*$/, ''), plain) || tag(pom, name);
    if (value !== '') return value;
  }
  return null;
}

function tag(text: string, name: string): string {
  return new RegExp(`<${name.replaceAll('.', '\\.')}>\\s*([^<]*?)\\s*</`).exec(text)?.[1] ?? '';
}

function addGradle(text: string, found: Map<string, string>, disk: Disk, machine: Machine): boolean {
  if (text.trim() === '') return true;
  const cache = join(machine.home, '.gradle', 'caches', 'modules-2', 'files-2.1');
  // Catalogues and platforms say elsewhere what is meant.
  let isWhole = !/\blibs\.|platform\(|\b(?:implementation|api|compileOnly)\b[^'"\n]*$/m.test(
    text.replace(/project\([^)]*\)/g, ''),
  );
  for (const [, group = '', artifact = '', version = ''] of text.matchAll(/["']([\w.-]+):([\w.-]+):([\w.+-]+)["']/g)) {
    const folder = join(cache, group, artifact, version);
    const jar = disk
      .list(folder)
      .map(hash => join(folder, hash, `${artifact}-${version}.jar`))
      .find(path => disk.isFile(path));
    if (jar === undefined) isWhole = false;
    else found.set(`${group}:${artifact}`, jar);
  }
  // What those need in turn is not followed there.
  return isWhole && found.size === 0;
}
