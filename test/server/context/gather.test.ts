import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DocSnapshot } from '../../../server/base/snapshot.js';
import { unitsPerToken } from '../../../server/context/budget.js';
import type { Gathered } from '../../../server/context/context.js';
import type { Found } from '../../../server/context/found.js';
import type { ContextSource } from '../../../server/context/source.js';
import { createTestPool, createWorld, cursor, never, type World, type WorldOptions } from './support/world.js';

/** A source that finds what it is told to. */
function scripted(name: string, find: ContextSource['find'], options: Partial<ContextSource> = {}): ContextSource {
  return { name, share: 1, keyOf: ({ window }) => String(window.line), find, ...options };
}

function passage(id: string, text: string, score = 0.5, source = 'one'): Found {
  return { id, score, from: 'made', passage: { path: null, label: id, startLine: 0, text, source } };
}

const code = `// The first line.\nfunction first() {\n  return 1;\n}\n\nfunction second() {\n  ${cursor}\n}\n`;
const hang = (): Promise<never> => new Promise(() => {});

describe('gathering', () => {
  const pool = createTestPool();
  after(() => pool.close());
  const worlds: World[] = [];
  const open = async (options: WorldOptions, source = code): Promise<World> => {
    const world = await createWorld({ 'a.ts': source }, options);
    worlds.push(world);
    return world;
  };
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.close();
  });
  const texts = ({ prompt }: Gathered): string[] => prompt.related.map(({ text }) => text);
  const lateOf = ({ sources }: Gathered): string[] => sources.filter(({ late }) => late).map(({ name }) => name);

  it('gives the file itself, split at the start of the line', async () => {
    const world = await open({ sources: [] });
    const { prompt } = await world.ask('a.ts');
    const [before = '', after = ''] = code.split(cursor);
    assert.equal(prompt.prefix, before.slice(0, before.lastIndexOf('\n') + 1));
    assert.deepEqual([prompt.typed, prompt.suffix, prompt.startLine], ['  ', after, 0]);
    assert.deepEqual(
      [prompt.languageId, prompt.label, prompt.path],
      ['typescript', 'a.ts', world.workspace.path('a.ts')],
    );
  });

  it('leaves a source that never answers behind at the deadline', async () => {
    const quick = scripted('quick', async () => [passage('q', 'what was found quickly\n', 0.5, 'quick')]);
    const world = await open({ sources: [quick, scripted('hanging', hang)] });
    const gathering = world.ask('a.ts', { deadlineMs: 40 });
    let done = false;
    void gathering.then(() => (done = true));
    world.clock.pass(39);
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(done, false);
    world.clock.pass(1);
    const gathered = await gathering;
    assert.deepEqual([texts(gathered), lateOf(gathered)], [['what was found quickly\n'], ['hanging']]);
  });

  it('does not wait for the deadline when all have answered', async () => {
    const world = await open({ sources: [scripted('one', async () => [passage('p', 'something\n')])] });
    assert.deepEqual(texts(await world.ask('a.ts', { deadlineMs: 40 })), ['something\n']);
  });

  it('asks a source that never answers no more than twice', async () => {
    let asked = 0;
    const world = await open({
      sources: [scripted('hanging', () => (asked++, hang()), { keyOf: () => `${Math.random()}` })],
    });
    const { snapshot, offset } = world.open('a.ts');
    for (let at = 0; at < 6; at++) {
      const gathering = world.context.gather(
        { snapshot, offset: offset - at * 10, budgetTokens: 1000, deadlineMs: 5 },
        never,
      );
      world.clock.pass(5);
      await gathering;
    }
    assert.equal(asked, 2);
  });

  it('has what came too late for the next key', async () => {
    let answer = (_: readonly Found[]): void => {};
    const slow = scripted('slow', () => new Promise(resolve => (answer = resolve)));
    const world = await open({ sources: [slow] });
    const { snapshot, offset } = world.open('a.ts');
    const first = world.context.gather({ snapshot, offset, budgetTokens: 1000, deadlineMs: 40 }, never);
    await new Promise(resolve => setImmediate(resolve));
    world.clock.pass(40);
    assert.deepEqual(texts(await first), []);
    answer([passage('late', 'late, but true\n', 0.5, 'slow')]);
    await new Promise(resolve => setImmediate(resolve));
    const typed = type(world, snapshot, offset, 'x');
    // At once: nobody waits again in the same line.
    const second = await world.context.gather(
      { snapshot: typed, offset: offset + 1, budgetTokens: 1000, deadlineMs: 40 },
      never,
    );
    assert.deepEqual([texts(second), lateOf(second)], [['late, but true\n'], []]);
  });

  it('does not use what came too late for another place', async () => {
    const answers: ((found: readonly Found[]) => void)[] = [];
    const world = await open({ sources: [scripted('slow', () => new Promise(resolve => answers.push(resolve)))] });
    const { snapshot, offset } = world.open('a.ts');
    const ask = async (at: number): Promise<Gathered> => {
      const gathering = world.context.gather({ snapshot, offset: at, budgetTokens: 1000, deadlineMs: 40 }, never);
      await new Promise(resolve => setImmediate(resolve));
      world.clock.pass(40);
      return gathering;
    };
    await ask(offset);
    answers[0]?.([passage('late', 'for the line below\n', 0.5, 'slow')]);
    await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual(texts(await ask(0)), []);
  });

  it('notes a source that fails, once, and goes on without it', async () => {
    const failing = scripted('failing', () => Promise.reject(new Error('it broke')));
    const throwing = scripted('throwing', () => {
      throw new Error('at once');
    });
    const unsure = scripted('unsure', async () => [], {
      keyOf: () => {
        throw new Error('no key');
      },
    });
    const fine = scripted('fine', async () => [passage('f', 'fine\n', 0.5, 'fine')]);
    const world = await open({ sources: [failing, throwing, unsure, fine] });
    assert.deepEqual(texts(await world.ask('a.ts', { deadlineMs: 40 }).finally(() => world.clock.pass(40))), [
      'fine\n',
    ]);
    await world.ask('a.ts', { deadlineMs: 0 });
    assert.deepEqual(world.warnings.length, 3);
    assert.ok(world.warnings.every(message => !message.includes('it broke')));
  });

  it('rejects with the reason of its signal alone, and lets go of nothing', async () => {
    const world = await open({ sources: [scripted('hanging', hang)] });
    const controller = new AbortController();
    const { snapshot, offset } = world.open('a.ts');
    const gathering = world.context.gather({ snapshot, offset, budgetTokens: 1000, deadlineMs: 40 }, controller.signal);
    const reason = new Error('superseded');
    controller.abort(reason);
    await assert.rejects(gathering, reason);
    await assert.rejects(
      world.context.gather({ snapshot, offset, budgetTokens: 1000, deadlineMs: 40 }, controller.signal),
      reason,
    );
  });

  it('never holds more than its budget, whatever is found', async () => {
    const many = fc.array(
      fc.record({ size: fc.nat(3000), score: fc.double({ min: 0, max: 1, noNaN: true }), lines: fc.boolean() }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        many,
        fc.integer({ min: 16, max: 3000 }),
        fc.nat(5000),
        fc.nat(9),
        async (found, budgetTokens, length, seed) => {
          const source = scripted('one', async () =>
            found.map(({ size, score, lines }, at) =>
              passage(`p${at}`, `${seed}${at}${lines ? ' some words\n' : 'x'}`.repeat(size / 8), score),
            ),
          );
          const world = await createWorld(
            { 'a.ts': `${'long line of text\n'.repeat(length / 18)}${cursor}${'y'.repeat(length / 4)}\nz` },
            { sources: [source] },
          );
          try {
            const { prompt } = await world.ask('a.ts', { budgetTokens });
            const related = prompt.related.reduce((sum, { text, label }) => sum + text.length + label.length, 0);
            const units = related + prompt.prefix.length + prompt.typed.length + prompt.suffix.length;
            assert.ok(units <= budgetTokens * unitsPerToken, `${units} of ${budgetTokens * unitsPerToken}`);
          } finally {
            await world.close();
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('changes nothing in related and prefix while a line is typed', async () => {
    // A source that says something else each time it is asked: only the keys keep it from being asked.
    let asked = 0;
    const restless = scripted(
      'restless',
      async () => [passage(`r${asked}`, `found at ${asked++}\n`, 0.5, 'restless')],
      {
        keyOf: ({ window, before, behind }) => `${window.line} ${before.length} ${behind.length}`,
      },
    );
    const world = await open({ sources: [restless] });
    const opened = world.open('a.ts');
    let { snapshot } = opened;
    let { offset } = opened;
    let before: Gathered | null = null;
    for (const key of 'const total = compute(invoice, 0.2) // "done"') {
      snapshot = type(world, snapshot, offset, key);
      offset += key.length;
      const { prompt } = await world.context.gather({ snapshot, offset, budgetTokens: 2000, deadlineMs: 1e9 }, never);
      if (before !== null) {
        assert.deepEqual(prompt.related, before.prompt.related);
        assert.equal(prompt.prefix, before.prompt.prefix);
        assert.equal(prompt.suffix, before.prompt.suffix);
      }
      before = { prompt, sources: [] };
    }
    assert.equal(asked, 1);
  });

  it('changes nothing while a line is typed, with all its real sources', async () => {
    const world = await createWorld(
      {
        'a.ts': `import { Ledger } from './ledger';\n\nexport function charge(ledger: Ledger) {\n  ${cursor}\n}\n`,
        'ledger.ts':
          'export class Ledger {\n  add(cents: number): void {}\n  balance(): number {\n    return 0;\n  }\n}\n',
        'refund.ts':
          "import { Ledger } from './ledger';\nexport function refund(ledger: Ledger) {\n  ledger.add(-ledger.balance());\n}\n",
        'README.md': '# Name\n\nA library that sends invoices to whoever has to pay them.\n',
      },
      { pool, isTrusted: () => true },
    );
    worlds.push(world);
    world.open('refund.ts');
    const opened = world.open('a.ts');
    let { snapshot } = opened;
    let { offset } = opened;
    const seen = new Set<string>();
    for (const key of 'const total = ledger.balance(refund') {
      snapshot = type(world, snapshot, offset, key);
      offset += key.length;
      const { prompt } = await world.context.gather({ snapshot, offset, budgetTokens: 2000, deadlineMs: 1e9 }, never);
      assert.ok(prompt.related.length >= 3);
      seen.add(JSON.stringify([prompt.related, prompt.prefix, prompt.suffix]));
    }
    assert.equal(seen.size, 1);
  });

  it('keeps passages in their places from line to line, and puts new ones behind', async () => {
    const byLine = new Map<number, readonly Found[]>();
    const world = await open({ sources: [scripted('one', async ({ window }) => byLine.get(window.line) ?? [])] });
    const words = ['alpha beta gamma', 'delta epsilon zeta', 'eta theta iota', 'kappa lambda mu'];
    const [a, b, c, d] = words.map((text, at) => passage(`p${at}`, `${text}\n`, 0.5 + at / 10));
    assert.ok(a && b && c && d);
    byLine.set(0, [a, b]).set(1, [b, c]).set(2, [d, a]).set(3, []);
    const { snapshot } = world.open('a.ts');
    const ask = async (line: number): Promise<string> => {
      const offset = snapshot.text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0);
      const { prompt } = await world.context.gather({ snapshot, offset, budgetTokens: 2000, deadlineMs: 1e9 }, never);
      return prompt.related.map(({ label }) => label).join(' ');
    };
    assert.equal(await ask(0), 'p1 p0');
    assert.equal(await ask(1), 'p1 p0 p2');
    assert.equal(await ask(2), 'p1 p0 p2 p3');
    assert.equal(await ask(3), 'p1 p0 p2 p3');
  });

  it('lets those go first that nobody wants, and only when there is no room', async () => {
    const big = (id: string): Found => passage(id, `${id} stands here as a passage of its own\n`.repeat(12), 0.5);
    const byLine = new Map([
      [0, [big('old'), big('kept')]],
      [1, [big('kept'), big('new'), big('newer')]],
    ]);
    const world = await open({ sources: [scripted('one', async ({ window }) => byLine.get(window.line) ?? [])] });
    const { snapshot } = world.open('a.ts');
    const ask = async (offset: number): Promise<string[]> => {
      const { prompt } = await world.context.gather({ snapshot, offset, budgetTokens: 1200, deadlineMs: 1e9 }, never);
      return prompt.related.map(({ label }) => label);
    };
    assert.deepEqual(await ask(0), ['kept', 'old']);
    assert.deepEqual(await ask(snapshot.text.indexOf('function')), ['kept', 'new', 'newer']);
  });

  it('orders what comes together by source, the most stable first', async () => {
    const found = (name: string, score: number) =>
      scripted(name, async () => [passage(name, `the words of ${name} are these\n`, score, name)]);
    const world = await open({ sources: [found('stable', 0.1), found('middle', 0.9), found('restless', 0.5)] });
    const { prompt } = await world.ask('a.ts');
    assert.deepEqual(
      prompt.related.map(({ source }) => source),
      ['stable', 'middle', 'restless'],
    );
  });

  it('shows nothing twice, and nothing that the file shows', async () => {
    const twice = 'function shown() {\n  return somethingElse();\n}\n';
    const own = 'function first() {\n  return 1;\n}\n// The first line.\n';
    const world = await open({
      sources: [
        scripted('one', async () => [
          passage('a', twice, 0.9),
          passage('b', `${twice}\n`, 0.8),
          passage('own', own, 0.7),
        ]),
      ],
    });
    assert.deepEqual(
      (await world.ask('a.ts')).prompt.related.map(({ label }) => label),
      ['a'],
    );
  });

  it('lets what is typed bring passages in only where it is asked to', async () => {
    const called = scripted(
      'called',
      async ({ typedWords }) =>
        typedWords === '' ? [] : [passage(typedWords, `${typedWords} is defined so\n`, 0.5, 'called')],
      {
        keyOf: ({ typedWords }) => typedWords,
      },
    );
    const world = await open({ sources: [called] }, `const x = compute(${cursor}`);
    assert.deepEqual(texts(await world.ask('a.ts')), []);
    assert.deepEqual(texts(await world.ask('a.ts', { followsTyping: true })), ['const x = compute( is defined so\n']);
  });

  it('has the text around the window for whoever must see what the window cuts', async () => {
    const far = 'const password = "far away";\n';
    const world = await open(
      { sources: [] },
      `${far}${'// filler\n'.repeat(300)}${cursor}\n${'// filler\n'.repeat(300)}${far}`,
    );
    const { prompt } = await world.ask('a.ts', { budgetTokens: 600 });
    assert.ok(prompt.startLine > 0);
    assert.ok(prompt.around?.before.startsWith(far) && prompt.around.after.endsWith(far));
    assert.ok(!prompt.prefix.includes('password') && !prompt.suffix.includes('password'));
  });
});

function type(world: World, snapshot: DocSnapshot, offset: number, text: string): DocSnapshot {
  const edit = { start: offset, end: offset, text };
  const after = {
    ...snapshot,
    version: snapshot.version + 1,
    text: snapshot.text.slice(0, offset) + text + snapshot.text.slice(offset),
  };
  world.context.change(after, [edit]);
  return after;
}
