import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import type { CheckResult } from '../../../grammars/trees.js';
import type { SkipReason } from '../../../index/codeIndex.js';
import { silentLog } from '../../../server/base/log.js';
import type { InlineSettings } from '../../../server/complete/attempt.js';
import type { Completer, CompletionAnswer, ReasonCode } from '../../../server/complete/completer.js';
import { createCompleter } from '../../../server/complete/createCompleter.js';
import type { Outcome } from '../../../server/learn/outcomes.js';
import { openGhostEditor, type GhostEditor } from './support/ghostEditor.js';
import {
  inlineDefaults,
  scriptedRecall,
  scriptedTrees,
  type ScriptedRecall,
  type ScriptedTrees,
} from './support/scripted.js';

interface Stage {
  readonly completer: Completer;
  readonly recall: ScriptedRecall;
  readonly trees: ScriptedTrees;
  readonly outcomes: Outcome[];
  settings: InlineSettings;
  skipped: SkipReason | null;
  nowMs: number;
}

function setStage(says: ScriptedRecall['says'], settings: Partial<InlineSettings> = {}): Stage {
  const recall = scriptedRecall(says);
  const trees = scriptedTrees();
  const outcomes: Outcome[] = [];
  const stage: Omit<Stage, 'completer'> = {
    recall,
    trees,
    outcomes,
    settings: { ...inlineDefaults, ...settings },
    skipped: null,
    nowMs: 1_000_000,
  };
  const completer = createCompleter({
    recall,
    trees,
    settings: () => stage.settings,
    exclusion: () => stage.skipped,
    now: () => stage.nowMs,
    log: silentLog,
    onOutcome: outcome => outcomes.push(outcome),
  });
  return Object.assign(stage, { completer });
}

function editorOn(stage: Stage, marked: string, languageId = 'typescript'): GhostEditor {
  return openGhostEditor({ completer: stage.completer, languageId, marked });
}

function held(): { readonly gate: Promise<CheckResult>; open(): void } {
  let open = (): void => {};
  const gate = new Promise<CheckResult>(resolve => {
    open = () => resolve({ keep: 99, verdict: 'passed' });
  });
  return { gate, open: () => open() };
}

const never = new AbortController().signal;

