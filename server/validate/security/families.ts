import type { Severity } from '../validator.js';

/**
 * The families of security findings. Whoever finds the same by other means (Ruff's S codes, a linter of the project) names it
 * by the same id, so that a place is shown once.
 */
export const securityFamilies = {
  'security/eval-of-built-string': 'Text that is not written out in the code is run as code.',
  'security/shell-of-built-string': 'A command that is not written out in the code is run by a shell.',
  'security/unsafe-deserialisation': 'What is read may run code while it is read.',
  'security/built-sql': 'A statement for a database is joined from parts that are not written out in the code.',
  'security/weak-hash': 'A hash that can be forged.',
  'security/weak-cipher': 'A cipher, or a mode of one, that can be broken.',
  'security/tls-check-off': 'The certificate of the other side is not checked.',
  'security/built-html': 'Text that is not written out in the code becomes part of a page unescaped.',
  'security/built-path': 'A path that comes from outside is opened, or unpacked, unchecked.',
} as const satisfies Readonly<Record<`security/${string}`, string>>;

export type SecurityRule = keyof typeof securityFamilies;

/** Codes of Ruff (and of bandit, with B for S) for what these families find too. */
export const familyOfRuffCode: Readonly<Record<string, SecurityRule>> = {
  S102: 'security/eval-of-built-string',
  S307: 'security/eval-of-built-string',
  S602: 'security/shell-of-built-string',
  S604: 'security/shell-of-built-string',
  S605: 'security/shell-of-built-string',
  S609: 'security/shell-of-built-string',
  S301: 'security/unsafe-deserialisation',
  S302: 'security/unsafe-deserialisation',
  S506: 'security/unsafe-deserialisation',
  S614: 'security/unsafe-deserialisation',
  S608: 'security/built-sql',
  S610: 'security/built-sql',
  S611: 'security/built-sql',
  S303: 'security/weak-hash',
  S324: 'security/weak-hash',
  S304: 'security/weak-cipher',
  S305: 'security/weak-cipher',
  S323: 'security/tls-check-off',
  S501: 'security/tls-check-off',
  S308: 'security/built-html',
  S701: 'security/built-html',
  S702: 'security/built-html',
  S202: 'security/built-path',
};

/** What one of these rules has found in a text, before it becomes a finding of the gate. */
export interface Danger {
  readonly rule: SecurityRule;
  readonly severity: Severity;
  /** [start, end) in utf-16 units: the call or the assignment, by which two tools that find the same are told to. */
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** Edits that mend it, or null. */
  readonly fix: readonly { readonly start: number; readonly end: number; readonly text: string }[] | null;
}
