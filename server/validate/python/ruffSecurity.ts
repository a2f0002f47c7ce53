import { familyOfRuffCode, type SecurityRule } from '../security/families.js';
import type { Finding, Severity, SourceFile } from '../validator.js';
import { callAt, makingOf, type CallText } from './callText.js';
import { isTest } from './pythonFile.js';
import { archiveOf, unpackingAdvice, type Archive } from './unpacking.js';
import type { RuffDiagnostic } from './ruffMessages.js';

/** How bad a finding of one of Ruff's S codes is; null where this one is no danger. */
type Weigh = (place: Place) => Severity | null;

interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Null where the place is no call. */
  readonly call: CallText | null;
}

interface Danger {
  readonly rule: SecurityRule | `security/${string}`;
  readonly weigh: Weigh;
  readonly message: string | ((place: Place) => string);
}

/**
 * Worth a word. Whether what is put in can come from outside, Ruff does not follow: numbers, choices of literals and what is
 * quoted are right. Our own rules for syntax trees do, and refuse.
 */
const runsText: Weigh = ({ call }) => (makingOf(call?.parts[0] ?? '') === 'literal' ? null : 'medium');

const always =
  (severity: Severity): Weigh =>
  () =>
    severity;

/** As above. */
const isHandedToDatabase: Weigh = ({ text, start, end }) =>
  makingOf(text.slice(start, end)) === 'literal' ? null : 'medium';

