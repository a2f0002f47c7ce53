import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CheckResult } from '../../../grammars/trees.js';
import type { DocSnapshot } from '../../../server/base/snapshot.js';
import type { CompletionAnswer } from '../../../server/complete/completer.js';
import { createCompleter } from '../../../server/complete/createCompleter.js';
import { inlineDefaults, scriptedRecall, scriptedTrees } from './support/scripted.js';

const piece = fc.constantFrom('a', 'foo', ' ', '(', ')', '{', '}', '"', '\n', '\r\n', '\t', '.', ';', '😀', '\ud83d');
const share = fc.double({ min: 0, max: 1, noNaN: true });
const step = fc.oneof(
  fc.record({ do: fc.constant('edit' as const), at: share, remove: fc.nat(5), text: piece }),
  fc.record({ do: fc.constant('ask' as const), at: share, invoked: fc.boolean(), cancelled: fc.boolean() }),
  fc.record({ do: fc.constant('askAtEdit' as const) }),
  fc.record({ do: fc.constant('accept' as const) }),
  fc.record({ do: fc.constant('reopen' as const) }),
  fc.record({ do: fc.constant('answerChecks' as const), keep: share }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(2000) }),
);
const fresh = fc.array(piece, { minLength: 1, maxLength: 8 }).map(pieces => pieces.join(''));

describe('the completer, in any order of things', () => {
  it('answers every request once, for the newest text, with what an editor can draw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fresh, async (steps, says) => {
        let nowMs = 0;
        let held: ((share: number) => void)[] = [];
        const trees = scriptedTrees();
        trees.checks = text =>
          new Promise<CheckResult>(resolve => {
            held.push(part => {
              const keep = Math.floor(part * (text.length + 1));
              resolve({ keep, verdict: keep === 0 ? 'refused' : keep === text.length ? 'passed' : 'cut' });
            });
          });
        const errors: unknown[] = [];
        const completer = createCompleter({
          recall: scriptedRecall(says),
          trees,
          settings: () => inlineDefaults,
          exclusion: () => null,
          now: () => nowMs,
          log: { error: (_, error) => errors.push(error), warn: () => {}, info: () => {}, debug: () => {} },
          checkDeadlineMs: 10_000,
        });
        let snapshot: DocSnapshot = {
          uri: 'file:///a.ts',
          path: '/a.ts',
          languageId: 'typescript',
          version: 1,
          text: '',
        };
        let lastEdit = 0;
        let last: { readonly answer: CompletionAnswer; readonly version: number } | null = null;
        const answers: Promise<void>[] = [];
        let answered = 0;
        completer.open(snapshot);

        const ask = (offset: number, invoked: boolean, cancelled: boolean): void => {
          const asked = snapshot;
          const abort = new AbortController();
          const trigger = invoked ? 'invoked' : 'automatic';
          const answer = completer.complete({ snapshot: asked, offset, trigger, selected: null }, abort.signal);
          answers.push(
            answer.then(got => {
              answered++;
              assert.equal(got.items.length === 0, got.reason !== null);
              for (const item of got.items) {
                assert.equal(snapshot.version, asked.version, 'for an older text');
                assert.ok(item.start <= offset && offset <= item.end);
                assert.ok(!/[\r\n]/.test(asked.text.slice(item.start, item.end)), 'a range over lines');
                assert.ok(item.text.startsWith(asked.text.slice(item.start, offset)));
                assert.notEqual(item.text.slice(offset - item.start).trim(), '');
              }
              last = { answer: got, version: asked.version };
            }),
          );
          if (cancelled) abort.abort();
        };
        const edit = (start: number, end: number, text: string): void => {
          lastEdit = start + text.length;
          const next = snapshot.text.slice(0, start) + text + snapshot.text.slice(end);
          snapshot = { ...snapshot, version: snapshot.version + 1, text: next };
          completer.change(snapshot, [{ start, end, text }]);
        };

        for (const action of steps) {
          const { length } = snapshot.text;
          switch (action.do) {
            case 'edit': {
              const at = Math.floor(action.at * length);
              edit(at, Math.min(length, at + action.remove), action.text);
              break;
            }
            case 'ask':
              ask(Math.floor(action.at * length), action.invoked, action.cancelled);
              break;
            case 'askAtEdit':
              ask(lastEdit, false, false);
              break;
            case 'accept': {
              const seen = last as { readonly answer: CompletionAnswer; readonly version: number } | null;
              const item = seen?.version === snapshot.version ? seen.answer.items[0] : undefined;
              if (item !== undefined) edit(item.start, item.end, item.text);
              break;
            }
            case 'reopen':
              completer.close(snapshot.uri);
              completer.open(snapshot);
              break;
            case 'answerChecks':
              for (const answerCheck of held) answerCheck(action.keep);
              held = [];
              await Promise.resolve();
              break;
            case 'wait':
              nowMs += action.ms;
              await new Promise(resolve => setImmediate(resolve));
              break;
          }
        }
        completer.close(snapshot.uri);
        await Promise.all(answers);
        assert.equal(answered, answers.length);
        assert.deepEqual(errors, []);
      }),
      { numRuns: 300, seed: 20261121 },
    );
  });
});
