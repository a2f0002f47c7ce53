import type { TextEdit } from '../../base/snapshot.js';

/** How somebody types in one document: how fast, and whether the hands rest. Milliseconds throughout. */
export interface Rhythm {
  edited(edits: readonly TextEdit[], nowMs: number): void;
  /** A model was asked. */
  asked(): void;
  /** How often a model was asked since the hands last rested. */
  askedInBurst(): number;
  /** How long until it is likely that no further key follows the last one; 0 when that is so already. */
  restsInMs(nowMs: number): number;
  /** How long until a further key would begin a new burst. */
  endsInMs(nowMs: number): number;
}

/** Before anything is known: some 60 words a minute. */
const usualIntervalMs = 180;
/** Slower than this is thinking, not typing. */
const longestIntervalMs = 600;
/** New against old in the mean interval: a few keys decide. */
const weight = 0.25;
/** How much of the usual deviation is waited for on top: then the next key is overdue. */
const deviations = 2;
const shortestWaitMs = 30;
const longestWaitMs = 250;

export function createRhythm(): Rhythm {
  let intervalMs = usualIntervalMs;
  /** Mean distance of an interval from the mean: an even hand is waited for less long. */
  let deviationMs = usualIntervalMs / 4;
  let lastKeyMs = Number.NEGATIVE_INFINITY;
  let asked = 0;

  return {
    edited(edits, nowMs) {
      if (edits.length === 0) return;
      const gapMs = nowMs - lastKeyMs;
      lastKeyMs = nowMs;
      if (gapMs > restMs()) asked = 0;
      if (gapMs <= 0 || gapMs >= longestIntervalMs || !edits.every(isTyped)) return;
      deviationMs += weight * (Math.abs(gapMs - intervalMs) - deviationMs);
      intervalMs += weight * (gapMs - intervalMs);
    },
    asked: () => void asked++,
    askedInBurst: () => asked,
    restsInMs: nowMs => Math.max(0, lastKeyMs + waitMs() - nowMs),
    endsInMs: nowMs => Math.max(0, lastKeyMs + restMs() - nowMs),
  };

  function waitMs(): number {
    return Math.min(longestWaitMs, Math.max(shortestWaitMs, intervalMs * 1.05 + deviations * deviationMs));
  }

  /** After a pause of this length typing begins anew. */
  function restMs(): number {
    return Math.max(250, 2.5 * intervalMs);
  }
}

/** A key or two, and what an editor adds to them; not what was pasted or accepted. */
function isTyped({ start, end, text }: TextEdit): boolean {
  return text.length <= 4 && end - start <= 4;
}
