import { join } from 'node:path';
import type { Found } from '../found.js';
import { firstParagraph, instructionFilesIn, readable } from '../instructions.js';
import { labelOf } from '../place.js';
import type { ContextSource } from '../source.js';

const maxReadmeUnits = 500;
const maxInstructionUnits = 1_400;

/** What the project says of itself and to whoever writes in it. Only where the person trusts the workspace. */
export const project: ContextSource = {
  name: 'project',
  share: 0.15,
  keyOf: ({ folder }, { isTrusted }) => (folder !== null && isTrusted(folder) ? folder : ''),
  async find({ folder }, supplies) {
    if (folder === null || !supplies.isTrusted(folder)) return [];
    const found: Found[] = [];
    const add = (path: string, text: string, score: number): void => {
      if (text === '') return;
      const passage = { path, label: labelOf(path, folder), startLine: 0, text: `${text}\n`, source: 'project' };
      found.push({ id: `project:${path}`, passage, score, from: 'workspace', basis: text });
    };
    for (const [at, path] of (await instructionFilesIn(folder, supplies.texts)).entries()) {
      add(path, readable((await supplies.texts.read(path, [folder])) ?? '', maxInstructionUnits), 0.65 - at / 100);
    }
    const readme = (await supplies.texts.list(folder, [folder])).find(name =>
      /^readme(?:\.(?:md|rst|txt))?$/i.test(name),
    );
    if (readme !== undefined) {
      const path = join(folder, readme);
      add(path, firstParagraph((await supplies.texts.read(path, [folder])) ?? '', maxReadmeUnits), 0.35);
    }
    return found;
  },
};
