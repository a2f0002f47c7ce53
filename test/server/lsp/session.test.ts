import assert from 'node:assert/strict';
import { createFakeCore } from '../../support/fakeCore.js';
import { openEditor } from '../../support/editor.js';

describe('a session', () => {
  it('answers initialize, feeds the core and leaves with 0 after shutdown', async () => {
    const core = createFakeCore();
    const editor = await openEditor({ core });
    editor.open('file:///a.ts', 'let a = /*cursor*/;');
    editor.type('1');
    await editor.rpc.request('understudy/status');
    assert.deepEqual(core.heard.filter((line) => line !== 'start'), ['open file:///a.ts', 'change file:///a.ts 8-8']);
    assert.equal(core.documents.get('file:///a.ts')?.text, 'let a = 1;');
    assert.equal(await editor.close(), 0);
    assert.equal(core.heard.at(-1), 'dispose');
  });
});
