import assert from 'node:assert/strict';
import { silentLog } from '../../../server/base/log.js';
import type { InlineSettings } from '../../../server/complete/attempt.js';
import type { Completer } from '../../../server/complete/completer.js';
import { createCompleter } from '../../../server/complete/createCompleter.js';
import { ModelFailure } from '../../../server/model/backend.js';
import type { Serving } from '../../../server/model/models.js';
import { waitFor } from '../../support/waitFor.js';
import { openGhostEditor, type GhostEditor } from './support/ghostEditor.js';
import { inlineDefaults, scriptedRecall, scriptedTrees, suggestionOf } from './support/scripted.js';
import { scriptedModels, type Asked, type ScriptedModels } from './support/scriptedModels.js';

interface Stage {
  readonly completer: Completer;
  readonly models: ScriptedModels;
  readonly recall: ReturnType<typeof scriptedRecall>;
  readonly trees: ReturnType<typeof scriptedTrees>;
  readonly ready: string[];
  nowMs: number;
}

interface Script {
  readonly settings?: Partial<InlineSettings>;
  readonly serving?: Partial<Serving>;
  readonly recall?: string | null;
  /** Names that nobody knows. */
  readonly unknown?: readonly string[];
}

function setStage({ settings, serving, recall: says = null, unknown = [] }: Script = {}): Stage {
  const recall = scriptedRecall(says);
  const trees = scriptedTrees();
  const models = scriptedModels(serving);
  const stage = { recall, trees, models, ready: [] as string[], nowMs: 1_000_000 };
  const completer = createCompleter({
    recall,
    trees,
    model: models,
    ground: { unknownNames: (_, text) => Promise.resolve(unknown.filter(name => text.includes(name))) },
    settings: () => ({ ...inlineDefaults, waitMs: 10_000, ...settings }),
    exclusion: () => null,
    now: () => stage.nowMs,
    log: silentLog,
  });
  completer.onReady(uri => stage.ready.push(uri));
  return Object.assign(stage, { completer });
}

const editorOn = (stage: Stage, marked: string): GhostEditor =>
  openGhostEditor({ completer: stage.completer, languageId: 'typescript', marked });

/** The nth question, once it was asked. */
async function question(stage: Stage, index = 0): Promise<Asked> {
  await waitFor(() => stage.models.asked.length > index);
  const asked = stage.models.asked[index];
  assert.ok(asked);
  return asked;
}

