/** Where the other processes and threads start, and where grammars and weights lie. Made by the composition root only. */
export interface Entries {
  /** index/indexProcess: holds the index threads. A child_process.fork entry. */
  readonly indexProcess: URL;
  /** index/worker: reads, hashes, parses, chunks. A worker_threads entry. */
  readonly indexWorker: URL;
  /** index/storeProcess: LanceDB. A child_process.fork entry. */
  readonly storeProcess: URL;
  /** index/recall/builder: builds the token streams. A worker_threads entry. */
  readonly recallBuilder: URL;
  /** grammars/treeThread: trees of open documents. A worker_threads entry. */
  readonly treeThread: URL;
  /** server/validate/typescript/scriptThread: the parser of scripts alone. A worker_threads entry. */
  readonly scriptThread: URL;
  /** server/validate/code/codeThread: rules over syntax trees. A worker_threads entry. */
  readonly codeThread: URL;
  /** server/validate/names/namesThread: names nobody declares in Go, Java and Rust. A worker_threads entry. */
  readonly namesThread: URL;
  /** server/validate/users/usersThread: who uses what a change takes away. A worker_threads entry. */
  readonly usersThread: URL;
  /** server/validate/formatting/formatThread: prettier, gofmt and clang-format. A worker_threads entry. */
  readonly formatThread: URL;
  /** server/validate/python/ruffThread: Ruff as WebAssembly. A worker_threads entry. */
  readonly ruffThread: URL;
  /** server/validate/typescript/typescriptProcess: the compiler. A child_process.fork entry. */
  readonly typescriptProcess: URL;
  /** Folder that holds the compiler's lib.*.d.ts. */
  readonly typescriptLibraries: URL;
  /** Folder that holds NAME.wasm of each grammar, and web-tree-sitter.wasm. */
  readonly wasmFolder: URL;
  /** Folder that holds LANGUAGE/definitions.scm and the like. */
  readonly queryFolder: URL;
  /** index/recall/weights.json. */
  readonly weights: URL;
}