describe('the completer: whether to answer', () => {
  async function reasonOf(
    arrange: (stage: Stage) => void,
    trigger: 'automatic' | 'invoked' = 'automatic',
  ): Promise<ReasonCode | null> {
    const stage = setStage('value();');
    arrange(stage);
    return (await editorOn(stage, 'const a = ▮').ask(trigger)).reason;
  }
  const inSettings = (settings: Partial<InlineSettings>) => (stage: Stage) => {
    stage.settings = { ...inlineDefaults, ...settings };
  };

  it('answers by default', async () => assert.equal(await reasonOf(() => {}), null));
  it('is off by setting', async () => assert.equal(await reasonOf(inSettings({ enabled: false })), 'disabled'));
  it('is off for a language', async () =>
    assert.equal(await reasonOf(inSettings({ languages: { typescript: false } })), 'disabled'));
  it('is off by pattern, below any folder', async () =>
    assert.equal(await reasonOf(inSettings({ exclude: ['src/*.ts'] })), 'excluded'));
  it('is on for files that no pattern fits', async () =>
    assert.equal(await reasonOf(inSettings({ exclude: ['**/*.lock', 'lib/**'] })), null));
  it('is off for excluded files, and says so', async () =>
    assert.equal(await reasonOf(stage => (stage.skipped = 'excluded')), 'excluded'));

  it('is silent where what a document is a version of is excluded', async () => {
    const stage = setStage('value();');
    stage.skipped = 'excluded';
    const { completer } = stage;
    const marked = 'const a = ▮';
    for (const uri of ['git:/project/.env?HEAD', 'untitled:.env']) {
      const editor = openGhostEditor({ completer, languageId: 'typescript', marked, path: null, uri });
      assert.equal((await editor.ask()).reason, 'excluded');
    }
  });
  it('completes files that are merely too large to index', async () =>
    assert.equal(await reasonOf(stage => (stage.skipped = 'too-large')), null));
  it('has no silent list of files: what it refuses, it refuses with a reason', async () => {
    for (const name of ['config.json', 'settings.json', 'env/a.ts', 'private/a.ts', 'keys/a.ts', 'secret.ts']) {
      const stage = setStage('value();');
      const path = `/project/${name}`;
      const editor = openGhostEditor({ completer: stage.completer, languageId: 'typescript', path, marked: 'a = ▮' });
      assert.equal((await editor.ask()).reason, null, name);
    }
  });
  it('waits for a key when it is manual', async () => {
    assert.equal(await reasonOf(inSettings({ trigger: 'manual' })), 'manual-only');
    assert.equal(await reasonOf(inSettings({ trigger: 'manual' }), 'invoked'), null);
  });
  it('sleeps while snoozed, and answers a key', async () => {
    assert.equal(await reasonOf(stage => stage.completer.switches.snooze(60)), 'snoozed');
    assert.equal(await reasonOf(stage => stage.completer.switches.snooze(60), 'invoked'), null);
    assert.equal(
      await reasonOf(stage => {
        stage.completer.switches.snooze(60);
        stage.nowMs += 60 * 60_000;
      }),
      null,
    );
  });
  it('is switched by command for a file, a language, and all', async () => {
    const key = { uri: 'file:///project/src/main.ts', languageId: 'typescript' };
    for (const scope of ['file', 'language', 'all'] as const) {
      assert.equal(await reasonOf(stage => stage.completer.switches.toggle(scope, key)), 'disabled', scope);
      assert.equal(
        await reasonOf(({ completer: { switches } }) => {
          switches.toggle(scope, key);
          switches.toggle(scope, key);
        }),
        null,
        scope,
      );
    }
  });
  it('says that a document is not open', async () => {
    const stage = setStage('value');
    const snapshot = { uri: 'file:///a.ts', path: '/a.ts', languageId: 'typescript', version: 1, text: '' };
    const answer = await stage.completer.complete({ snapshot, offset: 0, trigger: 'automatic', selected: null }, never);
    assert.equal(answer.reason, 'not-open');
  });
  it('asks a key for less certainty and less length', async () => {
    const stage = setStage('x', { minChars: 6, minConfidence: 0.7 });
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    await editor.ask('invoked');
    assert.deepEqual(
      stage.recall.asked.map(({ options: { minChars, minConfidence } }) => [minChars, minConfidence]),
      [
        [6, 0.7],
        [1, 0.3],
      ],
    );
  });
});

