/** What a workspace may do. Untrusted unless the client or the person's own store says otherwise; never by a file of its own. */
export interface Trust {
  /** By real path: a folder is trusted when it, or one that holds it, was. Never throws; whatever cannot be read is untrusted. */
  isTrusted(folder: string): boolean;
  stateOf(folder: string): TrustState;
  /** What is wrong with the store, in sentences with what to do. */
  notices(): readonly string[];
}

/** Whether a folder is trusted, and why. */
export interface TrustState {
  /** Real path. */
  readonly folder: string;
  readonly trusted: boolean;
  /** A whole sentence. */
  readonly why: string;
}

export const nobodyTrusted: Trust = {
  isTrusted: () => false,
  stateOf: folder => ({ folder, trusted: false, why: 'Nobody has said that it is trusted.' }),
  notices: () => [],
};

/** The person's own store, which `understudy trust` writes. */
export interface TrustStore extends Trust {
  /**
   * Trusts a folder and all in it, or revokes that for good: also where a folder that holds it is trusted, and where an editor
   * trusts all that it opens. Raises Failure: `permission` for a folder that is too broad, `not-found`, `locked` and those of the disk.
   */
  set(folder: string, trusted: boolean, signal?: AbortSignal): Promise<TrustState>;
}
