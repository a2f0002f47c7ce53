import { Failure } from '../base/failure.js';
import type { UnknownRecord } from '../base/record.js';
import type { SwitchKey, SwitchScope } from '../complete/switches.js';
import type { Feature } from '../lsp/feature.js';
import type { Session } from '../lsp/session.js';

const scopes: readonly SwitchScope[] = ['file', 'language', 'all'];
const defaultSnoozeMinutes = 60;
const longestSnoozeMinutes = 7 * 24 * 60;

/** understudy.toggle and understudy.snooze. */
export const switching: Feature = {
  id: 'switching',
  register(session, handlers) {
    handlers.command('understudy.toggle', async args => {
      const scope = scopeOf(args);
      const key = scope === 'all' ? null : keyOf(session, args);
      const { switches } = (await session.core()).completer;
      const enabled = switches.toggle(scope, key);
      session.statusChanged();
      return { scope, enabled };
    });
    handlers.command('understudy.snooze', async args => {
      const minutes = args['minutes'] ?? defaultSnoozeMinutes;
      if (typeof minutes !== 'number' || !(minutes >= 0 && minutes <= longestSnoozeMinutes))
        throw new Failure('bad-input', `minutes must be a number from 0 to ${longestSnoozeMinutes}; 0 ends it.`);
      const { switches } = (await session.core()).completer;
      switches.snooze(minutes);
      session.statusChanged();
      const until = switches.snoozedUntilMs();
      return { until: until === 0 ? null : new Date(until).toISOString() };
    });
  },
};

/** Without arguments everything is switched: the one scope that needs no document. */
function scopeOf(args: UnknownRecord): SwitchScope {
  const asked = args['scope'] ?? (args['uri'] === undefined ? 'all' : 'file');
  const scope = scopes.find(name => name === asked);
  if (scope === undefined) throw new Failure('bad-input', `scope must be one of ${scopes.join(', ')}.`);
  return scope;
}

function keyOf(session: Session, args: UnknownRecord): SwitchKey {
  const uri = typeof args['uri'] === 'string' ? args['uri'] : session.activeUri();
  const document = uri === null ? null : session.documents.get(uri);
  if (document === null) throw new Failure('not-found', 'No document is open to switch.');
  return document.snapshot;
}
