import assert from 'node:assert/strict';
import { renderHole } from '../../../server/model/chatPrompt.js';
import { createHoleCleaner } from '../../../server/model/chatPromptCleaner.js';
import { shopPrompt } from './fim/shopPrompt.js';

/** ▮ is the cursor: before it what is typed, behind it what follows. */
const cases: readonly (readonly [title: string, hole: string, says: string, gives: string])[] = [
  ['gives what stands in the tags', 'const net = ▮;', '<fill>sum(items)</fill>', 'sum(items)'],
  ['goes without the end that the server kept', 'const net = ▮;', '<fill>sum(items)', 'sum(items)'],
  [
    'drops an introduction and an explanation',
    'const net = ▮;',
    'Sure, here it is:\n<fill>sum(items)</fill>\nIt sums.',
    'sum(items)',
  ],
  [
    'drops thoughts',
    'const net = ▮;',
    '<think>It <fill>may</fill> be…\n</think>\n\n<fill>sum(items)</fill>',
    'sum(items)',
  ],
  ['has nothing of thoughts that never end', 'const net = ▮;', '<think>It may be…', ''],
  ['drops a fence in the tags', 'const net = ▮;', '<fill>\n```ts\nsum(items)\n```\n</fill>', 'sum(items)'],
  ['takes a fence for want of tags', 'const net = ▮;', 'Here:\n```ts\nsum(items)\n```\nIt sums.', 'sum(items)'],
  ['takes a fence that never ends', 'const net = ▮;', '```\nsum(items)', 'sum(items)'],
  ['takes bare code for want of both', 'const net = ▮;', 'sum(items)', 'sum(items)'],
  ['has nothing of an answer in words', 'const net = ▮;', 'The missing code is a sum of the items.', ''],
  ['drops line breaks that belong to the tags', 'const net = ▮;', '<fill>\nsum(items)\n</fill>', 'sum(items)'],
  ['keeps the line break of a block', 'if (net) {▮\n}', '<fill>\n  return net;\n</fill>', '\n  return net;'],
  ['does not say the line again', '  const net = ▮;', '<fill>const net = sum(items)</fill>', 'sum(items)'],
  ['does not say half a word again', '  return sumOf▮;', '<fill>sumOfItems(items)</fill>', 'Items(items)'],
  ['goes on with half a word', '  return sumOf▮;', '<fill>Items(items)</fill>', 'Items(items)'],
  ['takes off the blank that is typed', 'const net = ▮;', '<fill> sum(items)</fill>', 'sum(items)'],
  ['does not say the rest of the line again', 'call(▮, net, country);', '<fill>items, net, country);</fill>', 'items'],
  ['leaves a bracket to the filters', 'call(▮)', '<fill>items)</fill>', 'items)'],
  [
    'ends where the next line begins again',
    '  const net = ▮\n  return net + 1;',
    '<fill>sum(items);\n  return net + 1;\n}</fill>',
    'sum(items);',
  ],
  [
    'leaves a line that is only like the next one',
    'if (a) {▮\n  return net;',
    '<fill>\n    return net;\n  }</fill>',
    '\n    return net;\n  }',
  ],
  ['writes as it was what it saw broken up', 'const end = ▮;', "<fill>'< |fim_middle|>'</fill>", "'<|fim_middle|>'"],
  ['gives nothing when nothing is missing', 'return net;▮', '<fill></fill>', ''],
];

describe('what a chat model says of a hole, as it comes after the cursor', () => {
  for (const [title, hole, says, gives] of cases) {
    it(title, () => {
      const [typed = '', suffix = ''] = hole.split('▮');
      const cleaner = createHoleCleaner({ ...shopPrompt, typed, suffix });
      assert.equal(cleaner.push(says) + cleaner.end(), gives);
    });
  }

  it('ends where the prompt is said again', () => {
    const tag = /<typed-\w+>/.exec(renderHole(shopPrompt).at(-1)?.content ?? '')?.[0] ?? '';
    const cleaner = createHoleCleaner(shopPrompt);
    assert.equal(cleaner.push(`<fill>\nsum(items)\n${tag}  const net`) + cleaner.end(), 'sum(items)');
    // An element of a page may be called so.
    const page = createHoleCleaner(shopPrompt);
    assert.equal(page.push('<fill><data-table></data-table></fill>') + page.end(), '<data-table></data-table>');
  });

  it('streams whole lines once the tag is there', () => {
    const cleaner = createHoleCleaner({ ...shopPrompt, typed: 'if (net) {', suffix: '\n}' });
    assert.equal(cleaner.push('Sure:\n<fill>\n  a();\n  b'), '\n  a();');
    assert.equal(cleaner.push('();\n</fill>') + cleaner.end(), '\n  b();');
    assert.equal(cleaner.isFinished, true);
  });
});
