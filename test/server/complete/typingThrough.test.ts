import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createRecallInProcess, type RecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import { voteRanker } from '../../../index/recall/voteRanker.js';
import { silentLog } from '../../../server/base/log.js';
import { createCompleter } from '../../../server/complete/createCompleter.js';
import { balanceOf } from '../../../server/complete/filters/brackets.js';
import { openGhostEditor } from './support/ghostEditor.js';
import { inlineDefaults, scriptedTrees } from './support/scripted.js';
import { typeThrough, type Moment } from './support/typeThrough.js';

/**
 * A tenth of a real file is typed letter by letter into that file, with the real engine over the files beside it:
 * whatever is suggested on the way has to hold to what the pipeline promises.
 */
const folder = join('server', 'complete');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => join(folder, name));

const typed = ['createCompleter.ts', join('steps', 'checkStep.ts'), join('filters', 'linesBelow.ts')];

describe('typing a real file', () => {
  for (const path of typed.map(name => join(folder, name))) {
    for (const closesPairs of [false, true]) {
      it(`${path}${closesPairs ? ', in an editor that closes brackets' : ''}`, async () => {
        const source = readFileSync(path, 'utf8');
        const start = lineStartNear(source, 0.4);
        const end = lineStartNear(source, 0.5);
        const recall = engineWithout(path);
        const editor = openGhostEditor({
          completer: createCompleter({
            recall,
            trees: scriptedTrees(),
            settings: () => ({ ...inlineDefaults, minChars: 4, minConfidence: 0.5 }),
            exclusion: () => null,
            now: () => 0,
            log: silentLog,
          }),
          followers: [recall],
          languageId: 'typescript',
          marked: `${source.slice(0, start)}▮\n${source.slice(end)}`,
        });
        let before: Moment | null = null;
        let shown = 0;
        await typeThrough(editor, source.slice(start, end).trimEnd(), {
          closesPairs,
          onMoment(moment, typed) {
            if (before !== null) staysAlong(before, moment, typed);
            if (moment.fresh !== null) {
              shown++;
              isWellFormed(moment);
            }
            before = { ...moment };
          },
        });
        assert.ok(shown > 5, `${shown} suggestions are too few to show anything`);
      });
    }
  }
});

/** What is typed along a suggestion leaves it standing: the same one, shorter by what was typed. */
function staysAlong(before: Moment, now: Moment, typed: string): void {
  if (before.fresh === null || !before.fresh.startsWith(typed) || before.fresh.trimEnd().length <= typed.length) return;
  const rest = before.fresh.slice(typed.length);
  // An editor that closed a bracket has written the end of it.
  const { text, cursor } = now.editor;
  const right = /^[^\n]*/.exec(text().slice(cursor()))?.[0].trim() ?? '';
  if (now.fresh === null || now.id !== before.id) {
    assert.ok(right !== '', `${JSON.stringify(before.fresh)} was gone after ${JSON.stringify(typed)}`);
    return;
  }
  assert.ok(rest.startsWith(now.fresh), `${JSON.stringify(rest)} became ${JSON.stringify(now.fresh)}`);
}

function isWellFormed({ editor, fresh }: Moment): void {
  const item = editor.ghost();
  assert.ok(item !== null && fresh !== null);
  const text = editor.text();
  const cursor = editor.cursor();
  const picture = editor.picture();
  const typed = text.slice(item.start, cursor);
  assert.ok(item.text.startsWith(typed), `does not begin with what is typed: ${around(picture)}`);
  assert.ok(!text.slice(item.start, item.end).includes('\n'), `goes over lines: ${around(picture)}`);
  assert.notEqual(fresh.trim(), '', 'blank');
  const right = /^[^\n]*/.exec(text.slice(item.end))?.[0].trim() ?? '';
  if (right !== '') {
    const line = text.slice(text.lastIndexOf('\n', cursor - 1) + 1, cursor);
    assert.ok(!(right.length > 2 && fresh.includes(right)), `said twice: ${around(picture)}`);
    const there = balanceOf(right).foreign.length;
    const due = Math.max(balanceOf(line).waiting.length, there);
    assert.ok(balanceOf(fresh).foreign.length + there <= due, `closed twice: ${around(picture)}`);
  }
  const last = fresh.split('\n').at(-1) ?? '';
  const below = text
    .slice(item.end)
    .split('\n')
    .slice(1)
    .find(line => line.trim() !== '');
  const isSaidTwice = last.trim().length > 4 && fresh.includes('\n') && last.trim() === below?.trim();
  assert.ok(!isSaidTwice, `line below said twice: ${around(picture)}`);
}

function lineStartNear(text: string, share: number): number {
  return text.indexOf('\n', Math.floor(text.length * share)) + 1;
}

function around(picture: string): string {
  const at = picture.indexOf('⟦');
  return picture.slice(Math.max(0, at - 80), at + 200);
}

function engineWithout(path: string): RecallInProcess {
  const recall = createRecallInProcess({ ranker: voteRanker });
  for (const file of files) if (file !== path) recall.updateFile(`/project/${file}`, readFileSync(file, 'utf8'));
  return recall;
}
