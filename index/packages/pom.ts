export interface Dependency {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** What pom.xml files name, the nearest first, with their properties put in; those without a version are left out. */
export function pomDependencies(poms: readonly string[]): readonly Dependency[] {
  const texts = poms.map(pom => pom.replace(/<!--[\s\S]*?-->/g, ''));
  const properties = new Map<string, string>();
  for (const pom of [...texts].reverse()) {
    for (const [, block = ''] of pom.matchAll(/<properties>([\s\S]*?)<\/properties>/g)) {
      for (const [, name = '', value = ''] of block.matchAll(/<([\w.-]+)>([^<]*)<\/\1>/g))
        properties.set(name, value.trim());
    }
  }
  const put = (text: string): string =>
    text.trim().replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => properties.get(name) ?? whole);
  const found = new Map<string, Dependency>();
  for (const [, block = ''] of texts.join('\n').matchAll(/<dependency>([\s\S]*?)<\/dependency>/g)) {
    const part = (name: string): string => put(new RegExp(`<${name}>([^<]*)</${name}>`).exec(block)?.[1] ?? '');
    const [group, artifact, version] = [part('groupId'), part('artifactId'), part('version')];
    // What they are joined to is a path.
    if ([group, artifact, version].every(name => /^[\w.+-]+$/.test(name) && !name.startsWith('.'))) {
      found.set(`${group}:${artifact}`, { group, artifact, version });
    }
  }
  return [...found.values()];
}
