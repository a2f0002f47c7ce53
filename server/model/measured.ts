import type { Usage } from './backend.js';

/** What one answer told of a model's speed. */
export interface Sample {
  readonly firstTextMs: number;
  /** From asking to the end of the first line that holds something; null where it ended before. */
  readonly lineMs: number | null;
  /** From the first text to the last. */
  readonly textMs: number;
  readonly characters: number;
  readonly usage: Usage | null;
  /** It had to be loaded first: its time says nothing of the next ones. */
  readonly wasCold: boolean;
}

export interface Speed {
  readonly firstTextMs: number | null;
  readonly lineMs: number | null;
  readonly tokensPerSecond: number | null;
  /** Tokens of a prompt read in a second. */
  readonly readPerSecond: number | null;
  readonly answeredAtMs: number | null;
  /** How many answers the figures are from. */
  readonly answers: number;
}

/** How fast models are, by backend and model; the middle of the last answers. */
export interface Measured {
  add(name: string, sample: Sample): void;
  speed(name: string): Speed;
}

const kept = 24;
/** Shorter prompts measure the way to the server, not its reading. */
const fewestTokensRead = 64;
const fewestTokensWritten = 4;

export function createMeasured(now: () => number): Measured {
  const models = new Map<string, Figures>();
  return {
    add(name, sample) {
      const figures = models.get(name) ?? { first: [], line: [], writing: [], reading: [], answeredAtMs: 0 };
      models.set(name, figures);
      figures.answeredAtMs = now();
      if (sample.wasCold) return;
      keep(figures.first, sample.firstTextMs);
      if (sample.lineMs !== null) keep(figures.line, sample.lineMs);
      const written = (sample.usage?.completionTokens ?? sample.characters / 3.5) - 1;
      if (written >= fewestTokensWritten && sample.textMs > 0) keep(figures.writing, (written / sample.textMs) * 1000);
      const { promptTokens = null, cachedTokens = null } = sample.usage ?? {};
      const read = (promptTokens ?? 0) - (cachedTokens ?? 0);
      if (read >= fewestTokensRead && sample.firstTextMs > 0) keep(figures.reading, (read / sample.firstTextMs) * 1000);
    },
    speed(name) {
      const figures = models.get(name);
      if (figures === undefined) return unknown;
      return {
        firstTextMs: quantile(figures.first, 0.5),
        lineMs: quantile(figures.line, 0.5),
        tokensPerSecond: quantile(figures.writing, 0.5),
        // Many servers do not tell what they had read before: the slower answers are the ones that read all of it.
        readPerSecond: quantile(figures.reading, 0.25),
        answeredAtMs: figures.answeredAtMs,
        answers: figures.first.length,
      };
    },
  };
}

interface Figures {
  readonly first: number[];
  readonly line: number[];
  readonly writing: number[];
  readonly reading: number[];
  answeredAtMs: number;
}

const unknown: Speed = {
  firstTextMs: null,
  lineMs: null,
  tokensPerSecond: null,
  readPerSecond: null,
  answeredAtMs: null,
  answers: 0,
};

function keep(figures: number[], figure: number): void {
  figures.push(figure);
  if (figures.length > kept) figures.shift();
}

function quantile(figures: readonly number[], share: number): number | null {
  const sorted = [...figures].sort((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? null;
}
