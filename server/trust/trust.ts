/** What a workspace may do. Untrusted unless the client or the person's own store says otherwise; never by a file of its own. */
export interface Trust {
  /** By real path: a folder is trusted when it, or one that holds it, was. Never throws; whatever cannot be read is untrusted. */
  isTrusted(folder: string): boolean;
}

export const nobodyTrusted: Trust = { isTrusted: () => false };