const comesFromOutside =
  /\brequests?\.|\brecv\(|\.recv|b64decode|\burlopen\b|\bsocket\b|\bcookies?\b|\.body\b|\.content\b/;

/**
 * What of Ruff's S codes is reported, and why so severe. Left out, as honest code does it all the time: S101 assert, S104 all
 * interfaces, S105–S107 and S108 (secrets have a validator of their own), S110, S112, S113, S310, S311 random, S313–S319 (the
 * standard library's parsers fetch nothing), S4 imports, S603, S606, S607 programs without a shell.
 */
export const ruffSecurity: Readonly<Record<string, Danger>> = {
  S102: danger('S102', runsText, 'Text is run as code. Call a function, or look the value up in a table, instead.'),
  S307: danger('S307', runsText, 'Text is run as code. Read data with ast.literal_eval or json.loads instead.'),
  S602: danger(
    'S602',
    runsText,
    'A shell runs a command that is not written out here. Pass a list of arguments without shell=True.',
  ),
  S604: danger(
    'S604',
    runsText,
    'A shell runs a command that is not written out here. Pass a list of arguments without shell=True.',
  ),
  S605: danger(
    'S605',
    runsText,
    'A shell runs a command that is not written out here. Use subprocess.run with a list of arguments.',
  ),
  S609: danger(
    'S609',
    always('medium'),
    'A shell expands a wildcard, and a name of a file can become an option. Use glob, and put -- before the names.',
  ),
  // 0.03 in a thousand lines of the standard library, all of files that the program wrote itself.
  S301: danger(
    'S301',
    ({ call }) => (comesFromOutside.test(call?.inside ?? '') ? 'high' : 'medium'),
    'pickle runs what the data says. Read it with json where it can come from others.',
  ),
  S302: danger('S302', always('low'), 'marshal is not made for data that comes from others. Read it with json.'),
  // Without a loader PyYAML makes any object, which nobody means; of one that is handed in, which is marked then, nothing is known.
  S506: danger(
    'S506',
    ({ text, start, end, call }) =>
      call !== null || /(?:^|\.)(?:Unsafe|C)?Loader$/.test(text.slice(start, end)) ? 'high' : 'medium',
    'yaml.load makes any object that the text names. Use yaml.safe_load.',
  ),
  S608: danger(
    'S608',
    isHandedToDatabase,
    'A statement for a database is put together from values. Pass them as parameters.',
  ),
  S610: danger('S610', always('medium'), 'extra() takes parts of SQL. Pass values by params, or use expressions.'),
  S611: danger('S611', always('medium'), 'RawSQL takes parts of SQL. Pass values by its params.'),
  S303: danger('S303', always('medium'), 'This hash can be forged. Use SHA-256 or newer.'),
  // HTTP digest, POP3, ETags and caches use them by their rules or for speed: worth a word, no reason to refuse.
  S324: danger(
    'S324',
    always('medium'),
    'This hash can be forged. Use SHA-256 or newer, or say usedforsecurity=False where it guards nothing.',
  ),
  S304: danger('S304', always('high'), 'This cipher can be broken. Use AES-GCM or ChaCha20-Poly1305.'),
  S305: danger('S305', always('high'), 'ECB shows which blocks are equal. Use GCM.'),
  S505: {
    rule: 'security/weak-cipher',
    weigh: always('high'),
    message: 'This key is so short that it can be broken. Use 2048 bits for RSA or more, 256 for curves.',
  },
  S502: {
    rule: 'security/weak-cipher',
    weigh: always('high'),
    message: 'This version of SSL or TLS can be broken. Use ssl.PROTOCOL_TLS_CLIENT.',
  },
  S323: danger(
    'S323',
    always('high'),
    'The certificate of the other side is not checked. Use ssl.create_default_context().',
  ),
  S501: danger(
    'S501',
    always('high'),
    'The certificate of the other side is not checked. Leave verify at its default, or name the authority.',
  ),
  S507: {
    rule: 'security/host-key-unchecked',
    weigh: always('medium'),
    message: 'The key of the host is not checked. Load the known hosts, and refuse what is not among them.',
  },
  S308: danger('S308', runsText, 'Text becomes part of a page unescaped. Use format_html.'),
  S704: {
    rule: 'security/built-html',
    weigh: runsText,
    message: 'Text becomes part of a page unescaped. Give values to Markup.format, or escape them.',
  },
  // Most templates of tools make no pages.
  S701: danger(
    'S701',
    always('low'),
    'Jinja2 escapes nothing here. Where it makes pages, pass autoescape=select_autoescape().',
  ),
  S702: danger('S702', always('low'), 'Mako escapes nothing here. Where it makes pages, pass default_filters=["h"].'),
  S202: danger(
    'S202',
    place => {
      if (/\bfilter\s*=/.test(place.call?.inside ?? '')) return null;
      return archiveAt(place) === 'zip' ? 'low' : 'medium';
    },
    place => unpackingAdvice[archiveAt(place)],
  ),
  S306: {
    rule: 'security/insecure-temporary-file',
    weigh: always('medium'),
    message: 'Somebody else can make that file first. Use tempfile.mkstemp or NamedTemporaryFile.',
  },
  S103: {
    rule: 'security/permissive-mode',
    weigh: ({ text, start, end }) => (/0o?[0-7]*[2367]\b|S_IWOTH/.test(text.slice(start, end)) ? 'medium' : null),
    message: 'Everybody may write there. Take the right to write from others.',
  },
  S201: {
    rule: 'security/debugger-on',
    weigh: always('medium'),
    message: 'Whoever reaches the page of an error can run code. Leave debug=True out.',
  },
};

export const securityCodes: readonly string[] = Object.keys(ruffSecurity);

export function securityFinding(file: SourceFile, diagnostic: RuffDiagnostic): Finding | null {
  const danger = ruffSecurity[diagnostic.code];
  if (danger === undefined) return null;
  const { text, path } = file;
  const { start, end } = diagnostic;
  const call = callAt(text, start, end);
  const place = { text, start, end, call };
  const severity = danger.weigh(place);
  if (severity === null) return null;
  return {
    rule: danger.rule,
    severity: isTest(file) ? milder(severity) : severity,
    path,
    start,
    // Ruff marks of some calls the callee alone: what tells one from another is what is called with what.
    end: call?.end ?? end,
    message: typeof danger.message === 'string' ? danger.message : danger.message(place),
    fix: null,
  };
}

/** Ruff marks the callee alone, or the whole call. */
function archiveAt({ text, start, end }: Place): Archive {
  return archiveOf(text.slice(start, end).replace(/\([^()]*\)\s*$/, ''), text.slice(0, start));
}

/** Nothing of a test is refused, and little is said of it. */
function milder(severity: Severity): Severity {
  return severity === 'high' || severity === 'critical' ? 'medium' : 'low';
}

function danger(code: string, weigh: Weigh, message: Danger['message']): Danger {
  return { rule: familyOfRuffCode[code] ?? `security/${code.toLowerCase()}`, weigh, message };
}
