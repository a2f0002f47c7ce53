/**
 * Invented names: real files in which one name is misspelt or made up, and the same files as they are.
 * usage: node out/test/bench/invented/main.js LANGUAGE [MUTANTS] [SEED] [--missed] [--held-back | --tuned] [--write]
 * Prints the share of mutants found and what is found in files that nobody changed; `--missed` lists what escaped.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { languageOf } from '../../../grammars/registry.js';
import { createGrammars, type Grammars } from '../../../grammars/parse.js';
import type { Finding } from '../../../server/validate/validator.js';
import { grammarFolders } from '../../support/grammarFolders.js';
import { percentiles } from '../percentiles.js';
import { seededRandom } from '../histories/random.js';
import { applyMutant, mutate, type Mutant } from './mutate.js';
import { mutantKinds, type Checker, type InventedRow, type Place, type Project } from './row.js';
import { rows } from './rows.js';

interface Outcome {
  readonly project: Project;
  readonly path: string;
  readonly mutant: Mutant;
  readonly found: readonly Finding[];
  readonly unknown: string | null;
  readonly ms: number;
}

interface Clean {
  readonly files: number;
  readonly judged: number;
  readonly findings: readonly {
    readonly path: string;
    readonly line: number;
    readonly rule: string;
    readonly message: string;
  }[];
  readonly unknown: readonly string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    missed: { type: 'boolean' },
    write: { type: 'boolean' },
    'held-back': { type: 'boolean' },
    tuned: { type: 'boolean' },
    project: { type: 'string' },
  },
});
const [language = '', count = '500', seed = '1'] = positionals;
const row = rows.find(candidate => candidate.language.toLowerCase() === language.toLowerCase());
if (row === undefined) {
  console.error(`Name a language: ${rows.map(known => known.language).join(', ')}.`);
  process.exitCode = 2;
} else await run(row, Number(count), Number(seed));

async function run(row: InventedRow, wanted: number, seed: number): Promise<void> {
  const projects = (await row.projects()).filter(project => isAsked(project));
  const grammars = await createGrammars(grammarFolders);
  const checker = await row.open();
  try {
    const clean: Record<string, Clean> = {};
    const outcomes: Outcome[] = [];
    const share = Math.ceil(wanted / projects.length);
    for (const project of projects) {
      const states = await examineClean(checker, project);
      clean[project.name] = states.clean;
      outcomes.push(...(await examineMutants(row, checker, grammars, project, states.findings, share, seed)));
      console.error(`${project.name}: ${outcomes.length} mutants so far`);
    }
    report(row, seed, projects, clean, outcomes);
  } finally {
    await checker.dispose();
    grammars.dispose();
  }
}

function isAsked(project: Project): boolean {
  if (values.project !== undefined) return project.name === values.project;
  if (values['held-back'] === true) return project.heldBack;
  return values.tuned !== true || !project.heldBack;
}

async function examineClean(checker: Checker, project: Project) {
  const findings = new Map<string, ReadonlySet<string>>();
  const all: Clean['findings'][number][] = [];
  const unknown: string[] = [];
  for (const path of project.files) {
    const text = readFileSync(path, 'utf8');
    const examined = await checker.examine(project, path, text);
    const shown = relative(project.folder, path);
    if (examined.unknown !== null) unknown.push(`${shown}: ${examined.unknown.why}`);
    findings.set(path, new Set(examined.findings.map(finding => identityOf(finding, text))));
    for (const { start, rule, message } of examined.findings) {
      all.push({ path: shown, line: text.slice(0, start).split('\n').length, rule, message });
    }
  }
  const judged = project.files.length - unknown.length;
  return { findings, clean: { files: project.files.length, judged, findings: all, unknown } satisfies Clean };
}

/** As the gate tells findings apart. */
function identityOf({ rule, message, start, end }: Finding, text: string): string {
  return JSON.stringify([rule, message, text.slice(start, end)]);
}

