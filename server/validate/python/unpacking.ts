/** What a call of extractall unpacks, as far as the text tells. */
export type Archive = 'tar' | 'zip' | 'unknown';

/** `callee` is the text before the parenthesis, such as `tarfile.open(p).extractall`; `before` what stands before it. */
export function archiveOf(callee: string, before: string): Archive {
  const said = named(callee);
  if (said !== 'unknown') return said;
  const name = /([A-Za-z_]\w*)\s*\.\s*extractall\s*$/.exec(callee)?.[1];
  if (name === undefined) return 'unknown';
  const makings = [
    ...before.matchAll(new RegExp(`(?<![\\w.])${name}\\s*(?::[^=\\n]+)?=(?!=)\\s*([^\\n]+)`, 'g')),
    ...before.matchAll(new RegExp(`(?:\\bwith\\b|,)\\s*([^\\n]+?)\\s+as\\s+${name}\\b`, 'g')),
    ...before.matchAll(new RegExp(`(?<![\\w.])${name}[ \\t]*:[ \\t]*([\\w.]+)`, 'g')),
  ].sort((left, right) => left.index - right.index);
  // The last one counts.
  return named(makings.at(-1)?.[1] ?? '');
}

function named(text: string): Archive {
  const isZip = /\b(?:ZipFile|PyZipFile)\b/.test(text);
  const isTar = /\btarfile\b|\bTarFile\b/.test(text);
  return isZip === isTar ? 'unknown' : isZip ? 'zip' : 'tar';
}

/** `filter` is known to archives of tar alone; zipfile keeps names inside by itself. */
export const unpackingAdvice: Readonly<Record<Archive, string>> = {
  tar: 'Names in an archive can lead outside the folder. Pass filter="data".',
  zip: 'zipfile keeps names inside the folder, but what is unpacked can fill the disk. Add up file_size of infolist() first.',
  unknown:
    'Names in an archive can lead outside the folder. Where it is a tar file, pass filter="data"; else look at each name first.',
};
