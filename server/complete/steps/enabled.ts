import ignore from 'ignore';
import { judgedPath } from '../../base/paths.js';
import type { SkipReason } from '../../../index/codeIndex.js';
import type { Attempt, InlineSettings, Parts, Step } from '../attempt.js';
import type { ReasonCode } from '../completer.js';

/** Whether anything is to be said in this document at all, and to this kind of request. */
export const enabled: Step = {
  name: 'enabled',
  run(attempt, parts) {
    const ended = refusal(attempt, parts);
    return ended === null ? attempt : { ended };
  },
};

function refusal({ request, snapshot, settings, place }: Attempt, parts: Parts): ReasonCode | null {
  const path = judgedPath(snapshot);
  if (path !== null && isExcluded(path, settings, parts.exclusion)) return 'excluded';
  if (!(parts.switches.override(snapshot) ?? isOn(settings, snapshot.languageId, place.language.id))) return 'disabled';
  if (request.trigger === 'invoked') return null;
  if (parts.switches.snoozedUntilMs() > 0) return 'snoozed';
  if (settings.trigger === 'manual') return 'manual-only';
  const wanted = settings.languages[place.language.id] ?? settings.languages[snapshot.languageId];
  return place.language.prose && wanted !== true ? 'manual-only' : null;
}

/** What the settings alone say: in general, and for the language by either of its names. */
export function isOn(settings: InlineSettings, ...languageIds: readonly string[]): boolean {
  return settings.enabled && languageIds.every(id => settings.languages[id] !== false);
}

/** A file that is too large for the index, or not saved yet, can be completed well enough. */
const refused: ReadonlySet<SkipReason> = new Set(['excluded', 'ignored', 'binary', 'minified', 'outside']);

/** Whether a document is neither completed in nor drawn from, open as it may be. */
export function isRefused(skipped: SkipReason | null): boolean {
  return skipped !== null && refused.has(skipped);
}

function isExcluded(path: string, settings: InlineSettings, exclusion: Parts['exclusion']): boolean {
  if (isRefused(exclusion(path))) return true;
  return settings.exclude.length > 0 && matcherOf(settings.exclude)(path);
}

/** Patterns hold below whatever folder they fit: a path alone does not say where its workspace begins. */
const matchers = new WeakMap<readonly string[], (path: string) => boolean>();

function matcherOf(patterns: readonly string[]): (path: string) => boolean {
  const known = matchers.get(patterns);
  if (known !== undefined) return known;
  const rules = ignore().add(patterns.map(floating));
  const matches = (path: string): boolean => {
    const relative = path.replace(/^(?:[a-z]:)?[\\/]+/i, '').replaceAll('\\', '/');
    return ignore.isPathValid(relative) && rules.ignores(relative);
  };
  matchers.set(patterns, matches);
  return matches;
}

function floating(pattern: string): string {
  const [, negation = '', rest = ''] = /^(!?)\/?(.*)$/.exec(pattern) ?? [];
  return rest.startsWith('**/') ? pattern : `${negation}**/${rest}`;
}
