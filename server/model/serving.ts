import { hostOf, runsHere, type Candidate } from './chain.js';
import type { Speed } from './measured.js';
import type { Serving } from './models.js';

/** More than this has not made a completion better, and costs time everywhere. */
const mostPromptTokens = 6144;
const fewestPromptTokens = 256;
/** What a template and the answer's own frame take. */
const frameTokens = 128;
/** Reading may take this long of a completion's time. */
const readingMs = 1000;
/** A server unloads what it has not used for half an hour, as it is told, or earlier. */
const keptLoadedMs = 25 * 60_000;

/** What the pipeline goes by when it decides whether and how much to ask. */
export function servingOf(candidate: Candidate, speed: Speed, maxTokens: number, nowMs: number): Serving {
  const { known, model } = candidate;
  const { backend } = known;
  return {
    backend: known.name,
    model: model.name,
    host: hostOf(candidate),
    isLocal: runsHere(candidate),
    fillIn: model.fillIn,
    promptTokens: promptTokensOf(candidate, speed, maxTokens),
    firstTextMs: speed.firstTextMs,
    lineMs: speed.lineMs,
    tokensPerSecond: speed.tokensPerSecond,
    isCold: isCold(candidate, speed, nowMs),
    stopsWhenAborted: backend.traits.stopsWhenAborted,
    isFree: runsHere(candidate),
  };
}

/** Whether the server would have to load the model first. llama-server has loaded it before it answers a probe. */
export function isCold(candidate: Candidate, { answeredAtMs }: Speed, nowMs: number): boolean {
  if (!runsHere(candidate) || candidate.known.backend.kind === 'llamacpp') return false;
  return answeredAtMs === null || nowMs - answeredAtMs > keptLoadedMs;
}

/** As much as its context holds, less where reading is slow: what is read in about a second. */
export function promptTokensOf(candidate: Candidate, { readPerSecond }: Speed, maxTokens: number): number {
  const { known, model } = candidate;
  const context = model.contextTokens ?? (known.backend.isLocal ? 4096 : 8192);
  const room = Math.max(fewestPromptTokens / 2, context - maxTokens - frameTokens);
  return Math.floor(Math.min(room, mostReadable(candidate, readPerSecond)));
}

function mostReadable(candidate: Candidate, readPerSecond: number | null): number {
  const { traits } = candidate.known.backend;
  // It reads to the end whatever becomes of the request, and everything else waits behind it.
  if (!traits.stopsWhenAborted && runsHere(candidate))
    return clamp(readPerSecond === null ? 512 : (readPerSecond * readingMs) / 2000, 2048);
  if (readPerSecond === null) return runsHere(candidate) ? 1024 : mostPromptTokens;
  return clamp((readPerSecond * readingMs) / 1000, mostPromptTokens);
}

function clamp(tokens: number, most: number): number {
  return Math.min(most, Math.max(fewestPromptTokens, tokens));
}
