import assert from 'node:assert/strict';
import { createRecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import { voteRanker } from '../../../index/recall/voteRanker.js';
import { languageOfId, otherText } from '../../../grammars/registry.js';
import { createGround, cutBeforeUnknown } from '../../../server/complete/ground.js';
import { freeNames } from '../../../server/complete/groundNames.js';
import { marked } from '../../support/markedText.js';

const never = new AbortController().signal;

/** Twins: the same text with a name that is known somewhere, and with one that nobody knows. */
const twins: readonly (readonly [languageId: string, source: string, text: string, unknown: readonly string[]])[] = [
  ['typescript', 'const a = ▮', 'sendReminder(b);', []],
  ['typescript', 'const a = ▮', 'sendReminders(b);', ['sendReminders']],
  ['typescript', 'function later() {}\n▮', 'later();', []],
  ['typescript', 'function later() {}\n▮', 'earlier();', ['earlier']],
  ['typescript', '▮', 'const total = 1;\nconsole.log(total);', []],
  ['typescript', '▮', 'const total = 1;\nconsole.log(totals);', ['totals']],
  ['typescript', '▮', 'sendReminder({ subject: 1, recipient });', ['recipient']],
  ['typescript', '▮', 'sendReminder("recipient", `recipient ${1}`); // recipient', []],
  ['typescript', '▮', 'sendReminder().unheard.of?.members;', []],
  ['typescript', '▮', 'for (const line of sendReminder()) console.log(line);', []],
  ['typescript', '▮', 'sendReminder((first, second) => first + second);', []],
  ['typescript', '▮', 'function build(first: string): Map<string, number> {\n  return new Map([[first, 1]]);\n}', []],
  ['typescript', '▮', 'function build(first: Strange): void {}', ['Strange']],
  ['typescript', '▮', 'try { sendReminder(); } catch (problem) { throw problem; }', []],
  ['typescript', '▮', 'const { first, second: [third] } = sendReminder();\nfirst(third);', []],
  ['typescript', '▮', 'if (strange) sendReminder();', ['strange']],
  ['typescript', 'const sum = sendRem▮', 'inder(1);', []],
  ['typescript', 'const sum = sendRem▮', 'indeer(1);', ['sendRemindeer']],
  ['typescript', '▮', 'const x = strange ? sendReminder : another;', ['strange', 'another']],
  ['typescriptreact', 'const a = ▮', '<div className="b">Some words here</div>;', []],
  ['typescriptreact', 'const a = ▮', '<Strange className="b" />;', ['Strange']],
  ['python', '▮', 'total = sum(len(name) for name in send_letter())', []],
  ['python', '▮', 'total = sum(len(name) for name in send_letters())', ['send_letters']],
  ['python', '▮', 'send_letter(subject=1)', []],
  ['python', '▮', 'send_letter(1, subject)', ['subject']],
  ['python', '▮', 'with open(send_letter()) as handle:\n    print(handle.read())', []],
  ['python', '▮', 'def build(first, second=None, *rest):\n    return first + second + rest', []],
  ['python', '▮', 'try:\n    pass\nexcept ValueError as problem:\n    raise RuntimeError from problem', []],
  ['python', '▮', '@strange\ndef build(): pass', ['strange']],
  ['python', '▮', 'import numpy as np\nnp.zeros(3)', []],
  [
    'go',
    'func f() {\n\t▮\n}',
    'result, err := SendParcel(ctx)\n\tif err != nil {\n\t\treturn err\n\t}\n\tprintln(result)',
    ['ctx'],
  ],
  ['go', '▮', 'func build(first string, second int) string {\n\treturn first\n}', []],
  ['go', '▮', 'x := strange.Do()', ['strange']],
  ['rust', 'fn f() {\n    ▮\n}', 'let total: Vec<u8> = send_signal().iter().map(|one| one + 1).collect();', []],
  ['rust', 'fn f() {\n    ▮\n}', 'if let Some(value) = send_signals() { println!("{}", value); }', ['send_signals']],
  ['java', 'class A {\n  ▮\n}', 'String join(String first, int count) {\n    return first.repeat(count);\n  }', []],
  ['java', 'class A {\n  ▮\n}', 'Strange join() { return new Strange(); }', ['Strange']],
  ['c', 'int f(void) {\n  ▮\n}', 'size_t length = strlen(ring_bell());', []],
  ['c', 'int f(void) {\n  ▮\n}', 'size_t length = strlen(ring_bells());', ['ring_bells']],
  ['cpp', '▮', 'std::vector<int> items; for (auto &item : items) std::cout << item;', []],
  ['csharp', 'class A {\n  ▮\n}', 'int Total(string first) => first.Length + strange;', ['strange']],
  // A namespace that is not named in the file may bring it.
  ['csharp', 'using Some.Where;\nclass A {\n  ▮\n}', 'int Total(string first) => first.Length + Strange.Count;', []],
  ['python', 'from somewhere import *\n▮', 'strange()', []],
  ['java', 'import some.where.*;\nclass A {\n  ▮\n}', 'Strange join() { return new Strange(); }', []],
  ['c', '#include <gtk/gtk.h>\nint f(void) {\n  ▮\n}', 'gtk_main_quit();', []],
  ['c', '#include "own.h"\nint f(void) {\n  own_begin();\n  ▮\n}', 'own_end();', []],
  [
    'go',
    '▮',
    'func (n *Named) SetSymbol(x int) { n.x = x }\nif first, ok := n.(int); ok { println(first) }',
    ['Named'],
  ],
  ['ruby', '▮', 'strange', []],
];

const files = new Map([
  ['/w/a.ts', 'export function sendReminder() {}\n'],
  ['/w/a.py', 'def send_letter(): pass\n'],
  ['/w/a.go', 'package a\nfunc SendParcel() {}\n'],
  ['/w/a.rs', 'fn send_signal() {}\n'],
  ['/w/a.c', 'int ring_bell(void);\n'],
]);

describe('the ground under what a model writes', () => {
  const recall = createRecallInProcess({ ranker: voteRanker, files });
  const ground = createGround({ recall, index: () => null });
  const unknownIn = (languageId: string, source: string, text: string): Promise<readonly string[]> => {
    const { text: document, offset } = marked(source, '▮');
    const snapshot = { uri: 'untitled:a', path: null, languageId, version: 1, text: document };
    return ground.unknownNames(snapshot, text, offset, never);
  };

  for (const [languageId, source, text, unknown] of twins) {
    it(`of ${languageId}: ${JSON.stringify(text)} is ${unknown.join(', ') || 'known'}`, async () => {
      assert.deepEqual(await unknownIn(languageId, source, text), unknown);
    });
  }

  it('holds everything while the workspace has not been read', async () => {
    const unread = createGround({ recall: createRecallInProcess({ ranker: voteRanker }), index: () => null });
    const snapshot = { uri: 'untitled:a', path: null, languageId: 'typescript', version: 1, text: '' };
    assert.deepEqual(await unread.unknownNames(snapshot, 'strange();', 0, never), []);
  });

  describe('where recall has not read all', () => {
    const snapshot = { uri: 'file:///w/b.ts', path: '/w/b.ts', languageId: 'typescript', version: 1, text: '' };
    const partly = { knows: () => false, stats: () => ({ ...recall.stats(), leftOut: 3 }) };
    const status = {
      state: 'ready',
      message: null,
      files: 1,
      indexed: 1,
      pending: 0,
      chunks: 1,
      symbols: 1,
      skipped: {},
    } as const;
    const symbol = { name: 'rare', kind: 'function', signature: '', container: '', path: 'a.ts' } as const;
    const span = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 1 };

    it('asks the index', async () => {
      const definitions = (name: string) =>
        Promise.resolve(name === 'rare' ? [{ ...symbol, span, nameSpan: span }] : []);
      const asking = createGround({
        recall: partly,
        index: () => ({ definitions, status: () => status }),
        deadlineMs: 60_000,
      });
      assert.deepEqual(await asking.unknownNames(snapshot, 'rare(strange);', 0, never), ['strange']);
    });

    it('takes for known what the index does not answer in time', async () => {
      const definitions = (): Promise<never> => new Promise(() => {});
      const waiting = createGround({
        recall: partly,
        index: () => ({ definitions, status: () => status }),
        deadlineMs: 1,
      });
      assert.deepEqual(await waiting.unknownNames(snapshot, 'strange();', 0, never), []);
    });

    it('passes on an abort', async () => {
      const abort = new AbortController();
      const definitions = (): Promise<never> => new Promise(() => {});
      const waiting = createGround({
        recall: partly,
        index: () => ({ definitions, status: () => status }),
        deadlineMs: 60_000,
      });
      const asked = waiting.unknownNames(snapshot, 'strange();', 0, abort.signal);
      abort.abort(new Error('superseded'));
      await assert.rejects(asked, /superseded/);
    });
  });

  it('tells what is asked of a name first', () => {
    const [found] = freeNames('path.Join(a)', '', languageOfId('go') ?? otherText);
    assert.deepEqual(found, { name: 'path', at: 0, member: 'Join' });
  });
});

describe('a text cut before what nobody knows', () => {
  const cases: readonly (readonly [text: string, names: readonly string[], kept: string])[] = [
    ['a();\n  strange();\n  b();', ['strange'], 'a();'],
    ['strange();\nb();', ['strange'], ''],
    ['a();\n  b(\n    c,\n    strange,\n  );', ['strange'], 'a();'],
    ['if (a) {\n    b();\n    strange();\n  }', ['strange'], 'if (a) {\n    b();'],
    ['a({\n    b: [\n      strange,\n    ],\n  });', ['strange'], 'a({'],
    ['a();', ['strange'], 'a();'],
    ['strangely();\nstrange();', ['strange'], 'strangely();'],
  ];
  for (const [text, names, kept] of cases) {
    it(JSON.stringify(text), () => assert.equal(cutBeforeUnknown(text, names), kept));
  }
});
