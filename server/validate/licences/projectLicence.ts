import { dirname, join, relative } from 'node:path';
import { isRecord } from '../../base/record.js';
import { startOnDisk } from '../../base/textOnDisk.js';
import type { StateFiles } from '../stateFiles.js';
import { licenceOfText, readLicence, type Licence } from './readLicence.js';

/** What a project says of itself: the licence that its code is under, and who holds the rights. */
export interface Project {
  readonly licence: Licence | null;
  /** Texts that name the holders: licence, notice, authors. */
  readonly holders: string;
}

const mostBytes = 20_000;

/** From the manifest or the licence's text next to a file, or above it within the folder. */
export async function readProject(path: string, folder: string, files: StateFiles): Promise<Project> {
  let licence: Licence | null = null;
  const holders: string[] = [];
  for (const place of placesUp(dirname(path), folder)) {
    const declared = await declaredIn(place, files);
    const texts = await Promise.all(licenceFiles.map(name => readStart(join(place, name), files)));
    const text = texts.slice(0, 8).find(one => one !== null) ?? null;
    licence ??= declared === null ? null : await readLicence(declared);
    licence ??= text === null ? null : await readLicence(licenceOfText(text) ?? '');
    holders.push(
      ...texts.flatMap(one => (one === null ? [] : [one])),
      (await readStart(join(place, 'package.json'), files)) ?? '',
    );
  }
  return { licence, holders: holders.join('\n') };
}

const licenceFiles = [
  'LICENSE',
  'LICENSE.txt',
  'LICENSE.md',
  'LICENCE',
  'COPYING',
  'LICENSE-MIT',
  'LICENSE-APACHE',
  'LICENSE.rst',
  'NOTICE',
  'NOTICE.txt',
  'AUTHORS',
  'AUTHORS.md',
  'AUTHORS.txt',
  'pyproject.toml',
];

function placesUp(start: string, folder: string): string[] {
  const places: string[] = [];
  for (let place = start; ; place = dirname(place)) {
    if (relative(folder, place).startsWith('..')) return places;
    places.push(place);
    if (place === folder || place === dirname(place)) return places;
  }
}

async function declaredIn(place: string, files: StateFiles): Promise<string | null> {
  const manifest = await readStart(join(place, 'package.json'), files);
  if (manifest !== null) {
    const declared = licenceOfManifest(manifest);
    if (declared !== null) return declared;
  }
  for (const name of ['Cargo.toml', 'pyproject.toml']) {
    const text = await readStart(join(place, name), files);
    const found = /^license\s*=\s*(?:"([^"\n]+)"|\{\s*text\s*=\s*"([^"\n]+)")/m.exec(text ?? '');
    if (found !== null) return found[1] ?? found[2] ?? null;
  }
  return null;
}

/** Of a package.json: an expression, or one of the older forms. */
export function licenceOfManifest(text: string): string | null {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(manifest)) return null;
  const { license, licenses } = manifest;
  if (typeof license === 'string') return license;
  if (isRecord(license) && typeof license['type'] === 'string') return license['type'];
  if (!Array.isArray(licenses)) return null;
  const types = licenses.flatMap(one => (isRecord(one) && typeof one['type'] === 'string' ? [one['type']] : []));
  return types.length === 0 ? null : types.length === 1 ? (types[0] ?? null) : `(${types.join(' OR ')})`;
}

/** The first part of a file, or null; as the state has it, where one is given. */
export async function readStart(path: string, files?: StateFiles): Promise<string | null> {
  const given = files?.given(path);
  if (given !== undefined) return given?.slice(0, mostBytes) ?? null;
  return startOnDisk(path, mostBytes);
}
