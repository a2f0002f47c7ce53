import { builtinModules } from 'node:module';

/** A package that a text imports, and where it is named. */
export interface ImportedPackage {
  readonly ecosystem: 'npm' | 'python' | 'rust';
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Packages of others: no files of one's own, nothing that comes with the language. Each at its first place. */
export function importedPackages(text: string, languageId: string): ImportedPackage[] {
  const found = importsOf(text, languageId);
  const seen = new Set<string>();
  return found.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function importsOf(text: string, languageId: string): ImportedPackage[] {
  switch (languageId) {
    case 'javascript':
    case 'javascriptreact':
    case 'typescript':
    case 'typescriptreact':
      return matches(text, npmImport, 'npm', packageName);
    case 'python':
      return matches(text, pythonImport, 'python', name => name.split('.')[0] ?? null);
    case 'rust':
      return matches(text, rustImport, 'rust', name => (ownCrates.has(name) ? null : name));
    default:
      return [];
  }
}

const npmImport =
  /(?:^|[\s;}])(?:import|export)\s[^'"`;()]{0,2000}?\bfrom\s*(["'])([^"'\n]+)\1|(?:^|[\s;])import\s*(["'])([^"'\n]+)\3|\b(?:require|import)\(\s*(["'])([^"'\n]+)\5\s*\)/g;
const pythonImport = /^[ \t]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import\b|import[ \t]+([A-Za-z_][\w.]*))/gm;
const rustImport =
  /^[ \t]*(?:pub[ \t]+)?(?:use[ \t]+(?:::)?([a-z_]\w*)(?=::|;|[ \t]+as\b)|extern[ \t]+crate[ \t]+(\w+))/gm;
const ownCrates = new Set(['std', 'core', 'alloc', 'crate', 'self', 'super', 'proc_macro', 'test']);

function matches(
  text: string,
  pattern: RegExp,
  ecosystem: ImportedPackage['ecosystem'],
  nameOf: (specifier: string) => string | null,
): ImportedPackage[] {
  return [...text.matchAll(pattern)].flatMap(match => {
    const specifier =
      match.slice(1).findLast(group => group !== undefined && group.length > 1) ?? match[1] ?? match[2] ?? '';
    const name = nameOf(specifier);
    if (name === null) return [];
    const start = match.index + match[0].lastIndexOf(specifier);
    return [{ ecosystem, name, start, end: start + specifier.length }];
  });
}

/** `@scope/name/deep` is `@scope/name`. */
function packageName(specifier: string): string | null {
  if (/^[./#~]|^node:|^[a-z]+:/.test(specifier)) return null;
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
  return builtinModules.includes(name) || !/^(?:@[\w.-]+\/)?[\w.-]+$/.test(name) ? null : name;
}
