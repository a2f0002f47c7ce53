import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListedFile } from '../../../index/recall/buildTokens.js';
import { createRecall, type LocalRecall } from '../../../index/recall/createRecall.js';
import { createRecallInProcess } from '../../../index/recall/createRecallInProcess.js';
import type { Recall } from '../../../index/recall/recall.js';
import { silentLog } from '../../../server/base/log.js';
import { waitFor } from '../../support/waitFor.js';
import { marked, shown, topRanker, topWeights } from './marked.js';

const never = new AbortController().signal;
const longAgo = new Date('2020-01-01');

describe('building recall in a thread', () => {
  let folder = '';
  let work = '';
  let recalls: LocalRecall[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'understudy-recall-'));
    work = join(folder, 'work');
    mkdirSync(work);
  });

  afterEach(async () => {
    await Promise.all(recalls.map(recall => recall.dispose()));
    recalls = [];
    rmSync(folder, { recursive: true });
  });

  function write(name: string, text: string): string {
    const path = join(work, name);
    writeFileSync(path, text);
    utimesSync(path, longAgo, longAgo);
    return path;
  }

  function listed(): readonly ListedFile[] {
    return readdirSync(work).map(name => {
      const path = join(work, name);
      const { size, mtimeMs } = statSync(path);
      return { path, size, mtimeMs };
    });
  }

  function create(maxTokens: number | (() => number) = 1_000_000, log = silentLog): LocalRecall {
    const recall = createRecall({
      recallBuilder: new URL('../../../index/recall/builder.js', import.meta.url),
      weights: topWeights,
      cacheFolder: join(folder, 'cache'),
      maxTokens: typeof maxTokens === 'number' ? () => maxTokens : maxTokens,
      log,
    });
    recalls.push(recall);
    return recall;
  }

  async function ended(recall: LocalRecall): Promise<void> {
    await recall.dispose();
  }

  function ask(recall: Recall, text: string): string {
    const { snapshot, offset } = marked(text, join(work, 'asked.ts'));
    return shown(recall.suggest(snapshot, offset, { minConfidence: 0.5, minChars: 1, maxLines: 1 }), offset);
  }

  const source = (name: string) =>
    `export function ${name}(input) {\n  return transform${name}(input, ${name}Options);\n}\n`;
  const question = 'let y = transformAlpha(input, ¦\n';

  it('gives what reading in this thread gives', async () => {
    const names = ['Alpha', 'Beta', 'Gamma', 'Delta'];
    for (const name of names) write(`${name}.ts`, source(name).repeat(3));
    const recall = create();
    const files = listed();
    await recall.build(files, never);
    const inProcess = createRecallInProcess({ ranker: topRanker });
    for (const { path } of files.toReversed()) inProcess.updateFile(path, readFileSync(path, 'utf8'));
    assert.equal(recall.stats().files, 4);
    assert.equal(recall.stats().leftOut, 0);
    assert.equal(ask(recall, question), 'AlphaOptions);');
    for (const name of names) {
      for (const text of [`transform${name}(¦\n`, `export function ${name}(¦\n`, `  return transf¦\n`]) {
        assert.equal(ask(recall, text), ask(inProcess, text), text);
      }
    }
  });

  it('is warm after a restart, and reads what has changed', async () => {
    write('a.ts', source('Alpha').repeat(2));
    write('b.ts', source('Beta').repeat(2));
    const first = create();
    await first.build(listed(), never);
    await ended(first);
    assert.equal(statSync(join(folder, 'cache', 'recall.tokens')).mode & 0o777, 0o600);
    writeFileSync(join(work, 'a.ts'), source('Alpha').replaceAll('AlphaOptions', 'settings').repeat(2));
    rmSync(join(work, 'b.ts'));
    const second = create();
    await second.build(listed(), never);
    assert.equal(ask(second, question), 'settings);');
    assert.equal(second.stats().files, 1);
  });

  it('does not believe a file that has been changed within the same tick', async () => {
    const path = join(work, 'a.ts');
    const now = new Date();
    writeFileSync(path, source('Alpha'));
    utimesSync(path, now, now);
    const first = create();
    await first.build(listed(), never);
    await ended(first);
    writeFileSync(path, source('Alpha').replaceAll('AlphaOptions', 'OmegaOptions'));
    utimesSync(path, now, now);
    const second = create();
    await second.build(listed(), never);
    assert.equal(ask(second, question), 'OmegaOptions);');
  });

  it('builds anew where what was kept is damaged', async () => {
    write('a.ts', source('Alpha').repeat(2));
    const first = create();
    await first.build(listed(), never);
    await ended(first);
    const kept = join(folder, 'cache', 'recall.tokens');
    const sound = readFileSync(kept);
    const bent = Buffer.from(sound);
    bent[bent.length >> 1]! ^= 255;
    for (const damaged of [Buffer.alloc(0), Buffer.from('{}'), sound.subarray(0, 100), bent]) {
      writeFileSync(kept, damaged);
      const second = create();
      await second.build(listed(), never);
      assert.equal(ask(second, question), 'AlphaOptions);');
      await ended(second);
      assert.ok(readFileSync(kept).equals(sound));
    }
  });

  it('works without a cache that can be written', async () => {
    write('a.ts', source('Alpha').repeat(2));
    writeFileSync(join(folder, 'cache'), 'no folder');
    const recall = create();
    await recall.build(listed(), never);
    assert.equal(ask(recall, question), 'AlphaOptions);');
  });

  it('takes the nearest files when not all fit, and says how many did not', async () => {
    const near = write('near.ts', source('Alpha').repeat(2));
    const far = write('far.ts', source('Beta').repeat(2));
    const recall = create(60);
    const files = listed();
    const [first] = files.filter(({ path }) => path === near);
    const [second] = files.filter(({ path }) => path === far);
    assert.ok(first && second);
    await recall.build([first, second], never);
    assert.equal(recall.stats().leftOut, 1);
    assert.equal(recall.stats().files, 1);
    assert.equal(ask(recall, question), 'AlphaOptions);');
  });

  it('goes by the memory that the settings allow at the time', async () => {
    write('a.ts', source('Alpha').repeat(2));
    let limit = 1;
    const recall = create(() => limit);
    await recall.build(listed(), never);
    assert.equal(recall.stats().files, 0);
    limit = 1_000_000;
    await recall.build(listed(), never);
    assert.equal(recall.stats().files, 1);
  });

  it('knows files that change while it builds, and after', async () => {
    const path = write('a.ts', source('Alpha').repeat(2));
    const recall = create();
    const building = recall.build(listed(), never);
    recall.updateFile(path, source('Alpha').replaceAll('AlphaOptions', 'newer').repeat(2));
    recall.updateFile(join(work, 'c.ts'), source('Gamma').repeat(2));
    await building;
    // What came in meanwhile is read in slices.
    await waitFor(() => recall.stats().files === 2);
    assert.equal(ask(recall, question), 'newer);');
    assert.equal(ask(recall, 'let y = transformGamma(input, ¦\n'), 'GammaOptions);');
    recall.updateFile(path, null);
    assert.equal(recall.stats().files, 1);
    await recall.build(
      listed().filter(file => file.path !== path),
      never,
    );
    assert.equal(ask(recall, 'let y = transformGamma(input, ¦\n'), 'GammaOptions);');
  });

  it('keeps open documents through a build', async () => {
    write('a.ts', source('Alpha').repeat(2));
    const recall = create();
    const { snapshot } = marked(source('Alpha').replaceAll('AlphaOptions', 'unsaved').repeat(2), join(work, 'a.ts'));
    recall.open(snapshot);
    await recall.build(listed(), never);
    assert.equal(ask(recall, question), 'unsaved);');
    recall.close(snapshot.uri);
    assert.equal(ask(recall, question), 'AlphaOptions);');
  });

  it('says that it is indexing as long as it is', async () => {
    write('a.ts', source('Alpha').repeat(2));
    const recall = create();
    assert.equal(ask(recall, question), '<unsure>');
    const building = recall.build(listed(), never);
    assert.equal(ask(recall, question), '<indexing>');
    await building;
    assert.equal(ask(recall, 'unknown ¦'), '<unsure>');
  });

  it('stops when it is told to, and gives way to a later build', async () => {
    write('a.ts', source('Alpha').repeat(2));
    const recall = create();
    const stop = new AbortController();
    const stopped = assert.rejects(recall.build(listed(), stop.signal), { name: 'AbortError' });
    stop.abort();
    await stopped;
    const earlier = recall.build(listed(), never).catch((error: unknown) => error);
    await recall.build(listed(), never);
    assert.ok((await earlier) instanceof Error);
    assert.equal(ask(recall, question), 'AlphaOptions);');
  });
  it('builds again by itself when much has changed', async () => {
    const log: string[] = [];
    const recall = create(2_000_000, { ...silentLog, info: message => log.push(message) });
    await recall.build([], never);
    for (const name of ['a.ts', 'b.ts', 'c.ts', 'd.ts']) {
      const text = 'value = compute(first, second);\n'.repeat(12_000);
      recall.updateFile(write(name, text), text);
    }
    await waitFor(() => log.length === 2);
    assert.equal(recall.stats().files, 4);
    assert.equal(ask(recall, 'value = compute(¦\n'), 'first, second);');
  });

  it('does not bring back what was left out since, though it is still there', async () => {
    const log: string[] = [];
    const recall = create(2_000_000, { ...silentLog, info: message => log.push(message) });
    const secret = write('secret.ts', source('Alpha').repeat(2));
    await recall.build(listed(), never);
    recall.updateFile(secret, null);
    for (const name of ['a.ts', 'b.ts', 'c.ts', 'd.ts']) {
      const text = 'weight = heavy + light;\n'.repeat(12_000);
      recall.updateFile(write(name, text), text);
    }
    await waitFor(() => log.length === 2);
    assert.equal(recall.stats().files, 4);
    assert.equal(ask(recall, question), '<unsure>');
  });
});
