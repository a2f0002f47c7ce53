import { dirname, join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { cargoSources } from '../../../index/packages/packageRoots.js';
import { isInside } from '../../base/paths.js';
import type { Disk } from '../names/diskFolder.js';
import type { Machine } from '../names/installed.js';

/** A crate, and what it can get hold of. */
export interface RustProject {
  /** Of Cargo.toml. */
  readonly folder: string;
  /** By which code may call crates: what is required, and its own library. */
  readonly crates: ReadonlySet<string>;
  /** Folders of the sources of all crates that it depends on, directly or by others. */
  readonly sources: readonly string[];
  /** Whether the sources of all of them are there. */
  readonly isWhole: boolean;
  /** Macros of its dependencies may make names of other names. */
  readonly hasNamingMacros: boolean;
  readonly edition: number;
  /** Minor version of Rust that is asked for; 0 where nothing says. */
  readonly rustVersion: number;
}

type Table = Readonly<Record<string, unknown>>;

export function readRustProject(path: string, workspace: string, disk: Disk, machine: Machine): RustProject | null {
  const manifests: { folder: string; toml: Table }[] = [];
  for (let at = dirname(path); isInside(workspace, at); at = dirname(at)) {
    const toml = tomlOf(disk.read(join(at, 'Cargo.toml')));
    if (toml !== null) manifests.push({ folder: at, toml });
    if (at === dirname(at)) break;
  }
  const own = manifests.find(({ toml }) => 'package' in toml);
  if (own === undefined) return null;
  const shared = tableOf(tableOf(manifests.at(-1)?.toml ?? {}, 'workspace'), 'package');
  const packageTable = tableOf(own.toml, 'package');
  const required = requirements(own.toml);
  const library = textOf(tableOf(own.toml, 'lib')['name']) ?? textOf(packageTable['name']) ?? '';
  const crates = new Set(
    [...required.map(({ alias }) => alias), library, ...builtIn].map(name => name.replaceAll('-', '_')),
  );
  const lock = manifests.map(({ folder }) => disk.read(join(folder, 'Cargo.lock'))).find(text => text !== null) ?? null;
  const cargo = cargoSources(machine);
  const found = lock === null ? withoutLock(required, cargo, disk) : byLock(lock, required, cargo, disk);
  const edition = textOf(packageTable['edition']) ?? textOf(shared['edition']);
  const version = textOf(packageTable['rust-version']) ?? textOf(shared['rust-version']);
  return {
    folder: own.folder,
    crates,
    sources: found.sources,
    isWhole: found.isWhole && !includesGenerated(own.folder, disk),
    hasNamingMacros: found.names.some(name => namingMacros.test(name)),
    edition: Number(edition ?? 2015),
    rustVersion: Number(/^1\.(\d+)/.exec(version ?? '')?.[1] ?? 0),
  };
}

const builtIn = ['std', 'core', 'alloc', 'proc_macro', 'test'];

/** Macros that join names to new ones: builders, getters, tests of variants. */
const namingMacros =
  /^(?:paste|derive_builder|derive_more|derive-getters|getset|strum_macros|enum-as-inner|bon|typed-builder|mockall|concat-idents|duplicate|modular-bitfield|num-derive|delegate|rstest|prost-build|tonic-build|sqlx|diesel|sea-orm|async-graphql|juniper|salsa|ouroboros|self_cell|educe|smart-default|subenum|variantly|enum_dispatch|kinded|nutype|uniffi)/;

interface Required {
  readonly alias: string;
  readonly name: string;
  readonly isLocal: boolean;
}

function requirements(toml: Table): Required[] {
  const targets = Object.values(tableOf(toml, 'target')).filter(isTable);
  const tables = [toml, ...targets].flatMap(table =>
    ['dependencies', 'dev-dependencies', 'build-dependencies', 'dev_dependencies', 'build_dependencies'].map(name =>
      tableOf(table, name),
    ),
  );
  return tables.flatMap(table =>
    Object.entries(table).map(([alias, value]) => {
      const detail = isTable(value) ? value : {};
      return { alias, name: textOf(detail['package']) ?? alias, isLocal: 'path' in detail };
    }),
  );
}

interface Sources {
  readonly sources: readonly string[];
  readonly isWhole: boolean;
  readonly names: readonly string[];
}

interface Locked {
  readonly name: string;
  readonly version: string;
  readonly isLocal: boolean;
  readonly dependencies: readonly string[];
}

function byLock(lock: string, required: readonly Required[], cargo: string, disk: Disk): Sources {
  const toml = tomlOf(lock);
  const packages = Array.isArray(toml?.['package'])
    ? (toml['package'] as readonly unknown[]).filter(isTable).map(lockedOf)
    : [];
  const registries = disk.list(cargo).map(name => join(cargo, name));
  const queue = required.flatMap(({ name }) => packages.filter(each => each.name === name));
  const seen = new Set(queue);
  const sources: string[] = [];
  let isWhole = required.every(({ name, isLocal }) => isLocal || packages.some(each => each.name === name));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { name, version, isLocal, dependencies } = next;
    const isDirect = required.some(each => each.name === name);
    const folder = registries.map(registry => join(registry, `${name}-${version}`)).find(each => disk.isFolder(each));
    // What is for other systems is often left out, and large.
    const isOfSystem = !isDirect && ofSystems.test(name);
    if (folder !== undefined && !isOfSystem) sources.push(folder);
    else if (!isLocal && !isOfSystem) isWhole = false;
    for (const each of dependencies) {
      const [wanted = '', itsVersion] = each.split(' ');
      for (const other of packages) {
        if (other.name !== wanted || (itsVersion !== undefined && other.version !== itsVersion) || seen.has(other))
          continue;
        seen.add(other);
        queue.push(other);
      }
    }
  }
  return { sources, isWhole, names: [...seen].map(({ name }) => name) };
}

