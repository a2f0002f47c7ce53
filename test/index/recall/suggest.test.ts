import assert from 'node:assert/strict';
import { createRecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import type { SuggestOptions } from '../../../index/recall/recall.js';
import { voteRanker } from '../../../index/recall/voteRanker.js';
import { defaultOptions, marked, shown, shownAt, topRanker } from './marked.js';

const users = `import { database } from './database.js';

export async function loadUser(id: string): Promise<User> {
  const row = await database.find('users', id);
  if (row === null) throw new NotFound('user', id);
  return toUser(row);
}
`;

function check(
  text: string,
  expected: string,
  options: Partial<SuggestOptions> = {},
  workspace = users,
  ranker = topRanker,
): void {
  const recall = createRecallInProcess({ ranker });
  recall.updateFile('/work/users.ts', workspace);
  assert.equal(shownAt(recall, text, options), expected);
}

describe('suggest', () => {
  it('goes on as the workspace does', () => {
    check('  if (row === null) throw ¦\n', "new NotFound('user', id);");
    check("import { database } from './¦\n", "database.js';");
  });

  it('finishes a half-typed name and keeps what is typed', () => {
    check('  const row = await data¦\n', "base.find('users', id);");
    const recall = createRecallInProcess({ ranker: topRanker });
    recall.updateFile('/work/users.ts', users);
    const { snapshot, offset } = marked('  const row = await data¦\n');
    const answer = recall.suggest(snapshot, offset, defaultOptions);
    assert.ok(!('silence' in answer));
    assert.equal(answer.start, offset - 'data'.length);
    assert.equal(answer.end, offset);
    assert.ok(answer.text.startsWith('data'));
    assert.deepEqual(answer.origin, { kind: 'workspace', path: '/work/users.ts', line: 4 });
    assert.equal(answer.steps.at(-1)?.end, answer.text.length);
  });

  it('finishes a name that only the workspace has', () => {
    check('let found = dataB¦\n', '<unsure>');
    check('let found = datab¦\n', 'ase', { minConfidence: 0 }, 'databaseConnection\ndatabase\ndatabase\n');
  });

  it('writes the blanks between tokens once', () => {
    check('  if (row === null) throw¦\n', " new NotFound('user', id);");
    check('  if (row === null) throw ¦\n', "new NotFound('user', id);");
    check('  if (row === null) throw  ¦\n', "new NotFound('user', id);");
  });

  it('is silent where a word goes on right of the cursor', () => {
    check('  const row = await data¦base\n', '<inside-word>');
  });

  it('is silent where nothing is known', () => {
    check('¦', '<unsure>');
    check('zig zag ¦\n', '<unsure>');
  });

  it('counts the least length right of the cursor', () => {
    check('  return toUser(row¦\n', ');');
    check('  return toUser(row¦\n', '<unsure>', { minChars: 3 });
  });

  it('does not write again what stands right of the cursor', () => {
    check('  const row = await database.find(¦)\n', "'users', id");
    check("  const row = await database.find('¦');\n", 'users');
    check("  if (row === null) throw new NotFound('user', ¦);\n", 'id');
    check('  return toUser(¦);\n', 'row');
    check('  return ¦(row);\n', 'toUser');
  });

  it('does not end inside what stands right of the cursor', () => {
    check('  return ¦ + other;\n', '<unsure>');
  });

  it('does not write the line after once more', () => {
    check(
      "  const row = await database.find('users', id);\n  ¦\n  if (row === null) throw new NotFound('user', id);\n",
      '<unsure>',
    );
  });

  it('goes on over lines as long as it may', () => {
    const text = "  if (row === null) throw new NotFound('user', id);¦\n\nlet other;\n";
    check(text, '\n  return toUser(row);\n}', { maxLines: 3 });
    check(text, '<unsure>', { maxLines: 1 });
  });

  it('takes names over that differ throughout', () => {
    const source = 'function area(w, h) {\n  const size = w * h;\n  return size;\n}\n';
    check('function room(a, b) {\n  const volume = a * ¦\n', 'b;', {}, source);
  });

  it('offers what was rejected no more', () => {
    check('  return toUser(¦\n', '<unsure>', { rejected: ['row);'] });
    check('  return toUser(r¦\n', '<unsure>', { rejected: ['row);'] });
  });

  it('answers with the line ends of the document', () => {
    const text = "  if (row === null) throw new NotFound('user', id);¦\r\n\r\nlet other;\r\n";
    check(text, '\r\n  return toUser(row);\r\n}', { maxLines: 3 });
  });

  it('indents as the document does', () => {
    const tabs = "function other() {\n\tif (row === null) throw new NotFound('user', id);¦\n}\n";
    check(tabs, '\n\treturn toUser(row);', { maxLines: 2 });
    const wide = 'class A {\n    b() {\n        loop {¦\n\n        }\n    }\n}\n';
    check(wide, '\n            step();', { maxLines: 2 }, 'x\nloop {\n  step();\n}\ny\n  loop {\n    step();\n  }\n');
  });

  it('indents a line that is begun in column 0', () => {
    check(
      "async function other() {\n  const row = await database.find('users', id);\n¦\n",
      "  if (row === null) throw new NotFound('user', id);",
    );
    check(
      "async function other() {\n  const row = await database.find('users', id);\n  ¦\n",
      "if (row === null) throw new NotFound('user', id);",
    );
  });

  it('knows the unsaved text of other documents, and not what was on disk', () => {
    const recall = createRecallInProcess({ ranker: topRanker });
    recall.updateFile('/work/users.ts', users);
    const { snapshot } = marked(users.replaceAll('NotFound', 'Missing'), '/work/users.ts');
    recall.open(snapshot);
    assert.equal(shownAt(recall, '  if (row === null) throw ¦\n'), "new Missing('user', id);");
    recall.close(snapshot.uri);
    assert.equal(shownAt(recall, '  if (row === null) throw ¦\n'), "new NotFound('user', id);");
  });

  it('forgets a file that is gone and reads one that has changed', () => {
    const recall = createRecallInProcess({ ranker: topRanker });
    recall.updateFile('/work/users.ts', users);
    recall.updateFile('/work/users.ts', users.replaceAll('NotFound', 'Missing'));
    assert.equal(shownAt(recall, '  if (row === null) throw ¦\n'), "new Missing('user', id);");
    recall.updateFile('/work/users.ts', null);
    assert.equal(shownAt(recall, '  if (row === null) throw ¦\n'), '<unsure>');
    assert.equal(recall.stats().files, 0);
  });

  it('forgets the names of a file that is gone', () => {
    const recall = createRecallInProcess({ ranker: { probability: () => 0.9 } });
    recall.updateFile('/work/users.ts', users);
    assert.match(shownAt(recall, 'x = NotF¦\n'), /^ound/);
    recall.updateFile('/work/users.ts', null);
    assert.equal(shownAt(recall, 'x = NotF¦\n'), '<unsure>');
  });

  it('never takes its own line for a source', () => {
    check('alpha beta gamma\nalpha ¦\n', 'beta gamma', {}, '');
    check('let a = alpha beta ¦gamma\n', '<inside-word>', {}, '');
    check('alpha ¦\n', '<unsure>', {}, '');
  });

  it('offers again what was just deleted', () => {
    const recall = createRecallInProcess({ ranker: topRanker });
    const before = marked('const limit = 3;\nconst total = sumOf(prices, taxes);¦\n');
    recall.open(before.snapshot);
    const text = 'const limit = 3;\nconst \n';
    const snapshot = { ...before.snapshot, version: 2, text };
    recall.change(snapshot, [{ start: 23, end: before.offset, text: '' }]);
    const answer = recall.suggest(snapshot, 23, defaultOptions);
    assert.equal(shown(answer, 23), 'total = sumOf(prices, taxes);');
    assert.ok('origin' in answer && answer.origin.kind === 'deleted');
  });

  it('joins what is deleted key by key', () => {
    const recall = createRecallInProcess({ ranker: topRanker });
    let { snapshot } = marked('const limit = 3;\nreturn sumOf(prices);¦\n');
    recall.open(snapshot);
    for (let end = 38; end > 24; end--) {
      snapshot = {
        ...snapshot,
        version: snapshot.version + 1,
        text: snapshot.text.slice(0, end - 1) + snapshot.text.slice(end),
      };
      recall.change(snapshot, [{ start: end - 1, end, text: '' }]);
    }
    snapshot = { ...snapshot, version: 99, text: snapshot.text.slice(0, 24) + ' ' + snapshot.text.slice(24) };
    recall.change(snapshot, [{ start: 24, end: 24, text: ' ' }]);
    assert.equal(shown(recall.suggest(snapshot, 24, { ...defaultOptions, minConfidence: 0 }), 24), 'sumOf(prices);');
  });

  describe('after a deletion', () => {
    /** A document that is typed in, key by key. */
    function keyboard(workspace: string, text: string) {
      const recall = createRecallInProcess({ ranker: voteRanker });
      recall.updateFile('/work/source.ts', workspace);
      let { snapshot, offset } = marked(text);
      recall.open(snapshot);
      const replace = (start: number, end: number, inserted: string): void => {
        const before = snapshot;
        const changed = before.text.slice(0, start) + inserted + before.text.slice(end);
        snapshot = { ...before, version: before.version + 1, text: changed };
        recall.change(snapshot, [{ start, end, text: inserted }]);
        offset = start + inserted.length;
      };
      return {
        recall,
        uri: snapshot.uri,
        type: (keys: string) => [...keys].forEach(key => replace(offset, offset, key)),
        backspace: (count: number) => {
          for (let key = 0; key < count; key++) replace(offset - 1, offset, '');
        },
        remove: (count: number) => replace(offset - count, offset, ''),
        shown: () => shown(recall.suggest(snapshot, offset, { ...defaultOptions, minConfidence: 0.3 }), offset),
      };
    }
    const connecting = 'first;\nx = connect(url);\nsecond;\n';

    for (const how of ['backspace', 'remove'] as const) {
      it(`draws nothing from what was typed and taken back (${how})`, () => {
        const { type, shown: now, ...keys } = keyboard(connecting, 'first;\n¦\n');
        type('x = conn');
        const before = now();
        assert.equal(before, 'ect(url);');
        keys[how](8);
        type('x = conn');
        assert.equal(now(), before);
        keys[how](8);
        type('x = ');
        assert.equal(now(), 'connect(url);');
      });
    }

    it('does not take the end of a piece of a line for the end of the line', () => {
      const { type, remove, shown: now } = keyboard(connecting, 'first;\ny = 1 + (x = connect¦\n');
      remove(13);
      type(' x = connect');
      assert.equal(now(), '(url);');
    });

    it('keeps of a line that was begun before only what stood there before', () => {
      const { type, remove, shown: now } = keyboard('', 'total = sumOf(¦\n');
      type('pric');
      remove(18);
      type('total = ');
      assert.equal(now(), 'sumOf(');
    });

    it('forgets it with its document', () => {
      const { recall, uri, remove, type } = keyboard('', 'const total = sumOf(prices, taxes);¦\n');
      remove(35);
      type(' ');
      const there = 'const ¦\n';
      assert.match(shownAt(recall, there, { minConfidence: 0.1 }, '/work/other.ts'), /^total/);
      recall.close(uri);
      assert.equal(shownAt(recall, there, { minConfidence: 0.1 }, '/work/other.ts'), '<unsure>');
    });
  });

  it('asks for more certainty in strings and comments', () => {
    const source = 'say("we begin here");\nsay("we begin here");\nsay("we end");\n';
    check('say("we ¦\n', '<in-string>', { minConfidence: 0.6 }, source, voteRanker);
    check('say("we ¦\n', 'begin here");', { minConfidence: 0.1 }, source, voteRanker);
    check('// say the ¦\n', '<in-comment>', {}, source);
  });

  it('never offers what looks like a key', () => {
    const source = 'const key = "AKIAIOSFODNN7EXAMPLE";\nconst token = ghp_16C7e42F292c6912E7710c838347Ae178B4a;\n';
    check('const key = "¦\n', '<in-string>', {}, source);
    check('const token = ¦\n', '<unsure>', {}, source);
    check('const key = "AK¦\n', '<in-string>', {}, source);
  });

  it('answers for documents that were never opened, and for versions it was not told of', () => {
    const recall = createRecallInProcess({ ranker: topRanker });
    recall.updateFile('/work/users.ts', users);
    assert.equal(shownAt(recall, '  return to¦\n'), 'User(row);');
    assert.equal(shownAt(recall, 'let x;\n  return toUser(¦\n'), 'row);');
  });

  it('survives very long lines, many equal lines and lone surrogates', () => {
    const recall = createRecallInProcess({ ranker: topRanker });
    recall.updateFile('/work/long.ts', 'x - '.repeat(100_000));
    recall.updateFile('/work/same.ts', 'again(and, again);\n'.repeat(20_000));
    recall.updateFile('/work/odd.ts', 'let \ud800name\udc00 = "\udfff";\n');
    assert.equal(shownAt(recall, 'again(¦\n'), 'and, again);');
    assert.equal(shownAt(recall, 'let \ud800na¦\n'), 'me\udc00 = "\udfff";');
    assert.equal(shownAt(recall, `${'y'.repeat(3_000_000)} again(¦\n`), '<unsure>');
  });
});
