import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { spawnAsNobody } from './support/nobody.js';
import { createWorkspace, type TestWorkspace } from './support/workspace.js';

interface Seen {
  readonly rejected: { readonly kind: string; readonly message: string } | null;
  readonly status: {
    readonly state: string;
    readonly indexed: number;
    readonly skipped: object;
    readonly message: string | null;
  };
  readonly scanned: readonly string[];
}

describe('an index of a person without all permissions', () => {
  let workspace: TestWorkspace;
  const seen = async (): Promise<Seen> => JSON.parse(await spawnAsNobody('indexOnce.js', [workspace.folder])) as Seen;

  beforeEach(() => {
    workspace = createWorkspace({ 'a.ts': 'export const a = 1;\n', 'closed.ts': 'x\n', 'shut/b.ts': 'x\n' });
    chmodSync(workspace.folder, 0o755);
  });
  afterEach(() => {
    chmodSync(workspace.folder, 0o755);
    chmodSync(workspace.path('shut'), 0o755);
    workspace.dispose();
  });

  it('says that the folder is closed to it', async () => {
    chmodSync(workspace.folder, 0o000);
    const { rejected, status } = await seen();
    assert.equal(rejected?.kind, 'permission');
    assert.match(rejected.message, /permission denied/);
    assert.match(status.message ?? '', /Give your user access/);
  });

  it('counts files and folders that are closed to it, and indexes the rest', async () => {
    chmodSync(workspace.path('closed.ts'), 0o000);
    chmodSync(workspace.path('shut'), 0o000);
    const { rejected, status } = await seen();
    assert.equal(rejected, null);
    assert.deepEqual([status.state, status.indexed, status.skipped], ['ready', 1, { unreadable: 2 }]);
  });
});
