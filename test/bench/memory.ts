/**
 * Memory of the whole process tree, watcher on: of 1,000 files after 500 completions, awake and 30 s later; of 10,000 files,
 * at the peak of the first index and at rest. Resident pages summed over the processes, shared ones counted in each.
 */
import { join } from 'node:path';
import { quiet, treeMemory, treeProcesses } from '../support/processTree.js';
import { spawnServer, type SpawnedServer } from '../support/spawnServer.js';
import { filesOfLength, typeLines } from './typing.js';
import { largeWorkspace, smallWorkspace, type SourceTree } from './workspaces.js';

export interface MemoryResult {
  readonly workspace: Omit<SourceTree, 'folder'>;
  readonly peakIndexingMb: number;
  readonly awakeMb: number;
  readonly restMb: number;
  readonly restProcesses: readonly string[];
}

export async function benchMemory(): Promise<{ readonly small: MemoryResult; readonly large: MemoryResult }> {
  return { small: await measure(smallWorkspace()), large: await measure(largeWorkspace()) };
}

async function measure(tree: SourceTree): Promise<MemoryResult> {
  const server = await spawnServer({ folders: [tree.folder] });
  const peak = watchPeak(server);
  await server.ready();
  await quiet(server.pid); // References are indexed in the background.
  const peakIndexingMb = peak.stop();
  const awake = watchPeak(server);
  const files = filesOfLength(tree.folder, 150, 2_000);
  for (let index = 0; index < 10; index += 1) {
    const path = files[Math.floor((index * files.length) / 10)];
    if (path !== undefined) await typeLines(server, path, 50);
  }
  await server.rpc.request('workspace/executeCommand', {
    command: 'understudy.search',
    arguments: [{ query: 'read a file into memory', limit: 5 }],
  });
  const awakeMb = awake.stop();
  await new Promise(resolve => setTimeout(resolve, 30_000));
  const rest = treeProcesses(server.pid);
  await server.stop();
  const { files: count, megabytes, languages } = tree;
  return {
    workspace: { files: count, megabytes, languages },
    peakIndexingMb,
    awakeMb,
    restMb: Math.round(rest.reduce((sum, one) => sum + one.megabytes, 0)),
    restProcesses: rest.map(one => `${join(one.command)} ${Math.round(one.megabytes)}`),
  };
}

function watchPeak(server: SpawnedServer): { stop(): number } {
  let peak = 0;
  const sample = (): void => void (peak = Math.max(peak, treeMemory(server.pid)));
  const timer = setInterval(sample, 100);
  return {
    stop() {
      sample();
      clearInterval(timer);
      return Math.round(peak);
    },
  };
}
