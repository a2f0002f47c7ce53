import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { ownEntries } from '../../../server/createCore.js';
import { createPyrightValidator } from '../../../server/validate/python/createPyrightValidator.js';
import { createRuffValidator } from '../../../server/validate/python/createRuffValidator.js';
import { benchFolder } from './cacheFolder.js';
import { spread } from '../spread.js';
import { checkerOf, log } from './namesChecker.js';
import { isField, nodesBelow, usesName } from './places.js';
import type { Checker, InventedRow, MutantKind, Place, Project } from './row.js';

/** Python by Ruff and pyright, as the gate asks them. */
export const pythonRow: InventedRow = {
  language: 'Python',
  languageId: () => 'python',
  places: root => pythonPlaces(root, isKnowable),
  projects: () => Promise.resolve(pythonProjects()),
  open: () => Promise.resolve(pythonChecker(true)),
  goal: 95,
};

/** The same places where pyright is missing. */
export const pythonAloneRow: InventedRow = {
  ...pythonRow,
  language: 'PythonWithoutPyright',
  open: () => Promise.resolve(pythonChecker(false)),
  goal: 0,
};

/** Members of anything at all: most of what Python code is handed has no declared type, so that nobody can tell. */
export const pythonMembersRow: InventedRow = {
  ...pythonRow,
  language: 'PythonAnyMember',
  places: root => pythonPlaces(root, () => true).filter(({ kind }) => kind === 'member'),
  goal: 0,
};

const projects: readonly (readonly [name: string, version: string, sources: string, heldBack: boolean])[] = [
  ['click', '8.1.7', 'src/click', false],
  ['flask', '3.0.3', 'src/flask', false],
  ['httpx', '0.27.2', 'httpx', false],
  ['rich', '13.9.4', 'rich', false],
  ['scrapy', '2.11.2', 'scrapy', false],
  ['mkdocs', '1.6.1', 'mkdocs', true],
  ['sqlparse', '0.5.1', 'sqlparse', true],
  ['starlette', '0.41.3', 'starlette', true],
];

const filesOfProject = 25;

