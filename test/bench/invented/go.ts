import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { benchFolder } from './cacheFolder.js';
import { spread } from '../spread.js';
import { openNames } from './namesChecker.js';
import { isField, nodesBelow, usesName } from './places.js';
import type { InventedRow, MutantKind, Place, Project } from './row.js';

/** Go by syntax trees and the sources of modules alone. */
export const goRow: InventedRow = {
  language: 'Go',
  languageId: () => 'go',
  places: goPlaces,
  projects: () => Promise.resolve(goProjects()),
  open: () => openNames('go'),
  goal: 80,
};

const modules: readonly (readonly [path: string, version: string, heldBack: boolean])[] = [
  ['github.com/gin-gonic/gin', 'v1.10.0', false],
  ['github.com/spf13/cobra', 'v1.7.0', false],
  ['github.com/charmbracelet/bubbletea', 'v1.3.10', false],
  ['github.com/klauspost/compress', 'v1.18.3', false],
  ['github.com/go-chi/chi/v5', 'v5.1.0', true],
  ['go.uber.org/zap', 'v1.27.0', true],
  ['github.com/prometheus/client_golang', 'v1.20.5', true],
];

const filesOfProject = 60;

export function goProjects(): readonly Project[] {
  return modules.map(([path, version, heldBack]) => {
    const folder = join(realpathSync(benchFolder('go')), `${path.replaceAll('/', '-')}-${version}`);
    if (!existsSync(folder)) fetchModule(`${path}@${version}`, folder);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.go') && !/(?:^|\/)(?:testdata|_\w+)\//.test(name))
      .sort()
      .map(name => join(folder, name));
    return {
      name: `${path.split('/').slice(1, 3).join('/')} ${version}`,
      folder,
      files: spread(files, filesOfProject),
      heldBack,
    };
  });
}

function fetchModule(module: string, folder: string): void {
  const { Dir: from } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' })) as {
    readonly Dir: string;
  };
  cpSync(from, folder, { recursive: true });
  for (const name of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    chmodSync(join(folder, name), 0o755);
  execFileSync('go', ['mod', 'download'], { cwd: folder, stdio: 'inherit' });
}

export function goPlaces(root: Node): readonly Place[] {
  const places: Place[] = [];
  for (const node of nodesBelow(root)) {
    const kind = kindOf(node);
    if (kind !== null) places.push({ kind, start: node.startIndex, end: node.endIndex });
  }
  return places;
}

function kindOf(node: Node): MutantKind | null {
  const { parent } = node;
  if (parent === null || node.text === '_') return null;
  switch (node.type) {
    case 'interpreted_string_literal_content':
      return parent.parent?.type === 'import_spec' ? 'module' : null;
    case 'field_identifier':
      return parent.type === 'selector_expression' ? 'member' : null;
    case 'type_identifier':
      return (parent.type === 'type_spec' || parent.type === 'type_alias') && isField(node, 'name') ? null : 'type';
    case 'identifier':
      if (parent.type === 'parameter_declaration' || parent.type === 'variadic_parameter_declaration')
        return isUsedParameter(node) ? 'parameter' : null;
      return isDeclared(node) ? null : 'name';
    default:
      return null;
  }
}

function isUsedParameter(node: Node): boolean {
  const list = node.parent?.parent ?? null;
  const owner = list?.parent ?? null;
  if (list === null || owner === null || !isField(list, 'parameters')) return false;
  return usesName(owner.childForFieldName('body'), node.text, ['identifier']);
}

const declaring = new Set(['function_declaration', 'var_spec', 'const_spec', 'type_parameter_declaration']);

function isDeclared(node: Node): boolean {
  const { parent } = node;
  if (parent === null) return true;
  if (declaring.has(parent.type)) return isField(node, 'name');
  if (parent.type !== 'expression_list' || parent.parent === null) return false;
  const statement = parent.parent;
  if (statement.type === 'type_switch_statement') return isField(parent, 'alias');
  const declares = statement.type === 'short_var_declaration' || statement.children.some(child => child?.type === ':=');
  return declares && isField(parent, 'left');
}
