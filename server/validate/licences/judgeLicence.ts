import type { LicenceLists } from '../../config/licenceSetting.js';
import type { Severity } from '../validator.js';
import { classOfExpression, rank } from './licenceClass.js';
import type { Licence } from './readLicence.js';

export interface Objection {
  readonly severity: Severity;
  /** The end of a sentence that begins with the package's name and licence. */
  readonly why: string;
}

/** What speaks against code under a licence in a project under another one; null where nothing does. */
export async function judgeLicence(
  licence: Licence,
  project: Licence | null,
  { allow, deny }: LicenceLists,
): Promise<Objection | null> {
  if (deny.length > 0 && !(await satisfiesWithout(licence, deny))) {
    return { severity: 'high', why: 'which the settings deny' };
  }
  if (allow.length > 0) {
    return (await satisfies(licence.expression, allow))
      ? null
      : { severity: 'high', why: 'which is not among the licences that the settings allow' };
  }
  return judgeByProject(licence, project);
}

function judgeByProject(licence: Licence, project: Licence | null): Objection | null {
  const asks = classOfExpression(licence.info);
  if (asks === null || asks === 'permissive') return null;
  if (asks === 'restricted') {
    return { severity: 'medium', why: 'which is no free licence: read what it allows' };
  }
  const own = project === null ? null : classOfExpression(project.info);
  if (own === null || project === null) {
    return rank(asks) < rank('copyleft')
      ? null
      : {
          severity: 'medium',
          why: 'which asks the same of what uses it, and this project names no licence of its own',
        };
  }
  if (rank(asks) <= rank('weak-copyleft')) return null;
  if (rank(own) < rank('copyleft') || own === 'restricted') {
    return { severity: 'high', why: `which cannot become part of a project under ${project.expression}` };
  }
  // Version 2 alone and version 3 do not go together.
  const isSplit =
    (/\bGPL-2\.0(?:-only)?(?![\w.+-])/.test(licence.expression) && /GPL-3\.0/.test(project.expression)) ||
    (/GPL-3\.0/.test(licence.expression) && /\bGPL-2\.0(?:-only)?(?![\w.+-])/.test(project.expression));
  return isSplit ? { severity: 'high', why: `which does not go together with ${project.expression}` } : null;
}

async function satisfies(expression: string, ids: readonly string[]): Promise<boolean> {
  const { default: spdxSatisfies } = await import('spdx-satisfies');
  try {
    return spdxSatisfies(expression, ids);
  } catch {
    // One of the names is none of SPDX's: then they are compared as they stand.
    return ids.includes(expression);
  }
}

/** Whether one of the ways to use it needs none of the denied ones. */
async function satisfiesWithout({ info, expression }: Licence, deny: readonly string[]): Promise<boolean> {
  if ('license' in info) return !deny.includes(expression) && !deny.includes(info.license);
  const sides = await Promise.all(
    [info.left, info.right].map(side => satisfiesWithout({ info: side, expression: textOf(side) }, deny)),
  );
  return info.conjunction === 'or' ? sides.some(Boolean) : sides.every(Boolean);
}

function textOf(info: Licence['info']): string {
  return 'license' in info
    ? `${info.license}${info.plus === true ? '+' : ''}`
    : `(${textOf(info.left)} ${info.conjunction.toUpperCase()} ${textOf(info.right)})`;
}