function pythonProjects(): readonly Project[] {
  return projects.map(([name, version, sources, heldBack]) => {
    const cache = realpathSync(benchFolder('python'));
    const folder = join(cache, `${name}-${version}`);
    if (!existsSync(join(folder, '.venv'))) fetchProject(cache, folder, name, version);
    const files = readdirSync(join(folder, sources), { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.py') && !/(?:^|\/)(?:tests?|templates)\//.test(file))
      .sort()
      .map(file => join(folder, sources, file));
    return { name: `${name} ${version}`, folder, files: spread(files, filesOfProject), heldBack };
  });
}

/** The sources as they are released, and beside them an environment with what they need. */
function fetchProject(cache: string, folder: string, name: string, version: string): void {
  const run = (file: string, ...args: readonly string[]) => execFileSync(file, args, { cwd: cache, stdio: 'inherit' });
  const archive = `${name}-${version}.tar.gz`;
  if (!existsSync(join(cache, archive)))
    run('python3', '-m', 'pip', 'download', '-q', '--no-deps', '--no-binary', ':all:', `${name}==${version}`);
  run('tar', 'xzf', archive);
  run('python3', '-m', 'venv', join(folder, '.venv'));
  run(join(folder, '.venv', 'bin', 'pip'), 'install', '-q', folder, 'setuptools<80');
}

function pythonChecker(withPyright: boolean): Checker {
  const ruff = createRuffValidator({ entries: ownEntries(), log });
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const validators = withPyright ? [createPyrightValidator({ env, log }), ruff] : [ruff];
  const checker = checkerOf(validators, 'python', false);
  return {
    ...checker,
    async examine(project, path, text) {
      const { findings, unknown } = await checker.examine(project, path, text);
      // Dangers are another matter.
      return { findings: findings.filter(({ rule }) => rule.startsWith('names/')), unknown };
    },
  };
}

type IsKnowable = (object: Node, names: Names) => boolean;

/** Names of a file whose members somebody declares. */
interface Names {
  readonly imported: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, Node>;
  /** At the top of the file. */
  readonly global: ReadonlySet<string>;
}

/** A module, a class of this file, or the object itself: not what a function is handed without a type. */
function isKnowable(object: Node, { imported, classes }: Names): boolean {
  if (object.type === 'identifier')
    return object.text === 'self' || object.text === 'cls' || imported.has(object.text) || classes.has(object.text);
  const inner = object.childForFieldName('object');
  return object.type === 'attribute' && inner?.type === 'identifier' && imported.has(inner.text) && inner.text === 'os';
}

export function pythonPlaces(root: Node, knowable: IsKnowable): readonly Place[] {
  const names = namesOf(root);
  const places: Place[] = [];
  for (const node of nodesBelow(root)) {
    if (node.type !== 'identifier' || /^_+$/.test(node.text)) continue;
    const kind = kindOf(node, names, knowable);
    if (kind !== null) places.push({ kind, start: node.startIndex, end: node.endIndex });
  }
  return places;
}

function namesOf(root: Node): Names {
  const imported = new Set<string>();
  const classes = new Set<string>();
  const functions = new Map<string, Node>();
  const global = new Set<string>();
  for (const node of nodesBelow(root)) {
    const name = node.childForFieldName('name');
    if (node.type === 'class_definition' && name !== null) classes.add(name.text);
    if (node.type === 'function_definition' && name !== null) functions.set(name.text, node);
    if (node.type === 'import_statement' || node.type === 'import_from_statement') {
      if (isTried(node)) continue;
      for (const part of node.childrenForFieldName('name')) {
        const shown = part?.type === 'aliased_import' ? part.childForFieldName('alias') : part;
        const first = shown?.text.split('.')[0];
        if (first !== undefined) imported.add(first);
      }
    }
  }
  for (const node of root.namedChildren)
    if (node !== null)
      for (const each of nodesBelow(node)) if (each.type === 'identifier' && isGlobal(each)) global.add(each.text);
  return { imported, classes, functions, global };
}

function isGlobal(node: Node): boolean {
  for (let at = node.parent; at !== null; at = at.parent)
    if ((at.type === 'function_definition' && !isField(node, 'name')) || at.type === 'lambda') return false;
  return true;
}

function kindOf(node: Node, names: Names, knowable: IsKnowable): MutantKind | null {
  const { parent } = node;
  if (parent === null || isTried(node)) return null;
  switch (parent.type) {
    case 'attribute': {
      if (!isField(node, 'attribute')) return isTarget(node) ? null : 'name';
      const object = parent.childForFieldName('object');
      return object !== null && !isTarget(parent) && knowable(object, names) && !isAugmented(parent) ? 'member' : null;
    }
    case 'dotted_name':
      return isImported(node) ? 'import' : null;
    case 'keyword_argument':
      return isField(node, 'name') ? (isOfKnown(parent, names) ? 'parameter' : null) : 'name';
    case 'parameters':
    case 'typed_parameter':
    case 'default_parameter':
    case 'typed_default_parameter':
      return isUsedParameter(node, names) ? 'parameter' : null;
    case 'type':
      return 'type';
    default:
      return isDeclared(node) ? null : 'name';
  }
}

/** What may fail on purpose is no place: nobody objects. */
function isTried(node: Node): boolean {
  for (let at = node.parent; at !== null && at.type !== 'function_definition'; at = at.parent)
    if (at.type === 'try_statement') return true;
  return false;
}

function isImported(node: Node): boolean {
  const path = node.parent;
  const statement = path?.parent?.type === 'aliased_import' ? path.parent.parent : path?.parent;
  if (statement == null || path == null || !/^import_(?:from_)?statement$|^relative_import$/.test(statement.type))
    return false;
  // Of `a.b.c` the last part: the others are folders of other things too.
  return path.namedChildren.at(-1)?.id === node.id;
}

function isTarget(node: Node): boolean {
  const { parent } = node;
  if (parent === null) return false;
  if (/^(?:pattern_list|tuple_pattern|list_pattern|tuple|list)$/.test(parent.type)) return isTarget(parent);
  if (/^(?:assignment|for_statement|for_in_clause)$/.test(parent.type)) return isField(node, 'left');
  return parent.type === 'delete_statement' || parent.type === 'as_pattern_target';
}

/** `self.n += 1` declares n for pyright. */
function isAugmented(node: Node): boolean {
  return node.parent?.type === 'augmented_assignment' && isField(node, 'left');
}

const declaring = new Set([
  'function_definition',
  'class_definition',
  'named_expression',
  'global_statement',
  'nonlocal_statement',
  'lambda_parameters',
  'list_splat_pattern',
  'dictionary_splat_pattern',
  'as_pattern_target',
  'case_pattern',
  'type_parameter',
  'delete_statement',
]);

function isDeclared(node: Node): boolean {
  const { parent } = node;
  if (parent === null || isTarget(node)) return true;
  if (parent.type === 'aliased_import') return true;
  if (parent.type === 'augmented_assignment') return isField(node, 'left');
  if (parent.type === 'function_definition' || parent.type === 'class_definition' || parent.type === 'named_expression')
    return isField(node, 'name');
  for (let at: Node | null = parent; at !== null; at = at.parent) if (at.type === 'case_pattern') return true;
  return declaring.has(parent.type);
}

const builtins =
  /^(?:id|type|input|file|format|filter|map|max|min|sum|next|iter|hash|help|dir|vars|object|list|dict|set|str|bytes|int|float|bool|tuple|range|len|open|print|property|slice|sorted|reversed|zip|all|any|bin|chr|ord|hex|oct|repr|round|abs|compile|eval|exec|license|copyright|credits|exit|quit|super|callable|locals|globals|memoryview|complex|divmod|pow|enumerate|frozenset|bytearray|classmethod|staticmethod|getattr|setattr|hasattr|delattr|isinstance|issubclass|breakpoint|ascii)$/;

function isUsedParameter(node: Node, { global }: Names): boolean {
  const { parent } = node;
  if (parent === null || node.text === 'self' || node.text === 'cls') return false;
  if (parent.type !== 'parameters' && !isField(node, 'name') && parent.namedChildren[0]?.id !== node.id) return false;
  const list = parent.type === 'parameters' ? parent : parent.parent;
  const owner = list?.parent ?? null;
  if (owner === null || owner.type !== 'function_definition' || global.has(node.text) || builtins.test(node.text))
    return false;
  return usesPlainly(owner.childForFieldName('body'), node.text);
}

/** Read by its name, where it is not first assigned anew. */
function usesPlainly(body: Node | null, name: string): boolean {
  if (body === null || !usesName(body, name, ['identifier'])) return false;
  let isRead = false;
  for (const each of nodesBelow(body)) {
    if (each.type !== 'identifier' || each.text !== name) continue;
    if (isTarget(each)) return false;
    const { parent } = each;
    if (parent?.type === 'attribute' && isField(each, 'attribute')) continue;
    if (parent?.type === 'keyword_argument' && isField(each, 'name')) continue;
    isRead = true;
  }
  return isRead;
}

/** Of a call of a function of this file that takes no names but its own. */
function isOfKnown(argument: Node, { functions, classes }: Names): boolean {
  const called = argument.parent?.parent?.childForFieldName('function');
  if (called?.type !== 'identifier' || classes.has(called.text)) return false;
  const found = functions.get(called.text);
  return (
    found !== undefined &&
    found.parent?.parent === null &&
    !/\*\*/.test(found.childForFieldName('parameters')?.text ?? '**')
  );
}
