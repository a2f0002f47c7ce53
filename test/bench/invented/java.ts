import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Node } from 'web-tree-sitter';
import { benchFolder } from './cacheFolder.js';
import { spread } from '../spread.js';
import { openNames } from './namesChecker.js';
import { isField, nodesBelow, usesName } from './places.js';
import type { InventedRow, MutantKind, Place, Project } from './row.js';

/** Java by syntax trees, the classes of a development kit and of jars alone. */
export const javaRow: InventedRow = {
  language: 'Java',
  languageId: () => 'java',
  places: javaPlaces,
  projects: () => Promise.resolve(javaProjects()),
  open: () => openNames('java'),
  goal: 80,
};

const artifacts: readonly (readonly [group: string, artifact: string, version: string, heldBack: boolean])[] = [
  ['org.apache.commons', 'commons-lang3', '3.17.0', false],
  ['com.google.code.gson', 'gson', '2.11.0', false],
  ['commons-io', 'commons-io', '2.18.0', false],
  ['org.jsoup', 'jsoup', '1.18.3', true],
  ['info.picocli', 'picocli', '4.7.6', true],
  ['joda-time', 'joda-time', '2.13.0', true],
];

const filesOfProject = 60;
const getter = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get';

export function javaProjects(): readonly Project[] {
  return artifacts.map(([group, artifact, version, heldBack]) => {
    const folder = join(realpathSync(benchFolder('java')), `${artifact}-${version}`);
    if (!existsSync(join(folder, 'pom.xml'))) fetchSources(group, artifact, version, folder);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.java') && !/(?:module|package)-info\.java$/.test(path))
      .sort()
      .map(path => join(folder, path));
    return { name: `${artifact} ${version}`, folder, files: spread(files, filesOfProject), heldBack };
  });
}

/** The published sources below `src/main/java`, with the build that says what they need, which is fetched as well. */
function fetchSources(group: string, artifact: string, version: string, folder: string): void {
  const get = (more: readonly string[]): void => {
    execFileSync('mvn', ['-q', '-B', getter, ...more], { stdio: 'inherit' });
  };
  get([`-Dartifact=${group}:${artifact}:${version}`]);
  get([`-Dartifact=${group}:${artifact}:${version}:jar:sources`, '-Dtransitive=false']);
  const from = join(homedir(), '.m2', 'repository', ...group.split('.'), artifact, version);
  const sources = join(folder, 'src', 'main', 'java');
  mkdirSync(sources, { recursive: true });
  execFileSync('unzip', ['-qo', join(from, `${artifact}-${version}-sources.jar`)], { cwd: sources });
  copyFileSync(join(from, `${artifact}-${version}.pom`), join(folder, 'pom.xml'));
}

export function javaPlaces(root: Node): readonly Place[] {
  const places: Place[] = [];
  for (const node of nodesBelow(root)) {
    const kind = kindOf(node);
    if (kind !== null) places.push({ kind, start: node.startIndex, end: node.endIndex });
  }
  return places;
}

const declaring =
  /_declaration$|^(?:variable_declarator|enum_constant|formal_parameter|catch_formal_parameter|resource|inferred_parameters|enhanced_for_statement|instanceof_expression|type_pattern|record_pattern_component|compact_constructor_declaration)$/;

function kindOf(node: Node): MutantKind | null {
  const { parent } = node;
  if (parent === null || (node.type !== 'identifier' && node.type !== 'type_identifier')) return null;
  if (isWithin(node, 'package_declaration') || node.text === 'var') return null;
  if (isWithin(node, 'import_declaration'))
    return parent.parent?.type === 'import_declaration' && isField(node, 'name') ? 'import' : null;
  if (node.type === 'type_identifier') return parent.type === 'type_parameter' ? null : 'type';
  if (parent.type === 'formal_parameter') return isUsed(node) ? 'parameter' : null;
  if (/^(?:labeled|break|continue)_statement$/.test(parent.type)) return null;
  if (parent.type === 'method_invocation') {
    if (isField(node, 'name')) return parent.childForFieldName('object') === null ? 'name' : 'member';
    return 'name';
  }
  if (parent.type === 'field_access') return isField(node, 'field') ? 'member' : 'name';
  if (parent.type === 'lambda_expression' && isField(node, 'parameters')) return null;
  if (parent.type === 'scoped_identifier') return null;
  if (declaring.test(parent.type) && (isField(node, 'name') || parent.type === 'inferred_parameters')) return null;
  return 'name';
}

function isWithin(node: Node, type: string): boolean {
  for (let at = node.parent; at !== null; at = at.parent) if (at.type === type) return true;
  return false;
}

function isUsed(node: Node): boolean {
  const owner = node.parent?.parent?.parent ?? null;
  return owner !== null && usesName(owner.childForFieldName('body'), node.text, ['identifier']);
}
