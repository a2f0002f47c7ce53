import { join } from 'node:path';
import { childOf, namedChildren, textOf, type SyntaxNode } from '../../../grammars/plainTree.js';
import { createInventions, type Inventions } from '../names/invented.js';
import type { LanguageNames, LanguageNamesOptions } from '../names/languageNames.js';
import { boundNames, readJavaFile, typeDeclarations, type JavaFile } from './javaNames.js';
import { javaPlatform, libraryOf, type JavaLibrary } from './javaLibrary.js';
import { readJavaProject } from './javaProject.js';
import { createJavaWorld, type JavaWorld } from './javaWorld.js';

export interface JavaNamesOptions extends LanguageNamesOptions {
  /** Of a development kit; null where there is none. */
  readonly javaHome: string | null;
}

/**
 * Names that a Java file uses and nothing declares. Plain names are looked for in the member, the types around it, what those
 * inherit and what is imported; members in all sources and classes that the build can get hold of.
 */
export function createJavaNames({ parse, disk, machine, workspace, javaHome }: JavaNamesOptions): LanguageNames {
  let platform: JavaLibrary | null | undefined;
  const jars = new Map<string, JavaLibrary | null>();
  const kept = new Map<string, { readonly stamp: string; readonly words: ReadonlySet<string> }>();
  const installed =
    javaHome === null
      ? 0
      : Number(/JAVA_VERSION="(?:1\.)?(\d+)/.exec(disk.read(join(javaHome, 'release')) ?? '')?.[1] ?? 0);
  const inPart = new Set<string>();
  return {
    isJudgedInPart: path => inPart.has(path),
    judge({ path, text }, all) {
      const tree = parse(text, 'java');
      if (tree === null || tree.hasErrors) return null;
      platform ??= javaHome === null ? null : javaPlatform(javaHome, disk);
      const project = readJavaProject(path, text, workspace ?? '', disk, machine);
      if (project.isWhole) inPart.delete(path);
      else inPart.add(path);
      const key = project.jars.join('\n');
      const library = jars.get(key) ?? libraryOf(project.jars, disk);
      jars.set(key, library);
      const file = readJavaFile(tree.root);
      const world = createJavaWorld({
        file,
        path,
        project,
        disk,
        parse,
        judged: new Map(all.filter(each => each.path.endsWith('.java')).map(each => [each.path, each.text])),
        platform,
        jars: library,
        kept,
        isCurrent: project.release <= installed,
      });
      const found = createInventions(path);
      judgeFile(tree.root, file, world, found);
      return found.findings;
    },
  };
}

/** The types around a place, with what their values have. */
interface Surroundings {
  readonly members: ReadonlySet<string>;
  /** Whether all of what they inherit is known. */
  readonly isClosed: boolean;
}

function judgeFile(root: SyntaxNode, file: JavaFile, world: JavaWorld, found: Inventions): void {
  const imported = new Set(
    file.imports.filter(({ isWild }) => !isWild).map(({ path }) => path.split('.').at(-1) ?? ''),
  );
  const typeNames = new Set([...file.types.values()].map(({ name }) => name));
  for (const each of file.imports) judgeImport(each);
  for (const node of namedChildren(root))
    if (node.type !== 'import_declaration' && node.type !== 'package_declaration')
      visit(node, new Set(), { members: new Set(), isClosed: world.staticMembers !== null });

  function judgeImport(each: JavaFile['imports'][number]): void {
    const verdict = world.imported(each);
    if (verdict === 'no-package') found.add('unknown-package', each.node, `There is no package for ${each.path}.`, []);
    if (verdict === 'no-type' || verdict === 'no-member') {
      const name = childOf(each.node, 'name') ?? each.node;
      found.add('unknown-export', name, `There is no ${each.path}.`, [...world.words].slice(0, 20_000));
    }
  }

  function visit(node: SyntaxNode, bound: ReadonlySet<string>, around: Surroundings): void {
    const type = file.types.get(node);
    if (type !== undefined) return visitType(node, bound, around);
    if (/^(?:labeled|break|continue)_(?:statement)$/.test(node.type)) {
      for (const child of node.children) if (child.type !== 'identifier') visit(child, bound, around);
      return;
    }
    if (node.type === 'identifier') return visitName(node, bound, around);
    if (node.type === 'type_identifier') return visitTypeName(node, bound, around);
    for (const child of node.children) visit(child, bound, around);
  }

  function visitType(node: SyntaxNode, bound: ReadonlySet<string>, around: Surroundings): void {
    const type = file.types.get(node);
    if (type === undefined) return;
    const inherited = world.inherited(type.parents);
    const inner: Surroundings = {
      members: new Set([...around.members, ...type.members, ...(inherited ?? [])]),
      isClosed: around.isClosed && inherited !== null,
    };
    const generics = new Set(bound);
    for (const child of node.children) {
      if (child === type.body) continue;
      if (child.field === 'type_parameters') boundNames(child, generics);
      else if (child.field === 'parameters') boundNames(child, generics);
    }
    for (const child of node.children) {
      if (child.field === 'name') continue;
      if (child !== type.body) {
        visit(child, generics, around);
        continue;
      }
      for (const member of child.children) {
        const names = new Set(generics);
        if (!typeDeclarations.has(member.type) && member.type !== 'enum_body_declarations') boundNames(member, names);
        visitMember(member, names, inner);
      }
    }
  }

  function visitMember(member: SyntaxNode, bound: ReadonlySet<string>, around: Surroundings): void {
    if (member.type !== 'enum_body_declarations') return visit(member, bound, around);
    for (const each of member.children) {
      const names = new Set(bound);
      boundNames(each, names);
      visit(each, names, around);
    }
  }

  function visitName(node: SyntaxNode, bound: ReadonlySet<string>, around: Surroundings): void {
    const { parent, field } = node;
    const name = textOf(node);
    if (parent === null || name === '_') return;
    switch (parent.type) {
      case 'method_invocation':
        if (field !== 'name') break;
        if (childOf(parent, 'object') !== null) return checkMember(node, 'method');
        return checkPlain(node, name, bound, around, true);
      case 'field_access':
        if (field === 'field') return isPathOfType(parent) ? undefined : checkMember(node, 'member');
        break;
      case 'method_reference':
        if (parent.children[0] !== node) return checkMember(node, 'method');
        break;
      case 'element_value_pair':
        if (field === 'key') return checkMember(node, 'element');
        break;
      case 'switch_label':
        if (bound.has(name) || around.members.has(name)) return;
        return checkMember(node, 'constant');
      case 'annotation':
      case 'marker_annotation':
        return visitTypeName(node, bound, around);
      case 'scoped_identifier':
        return;
    }
    if (declares(node, parent)) return;
    checkPlain(node, name, bound, around, false);
  }

  function checkPlain(
    node: SyntaxNode,
    name: string,
    bound: ReadonlySet<string>,
    around: Surroundings,
    isCall: boolean,
  ): void {
    if (
      (!isCall && bound.has(name)) ||
      around.members.has(name) ||
      imported.has(name) ||
      world.staticMembers?.has(name) === true
    )
      return;
    const isOwner =
      node.parent !== null && /^(?:field_access|method_invocation|method_reference)$/.test(node.parent.type) && !isCall;
    if (isOwner && (typeNames.has(name) || (/^\p{Lu}/u.test(name) && world.seesType(name)))) return;
    // A package that is written out.
    if (isOwner && isPackageStart(node)) return;
    if (!around.isClosed && world.mayExist(name)) return;
    found.add('unknown-name', node, `Nothing here is called ${name}.`, [...bound, ...around.members]);
  }

  function visitTypeName(node: SyntaxNode, bound: ReadonlySet<string>, around: Surroundings): void {
    const name = textOf(node);
    const { parent } = node;
    if (parent?.type === 'scoped_type_identifier') {
      if (parent.children[0] !== node) return isPathOfType(parent) ? undefined : checkMember(node, 'type');
      if (/^\p{Ll}/u.test(name)) return;
    }
    if (
      parent?.type === 'type_parameter' ||
      name === 'var' ||
      bound.has(name) ||
      typeNames.has(name) ||
      imported.has(name)
    )
      return;
    if (around.members.has(name) || world.seesType(name)) return;
    if (!around.isClosed && world.mayExist(name)) return;
    // Another file of the package may declare it beside its own.
    if (world.words.has(name) && world.isBeside(name)) return;
    found.add('unknown-name', node, `Nothing here is called ${name}.`, [...imported, ...typeNames]);
  }

  function checkMember(node: SyntaxNode, kind: string): void {
    const name = textOf(node);
    if (name === 'length' || name === 'new' || file.members.has(name) || world.mayExist(name)) return;
    found.add('unknown-member', node, `Nothing that can be used here has a ${kind} called ${name}.`, [...file.members]);
  }
}

function declares(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (node.field === 'name') return parent.type !== 'method_invocation';
  if (
    parent.type === 'inferred_parameters' ||
    parent.type === 'type_pattern' ||
    parent.type === 'record_pattern_component'
  )
    return true;
  return parent.type === 'lambda_expression' && node.field === 'parameters';
}

/** `java` of `java.util.List.of()`. */
function isPackageStart(node: SyntaxNode): boolean {
  return /^[a-z]\w*(?:\s*\.\s*[a-z]\w*)+\s*\.\s*[A-Z]/.test(node.source.slice(node.start, node.start + 200));
}

/** `java.util`, and `java.util.List` itself. */
function isPathOfType(node: SyntaxNode): boolean {
  return isPackageStart(node) && /^[a-z]\w*(?:\.[a-z]\w*)*(?:\.[A-Z]\w*)?$/.test(textOf(node));
}
