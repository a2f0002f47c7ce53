import assert from 'node:assert/strict';
import type { StatusReport } from '../../../server/features/status.js';
import type { Models, ModelsStatus, Spending } from '../../../server/model/models.js';
import { noModels } from '../../../server/model/noModels.js';
import { openEditor, type TestEditor } from '../../support/editor.js';
import { createFakeCore, type FakeCore } from '../../support/fakeCore.js';
import { waitFor } from '../../support/waitFor.js';
import { facts } from '../model/support/scriptedBackend.js';

const within: Spending = { tokens: 100, usd: 0.5, limitTokens: 1000, limitUsd: null, state: 'within' };

describe('models in the status', () => {
  let core: FakeCore;
  let editor: TestEditor;
  let status: ModelsStatus;
  let reads: number;

  beforeEach(async () => {
    reads = 0;
    status = {
      ...noModels().status(),
      backends: [
        {
          name: 'team',
          kind: 'openai',
          host: 'models.example',
          isLocal: false,
          model: 'coder',
          state: 'ready',
          why: '',
          from: 'settings',
          server: null,
          models: [{ ...facts('coder'), tokensPerSecond: 40 }],
        },
      ],
      budget: { daily: within, monthly: { ...within, limitTokens: null } },
      tasks: { ...noModels().status().tasks, inline: ['team/coder', 'recall'] },
    };
    const models: Models = { ...noModels(), status: () => (reads++, status) };
    core = { ...createFakeCore(), models };
    editor = await openEditor({ core });
  });
  afterEach(() => editor.close());

  it('are there as the contract has them', async () => {
    const { backends, budget, tasks } = (await editor.rpc.request('understudy/status')) as StatusReport;
    assert.deepEqual(backends, [
      {
        name: 'team',
        kind: 'openai',
        host: 'models.example',
        isLocal: false,
        model: 'coder',
        state: 'ready',
        why: '',
        from: 'settings',
        server: null,
      },
    ]);
    assert.equal(budget.daily.tokens, 100);
    assert.deepEqual(tasks.inline, ['team/coder', 'recall']);
  });

  it('tell when a budget nears its end, once, and when a backend goes; sums alone are no news', async () => {
    const count = (method: string): number => editor.rpc.notifications.filter(sent => sent.method === method).length;
    await editor.rpc.request('understudy/status');
    core.changeStatus({});
    await editor.rpc.notification('understudy/didChangeStatus');
    status = { ...status, budget: { ...status.budget, daily: { ...within, tokens: 700 } } };
    const before = reads;
    core.changeStatus({});
    await waitFor(() => reads > before);
    assert.equal(count('understudy/didChangeStatus'), 1);
    status = { ...status, budget: { ...status.budget, daily: { ...within, tokens: 800, state: 'warned' } } };
    core.changeStatus({});
    await editor.rpc.notification('window/showMessage', params => JSON.stringify(params).includes('80 %'));
    status = { ...status, backends: status.backends.map(one => ({ ...one, state: 'unreachable', why: 'Gone.' })) };
    core.changeStatus({});
    await editor.rpc.notification('understudy/didChangeStatus', params => JSON.stringify(params).includes('Gone.'));
    assert.equal(count('window/showMessage'), 1);
    assert.equal(count('understudy/didChangeStatus'), 3);
  });
});
