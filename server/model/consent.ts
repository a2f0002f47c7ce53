import { createHash } from 'node:crypto';
import { ModelFailure } from './backend.js';
import type { AskBeforeSending, SendingQuestion } from './models.js';

/** Asks a person before a prompt goes, and keeps in mind what was said for the session. */
export interface Consent {
  /** For what a person waits for: resolves once they said yes. Rejects with ModelFailure where they did not. */
  wait(question: SendingQuestion, signal: AbortSignal): Promise<void>;
  /** For completions, which wait for nobody: rejects with ModelFailure until the person has said yes. */
  now(question: SendingQuestion): Promise<void>;
  askWith(ask: AskBeforeSending | null): void;
  /** The settings changed: who said no is asked again. */
  forgetRefusals(): void;
  isPending(): boolean;
  dispose(): void;
}

export function createConsent(changed: () => void): Consent {
  const granted = new Set<string>();
  const grantedOnce = new Set<string>();
  const refused = new Set<string>();
  const asking = new Set<string>();
  const ending = new AbortController();
  let ask: AskBeforeSending | null = null;
  return {
    async wait(question, signal) {
      if (granted.has(question.host)) return;
      const answer = await someone()(question, signal);
      signal.throwIfAborted();
      if (answer === 'session') granted.add(question.host);
      if (answer === 'no') throw declined();
    },
    now(question) {
      const { host } = question;
      if (granted.has(host) || grantedOnce.delete(nameOf(question))) return Promise.resolve();
      if (refused.has(host)) return Promise.reject(declined());
      try {
        void askLater(question, someone());
      } catch (error) {
        return Promise.reject(error instanceof Error ? error : new Error('Nobody can be asked.'));
      }
      return Promise.reject(
        new ModelFailure('refused-by-settings', `Nothing is sent to ${host} before you say so; the question is shown.`),
      );
    },
    askWith: next => void (ask = next),
    forgetRefusals: () => refused.clear(),
    isPending: () => asking.size > 0,
    dispose: () => ending.abort(),
  };

  function someone(): AskBeforeSending {
    if (ask !== null) return ask;
    throw new ModelFailure(
      'refused-by-settings',
      'privacy.confirm asks before a prompt goes, and here nobody can be asked.',
      {
        remedy: 'Use an editor that shows questions, or set privacy.confirm to "never".',
      },
    );
  }

  /** A yes is for the very prompt that was shown, when it is wanted again; another one is asked about anew. */
  async function askLater(question: SendingQuestion, askPerson: AskBeforeSending): Promise<void> {
    const { host } = question;
    if (asking.has(host)) return;
    asking.add(host);
    changed();
    try {
      const answer = await askPerson(question, ending.signal);
      if (answer === 'session') granted.add(host);
      else if (answer === 'send') grantedOnce.add(nameOf(question));
      else refused.add(host);
    } catch {
      // Nobody answered: the next completion asks again.
    } finally {
      asking.delete(host);
      changed();
    }
  }
}

function nameOf({ host, preview }: SendingQuestion): string {
  return `${host} ${createHash('sha256').update(preview).digest('base64')}`;
}

function declined(): ModelFailure {
  return new ModelFailure('refused-by-settings', 'You said that this is not to be sent.', {
    remedy: 'privacy.confirm sets what is asked about.',
  });
}