describe('the completer: one answer each', () => {
  it('answers every request of a burst exactly once, all but the last as superseded', async () => {
    const stage = setStage('value();');
    const gate = held();
    stage.trees.checks = () => gate.gate;
    const editor = editorOn(stage, 'const a = ▮');
    let answered = 0;
    const count = (answer: CompletionAnswer): string => {
      answered++;
      return answer.reason ?? 'items';
    };
    const requests = Array.from({ length: 50 }, () => editor.ask().then(count));
    gate.open();
    const reasons = await Promise.all(requests);
    assert.equal(answered, 50);
    assert.deepEqual(new Set(reasons.slice(0, -1)), new Set(['superseded']));
    assert.equal(reasons.at(-1), 'items');
  });

  it('answers the older request before the newer one is done', async () => {
    const stage = setStage('value();');
    const gate = held();
    stage.trees.checks = () => gate.gate;
    const editor = editorOn(stage, 'const a = ▮');
    const first = editor.ask();
    const second = editor.ask();
    assert.equal((await first).reason, 'superseded');
    gate.open();
    assert.equal((await second).reason, null);
  });

  it('leaves requests of other documents alone', async () => {
    const stage = setStage('value();');
    const gate = held();
    stage.trees.checks = () => gate.gate;
    const one = editorOn(stage, 'const a = ▮');
    const other = openGhostEditor({
      completer: stage.completer,
      languageId: 'typescript',
      path: '/project/src/other.ts',
      marked: 'const b = ▮',
    });
    const requests = [one.ask(), other.ask()];
    gate.open();
    assert.deepEqual(
      (await Promise.all(requests)).map(answer => answer.reason),
      [null, null],
    );
  });

  it('answers a cancelled request at once, while the tree thread hangs', async () => {
    const stage = setStage('value();');
    stage.trees.checks = () => new Promise(() => {});
    editorOn(stage, 'const a = ▮');
    const snapshot = {
      uri: 'file:///project/src/main.ts',
      path: null,
      languageId: 'typescript',
      version: 1,
      text: 'const a = ',
    };
    const abort = new AbortController();
    const request = { snapshot, offset: 10, trigger: 'automatic', selected: null } as const;
    const answer = stage.completer.complete(request, abort.signal);
    abort.abort();
    assert.equal((await answer).reason, 'cancelled');
  });

  it('does not wait for a tree thread that hangs, and says that nothing was checked', async () => {
    const stage = setStage('value();');
    stage.trees.checks = () => new Promise(() => {});
    const answer = await editorOn(stage, 'const a = ▮').ask();
    assert.equal(answer.items.length, 1);
    assert.ok(answer.steps.some(step => step.name === 'unchecked'));
  });

  it('applies changes while a check hangs, and does not draw what was meant for the older text', async () => {
    const stage = setStage('value();');
    const gate = held();
    stage.trees.checks = () => gate.gate;
    const editor = editorOn(stage, 'const a = ▮');
    const request = editor.ask();
    editor.insert('x');
    assert.equal(editor.text(), 'const a = x');
    gate.open();
    assert.equal((await request).reason, 'superseded');
  });

  it('knows an older text also where the client counts no versions', async () => {
    const stage = setStage('value();');
    const gate = held();
    stage.trees.checks = () => gate.gate;
    const before = { uri: 'file:///a.ts', path: null, languageId: 'typescript', version: 0, text: 'const a = ' };
    const after = { ...before, text: 'const ab = ' };
    stage.completer.open(before);
    const asked = { snapshot: before, offset: 10, trigger: 'automatic', selected: null } as const;
    const request = stage.completer.complete(asked, never);
    stage.completer.change(after, [{ start: 7, end: 7, text: 'b' }]);
    gate.open();
    assert.equal((await request).reason, 'superseded');
  });

  it('ends what is under way when the document is closed, and forgets it', async () => {
    const stage = setStage('value();');
    stage.trees.checks = () => new Promise(() => {});
    const editor = editorOn(stage, 'const a = ▮');
    const request = editor.ask();
    editor.close();
    assert.equal((await request).reason, 'superseded');
    assert.equal((await editor.ask()).reason, 'not-open');
  });

  it('answers with a reason when a part of it breaks', async () => {
    const stage = setStage(() => {
      throw new Error('broken');
    });
    assert.equal((await editorOn(stage, 'const a = ▮').ask()).reason, 'failed');
  });

  it('leaves no listener behind on a signal that lives long', async () => {
    const stage = setStage('value();');
    const editor = editorOn(stage, 'const a = ▮');
    const { signal } = new AbortController();
    const { uri } = editor;
    const snapshot = { uri, path: null, languageId: 'typescript', version: 1, text: editor.text() };
    const request = { snapshot, offset: 10, trigger: 'automatic', selected: null } as const;
    await Promise.all(Array.from({ length: 50 }, () => stage.completer.complete(request, signal)));
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('forgets what was shown in a document that closes, and nothing of the others', async () => {
    const stage = setStage('value();');
    const others = ['a', 'b', 'c'].map(name =>
      openGhostEditor({
        completer: stage.completer,
        languageId: 'typescript',
        path: `/project/src/${name}.ts`,
        marked: 'const a = ▮',
      }),
    );
    for (const editor of others) await editor.ask();
    const ids = others.map(editor => editor.ghost()?.id);
    others[1]?.close();
    assert.equal(stage.outcomes.length, 1);
    assert.equal((await others[0]?.type('v'))?.items[0]?.id, ids[0]);
    assert.equal((await others[1]?.ask())?.reason, 'not-open');
    assert.equal((await others[2]?.type('v'))?.items[0]?.id, ids[2]);
  });

  it('tells the steps with their milliseconds', async () => {
    const { steps } = await editorOn(setStage('value();'), 'const a = ▮').ask();
    assert.deepEqual(
      steps.map(step => step.name),
      ['enabled', 'forward', 'place', 'recall', 'filters', 'check', 'ground', 'danger', 'length', 'popup'],
    );
  });
});

describe('the completer: typing forward', () => {
  it('keeps the suggestion and its id, asks nobody, and replaces the same start', async () => {
    const stage = setStage('compute(first, second);');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    const id = editor.ghost()?.id;
    for (const typed of 'compute(first, second)') {
      await editor.type(typed);
      assert.equal(editor.ghost()?.id, id);
      assert.equal(editor.ghost()?.start, 10);
      assert.equal(editor.ghost()?.text, 'compute(first, second);');
    }
    assert.equal(stage.recall.asked.length, 1);
    assert.equal(stage.trees.checked.length, 1);
  });

  it('answers the same again when asked again', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'const a = ▮');
    const first = await editor.ask();
    assert.deepEqual((await editor.ask()).items, first.items);
  });

  it('goes on when the editor closes brackets by itself', async () => {
    const stage = setStage('compute(first, second)');
    const editor = editorOn(stage, 'const a = ▮;');
    await editor.ask();
    const id = editor.ghost()?.id;
    await editor.type('compute');
    await editor.type('(', ')');
    assert.equal(editor.picture(), 'const a = compute(⟦first, second⟧);');
    await editor.type('f');
    assert.equal(editor.picture(), 'const a = compute(f⟦irst, second⟧);');
    assert.equal(editor.ghost()?.id, id);
  });

  it('goes on over lines, also when the editor indents and closes by itself', async () => {
    const stage = setStage(' {\n    start();\n    stop();\n  }');
    const editor = editorOn(stage, 'function f() {\n  if (a)▮\n}');
    await editor.ask();
    const id = editor.ghost()?.id;
    await editor.type(' ');
    await editor.type('{', '}');
    await editor.type('\n    ', '\n  ');
    assert.equal(editor.picture(), 'function f() {\n  if (a) {\n    ⟦start();\n    stop();⟧\n  }\n}');
    assert.equal(editor.ghost()?.id, id);
    assert.equal(editor.ghost()?.start, 'function f() {\n  if (a) {\n'.length);
  });

  it('goes on after a word was accepted, and after an erased letter', async () => {
    const stage = setStage('compute(first, second);');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    const id = editor.ghost()?.id;
    editor.accept('compute'.length);
    await editor.ask();
    assert.equal(editor.picture(), 'const a = compute⟦(first, second);⟧');
    await editor.erase(1);
    assert.equal(editor.picture(), 'const a = comput⟦e(first, second);⟧');
    assert.equal(editor.ghost()?.id, id);
  });

  it('follows edits above it', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'one\n\nconst a = ▮');
    await editor.ask();
    const id = editor.ghost()?.id;
    editor.replace({ start: 0, end: 0, text: 'import x;\n' });
    await editor.type('c');
    assert.equal(editor.ghost()?.id, id);
    assert.equal(editor.picture(), 'import x;\none\n\nconst a = c⟦ompute();⟧');
  });

  it('asks anew as soon as something else is typed', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    const id = editor.ghost()?.id;
    stage.recall.says = 'ead();';
    await editor.type('r');
    assert.notEqual(editor.ghost()?.id, id);
    assert.equal(editor.picture(), 'const a = r⟦ead();⟧');
  });

  it('asks anew as soon as it is accepted', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    editor.accept();
    stage.recall.says = '\nconst b = a + 1;';
    await editor.ask();
    assert.equal(editor.picture(), 'const a = compute();⟦\nconst b = a + 1;⟧');
  });

  it('is not confused by the same text in two documents', async () => {
    const stage = setStage('compute();');
    const one = editorOn(stage, 'const a = ▮');
    await one.ask();
    stage.recall.says = 'other();';
    const two = openGhostEditor({
      completer: stage.completer,
      languageId: 'typescript',
      path: '/project/src/two.ts',
      marked: 'const a = ▮',
    });
    await two.ask();
    assert.equal(two.picture(), 'const a = ⟦other();⟧');
  });

  it('is not confused by another text right of the cursor', async () => {
    const stage = setStage('first, second)');
    const editor = editorOn(stage, 'call(▮');
    await editor.ask();
    const text = editor.text();
    editor.replace({ start: text.length, end: text.length, text: ')' });
    editor.moveTo(text.length);
    await editor.ask();
    assert.equal(editor.picture(), 'call(⟦first, second⟧)');
  });
});

