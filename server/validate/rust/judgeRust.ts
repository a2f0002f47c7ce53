import { childOf, namedChildren, textOf, type SyntaxNode } from '../../../grammars/plainTree.js';
import { createInventions, type Inventions } from '../names/invented.js';
import type { LanguageNames, LanguageNamesOptions } from '../names/languageNames.js';
import { addCodeWords } from '../names/codeWords.js';
import type { Finding } from '../validator.js';
import { boundNames, items, macroName, plain, readMacros, rustNames } from './rustNames.js';
import { rustPrelude } from './rustPrelude.js';
import { readRustProject, type RustProject } from './rustProject.js';
import { createRustWords, rustFiles, type KeptWords, type RustWords } from './rustWords.js';

export interface RustNamesOptions extends LanguageNamesOptions {
  /** Where the sources of Rust's own library lie; null where they do not. */
  readonly library: string | null;
}

/**
 * Names that a Rust file uses and nothing declares. Plain names are looked for in the function, the file and what it imports;
 * members and paths in all sources that the crate can get hold of: what stands nowhere is a member of nothing.
 */
export function createRustNames({ parse, disk, machine, workspace, library }: RustNamesOptions): LanguageNames {
  const kept: KeptWords = { crates: new Map(), files: new Map() };
  let standard: ReadonlySet<string> | null = null;
  const standardWords = (): ReadonlySet<string> | null => {
    if (standard !== null || library === null) return standard;
    const words = new Set<string>();
    for (const path of rustFiles(
      library,
      disk,
      /^(?:tests|benches|\w*tests|stdarch|portable-simd|backtrace|test|rtstartup|sysroot|windows_\w+|vendor)\/$/,
    ))
      addCodeWords(disk.read(path) ?? '', words);
    standard = words;
    return standard;
  };
  return {
    judge(file, all) {
      const tree = parse(file.text, 'rust');
      if (tree === null || tree.hasErrors) return null;
      const project = readRustProject(file.path, workspace ?? '', disk, machine);
      const judged = new Map(all.filter(({ path }) => path.endsWith('.rs')).map(({ path, text }) => [path, text]));
      const words = createRustWords({
        project,
        workspace: workspace ?? '',
        disk,
        kept,
        standard: standardWords,
        judged,
        except: file.path,
      });
      const found = createInventions(file.path);
      judgeFile(tree.root, project, words, found);
      return found.findings;
    },
  };
}

