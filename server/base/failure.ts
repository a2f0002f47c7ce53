export type FailureKind =
  | 'bad-input'
  | 'not-found'
  | 'permission'
  | 'disk-full'
  | 'read-only'
  | 'locked'
  | 'damaged'
  /** It is no longer as it was when somebody decided about it. */
  | 'stale'
  | 'unavailable'
  | 'timeout';

/**
 * Expected trouble, made at the border where it happens.
 * `message` says what happened and `remedy` what the person can do; nobody decides by either, only by `kind`.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly remedy: string | null;

  /** By name, not by constructor: bundles and threads each have a class of their own. */
  static override [Symbol.hasInstance](value: unknown): value is Failure {
    return value instanceof Error && value.name === 'Failure' && 'kind' in value;
  }

  constructor(
    kind: FailureKind,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.remedy = options.remedy ?? null;
  }
}

/** Turns an error of node's file functions into a Failure that says which path and what to do; passes others through. */
export function fileFailure(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new Failure('not-found', `${path} does not exist.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new Failure('permission', `${path} cannot be opened: permission denied.`, {
        remedy: 'Give your user access to it, or exclude it.',
        cause: error,
      });
    case 'ENOSPC':
    case 'EDQUOT':
      return new Failure('disk-full', `The disk that holds ${path} is full.`, {
        remedy: 'Free some space; the index goes on by itself.',
        cause: error,
      });
    case 'EROFS':
      return new Failure('read-only', `${path} is on a read-only file system.`, {
        remedy: 'Set XDG_CACHE_HOME to a folder that can be written.',
        cause: error,
      });
    default:
      return error;
  }
}
