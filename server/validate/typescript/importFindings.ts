import ts from 'typescript';
import { posix } from 'node:path';
import type { Finding } from '../validator.js';
import type { ConfinedFiles } from './confinedFiles.js';
import type { ModuleJudgement, Packages } from './packages.js';

export interface ImportFindings {
  readonly findings: readonly Finding[];
  /** Packages that nothing says anything of. */
  readonly notJudged: readonly string[];
  /** Packages that are declared and not installed. */
  readonly absent: readonly string[];
}

/** Where a module is named, as [start, end) of what stands between the quotes. */
interface Specifier {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly node: ts.Node;
}

/** Modules that are named but cannot be there. `unresolved` are starts of the names that the compiler found nothing for. */
export function importFindings(
  source: ts.SourceFile,
  unresolved: ReadonlySet<number>,
  checker: ts.TypeChecker,
  packages: Packages,
  files: ConfinedFiles,
): ImportFindings {
  const findings: Finding[] = [];
  const notJudged: string[] = [];
  const absent: string[] = [];
  for (const specifier of specifiersOf(source)) {
    const isUnresolved = unresolved.has(specifier.start - 1);
    if (isPath(specifier.text)) {
      if (isUnresolved && !isThere(specifier.text, source.fileName, files))
        findings.push(noSuchFile(specifier, source));
    } else if (!specifier.text.startsWith('#')) {
      const judgement = packages.judge(specifier.text, source.fileName);
      if (judgement.kind === 'not-judged') {
        if (isUnresolved) notJudged.push(specifier.text);
      } else if (judgement.kind === 'absent') {
        if (checker.getSymbolAtLocation(specifier.node) === undefined) absent.push(judgement.name);
      } else {
        // The compiler may know it all the same: an alias of the configuration, a declared module.
        const isResolved = checker.getSymbolAtLocation(specifier.node) !== undefined;
        const finding = findingFor(judgement, specifier, source, isResolved, isUnresolved, files);
        if (finding !== null) findings.push(finding);
      }
    }
  }
  return { findings, notJudged, absent };
}

function isPath(specifier: string): boolean {
  return /^\.{1,2}(?:\/|$)/.test(specifier);
}

function findingFor(
  judgement: ModuleJudgement,
  specifier: Specifier,
  source: ts.SourceFile,
  isResolved: boolean,
  isUnresolved: boolean,
  files: ConfinedFiles,
): Finding | null {
  const at = { severity: 'high', path: source.fileName, start: specifier.start, end: specifier.end } as const;
  switch (judgement.kind) {
    case 'unknown-package': {
      if (isResolved) return null;
      const { name, near } = judgement;
      const meant = near === null ? '' : ` Did you mean '${near}'?`;
      const message = `No package called '${name}' is installed, and no package.json of this project declares one.${meant}`;
      const fix = near === null ? null : [{ start: specifier.start, end: specifier.start + name.length, text: near }];
      return { ...at, rule: 'names/unknown-package', message, fix };
    }
    case 'unknown-builtin': {
      const { name, near } = judgement;
      const meant = near === null ? '' : ` Did you mean '${near}'?`;
      const fix = near === null ? null : [{ start: specifier.start, end: specifier.end, text: near }];
      return { ...at, rule: 'names/unknown-module', message: `Node has no module '${name}'.${meant}`, fix };
    }
    case 'installed': {
      const { folder, subpath } = judgement;
      if (!isUnresolved || subpath === '' || isInPackage(folder, subpath, files)) return null;
      const message = `The installed version of '${posix.basename(folder)}' has no module '${specifier.text}'.`;
      return { ...at, rule: 'names/unknown-module', message, fix: null };
    }
    default:
      return null;
  }
}

function isInPackage(folder: string, subpath: string, files: ConfinedFiles): boolean {
  const path = posix.join(folder, subpath);
  if (files.directoryExists(path)) return true;
  if (/\.(?!(?:[cm]?[jt]sx?)$)\w+$/.test(subpath)) return files.fileExists(path);
  // A module without types is none to the compiler; a map of exports is the compiler's to read.
  return (
    ['', '.js', '.cjs', '.mjs', '.json'].some(ending => files.fileExists(path + ending)) || hasPattern(folder, files)
  );
}

function hasPattern(folder: string, files: ConfinedFiles): boolean {
  return /"exports"\s*:/.test(files.readFile(posix.join(folder, 'package.json')) ?? '');
}

const aside = /^\.(?:test|tests|spec|stories|bench|cy|e2e)\.[cm]?[jt]sx?$/;
const builtFolder =
  /(?:^|\/)(?:dist|build|out|lib|libs|generated|__generated__|gen|\.[\w-]+|_build|pkg|esm|cjs|public|bundle|target|artifacts|typings|types)(?:\/|$)/;

/**
 * Whether a path that the compiler cannot use leads to something all the same: a stylesheet, a component, a picture, or what
 * a build is yet to make.
 */
function isThere(specifier: string, from: string, files: ConfinedFiles): boolean {
  const path = posix.join(posix.dirname(from), specifier.replace(/[?#].*$/, '')).replace(/(.)\/$/, '$1');
  if (!path.startsWith(`${files.root}/`)) return true;
  if (files.fileExists(path) || files.directoryExists(path)) return true;
  const { files: siblings } = files.entries(posix.dirname(path));
  // Tests and the like that lie beside a module are not the module.
  const stem = posix.basename(path);
  if (siblings.some(name => name.startsWith(`${stem}.`) && !aside.test(name.slice(stem.length)))) return true;
  const withoutEnding = posix.basename(path).replace(/\.[cm]?[jt]sx?$/, '');
  if (withoutEnding !== posix.basename(path) && siblings.some(name => name.startsWith(`${withoutEnding}.`)))
    return true;
  if (/\.(?:node|wasm)$/.test(path) || /\.generated|\.gen\b|auto-?generated/i.test(path)) return true;
  return !files.directoryExists(posix.dirname(path)) ? builtFolder.test(path.slice(files.root.length)) : false;
}

function noSuchFile({ text, start, end }: Specifier, source: ts.SourceFile): Finding {
  const message = `There is no module '${text}' beside this file.`;
  return { rule: 'names/unknown-module', severity: 'high', path: source.fileName, start, end, message, fix: null };
}

/** All module names of a file that are written out: imports, re-exports, `import()`, `require()`. */
export function specifiersOf(source: ts.SourceFile): readonly Specifier[] {
  const found: Specifier[] = [];
  const take = (node: ts.Node | undefined) => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    found.push({ text: node.text, start: node.getStart(source) + 1, end: node.getEnd() - 1, node });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) take(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) take(node.argument.literal);
    else if (ts.isCallExpression(node) && isLoad(node) && !isGuarded(node)) take(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isLoad({ expression, arguments: given }: ts.CallExpression): boolean {
  if (given.length === 0) return false;
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require')
  );
}

/** What is loaded inside `try`, or with a `catch`, may be missing. */
function isGuarded(node: ts.Node): boolean {
  for (
    let at: ts.Node | undefined = node;
    at !== undefined && !ts.isSourceFile(at);
    at = at.parent as ts.Node | undefined
  ) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at) return true;
    if (ts.isPropertyAccessExpression(at) && at.name.text === 'catch') return true;
  }
  return false;
}
