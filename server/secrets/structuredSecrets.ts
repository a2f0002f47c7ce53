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
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g)) {
    const from = Math.max(0, match.index - 300);
    for (const other of text.slice(from, match.index + 400).matchAll(awsSecret)) {
      if (!/\d/.test(other[0]) || !/[a-z]/.test(other[0]) || !/[A-Z]/.test(other[0])) continue;
      found.push({ start: from + other.index, end: from + other.index + 40, kind: 'aws-secret-key' });
    }
  }
  return found;
}

const awsSecret = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=])/g;

/** In a manifest of kind Secret every value is one. */
function kubernetesValues(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const kind of text.matchAll(/^[ \t]*kind:[ \t]*["']?Secret["']?[ \t]*\r?$/gm)) {
    const from = Math.max(text.lastIndexOf('\n---', kind.index), kind.index - nearUnits, 0);
    const next = text.indexOf('\n---', kind.index);
    const to = Math.min(next === -1 ? text.length : next, kind.index + nearUnits);
    for (const section of text
      .slice(from, to)
      .matchAll(/^([ \t]*)(?:data|stringData):[ \t]*\r?\n((?:\1[ \t]+\S.*(?:\r?\n|$)|[ \t]*\r?\n)*)/gm)) {
      const start = from + section.index + section[0].length - (section[2] ?? '').length;
      for (const line of (section[2] ?? '').matchAll(
        /^[ \t]+(?:[\w."'/-]{1,100}:[ \t]*)?["']?([^\s"'#|>][^\s"']{3,4096})/gm,
      )) {
        const value = line[1] ?? '';
        const end = start + line.index + line[0].length;
        if (!isPlaceholder(value) && !value.endsWith(':'))
          found.push({ start: end - value.length, end, kind: 'kubernetes-secret' });
      }
    }
  }
  return found;
}

/** The private parts of a JSON web key. */
function webKeyParts(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const type of text.matchAll(/\bkty\b\\?["']?\s{0,4}:\s{0,4}\\?["'](?:RSA|EC|OKP|oct)/g)) {
    const from = Math.max(0, type.index - nearUnits);
    for (const part of text
      .slice(from, type.index + nearUnits)
      .matchAll(/(?<=[{,\s"'])(?:d|p|q|dp|dq|qi|k)\\?["']?\s{0,4}:\s{0,4}\\?["']([\w-]{20,1400})/g)) {
      const end = from + part.index + part[0].length;
      found.push({ start: end - (part[1] ?? '').length, end, kind: 'json-web-key' });
    }
  }
  return found;
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
