import { looksRandom } from './randomness.js';

/** What we put in the place of a secret; `_` and digits end it, so that two that touch stay two. */
export const ownPlaceholder = /REDACTED_[A-Z0-9]+(?:_[A-Z0-9]+){0,6}_\d+/;

/** Whether text, of a model mostly, repeats what we put in the place of a secret. */
export function holdsPlaceholder(text: string): boolean {
  return ownPlaceholder.test(text);
}

/** Whether a value only stands for a secret: to be filled in, computed elsewhere, or spelt out as words about secrets. */
export function isPlaceholder(value: string): boolean {
  if (ownPlaceholder.test(value)) return true;
  if (!/[A-Za-z0-9]{2}/.test(value) && value.length < 8) return true;
  if (/^(.)\1*$/u.test(value) || standsFor.test(value)) return true;
  // A secret may hold such a mark by chance: then what is left of it without is still one.
  if (interpolation.test(value) || mask.test(value)) {
    const rest = value.replace(filledIn, '').replace(mask, '');
    return rest.length < 12 || /[^\w+/=.~!@#%^&*()-]/.test(rest) || !looksRandom(rest);
  }
  const words = (value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []).map(word => word.toLowerCase());
  if (words.length === 0 || !words.every(word => fillers.has(word) || examples.has(word))) return false;
  return !/[\d@#$%^&*!]/.test(value) || words.some(word => examples.has(word));
}

/** The parts of it that are filled in. */
const filledIn = /\$\{[^}]*\}|\$\([^)]*\)|\{\{.*?\}\}|<[^>]*>|#\{[^}]*\}|%\(\w+\)|%[sdv]/g;

/** What is blotted out, or left out. */
const mask = /[x*•.…#_-]{5,}|x{4,}|\*{3,}|\.{3,}|…/i;

/** Of template languages, shells, build tools and format functions. */
const interpolation =
  /\$\{|\$\(|\{\{|\}\}|<%|%>|#\{|%\(\w+\)[sd]|^%[sdv@]|%[sdv]$|<[\w .|/-]+>|^\$[A-Za-z_]\w*$|^%\w+%$|^\$env:|^\{[\w.$-]*\}$|^\[[\w .-]+\]$|^__\w+__$|^@\w+@$|^\\\(|^\{\w+[.!:]/;

/** References to where the secret really is, as tools of the trade write them. */
const standsFor =
  /^(?:env|file|vault|secret|ssm|op|aws-ssm|gcpsm|arn|azurekeyvault|keyring|ref\+\w+|sops):|^ENC[[(]|^!(?:vault|secret|Ref|Sub|GetAtt)\b/i;

const examples = new Set(
  'example examples sample dummy placeholder changeme change your replace insert todo fixme fake mock foo bar baz qux here xxx xxxx redacted masked hidden lorem ipsum'.split(
    ' ',
  ),
);

const fillers = new Set(
  `my the a an some this that is me it to be in of for and with put enter add set goes use own real actual test testing tests none null nil
  undefined true false default empty unknown string str text number boolean any object value required optional no new old current confirm
  invalid valid wrong missing password passwords passwd passphrase pass pwd secret secrets token tokens key keys apikey api access private
  public auth authorization bearer basic credential credentials user username client id app login oauth jwt type name field input label
  refresh session csrf hash hashed encrypted plain`
    .split(/\s+/)
    .filter(word => word !== ''),
);
