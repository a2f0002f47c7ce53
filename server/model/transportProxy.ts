import { request } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { Agent } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { isLoopback } from '../config/backendSettings.js';

export type ProxyOf = (url: URL) => URL | null;

/**
 * The proxies that the person's environment names, by the usual variables. A workspace has no say: the environment is that of
 * the process, and nothing of a folder is read into it.
 */
export function proxiesOf(environment: Readonly<Record<string, string | undefined>>): ProxyOf {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || null;
  const proxy = read('HTTPS_PROXY') ?? read('ALL_PROXY');
  const exceptions = (read('NO_PROXY') ?? '').split(/[\s,]+/).filter(entry => entry !== '');
  return url => {
    if (proxy === null || isLoopback(url.hostname)) return null;
    if (exceptions.some(entry => isException(entry, url))) return null;
    const whole = proxy.includes('://') ? proxy : `http://${proxy}`;
    if (!URL.canParse(whole)) return null;
    const parsed = new URL(whole);
    return parsed.protocol === 'http:' || parsed.protocol === 'https:' ? parsed : null;
  };
}

/** Speaks TLS to the server through a tunnel: the proxy sees whom we speak to, and nothing of what is said. */
export function createProxyAgent(proxy: URL): Agent {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: true });
  agent.createConnection = (options, callback) => {
    const { host, port, servername } = options as { host?: string; port?: number | string; servername?: string };
    const target = `${host ?? ''}:${port ?? 443}`;
    const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    const tunnel = (proxy.protocol === 'https:' ? tlsRequest : request)({
      host: proxy.hostname,
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : proxy.port,
      method: 'CONNECT',
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(credentials === ':'
          ? {}
          : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
      },
    });
    const give = callback as ((error: Error | null, stream?: Duplex) => void) | undefined;
    tunnel.on('connect', (response, socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        give?.(Object.assign(new Error('The proxy refuses.'), { code: 'PROXY_REFUSED' }));
        return;
      }
      const secure = connect({ socket, servername: servername ?? host ?? '', rejectUnauthorized: true });
      give?.(null, secure);
    });
    tunnel.on('error', () => give?.(Object.assign(new Error('The proxy is away.'), { code: 'PROXY_UNREACHABLE' })));
    tunnel.end();
    return undefined;
  };
  return agent;
}

/** `.example.com`, `example.com`, with a port or not, or `*`. */
function isException(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const [name = '', port] = entry.replace(/^\*?\./, '').split(':');
  const isThere = url.hostname === name || url.hostname.endsWith(`.${name}`);
  return isThere && (port === undefined || port === (url.port || '443'));
}
