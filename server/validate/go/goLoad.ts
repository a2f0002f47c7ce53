import { join } from 'node:path';
import {
  childOf,
  childOfType,
  childrenOf,
  namedChildren,
  textOf,
  type SyntaxNode,
} from '../../../grammars/plainTree.js';
import type { Disk } from '../names/diskFolder.js';
import type { Parse } from '../names/parseTexts.js';

export interface GoImport {
  /** Null where the package's own name counts; `.` and `_` as they stand. */
  readonly alias: string | null;
  readonly path: string;
  /** The quoted path. */
  readonly node: SyntaxNode;
}

/** One file as it stands, read once for each text. */
export interface GoFile {
  readonly path: string;
  readonly packageName: string;
  readonly imports: readonly GoImport[];
  readonly declarations: readonly GoDeclaration[];
  readonly methods: readonly GoMethod[];
  readonly root: SyntaxNode;
  readonly hasErrors: boolean;
  /** Makes other files, which may not be there. */
  readonly generates: boolean;
  readonly isGenerated: boolean;
  readonly isIgnored: boolean;
}

export interface GoDeclaration {
  readonly kind: 'type' | 'function' | 'variable' | 'constant';
  readonly name: string;
  /** type_spec, type_alias, function_declaration, var_spec or const_spec. */
  readonly node: SyntaxNode;
  /** Which of the names of a var_spec or const_spec. */
  readonly at: number;
  readonly file: GoFile;
}

export interface GoMethod {
  readonly receiver: string;
  readonly name: string;
  readonly node: SyntaxNode;
  readonly file: GoFile;
}

/** Files by path; those that never change and those of the workspace alike, until they do. */
export interface GoFiles {
  /** Of a text that is not on disk. */
  of(path: string, text: string): GoFile | null;
  /** Without the bodies of its functions. */
  onDisk(path: string): GoFile | null;
}

const mostFiles = 6000;

export function createGoFiles(parse: Parse, disk: Disk): GoFiles {
  const kept = new Map<string, { readonly stamp: string; readonly file: GoFile | null }>();
  const keep = (path: string, stamp: string, make: () => GoFile | null): GoFile | null => {
    const known = kept.get(path);
    if (known?.stamp === stamp) return known.file;
    const file = make();
    kept.delete(path);
    kept.set(path, { stamp, file });
    for (const oldest of kept.keys()) {
      if (kept.size <= mostFiles) break;
      kept.delete(oldest);
    }
    return file;
  };
  return {
    of: (path, text) => readGoFile(path, text, text, parse),
    onDisk: path =>
      keep(path, disk.stamp(path), () => {
        const text = disk.read(path);
        if (text === null) return null;
        const file = readGoFile(path, withoutBodies(text), text, parse);
        // A text in quotes may look like the end of a function.
        return file?.hasErrors === true ? readGoFile(path, text, text, parse) : file;
      }),
  };
}

function readGoFile(path: string, text: string, whole: string, parse: Parse): GoFile | null {
  const tree = parse(text, 'go');
  if (tree === null) return null;
  const { root } = tree;
  const clause = childOfType(root, 'package_clause');
  const name = clause === null ? null : childOfType(clause, 'package_identifier');
  if (name === null) return null;
  const declarations: GoDeclaration[] = [];
  const methods: GoMethod[] = [];
  const imports: GoImport[] = [];
  const head = whole.slice(0, Math.max(0, whole.search(/^package\s/m)));
  const file: GoFile = {
    path,
    packageName: textOf(name),
    imports,
    declarations,
    methods,
    root,
    hasErrors: tree.hasErrors,
    generates: /^\/\/go:generate /m.test(whole),
    isGenerated: /^\/\/ Code generated .* DO NOT EDIT\.$/m.test(whole.slice(0, 4000)),
    isIgnored: /^\/\/(?:go:build|\s*\+build)\s+(?:.*\bignore\b)/m.test(head),
  };
  for (const node of namedChildren(root)) {
    if (node.type === 'import_declaration') imports.push(...importsOf(node));
    else if (node.type === 'method_declaration') {
      const [receiver, own] = [receiverName(node), childOf(node, 'name')];
      if (receiver !== null && own !== null) methods.push({ receiver, name: textOf(own), node, file });
    } else for (const each of declaredBy(node)) declarations.push({ ...each, file });
  }
  return file;
}

function importsOf(node: SyntaxNode): GoImport[] {
  const specs = namedChildren(node).flatMap(each => (each.type === 'import_spec_list' ? namedChildren(each) : [each]));
  return specs.flatMap(spec => {
    const [alias, path] = [childOf(spec, 'name'), childOf(spec, 'path')];
    if (path === null) return [];
    return [{ alias: alias === null ? null : textOf(alias), path: textOf(path).slice(1, -1), node: path }];
  });
}

/** What a declaration declares, inside a function as outside. */
export function declaredBy(node: SyntaxNode): Omit<GoDeclaration, 'file'>[] {
  if (node.type === 'function_declaration') {
    const name = childOf(node, 'name');
    return name === null ? [] : [{ kind: 'function', name: textOf(name), node, at: 0 }];
  }
  const kind =
    node.type === 'type_declaration'
      ? 'type'
      : node.type === 'var_declaration'
        ? 'variable'
        : node.type === 'const_declaration'
          ? 'constant'
          : null;
  if (kind === null) return [];
  const specs = namedChildren(node).flatMap(each => (each.type === 'var_spec_list' ? namedChildren(each) : [each]));
  return specs.flatMap(spec =>
    childrenOf(spec, 'name').map((name, at) => ({ kind, name: textOf(name), node: spec, at }) as const),
  );
}

/** `S` of `(s *S[T])`. */
function receiverName(method: SyntaxNode): string | null {
  const type = receiverType(method);
  if (type === null) return null;
  const named = type.type === 'generic_type' ? childOf(type, 'type') : type;
  return named?.type === 'type_identifier' ? textOf(named) : null;
}

/** Without the pointer. */
export function receiverType(method: SyntaxNode): SyntaxNode | null {
  const receiver = childOf(method, 'receiver');
  const parameter = receiver === null ? null : childOfType(receiver, 'parameter_declaration');
  let type = parameter === null ? null : childOf(parameter, 'type');
  while (type !== null && (type.type === 'pointer_type' || type.type === 'parenthesized_type'))
    type = namedChildren(type)[0] ?? null;
  return type;
}

/**
 * What a formatted file declares, at a fraction of the price: from a line that begins with `func` and ends with `{` to the
 * first that is `}` alone.
 */
function withoutBodies(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const match of text.matchAll(/^(?:func|\)) .*(?<!\b(?:interface|struct) ?)\{[ \t]*(?:\/\/.*)?$/gm)) {
    const from = match.index + match[0].length;
    if (match.index < at) continue;
    const to = text.indexOf('\n}', from);
    if (to < 0) break;
    parts.push(text.slice(at, from).replace(/\{[ \t]*\/\/.*$/, '{'));
    at = to + 1;
  }
  parts.push(text.slice(at));
  return parts.join('\n');
}

/** Files of Go in a folder, without those of other folders. */
export function goFileNames(folder: string, disk: Disk): readonly string[] {
  return disk
    .list(folder)
    .filter(name => name.endsWith('.go'))
    .map(name => join(folder, name));
}
