import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { benchFolder } from './cacheFolder.js';
import { spread } from '../spread.js';
import { openNames } from './namesChecker.js';
import { isField, usesName } from './places.js';
import type { InventedRow, MutantKind, Place, Project } from './row.js';

/** Rust by syntax trees and the sources of crates alone. */
export const rustRow: InventedRow = {
  language: 'Rust',
  languageId: () => 'rust',
  places: rustPlaces,
  projects: () => Promise.resolve(rustProjects()),
  open: () => openNames('rust'),
  goal: 80,
};

const crates: readonly (readonly [name: string, version: string, heldBack: boolean])[] = [
  ['tower-http', '0.6.2', false],
  ['serde_json', '1.0.140', false],
  ['axum', '0.8.1', false],
  ['regex-automata', '0.4.9', false],
  ['clap_builder', '4.5.31', true],
  ['rayon', '1.10.0', true],
  ['ripgrep', '14.1.1', true],
];

const filesOfProject = 60;

export function rustProjects(): readonly Project[] {
  return crates.map(([name, version, heldBack]) => {
    const folder = join(realpathSync(benchFolder('rust')), `${name}-${version}`);
    if (!existsSync(folder)) fetchCrate(name, version, folder);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.rs') && !/(?:^|\/)(?:target|tests|benches|examples)\//.test(path))
      .sort()
      .map(path => join(folder, path));
    return { name: `${name} ${version}`, folder, files: spread(files, filesOfProject), heldBack };
  });
}

/** A crate that needs it is made, so that cargo fetches it; then it and what it needs are there. */
function fetchCrate(name: string, version: string, folder: string): void {
  const needs = join(benchFolder('rust'), 'fetch');
  mkdirSync(join(needs, 'src'), { recursive: true });
  writeFileSync(
    join(needs, 'Cargo.toml'),
    `[package]\nname = "fetch"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n"${name}" = "=${version}"\n`,
  );
  writeFileSync(join(needs, 'src', 'lib.rs'), '');
  execFileSync('cargo', ['fetch'], { cwd: needs, stdio: 'inherit' });
  const registries = join(process.env['CARGO_HOME'] ?? join(homedir(), '.cargo'), 'registry', 'src');
  for (const registry of readdirSync(registries)) {
    const from = join(registries, registry, `${name}-${version}`);
    if (existsSync(from)) cpSync(from, folder, { recursive: true });
  }
  rmSync(needs, { recursive: true });
  execFileSync('cargo', ['fetch'], { cwd: folder, stdio: 'inherit' });
}

export function rustPlaces(root: Node): readonly Place[] {
  const places: Place[] = [];
  const visit = (node: Node): void => {
    if (/^(?:macro_definition|attribute_item|inner_attribute_item|lifetime|label|token_tree)$/.test(node.type)) return;
    const kind = kindOf(node);
    if (kind !== null) places.push({ kind, start: node.startIndex, end: node.endIndex });
    for (const child of node.namedChildren) if (child !== null) visit(child);
  };
  visit(root);
  return places;
}

function kindOf(node: Node): MutantKind | null {
  const { parent } = node;
  if (parent === null || node.text === '_' || node.text === 'Self') return null;
  switch (node.type) {
    case 'field_identifier':
      return parent.type === 'field_expression' || parent.type === 'field_initializer' ? 'member' : null;
    case 'type_identifier':
      return isField(node, 'name') && /_item$|^(?:type_parameter|associated_type)$/.test(parent.type) ? null : 'type';
    case 'identifier':
      return kindOfIdentifier(node, parent);
    default:
      return null;
  }
}

function kindOfIdentifier(node: Node, parent: Node): MutantKind | null {
  if (isInImport(node)) return /^(?:use_as_clause)$/.test(parent.type) && isField(node, 'alias') ? null : 'import';
  if (parent.type === 'parameter' && isField(node, 'pattern')) return isUsed(node) ? 'parameter' : null;
  if (isField(node, 'name') && /_item$|^(?:enum_variant|const_parameter|extern_crate_declaration)$/.test(parent.type))
    return null;
  if (isPattern(node)) return null;
  return parent.type === 'scoped_identifier' && isField(node, 'name') ? 'member' : 'name';
}

function isInImport(node: Node): boolean {
  for (let at = node.parent; at !== null; at = at.parent) if (at.type === 'use_declaration') return true;
  return false;
}

function isUsed(node: Node): boolean {
  const owner = node.parent?.parent?.parent ?? null;
  return owner !== null && usesName(owner.childForFieldName('body'), node.text, ['identifier']);
}

/** What stands in a pattern binds. */
function isPattern(node: Node): boolean {
  for (let at: Node | null = node; at !== null; at = at.parent) {
    if (at.parent === null || /_expression$|^(?:arguments|block)$/.test(at.parent.type)) {
      return at.parent !== null && isField(at, 'pattern');
    }
    if (isField(at, 'pattern') || at.parent.type === 'closure_parameters') return true;
    if (isField(at, 'value') || isField(at, 'body') || isField(at, 'condition')) return false;
  }
  return false;
}
