export interface RequiredModule {
  readonly path: string;
  /** What stands for it: itself, another module, or a folder. */
  readonly target: string;
  /** Null where the target is a folder. */
  readonly version: string | null;
}

/** What is required, and by what it is replaced; a folder has no version. */
export function requiredModules(text: string): RequiredModule[] {
  const found = new Map<string, RequiredModule>();
  for (const [, path = '', version = ''] of text.matchAll(
    /^\s*(?:require\s+)?([\w./~-]+\.[\w./~-]+)\s+(v[\w.+-]+)/gm,
  )) {
    found.set(path, { path, target: path, version });
  }
  for (const [, path = '', target = '', version] of text.matchAll(
    /^\s*(?:replace\s+)?([\w./~-]+)(?:\s+v[\w.+-]+)?\s+=>\s+([\w./~-]+)(?:[ \t]+(v[\w.+-]+))?/gm,
  )) {
    found.set(path, { path, target, version: version ?? null });
  }
  return [...found.values()];
}

/** Go writes capitals in its cache as `!` and the small letter. */
export function escapedModule(path: string): string {
  return path.replace(/[A-Z]/g, letter => `!${letter.toLowerCase()}`);
}
