import { dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import { isRecord } from '../../base/record.js';
import { asComment } from '../comments.js';
import type { Place } from '../place.js';
import type { ContextSource, Supplies } from '../source.js';
import { familyOf } from '../workspaceText.js';

/** A file that has so much shows its conventions itself. */
const enoughUnits = 1_500;

/** How files like this one are written, where the file is too short to show it: its test framework, its indentation. */
export const conventions: ContextSource = {
  name: 'conventions',
  share: 0.05,
  keyOf: place => `${isShort(place)} ${place.imports().length}`,
  async find(place, supplies) {
    if (!isShort(place)) return [];
    const facts = [await testFramework(place, supplies), await indentation(place, supplies)].flatMap(
      fact => fact ?? [],
    );
    const text = facts.length === 0 ? null : asComment(facts.join(' '), place.language);
    if (text === null) return [];
    const passage = { path: null, label: place.label, startLine: 0, text, source: 'conventions' };
    return [{ id: 'conventions', passage, score: 0.5, from: 'made', basis: text }];
  },
};

function isShort({ before, behind }: Place): boolean {
  return before.length + behind.length < enoughUnits;
}

const scriptFrameworks = [
  'vitest',
  'jest',
  '@jest/globals',
  'mocha',
  'ava',
  'tap',
  'uvu',
  'jasmine',
  '@playwright/test',
  'cypress',
];
const pythonFrameworks = ['pytest', 'nose2', 'unittest2'];

async function testFramework(place: Place, supplies: Supplies): Promise<string | null> {
  const { path } = place.snapshot;
  if (path === null || !/(?:^|[\\/._-])(?:tests?|specs?|__tests__)(?:[\\/._-])/i.test(place.label)) return null;
  switch (familyOf(place.language?.id ?? '')) {
    case 'script': {
      const manifest = await nearestFile('package.json', place, supplies);
      const name = scriptFrameworks.find(each => dependsOn(manifest, each));
      return name === undefined ? null : `Tests use ${name}.`;
    }
    case 'python': {
      const texts = await Promise.all(
        ['pyproject.toml', 'requirements-dev.txt', 'requirements.txt', 'setup.cfg', 'tox.ini'].map(name =>
          nearestFile(name, place, supplies),
        ),
      );
      const name = pythonFrameworks.find(each => texts.some(text => text?.includes(each) === true));
      return name === undefined ? null : `Tests use ${name}.`;
    }
    default:
      return null;
  }
}

function dependsOn(manifest: string | null, name: string): boolean {
  if (manifest === null) return false;
  try {
    const read: unknown = JSON.parse(manifest);
    return ['devDependencies', 'dependencies'].some(section => {
      const listed = isRecord(read) ? read[section] : null;
      return isRecord(listed) && Object.hasOwn(listed, name);
    });
  } catch {
    return false; // Half written.
  }
}

/** What .editorconfig says of all files; what it says of some is left to the editor. */
async function indentation(place: Place, supplies: Supplies): Promise<string | null> {
  if (/^[ \t]/m.test(place.before + place.behind)) return null;
  const text = await nearestFile('.editorconfig', place, supplies);
  const all = /^\[\*\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(text ?? '')?.[1] ?? '';
  if (/^\s*indent_style\s*=\s*tab/m.test(all)) return 'Indented with tabs.';
  const size = /^\s*indent_size\s*=\s*(\d+)/m.exec(all)?.[1];
  return size === undefined ? null : `Indented with ${size} spaces.`;
}

async function nearestFile(name: string, { snapshot, folder }: Place, { texts }: Supplies): Promise<string | null> {
  if (snapshot.path === null || folder === null) return null;
  for (let at = dirname(snapshot.path); isInside(folder, at); at = dirname(at)) {
    const text = await texts.read(join(at, name), [folder]);
    if (text !== null || at === dirname(at)) return text;
  }
  return null;
}
