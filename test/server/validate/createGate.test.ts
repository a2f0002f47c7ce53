import assert from 'node:assert/strict';
import { silentLog } from '../../../server/base/log.js';
import { resolveSettings } from '../../../server/config/resolve.js';
import { createGate } from '../../../server/validate/createGate.js';
import type { FileChange } from '../../../server/validate/gate.js';
import {
  notKnown,
  type Finding,
  type Reach,
  type Severity,
  type Validator,
  type Workplace,
} from '../../../server/validate/validator.js';

const never = new AbortController().signal;

describe('the gate', () => {
  it('refuses what a change newly adds, and says nothing of what was there', async () => {
    const judged = await judge('old BAD\n', 'old BAD\nnew BAD\n');
    assert.equal(judged.valid, false);
    assert.deepEqual(
      judged.issues.map(({ start, rule, consequence }) => [start, rule, consequence]),
      [[12, 'words/bad', 'refuse']],
    );
    assert.equal(judged.feedback, 'a.txt, line 2: This word is bad. (words/bad)\n    new BAD');
  });

  it('passes a change that only moves what was wrong', async () => {
    const judged = await judge('BAD here\n', '\n\nBAD here\n');
    assert.equal(judged.valid, true);
    assert.deepEqual(judged.issues, []);
  });

  it('finds one more of the same at the place that changed', async () => {
    const judged = await judge('BAD\nx\nBAD\n', 'BAD\nx\nBAD\nBAD\n');
    assert.deepEqual(
      judged.issues.map(({ start }) => start),
      [10],
    );
  });

  it('judges a new file as a whole, and one that goes not at all', async () => {
    assert.equal((await judge(null, 'BAD')).issues.length, 1);
    assert.deepEqual((await judge('BAD', null)).issues, []);
  });

  it('asks for the state before only where something is wrong after', async () => {
    const states: string[] = [];
    const validator = wordValidator({ seen: text => states.push(text) });
    await createTestGate([validator]).judge(change('one', 'two'), workplace(), 'edit', never);
    assert.deepEqual(states, ['two']);
  });

  it('shows what two validators find at one place once', async () => {
    const judged = await createTestGate([wordValidator({}), wordValidator({ id: 'other' })]).judge(
      change('', 'BAD'),
      workplace(),
      'edit',
      never,
    );
    assert.equal(judged.issues.length, 1);
  });

  it('puts the worst first', async () => {
    const validators = (['low', 'critical', 'medium'] as const).map(severity =>
      wordValidator({ id: severity, severity, rule: `${severity}/bad` }),
    );
    const { issues } = await createTestGate(validators).judge(change('', 'BAD'), workplace(), 'edit', never);
    assert.deepEqual(
      issues.map(({ severity }) => severity),
      ['critical', 'medium', 'low'],
    );
  });

  describe('never passes off what it does not know as a pass', () => {
    const cases: readonly [string, Partial<Validator>, string, RegExp][] = [
      [
        'cannot tell',
        { examine: async () => notKnown('The tool is not installed.', 'Install it.', 'tool') },
        'unknown',
        /not installed/,
      ],
      ['throws', { examine: () => Promise.reject(new Error('a bug')) }, 'unknown', /It failed/],
      ['never answers', { examine: () => new Promise(() => {}) }, 'unknown', /longer than 20 ms/],
      ['may not run here', { needsTrust: true }, 'skipped', /not trusted/],
      ['has nothing to say of the file', { accepts: () => false }, 'skipped', /nothing to say/],
    ];
    for (const [title, parts, state, why] of cases) {
      it(`a validator that ${title}`, async () => {
        const gate = createTestGate([{ ...wordValidator({}), ...parts }], 20);
        const { checks, valid } = await gate.judge(change('', 'BAD'), workplace(), 'edit', never);
        assert.equal(checks[0]?.state, state);
        assert.match(checks[0]?.why ?? '', why);
        assert.equal(valid, true);
      });
    }
  });

  it('names a missing tool once, with what to do', async () => {
    const examine = async () => notKnown('pyright is not there.', 'Install pyright.', 'pyright is missing.');
    const gate = createTestGate([{ ...wordValidator({}), examine }]);
    for (let round = 0; round < 3; round++) await gate.judge(change('', 'x'), workplace(), 'edit', never);
    assert.deepEqual(gate.notices(), ['pyright is missing. Install pyright.']);
  });

  it('runs what is near with what is far, and not the other way round', async () => {
    const ran: string[] = [];
    const validators = (['typing', 'edit', 'tests'] as const).map(reach => ({
      ...wordValidator({ seen: () => ran.push(reach) }),
      reach,
    }));
    const gate = createTestGate(validators);
    const expected: Readonly<Record<Reach, readonly Reach[]>> = {
      typing: ['typing'],
      edit: ['typing', 'edit'],
      tests: ['typing', 'edit', 'tests'],
    };
    for (const reach of ['typing', 'edit', 'tests'] as const) {
      ran.length = 0;
      await gate.examine([{ path: '/a.txt', languageId: '', text: 'x' }], workplace(), reach, never);
      assert.deepEqual(ran, expected[reach]);
    }
  });

  it('ends with its caller', async () => {
    const asking = new AbortController();
    const gate = createTestGate([{ ...wordValidator({}), examine: () => new Promise(() => {}) }], 60_000);
    const judged = gate.judge(change('', 'x'), workplace(), 'edit', asking.signal);
    asking.abort(new Error('gone'));
    await assert.rejects(judged, /gone/);
  });

  describe('what is done about a finding', () => {
    const cases: readonly [string, Severity, unknown, string | null][] = [
      ['words/bad', 'high', {}, 'refuse'],
      ['words/bad', 'medium', {}, 'warn'],
      ['words/bad', 'medium', { block: 'medium' }, 'refuse'],
      ['words/bad', 'high', { block: 'critical' }, 'warn'],
      ['words/bad', 'high', { rules: { words: 'warn' } }, 'warn'],
      ['words/bad', 'high', { rules: { words: 'warn', 'words/bad': 'ignore' } }, null],
      ['words/bad', 'low', { rules: { 'words/bad': 'refuse' } }, 'refuse'],
      ['syntax/error', 'critical', { rules: { syntax: 'ignore' } }, 'refuse'],
      ['secrets/aws', 'high', { block: 'critical', rules: { secrets: 'warn' } }, 'refuse'],
      ['security/eval', 'high', { rules: { security: 'ignore' } }, 'refuse'],
      ['security/weak-hash', 'medium', { rules: { security: 'ignore' } }, null],
    ];
    for (const [rule, severity, gate, expected] of cases) {
      it(`${rule}, ${severity}, with ${JSON.stringify(gate)}: ${expected ?? 'nothing'}`, async () => {
        const validator = wordValidator({ rule, severity });
        const { issues } = await createTestGate([validator]).judge(change('', 'BAD'), workplace(gate), 'edit', never);
        assert.equal(issues[0]?.consequence ?? null, expected);
      });
    }
  });

  describe('a workspace', () => {
    const cases: readonly [string, unknown, unknown, unknown][] = [
      ['may refuse more', { block: 'high' }, { block: 'low' }, { block: 'low' }],
      ['may not refuse less', { block: 'high' }, { block: 'critical' }, { block: 'high' }],
      ['may refuse a rule', {}, { rules: { words: 'refuse' } }, { rules: { words: 'refuse' } }],
      ['may not ignore a rule', {}, { rules: { words: 'ignore' } }, { rules: {} }],
      [
        'may not loosen a rule',
        { rules: { words: 'refuse' } },
        { rules: { words: 'warn' } },
        { rules: { words: 'refuse' } },
      ],
      ['may forbid tests', { tests: 'trusted' }, { tests: 'never' }, { tests: 'never' }],
      ['may not allow tests', { tests: 'never' }, { tests: 'trusted' }, { tests: 'never' }],
    ];
    for (const [title, user, asked, expected] of cases) {
      it(title, () => {
        const { settings } = resolveSettings([
          { name: 'user', kind: 'user', values: { gate: user } },
          { name: 'workspace', kind: 'workspace', values: { gate: asked } },
        ]);
        assert.deepEqual({ ...settings.gate, ...(expected as object) }, settings.gate);
      });
    }
  });
});

