import type { Declaration } from '../declarations/declarationsOf.js';
import type { DiskTexts } from '../diskTexts.js';
import type { Supplies } from '../source.js';

/** A file of a package, with those of its declarations that are wanted. */
export interface PackageFile {
  readonly path: string;
  /** As a model sees it. */
  readonly label: string;
  readonly languageId: string;
  readonly text: string;
  readonly declarations: readonly Declaration[];
}

/** Where a name may be declared that a file hands on; `a.b` is `b` of what is called `a`. */
export interface Lead {
  readonly path: string;
  readonly name: string;
}

export interface CollectOptions {
  readonly supplies: Pick<Supplies, 'declarations'> & { readonly texts: Pick<DiskTexts, 'read'> };
  /** Files may not really lie anywhere else. */
  readonly within: readonly string[];
  readonly languageId: string;
  readonly labelOf: (path: string) => string;
  /** Where else to look for a name that `text` does not declare, the likeliest first. */
  readonly leads: (path: string, text: string, name: string) => Promise<readonly Lead[]>;
  readonly maxFiles?: number;
}

/** Follows names from file to file until each is found, or so many files were read. */
export async function collect(entries: readonly Lead[], options: CollectOptions): Promise<readonly PackageFile[]> {
  const { supplies, within, languageId, labelOf, leads, maxFiles = 14 } = options;
  const queue = [...entries];
  const asked = new Set(queue.map(keyOf));
  const found = new Map<string, { readonly text: string; readonly declarations: Map<string, Declaration> }>();
  const files = new Set<string>();
  const known = new Set<string>();
  for (let lead = queue.shift(); lead !== undefined; lead = queue.shift()) {
    const { path, name } = lead;
    if (!files.has(path) && files.size >= maxFiles) continue;
    const text = await supplies.texts.read(path, within);
    if (text === null) continue;
    files.add(path);
    const declared = await supplies.declarations(path, text, languageId);
    const own = declaredAs(name, declared);
    if (own.length > 0) {
      const kept = found.get(path) ?? { text, declarations: new Map<string, Declaration>() };
      for (const each of own) kept.declarations.set(`${each.startLine}`, each);
      found.set(path, kept);
      known.add(name);
      continue;
    }
    if (known.has(name)) continue;
    for (const next of await leads(path, text, name)) {
      if (asked.has(keyOf(next))) continue;
      asked.add(keyOf(next));
      queue.push(next);
    }
  }
  return [...found].map(([path, { text, declarations }]) => ({
    path,
    label: labelOf(path),
    languageId,
    text,
    declarations: [...declarations.values()].sort((left, right) => left.startLine - right.startLine),
  }));
}

/** `a.b` is declared by `a`, or else, where `a` is the module, by `b`. */
function declaredAs(name: string, declared: readonly Declaration[]): readonly Declaration[] {
  const [first = '', member] = name.split('.');
  const own = declared.filter(each => each.name === first || each.owner === first);
  return own.length > 0 || member === undefined ? own : declared.filter(each => each.name === member);
}

function keyOf({ path, name }: Lead): string {
  return `${path}\0${name}`;
}
