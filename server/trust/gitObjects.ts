import { Failure } from '../base/failure.js';
import { runGit, type GitCommand } from './git.js';

/** One entry of the difference of two trees. Paths are relative to the folder asked for, with slashes. */
export interface TreeChange {
  readonly path: string;
  readonly oldMode: number;
  readonly newMode: number;
  /** Null where the file is not there before, or not after. */
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

/** Reads a repository's objects, by `cat-file` and `diff-tree` alone: neither looks at the work tree. */
export interface GitObjects {
  /** The id that a name stands for, such as `HEAD^{tree}`; null where there is none. */
  resolve(name: string): Promise<string | null>;
  /** Between two trees or commits, limited to the folder. */
  compare(before: string, after: string): Promise<readonly TreeChange[]>;
  /** From where two commits parted, to the second. */
  compareFromBase(left: string, right: string): Promise<readonly TreeChange[]>;
  /** By id; larger ones than `maxBytes`, and those that are missing, are not in it. */
  blobs(ids: Iterable<string>, maxBytes: number): Promise<ReadonlyMap<string, Buffer>>;
}

const timeoutMs = 60_000;
/** Of all that one question brings. */
const maxTotalBytes = 512 * 1024 * 1024;
const plainDiff = ['-r', '-z', '--raw', '--no-abbrev', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative'];

export function openGitObjects(folder: string, signal: AbortSignal): GitObjects {
  return {
    async resolve(name) {
      const answer = (await read('cat-file', ['--batch-check'], `${name}\n`)).toString('utf8');
      return /^([0-9a-f]{40}|[0-9a-f]{64}) (?:commit|tree|tag|blob) \d+\n$/.exec(answer)?.[1] ?? null;
    },
    compare: (before, after) => compare([before, after]),
    compareFromBase: (left, right) => compare(['--merge-base', left, right]),
    async blobs(ids, maxBytes) {
      const wanted = [...new Set(ids)];
      if (wanted.length === 0) return new Map();
      const sizes = (await read('cat-file', ['--batch-check'], lines(wanted))).toString('utf8').split('\n');
      const small = sizes.flatMap(line => {
        const [id = '', kind, size] = line.split(' ');
        return kind === 'blob' && Number(size) <= maxBytes ? [id] : [];
      });
      return splitBatch(await read('cat-file', ['--batch'], lines(small)));
    },
  };

  async function compare(args: readonly string[]): Promise<readonly TreeChange[]> {
    return splitRaw(await read('diff-tree', [...plainDiff, ...args], ''));
  }

  async function read(command: GitCommand, args: readonly string[], input: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const limits = { maxBytes: maxTotalBytes, timeoutMs };
    await runGit(folder, command, args, input, limits, chunk => void chunks.push(chunk), signal);
    return Buffer.concat(chunks);
  }
}

function lines(ids: readonly string[]): string {
  return ids.map(id => `${id}\n`).join('');
}

/** ":100644 100644 OLD NEW M", NUL, path, NUL. */
function splitRaw(output: Buffer): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  const fields = output.toString('utf8').split('\0');
  for (let at = 0; at + 1 < fields.length; at++) {
    const [oldMode = '', newMode = '', oldBlob = '', newBlob = ''] = (fields[at] ?? '').split(' ');
    // With `--merge-base` the id of the base may stand first.
    if (!oldMode.startsWith(':')) continue;
    changes.push({
      path: fields[++at] ?? '',
      oldMode: parseInt(oldMode.slice(1), 8),
      newMode: parseInt(newMode, 8),
      oldBlob: /^0+$/.test(oldBlob) ? null : oldBlob,
      newBlob: /^0+$/.test(newBlob) ? null : newBlob,
    });
  }
  return changes;
}

function splitBatch(output: Buffer): ReadonlyMap<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf(10, at);
    const [id = '', kind, size] = output.toString('latin1', at, lineEnd < 0 ? output.length : lineEnd).split(' ');
    if (lineEnd < 0 || kind !== 'blob') throw new Failure('damaged', 'git cannot read its own objects.');
    const end = lineEnd + 1 + Number(size);
    blobs.set(id, output.subarray(lineEnd + 1, end));
    at = end + 1;
  }
  return blobs;
}