function judgeFile(
  root: SyntaxNode,
  project: RustProject | null,
  words: RustWords,
  found: Inventions,
): readonly Finding[] {
  const own = rustNames(root);
  const known = (name: string): boolean =>
    own.names.has(name) || rustPrelude.has(name) || project?.crates.has(name) === true;
  visit(root, new Set());
  return found.findings;

  function visit(node: SyntaxNode, bound: ReadonlySet<string>): void {
    switch (node.type) {
      case 'macro_definition':
      case 'attribute_item':
      case 'inner_attribute_item':
      case 'lifetime':
      case 'label':
      case 'visibility_modifier':
        return;
      case 'macro_invocation':
        return visitMacro(node, bound);
      case 'use_declaration':
        return visitUse(node);
      case 'extern_crate_declaration':
        return visitCrate(node);
      case 'identifier':
      case 'type_identifier':
      case 'shorthand_field_identifier':
      case 'field_identifier':
        return visitName(node, bound);
    }
    const isOwner =
      /^(?:function_item|function_signature_item|closure_expression|impl_item|trait_item|struct_item|enum_item|union_item|type_item|const_item|static_item|associated_type)$/.test(
        node.type,
      );
    let inner = bound;
    if (isOwner && (bound.size === 0 || /_item$/.test(node.type))) {
      const names = new Set(bound);
      // An impl gives its methods its generics; what they bind is theirs.
      if (/^(?:impl|trait)_item$/.test(node.type)) {
        const generics = childOf(node, 'type_parameters');
        if (generics !== null) boundNames(generics, names);
      } else boundNames(node, names);
      inner = names;
    }
    for (const child of node.children) visit(child, inner);
  }

  function visitName(node: SyntaxNode, bound: ReadonlySet<string>): void {
    const name = plain(node);
    const { parent, field } = node;
    if (parent === null || name === '_' || name === 'Self' || name === 'self') return;
    const isPath = parent.type === 'scoped_identifier' || parent.type === 'scoped_type_identifier';
    if (isPath && field === 'name') return checkBehind(node, parent, name);
    if (field === 'name' && declares.has(parent.type)) return;
    if (
      node.type === 'field_identifier' ||
      node.type === 'shorthand_field_identifier' ||
      (parent.type === 'type_binding' && field === 'name')
    ) {
      if (parent.type !== 'field_declaration' && !own.members.has(name) && !words.mayExist(name))
        found.add('unknown-member', node, `Nothing that can be used here has a member called ${name}.`, [
          ...own.members,
        ]);
      return;
    }
    if (bound.has(name) || known(name)) return;
    // Where more comes in than is named, only what is nowhere is told.
    if (isOpenAt(node) && words.mayExist(name)) return;
    found.add('unknown-name', node, `Nothing here is called ${name}.`, [...bound, ...own.names]);
  }

  function isOpenAt({ parent }: SyntaxNode): boolean {
    if (own.isOpen || project === null) return true;
    return project.edition === 2015 && /^scoped_/.test(parent?.type ?? '');
  }

  function checkBehind(node: SyntaxNode, path: SyntaxNode, name: string): void {
    if (own.members.has(name) || own.names.has(name) || words.mayExist(name)) return;
    const owner = childOf(path, 'path');
    const message =
      owner === null ? `There is no ${name}.` : `Nothing that can be used here has a ${name}, as of ${textOf(owner)}.`;
    found.add('unknown-export', node, message, [...own.members]);
  }

  function visitMacro(node: SyntaxNode, bound: ReadonlySet<string>): void {
    const macro = childOf(node, 'macro');
    const name = macroName(node);
    const last = macro?.type === 'scoped_identifier' ? childOf(macro, 'name') : macro;
    if (last !== null && !own.names.has(name) && !rustPrelude.has(name) && !words.mayExist(name))
      found.add('unknown-name', last, `There is no macro ${name}.`, [...readMacros]);
    const tokens = namedChildren(node).find(({ type }) => type === 'token_tree');
    if (tokens !== undefined && readMacros.has(name)) visitTokens(tokens, bound);
  }

  /** What stands in a macro is not parsed: only what is nowhere at all is told. */
  function visitTokens(tree: SyntaxNode, bound: ReadonlySet<string>): void {
    tree.children.forEach((node, at) => {
      if (node.type === 'token_tree') return visitTokens(node, bound);
      if (node.type !== 'identifier' && node.type !== 'type_identifier') return;
      const name = plain(node);
      const before = tree.children[at - 1]?.type ?? '';
      const after = tree.children[at + 1]?.type ?? '';
      if (name === '_' || before === "'" || after === '=' || bound.has(name) || known(name) || own.members.has(name))
        return;
      if (words.mayExist(name)) return;
      if (before === '.')
        found.add('unknown-member', node, `Nothing that can be used here has a member called ${name}.`, [
          ...own.members,
        ]);
      else if (before === '::')
        found.add('unknown-export', node, `Nothing that can be used here has a ${name}.`, [...own.members]);
      else if (!isBoundInTokens(tree, at))
        found.add('unknown-name', node, `Nothing here is called ${name}.`, [...bound, ...own.names]);
    });
  }

  function visitCrate(node: SyntaxNode): void {
    const name = childOf(node, 'name');
    if (name === null || project === null || project.crates.has(plain(name)) || plain(name) === 'self') return;
    found.add('unknown-package', name, `Cargo.toml requires no crate ${plain(name)}.`, [...project.crates]);
  }

  function visitUse(node: SyntaxNode): void {
    const argument = childOf(node, 'argument');
    if (argument !== null) visitImport(argument, true);
  }

  function visitImport(node: SyntaxNode, isFirst: boolean): void {
    switch (node.type) {
      case 'identifier':
        return isFirst ? checkFirst(node) : checkImported(node);
      case 'scoped_identifier': {
        const [path, name] = [childOf(node, 'path'), childOf(node, 'name')];
        if (path !== null) visitImport(path, isFirst);
        if (name !== null) checkImported(name);
        return;
      }
      case 'scoped_use_list': {
        const [path, list] = [childOf(node, 'path'), childOf(node, 'list')];
        if (path !== null) visitImport(path, isFirst);
        for (const each of list === null ? [] : namedChildren(list)) visitImport(each, path === null && isFirst);
        return;
      }
      case 'use_as_clause': {
        const path = childOf(node, 'path');
        if (path !== null) visitImport(path, isFirst);
        return;
      }
      case 'use_list':
      case 'use_wildcard':
        for (const each of namedChildren(node)) visitImport(each, isFirst);
    }
  }

  function checkFirst(node: SyntaxNode): void {
    const name = plain(node);
    if (project === null || project.crates.has(name) || own.members.has(name) || name === 'Self') return;
    if ((own.isOpen || project.edition === 2015) && words.mayExist(name)) return;
    if (isImportedElsewhere(name, root, node)) return;
    found.add(
      'unknown-package',
      node,
      `Cargo.toml requires no crate ${name}, and there is no module of that name here.`,
      [...project.crates],
    );
  }

  function checkImported(node: SyntaxNode): void {
    const name = plain(node);
    if (own.members.has(name) || words.mayExist(name)) return;
    found.add(
      'unknown-export',
      node,
      `Nothing that can be used here is called ${name}.`,
      [...words.own].slice(0, 20_000),
    );
  }
}

const declares = new Set([
  ...items,
  'enum_variant',
  'associated_type',
  'type_parameter',
  'const_parameter',
  'field_declaration',
]);

/** `use a::b; use b::c;` */
function isImportedElsewhere(name: string, root: SyntaxNode, except: SyntaxNode): boolean {
  return new RegExp(`(?:::|[{,])\\s*${name}\\s*(?:[;,}]|as\\b)|\\bas\\s+${name}\\b`).test(
    root.source.slice(0, except.start) + root.source.slice(except.end),
  );
}

/** After `|`, `let` and in patterns a name is new. */
function isBoundInTokens(tree: SyntaxNode, at: number): boolean {
  const text = textOf(tree.children[at] ?? tree);
  return new RegExp(
    `\\|[^|]*\\b${text}\\b[^|]*\\||\\b(?:let|for|ref|mut|in)\\b[^;{]*\\b${text}\\b|\\b${text}\\b\\s*(?:@|=>)|[({,]\\s*${text}\\s*[,)}][^;]*\\bif\\b`,
  ).test(textOf(tree));
}
