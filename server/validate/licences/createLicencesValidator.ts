import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { languageOf } from '../../../grammars/registry.js';
import { fileRole } from '../fileRole.js';
import { stateFiles, type StateFiles } from '../stateFiles.js';
import {
  nothingWrong,
  type Examined,
  type Finding,
  type SourceFile,
  type Validator,
  type Workplace,
} from '../validator.js';
import { headersOf, type Header } from './headers.js';
import { importedPackages, type ImportedPackage } from './importedPackages.js';
import { createInstalledLicences } from './installedLicences.js';
import { judgeLicence } from './judgeLicence.js';
import { classOfExpression, rank } from './licenceClass.js';
import { readProject, readStart, type Project } from './projectLicence.js';
import { readLicence } from './readLicence.js';

/** Licences of packages that are imported, and headers that say that a text belongs to others. */
export function createLicencesValidator(): Validator {
  const installed = createInstalledLicences();

  return {
    id: 'licences',
    judges: 'Licences of imported packages, and headers of copyleft licences and of other people',
    reach: 'edit',
    needsTrust: false,
    accepts: isProgram,
    identity: ({ rule, message }) => `${rule} ${message}`,
    async examine(files, workplace, signal) {
      const { folder } = workplace;
      if (folder === null) return nothingWrong;
      const findings: Finding[] = [];
      const absent = new Set<string>();
      for (const file of files) {
        signal.throwIfAborted();
        const headers = headersOf(file.text);
        const imports = fileRole(file.path, folder) === 'program' ? importedPackages(file.text, idOf(file)) : [];
        if (headers.length === 0 && imports.length === 0) continue;
        const project = await readProject(file.path, folder, stateFiles(workplace.overlay));
        for (const header of headers) findings.push(...(await judgeHeader(header, file, project)));
        for (const imported of imports) {
          const found = await judgeImport(imported, file, project, { ...workplace, folder });
          if (found === 'absent') absent.add(imported.name);
          else if (found !== null) findings.push(found);
        }
      }
      return { findings, unknown: unknownOf(absent) };
    },
  };

  async function judgeImport(
    imported: ImportedPackage,
    file: SourceFile,
    project: Project,
    { folder, gate, overlay }: Workplace & { readonly folder: string },
  ): Promise<Finding | 'absent' | null> {
    const declared = await installed.of(imported, file.path, folder);
    if (declared === undefined)
      return imported.ecosystem === 'npm' && (await isDeclared(imported, folder, stateFiles(overlay)))
        ? 'absent'
        : null;
    const licence = declared === null ? null : await readLicence(declared);
    if (licence === null) {
      if (gate.licences.allow.length === 0) return null;
      const message = `${imported.name} does not say under which licence it is; the settings allow only some.`;
      return findingOf('unknown-licence', 'medium', file, imported, message);
    }
    const objection = await judgeLicence(licence, project.licence, gate.licences);
    if (objection === null) return null;
    const message = `${imported.name} is under ${licence.expression}, ${objection.why}.`;
    return findingOf('incompatible-package', objection.severity, file, imported, message);
  }
}

/** Documents and texts of licences speak of licences all the time. */
function isProgram({ path, languageId, text }: SourceFile): boolean {
  if (/^(?:licen[cs]e|copying|notice|third.?party|authors|copyright)/i.test(basename(path))) return false;
  const language = languageOf(path, languageId, text.slice(0, 4000));
  return language !== null && !language.prose && language.id !== 'other';
}

function idOf({ path, languageId, text }: SourceFile): string {
  return languageOf(path, languageId, text.slice(0, 4000))?.id ?? '';
}

async function judgeHeader(header: Header, file: SourceFile, project: Project): Promise<Finding[]> {
  if (header.kind === 'copyright') {
    if (await isOwnHolder(header.says, file.path, project)) return [];
    const message = `This says that the rights are held by ${header.says}, whom nothing else here names. Text of others must not be passed off as one's own.`;
    return [findingOf('foreign-copyright', 'medium', file, header, message)];
  }
  const licence = await readLicence(header.says);
  const asks = licence === null ? null : classOfExpression(licence.info);
  if (licence === null || asks === null || rank(asks) < rank('weak-copyleft') || asks === 'restricted') return [];
  const own = project.licence === null ? null : classOfExpression(project.licence.info);
  if (own !== null && rank(own) >= rank(asks)) return [];
  // Of files that stand for themselves: the rest of a project may be under another licence.
  const isWeak = asks === 'weak-copyleft';
  const severity = own === null || isWeak ? 'medium' : 'high';
  const where = project.licence === null ? 'this project' : `this project under ${project.licence.expression}`;
  const message = `This text says that it is under ${licence.expression}; what it is copied from asks that of ${where} too.`;
  return [findingOf('copyleft-header', severity, file, header, message)];
}

const mostSiblings = 12;

/** Named by the project itself, or by the files that lie beside this one. */
async function isOwnHolder(holder: string, path: string, { holders }: Project): Promise<boolean> {
  const name = holder
    .replace(/,? (?:inc|llc|ltd|gmbh|corporation|corp|authors|contributors)\b.*$/i, '')
    .replace(/^the /i, '');
  if (name.length < 3 || holders.includes(name)) return true;
  const names = await listed(dirname(path));
  const siblings = names.filter(other => other !== basename(path) && /\.\w{1,5}$/.test(other)).slice(0, mostSiblings);
  for (const sibling of siblings) {
    const start = await readStart(join(dirname(path), sibling));
    if (start?.slice(0, 3000).includes(name) === true) return true;
  }
  return false;
}

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    // A file of a new folder has no siblings.
    return [];
  }
}

/** Whether the project says that it needs it: then it is only not installed. */
async function isDeclared({ name }: ImportedPackage, folder: string, files: StateFiles): Promise<boolean> {
  return (await readStart(join(folder, 'package.json'), files))?.includes(`"${name}"`) === true;
}

function unknownOf(absent: ReadonlySet<string>): Examined['unknown'] {
  if (absent.size === 0) return null;
  const names = [...absent].slice(0, 5).join(', ');
  return {
    why: `Licences of packages that are not installed are not known: ${names}${absent.size > 5 ? ' and others' : ''}.`,
    remedy: 'Install what package.json names.',
    missing: null,
  };
}

function findingOf(
  name: string,
  severity: Finding['severity'],
  { path }: SourceFile,
  { start, end }: { readonly start: number; readonly end: number },
  message: string,
): Finding {
  return { rule: `licences/${name}`, severity, path, start, end, message, fix: null };
}
