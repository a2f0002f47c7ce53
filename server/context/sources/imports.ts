import { dirname } from 'node:path';
import { nearestFolder } from '../../base/paths.js';
import type { Declaration } from '../declarations/declarationsOf.js';
import { namesLine, renderDeclaration } from '../declarations/renderDeclaration.js';
import { clip, commentOf, holderOf, linesDrawnFrom } from '../extracts.js';
import type { Import } from '../imports.js';
import type { Found } from '../found.js';
import { labelOf, type Place } from '../place.js';
import type { ContextSource, Supplies } from '../source.js';
import { goFiles, workspaceModules, type ModuleText } from '../workspaceModules.js';
import { languageIdOf } from '../workspaceText.js';

const maxModules = 16;
/** Of all modules together: each is read and looked through. */
const maxFiles = 28;
const maxUnits = 1_400;
const maxNamedUnits = 500;
const maxOtherUnits = 160;
const maxNamesUnits = 400;

/** What the imported files of the workspace offer: what is imported with its members, all else by its first lines. */
export const imports: ContextSource = {
  name: 'imports',
  share: 0.45,
  keyOf(place) {
    const names = place.names().slice(0, 40);
    return `${place
      .imports()
      .map(each => `${each.module}:${each.names.join()}`)
      .join(' ')}|${names.map(({ name }) => name).join(' ')}`;
  },
  async find(place, supplies) {
    const { path } = place.snapshot;
    const { folder } = place;
    if (path === null || folder === null) return [];
    const languageId = place.language?.id ?? '';
    const modules = new Map<string, { readonly module: ModuleText; readonly named: Set<string> }>();
    const add = (module: ModuleText, names: readonly string[]): void => {
      if (module.path === path) return;
      const known = modules.get(module.path) ?? { module, named: new Set<string>() };
      for (const name of names) known.named.add(name);
      modules.set(module.path, known);
    };
    const near = new Map(place.names().map(({ name, weight }) => [name, weight]));
    // The files of a Go package need no import to see each other.
    if (languageId === 'go') for (const module of await goFiles(dirname(path), path, folder, supplies)) add(module, []);
    for (const each of usedFirst(place.imports(), near).slice(0, maxModules)) {
      if (modules.size >= maxFiles) break;
      for (const module of await workspaceModules(each, path, folder, languageId, supplies)) add(module, each.names);
    }
    const found = await Promise.all(
      [...modules.values()].map(each => show(each.module, each.named, near, place, supplies)),
    );
    return found.flatMap(each => each ?? []).sort((left, right) => right.score - left.score);
  },
};

/** Those whose names stand near the cursor, then the last ones: what comes first is rarely of the workspace. */
function usedFirst(all: readonly Import[], near: ReadonlyMap<string, number>): readonly Import[] {
  const use = ({ names, alias }: Import): number =>
    [...names, alias ?? ''].reduce((sum, name) => sum + (near.get(name) ?? 0), 0);
  return all
    .map((each, at) => ({ each, at, use: use(each) }))
    .sort((left, right) => right.use - left.use || right.at - left.at)
    .map(({ each }) => each);
}

async function show(
  { path, text }: ModuleText,
  named: ReadonlySet<string>,
  near: ReadonlyMap<string, number>,
  place: Place,
  supplies: Supplies,
): Promise<Found | null> {
  const declared = await supplies.declarations(path, text, languageIdOf(path));
  const isBeside = place.language?.id === 'go' && dirname(path) === dirname(place.snapshot.path ?? '');
  // What stands outside of its type is shown with it.
  const usable = declared.filter(
    each => (each.isExported || named.has(each.name) || isBeside) && holderOf(each, declared) === each,
  );
  if (usable.length === 0) return null;
  const wanted = new Set([...near.keys(), ...named]);
  const isNamed = (each: Declaration): boolean => named.has(each.name) || near.has(each.name);
  const lines = fitting(usable, isNamed, wanted, declared, commentOf(path), isBeside);
  const used = usable.filter(isNamed).reduce((sum, { name }) => sum + (near.get(name) ?? 0.3), 0);
  const folder = nearestFolder(path, supplies.folders());
  return {
    id: `imports:${path}`,
    passage: {
      path,
      label: labelOf(path, folder),
      startLine: usable[0]?.startLine ?? 0,
      text: `${lines}\n`,
      drawnFrom: linesDrawnFrom(declared),
      source: 'imports',
    },
    score: (isBeside && used === 0 ? 0.2 : 0.3) + 0.6 * (1 - Math.exp(-used / 3)),
    from: 'workspace',
    basis: text,
    covers: usable.map(({ startLine, endLine }) => ({ startLine, endLine })),
  };
}

/** In the file's order: all that is named, then as many others as there is room for, then the names of the rest. */
function fitting(
  usable: readonly Declaration[],
  isNamed: (each: Declaration) => boolean,
  wanted: ReadonlySet<string>,
  declared: readonly Declaration[],
  comment: string,
  withPrivate: boolean,
): string {
  const shown = new Map<Declaration, string>();
  let left = maxUnits;
  for (const pass of [true, false]) {
    for (const each of usable) {
      if (isNamed(each) !== pass) continue;
      const room = pass ? maxNamedUnits : maxOtherUnits;
      const options = { maxUnits: room, wanted, comment, withPrivate, ...(pass ? { declared } : {}) };
      const text = clip(renderDeclaration(each, options), room);
      if (text.length + 1 > left) continue;
      shown.set(each, text);
      left -= text.length + 1;
    }
  }
  const names = namesLine(
    usable.filter(each => !shown.has(each)).map(({ name }) => name),
    maxNamesUnits,
    comment,
  );
  return [...usable.flatMap(each => shown.get(each) ?? []), ...(names === null ? [] : [names])].join('\n');
}
