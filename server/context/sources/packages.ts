import { asComment } from '../comments.js';
import type { Found } from '../found.js';
import { extractOf, holderOf } from '../extracts.js';
import type { Import } from '../imports.js';
import type { Ecosystem, ImportingFile } from '../packages/ecosystem.js';
import { go } from '../packages/go.js';
import { java } from '../packages/java.js';
import { node } from '../packages/node.js';
import { python } from '../packages/python.js';
import { rust } from '../packages/rust.js';
import type { Place } from '../place.js';
import type { ContextSource, Supplies } from '../source.js';

const ecosystems: readonly Ecosystem[] = [node, python, go, rust, java];

const maxImports = 16;
const maxNames = 12;
const maxUnits = 900;
/** Types that a shown declaration speaks of. */
const maxRelated = 4;

/** The real interface of what is imported, in the version that is installed. */
export const packages: ContextSource = {
  name: 'packages',
  share: 0.45,
  keyOf: place => JSON.stringify(wantedBy(place)),
  async find(place, supplies) {
    const { path } = place.snapshot;
    const languageId = place.language?.id ?? '';
    const ecosystem = ecosystems.find(({ languages }) => languages.includes(languageId));
    if (path === null || place.folder === null || ecosystem === undefined) return [];
    const from = { path, folder: place.folder, languageId };
    const near = new Map(place.names().map(({ name, weight }) => [name, weight]));
    const found: Found[] = [];
    for (const wanted of wantedBy(place)) {
      for (const file of await ecosystem.find(wanted, from, supplies)) {
        const { text } = file;
        const options = {
          source: 'packages',
          path: file.path,
          label: file.label,
          from: 'package',
          text,
          declared: await supplies.declarations(file.path, text, file.languageId),
          wanted: new Set(near.keys()),
          maxUnits,
        } as const;
        const held = new Set(file.declarations.map(each => holderOf(each, options.declared)));
        const shown = [...held].map(each => extractOf(each, worth(each.name, wanted.import, near), options));
        found.push(...shown, ...(await spokenOf(shown, file, text, options, supplies)));
      }
    }
    found.push(...(await factsOf(ecosystem, from, place, supplies)));
    return found.sort((left, right) => right.score - left.score);
  },
};

async function factsOf(
  ecosystem: Ecosystem,
  from: ImportingFile,
  place: Place,
  supplies: Supplies,
): Promise<readonly Found[]> {
  const facts = (await ecosystem.facts?.(place.imports(), from, supplies)) ?? [];
  const text = facts.length === 0 ? null : asComment(`Installed: ${facts.join(', ')}.`, place.language);
  if (text === null) return [];
  const passage = { path: null, label: place.label, startLine: 0, text, source: 'packages' };
  return [{ id: 'packages:versions', passage, score: 0.4, from: 'made', basis: text }];
}

interface Wanted {
  readonly import: Import;
  readonly names: readonly string[];
}

/** For each import what of it is used in the file; what is used near the cursor comes first. */
function wantedBy(place: Place): readonly Wanted[] {
  const text = nearText(place);
  return place
    .imports()
    .slice(0, maxImports)
    .map(each => {
      const members = each.alias === null ? [] : membersOf(each.alias, text);
      // What is imported by its name may be a module itself.
      const inside = each.names.flatMap(name => membersOf(name, text).map(member => `${name}.${member}`));
      const own = each.alias !== null && each.names.length === 0 ? [''] : [];
      return { import: each, names: [...new Set([...each.names, ...members, ...own, ...inside])].slice(0, maxNames) };
    })
    .filter(({ names }) => names.length > 0);
}

const nearUnits = 12_000;

function nearText({ before, behind }: Place): string {
  return `${before.slice(-nearUnits)}\n${behind.slice(0, nearUnits)}`;
}

/** `fs.readFile`, `json::Value`: what of a module is used by its name. The nearest to the cursor first would not be stable. */
function membersOf(alias: string, text: string): string[] {
  if (!/^[\w.$]+$/u.test(alias)) return [];
  const name = alias.replace(/[.$]/g, '\\$&');
  return [...text.matchAll(new RegExp(`(?<![\\w.$])${name}(?:\\.|::)([A-Za-z_]\\w*)`, 'g'))].flatMap(
    match => match[1] ?? [],
  );
}

function worth(name: string, from: Import, near: ReadonlyMap<string, number>): number {
  const weight = (near.get(name) ?? 0) + 0.5 * (near.get(from.alias ?? '') ?? 0);
  return 0.3 + 0.65 * (1 - Math.exp(-weight / 2.5));
}

/** What a function gives back matters as much as how it is called. */
async function spokenOf(
  shown: readonly Found[],
  file: { readonly path: string; readonly languageId: string },
  text: string,
  options: Parameters<typeof extractOf>[2],
  supplies: Supplies,
): Promise<readonly Found[]> {
  const own = new Set(shown.map(({ id }) => id));
  const declared = new Map(
    (await supplies.declarations(file.path, text, file.languageId)).map(each => [each.name, each]),
  );
  const best = Math.max(0, ...shown.map(({ score }) => score));
  const found: Found[] = [];
  for (const { passage } of shown) {
    for (const [name] of passage.text.matchAll(/\b\p{Lu}[\p{L}\p{N}_]+/gu)) {
      const each = declared.get(name);
      if (each?.isType !== true || found.length >= maxRelated) continue;
      const extract = extractOf(each, best * 0.6, { ...options, maxUnits: 600 });
      if (own.has(extract.id)) continue;
      own.add(extract.id);
      found.push(extract);
    }
  }
  return found;
}
