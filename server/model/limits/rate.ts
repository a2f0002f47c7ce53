/** How fast a server may be asked. It says so only by refusing (429), so that the pace is learnt. */
export interface Rate {
  /** Milliseconds until the next request may go; 0: now. */
  waitMs(): number;
  /** Whether what nobody waits for should be left out. */
  isShort(): boolean;
  sent(): void;
  answered(): void;
  /** It refused: half the pace, after a pause of at most a minute. */
  refused(retryAfterMs: number | null): void;
}

const longestPauseMs = 60_000;
const burst = 4;
const slowestPerSecond = 1 / 30;
/** Who refuses the only request in a while has another reason than the pace. */
const slowestAtFirst = 0.5;
/** At this pace and above nothing needs to be held back. */
const unlimitedPerSecond = 20;
const observedMs = 10_000;

export function createRate(now: () => number): Rate {
  /** Null: it has never refused, or not for long. */
  let perSecond: number | null = null;
  let tokens = burst;
  let filledAtMs = now();
  let pausedUntilMs = 0;
  let refusals = 0;
  let sentAtMs: number[] = [];
  return {
    waitMs() {
      const pause = Math.max(0, pausedUntilMs - now());
      if (perSecond === null) return pause;
      fill();
      return Math.max(pause, tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000));
    },
    isShort() {
      fill();
      return perSecond !== null && tokens < burst / 2;
    },
    sent() {
      fill();
      tokens -= 1;
      sentAtMs = [...sentAtMs.filter(atMs => atMs > now() - observedMs), now()];
    },
    answered() {
      refusals = 0;
      if (perSecond === null) return;
      perSecond = perSecond * 1.05 + 0.02;
      if (perSecond >= unlimitedPerSecond) perSecond = null;
    },
    refused(retryAfterMs) {
      refusals++;
      const observed = (sentAtMs.filter(atMs => atMs > now() - observedMs).length * 1000) / observedMs;
      perSecond =
        perSecond === null ? Math.max(slowestAtFirst, observed / 2) : Math.max(slowestPerSecond, perSecond / 2);
      tokens = Math.min(tokens, 1);
      const pauseMs = retryAfterMs ?? 1000 * 2 ** Math.min(refusals - 1, 6);
      pausedUntilMs = Math.max(pausedUntilMs, now() + Math.min(pauseMs, longestPauseMs));
    },
  };

  function fill(): void {
    const atMs = now();
    if (perSecond !== null) tokens = Math.min(burst, tokens + ((atMs - filledAtMs) / 1000) * perSecond);
    else tokens = burst;
    filledAtMs = atMs;
  }
}