const ofSystems =
  /^(?:windows|winapi|wasi|wasm|js-sys|web-sys|redox|core-foundation|security-framework|android|ndk|jni|r-efi|hermit|linux-raw-sys|libc$|objc|wit-)|-sys$/;

function lockedOf(table: Table): Locked {
  const dependencies = Array.isArray(table['dependencies']) ? (table['dependencies'] as readonly unknown[]) : [];
  return {
    name: textOf(table['name']) ?? '',
    version: textOf(table['version']) ?? '',
    isLocal: !('source' in table),
    dependencies: dependencies.filter(each => typeof each === 'string'),
  };
}

/** A library often has no lock: then the newest that is there of each, and of what those require. */
function withoutLock(required: readonly Required[], cargo: string, disk: Disk): Sources {
  const there = disk
    .list(cargo)
    .flatMap(registry => disk.list(join(cargo, registry)).map(name => join(cargo, registry, name.replace(/\/$/, ''))));
  const queue = required.filter(({ isLocal }) => !isLocal).map(each => ({ ...each, isDirect: true }));
  const seen = new Set<string>();
  const sources: string[] = [];
  let isWhole = true;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { name, isDirect } = next;
    if (seen.has(name)) continue;
    seen.add(name);
    const isOfSystem = !isDirect && ofSystems.test(name);
    const found = there.filter(path => new RegExp(`[\\\\/]${name}-\\d[^\\\\/]*$`).test(path));
    if (found.length === 0 || isOfSystem) {
      if (isDirect && !isOfSystem) isWhole = false;
      continue;
    }
    sources.push(...found);
    for (const folder of found) {
      const toml = tomlOf(disk.read(join(folder, 'Cargo.toml')));
      const normal = toml === null ? {} : tableOf(toml, 'dependencies');
      for (const each of requirements({ dependencies: normal })) queue.push({ ...each, isDirect: false });
    }
  }
  return { sources, isWhole, names: [...seen] };
}

/** Whether a build script makes code that is not on this disk. */
function includesGenerated(folder: string, disk: Disk): boolean {
  const script = disk.read(join(folder, 'build.rs'));
  return script !== null && /OUT_DIR|compile_protos|tonic_build|prost_build|bindgen|lalrpop|generate/.test(script);
}

function tomlOf(text: string | null): Table | null {
  try {
    return text === null ? null : parseToml(text);
  } catch {
    return null; // Whoever builds it says so.
  }
}

function tableOf(table: Table, name: string): Table {
  const value = table[name];
  return isTable(value) ? value : {};
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
