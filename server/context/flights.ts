import type { Log } from '../base/log.js';
import type { Found } from './found.js';
import type { Place } from './place.js';
import type { ContextSource, Supplies } from './source.js';

/** A source that was asked, and what it has found so far. */
export interface Flight {
  readonly source: ContextSource;
  readonly key: string;
  /** Null while it is under way. */
  readonly found: readonly Found[] | null;
  /** From asking to the answer; 0 for what was there. */
  readonly ms: number;
  /** Resolves when it is over, whatever came of it. */
  readonly over: Promise<void>;
}

/** What was asked for one document: findings are kept for who asks next, also those that came too late. */
export interface Flights {
  /** Asks all sources whose finding for this place is not there or under way already. */
  ask(place: Place): readonly Flight[];
  /** How many have ended since the beginning: another number means that there is more to be had. */
  ended(): number;
  abort(): void;
}

export interface FlightsOptions {
  readonly sources: readonly ContextSource[];
  readonly supplies: Supplies;
  readonly log: Log;
  readonly onFailure: (source: string, error: unknown) => void;
  /** Calls after so many milliseconds, until it is called off. */
  readonly after: (ms: number, call: () => void) => () => void;
}

/** Findings of a source that may be used again. */
const maxKept = 4;
/** Of one source and document at a time: one that never answers is left alone. */
const maxUnderWay = 2;
/** What takes longer is given up. */
const givenUpMs = 10_000;
/** After so long the workspace may look different. */
const freshMs = 15_000;

interface Mutable extends Flight {
  found: readonly Found[] | null;
  ms: number;
  endedAtMs: number;
}

export function createFlights({ sources, supplies, log, onFailure, after }: FlightsOptions): Flights {
  const kept = new Map<string, Mutable[]>();
  const underWay = new Map<string, number>();
  const ending = new AbortController();
  const landings = new Set<() => void>();
  let ended = 0;

  return {
    ask: place => sources.map(source => flightOf(source, place)),
    ended: () => ended,
    abort() {
      ending.abort();
      for (const end of [...landings]) end();
    },
  };

  function flightOf(source: ContextSource, place: Place): Flight {
    const key = keyOf(source, place);
    const own = kept.get(source.name) ?? [];
    const known = own.find(flight => flight.key === key && isFresh(flight));
    if (known !== undefined) return known.found === null ? known : { ...known, ms: 0 };
    if (key === null) return { ...unasked, source, found: [] };
    if ((underWay.get(source.name) ?? 0) >= maxUnderWay) return { ...unasked, source };
    const flight = start(source, place, key);
    kept.set(source.name, [flight, ...own.filter(each => each.key !== key)].slice(0, maxKept));
    return flight;
  }

  function keyOf(source: ContextSource, place: Place): string | null {
    try {
      return source.keyOf(place, supplies);
    } catch (error) {
      onFailure(source.name, error);
      return null;
    }
  }

  function isFresh({ found, endedAtMs }: Mutable): boolean {
    return found === null || supplies.now() - endedAtMs < freshMs;
  }

  function start(source: ContextSource, place: Place, key: string): Mutable {
    const { name } = source;
    const startedAtMs = supplies.now();
    const givingUp = new AbortController();
    const signal = AbortSignal.any([ending.signal, givingUp.signal]);
    underWay.set(name, (underWay.get(name) ?? 0) + 1);
    let land = (): void => {};
    const over = new Promise<void>(resolve => {
      land = resolve;
    });
    const flight: Mutable = { source, key, found: null, ms: 0, endedAtMs: 0, over };
    const end = (found: readonly Found[]): void => {
      if (flight.found !== null) return;
      callOff();
      landings.delete(giveUp);
      underWay.set(name, (underWay.get(name) ?? 1) - 1);
      flight.found = found;
      flight.endedAtMs = supplies.now();
      flight.ms = flight.endedAtMs - startedAtMs;
      ended++;
      land();
    };
    const giveUp = (): void => {
      givingUp.abort();
      end([]);
    };
    landings.add(giveUp);
    const callOff = after(givenUpMs, () => {
      log.debug(`The context source ${name} did not answer in ${givenUpMs} ms.`);
      giveUp();
    });
    // A source may throw at once, too.
    void Promise.resolve()
      .then(() => source.find(place, supplies, signal))
      .then(end, (error: unknown) => {
        if (!signal.aborted) onFailure(name, error);
        end([]);
      });
    return flight;
  }
}

/** Nobody waits for what was not even asked. */
const unasked = { key: '', found: null, ms: 0, over: Promise.resolve() };
