import { basename } from 'node:path';
import type { CodeIndex, SearchHit, SearchOptions, SkipReason } from '../../index/codeIndex.js';
import type { Recall } from '../../index/recall/recall.js';
import { languageOf } from '../../grammars/registry.js';
import type { Log } from '../base/log.js';
import { isInside } from '../base/paths.js';
import type { FillInPrompt } from '../model/prompt.js';
import { createAdmission } from './admission.js';
import { arrange } from './arrange.js';
import { relatedUnits, unitsOf } from './budget.js';
import { choose } from './choose.js';
import type { Context, Gathered, GatherRequest } from './context.js';
import { createDeclarationCache } from './declarations/declarationCache.js';
import { createDefinitionLookup } from './definitionLookup.js';
import { createDiskTexts } from './diskTexts.js';
import { createFlights, type Flight, type Flights } from './flights.js';
import type { Found } from './found.js';
import { instructionFilesIn } from './instructions.js';
import { namesIn } from './names.js';
import { createOpenDocuments } from './openDocuments.js';
import { createArchives } from './packages/archives.js';
import { packageRoots } from '../../index/packages/packageRoots.js';
import { placeOf, type Place } from './place.js';
import type { ContextSource, Supplies } from './source.js';
import { sources as allSources } from './sources.js';
import { homeFolder } from '../base/homeFolder.js';

export interface ContextOptions {
  readonly folders: () => readonly string[];
  readonly index: (folder: string) => CodeIndex | null;
  /** Over all folders, the best first. */
  readonly search: (query: string, options: SearchOptions, signal: AbortSignal) => Promise<readonly SearchHit[]>;
  readonly recall: Pick<Recall, 'suggest'> | null;
  /** Why a file must not be shown, or null. Asked for each passage of each prompt. */
  readonly exclusion: (path: string) => SkipReason | null;
  /** The patterns of the settings that leave files of a folder out; they hold for installed packages, too. */
  readonly exclude?: (folder: string) => readonly string[];
  /** Whether instructions of a folder are taken notice of. */
  readonly isTrusted: (folder: string) => boolean;
  readonly log: Log;
  readonly now: () => number;
  /** Calls after so many milliseconds, until it is called off. */
  readonly after?: (ms: number, call: () => void) => () => void;
  /** The person's home folder and environment, in which tools keep packages. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** For tests. */
  readonly sources?: readonly ContextSource[];
}

/** What is remembered of a document from one prompt to the next. */
interface Standing {
  readonly flights: Flights;
  /** The last prompt's, in its order. */
  related: readonly Found[];
  /** What was asked for it. */
  asked: readonly Flight[];
  /** Where it was made, and what had been found by then. */
  place: Place | null;
  ended: number;
  others: string;
}

const maxStandings = 24;
/** A document is there to be looked at, and not only passed by. */
const openedMs = 250;
const namesAhead = 320;

