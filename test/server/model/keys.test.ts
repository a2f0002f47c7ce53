import assert from 'node:assert/strict';
import { ModelFailure } from '../../../server/model/backend.js';
import { createKeys } from '../../../server/model/keys.js';

const signal = new AbortController().signal;
const isUnauthorized = (error: unknown): boolean =>
  error instanceof ModelFailure && error.trouble === 'unauthorized' && error.remedy !== null;

describe('keys', () => {
  it('come from the environment, without the blanks around them', async () => {
    const keys = createKeys({ env: { KEY: ' sk-1\n', EMPTY: ' ' }, now: () => 0 });
    assert.equal(await keys.of({ env: 'KEY' })(signal), 'sk-1');
    assert.equal(await keys.of(null)(signal), null);
    await assert.rejects(keys.of({ env: 'EMPTY' })(signal), isUnauthorized);
    await assert.rejects(keys.of({ env: 'NONE' })(signal), isUnauthorized);
  });

  it('come from a program, which is asked again after five minutes or when its key was refused', async () => {
    let nowMs = 0;
    let runs = 0;
    const run = (): Promise<string> => Promise.resolve(`\nsk-${++runs}\nthe rest is not read\n`);
    const keys = createKeys({ env: {}, now: () => nowMs, run });
    const source = { command: ['get-key', 'team'] };
    const key = keys.of(source);
    assert.equal(await key(signal), 'sk-1');
    nowMs += 4 * 60_000;
    assert.equal(await key(signal), 'sk-1');
    nowMs += 2 * 60_000;
    assert.equal(await key(signal), 'sk-2');
    keys.forget(source);
    assert.equal(await key(signal), 'sk-3');
    assert.equal(await keys.of({ command: ['get-key', 'other'] })(signal), 'sk-4');
  });

  it('run a real program without a shell, outside of any workspace, and tell nothing of what it says', async () => {
    const keys = createKeys({ env: { PATH: process.env['PATH'] }, now: () => 0 });
    const node = (script: string) => keys.of({ command: [process.execPath, '-e', script] })(signal);
    assert.equal(await node('process.stdout.write("$HOME;`id`".length + "-" + 1)'), '10-1');
    assert.notEqual(await node('process.stdout.write(process.cwd().replace(/\\s/g, ""))'), process.cwd());
    const failed = await node('console.log("sk-secret"); console.error("sk-secret"); process.exit(3)').catch(
      (error: unknown) => error,
    );
    assert.ok(isUnauthorized(failed));
    assert.match(String(failed), /exit code 3/);
    const told = failed as ModelFailure;
    assert.ok(![told.message, told.remedy, told.stack, String(told.cause)].some(text => text?.includes('sk-secret')));
    await assert.rejects(keys.of({ command: ['/no/such/program'] })(signal), /was not found/);
    await assert.rejects(node(''), isUnauthorized);
    await assert.rejects(node('console.log("two words")'), isUnauthorized);
  });

  it('are given up with the request that wants them', async () => {
    const keys = createKeys({ env: { PATH: process.env['PATH'] }, now: () => 0 });
    const stopping = new AbortController();
    const key = keys.of({ command: [process.execPath, '-e', 'setTimeout(() => {}, 60000)'] })(stopping.signal);
    stopping.abort();
    await assert.rejects(key, { name: 'AbortError' });
  });
});