describe('the completer: the check', () => {
  it('cuts back to what passes, at the end of a token', async () => {
    const stage = setStage('compute(first));');
    stage.trees.checks = () => ({ keep: 'compute(first)'.length, verdict: 'cut' });
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    assert.equal(editor.picture(), 'const a = ⟦compute(first)⟧');
  });
  it('shows nothing that is refused', async () => {
    const stage = setStage('compute(first));');
    stage.trees.checks = () => ({ keep: 0, verdict: 'refused' });
    assert.equal((await editorOn(stage, 'const a = ▮').ask()).reason, 'filtered');
  });
  it('tries a refused text without its last lines', async () => {
    const stage = setStage(';\n  });\n});\n\ntest(');
    stage.trees.checks = text =>
      text.includes('test') ? { keep: 0, verdict: 'refused' } : { keep: text.length, verdict: 'passed' };
    const editor = editorOn(stage, 'run(() => {\n  call(() => {\n    stop()▮\n');
    await editor.ask();
    assert.equal(editor.picture(), 'run(() => {\n  call(() => {\n    stop()⟦;\n  });\n});⟧\n');
    assert.equal(stage.trees.checked.length, 2);
  });
  it('leaves to a string what stays inside it', async () => {
    const stage = setStage('/server/main');
    stage.trees.checks = () => ({ keep: 0, verdict: 'refused' });
    assert.equal((await editorOn(stage, 'read("src▮').ask()).reason, null);
  });
  it('counts brackets while there is no tree', async () => {
    const stage = setStage('compute(first))) + 1;');
    stage.trees.checks = text => ({ keep: text.length, verdict: 'unknown' });
    const editor = editorOn(stage, 'function f() {\n  call(▮\n}');
    await editor.ask();
    assert.equal(editor.picture(), 'function f() {\n  call(⟦compute(first))⟧\n}');
  });
  it('shows nothing when too little is left', async () => {
    const stage = setStage('compute(first));', { minChars: 8 });
    stage.trees.checks = () => ({ keep: 'compute'.length, verdict: 'cut' });
    assert.equal((await editorOn(stage, 'const a = ▮').ask()).reason, 'filtered');
  });
  it('knows comments and prose that began on a line above', async () => {
    const stage = setStage('is the best of all');
    stage.trees.around = { inComment: true, inString: false, scopes: [] };
    assert.equal((await editorOn(stage, '/*\n * this ▮\n */').ask()).reason, 'in-comment');
    stage.trees.around = { inComment: false, inString: true, scopes: [] };
    assert.equal((await editorOn(stage, '`\nthis really ▮\n`').ask()).reason, 'in-string');
  });
  it('completes comments where that is wanted', async () => {
    const stage = setStage('is the best of all', { comments: true });
    stage.trees.around = { inComment: true, inString: false, scopes: [] };
    assert.equal((await editorOn(stage, '// this ▮').ask()).reason, null);
  });
});