export function createContext(options: ContextOptions): Context {
  const { folders, index, exclusion, isTrusted, log, now, exclude = () => [] } = options;
  const { after = afterTimer, sources = allSources, home = homeFolder(), env = {} } = options;
  const documents = createOpenDocuments(now);
  const texts = createDiskTexts({ now });
  const standings = new Map<string, Standing>();
  const isAdmitted = createAdmission({
    folders,
    exclusion,
    patterns: exclude,
    documents,
    packageRoots: packageRoots({ home, env }),
    now,
  });
  const supplies: Supplies = {
    folders,
    index,
    search: options.search,
    recall: options.recall,
    isTrusted,
    documents,
    texts,
    declarations: createDeclarationCache(),
    archives: createArchives(now),
    definitions: createDefinitionLookup({ folders, index, now }),
    home,
    env,
    log,
    now,
  };
  const order = new Map(sources.map(({ name }, at) => [name, at]));
  const shares = new Map(sources.map(({ name, share }) => [name, share]));
  const failed = new Set<string>();
  /** What calls off the look at a document that was opened a moment ago. */
  const preparing = new Map<string, () => void>();
  let instructions: readonly string[] = [];

  return {
    open(snapshot) {
      forget(snapshot.uri);
      documents.open(snapshot);
      preparing.get(snapshot.uri)?.();
      preparing.set(
        snapshot.uri,
        after(openedMs, () => prepare(snapshot.uri)),
      );
      void lookForInstructions(); // Only the status waits for it.
    },
    change: (snapshot, edits) => documents.change(snapshot, edits),
    close(uri) {
      forget(uri);
      preparing.get(uri)?.();
      preparing.delete(uri);
      documents.close(uri);
    },
    diagnostics: (uri, list) => documents.diagnostics(uri, list),
    gather,
    instructionFiles: () =>
      instructions.filter(path => folders().some(folder => isInside(folder, path) && isTrusted(folder))),
    dispose() {
      for (const uri of [...standings.keys()]) forget(uri);
      for (const callOff of preparing.values()) callOff();
      texts.clear();
    },
  };

  /** A person reads before typing: what the names of a document stand for is looked up meanwhile. */
  function prepare(uri: string): void {
    preparing.delete(uri);
    const snapshot = documents.get(uri)?.snapshot;
    if (snapshot === undefined) return;
    const { text, path, languageId } = snapshot;
    const language = languageOf(path, languageId, text.slice(0, 4000));
    if (language !== null) supplies.definitions.prepare(namesIn(text, namesAhead, language));
  }

  async function gather(request: GatherRequest, signal: AbortSignal): Promise<Gathered> {
    signal.throwIfAborted();
    const { snapshot, offset, deadlineMs } = request;
    documents.lookedAt(snapshot.uri, offset);
    const place = placeOf(request, documents, folders());
    const standing = standingOf(snapshot.uri);
    const others = documents.stampWithout(snapshot.uri);
    const isSame = standing.place !== null && standing.others === others && isSamePlace(standing.place, place);
    const flights = isSame ? standing.asked : standing.flights.ask(place);
    standing.asked = flights;
    // In the same line nobody waits again: what is late comes with one of the next keys.
    if (!isSame) {
      void lookForInstructions(); // Only the status waits for it.
      await overOrLate(flights, deadlineMs, signal);
    }
    if (!isSame || standing.ended !== standing.flights.ended()) {
      const found = flights.flatMap(flight => flight.found ?? []);
      standing.ended = standing.flights.ended();
      standing.related = arrangeFor(place, standing.related, found);
    }
    standing.related = standing.related.filter(isAdmitted);
    standing.place = place;
    standing.others = others;
    return { prompt: promptOf(place, standing.related), sources: reportOf(flights, standing.related) };
  }

  function arrangeFor(place: Place, before: readonly Found[], found: readonly Found[]): readonly Found[] {
    const { window, snapshot, budget } = place;
    const units = relatedUnits(budget, window.prefix.length, window.suffix.length);
    const text = window.prefix + window.suffix;
    const shown = { path: snapshot.path, startLine: window.startLine, endLine: window.endLine, text };
    const choosing = { units, shareOf: (source: string) => shares.get(source) ?? 1, window: shown };
    const wanted = choose(found, choosing);
    return arrange(before, wanted, {
      units,
      orderOf: source => order.get(source) ?? 0,
      isOut: each => choose([each], { ...choosing, shareOf: () => 1 }).length === 0,
    });
  }

  function standingOf(uri: string): Standing {
    const known = standings.get(uri);
    standings.delete(uri);
    const flights = (): Flights => createFlights({ sources, supplies, log, after, onFailure: noteFailure });
    const standing = known ?? { flights: flights(), related: [], asked: [], place: null, ended: 0, others: '' };
    standings.set(uri, standing);
    for (const oldest of standings.keys()) {
      if (standings.size <= maxStandings) break;
      forget(oldest);
    }
    return standing;
  }

  /** Once with all that is known of it; a source that fails for one file fails at each key. */
  function noteFailure(name: string, error: unknown): void {
    if (failed.has(name)) return;
    failed.add(name);
    log.warn(`The context source ${name} failed.`, error);
  }

  function forget(uri: string): void {
    standings.get(uri)?.flights.abort();
    standings.delete(uri);
  }

  /** Resolves when all are over, or at the deadline. Rejects with the signal's reason. */
  function overOrLate(flights: readonly Flight[], deadlineMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const callOff = after(deadlineMs, end);
      function end(): void {
        callOff();
        signal.removeEventListener('abort', abort);
        resolve();
      }
      function abort(): void {
        callOff();
        reject(signal.reason as Error);
      }
      signal.addEventListener('abort', abort, { once: true });
      void Promise.all(flights.map(({ over }) => over)).then(end); // None of them rejects.
    });
  }

  async function lookForInstructions(): Promise<void> {
    const found = await Promise.all(
      folders()
        .filter(isTrusted)
        .map(folder => instructionFilesIn(folder, texts)),
    );
    instructions = found.flat().filter(path => exclusion(path) === null);
  }
}

/** Only what is typed in the cursor's line differs. */
function isSamePlace(before: Place, now: Place): boolean {
  return (
    before.window.line === now.window.line &&
    before.window.startLine === now.window.startLine &&
    before.budget.units === now.budget.units &&
    before.typedWords === now.typedWords &&
    before.before === now.before &&
    before.behind === now.behind
  );
}

function promptOf(place: Place, related: readonly Found[]): FillInPrompt {
  const { snapshot, window, folder, label, language } = place;
  return {
    languageId: language?.id ?? snapshot.languageId,
    path: snapshot.path,
    label,
    repository: folder === null ? '' : basename(folder),
    related: withinBudget(place, related).map(({ passage }) => passage),
    prefix: window.prefix,
    typed: window.typed,
    suffix: window.suffix,
    startLine: window.startLine,
    around: aroundOf(place),
  };
}

/** What a redaction looks at beyond the window, so that a secret which the window cuts is one still. Never sent. */
function aroundOf({ snapshot: { text }, window }: Place): NonNullable<FillInPrompt['around']> {
  return {
    before: text.slice(Math.max(0, window.start - aroundUnits), window.start),
    after: text.slice(window.end, window.end + aroundUnits),
  };
}

const aroundUnits = 4_000;

/** A line that grew very long takes its room from the passages that came last. */
function withinBudget({ budget, window }: Place, related: readonly Found[]): readonly Found[] {
  let left = budget.units - window.prefix.length - window.typed.length - window.suffix.length;
  return related.filter(({ passage }) => (left -= unitsOf(passage)) >= 0);
}

function reportOf(flights: readonly Flight[], related: readonly Found[]): Gathered['sources'] {
  return flights.map(({ source: { name }, found, ms }) => ({
    name,
    ms,
    passages: related.filter(({ passage }) => passage.source === name).length,
    late: found === null,
  }));
}

function afterTimer(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}
