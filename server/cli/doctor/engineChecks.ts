import { readFile } from 'node:fs/promises';
import { languages } from '../../../grammars/registry.js';
import { createGrammars } from '../../../grammars/parse.js';
import { createRanker } from '../../../index/recall/ranker.js';
import { formatCount } from '../quantities.js';
import { unwell, well, type Check } from './check.js';

const reinstall = 'Install Understudy again: npm install --global understudy-language-server';

/** Loads each grammar and parses a word with it. */
export const grammarsLoad: Check = {
  id: 'grammars',
  async run({ host }) {
    const parsed = languages.filter(({ grammar }) => grammar !== null);
    const broken: string[] = [];
    for (const language of parsed) {
      try {
        const grammars = await createGrammars(host.entries);
        try {
          grammars.withTree(language, 'a', () => null);
        } finally {
          grammars.dispose();
        }
      } catch {
        broken.push(language.name);
      }
    }
    return broken.length === 0
      ? well(`All ${parsed.length} grammars load.`)
      : unwell(`These grammars do not load: ${broken.join(', ')}. Their files are completed as plain text.`, reinstall);
  },
};

export const weightsLoad: Check = {
  id: 'weights',
  async run({ host }) {
    try {
      const text = await readFile(host.entries.weights, 'utf8');
      createRanker(JSON.parse(text));
      return well(`The weights of recall load, ${formatCount(text.length / 1000)} kB.`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return unwell(`The weights of recall do not load: ${why}`, reinstall);
    }
  },
};
