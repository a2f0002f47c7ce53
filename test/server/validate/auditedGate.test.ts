import assert from 'node:assert/strict';
import { defaultSettings } from '../../../server/config/resolve.js';
import type { AuditEvent } from '../../../server/trust/audit.js';
import { hashOf } from '../../../server/trust/journal/edit.js';
import { auditedGate } from '../../../server/validate/auditedGate.js';
import type { Gate, Judgement } from '../../../server/validate/gate.js';
import type { Reach } from '../../../server/validate/validator.js';

describe('auditedGate', () => {
  const judged = (valid: boolean): Judgement => ({
    valid,
    issues: valid
      ? []
      : [
          {
            rule: 'secrets/key',
            severity: 'critical',
            path: '/w/a.ts',
            start: 0,
            end: 1,
            message: 'A key: sk-123.',
            fix: null,
            consequence: 'refuse',
          },
        ],
    feedback: 'Line 1: sk-123',
    checks: [{ id: 'python', state: 'unknown', why: 'x', remedy: null, missing: null, notJudged: [], ms: 1 }],
  });
  const workplace = { folder: '/w', isTrusted: false, index: null, gate: defaultSettings().gate };
  const check = async (valid: boolean, reach: Reach): Promise<readonly AuditEvent[]> => {
    const noted: AuditEvent[] = [];
    const inner: Gate = {
      judge: () => Promise.resolve(judged(valid)),
      examine: () => Promise.resolve(judged(valid)),
      notices: () => ['x'],
      dispose: () => Promise.resolve(),
    };
    const gate = auditedGate(inner, { note: event => Promise.resolve(void noted.push(event)) });
    const change = [{ path: '/w/a.ts', languageId: 'typescript', before: 'a', after: 'sk-123' }];
    assert.deepEqual(await gate.judge(change, workplace, reach, new AbortController().signal), judged(valid));
    assert.deepEqual(gate.notices(), ['x']);
    return noted;
  };

  it('writes down what was judged by hashes, sizes and rules, and no code', async () => {
    const file = { path: 'a.ts', before: hashOf('a'), after: hashOf('sk-123'), bytes: 6 };
    const both = { task: 'edit', root: '/w', files: [file], why: 'unknown: python' };
    const proposed = { event: 'proposed', task: 'edit', root: '/w', files: [file] };
    const checked = await check(true, 'edit');
    assert.deepEqual(checked.map(withoutId), [proposed, { ...both, event: 'checked', rules: [] }]);
    assert.equal(new Set(checked.map(({ id }) => id)).size, 1);
    const refused = await check(false, 'edit');
    assert.deepEqual(refused.map(withoutId), [proposed, { ...both, event: 'refused', rules: ['secrets/key'] }]);
    assert(!JSON.stringify(refused).includes('sk-'));
  });

  it('of what is typed only what was refused', async () => {
    assert.deepEqual(await check(true, 'typing'), []);
    assert.deepEqual(
      (await check(false, 'typing')).map(({ event, task }) => [event, task]),
      [['refused', 'inline']],
    );
  });
});

function withoutId({ id, ...event }: AuditEvent): Omit<AuditEvent, 'id'> {
  assert(id !== undefined);
  return event;
}
