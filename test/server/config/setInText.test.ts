import assert from 'node:assert/strict';
import { parse } from 'jsonc-parser';
import { setInText } from '../../../server/config/setInText.js';

const inline = ['tasks', 'inline'] as const;

async function check(before: string, after: string, value: readonly string[] | undefined = ['b']): Promise<void> {
  assert.equal(await setInText({ path: 'S', text: before }, inline, [], value), after);
}

describe('one setting in the text of a settings file', () => {
  const cases: readonly (readonly [what: string, before: string, after: string])[] = [
    ['nothing', '', '{\n  "tasks": { "inline": ["b"] }\n}\n'],
    ['an empty object', '{}', '{\n  "tasks": { "inline": ["b"] }\n}'],
    ['only a remark', '{\n  // mine\n}\n', '{\n  "tasks": { "inline": ["b"] }\n  // mine\n}\n'],
    ['an older value', '{ "tasks": {"inline":["a"]} } // x', '{ "tasks": {"inline":["b"]} } // x'],
    ['null for a section', '{ "tasks": null /* x */ }', '{ "tasks": { "inline": ["b"] } /* x */ }'],
    ['one line', '{"backends": {"a": 1}}', '{"backends": {"a": 1}, "tasks": { "inline": ["b"] }}'],
    [
      'a remark behind the last comma',
      '{"backends": {}, /* other */\n}',
      '{"backends": {}, /* other */ "tasks": { "inline": ["b"] },\n}',
    ],
    [
      'remarks that belong to lines',
      '{\n\t// first\n\t"a": {}, // of a\n\t"tasks": {\n\t\t"chat": ["x"] // of chat\n\t} // of tasks\n}\n',
      '{\n\t// first\n\t"a": {}, // of a\n\t"tasks": {\n\t\t"chat": ["x"], // of chat\n\t\t"inline": ["b"]\n\t} // of tasks\n}\n',
    ],
    [
      'a remark on a line of its own at the end',
      '{\n    "a": {}\n    // later\n}\n',
      '{\n    "a": {},\n    // later\n    "tasks": { "inline": ["b"] }\n}\n',
    ],
    ['one line that a remark ends', '{ "a": {} // x\n}', '{ "a": {}, // x\n  "tasks": { "inline": ["b"] }\n}'],
    [
      'a mark and other line ends',
      '\uFEFF{\r\n  "a": {}\r\n}\r\n',
      '\uFEFF{\r\n  "a": {},\r\n  "tasks": { "inline": ["b"] }\r\n}\r\n',
    ],
    ['a wrapper', '{"understudy": {"a": 1}}', '{"understudy": {"a": 1, "tasks": { "inline": ["b"] }}}'],
    ['a wrapper that is none', '{"understudy": 1}', '{"understudy": 1, "tasks": { "inline": ["b"] }}'],
    ['a name with a dot', '{"tasks.inline": ["a"], "a": 1}', '{"tasks.inline": ["b"], "a": 1}'],
    [
      'remarks in an older value',
      '{ "tasks.inline": ["a", // fast\n /* */ "//x"] }',
      '{ "tasks.inline": ["b"] /* fast */ /* */ }',
    ],
    [
      'words that look like it',
      '{"a": "tasks: {//}", "b": "},"}',
      '{"a": "tasks: {//}", "b": "},", "tasks": { "inline": ["b"] }}',
    ],
  ];
  for (const [what, before, after] of cases) {
    it(`keeps ${what}`, async () => {
      await check(before, after);
      const errors: { error: number; offset: number; length: number }[] = [];
      parse(after.replace('\uFEFF', ''), errors, { allowTrailingComma: true });
      assert.deepEqual(errors, []);
    });
  }

  for (const [what, before, after] of [
    ['first', '{ "tasks": { "inline": ["a"], "chat": [] } }', '{ "tasks": { "chat": [] } }'],
    [
      'last',
      '{ "tasks": { "chat": [] /* c */, "inline": ["a"] /* i */ } }',
      '{ "tasks": { "chat": [] /* c */ /* i */ } }',
    ],
    ['only', '{ "tasks": { "inline": ["a"] } }', '{ "tasks": { } }'],
    ['a line of its own', '{\n  "a": 1, // a\n  "tasks.inline": ["a"],\n  "b": 2\n}', '{\n  "a": 1, // a\n  "b": 2\n}'],
    ['with a remark', '{ "tasks.inline": ["a" // fast\n], "b": 1 }', '{ /* fast */ "b": 1 }'],
    ['absent', '{ "a": 1 }', '{ "a": 1 }'],
  ] as const) {
    it(`takes away: ${what}`, async () =>
      assert.equal(await setInText({ path: 'S', text: before }, inline, [], undefined), after));
  }

  it('goes into languages', async () => {
    const set = (text: string): Promise<string> =>
      setInText({ path: 'S', text }, ['tasks', 'languages'], ['c++', 'chat'], ['b']);
    assert.equal(
      await set('{"tasks": {"languages": {"go": {}}}}'),
      '{"tasks": {"languages": {"go": {}, "c++": { "chat": ["b"] }}}}',
    );
    assert.equal(await set('{"tasks.languages": {"c++": {}}}'), '{"tasks.languages": {"c++": {\n  "chat": ["b"]\n}}}');
  });

  for (const [text, complaint, remedy] of [
    ['{"tasks": {},\n"tasks": {}}', /S is not written to: it says "tasks" 2 times \(lines 1, 2\)\./, /Keep one/],
    ['{"tasks": {"inline": [], "inline": []}}', /"inline" 2 times/, /Keep one/],
    ['{"understudy": {}, "understudy": {}}', /"understudy" 2 times/, /Keep one/],
    ['{"tasks": {"inline": []}, "tasks.inline": []}', /"tasks\.inline" 2 times/, /Keep one/],
    ['{"tasks": 5}', /no object/, /right/],
    ['[]', /no object/, /right/],
    ['{\n"a": ', /mistake in line 2/, /doctor/],
  ] as const) {
    it(`leaves alone ${JSON.stringify(text)}`, async () => {
      await assert.rejects(
        setInText({ path: 'S', text }, inline, [], ['b']),
        (error: Error & { remedy?: string }) => complaint.test(error.message) && remedy.test(error.remedy ?? ''),
      );
    });
  }
});
