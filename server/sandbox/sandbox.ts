/** What a program may use up. Each is a hard end, not a goal. */
export interface Limits {
  /** By the clock on the wall, from start to end. */
  readonly wallMs: number;
  /** Of processor time, for each process. */
  readonly cpuSeconds: number;
  /** What all its processes hold in memory together. */
  readonly memoryBytes: number;
  /** What one process may map, whether it touches it or not. */
  readonly addressBytes: number;
  /** Of each file that is written. */
  readonly fileBytes: number;
  /** What all that it writes may take on the disk, the copy of the sources not counted. */
  readonly diskBytes: number;
  readonly openFiles: number;
  /** Processes and threads, all together. */
  readonly processes: number;
  /** Of stdout and of stderr, each. */
  readonly outputBytes: number;
}

/** One file as it is to be while the program runs, whatever is on disk. */
export interface SandboxFile {
  /** Absolute, inside the folder. */
  readonly path: string;
  /** Null: as if it were not there. */
  readonly text: string | null;
}

/** What a sandbox is made of. */
export interface SandboxSources {
  /** Real path of the folder whose copy the program works on; it sees the copy at this same path where the platform allows it. */
  readonly folder: string;
  readonly files?: readonly SandboxFile[];
  /** Programs whose toolchain is needed besides that of the command, by name: `cargo`, `go`, `python3`, `node`, `javac`. */
  readonly tools?: readonly string[];
  /** Folders of ours that stay for the next time, such as for what is built: seen and written at their own paths. Absolute. */
  readonly lasting?: readonly string[];
}

export interface SandboxCommand {
  /** The program first: a name that is looked for among the toolchains and the system's programs, or an absolute path. */
  readonly argv: readonly string[];
  /** Besides PATH, HOME, TMPDIR and LANG, and what a toolchain needs. Nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it starts: absolute, inside the folder; the folder itself where it is not given. */
  readonly cwd?: string;
  readonly limits?: Partial<Limits>;
}

export interface SandboxRequest extends SandboxSources, SandboxCommand {}

export type SandboxKind = 'bubblewrap' | 'sandbox-exec';

/** The limit that a program ran into and was ended for. */
export type Exceeded = 'time' | 'memory' | 'output' | 'disk' | 'processes';

export interface SandboxRun {
  readonly ran: true;
  readonly sandbox: SandboxKind;
  /** Null where a signal ended it. */
  readonly exit: number | null;
  /** Such as `SIGKILL`; null where it ended by itself. */
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether there was more than `outputBytes`. */
  readonly stdoutCut: boolean;
  readonly stderrCut: boolean;
  readonly timedOut: boolean;
  readonly memoryExceeded: boolean;
  /** Null where it was not ended for a limit; else which, also for `timedOut` and `memoryExceeded`. */
  readonly exceeded: Exceeded | null;
  /** Whether none of its processes is left; null where the platform cannot tell. */
  readonly gone: boolean | null;
  /** What the copy lacks, relative to the folder: secrets. A test that needs such a file fails for that. */
  readonly leftOut: readonly string[];
  readonly ms: number;
}

/** Nothing was run: there is no sandbox here, or what was asked for cannot be put into one. */
export interface SandboxRefusal {
  readonly ran: false;
  readonly sandbox: SandboxKind | 'none';
  /** A sentence. */
  readonly why: string;
  /** What the person can do; null where nothing helps. */
  readonly remedy: string | null;
  /** The tool that is missing or fails, for status and doctor; null where the request is at fault. */
  readonly missing: string | null;
}

export type SandboxResult = SandboxRun | SandboxRefusal;

/** A copy of the sources in which several commands run one after the other, each with its own processes. */
export interface OpenSandbox {
  readonly sandbox: SandboxKind;
  readonly leftOut: readonly string[];
  /** A folder that the program can write into and that lies beside the copy: for reports. Absolute, as the program sees it. */
  readonly reportFolder: string;
  /** Where the copy lies as the program sees it: the folder itself, but not on macOS. */
  readonly folder: string;
  run(command: SandboxCommand, signal: AbortSignal): Promise<SandboxResult>;
  /** Puts a file of ours into `reportFolder`, such as a reporter; before the first run, as programs can change it. */
  put(name: string, text: string): Promise<void>;
  /** The text of a file that was written into `reportFolder`; null where there is none, or where it is no plain file or too large. */
  readReport(name: string, maxBytes?: number): Promise<string | null>;
  /** Deletes the copy. */
  close(): Promise<void>;
}

/** Runs programs on a copy of a folder, without network, cut off from the machine, and leaves nothing behind. */
export interface Sandbox {
  /** Which kind there is here, tried out once; or why there is none. */
  probe(signal: AbortSignal): Promise<SandboxKind | SandboxRefusal>;
  /** One command on a copy of its own. Raises nothing but the signal's reason. */
  run(request: SandboxRequest, signal: AbortSignal): Promise<SandboxResult>;
  /** Raises nothing but the signal's reason. Who opens closes. */
  open(sources: SandboxSources, signal: AbortSignal): Promise<OpenSandbox | SandboxRefusal>;
}

export function isRefusal(value: object | string): value is SandboxRefusal {
  return typeof value === 'object' && 'ran' in value && value.ran === false;
}
