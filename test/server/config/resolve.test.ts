import assert from 'node:assert/strict';
import fc from 'fast-check';
import { defaultSettings, resolveSettings, type Layer } from '../../../server/config/resolve.js';

const user = (values: unknown): Layer => ({ name: 'user', kind: 'user', values });
const client = (values: unknown): Layer => ({ name: 'client', kind: 'client', values });
const initial = (values: unknown): Layer => ({ name: 'initial', kind: 'initial', values });
const workspace = (values: unknown): Layer => ({ name: 'workspace', kind: 'workspace', values });

/** What the layers come to, as `section.name`, and the problems that are told. */
function check(
  title: string,
  layers: readonly Layer[],
  expected: Record<string, unknown>,
  problems: RegExp[] = [],
): void {
  it(title, () => {
    const resolved = resolveSettings(layers);
    for (const [name, value] of Object.entries(expected)) {
      const [section = '', short = ''] = name.split('.');
      const found = (resolved.settings as unknown as Record<string, Record<string, unknown>>)[section]?.[short];
      assert.deepEqual(found, value, name);
    }
    assert.equal(resolved.problems.length, problems.length, resolved.problems.join('\n'));
    for (const [index, problem] of problems.entries()) assert.match(resolved.problems[index] ?? '', problem);
  });
}

describe('resolveSettings', () => {
  check('has defaults', [], { 'inline.enabled': true, 'inline.trigger': 'automatic', 'log.file': null });
  check(
    'lets the client win over the user',
    [user({ inline: { minChars: 3, maxLines: 4 } }), client({ inline: { minChars: 5 } })],
    { 'inline.minChars': 5, 'inline.maxLines': 4 },
  );
  check('reads a wrapped object', [client({ understudy: { inline: { minChars: 9 } } })], { 'inline.minChars': 9 });
  check('reads dotted names', [client({ 'inline.minChars': 9 })], { 'inline.minChars': 9 });
  check('takes null as not set', [user({ inline: { minChars: 9 } }), client({ inline: { minChars: null } })], {
    'inline.minChars': 9,
  });
  check('takes a log file away again with null', [user({ log: { file: '/tmp/x' } }), client({ log: { file: null } })], {
    'log.file': null,
  });
  check(
    'keeps what held before a bad value',
    [user({ inline: { minChars: 9 } }), client({ inline: { minChars: 'a' } })],
    { 'inline.minChars': 9 },
    [/^client: inline\.minChars must be a whole number from 1 to 1000; what held before stays\.$/],
  );
  check('names the nearest setting', [client({ inline: { minConfidance: 1 } })], { 'inline.minConfidence': 0.77 }, [
    /no setting inline\.minConfidance\. Did you mean inline\.minConfidence\?/,
  ]);
  check('finds a setting put into the wrong section', [client({ index: { maxLines: 3 } })], {}, [
    /Did you mean inline\.maxLines\?/,
  ]);
  check('names the nearest section', [client({ inlin: {} })], {}, [/no setting inlin\. Did you mean inline\?/]);
  check('does not guess wildly', [client({ telemetry: true })], {}, [/no setting telemetry\.$/]);
  check('says that settings are an object', [client(['inline'])], {}, [/settings must be an object/]);
  check('says that a section is an object', [client({ inline: false })], {}, [/inline must be an object/]);

  const all = { trust: { workspaces: 'all' } };
  const none = { trust: { workspaces: 'none' } };
  const onlyStricter = /^(?:user|client|workspace): trust\.workspaces can only be made stricter/;
  check('lets the code of a client vouch for what it opens', [initial(all)], { 'trust.workspaces': 'all' });
  for (const layer of [user, client, workspace])
    check(`lets nobody else vouch (${layer(0).kind})`, [layer(all)], { 'trust.workspaces': 'store' }, [onlyStricter]);
  for (const layer of [client, workspace])
    check(`lets a session be restricted (${layer(0).kind})`, [initial(all), layer(none)], {
      'trust.workspaces': 'none',
    });
  check(
    'lets no settings open what the client restricted',
    [initial(none), client(all), workspace(all)],
    { 'trust.workspaces': 'none' },
    [onlyStricter, onlyStricter],
  );

  it('keeps the backends that hold beside those that do not, whatever they are called', () => {
    const good = { kind: 'ollama', url: 'http://127.0.0.1:11434' };
    const values = JSON.parse(
      JSON.stringify({ backends: { good, bad: { kind: 'olama', url: 'http://127.0.0.1:1' }, plain: good } }).replace(
        'plain',
        '__proto__',
      ),
    ) as unknown;
    const { settings, problems } = resolveSettings([user(values)]);
    assert.deepEqual(Object.keys(settings.backends), ['good', '__proto__']);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /"bad" that needs kind/);
  });

  describe('from a workspace', () => {
    check(
      'may be stricter',
      [workspace({ inline: { enabled: false, minConfidence: 0.9, maxLines: 2, trigger: 'manual' } })],
      {
        'inline.enabled': false,
        'inline.minConfidence': 0.9,
        'inline.maxLines': 2,
        'inline.trigger': 'manual',
      },
    );
    check(
      'is never looser',
      [
        client({ inline: { enabled: false, minConfidence: 0.8 } }),
        workspace({ inline: { enabled: true, minConfidence: 0.1 } }),
      ],
      { 'inline.enabled': false, 'inline.minConfidence': 0.8 },
      [/inline\.enabled can only be made stricter/, /inline\.minConfidence can only be made stricter/],
    );
    check('adds to lists', [user({ privacy: { exclude: ['a'] } }), workspace({ privacy: { exclude: ['b'] } })], {
      'privacy.exclude': ['a', 'b'],
    });
    check(
      'opens nothing by a negation',
      [user({ privacy: { exclude: ['a'] } }), workspace({ privacy: { exclude: ['!a'] } })],
      { 'privacy.exclude': ['a'] },
      [/privacy\.exclude can only be made stricter/],
    );
    check(
      'switches languages off, not on',
      [
        client({ inline: { languages: { markdown: false } } }),
        workspace({ inline: { languages: { markdown: true, sql: false } } }),
      ],
      { 'inline.languages': { markdown: false, sql: false } },
      [/inline\.languages can only be made stricter/],
    );
    check('has no say in the log', [workspace({ log: { file: '/home/somebody/.bashrc' } })], { 'log.file': null }, [
      /log\.file cannot be set by a workspace/,
    ]);
    check(
      'comes last, whatever the order',
      [workspace({ inline: { maxLines: 2 } }), client({ inline: { maxLines: 40 } })],
      {
        'inline.maxLines': 2,
      },
    );
  });

  it('takes anything for a layer, and always has every setting', () => {
    const names = shapeOf(defaultSettings());
    fc.assert(
      fc.property(
        fc.array(fc.anything({ withNullPrototype: true })),
        fc.object({ key: fc.constantFrom('inline', 'index', 'log', 'enabled', '__proto__', 'languages', 'toString') }),
        (values, object) => {
          const { settings } = resolveSettings([...values.map(client), user(object), workspace(object)]);
          assert.deepEqual(shapeOf(settings), names);
        },
      ),
    );
  });
});

function shapeOf(settings: object): string[] {
  return Object.entries(settings).flatMap(([section, values]) =>
    Object.keys(values as object).map(name => `${section}.${name}`),
  );
}
