export type Ecosystem = 'npm' | 'python' | 'go' | 'rust' | 'java';

/** What a manifest declared before a change and does not any more. */
export interface PackagesTaken {
  /** Of the manifest: it holds for what lies below. */
  readonly folder: string;
  readonly ecosystem: Ecosystem;
  /** As code names them: packages of npm, modules of Python, paths of Go, crates, groups of Java. */
  readonly names: readonly string[];
}
