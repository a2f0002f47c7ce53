import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { uriToPath } from '../../../server/base/paths.js';
import { isRecord } from '../../../server/base/record.js';
import type { AskBeforeSending, SendingQuestion } from '../../../server/model/models.js';
import { noModels } from '../../../server/model/noModels.js';
import { openEditor, type TestEditor } from '../../support/editor.js';
import { createFakeCore } from '../../support/fakeCore.js';
import { waitFor } from '../../support/waitFor.js';

const question: SendingQuestion = {
  backend: 'team',
  model: 'coder',
  host: 'models.example',
  task: 'inline',
  preview: '--- a.ts\nconst a = ▮;\n',
};

describe('the question before a prompt goes', () => {
  let editor: TestEditor;
  let ask: AskBeforeSending | null;

  beforeEach(async () => {
    ask = null;
    const models = { ...noModels(), confirmWith: (next: AskBeforeSending | null) => void (ask = next) };
    editor = await openEditor({ core: { ...createFakeCore(), models } });
    await waitFor(() => ask !== null);
  });
  afterEach(() => editor.close());

  const put = (signal = new AbortController().signal): ReturnType<AskBeforeSending> =>
    (ask ?? assert.fail())(question, signal);

  it('shows all of it in a file of the person alone, which is gone afterwards', async () => {
    let shown = '';
    let path = '';
    let mode = 0;
    editor.rpc.onRequest('window/showMessageRequest', params => {
      const message = isRecord(params) ? String(params['message']) : '';
      assert.match(message, /send this prompt to coder at models\.example\?/);
      path = /It stands in (.+)\.$/.exec(message)?.[1] ?? '';
      shown = readFileSync(path, 'utf8');
      mode = statSync(path).mode & 0o777;
      return { title: 'Send' };
    });
    assert.equal(await put(), 'send');
    assert.equal(shown, question.preview);
    if (process.platform !== 'win32') assert.equal(mode, 0o600);
    assert.ok(!existsSync(path));
    const opened = editor.rpc.requests.find(({ method }) => method === 'window/showDocument')?.params;
    assert.equal(uriToPath(isRecord(opened) ? String(opened['uri']) : ''), path);
  });

  for (const [chosen, answer] of [
    [{ title: 'Send all of this session' }, 'session'],
    [{ title: 'Do not send' }, 'no'],
    [null, 'no'],
    ['Send', 'no'],
    [{ title: 'send' }, 'no'],
  ] as const) {
    it(`takes ${JSON.stringify(chosen)} for ${answer}`, async () => {
      editor.rpc.onRequest('window/showMessageRequest', () => chosen);
      assert.equal(await put(), answer);
    });
  }

  it('waits no longer than who asked', async () => {
    const impatient = new AbortController();
    editor.rpc.onRequest('window/showMessageRequest', () => {
      impatient.abort();
      return new Promise(() => {});
    });
    await assert.rejects(put(impatient.signal), { name: 'AbortError' });
  });
});
