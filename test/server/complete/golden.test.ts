import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCompleter } from '../../../server/complete/createCompleter.js';
import { silentLog } from '../../../server/base/log.js';
import { openGhostEditor } from './support/ghostEditor.js';
import { inlineDefaults, scriptedRecall, scriptedTrees } from './support/scripted.js';

/**
 * Each file is one case, as an editor would show it: prose, a few headings, what the engine says, the document with the
 * cursor ▮, and the document with ghost text in ⟦ ⟧. Tabs are written →. UPDATE_GOLDEN=1 writes the last part anew.
 */
const folder = join('test', 'golden', 'complete');

describe('the pipeline, seen in the editor', () => {
  for (const name of readdirSync(folder).filter(file => file.endsWith('.txt'))) {
    it(name.replace(/\.txt$/, '').replaceAll('-', ' '), () => check(join(folder, name)));
  }
});

async function check(path: string): Promise<void> {
  const source = readFileSync(path, 'utf8');
  const golden = parse(source);
  const actual = await show(golden);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(path, source.slice(0, source.indexOf(shownMark) + shownMark.length) + actual + '\n');
    return;
  }
  assert.equal(actual, golden.shown);
}

interface Golden {
  readonly headings: ReadonlyMap<string, string>;
  readonly says: string;
  readonly document: string;
  readonly shown: string;
}

const saysMark = '--- the engine says\n';
const documentMark = '--- the editor\n';
const shownMark = '--- shows\n';

function parse(source: string): Golden {
  const [head = '', afterHead = ''] = source.split(saysMark);
  const [says = '', afterSays = ''] = afterHead.split(documentMark);
  const [document = '', shown = ''] = afterSays.split(shownMark);
  const headings = new Map([...head.matchAll(/^([a-z ]+): (.+)$/gm)].map(([, name = '', value = '']) => [name, value]));
  return { headings, says: unescape(says), document: unescape(document), shown: shown.replace(/\n$/, '') };
}

async function show({ headings, says, document }: Golden): Promise<string> {
  const lineEnd = headings.get('line ends') === 'crlf' ? '\r\n' : '\n';
  const completer = createCompleter({
    recall: scriptedRecall(says.replaceAll('\n', lineEnd)),
    trees: scriptedTrees(),
    settings: () => ({ ...inlineDefaults, minChars: Number(headings.get('shortest') ?? 1) }),
    exclusion: () => null,
    now: () => 0,
    log: silentLog,
  });
  const editor = openGhostEditor({
    completer,
    languageId: headings.get('language') ?? 'typescript',
    path: `/project/${headings.get('file') ?? 'src/main.ts'}`,
    marked: document.replaceAll('\n', lineEnd),
  });
  await editor.ask(headings.get('asked') === 'by key' ? 'invoked' : 'automatic');
  const reason = editor.reason();
  if (reason !== null) return `nothing: ${reason}`;
  const picture = editor.picture();
  const bare = picture.replaceAll('\r\n', '');
  assert.equal(/[\r]/.test(bare) || (lineEnd === '\r\n' && bare.includes('\n')), false, 'mixed line ends');
  return picture.replaceAll('\r\n', '\n').replaceAll('\t', '→');
}

function unescape(section: string): string {
  return section.replace(/\n$/, '').replaceAll('→', '\t');
}
