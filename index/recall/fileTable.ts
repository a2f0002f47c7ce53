import { extensionHash, folderHash } from './source.js';

/** Plain data, to cross threads and to be written to disk. */
export interface FileTableData {
  /** Absolute paths. */
  readonly paths: readonly string[];
  /** First position of each file in the stream, ascending; the file ends before the end mark at the next one's start. */
  readonly starts: Int32Array;
  readonly folders: Int32Array;
  readonly extensions: Int32Array;
}

/** Which file lies where in a stream. */
export class FileTable {
  readonly #paths: string[];
  #starts: Int32Array;
  #folders: Int32Array;
  #extensions: Int32Array;
  #byPath: Map<string, number> | null = null;

  constructor(data: FileTableData | null = null) {
    this.#paths = data === null ? [] : [...data.paths];
    this.#starts = data?.starts ?? new Int32Array(16);
    this.#folders = data?.folders ?? new Int32Array(16);
    this.#extensions = data?.extensions ?? new Int32Array(16);
  }

  get count(): number {
    return this.#paths.length;
  }

  add(path: string, start: number): number {
    const file = this.#paths.length;
    if (file === this.#starts.length) {
      this.#starts = doubled(this.#starts);
      this.#folders = doubled(this.#folders);
      this.#extensions = doubled(this.#extensions);
    }
    this.#starts[file] = start;
    this.#folders[file] = folderHash(path);
    this.#extensions[file] = extensionHash(path);
    this.#paths.push(path);
    this.#byPath?.set(path, file);
    return file;
  }

  /** The file of that path that was added last, or -1. */
  find(path: string): number {
    return this.#index().get(path) ?? -1;
  }

  /** From now on the path is not found; its place in the stream stays. */
  forget(path: string): void {
    this.#index().delete(path);
  }

  /** The files that are found by their paths. */
  present(): readonly number[] {
    return [...this.#index().values()];
  }

  at(position: number): number {
    let low = 0;
    let high = this.#paths.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  path(file: number): string {
    return this.#paths[file] ?? '';
  }

  start(file: number): number {
    return this.#starts[file]!;
  }

  /** Behind the last position, its end mark included, given the length of the stream. */
  end(file: number, length: number): number {
    return file + 1 < this.#paths.length ? this.#starts[file + 1]! : length;
  }

  folder(file: number): number {
    return this.#folders[file]!;
  }

  extension(file: number): number {
    return this.#extensions[file]!;
  }

  #index(): Map<string, number> {
    return (this.#byPath ??= new Map(this.#paths.map((known, file) => [known, file])));
  }

  data(): FileTableData {
    return {
      paths: this.#paths,
      starts: this.#starts.slice(0, this.count),
      folders: this.#folders.slice(0, this.count),
      extensions: this.#extensions.slice(0, this.count),
    };
  }
}

function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
