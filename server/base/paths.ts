import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * The path a URI names, or null when it names no file of this machine: other schemes (untitled:, git:, vscode-remote:),
 * foreign hosts and UNC shares, escaped separators, NUL, device names.
 */
export function uriToPath(uri: string): string | null {
  if (!/^file:\/\//i.test(uri)) return null;
  try {
    const url = new URL(uri);
    if (url.hostname !== '' && url.hostname !== 'localhost') return null;
    const path = fileURLToPath(`file://${url.pathname}`);
    return path.includes('\0') || !isAbsolute(path) || isDevicePath(path) ? null : path;
  } catch {
    // Not a URL, or one that node refuses, such as an escaped slash: it names no file.
    return null;
  }
}

/**
 * The path by which a document is judged: its own, or for one that is no file the path that its URI carries, such as that of
 * `git:/project/.env`. Null where it carries none.
 */
export function judgedPath({ path, uri }: { readonly path: string | null; readonly uri: string }): string | null {
  if (path !== null) return path;
  const carried = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?([^?#]+)/i.exec(uri)?.[1];
  if (carried === undefined) return null;
  try {
    const decoded = decodeURIComponent(carried);
    return decoded.includes('\0') ? null : isAbsolute(decoded) ? decoded : `/${decoded}`;
  } catch {
    return isAbsolute(carried) ? carried : `/${carried}`;
  }
}

export function pathToUri(path: string): string {
  return pathToFileURL(path).href;
}

/**
 * Whether a path lies in a folder when symbolic links are followed, also for a file that does not exist yet: the deepest
 * ancestor that exists decides. Touches the disk; a lexical comparison would let a link lead outside.
 */
export function isReallyInside(root: string, path: string): boolean {
  try {
    return isInside(realpathSync.native(root), realPathOfNearest(path));
  } catch {
    return false;
  }
}

/** The lexical comparison: for paths that are known to be real. The folder itself counts as inside. */
export function isInside(root: string, path: string): boolean {
  const way = relative(foldCase(root), foldCase(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The deepest folder that holds a path, as folders may lie in one another. */
export function nearestFolder(path: string, folders: readonly string[]): string | null {
  let nearest: string | null = null;
  for (const folder of folders) {
    if (isInside(folder, path) && (nearest === null || folder.length > nearest.length)) nearest = folder;
  }
  return nearest;
}

/** Without what names the same folder once more, by a link or by a separator at its end. */
export function distinctFolders(paths: readonly string[]): readonly string[] {
  const byRealPath = new Map<string, string>();
  for (const path of paths) {
    const trimmed = path.replace(/[/\\]+$/, '');
    const folder = trimmed === '' || /^[A-Za-z]:$/.test(trimmed) ? path : trimmed;
    const real = foldCase(realPathOr(folder));
    if (!byRealPath.has(real)) byRealPath.set(real, folder);
  }
  return [...byRealPath.values()];
}

/** The real path, or the path itself where there is nothing yet. */
export function realPathOr(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * The real path of what is there, and of what is not there yet by its deepest ancestor that is. Throws for a link that leads
 * nowhere: whoever writes there makes a file wherever it points.
 */
export function realPathOfNearest(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path || lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw error;
    return join(realPathOfNearest(parent), path.slice(parent.length));
  }
}

/** The file systems of Windows and macOS do not tell letters apart by case. */
function foldCase(path: string): string {
  return process.platform === 'win32' || process.platform === 'darwin' ? path.toLowerCase() : path;
}

/** Names that Windows keeps for devices, in any folder, and shares of other machines. */
export function isDevicePath(path: string, platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'win32') return false;
  const name = path.slice(path.lastIndexOf('\\') + 1);
  return (
    path.startsWith('\\\\') || /^(?:con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])(?: *\..*)?$/i.test(name)
  );
}
