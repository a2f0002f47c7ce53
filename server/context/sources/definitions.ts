import { dirname, join } from 'node:path';
import { extractOf, holderOf } from '../extracts.js';
import type { Found } from '../found.js';
import type { NearName } from '../names.js';
import type { Place } from '../place.js';
import type { ContextSource, Definition, Supplies } from '../source.js';
import { familyOf, languageIdOf, workspaceText } from '../workspaceText.js';

const maxNames = 28;
const maxDefiners = 2;
const maxUnits = 800;
/** A name that more files define is likely something else here. */
const commonDefiners = 5;

/** Declarations, in other files, of what is named around the cursor: signatures and members, no bodies. */
export const definitions: ContextSource = {
  name: 'definitions',
  share: 0.55,
  keyOf: place =>
    namesOf(place)
      .map(({ name }) => name)
      .join(' '),
  async find(place, supplies) {
    const family = familyOf(place.language?.id ?? '');
    const wanted = new Set(place.names().map(({ name }) => name));
    const names = namesOf(place);
    const all = await supplies.definitions.find(names.map(({ name }) => name));
    const chosen = names.map(name => definersOf(name, all, place, family));
    const byId = new Map<string, Found>();
    for (const each of (
      await Promise.all(chosen.flat().map(definer => show(definer, wanted, place, supplies)))
    ).flat()) {
      const before = byId.get(each.id);
      // Several of its members are named here.
      const score = before === undefined ? each.score : 1 - (1 - before.score) * (1 - each.score);
      byId.set(each.id, { ...each, score });
    }
    return [...byId.values()].sort((left, right) => right.score - left.score);
  },
};

function namesOf(place: Place): readonly NearName[] {
  return place.names().slice(0, maxNames);
}

interface Definer {
  readonly definition: Definition;
  readonly path: string;
  readonly score: number;
}

function definersOf(
  { name, weight }: NearName,
  found: readonly Definition[],
  place: Place,
  family: string,
): readonly Definer[] {
  const { path } = place.snapshot;
  const all = found
    .filter(each => each.name === name)
    .map(definition => ({ definition, path: join(definition.folder, definition.path) }))
    .filter(each => familyOf(languageIdOf(each.path)) === family);
  const files = new Set(all.map(each => each.path));
  const rarity = files.size > commonDefiners ? 0.1 : 1 / Math.sqrt(Math.max(1, files.size));
  // What the file defines itself is meant here.
  const own = path !== null && files.has(path) ? 0.25 : 1;
  return all
    .filter(each => each.path !== path)
    .map(each => ({ ...each, score: score(weight * rarity * own * nearness(each.definition, each.path, place)) }))
    .sort((left, right) => right.score - left.score)
    .slice(0, maxDefiners);
}

/** From any weight to 0…1. */
function score(weight: number): number {
  return 1 - Math.exp(-weight / 2.5);
}

function nearness(definition: Definition, path: string, place: Place): number {
  const isMember = definition.container !== '' ? 0.6 : 1;
  const isTest = /(?:^|[\\/._-])(?:tests?|specs?|mocks?|fixtures?)[\\/._-]/i.test(definition.path) ? 0.5 : 1;
  const isBeside = place.snapshot.path !== null && dirname(place.snapshot.path) === dirname(path);
  return isMember * isTest * importedFrom(definition.name, path, place) * (isBeside ? 1.3 : 1);
}

/** Whether an import says that a name is meant from this file, or from another one. */
function importedFrom(name: string, path: string, place: Place): number {
  const parts = path.replace(/(?:\.d)?\.\w+$/, '').split(/[\\/]/);
  let weight = 1;
  for (const { module, names } of place.imports()) {
    const isThis = leadsTo(module, parts) || leadsTo(module, parts.slice(0, -1));
    if (names.includes(name)) return isThis ? 2 : 0.6;
    if (isThis) weight = 1.5;
  }
  return weight;
}

/** Whether a path ends as a module is called: all of `./lib/price.js`; of a Go module its last part, as the rest names no folder. */
function leadsTo(module: string, parts: readonly string[]): boolean {
  const isUrl = /^[\w-]+\.\w+\//.test(module);
  const way = module
    .replace(/\.[cm]?[jt]sx?$/, '')
    .split(/[/.:]+/)
    .filter(part => part !== '' && part !== 'crate' && part !== 'self' && part !== 'super');
  const wanted = isUrl ? way.slice(-1) : way;
  return wanted.length > 0 && wanted.every((part, at) => parts[parts.length - wanted.length + at] === part);
}

async function show(
  { definition, path, score: worth }: Definer,
  wanted: ReadonlySet<string>,
  place: Place,
  supplies: Supplies,
): Promise<readonly Found[]> {
  const text = await workspaceText(path, supplies);
  if (text === null) return [];
  const { startLine } = definition.nameSpan;
  const declared = await supplies.declarations(path, text, languageIdOf(path));
  const options = {
    source: 'definitions',
    path,
    label: definition.path,
    from: 'workspace',
    text,
    declared,
    wanted,
    maxUnits,
    // The files of a Go package hide nothing from each other.
    withPrivate: path.endsWith('.go') && dirname(path) === dirname(place.snapshot.path ?? ''),
  } as const;
  const around = declared.find(each => each.startLine <= startLine && startLine < each.endLine);
  // The index may be a moment behind the text.
  const declaration = around ?? declared.find(each => each.name === definition.name);
  if (declaration !== undefined) return [extractOf(holderOf(declaration, declared), worth, options)];
  const { signature } = definition;
  const passage = {
    path,
    label: definition.path,
    startLine: definition.span.startLine,
    text: `${signature}\n`,
    source: 'definitions',
  };
  return [{ id: `definitions:${path}:${definition.name}`, passage, score: worth, from: 'workspace', basis: signature }];
}
