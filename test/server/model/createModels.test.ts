import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelFailure, type Usage } from '../../../server/model/backend.js';
import { readLedger } from '../../../server/model/ledger.js';
import type { Models, SendingAnswer } from '../../../server/model/models.js';
import { waitFor } from '../../support/waitFor.js';
import {
  createGateway,
  fill,
  never,
  promptOf,
  readAll,
  rest,
  type Gateway,
  type GatewayOptions,
} from './support/gateway.js';
import { facts } from './support/scriptedBackend.js';

const local = { kind: 'llamacpp', url: 'http://127.0.0.1:8012' };
const team = { kind: 'openai', url: 'https://models.example/v1', model: 'coder' };
const price = { coder: { input: 1, output: 1 } };

describe('the gateway to models', () => {
  let gateway: Gateway | null = null;

  async function start(options: GatewayOptions): Promise<Gateway> {
    gateway = createGateway(options);
    await gateway.models.start(never());
    return gateway;
  }

  afterEach(async () => {
    await gateway?.remove();
    gateway = null;
  });

  describe('chooses', () => {
    it('nobody where there is nobody, and says what to do', async () => {
      const { models } = await start({});
      assert.deepEqual(models.serving('inline', 'python', null), {
        isUnwanted: true,
        reason: 'no-backend',
        why: 'No model was found on this machine and none is set up. Start Ollama or llama-server, or name one in backends.',
      });
      assert.deepEqual(models.status().tasks.inline, ['recall']);
      assert.deepEqual(models.status().notices, []);
      await assert.rejects(fill(models), (error: unknown) => error instanceof ModelFailure);
    });

    it('what runs on this machine without any settings, best completion model first', async () => {
      const { models } = await start({
        found: () => [
          { kind: 'ollama', url: 'http://127.0.0.1:11434' },
          { kind: 'llamacpp', url: 'http://127.0.0.1:8080' },
        ],
        scripts: {
          ollama: {
            models: [
              facts('talker', { fillIn: { way: 'chat' }, instruct: true, parameters: 7e9 }),
              facts('small', { parameters: 0.5e9 }),
              facts('middle', { parameters: 1.5e9 }),
              facts('large', { parameters: 32e9 }),
            ],
          },
          llamacpp: { models: [facts('plain', { fillIn: { way: 'continue' }, chat: false })] },
        },
      });
      assert.deepEqual(models.status().tasks.inline, ['ollama/middle', 'llamacpp/plain', 'recall']);
      assert.deepEqual(models.status().tasks.chat[0], 'ollama/talker');
      assert.deepEqual(models.status().tasks.embed, []);
      assert.equal(models.embedder(), null);
      assert.deepEqual(models.status().notices, []);
    });

    it('no server of this machine where it is not to be looked for', async () => {
      const { backends } = await start({
        settings: { tasks: { discover: false } },
        found: () => [{ kind: 'ollama', url: 'http://127.0.0.1:11434' }],
      });
      assert.equal(backends.size, 0);
    });

    it('a model that is passed on to another machine only when it is named', async () => {
      const cloud = facts('cloud', { runsElsewhere: 'ollama.example', parameters: 3e9 });
      const scripts = { ollama: { models: [cloud, facts('here', { parameters: 1e9 })] } };
      const found = (): { kind: 'ollama'; url: string }[] => [{ kind: 'ollama', url: 'http://127.0.0.1:11434' }];
      const { models, setSettings } = await start({ scripts, found });
      assert.deepEqual(models.status().tasks.inline, ['ollama/here', 'recall']);
      setSettings({ tasks: { inline: ['ollama/cloud'] } });
      const serving = models.serving('inline', 'python', null);
      assert.ok('host' in serving);
      assert.equal(serving.host, 'ollama.example');
      assert.equal(serving.isLocal, false);
    });

    it('the expert for a language; without it a stated reason inline, and the default for a conversation', async () => {
      const { models } = await start({
        settings: {
          backends: { local, expert: { ...local, url: 'http://127.0.0.1:9' } },
          tasks: {
            inline: ['local'],
            chat: ['local'],
            languages: { python: { inline: ['expert'], chat: ['expert'] } },
          },
        },
        scripts: { expert: { down: new ModelFailure('unreachable', 'Nobody listens.', { remedy: 'Start it.' }) } },
      });
      assert.ok('backend' in models.serving('inline', 'go', null));
      assert.deepEqual(models.serving('inline', 'python', null), {
        reason: 'no-backend',
        why: 'The expert for python cannot be asked. expert: Nobody listens. Start it.',
      });
      const chat = models.serving('chat', 'python', null);
      assert.equal('backend' in chat ? chat.backend : null, 'local');
      assert.deepEqual(models.status().notices, ['expert: Nobody listens. Start it.']);
    });

    it('the model of an entry with a model in it, and says which one is missing', async () => {
      const { models } = await start({
        settings: {
          backends: { box: { kind: 'ollama', url: 'http://127.0.0.1:1' } },
          tasks: { inline: ['box/a/b:7b'], chat: ['box/none'], review: ['nobody'] },
        },
        scripts: { box: { models: [facts('a/b:7b'), facts('c')] } },
      });
      const serving = models.serving('inline', 'go', null);
      assert.equal('model' in serving ? serving.model : null, 'a/b:7b');
      assert.deepEqual(models.status().tasks, {
        inline: ['box/a/b:7b', 'recall'],
        chat: ['box/none'],
        explain: ['box/none'],
        tests: ['box/none'],
        review: ['nobody'],
        embed: [],
      });
      assert.deepEqual(models.status().notices, [
        'box/none: It has no model none. Fetch it: understudy models pull none',
        'nobody: There is no backend of that name, and none was found on this machine.',
      ]);
    });

    it('a smaller model once a larger one has been measured to be too slow', async () => {
      const { models, clock, backend } = await start({
        found: () => [{ kind: 'ollama', url: 'http://127.0.0.1:11434' }],
        scripts: {
          ollama: {
            models: [facts('large', { parameters: 3e9 }), facts('small', { parameters: 0.5e9 })],
            answers: [['a', 'b\n']],
          },
        },
      });
      for (let number = 0; number < 4; number++) {
        const answering = await fill(models);
        assert.equal(answering.model, 'large');
        clock.nowMs += 2500;
        await readAll(answering);
      }
      const serving = models.serving('inline', 'go', null);
      assert.equal('model' in serving ? serving.model : null, 'small');
      assert.equal(backend('ollama').prompts.length, 4);
    });
  });

  describe('sends', () => {
    it('through to the answer, with its figures', async () => {
      const { models, backend, clock } = await start({
        settings: { backends: { local } },
        scripts: {
          local: {
            answers: [['first ', 'line\n', 'second']],
            usage: { promptTokens: 2000, cachedTokens: 0, completionTokens: 11 },
          },
        },
      });
      const answering = await fill(models);
      assert.equal(answering.backend, 'local');
      clock.nowMs += 500;
      assert.equal(await readAll(answering), 'first line\nsecond');
      const serving = models.serving('inline', 'go', null);
      assert.ok('lineMs' in serving);
      assert.equal(serving.firstTextMs, 0);
      assert.equal(serving.lineMs, 500);
      assert.equal(serving.tokensPerSecond, 20);
      assert.equal(models.status().backends[0]?.models[0]?.tokensPerSecond, 20);
      assert.equal(backend('local').running, 0);
    });

    it('a prompt of the length that is read in about a second', async () => {
      const script = {
        answers: [['x']],
        usage: { promptTokens: 1000, cachedTokens: 0, completionTokens: 1 },
        hold: null as Promise<void> | null,
      };
      const { models, clock } = await start({ settings: { backends: { local } }, scripts: { local: script } });
      const tokens = (): number => {
        const serving = models.serving('inline', 'go', null);
        return 'promptTokens' in serving ? serving.promptTokens : 0;
      };
      assert.equal(tokens(), 1024);
      let free = (): void => {};
      script.hold = new Promise(resolve => (free = resolve));
      const asked = fill(models);
      await waitFor(() => clock.nowMs > 0 && gateway?.backend('local').running === 1);
      clock.nowMs += 2000;
      free();
      await readAll(await asked);
      assert.equal(tokens(), 500);
    });

    it('short prompts to Ollama, and what is too long for the next of the chain is cut', async () => {
      const { models, backend } = await start({
        settings: { backends: { box: { kind: 'ollama', url: 'http://127.0.0.1:1' } } },
      });
      const serving = models.serving('inline', 'go', null);
      assert.ok('promptTokens' in serving);
      assert.equal(serving.promptTokens, 512);
      assert.equal(serving.stopsWhenAborted, false);
      assert.equal(serving.isCold, true);
      const prefix = Array.from({ length: 2000 }, (_, line) => `const a${line} = ${line};\n`).join('');
      const passage = {
        path: '/work/b.ts',
        label: 'b.ts',
        startLine: 4,
        text: 'export const b = 2;\n',
        source: 'similar',
      };
      await readAll(await fill(models, { prefix, related: [passage] }));
      const [sent] = backend('box').prompts;
      assert.deepEqual(sent?.related, []);
      assert.ok((sent?.prefix.length ?? 0) < 512 * 4.2);
      assert.ok(prefix.endsWith(sent?.prefix ?? 'none'));
      assert.equal(sent?.startLine, 2000 - (sent?.prefix.split('\n').length ?? 0) + 1);
    });

    it('to the next of the chain, as long as there is no text', async () => {
      const { models, backend } = await start({
        settings: { backends: { team, local }, tasks: { inline: ['team', 'local'] } },
        scripts: { team: { answers: [new ModelFailure('server-error', 'Internal error.')] } },
      });
      const answering = await fill(models);
      assert.equal(answering.backend, 'local');
      assert.equal(await readAll(answering), 'text');
      assert.equal(backend('team').prompts.length, 1);
    });

    it('a completion once, and a conversation up to three times', async () => {
      const failure = new ModelFailure('server-error', 'Internal error.');
      const { models, backend } = await start({
        settings: {
          backends: { one: local, two: { ...local, url: 'http://127.0.0.1:2' } },
          tasks: { inline: ['one'], chat: ['two'] },
        },
        scripts: { one: { answers: [failure] }, two: { answers: [failure, failure, ['at last']] } },
      });
      await assert.rejects(fill(models), failure);
      assert.equal(backend('one').prompts.length, 1);
      const prompt = { messages: [{ role: 'user' as const, content: 'Why?' }], passages: [] };
      assert.equal(await readAll(await models.chat('chat', 'go', prompt, never())), 'at last');
      assert.equal(backend('two').conversations.length, 3);
    });

    it('nothing again that a server refused for good', async () => {
      const { models, backend } = await start({
        settings: { backends: { local } },
        scripts: { local: { answers: [new ModelFailure('unsupported', 'Too long.')] } },
      });
      const prompt = { messages: [{ role: 'user' as const, content: 'Why?' }], passages: [] };
      await assert.rejects(models.chat('chat', 'go', prompt, never()), /Too long/);
      assert.equal(backend('local').conversations.length, 1);
    });

    it('what goes wrong in the middle to the reader of the text', async () => {
      const broken = new ModelFailure('cut-off', 'The connection broke.');
      const { models } = await start({
        settings: { backends: { local } },
        scripts: { local: { answers: [['a', 'b']], breaks: broken } },
      });
      const { text } = await fill(models);
      assert.deepEqual(
        [await text.next(), await text.next()],
        [
          { done: false, value: 'a' },
          { done: false, value: 'b' },
        ],
      );
      await assert.rejects(text.next(), broken);
      assert.deepEqual(
        (await waitForEnds(gateway)).entries.map(({ end }) => end),
        ['failed'],
      );
    });
  });

  describe('is broken off', () => {
    it('at the backend, before and after the first text', async () => {
      const script = { answers: [['a', 'b', 'c']], hold: new Promise<void>(() => {}) as Promise<void> | null };
      const { models, backend } = await start({ settings: { backends: { local } }, scripts: { local: script } });
      const before = new AbortController();
      const asked = fill(models, {}, before.signal);
      await waitFor(() => backend('local').running === 1);
      before.abort();
      await assert.rejects(asked, { name: 'AbortError' });
      await waitFor(() => backend('local').running === 0);
      assert.equal(backend('local').aborted, 1);

      script.hold = null;
      const after = new AbortController();
      const { text } = await fill(models, {}, after.signal);
      assert.deepEqual(await text.next(), { done: false, value: 'a' });
      after.abort();
      await assert.rejects(text.next(), { name: 'AbortError' });
      await waitFor(() => backend('local').running === 0);
      assert.equal(backend('local').aborted, 2);
    });

    it('when the reader has enough, or never begins to read', async () => {
      const { models, backend } = await start({
        settings: { backends: { local } },
        scripts: { local: { answers: [['a', 'b', 'c']] } },
      });
      for await (const part of (await fill(models)).text) {
        assert.equal(part, 'a');
        break;
      }
      await waitFor(() => backend('local').aborted === 1);
      const unread = await fill(models);
      await unread.text.return({
        stop: 'unknown',
        usage: { promptTokens: null, cachedTokens: null, completionTokens: null },
      });
      await waitFor(() => backend('local').aborted === 2);
      const { entries } = await waitForEnds(gateway);
      assert.deepEqual(
        entries.map(({ end }) => end),
        ['aborted', 'aborted'],
      );
    });

    it('at once for the caller while a model is loaded, which goes on, once', async () => {
      let loaded = (): void => {};
      const script = { hold: new Promise<void>(resolve => (loaded = resolve)) };
      const { models, backend } = await start({
        settings: { backends: { box: { kind: 'ollama', url: 'http://127.0.0.1:1' } } },
        scripts: { box: script },
      });
      const impatient = new AbortController();
      const asked = fill(models, {}, impatient.signal);
      await waitFor(() => backend('box').running === 1);
      impatient.abort();
      await assert.rejects(asked, { name: 'AbortError' });
      assert.equal(backend('box').running, 1);
      await assert.rejects(
        fill(models),
        (error: unknown) => error instanceof ModelFailure && error.trouble === 'loading',
      );
      assert.equal(backend('box').prompts.length, 1);
      loaded();
      await waitFor(() => backend('box').running === 0);
      const serving = models.serving('inline', 'go', null);
      assert.equal('isCold' in serving ? serving.isCold : null, false);
      assert.equal(await readAll(await fill(models)), 'text');
    });
  });

  describe('keeps back', () => {
    it('excluded files: the passage is dropped, the file itself refused', async () => {
      const { models, backend } = await start({
        settings: { backends: { local } },
        isAllowed: path => !path.includes('secret'),
      });
      const passage = (path: string) => ({ path, label: path, startLine: 0, text: 'text\n', source: 'similar' });
      await readAll(await fill(models, { related: [passage('/work/secret.ts'), passage('/work/b.ts')] }));
      assert.deepEqual(
        backend('local').prompts[0]?.related.map(({ path }) => path),
        ['/work/b.ts'],
      );
      await assert.rejects(fill(models, { path: '/work/secret.ts' }), /excluded/i);
      const prompt = { messages: [{ role: 'user' as const, content: 'Why?' }], passages: [passage('/work/secret.ts')] };
      await assert.rejects(models.chat('chat', 'go', prompt, never()), /excluded/i);
      assert.equal(backend('local').conversations.length, 0);
      const { entries } = await readLedger(gateway?.stateRoot ?? '');
      assert.equal(entries.length, 1);
    });

    it('what is there for redaction alone, also where nothing is to be redacted', async () => {
      const { models, backend } = await start({ settings: { backends: { local }, privacy: { redact: false } } });
      await readAll(await fill(models, { around: { before: 'zebra', after: 'zebra' } }));
      assert.ok(!JSON.stringify(backend('local').prompts).includes('zebra'));
    });

    it('everything where models are not to complete', async () => {
      const { models, backend } = await start({ settings: { backends: { local }, inline: { models: false } } });
      const serving = models.serving('inline', 'go', null);
      assert.equal('why' in serving ? serving.why : '', 'inline.models is off; suggestions come from your code alone.');
      await assert.rejects(fill(models), /inline\.models is off/);
      assert.equal(backend('local').prompts.length, 0);
    });

    it('everything until the ledger is written', async () => {
      const { models, backend, stateRoot } = await start({ settings: { backends: { local } } });
      writeFileSync(join(stateRoot, 'ledger'), 'a file where a folder is to be');
      await assert.rejects(fill(models), /ledger.*cannot be written/);
      assert.match(models.status().notices.join(), /ledger.*cannot be written/);
      assert.equal(backend('local').prompts.length, 0);
    });

    it('a prompt that the person wants to see before it goes, without keeping a completion waiting', async () => {
      const { models, backend } = await start({
        settings: {
          backends: { team, local },
          privacy: { confirm: 'remote' },
          tasks: { inline: ['team', 'local'], chat: ['team'] },
        },
      });
      const previews: string[] = [];
      let answer: (said: SendingAnswer) => void = () => {};
      await assert.rejects(
        models.chat('chat', 'go', { messages: [{ role: 'user', content: 'Why?' }], passages: [] }, never()),
        /nobody can be asked/,
      );
      models.confirmWith(question => {
        previews.push(question.preview);
        return new Promise(resolve => (answer = resolve));
      });
      assert.equal(await whoAnswers(models), 'local');
      assert.equal(await whoAnswers(models), 'local');
      assert.equal(previews.length, 1);
      assert.match(previews[0] ?? '', /const a = 1;\nconst b = ▮;/);
      assert.match(models.status().notices.join(), /Nothing is sent before/);
      answer('send');
      await rest();
      const other = await fill(models, { typed: 'const other = ' });
      await readAll(other);
      assert.equal(other.backend, 'local', 'only what was shown may go');
      assert.equal(await whoAnswers(models), 'team');
      assert.equal(await whoAnswers(models), 'local');
      answer('no');
      await rest();
      assert.equal(await whoAnswers(models), 'local');
      assert.equal(previews.length, 2);
      const asked = models.chat('chat', 'go', { messages: [{ role: 'user', content: 'Why?' }], passages: [] }, never());
      await waitFor(() => previews.length === 3);
      answer('session');
      await readAll(await asked);
      assert.equal(await whoAnswers(models), 'team');
      assert.equal(backend('team').conversations.length, 1);
    });
  });

  describe('within a budget', () => {
    it('goes down the chain when it is used up, and says so once at 80 % and once at the end', async () => {
      const { models, logged, backend, clock } = await start({
        settings: {
          backends: { team, local },
          tasks: { inline: ['team', 'local'] },
          budget: { daily: { tokens: 10_000 }, prices: price },
        },
        scripts: { team: { usage: { promptTokens: 4500, cachedTokens: 0, completionTokens: 500 } } },
      });
      await readAll(await fill(models));
      await waitFor(() => models.status().budget.daily.tokens === 5000);
      assert.equal(models.status().budget.daily.state, 'within');
      await readAll(await fill(models));
      await waitFor(() => models.status().budget.daily.tokens === 10_000);
      assert.equal(models.status().budget.daily.state, 'reached');
      assert.equal(await whoAnswers(models), 'local');
      assert.equal(backend('team').prompts.length, 2);
      assert.equal(logged.filter(line => line.includes('used up')).length, 1);
      const { daily, monthly } = models.status().budget;
      assert.deepEqual([daily.usd, monthly.tokens], [0.01, 10_000]);
      await clock.advance(24 * 3600_000);
      assert.equal(await whoAnswers(models), 'team');
    });

    it('asks nobody when it is used up and recall is to go on alone', async () => {
      const { models } = await start({
        settings: {
          backends: { team, local },
          tasks: { inline: ['team', 'local'] },
          budget: { daily: { tokens: 0 }, onReached: 'recall' },
        },
      });
      const serving = models.serving('inline', 'go', null);
      assert.equal('reason' in serving ? serving.reason : null, 'budget-reached');
      await assert.rejects(
        fill(models),
        (error: unknown) => error instanceof ModelFailure && error.trouble === 'budget-reached',
      );
    });

    it('says what is left where that is less than a request may cost', async () => {
      const { models } = await start({
        settings: { backends: { team }, budget: { daily: { tokens: 100 } } },
      });
      await assert.rejects(fill(models), /budget is used up/);
      assert.match(models.status().notices.join(), /^What is left of the budget of the day is less than a request may/);
    });

    it('takes an empty list of experts for a word, and no trouble', async () => {
      const { models } = await start({
        settings: { backends: { local }, tasks: { languages: { go: { inline: [] } } } },
      });
      const serving = models.serving('inline', 'go', null);
      assert.equal('isUnwanted' in serving && serving.isUnwanted, true);
    });

    it('turns to this machine although only another was named', async () => {
      const { models } = await start({
        settings: { backends: { team, local }, tasks: { inline: ['team'] }, budget: { monthly: { tokens: 0 } } },
      });
      assert.equal(await whoAnswers(models), 'local');
    });

    it('does not ask a model of unknown price when the limit is in dollars, and says what to do', async () => {
      const { models, setSettings } = await start({
        settings: { backends: { team }, budget: { daily: { usd: 5 } } },
      });
      await assert.rejects(
        fill(models),
        (error: unknown) =>
          error instanceof ModelFailure &&
          error.trouble === 'budget-reached' &&
          /What coder costs is not known.*budget\.prices/s.test(error.message),
      );
      const serving = models.serving('inline', 'go', null);
      assert.deepEqual('reason' in serving ? [serving.reason, serving.isUnwanted] : null, [
        'budget-reached',
        undefined,
      ]);
      assert.match(models.status().notices.join(), /budget\.prices/);
      setSettings({ backends: { team }, budget: { daily: { usd: 5 }, prices: price } });
      assert.equal(await whoAnswers(models), 'team');
    });
  });

  describe('counts', () => {
    const told = async (usage: Usage, answer: string): Promise<number> => {
      const { models } = await start({
        settings: { backends: { team }, budget: { daily: { tokens: 1_000_000 } } },
        scripts: { team: { usage, answers: [[answer]] } },
      });
      await readAll(await fill(models, { prefix: 'x'.repeat(4000) }));
      // Then all is settled.
      await models.dispose();
      return models.status().budget.daily.tokens;
    };

    it('what a server says of a request', async () => {
      assert.equal(await told({ promptTokens: 1100, cachedTokens: 900, completionTokens: 7 }, 'a text of it'), 1107);
    });

    for (const [what, promptTokens, completionTokens] of [
      ['nothing', 0, 0],
      ['less than nothing', -50_000, -5],
      ['a single token', 1, 0],
      ['no number', NaN, Infinity],
      ['not a word', null, null],
    ] as const) {
      it(`the most that it can be where a server says that it was ${what}`, async () => {
        const usage = { promptTokens, cachedTokens: null, completionTokens };
        const tokens = await told(usage, 'a text of some length');
        // As many tokens as bytes, and the whole room of an answer.
        assert.ok(tokens >= 4000 + 128 && tokens < 5000, String(tokens));
      });
    }
  });

  describe('watches its backends', () => {
    it('and says why the last request failed, until one is answered', async () => {
      const failure = new ModelFailure('server-error', '127.0.0.1:8012 failed (500).', { remedy: 'Look at its log.' });
      const { models } = await start({
        settings: { backends: { local } },
        scripts: { local: { answers: [failure, ['text']] } },
      });
      await assert.rejects(fill(models), failure);
      const [backend] = models.status().backends;
      assert.equal(backend?.state, 'ready');
      assert.equal(backend.why, 'The last request failed: 127.0.0.1:8012 failed (500). Look at its log.');
      assert.deepEqual(models.status().notices, []);
      await readAll(await fill(models));
      assert.equal(models.status().backends[0]?.why, '');
    });

    it('and says it when one has been asked and says nothing for long', async () => {
      let answer = (): void => {};
      const hold = new Promise<void>(resolve => (answer = resolve));
      const ollama = { kind: 'ollama', url: 'http://127.0.0.1:11434' } as const;
      const { models, clock } = await start({ settings: { backends: { ollama } }, scripts: { ollama: { hold } } });
      let changes = 0;
      models.onStatus(() => changes++);
      const asked = fill(models);
      await waitFor(() => clock.waits.includes(10_000));
      await clock.advance(9000);
      assert.equal(models.status().backends[0]?.state, 'ready');
      assert.deepEqual(models.status().notices, []);
      const before = changes;
      await clock.advance(1000);
      await waitFor(() => changes > before);
      assert.equal(models.status().backends[0]?.state, 'loading');
      assert.match(models.status().notices.join(), /^ollama: It was asked and has said nothing for more than 10 s/);
      answer();
      await readAll(await asked);
      assert.equal(models.status().backends[0]?.state, 'ready');
      assert.deepEqual(models.status().notices, []);
    });

    it('and takes nobody to hang whose question was withdrawn', async () => {
      const { models, clock } = await start({
        settings: { backends: { local } },
        scripts: { local: { hold: new Promise(() => {}) } },
      });
      const giving = new AbortController();
      const asked = fill(models, {}, giving.signal);
      await waitFor(() => clock.waits.includes(10_000));
      giving.abort();
      await assert.rejects(asked);
      await rest();
      await clock.advance(20_000);
      assert.deepEqual(models.status().notices, []);
    });

    it('and counts them where many cannot be asked', async () => {
      const names = Array.from({ length: 50 }, (_, index) => `box${index}`);
      const down = new ModelFailure('unreachable', '127.0.0.1:8012 cannot be reached.', { remedy: 'Start it.' });
      const { models } = await start({
        settings: { backends: Object.fromEntries(names.map(name => [name, local])) },
        scripts: Object.fromEntries(names.map(name => [name, { down }])),
      });
      assert.deepEqual(models.status().notices, [
        '50 backends cannot be asked: box0, box1, box2 and 47 more; understudy models says why.',
      ]);
      assert.equal(models.status().backends[49]?.why, '127.0.0.1:8012 cannot be reached. Start it.');
    });

    it('which come back by themselves, asked again later each time', async () => {
      const script = { down: null as ModelFailure | null, answers: [['x'] as readonly string[] | ModelFailure] };
      const { models, backend, clock } = await start({ settings: { backends: { local } }, scripts: { local: script } });
      const gone = new ModelFailure('unreachable', '127.0.0.1:8012 cannot be reached.', {
        remedy: 'Start its server.',
      });
      script.down = gone;
      script.answers = [gone];
      await assert.rejects(fill(models), gone);
      await waitFor(() => clock.waits.length > 0);
      assert.equal(models.status().backends[0]?.state, 'unreachable');
      assert.deepEqual(models.status().notices, ['local: 127.0.0.1:8012 cannot be reached. Start its server.']);
      for (const ms of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
        await waitFor(() => clock.waits.at(-1) === ms);
        await clock.advance(ms);
      }
      script.down = null;
      script.answers = [['back']];
      const probes = backend('local').probes;
      await clock.advance(60_000);
      await waitFor(() => backend('local').probes > probes);
      await waitFor(() => models.status().backends[0]?.state === 'ready');
      assert.equal(await readAll(await fill(models)), 'back');
      assert.deepEqual(models.status().notices, []);
    });

    it('and shows one that cannot be set up, with the reason', async () => {
      const { models } = await start({
        settings: { backends: { local } },
        more: {
          createBackend() {
            throw new ModelFailure('refused-by-settings', 'There is no such form.', { remedy: 'Name another.' });
          },
        },
      });
      const [backend] = models.status().backends;
      assert.equal(backend?.state, 'unusable');
      assert.equal(backend?.why, 'There is no such form. Name another.');
    });

    it('and prints nothing of a server that would steer a terminal', async () => {
      const { models } = await start({
        settings: { backends: { local } },
        scripts: { local: { models: [facts('fine'), facts('bad\u001b]0;x\u0007')] } },
      });
      const [backend] = models.status().backends;
      assert.deepEqual(
        backend?.models.map(({ name }) => name),
        ['fine'],
      );
    });

    it('and finds one that was started later', async () => {
      const found: { kind: 'ollama'; url: string }[] = [];
      const { models, clock } = await start({ found: () => found });
      assert.equal(models.status().backends.length, 0);
      found.push({ kind: 'ollama', url: 'http://127.0.0.1:11434' });
      await clock.advance(2000);
      await waitFor(() => models.status().backends[0]?.state === 'ready');
      assert.equal(await whoAnswers(models), 'ollama');
    });

    it('and makes anew what the settings change, and nothing else', async () => {
      const other = { ...local, url: 'http://127.0.0.1:2' };
      const { backends, setSettings, models } = await start({ settings: { backends: { one: local, two: other } } });
      const [one, two] = [backends.get('one'), backends.get('two')];
      setSettings({ backends: { one: local, two: { ...other, url: 'http://127.0.0.1:3' } } });
      await waitFor(() => models.status().backends[1]?.host === '127.0.0.1:3');
      assert.equal(backends.get('one'), one);
      assert.notEqual(backends.get('two'), two);
    });

    it('and leaves a model alone that fails again and again', async () => {
      const failure = new ModelFailure('server-error', 'Internal error.');
      const { models, backend, logged } = await start({
        settings: { backends: { local } },
        scripts: { local: { answers: [failure] } },
      });
      for (let number = 0; number < 3; number++) await assert.rejects(fill(models), failure);
      await assert.rejects(fill(models), /several times in a row/);
      assert.equal(backend('local').prompts.length, 3);
      assert.equal(models.status().backends[0]?.state, 'paused');
      assert.equal(logged.filter(line => line.includes('several times in a row')).length, 1);
    });
  });

  describe('knows keys', () => {
    const key = 'sk-marked-key-0123456789abcdef';

    it('from the environment, and lets them stand nowhere', async () => {
      const { models, backend, logged, written } = await start({
        settings: { backends: { team: { ...team, key: { env: 'TEAM_KEY' } } }, log: { level: 'debug' } },
        env: { TEAM_KEY: key },
        scripts: { team: { answers: [['a'], new ModelFailure('unauthorized', 'The key is refused.')] } },
      });
      await readAll(await fill(models));
      await assert.rejects(fill(models));
      assert.ok(backend('team').keys.every(seen => seen === key) && backend('team').keys.length > 0);
      const everywhere = [JSON.stringify(models.status()), written(), ...logged].join('\n');
      assert.ok(!everywhere.includes(key));
    });

    it('and says where one is missing, before anything is written or sent', async () => {
      const { models, backend } = await start({
        settings: { backends: { team: { ...team, key: { env: 'TEAM_KEY' } } } },
      });
      assert.equal(models.status().backends[0]?.state, 'unauthorized');
      assert.match(models.status().notices.join(), /TEAM_KEY.*Set TEAM_KEY/);
      await assert.rejects(fill(models));
      assert.equal(backend('team').prompts.length, 0);
      assert.equal((await readLedger(gateway?.stateRoot ?? '')).entries.length, 0);
    });
  });

  it('writes down what goes where, of which files, before it goes and how it ended, and never text', async () => {
    const { models, stateRoot, written } = await start({
      settings: { backends: { local } },
      scripts: { local: { usage: { promptTokens: 42, cachedTokens: 0, completionTokens: 7 } } },
    });
    const passage = {
      path: '/work/b.ts',
      label: 'b.ts',
      startLine: 4,
      text: 'export const zebra = 2;\nx',
      source: 'similar',
    };
    await readAll(await fill(models, { related: [passage], startLine: 10 }));
    await models.dispose();
    const { entries } = await readLedger(stateRoot);
    assert.equal(entries.length, 1);
    const { backend, host, isLocal, model, task, files, tokens, completionTokens, end } = entries[0] ?? assert.fail();
    assert.deepEqual(
      { backend, host, isLocal, model, task, files, tokens, completionTokens, end },
      {
        backend: 'local',
        host: '127.0.0.1:8012',
        isLocal: true,
        model: 'coder',
        task: 'inline',
        files: [
          { path: '/work/a.ts', range: { start: { line: 10, character: 0 }, end: { line: 12, character: 0 } } },
          { path: '/work/b.ts', range: { start: { line: 4, character: 0 }, end: { line: 5, character: 1 } } },
        ],
        tokens: 42,
        completionTokens: 7,
        end: 'done',
      },
    );
    assert.ok(!written().includes('zebra'));
  });

  it('makes vectors with what is named for it, of what is not excluded', async () => {
    const { models, backend, stateRoot } = await start({
      settings: { backends: { local }, tasks: { embed: ['local'] } },
      scripts: { local: { models: [facts('vectors', { embeddings: true, chat: false, fillIn: null })] } },
      isAllowed: path => !path.includes('secret'),
    });
    const embedder = models.embedder() ?? assert.fail();
    assert.equal(embedder.id, 'local/vectors');
    const vectors = await embedder.embed(
      [
        { text: 'one', path: '/work/a.ts', startLine: 0 },
        { text: 'hidden', path: '/work/secret.ts', startLine: 0 },
        { text: 'three', path: null, startLine: 3 },
      ],
      never(),
    );
    assert.deepEqual(
      vectors.map(vector => [...vector]),
      [
        [3, 1],
        [0, 0],
        [5, 1],
      ],
    );
    assert.deepEqual(backend('local').embedded, ['one', 'three']);
    assert.equal(embedder.dimensions, 2);
    assert.equal((await readLedger(stateRoot)).entries[0]?.files.length, 2);
  });

  it('shows what would be sent and sends nothing', async () => {
    const { models, backend } = await start({ settings: { backends: { local } } });
    assert.match(
      await models.preview(promptOf()),
      /--- a\.ts, lines 1 to 3, to be completed at ▮\nconst a = 1;\nconst b = ▮;/,
    );
    assert.equal(backend('local').prompts.length, 0);
  });

  it('lets no workspace say to whom, with which key, or for how much', async () => {
    const { backends, models } = await start({
      settings: { backends: { local }, budget: { daily: { tokens: 5 } } },
      workspace: {
        backends: { evil: { kind: 'openai', url: 'https://evil.example/v1', model: 'm', key: { env: 'HOME' } } },
        tasks: { inline: ['evil'], languages: { go: { inline: ['evil'] } } },
        budget: { daily: { tokens: 1e9 }, prices: { coder: { input: 0, output: 0 } }, onReached: 'recall' },
        privacy: { redact: false, ledger: false, confirm: 'never' },
      },
    });
    assert.deepEqual([...backends.keys()], ['local']);
    assert.deepEqual(models.status().tasks.inline, ['local/coder', 'recall']);
    assert.equal(models.status().budget.daily.limitTokens, 5);
    await readAll(await fill(models));
    assert.equal((await waitForEnds(gateway)).entries.length, 1);
  });
});

/** Reads to the end: who does not holds a place. */
async function whoAnswers(models: Models): Promise<string> {
  const answering = await fill(models);
  await readAll(answering);
  return answering.backend;
}

async function waitForEnds(gateway: Gateway | null): ReturnType<typeof readLedger> {
  const { stateRoot } = gateway ?? assert.fail();
  let read = await readLedger(stateRoot);
  await waitFor(async () => {
    read = await readLedger(stateRoot);
    return read.entries.every(({ end }) => end !== null);
  });
  return read;
}
