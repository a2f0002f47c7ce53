import assert from 'node:assert/strict';
import { createSwitches } from '../../../server/complete/switches.js';

const a = { uri: 'file:///a.ts', languageId: 'typescript' };
const b = { uri: 'file:///b.ts', languageId: 'typescript' };
const c = { uri: 'file:///c.py', languageId: 'python' };

describe('switches', () => {
  it('leave everything to the settings until one is touched', () =>
    assert.equal(
      createSwitches(
        () => true,
        () => 0,
      ).override(a),
      null,
    ));
  it('let the closest one decide', () => {
    const switches = createSwitches(
      () => true,
      () => 0,
    );
    assert.equal(switches.toggle('language', a), false);
    assert.deepEqual([a, b, c].map(switches.override), [false, false, null]);
    assert.equal(switches.toggle('file', b), true);
    assert.deepEqual([a, b, c].map(switches.override), [false, true, null]);
  });
  it('let that of a language overrule those of its files', () => {
    const switches = createSwitches(
      () => true,
      () => 0,
    );
    switches.toggle('file', a);
    switches.toggle('file', a);
    switches.toggle('file', c);
    assert.equal(switches.toggle('language', a), false);
    assert.deepEqual([a, b, c].map(switches.override), [false, false, false]);
    assert.equal(switches.toggle('language', a), true);
    assert.deepEqual([a, b, c].map(switches.override), [true, true, false]);
  });
  it('let the general one overrule what was touched before', () => {
    const switches = createSwitches(
      () => true,
      () => 0,
    );
    switches.toggle('file', a);
    assert.equal(switches.toggle('all', null), false);
    assert.equal(switches.toggle('all', null), true);
    assert.deepEqual([a, b, c].map(switches.override), [true, true, true]);
  });
  it('turn on what the settings have off', () => {
    const switches = createSwitches(
      () => false,
      () => 0,
    );
    assert.equal(switches.toggle('file', a), true);
    assert.deepEqual([switches.override(a), switches.override(b)], [true, null]);
  });
  it('snooze for a while, or until told otherwise', () => {
    let nowMs = 1000;
    const switches = createSwitches(
      () => true,
      () => nowMs,
    );
    switches.snooze(1);
    assert.equal(switches.snoozedUntilMs(), 61_000);
    nowMs = 61_000;
    assert.equal(switches.snoozedUntilMs(), 0);
    switches.snooze(1);
    switches.snooze(0);
    assert.equal(switches.snoozedUntilMs(), 0);
  });
});