function createTestGate(validators: readonly Validator[], deadlineMs = 5_000) {
  return createGate({
    validators,
    log: silentLog,
    now: () => performance.now(),
    deadlinesMs: { typing: deadlineMs, edit: deadlineMs, tests: deadlineMs },
  });
}

function workplace(gate: unknown = {}): Workplace {
  const { settings, problems } = resolveSettings([{ name: 'test', kind: 'user', values: { gate } }]);
  assert.deepEqual(problems, []);
  return { folder: '/', isTrusted: false, index: null, gate: settings.gate };
}

function change(before: string | null, after: string | null): readonly FileChange[] {
  return [{ path: '/a.txt', languageId: 'plaintext', before, after }];
}

function judge(before: string | null, after: string | null) {
  return createTestGate([wordValidator({})]).judge(change(before, after), workplace(), 'edit', never);
}

/** Objects to the word BAD. */
function wordValidator({
  id = 'words',
  rule = 'words/bad',
  severity = 'high',
  seen = () => {},
}: {
  readonly id?: string;
  readonly rule?: string;
  readonly severity?: Severity;
  readonly seen?: (text: string) => unknown;
}): Validator {
  return {
    id,
    judges: 'No word is BAD.',
    reach: 'edit',
    needsTrust: false,
    accepts: () => true,
    async examine(files) {
      const findings = files.flatMap(({ path, text }): Finding[] => {
        seen(text);
        return [...text.matchAll(/BAD/g)].map(({ index }) => ({
          rule,
          severity,
          path,
          start: index,
          end: index + 3,
          message: 'This word is bad.',
          fix: null,
        }));
      });
      return { findings, unknown: null };
    },
  };
}
