/** Where a server's own paths begin: its URL without the version that the OpenAI API ends in. */
export function serverRoot(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/v1$/, '');
}

/** Where the OpenAI API begins: a URL without any path is given the usual one. */
export function apiBase(url: string): string {
  const trimmed = url.replace(/\/+$/, '');
  return new URL(trimmed).pathname === '/' ? `${trimmed}/v1` : trimmed;
}
