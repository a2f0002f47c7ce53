import { isRecord } from '../base/record.js';
import type { Setting } from './setting.js';

/** SPDX identifiers; what stands in neither list is judged by the project's own licence. */
export interface LicenceLists {
  /** Where it is not empty, nothing else will do. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export const licenceLists: Setting<LicenceLists> = {
  type: 'object with allow and deny, lists of SPDX identifiers',
  fallback: { allow: [], deny: [] },
  description:
    'Licences of packages that may be imported: `{"allow": ["MIT", "Apache-2.0"], "deny": ["AGPL-3.0-or-later"]}`. Empty lists: whatever goes with the licence of the project.',
  tighten: (current, asked) => ({
    allow: narrower(current.allow, asked.allow),
    deny: [...new Set([...current.deny, ...asked.deny])],
  }),
  read(value) {
    if (!isRecord(value)) return { problem: 'must be an object with allow and deny' };
    const { allow = [], deny = [] } = value;
    return isListOfNames(allow) && isListOfNames(deny)
      ? { value: { allow, deny } }
      : { problem: 'must have lists of SPDX identifiers in allow and deny' };
  },
};

/**
 * What both allow. Where the person named none, the project's own licence decides, and a list would overrule it; one that
 * nothing is left of would allow everything. Both stay what the person said.
 */
function narrower(current: readonly string[], asked: readonly string[]): readonly string[] {
  const both = current.filter(name => asked.includes(name));
  return both.length === 0 ? current : both;
}

function isListOfNames(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.every((item): item is string => typeof item === 'string' && /^[\w.+-]+$/.test(item))
  );
}