describe('the completer: an item selected in the popup', () => {
  async function withSelected(says: string, marked: string, text: string): Promise<CompletionAnswer> {
    const stage = setStage(says);
    const editor = editorOn(stage, marked);
    const offset = editor.cursor();
    const start = offset - (/\w*$/.exec(editor.text().slice(0, offset))?.[0].length ?? 0);
    const snapshot = {
      uri: editor.uri,
      path: null,
      languageId: 'typescript',
      version: 1,
      text: editor.text(),
    };
    const selected = { start, end: offset, text };
    return stage.completer.complete({ snapshot, offset, trigger: 'automatic', selected }, never);
  }
  it('is extended over the same range', async () => {
    const { items } = await withSelected('Each(run);', 'list.for▮', 'forEach');
    assert.deepEqual([items[0]?.start, items[0]?.end, items[0]?.text], [5, 8, 'forEach(run);']);
  });
  it('silences what differs', async () =>
    assert.equal((await withSelected('Each(run);', 'list.for▮', 'format')).reason, 'popup-differs'));
  it('silences what does not go beyond it', async () =>
    assert.equal((await withSelected('Each', 'list.for▮', 'forEach')).reason, 'popup-differs'));
});

describe('the completer: what was rejected', () => {
  it('is not offered again at once in the same place', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    stage.nowMs += 1000;
    stage.recall.says = null;
    await editor.type('x');
    stage.recall.says = 'compute();';
    await editor.erase(1);
    assert.equal(editor.reason(), 'recently-rejected');
    assert.deepEqual(stage.recall.asked.at(-1)?.options.rejected, ['compute();']);
  });
  it('comes when a key asks for it', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    stage.nowMs += 1000;
    await editor.type('x');
    await editor.erase(1);
    await editor.ask('invoked');
    assert.equal(editor.picture(), 'const a = ⟦compute();⟧');
  });
  it('comes after a while, in another place, or when typed on', async () => {
    const reject = async (): Promise<{ stage: Stage; editor: GhostEditor }> => {
      const stage = setStage((snapshot, offset) => 'compute();'.slice(offset - snapshot.text.lastIndexOf(' ') - 1));
      const editor = editorOn(stage, 'one\nconst a = ▮');
      await editor.ask();
      stage.nowMs += 1000;
      await editor.type('x');
      await editor.erase(1);
      assert.equal(editor.reason(), 'recently-rejected');
      return { stage, editor };
    };
    const later = await reject();
    later.stage.nowMs += 10 * 60_000;
    assert.equal((await later.editor.ask()).reason, null);
    const elsewhere = await reject();
    elsewhere.editor.replace({ start: 0, end: 3, text: 'other' });
    assert.equal((await elsewhere.editor.ask()).reason, null);
    const typedOn = await reject();
    assert.equal((await typedOn.editor.type('c')).reason, 'recently-rejected');
    assert.equal((await typedOn.editor.type('om')).reason, null);
  });
  it('was never read when it stood for a moment only', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    stage.nowMs += 50;
    await editor.type('x');
    await editor.erase(1);
    assert.equal(editor.picture(), 'const a = ⟦compute();⟧');
    assert.equal(stage.outcomes[0]?.kind, 'unseen');
  });
  it('counts a cursor that went elsewhere', async () => {
    const stage = setStage('compute();');
    const editor = editorOn(stage, 'one();\nconst a = ▮');
    await editor.ask();
    stage.nowMs += 1000;
    editor.moveTo(6);
    await editor.ask();
    assert.equal(stage.outcomes[0]?.kind, 'rejected');
  });
});

