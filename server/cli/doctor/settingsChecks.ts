import { appendFile } from 'node:fs/promises';
import { Failure, fileFailure } from '../../base/failure.js';
import { loadSettings } from '../settings.js';
import { unwell, well, type Check } from './check.js';

export const settingsAreSound: Check = {
  id: 'settings',
  async run({ host, folder }) {
    const { problems, layers } = await loadSettings(host, folder);
    const read = layers.filter(({ values }) => values !== null).map(({ name }) => name);
    if (problems.length > 0)
      return unwell(problems.join('\n  '), 'Put it right in that file; README.md lists the settings.');
    return well(
      read.length === 0 ? 'No settings files; all is as it comes.' : `The settings are sound: ${read.join(', ')}.`,
    );
  },
};

export const logIsWritable: Check = {
  id: 'log',
  async run({ host, folder }) {
    const { file, level } = (await loadSettings(host, folder)).settings.log;
    if (file === null) return well('The log goes to the editor; log.file names a file for it.');
    try {
      await appendFile(file, '');
    } catch (error) {
      const failure = fileFailure(error, file);
      if (!(failure instanceof Failure)) throw error;
      return unwell(
        `The log cannot be written: ${failure.message}`,
        'Set log.file to a file that can be written, or to null.',
      );
    }
    return well(`The log, from ${level} up, goes to ${file} too.`);
  },
};
