import type { Scope } from './goType.js';
import { childOf, textOf, type SyntaxNode } from '../../../grammars/plainTree.js';
import { goModuleCache } from '../../../index/packages/packageRoots.js';
import type { Finding, SourceFile } from '../validator.js';
import { createInventions, type Inventions } from '../names/invented.js';
import type { LanguageNames, LanguageNamesOptions } from '../names/languageNames.js';
import { walkGo } from './goBody.js';
import { createGoExpressions, type GoExpressions } from './goExpressions.js';
import { createGoFiles, type GoFile } from './goLoad.js';
import { fileScope, lookUp } from './goScope.js';
import { createGoTypes, type GoTypes } from './goTypes.js';
import { createMayExist, type KeptWords, type MayExist } from './goWords.js';
import { createGoWorld, type GoPackage, type GoWorld } from './goWorld.js';

export interface GoNamesOptions extends LanguageNamesOptions {
  /** Where Go's own sources lie; null where they do not. */
  readonly goRoot: string | null;
}

/** Names that a Go file uses and nothing declares: not its package, not what it imports, not the language. */
export function createGoNames({ parse, disk, machine, workspace, goRoot }: GoNamesOptions): LanguageNames {
  const files = createGoFiles(parse, disk);
  const kept = new Map<string, GoPackage | null>();
  const keptWords: KeptWords = { byFolder: new Map(), standard: null };
  const moduleCache = goModuleCache(machine);
  /** The files of one question are read once for all of them. */
  const asked = new WeakMap<readonly SourceFile[], ReadonlyMap<string, GoFile>>();
  const textsOf = (all: readonly SourceFile[]): ReadonlyMap<string, GoFile> => {
    const known = asked.get(all);
    if (known !== undefined) return known;
    const texts = new Map<string, GoFile>();
    for (const { path, text } of all) {
      const read = path.endsWith('.go') ? files.of(path, text) : null;
      if (read !== null) texts.set(path, read);
    }
    asked.set(all, texts);
    return texts;
  };
  return {
    judge(source, all) {
      const texts = textsOf(all);
      const file = texts.get(source.path);
      if (file === undefined || file.hasErrors) return null;
      const world = createGoWorld(file, texts, { disk, files, goRoot, moduleCache, workspace, kept });
      return judgeFile(file, world, createMayExist(world, disk, keptWords));
    },
  };
}

function judgeFile(file: GoFile, world: GoWorld, mayExist: MayExist): readonly Finding[] {
  const found = createInventions(file.path);
  let expressions: GoExpressions | null = null;
  const types: GoTypes = createGoTypes(
    world,
    (declaration, scope) => expressions?.variable(declaration, scope) ?? { kind: 'unknown' },
  );
  expressions = createGoExpressions(types);
  judgeImports(file, world, found);
  const scope = fileScope(types.ownScope(file));
  const isOpen = file.imports.some(({ alias, path }) => alias === '.' && world.package(path)?.isWhole !== true);
  const unnamed = file.imports.filter(({ alias, path }) => alias === null && world.packageName(path) === null);
  walkGo(file.root, scope, types, expressions, {
    name(node, at) {
      const name = textOf(node);
      if (name === '_' || isOpen || !world.own.isWhole || lookUp(at, name) !== null) return;
      // An import that is not on this disk may be called anything.
      if (unnamed.length > 0 && isOwnerOfSomething(node)) return;
      found.add('unknown-name', node, `Nothing here is called ${name}.`, namesAt(at, world));
    },
    exported(node, path) {
      const name = textOf(node);
      if (types.exported(path, name) !== 'missing') return;
      found.add('unknown-export', node, `The package ${path} has no ${name}.`, exportsOf(path, world));
    },
    member(node, owner, at) {
      const name = textOf(node);
      if (name === '_') return;
      const member = types.member(owner, name, at.file.path);
      if (member === 'missing' && owner.kind !== 'unknown')
        found.add('unknown-member', node, `${describe(owner)} has no ${name}.`, []);
      else if (member === 'unknown' && !mayExist(name))
        found.add('unknown-member', node, `Nothing that can be used here has a member called ${name}.`, []);
    },
  });
  return found.findings;
}

function judgeImports(file: GoFile, world: GoWorld, found: Inventions): void {
  // Such a file is run on its own, with what its author has.
  if (file.isIgnored) return;
  for (const { path, node } of file.imports) {
    if (world.whereabouts(path) !== 'undeclared') continue;
    const first = path.split('/')[0] ?? '';
    const message = first.includes('.')
      ? `No module that go.mod requires has a package ${path}.`
      : `There is no package ${path}.`;
    found.add('unknown-package', node, message, [...world.known, ...usualPackages]);
  }
}

/** Those most often imported, for near names. */
const usualPackages =
  `bufio bytes compress/gzip container/heap context crypto/rand crypto/sha256 crypto/tls database/sql
 encoding/base64 encoding/binary encoding/hex encoding/json encoding/xml errors flag fmt hash/fnv html/template io io/fs log
 log/slog maps math math/big math/rand net net/http net/http/httptest net/url os os/exec os/signal path path/filepath
 reflect regexp runtime slices sort strconv strings sync sync/atomic syscall testing text/template time unicode
 unicode/utf8 unsafe`.split(/\s+/);

function isOwnerOfSomething(node: SyntaxNode): boolean {
  const { parent } = node;
  return parent !== null && (parent.type === 'qualified_type' || childOf(parent, 'operand') === node);
}

function namesAt(scope: Scope, world: GoWorld): readonly string[] {
  const names: string[] = [];
  for (let at: Scope | null = scope; at !== null; at = at.outer) names.push(...at.names.keys());
  return [...names, ...world.own.names.keys()];
}

function exportsOf(path: string, world: GoWorld): readonly string[] {
  return [...(world.package(path)?.names.keys() ?? [])].filter(name => /^\p{Lu}/u.test(name));
}

function describe(type: Parameters<GoTypes['underlying']>[0]): string {
  switch (type.kind) {
    case 'named':
      return `${type.path === '' ? '' : `${type.path.split('/').at(-1) ?? ''}.`}${type.name}`;
    case 'pointer':
      return describe(type.of);
    case 'basic':
      return type.name;
    case 'struct':
    case 'interface':
      return `This ${type.kind}`;
    default:
      return `A ${type.kind}`;
  }
}