describe('the completer: what the client says itself', () => {
  async function shownOn(stage: Stage): Promise<{ readonly editor: GhostEditor; readonly id: string }> {
    const editor = editorOn(stage, 'const a = ▮');
    await editor.ask();
    return { editor, id: editor.ghost()?.id ?? '' };
  }
  it('counts acceptance once, whether the command comes before the text or after it', async () => {
    for (const order of ['before', 'after']) {
      const stage = setStage('compute(first);');
      const { editor, id } = await shownOn(stage);
      if (order === 'before') stage.completer.accepted(id);
      editor.accept();
      stage.completer.accepted(id);
      assert.equal(stage.completer.outcomes()['typescript']?.accepted, 1, order);
    }
  });
  it('believes it over what the text seems to say', async () => {
    const stage = setStage('x()');
    const { editor, id } = await shownOn(stage);
    editor.accept();
    assert.equal(stage.completer.outcomes()['typescript']?.typed, 1);
    stage.completer.accepted(id);
    assert.equal(stage.completer.outcomes()['typescript']?.accepted, 1);
    assert.equal(stage.completer.outcomes()['typescript']?.typed, 0);
  });
  it('takes a part for a part', async () => {
    const stage = setStage('compute(first);');
    const { editor, id } = await shownOn(stage);
    stage.completer.partlyAccepted(id, 'co'.length);
    editor.insert('cox');
    assert.deepEqual([stage.outcomes[0]?.kind, stage.outcomes[0]?.takenUnits], ['partly-accepted', 2]);
  });
  it('counts reading from when it was drawn', async () => {
    const stage = setStage('compute(first);');
    const { editor, id } = await shownOn(stage);
    stage.nowMs += 5000;
    stage.completer.shown(id);
    stage.nowMs += 100;
    editor.insert('x');
    assert.equal(stage.outcomes[0]?.kind, 'unseen');
  });
  it('ignores what it never made', () => {
    const { completer } = setStage(null);
    completer.accepted('unknown');
    completer.partlyAccepted('unknown', 3);
    completer.shown('unknown');
    assert.deepEqual(completer.outcomes(), {});
  });
});
