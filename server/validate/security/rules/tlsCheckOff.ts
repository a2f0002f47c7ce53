import { isFalse, isTrue, optionOf, type Context, type Rule } from '../context.js';
import type { Expression } from '../expression.js';
import type { Danger } from '../families.js';
import { lastOf } from '../paths.js';

/** Anyone on the way can read and change what is sent. Only switches that are written out count; tests may do it. */
export const tlsCheckOff: Rule = context =>
  [...switchedOff(context), ...called(context)].map(danger =>
    isAskedFor(context.program.text, danger.start) ? { ...danger, severity: 'medium' } : danger,
  );

/** Whoever calls it may switch the check off: the line that leads there, less indented, is a condition that speaks of it. */
function isAskedFor(text: string, start: number): boolean {
  const above = text.slice(Math.max(0, start - 1_500), start).split('\n');
  const indent = indentOf(above.at(-1) ?? '');
  const leading = above
    .slice(0, -1)
    .reverse()
    .find(line => line.trim() !== '' && indentOf(line) < indent);
  return leading !== undefined && condition.test(leading);
}

const condition = /\b(?:if|elif|unless|case|when)\b.*(?:verif|insecure|skip|unsafe|trust|self.?signed|tls|ssl|cert)/i;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function switchedOff(context: Context): Danger[] {
  const { program } = context;
  return program.settings.flatMap(setting => {
    const { name, value, object } = setting;
    const isOff =
      program.language === 'javascript'
        ? offInJavaScript(name, value)
        : program.language === 'python'
          ? object !== null && offInPython(name, value, context)
          : program.language === 'go' && name === 'InsecureSkipVerify' && isTrue(value);
    if (!isOff) return [];
    return [danger(setting, fixOf(name, value))];
  });
}

function offInJavaScript(name: string, value: Expression): boolean {
  if (name === 'rejectUnauthorized' || name === 'strictSSL') return isFalse(value);
  if (name === 'NODE_TLS_REJECT_UNAUTHORIZED') {
    return isFalse(value) || (value.kind === 'text' && value.value === '0');
  }
  if (name !== 'checkServerIdentity' || value.kind !== 'function') return false;
  return value.results.every(
    result => result.kind === 'scalar' || (result.kind === 'name' && result.name === 'undefined'),
  );
}

function offInPython(name: string, value: Expression, context: Context): boolean {
  if (name === 'verify' || name === 'check_hostname') return isFalse(value);
  const path = context.path(value);
  if (name === 'verify_mode' || name === 'cert_reqs') return /(?:^|\.)CERT_NONE$/.test(path);
  return name === '_create_default_https_context' && path === 'ssl._create_unverified_context';
}

function called(context: Context): Danger[] {
  return context.program.calls.flatMap(call => {
    const path = context.path(call.callee);
    if (context.program.language === 'python') {
      if (/^ssl\.(?:_create_unverified_context|wrap_socket)$/.test(path)) return [danger(call, null)];
      const verify = optionOf(call, 'verify');
      const isRequest =
        /(?:^|\.)(?:get|post|put|delete|patch|head|options|request|send|stream|Session|Client|AsyncClient)$/.test(path);
      if (isRequest && isFalse(verify)) return [danger(call, verify === null ? null : fixOf('verify', verify))];
      const certificates = optionOf(call, 'cert_reqs');
      const isNone =
        certificates !== null &&
        (/(?:^|\.)CERT_NONE$/.test(context.path(certificates)) ||
          (certificates.kind === 'text' && certificates.value === 'CERT_NONE'));
      return isNone || isFalse(optionOf(call, 'verify_ssl')) || isFalse(optionOf(call, 'validate_certs'))
        ? [danger(call, null)]
        : [];
    }
    if (context.program.language !== 'java') return [];
    const [first] = call.arguments;
    if (!/^set(?:Default)?(?:SSL)?HostnameVerifier$|^hostnameVerifier$/i.test(lastOf(path)) || first === undefined)
      return [];
    const isOff =
      /NoopHostnameVerifier|ALLOW_ALL_HOSTNAME_VERIFIER|AllowAllHostnameVerifier/.test(
        context.program.text.slice(call.start, call.end),
      ) ||
      (first.value.kind === 'function' && first.value.results.length > 0 && first.value.results.every(isTrue));
    return isOff ? [danger(call, null)] : [];
  });
}

function fixOf(name: string, { start, end, kind }: Expression): Danger['fix'] {
  if (kind !== 'scalar') return null;
  if (name === 'InsecureSkipVerify') return [{ start, end, text: 'false' }];
  return [{ start, end, text: name === 'verify' || name === 'check_hostname' ? 'True' : 'true' }];
}

function danger({ start, end }: { start: number; end: number }, fix: Danger['fix']): Danger {
  return {
    rule: 'security/tls-check-off',
    severity: 'high',
    start,
    end,
    message:
      'The certificate of the other side is not checked. Check it; for a certificate of your own, name its authority.',
    fix,
  };
}