describe('the completer with a model', () => {
  it('does not ask where recall is sure', async () => {
    const stage = setStage({ recall: 'value();' });
    const editor = editorOn(stage, 'const a = ▮');
    const answer = await editor.ask();
    assert.equal(answer.items[0]?.source, 'recall');
    assert.equal(stage.models.asked.length, 0);
  });

  it('asks where recall is unsure, and says which model wrote it', async () => {
    const stage = setStage();
    stage.models.says = () => 'total(items);\nand more';
    const editor = editorOn(stage, 'const a = sum▮');
    const answer = await editor.ask();
    assert.equal(editor.picture(), 'const a = sum⟦total(items);⟧');
    const [item] = answer.items;
    assert.equal(item?.source, 'model');
    assert.deepEqual(item?.origin, { kind: 'model', path: null, line: 0, model: 'local/scripted' });
    assert.equal(item?.text, 'sumtotal(items);', 'the word at the cursor belongs to it');
  });

  it('asks nobody where models are switched off for completions', async () => {
    const stage = setStage({ settings: { models: false } });
    stage.models.says = () => 'x();';
    assert.equal((await editorOn(stage, 'a▮').ask()).reason, 'unsure');
    assert.equal(stage.models.asked.length, 0);
  });

  it('uses one question for all that is typed along its answer, also before it has come', async () => {
    const stage = setStage();
    const editor = editorOn(stage, 'const a = ▮');
    const first = editor.ask();
    const asked = await question(stage);
    const second = editor.type('to');
    assert.equal((await first).reason, 'superseded');
    asked.write('total(items);');
    asked.end();
    await second;
    assert.equal(editor.picture(), 'const a = to⟦tal(items);⟧');
    await editor.type('t');
    assert.equal(editor.picture(), 'const a = tot⟦al(items);⟧');
    assert.equal(stage.models.asked.length, 1);
  });

  it('takes what an editor closes by itself for typed along', async () => {
    const stage = setStage();
    const editor = editorOn(stage, 'const a = f▮');
    const first = editor.ask();
    const asked = await question(stage);
    const second = editor.type('(', ')');
    asked.write('(items);');
    asked.end();
    await Promise.all([first, second]);
    assert.equal(stage.models.asked.length, 1);
    assert.match(editor.picture(), /f\(⟦items/);
  });

  it('ends the question that no longer fits before it asks another', async () => {
    const stage = setStage();
    const editor = editorOn(stage, 'const a = ▮');
    void editor.ask();
    const first = await question(stage);
    first.write('total');
    stage.nowMs += 5_000;
    const answer = editor.type('x');
    const second = await question(stage, 1);
    assert.ok(first.aborted && first.over);
    second.write('yz();');
    second.end();
    await answer;
    assert.equal(editor.picture(), 'const a = x⟦yz();⟧');
  });

  for (const [what, serving] of [
    ['is still being loaded', { isCold: true }],
    ['cannot be stopped', { stopsWhenAborted: false }],
  ] as const) {
    it(`lets a model that ${what} finish, and queues nothing behind it`, async () => {
      const stage = setStage({ serving });
      const editor = editorOn(stage, 'const a = ▮');
      void editor.ask();
      const first = await question(stage);
      first.write('total');
      stage.nowMs += 5_000;
      const answer = editor.type('x');
      await new Promise(resolve => setImmediate(resolve));
      assert.equal(stage.models.asked.length, 1);
      assert.equal(first.aborted, false);
      first.end();
      const second = await question(stage, 1);
      second.write('yz();');
      second.end();
      await answer;
      assert.equal(editor.picture(), 'const a = x⟦yz();⟧');
    });
  }

  it('answers when the time is over, keeps the answer that comes later, tells of it, and shows it next time', async () => {
    const stage = setStage({ settings: { waitMs: 1 } });
    const editor = editorOn(stage, 'const a = ▮');
    assert.equal((await editor.ask()).reason, 'waiting');
    const asked = await question(stage);
    asked.write('total();');
    asked.end();
    await waitFor(() => stage.ready.length > 0);
    assert.deepEqual(stage.ready, [editor.uri]);
    await editor.ask();
    assert.equal(editor.picture(), 'const a = ⟦total();⟧');
    assert.equal(stage.models.asked.length, 1);
  });

  it('shows what there is when the time is over, without half a word, and more of it later', async () => {
    const stage = setStage({ settings: { waitMs: 20 } });
    const editor = editorOn(stage, 'const a = ▮');
    const answer = editor.ask();
    const asked = await question(stage);
    asked.write('total(items, ra');
    await answer;
    assert.equal(editor.picture(), 'const a = ⟦total(items,⟧');
    asked.write('te);');
    asked.end();
    await waitFor(() => asked.over);
    await editor.ask();
    assert.equal(editor.picture(), 'const a = ⟦total(items, rate);⟧');
    assert.equal(Object.values(stage.completer.outcomes()).length, 0, 'what was shown in part was not refused');
  });

  it('asks once more where the model had nothing to say and had not seen all there is', async () => {
    const stage = setStage();
    stage.models.lateSources = ['definitions'];
    const editor = editorOn(stage, 'const a = ▮');
    const answer = editor.ask();
    (await question(stage)).end();
    const second = await question(stage, 1);
    second.write('total();');
    second.end();
    await answer;
    assert.equal(editor.picture(), 'const a = ⟦total();⟧');
  });

  it('takes silence for an answer the second time, and where all was seen the first', async () => {
    for (const lateSources of [[], ['definitions']]) {
      const stage = setStage();
      Object.assign(stage.models, { lateSources, says: () => '' });
      const editor = editorOn(stage, 'const a = ▮');
      assert.equal((await editor.ask()).reason, 'unsure');
      assert.equal((await editor.ask()).reason, 'unsure');
      assert.equal(stage.models.asked.length, 1 + lateSources.length);
    }
  });

  it('remembers what was said at a place, and where it was left again', async () => {
    const stage = setStage();
    stage.models.says = () => 'total();';
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    await editor.type('zz');
    const asked = stage.models.asked.length;
    await editor.erase(2);
    assert.equal(stage.models.asked.length, asked);
  });

  it('leaves a place alone where something was just rejected', async () => {
    const stage = setStage();
    stage.models.says = () => 'total();';
    const editor = editorOn(stage, 'const a = ▮;');
    await editor.ask();
    stage.nowMs += 2_000;
    await editor.type('q');
    await editor.erase(1);
    assert.equal(editor.reason(), 'recently-rejected');
  });

  it('asks ahead for what comes after a suggestion, and has it when that is accepted', async () => {
    const stage = setStage();
    stage.models.says = left => (left.endsWith('total();') ? '\nnext();' : 'total();');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    const ahead = await question(stage, 1);
    assert.equal(ahead.isSpeculative, true);
    await waitFor(() => ahead.over);
    editor.accept();
    await editor.ask();
    assert.equal(editor.picture(), 'const a = total();⟦\nnext();⟧');
    assert.equal(stage.models.asked.filter(asked => !asked.isSpeculative).length, 1);
  });

  for (const [what, serving] of [
    ['costs money', { isFree: false }],
    ['cannot be stopped', { stopsWhenAborted: false }],
  ] as const) {
    it(`does not ask a model ahead that ${what}`, async () => {
      const stage = setStage({ serving });
      stage.models.says = () => 'total();';
      await editorOn(stage, 'const a = ▮').ask();
      await new Promise(resolve => setTimeout(resolve, 200));
      assert.equal(stage.models.asked.length, 1);
    });
  }

  it('says why there is no answer', async () => {
    for (const [trouble, reason] of [
      ['unreachable', 'no-backend'],
      ['budget-reached', 'budget-reached'],
    ] as const) {
      const stage = setStage();
      const answer = editorOn(stage, 'const a = ▮').ask();
      (await question(stage)).fail(new ModelFailure(trouble, 'No.'));
      assert.equal((await answer).reason, reason);
    }
  });

  it('is only unsure where nobody is set up to answer', async () => {
    for (const isUnwanted of [true, false]) {
      const stage = setStage();
      stage.models.serves = { reason: 'no-backend', why: 'No.', isUnwanted };
      const { reason } = await editorOn(stage, 'const a = ▮').ask();
      assert.equal(reason, isUnwanted ? 'unsure' : 'no-backend');
    }
  });

  it('offers what recall thinks likelier first, and the other where the check refuses that', async () => {
    const stage = setStage();
    stage.recall.says = (_, __, { minConfidence }) => (minConfidence < 0.7 ? 'own();' : null);
    const suggest = stage.recall.suggest.bind(stage.recall);
    stage.recall.suggest = (snapshot, offset, options) => {
      const found = suggest(snapshot, offset, options);
      return 'silence' in found ? found : { ...suggestionOf(snapshot, offset, 'own();'), confidence: 0.65 };
    };
    stage.models.says = () => 'foreign();';
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    assert.equal(editor.picture(), 'const a = ⟦own();⟧');
    editor.close();
    stage.trees.checks = text => ({ keep: text.length, verdict: text.includes('own') ? 'refused' : 'passed' });
    const another = editorOn(stage, 'const b = ▮');
    await another.ask();
    assert.equal(another.picture(), 'const b = ⟦foreign();⟧');
  });

  it('ends before a statement with a name that nobody knows, and doubts the first one that has one', async () => {
    const stage = setStage({ unknown: ['invented'] });
    stage.models.says = () => 'total(items);\n  invented(items);\n}';
    stage.models.cutterAt = () => Promise.resolve({ push: chunk => ({ text: chunk, done: true }) });
    const editor = editorOn(stage, 'function f() {\n  ▮');
    await editor.ask();
    assert.equal(editor.picture(), 'function f() {\n  ⟦total(items);⟧');
    editor.close();
    stage.models.says = () => 'invented(1);\n  total();';
    const another = editorOn(stage, 'const a = ▮');
    const [item] = (await another.ask()).items;
    assert.equal(another.picture(), 'const a = ⟦invented(1);⟧');
    assert.ok((item?.confidence ?? 1) < 0.4);
  });

  it('offers what recall thinks before what it doubts', async () => {
    const stage = setStage({ unknown: ['invented'] });
    stage.recall.suggest = (snapshot, offset, { minConfidence }) =>
      minConfidence < 0.5 ? { ...suggestionOf(snapshot, offset, 'own();'), confidence: 0.45 } : { silence: 'unsure' };
    stage.models.says = () => 'invented(1);';
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    assert.equal(editor.picture(), 'const a = ⟦own();⟧');
  });

  it('ends what is under way when the document closes', async () => {
    const stage = setStage();
    const editor = editorOn(stage, 'const a = ▮');
    void editor.ask();
    const asked = await question(stage);
    editor.close();
    await waitFor(() => asked.aborted);
  });

  it('asks a burst of keys at most twice, whatever the model says', async () => {
    for (const says of ['nothing that fits', '']) {
      const stage = setStage();
      stage.models.says = () => says;
      const editor = editorOn(stage, '▮');
      const answers: Promise<unknown>[] = [];
      for (const key of 'function') {
        stage.nowMs += 83;
        answers.push(editor.type(key));
        await new Promise(resolve => setImmediate(resolve));
      }
      await Promise.all(answers);
      assert.equal(stage.models.asked.filter(asked => !asked.isSpeculative).length, 2);
    }
  });
});
