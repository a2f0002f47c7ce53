// Holds our Ollama backend, and the server with it, to what they promise against a real Ollama:
//
//   test/models/getOllama.sh && npm run build && node out/test/models/ollama.js > test/models/results/ollama.txt
//
// The first takes about 12 minutes of one core, which is why this is no part of what runs at every change.
// Prints a line for each check and `N passed, N failed`; exits with 1 when any has failed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isRecord } from '../../server/base/record.js';
import type { Backend, ModelFacts } from '../../server/model/backend.js';
import { discoverLocal } from '../../server/model/discover.js';
import { spawnServer } from '../support/spawnServer.js';
import { waitFor } from '../support/waitFor.js';
import { findModels, makeModels } from './support/models.js';
import { startOllamaServer } from './support/ollamaServer.js';
import { backendFor, never, readAll, sampling } from './support/realBackend.js';
import { checkout, invoice } from './support/shop.js';

let passed = 0;
let failed = 0;
const made = await makeModels();
const { smollm2, miniLm } = await findModels();
const ollama = await startOllamaServer();
try {
  await ollama.create({ name: 'copy', file: made.copy });
  // No tokens are needed where the server has a template; the suffix stands first, so that the text before the cursor is last.
  const template = '<|fim_suffix|>{{ .Suffix }}<|fim_prefix|>{{ .Prompt }}';
  await ollama.create({ name: 'insert', file: made.copy, template });
  await ollama.create({ name: 'smollm2', file: smollm2 });
  await ollama.create({ name: 'minilm', file: miniLm });
  const [cpu] = cpus();
  console.log(`${new Date().toISOString().slice(0, 10)}, ${cpu?.model ?? 'unknown'}, one thread for each model\n`);
  await holdContract(['--model', 'copy:latest', '--no-chat']);
  await holdContract(['--model', 'minilm:latest']);
  await holdOurs();
} finally {
  await ollama.stop();
  await made.remove();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

async function holdOurs(): Promise<void> {
  console.log('Ours:');
  await check('is found by what it answers', async () => {
    const found = await discoverLocal(never(), { urls: [ollama.url], limitMs: 10_000 });
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ['ollama'],
    );
  });
  await check('says of each model what it can do', async () => {
    const facts = (await probed()).models.map(model => [
      model.name,
      model.fillIn?.way ?? null,
      model.chat,
      model.embeddings,
    ]);
    assert.deepEqual(facts.toSorted(), [
      ['copy:latest', 'template', true, false],
      ['insert:latest', 'template', true, false],
      ['minilm:latest', null, false, true],
      ['smollm2:latest', 'continue', true, false],
    ]);
  });
  await check('completes with a name that only another file in the prompt has', async () => {
    const { text } = await fillIn('copy:latest');
    assert(text.startsWith('uteInvoiceTotal(items, taxRate);'), text);
    return JSON.stringify(text.split('\n')[0]);
  });
  await check('talks with a real model, bit by bit', async () => {
    const { backend, models } = await probed();
    const model = models.find(({ name }) => name === 'smollm2:latest');
    assert(model);
    const messages = [{ role: 'user', content: 'Say hello.' }] as const;
    const answer = await readAll(backend.chat(model, messages, { ...sampling, maxTokens: 12 }, never()));
    backend.dispose();
    assert(answer.chunks > 3 && /\w/.test(answer.text), answer.text);
    return JSON.stringify(answer.text);
  });
  await check('completes so, too, where the server has the template', async () => {
    const { text } = await fillIn('insert:latest', 'suffix');
    assert(text.startsWith('uteInvoiceTotal(items, taxRate);'), text);
    return JSON.stringify(text.split('\n')[0]);
  });
  await check('the language server finds it and completes, without a setting', completeUnaided);
}

async function fillIn(name: string, fim?: string): Promise<{ readonly text: string }> {
  const { backend, models } = await probed(fim);
  const model = models.find(each => each.name === name);
  assert(model);
  try {
    return await readAll(backend.fillIn(model, checkout('  const total = comp', [invoice]), sampling, never()));
  } finally {
    backend.dispose();
  }
}

async function probed(fim?: string): Promise<{ readonly backend: Backend; readonly models: readonly ModelFacts[] }> {
  const backend = backendFor('ollama', ollama.url, fim === undefined ? {} : { fim });
  return { backend, models: (await backend.probe(never())).models };
}

/** A workspace in which the name stands three times in other files, so that recall is unsure which one is meant. */
async function completeUnaided(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'understudy-shop-'));
  const uses = ['Total', 'Sum', 'Rest'].map(
    name =>
      `export function show${name}(bill: Bill): number {\n  const owed = bill.invoice${name}(7);\n  return owed;\n}\n`,
  );
  await mkdir(join(folder, '.git'));
  const type = 'export type Bill = Readonly<Record<string, (rate: number) => number>>;\n\n';
  await writeFile(join(folder, 'bill.ts'), type + uses.join('\n'));
  const before = `import { Bill } from './bill';\n\nexport function settle(bill: Bill): number {\n  const owed = bill.`;
  await writeFile(join(folder, 'settle.ts'), before);
  process.env['OLLAMA_HOST'] = `127.0.0.1:${ollama.port}`;
  const server = await spawnServer({ folders: [folder] });
  try {
    await server.ready();
    let model = '';
    await waitFor(async () => {
      const status = await server.rpc.request('understudy/status');
      const backends = isRecord(status) ? status['backends'] : null;
      const [backend] = Array.isArray(backends) ? backends.filter(isRecord) : [];
      model = String(backend?.['model']);
      return backend?.['state'] === 'ready';
    }, 30_000);
    const uri = pathToFileURL(join(folder, 'settle.ts')).href;
    const open = { uri, languageId: 'typescript', version: 1, text: before };
    server.rpc.notify('textDocument/didOpen', { textDocument: open });
    let version = 1;
    let typed = before.split('\n').at(-1) ?? '';
    let text = '';
    for (const letter of 'invoice') {
      const at = { line: 3, character: typed.length };
      const textDocument = { uri, version: ++version };
      server.rpc.notify('textDocument/didChange', {
        textDocument,
        contentChanges: [{ range: { start: at, end: at }, text: letter }],
      });
      typed += letter;
      const position = { line: 3, character: typed.length };
      const context = { triggerKind: 1 };
      const started = performance.now();
      await waitFor(async () => {
        const answer = await server.rpc.request('textDocument/inlineCompletion', {
          textDocument: { uri },
          position,
          context,
        });
        const items = isRecord(answer) && Array.isArray(answer['items']) ? answer['items'].filter(isRecord) : [];
        text = String(items[0]?.['insertText'] ?? '');
        return text !== '' || performance.now() - started > 4000;
      }, 10_000);
    }
    assert.match(text, /invoice(?:Total|Sum|Rest)\(7\);/);
    return `${model}: ${JSON.stringify(text)}`;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function holdContract(args: readonly string[]): Promise<void> {
  const contract = fileURLToPath(new URL('contractReal.js', import.meta.url));
  const child = spawn(process.execPath, [contract, '--kind', 'ollama', '--url', ollama.url, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await new Promise(resolve => child.once('close', resolve));
  const [, ok = '0', bad = '1'] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  passed += Number(ok);
  failed += Number(bad);
  console.log(output.replace(/^\d+ passed, \d+ failed\n/m, ''));
}

async function check(name: string, act: () => Promise<string | void>): Promise<void> {
  try {
    const detail = await act();
    passed++;
    console.log(`ok      ${name}${detail === undefined ? '' : ` (${detail})`}`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
