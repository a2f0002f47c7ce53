import { dirname, join } from 'node:path';
import { isInside } from '../../base/paths.js';
import type { Supplies } from '../source.js';
import { collect } from './collect.js';
import type { Ecosystem, ImportingFile } from './ecosystem.js';
import { pomDependencies, type Dependency } from '../../../index/packages/pom.js';
import { mavenRepository } from '../../../index/packages/packageRoots.js';

/** What pom.xml names: the sources in the person's local repository, where they were fetched; else the versions alone. */
export const java: Ecosystem = {
  languages: ['java', 'kotlin'],
  async find({ import: { module, names } }, from, supplies) {
    const [name] = names;
    if (name === undefined || /^(?:java|javax|kotlin)\b/.test(module)) return [];
    const repository = mavenRepository(supplies);
    for (const { group, artifact, version } of likeliest(await dependencies(from, supplies), module)) {
      const folder = join(repository, ...group.split('.'), artifact, version);
      const jar = join(folder, `${artifact}-${version}-sources.jar`);
      const archive = await supplies.archives(jar, repository);
      const entry = `${module.replaceAll('.', '/')}/${name}.java`;
      if (archive === null || (await archive.read(entry)) === null) continue;
      const path = `${jar}!/${entry}`;
      const found = await collect([{ path, name }], {
        supplies: { texts: { read: () => archive.read(entry) }, declarations: supplies.declarations },
        within: [],
        languageId: 'java',
        labelOf: () => `${artifact}-${version}/${entry}`,
        leads: () => Promise.resolve([]),
      });
      return found.map(file => ({ ...file, path: jar }));
    }
    return [];
  },
  async facts(imports, from, supplies) {
    const all = await dependencies(from, supplies);
    const used = new Set(imports.flatMap(({ module }) => likeliest(all, module).slice(0, 1)));
    return [...used].map(({ artifact, version }) => `${artifact} ${version}`);
  },
};

const maxPoms = 6;
const maxTried = 6;

/** Those whose group begins like the package, the longest beginning first. */
function likeliest(all: readonly Dependency[], module: string): readonly Dependency[] {
  const parts = module.split('.');
  const alike = ({ group, artifact }: Dependency): number => {
    const own = `${group}.${artifact}`.split(/[.-]/);
    let count = 0;
    while (count < parts.length && parts[count] === own[count]) count++;
    return count;
  };
  return all
    .map(each => ({ each, count: alike(each) }))
    .filter(({ count }) => count >= 2)
    .sort((left, right) => right.count - left.count)
    .map(({ each }) => each)
    .slice(0, maxTried);
}

/** Of the pom.xml files on the way up to the folder, with their properties put in. */
async function dependencies(from: ImportingFile, { texts }: Supplies): Promise<readonly Dependency[]> {
  const poms: string[] = [];
  for (let at = dirname(from.path); isInside(from.folder, at) && poms.length < maxPoms; at = dirname(at)) {
    const pom = await texts.read(join(at, 'pom.xml'), [from.folder]);
    if (pom !== null) poms.push(pom);
    if (at === dirname(at)) break;
  }
  return pomDependencies(poms);
}
