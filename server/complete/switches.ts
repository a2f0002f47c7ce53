import type { DocSnapshot } from '../base/snapshot.js';

export type SwitchScope = 'file' | 'language' | 'all';

/** What a person has switched by command: over the settings, for this session only. */
export interface Switches {
  /** Turns it off where it was on, and on where it was off; the answer is what holds now. */
  toggle(scope: SwitchScope, key: SwitchKey | null): boolean;
  /** 0 ends it. */
  snooze(minutes: number): void;
  /** Milliseconds since the epoch; 0 when nothing is snoozed. */
  snoozedUntilMs(): number;
  /** The closest switch that was touched: the file's, the language's, the general one; null when none was. */
  override(key: SwitchKey): boolean | null;
}

export type SwitchKey = Pick<DocSnapshot, 'uri' | 'languageId'>;

/** `isOn` tells what the settings say for a document, or in general when null. */
export function createSwitches(isOn: (key: SwitchKey | null) => boolean, now: () => number): Switches {
  const touched = new Map<string, boolean>();
  /** Which language a file had that was switched by itself. */
  const languageOf = new Map<string, string>();
  let snoozedUntilMs = 0;

  function override(key: SwitchKey): boolean | null {
    return touched.get(nameOf('file', key)) ?? touched.get(nameOf('language', key)) ?? touched.get('all') ?? null;
  }

  return {
    toggle(scope, key) {
      const current = (key === null ? touched.get('all') : override(key)) ?? isOn(key);
      const name = nameOf(scope, key);
      // A wider switch would seem dead where a closer one had been touched before.
      if (name === 'all') touched.clear();
      else if (scope === 'language')
        for (const [file, languageId] of languageOf) if (languageId === key?.languageId) touched.delete(file);
      if (scope === 'file' && key !== null) languageOf.set(name, key.languageId);
      touched.set(name, !current);
      return !current;
    },
    snooze: minutes => (snoozedUntilMs = minutes > 0 ? now() + minutes * 60_000 : 0),
    snoozedUntilMs: () => (snoozedUntilMs > now() ? snoozedUntilMs : 0),
    override,
  };
}

/** Without a document only everything can be switched. */
function nameOf(scope: SwitchScope, key: SwitchKey | null): string {
  if (scope === 'all' || key === null) return 'all';
  return scope === 'file' ? `file ${key.uri}` : `language ${key.languageId}`;
}
