import type { Info } from 'spdx-expression-parse';

/** From what asks least of whoever uses it to what asks most. */
export const licenceClasses = ['permissive', 'weak-copyleft', 'copyleft', 'network-copyleft', 'restricted'] as const;
export type LicenceClass = (typeof licenceClasses)[number];

/** What an SPDX identifier asks; null for one that is not known here. */
export function classOf(id: string): LicenceClass | null {
  const name = id.toUpperCase();
  if (/^(?:AGPL|SSPL|OSL|EUPL|RPL|CPAL|SISSL-AGPL)-?/.test(name)) return 'network-copyleft';
  if (/^(?:LGPL|MPL|EPL|CDDL|CPL|MS-RL|IPL|APSL|CECILL-C|OFL|CC-BY-\d|ARTISTIC)-?/.test(name)) return 'weak-copyleft';
  if (/^(?:GPL|CECILL-\d|CC-BY-SA|SLEEPYCAT|QPL|GFDL)-?/.test(name)) return 'copyleft';
  if (
    /^(?:BUSL|ELASTIC|CC-BY-(?:NC|ND)|POLYFORM|JSON$|PARITY|HIPPOCRATIC|UNLICENSED$|PROPRIETARY|COMMERCIAL)/.test(name)
  )
    return 'restricted';
  return permissive.test(name) ? 'permissive' : null;
}

const permissive =
  /^(?:MIT|BSD|APACHE|ISC|0BSD|ZLIB|UNLICENSE$|CC0|WTFPL|PYTHON|PSF|BLUEOAK|BSL-1|X11|NCSA|POSTGRESQL|AFL|HPND|UPL|CC-PDDC|UNICODE|ZPL|W3C|CURL|LIBPNG|OPENSSL|RUBY|PHP|TCL|VIM|NAIST|MULANPSL|BEERWARE|CNRI|MS-PL|ECL|FSFAP|ICU|LIBTIFF|OLDAP|OPENLDAP|SSH|TU-BERLIN|FTL|IJG|BZIP2|STANDARDML|UPL|XFREE86|XNET|ZED)/;

/** Of an expression: the mildest of alternatives, the strictest of what holds together. */
export function classOfExpression(info: Info): LicenceClass | null {
  if ('license' in info) {
    // An exception takes back what reaches those who only link.
    const found = classOf(info.license);
    return info.exception !== undefined && found === 'copyleft' ? 'weak-copyleft' : found;
  }
  const [left, right] = [classOfExpression(info.left), classOfExpression(info.right)];
  if (info.conjunction === 'or') {
    if (left === null || right === null) return left ?? right;
    return rank(left) <= rank(right) ? left : right;
  }
  if (left === null || right === null) return null;
  return rank(left) >= rank(right) ? left : right;
}

export function rank(licence: LicenceClass): number {
  return licenceClasses.indexOf(licence);
}
