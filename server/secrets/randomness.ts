/**
 * Whether text is built as chance builds it, and not of words: what each pair of neighbouring characters says for one or the
 * other is added up, as naive Bayes does.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 8 || !/[A-Za-z]/.test(text)) return false;
  if (isHex(text) && text.length >= 12 && /\d/.test(text)) return new Set(text).size >= 6;
  // A long run of what words never have decides nothing by itself: too few different characters are a ruler or a mask.
  return new Set(text).size >= 6 && evidence(text.slice(0, maxWeighed)) >= (/\d/.test(text) ? 3.5 : 5);
}

/** Longer texts have shown by then what they are. */
const maxWeighed = 120;

/** Sum of the logarithms of how much likelier chance makes each pair than a person who writes names and words. */
function evidence(text: string): number {
  let sum = 0;
  for (let at = 1; at < text.length; at++) {
    const [left, right] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
    const [from, to] = [classOf(left), classOf(right)];
    if (from === 'mark' || to === 'mark') sum += isJoint(left) || isJoint(right) ? -0.2 : 0.5;
    else if (from === 'digit' && to === 'digit') sum += 0.1;
    else if (from === 'digit' || to === 'digit') sum += 1.4;
    else if (from === 'lower' && to === 'upper') sum += 0.7;
    else sum += pairs[pairAt(left, right)] === 1 ? -1.08 : 1.76;
  }
  return sum;
}

/** The 200 pairs of letters that make up 88 % of all in the names of real code, and 30 % of those of chance. */
const commonPairs =
  'abcdgilmnprstuy baeilou cacehiklortu dadeios eacdefglmnpqrstvx faefiloru geirs haeiot iabcdefglmnoprstvz j kei ladeilostuy maeiops nacdefginostu ocdflmnoprstuvw paeiloprtu qu racdegilmnorstuy sacehilopstu tacehiloprstuy ubceflmnprst vaei wair xt yp ze';
const pairs = new Uint8Array(26 * 26);
for (const group of commonPairs.split(' ')) {
  for (const follower of group.slice(1)) pairs[pairAt(group.charCodeAt(0), follower.charCodeAt(0))] = 1;
}

function pairAt(left: number, right: number): number {
  return ((left | 32) - 97) * 26 + ((right | 32) - 97);
}

function classOf(unit: number): 'lower' | 'upper' | 'digit' | 'mark' {
  if (unit >= 97 && unit <= 122) return 'lower';
  if (unit >= 65 && unit <= 90) return 'upper';
  return unit >= 48 && unit <= 57 ? 'digit' : 'mark';
}

/** `_`, `-`, `.`, `/`, `:` and white space join words; other marks do not. */
function isJoint(unit: number): boolean {
  return unit === 95 || (unit >= 45 && unit <= 47) || unit === 58 || unit === 32;
}

/** Stricter, for names that say little: long, of mixed kinds, and none of the well-known shapes of harmless numbers. */
export function looksLikeKey(text: string): boolean {
  if (text.length < 16 || !/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  return !isDigest(text) && !uuid.test(text) && looksRandom(text) && !/[\s:;,(){}<>|\\]/.test(text);
}

/** The hexadecimal or base64 form of a digest of usual length, as lock files and build tools write them. */
export function isDigest(text: string): boolean {
  return (
    /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i.test(text) ||
    digestOf.test(text)
  );
}

export const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const digestOf = /^(?:sha(?:1|256|384|512)|md5|h1)[-:]/;
function isHex(text: string): boolean {
  return /^(?:0x)?[0-9a-f]+$/i.test(text) && /[a-f]/i.test(text);
}
