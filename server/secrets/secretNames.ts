/** How much a name says about its value, from the most. */
export type NameMeaning = 'password' | 'secret' | 'token' | 'key';

/** Words of which one stands in every name that is worth a look. Matched before names are taken apart. */
export const namingWords =
  /passw|passphrase|passcode|pass\b|pass_|pwd|secret|token|credential|key|auth|jwt|psk|salt|sig\b|signature|webhook|cookie|dsn\b|conn(?:ection)?_?str|_pw\b|\bpw\b|bearer|otp|mnemonic|seed_?phrase/gi;

/**
 * What a name like `dbPassword`, `AWS_SECRET_ACCESS_KEY` or `x-api-key` says of its value, or null. `isAbout`: the name is
 * of something about the secret, such as `passwordField`, `tokenUrl` or `secretName`.
 */
export function meaningOf(name: string): { readonly meaning: NameMeaning; readonly isAbout: boolean } | null {
  const words = wordsOf(name);
  for (let at = words.length - 1; at >= 0; at--) {
    const meaning = meaningAt(words, at);
    if (meaning === null) continue;
    const isOpen = words.slice(Math.max(0, at - 2), at).some(word => openWords.has(word));
    return isOpen && meaning !== 'password'
      ? null
      : { meaning, isAbout: words.slice(at + 1).some(word => aboutWords.has(word)) };
  }
  return null;
}

function meaningAt(words: readonly string[], at: number): NameMeaning | null {
  const word = words[at] ?? '';
  const before = words[at - 1] ?? '';
  if (passwordWords.has(word)) return 'password';
  if (word === 'pass' || word === 'pw') return at === words.length - 1 ? 'password' : null;
  if (word === 'phrase' && before === 'seed') return 'password';
  if (word === 'hash' && passwordWords.has(before)) return 'password';
  if (secretWords.has(word)) return 'secret';
  if (tokenWords.has(word)) return 'token';
  if (word === 'key' || word === 'keys') return keyOwners.has(before) ? 'token' : 'key';
  return weakWords.has(word) || /(?:api|secret|access|auth)keys?$/.test(word) ? 'key' : null;
}

function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? []).map(word => word.toLowerCase()).flatMap(unglued);
}

/** Words that are written as one: `dbpassword`, `apikey`, `authtoken`. */
function unglued(word: string): string[] {
  const glued =
    /^(\w*?)(password|passwd|passphrase|apikey|accesskey|secretkey|privatekey|authtoken|token|secret|pwd)s?$/.exec(
      word,
    );
  if (glued === null) return [word];
  const [, first = '', second = ''] = glued;
  const tail = second.endsWith('key') ? [second.slice(0, -3), 'key'] : [second];
  return first === '' ? tail : [first, ...tail];
}

const setOf = (words: string) => new Set(words.split(/\s+/));

const passwordWords = setOf('password passwords passwd passphrase passcode passw pwd psk mnemonic seedphrase');
const secretWords = setOf('secret secrets');
const tokenWords = setOf('token tokens jwt bearer authtoken pat credential credentials');
const weakWords = setOf('auth authorization salt signature sig webhook cookie dsn otp connectionstring connstr hmac');
/** In front of `key`: something that opens a door. */
const keyOwners = setOf(
  `api access secret private signing encryption account shared auth service master license licence webhook client hmac aes
  crypt crypto encrypt decrypt deploy cosmos function host subscription write admin management integration ssh rsa stripe
  openai anthropic sendgrid twilio algolia datadog maps google gcp aws azure jwt session base app application bot ingest`,
);
/** Behind the telling word: the name is of something about the secret. */
const aboutWords = setOf(
  `label placeholder hint error errors message msg title text field fields input name names url uri endpoint path file
  filename dir folder type kind regex regexp pattern header prefix suffix length len min max policy param params parameter
  var env count limit size expiry expires expiration expired ttl lifetime timeout age date at provider service services manager store factory
  handler validator validation strength rule rules class style icon button form page view screen modal component mode
  format encoding algorithm alg method scheme version arn ref reference selector enabled required visible reset change
  changed index position start end stream usage per for required description desc help info id ids identifier property
  aes null chacha with flag flags
  attribute column table schema config option options status state event action mapping separator delimiter`,
);
/** Shortly before it: the name of something that everybody may know. */
const openWords = setOf(
  `public publishable max min num total nextpage page continuation primary foreign partition sort cache i18n locale query translation
  idempotency websocket`,
);