async function examineMutants(
  row: InventedRow,
  checker: Checker,
  grammars: Grammars,
  project: Project,
  known: ReadonlyMap<string, ReadonlySet<string>>,
  wanted: number,
  seed: number,
): Promise<readonly Outcome[]> {
  const random = seededRandom(seed);
  const words = wordsOf(project);
  const outcomes: Outcome[] = [];
  const places = project.files.map(path => ({ path, places: placesOf(row, grammars, path) }));
  const usable = places.filter(file => file.places.length > 0);
  for (let attempt = 0; outcomes.length < wanted && attempt < wanted * 4 && usable.length > 0; attempt += 1) {
    const file = usable[Math.floor(random() * usable.length)];
    const place = file?.places[Math.floor(random() * file.places.length)];
    if (file === undefined || place === undefined) continue;
    const source = readFileSync(file.path, 'utf8');
    const mutant = mutate(source, place, random, name => words.has(name));
    if (mutant === null) continue;
    const text = applyMutant(source, mutant);
    const before = performance.now();
    const examined = await checker.examine(project, file.path, text);
    const ms = performance.now() - before;
    const old = known.get(file.path);
    const found = examined.findings.filter(finding => old?.has(identityOf(finding, text)) !== true);
    outcomes.push({ project, path: file.path, mutant, found, unknown: examined.unknown?.why ?? null, ms });
  }
  return outcomes;
}

function wordsOf(project: Project): ReadonlySet<string> {
  const words = new Set<string>();
  for (const path of project.files) {
    for (const [word] of readFileSync(path, 'utf8').matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) words.add(word);
  }
  return words;
}

function placesOf(row: InventedRow, grammars: Grammars, path: string): readonly Place[] {
  const language = languageOf(path, row.languageId(path));
  if (language === null) return [];
  const text = readFileSync(path, 'utf8');
  return grammars.withTree(language, text, ({ rootNode }) => row.places(rootNode)) ?? [];
}

function report(
  row: InventedRow,
  seed: number,
  projects: readonly Project[],
  clean: Readonly<Record<string, Clean>>,
  outcomes: readonly Outcome[],
): void {
  const groups = (key: (outcome: Outcome) => string) => {
    const names = [...new Set(outcomes.map(key))].sort();
    return Object.fromEntries(names.map(name => [name, shareOf(outcomes.filter(outcome => key(outcome) === name))]));
  };
  const cleanFindings = Object.values(clean).reduce((sum, { findings }) => sum + findings.length, 0);
  const figures = {
    language: row.language,
    seed,
    goal: row.goal,
    mutants: shareOf(outcomes),
    byKind: Object.fromEntries(
      mutantKinds
        .map(kind => [kind, shareOf(outcomes.filter(({ mutant }) => mutant.kind === kind))] as const)
        .filter(([, { mutants }]) => mutants > 0),
    ),
    byWay: groups(({ mutant }) => mutant.how),
    heldBack: groups(({ project }) => (project.heldBack ? 'held back' : 'tuned on')),
    byProject: groups(({ project }) => project.name),
    notJudged: outcomes.filter(({ unknown, found }) => unknown !== null && found.length === 0).length,
    unmutated: {
      files: Object.values(clean).reduce((sum, { files }) => sum + files, 0),
      judged: Object.values(clean).reduce((sum, { judged }) => sum + judged, 0),
      findings: cleanFindings,
      byProject: clean,
    },
    mutantMs: percentiles(outcomes.map(({ ms }) => ms)),
  };
  console.log(JSON.stringify(figures, null, 1));
  if (values.missed === true)
    for (const outcome of outcomes) if (outcome.found.length === 0) console.log(describeMissed(outcome));
  if (values.write === true) writeResults(row.language, projects.length, figures);
}

function shareOf(outcomes: readonly Outcome[]) {
  const found = outcomes.filter(outcome => outcome.found.length > 0).length;
  return {
    mutants: outcomes.length,
    found,
    foundPercent: outcomes.length === 0 ? 0 : Math.round((found / outcomes.length) * 1000) / 10,
  };
}

function describeMissed({ project, path, mutant, unknown }: Outcome): string {
  const source = readFileSync(path, 'utf8');
  const lineStart = source.lastIndexOf('\n', mutant.start) + 1;
  const lineEnd = source.indexOf('\n', mutant.end);
  const line = source.slice(lineStart, lineEnd < 0 ? undefined : lineEnd).trim();
  const number = source.slice(0, mutant.start).split('\n').length;
  const why = unknown === null ? '' : ` (${unknown})`;
  return `missed ${mutant.kind} ${mutant.was} -> ${mutant.text} ${project.name}/${relative(project.folder, path)}:${number} ${line}${why}`;
}

function writeResults(language: string, projects: number, figures: unknown): void {
  const folder = fileURLToPath(new URL('../../../../test/bench/results/', import.meta.url));
  const path = `${folder}invented${language}.json`;
  const machine = `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, ${process.platform}, Node ${process.version}`;
  const written = { date: new Date().toISOString().slice(0, 10), machine, projects, ...(figures as object) };
  writeFileSync(path, `${JSON.stringify(written, null, 1)}\n`);
  console.error(`written: ${path}`);
}
