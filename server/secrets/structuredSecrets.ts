import { isPlaceholder } from './placeholder.js';
import type { FoundSecret } from './secrets.js';

/** How far apart the parts of one thing may stand. */
const nearUnits = 3000;

/** Values that are secrets because of what stands around them. */
export function findStructured(text: string): FoundSecret[] {
  return [
    ...besideAwsKeys(text),
    ...kubernetesValues(text),
    ...webKeyParts(text),
    ...connectionKeys(text),
    ...sasSignatures(text),
  ];
}

/** The secret half of a pair whose first half is an access key. */
function besideAwsKeys(text: string): FoundSecret[] {
  const near = regionsAround(text, /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, 300, 400);
  return matchesIn(text, awsSecret, near)
    .filter(({ 0: value }) => /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value))
    .map(match => ({ start: match.index, end: match.index + 40, kind: 'aws-secret-key' }));
}

const awsSecret = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;

/** In a manifest of kind Secret every value is one. */
function kubernetesValues(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  const kinds = /^[ \t]*kind:[ \t]*["']?Secret["']?[ \t]*\r?$/gm;
  for (const section of matchesIn(text, manifestData, regionsAround(text, kinds, nearUnits, nearUnits, '\n---'))) {
    const lines = section[2] ?? '';
    const start = section.index + section[0].length - lines.length;
    for (const line of lines.matchAll(manifestValue)) {
      const value = line[1] ?? '';
      const end = start + line.index + line[0].length;
      const isSecret = !isPlaceholder(value) && !value.endsWith(':');
      if (isSecret) found.push({ start: end - value.length, end, kind: 'kubernetes-secret' });
    }
  }
  return found;
}

const manifestData = /^([ \t]{0,40})(?:data|stringData):[ \t]*\r?\n((?:\1[ \t]+\S.*(?:\r?\n|$)|[ \t]*\r?\n)*)/gm;
const manifestValue = /^[ \t]+(?:[\w."'/-]{1,100}:[ \t]*)?["']?([^\s"'#|>][^\s"']{3,4096})/gm;

/** The private parts of a JSON web key. */
function webKeyParts(text: string): FoundSecret[] {
  const types = /\bkty\b\\?["']?\s{0,4}:\s{0,4}\\?["'](?:RSA|EC|OKP|oct)/g;
  return matchesIn(text, webKeyPart, regionsAround(text, types, nearUnits, nearUnits)).map(match => {
    const end = match.index + match[0].length;
    return { start: end - (match[1] ?? '').length, end, kind: 'json-web-key' };
  });
}

const webKeyPart = /(?<=[{,\s"'])(?:d|p|q|dp|dq|qi|k)\\?["']?\s{0,4}:\s{0,4}\\?["']([\w-]{20,1400})/g;

interface Region {
  readonly from: number;
  readonly to: number;
}

/** What stands around the matches of a sign, between two borders if there are any; those that touch are one. */
function regionsAround(
  text: string,
  sign: RegExp,
  before: number,
  after: number,
  border: string | null = null,
): Region[] {
  const regions: Region[] = [];
  for (const { index } of text.matchAll(sign)) {
    const [first, last] = [Math.max(0, index - before), Math.min(text.length, index + after)];
    const near = text.slice(first, last);
    const [left, right] =
      border === null ? [-1, -1] : [near.lastIndexOf(border, index - first), near.indexOf(border, index - first)];
    const from = first + Math.max(0, left);
    const to = right === -1 ? last : first + right;
    const previous = regions.at(-1);
    if (previous !== undefined && from <= previous.to) regions[regions.length - 1] = { from: previous.from, to };
    else regions.push({ from, to });
  }
  return regions;
}

function matchesIn(text: string, pattern: RegExp, regions: readonly Region[]): RegExpExecArray[] {
  const matches: RegExpExecArray[] = [];
  for (const { from, to } of regions) {
    pattern.lastIndex = from;
    for (let match = pattern.exec(text); match !== null && match.index < to; match = pattern.exec(text))
      matches.push(match);
  }
  return matches;
}

/** Keys in the connection strings of clouds, whose names are not their own words. */
function connectionKeys(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  const pattern =
    /\b(AccountKey|SharedAccessKey|SharedSecretValue|PrimaryKey|SecondaryKey|AccessKey|InstrumentationKey)\s{0,4}=\s{0,4}([A-Za-z0-9+/=_-]{20,200})/gi;
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    const value = match[2] ?? '';
    if (!isPlaceholder(value)) found.push({ start: end - value.length, end, kind: 'azure-connection-key' });
  }
  return found;
}

/** The signature of a link that opens without a password. */
function sasSignatures(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(
    /(?<=[?&;"'\s](?:amp;)?)(?:sig|X-Amz-Signature|X-Goog-Signature|Signature)=([A-Za-z0-9%+/=_-]{30,700})/g,
  )) {
    const end = match.index + match[0].length;
    found.push({ start: end - (match[1] ?? '').length, end, kind: 'signed-link' });
  }
  return found;
}
