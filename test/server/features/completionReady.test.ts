import assert from 'node:assert/strict';
import { defaultInitialize, openEditor, type TestEditor } from '../../support/editor.js';
import { createFakeCore, type FakeCore } from '../../support/fakeCore.js';
import { waitFor } from '../../support/waitFor.js';

describe('an answer that comes late', () => {
  let editor: TestEditor;
  afterEach(() => editor.close());

  async function tellIn(experimental: object): Promise<() => readonly unknown[]> {
    const listeners: ((uri: string) => void)[] = [];
    const fake = createFakeCore();
    const core: FakeCore = {
      ...fake,
      completer: {
        ...fake.completer,
        onReady(listener) {
          listeners.push(listener);
          return () => {};
        },
      },
    };
    editor = await openEditor({
      core,
      initialize: { capabilities: { ...defaultInitialize.capabilities, experimental } },
    });
    const told = (): readonly unknown[] =>
      editor.rpc.notifications
        .filter(({ method }) => method === 'understudy/completionReady')
        .map(({ params }) => params);
    if ('understudy' in experimental) await waitFor(() => listeners.length > 0);
    for (const listener of listeners) listener('file:///a.ts');
    return told;
  }

  it('is told to a client that knows what to do then', async () => {
    const told = await tellIn({ understudy: { completionReady: true } });
    await waitFor(() => told().length > 0);
    assert.deepEqual(told(), [{ uri: 'file:///a.ts' }]);
  });

  it('is told to nobody else', async () => {
    const told = await tellIn({});
    await editor.rpc.request('understudy/status', null);
    assert.deepEqual(told(), []);
  });
});
