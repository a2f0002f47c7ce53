import type { Examined, Finding, SourceFile, Unknown } from './validator.js';

/** What a question brought down: the checker died, hung or failed, and has said nothing of any file of the question. */
export interface Fallen {
  /** The end of a sentence that begins with the file: "is nested too deeply for the compiler". */
  readonly fellOver: string;
  readonly remedy: string | null;
  /** The path that it was busy with; null where nobody knows. */
  readonly at: string | null;
}

export interface ApartOptions {
  /** How many files are asked about in one question at first; all of them where absent. */
  readonly together?: number;
  /** After so many falls the rest is left unknown: each costs a new start. */
  readonly mostFalls?: number;
}

/**
 * Asks a checker about files so that one that brings it down takes no others along: the question is asked again without
 * the file that it was busy with, or in halves, until that file is alone. Only it is unknown then. What `ask` rejects with passes.
 */
export async function examineApart(
  files: readonly SourceFile[],
  ask: (files: readonly SourceFile[]) => Promise<Examined | Fallen>,
  signal: AbortSignal,
  { together = Infinity, mostFalls = 24 }: ApartOptions = {},
): Promise<Examined> {
  const findings: Finding[] = [];
  const unknown: Unknown[] = [];
  const questions = inGroups(files, together);
  let falls = 0;
  for (let question = questions.shift(); question !== undefined; question = questions.shift()) {
    signal.throwIfAborted();
    const answer = await ask(question);
    if (!('fellOver' in answer)) {
      findings.push(...answer.findings);
      if (answer.unknown !== null) unknown.push(answer.unknown);
      continue;
    }
    falls += 1;
    const parts = falls < mostFalls ? partsOf(question, answer.at) : [];
    if (question.length > 1 && parts.length > 0) questions.unshift(...parts);
    else unknown.push(...question.map(file => culprit(file, answer)));
    if (falls < mostFalls) continue;
    const left = questions.splice(0).flat();
    if (left.length > 0) unknown.push(notAsked(left, falls));
  }
  return { findings, unknown: joinUnknown(unknown) };
}

/** The same for checkers that look at one file at a time: `judge` says all of it. */
export function examineEach(
  files: readonly SourceFile[],
  judge: (file: SourceFile) => Promise<Examined | Fallen> | Examined | Fallen,
  signal: AbortSignal,
): Promise<Examined> {
  const one = async ([file]: readonly SourceFile[]): Promise<Examined | Fallen> =>
    file === undefined ? { findings: [], unknown: null } : judge(file);
  return examineApart(files, one, signal, { together: 1 });
}

/** That one file could not be judged at all; `why` is the end of a sentence that begins with it. */
export function fileNotJudged({ path }: Pick<SourceFile, 'path'>, why: string, remedy: string | null = null): Unknown {
  return { why: `${path} ${why}.`, remedy, missing: null, files: [path] };
}

/** What a stack that ran over says of a file: parsers call themselves. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}

/** Several reasons as one: each is said, those that differ in the file alone with the first files' names. */
export function joinUnknown(all: readonly Unknown[]): Unknown | null {
  const [first] = all;
  if (first === undefined || all.length === 1) return first ?? null;
  const files = [...new Set(all.flatMap(unknown => unknown.files ?? []))];
  const byReason = new Map<string, { readonly whole: string; readonly paths: string[] }>();
  for (const { why, files: [path, ...others] = [] } of all) {
    const isOfOne = path !== undefined && others.length === 0 && why.startsWith(`${path} `);
    const reason = isOfOne ? why.slice(path.length + 1) : why;
    const known = byReason.get(reason) ?? { whole: why, paths: [] };
    if (isOfOne) known.paths.push(path);
    byReason.set(reason, known);
  }
  const whys = [...byReason].map(([reason, { whole, paths }]) =>
    paths.length > 1 ? `${namesOf(paths)}: each ${reason}` : whole,
  );
  const remedy = [...new Set(all.flatMap(unknown => unknown.remedy ?? []))].join(' ');
  return {
    why: whys.join(' '),
    remedy: remedy === '' ? null : remedy,
    missing: all.find(({ missing }) => missing !== null)?.missing ?? null,
    ...(files.length === 0 ? {} : { files }),
  };
}

function inGroups(files: readonly SourceFile[], size: number): (readonly SourceFile[])[] {
  if (size >= files.length) return files.length === 0 ? [] : [files];
  return Array.from({ length: Math.ceil(files.length / size) }, (_, at) => files.slice(at * size, (at + 1) * size));
}

/** The file that is suspected alone, and the rest in halves: a checker may also die of how many there are. */
function partsOf(question: readonly SourceFile[], at: string | null): readonly (readonly SourceFile[])[] {
  const suspects = question.filter(({ path }) => path === at);
  const rest = suspects.length === 0 ? question : question.filter(({ path }) => path !== at);
  const middle = Math.ceil(rest.length / 2);
  return [rest.slice(0, middle), rest.slice(middle), suspects].filter(({ length }) => length > 0);
}

function culprit(file: SourceFile, { fellOver, remedy }: Fallen): Unknown {
  return fileNotJudged(file, fellOver, remedy);
}

function notAsked(files: readonly SourceFile[], falls: number): Unknown {
  const paths = files.map(({ path }) => path);
  const why = `It failed ${falls} times, so that it was not asked about ${namesOf(paths)}.`;
  return { why, remedy: 'Check them apart from the files that it fails on.', missing: null, files: paths };
}

const mostNames = 3;

function namesOf(paths: readonly string[]): string {
  const more = paths.length - mostNames;
  return `${paths.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
