/**
 * The rules of server/validate/security on clean sources, which they should leave alone, and on collections of unsafe samples.
 *
 *   node out/test/bench/security.js OUT.json --clean NAME=FOLDER … [--securityeval FOLDER] [--gosec FOLDER] [--njsscan FOLDER]
 *
 * --clean: any sources; what lies in folders of tests and examples is counted apart, as it is by the gate.
 * --securityeval: Testcases_Insecure_Code of s2e-lab/SecurityEval, a folder for each weakness.
 * --gosec: testutils of securego/gosec, samples with the number of findings that are expected; those with none are the twins.
 * --njsscan: tests/assets/node_source of ajinabraham/njsscan, places marked with `ruleid:`, and files of safe code.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createGrammars } from '../../grammars/parse.js';
import { languageOf } from '../../grammars/registry.js';
import { examineCode } from '../../server/validate/code/examineCode.js';
import { fileRole } from '../../server/validate/fileRole.js';
import { findSecurityDangers } from '../../server/validate/security/securityRule.js';
import { hasSinkWord } from '../../server/validate/security/sinkWords.js';
import type { Finding } from '../../server/validate/validator.js';
import { grammarFolders } from '../support/grammarFolders.js';

const [out = 'security.json', ...args] = process.argv.slice(2);
const grammars = await createGrammars(grammarFolders);

interface CleanRow {
  readonly name: string;
  readonly files: number;
  readonly kiloLines: number;
  readonly parsedShare: number;
  /** Of rules and severities, in programs alone. */
  readonly findings: Readonly<Record<string, number>>;
  readonly refusedPerKiloLine: number;
  readonly warnedPerKiloLine: number;
}

interface SampleRow {
  readonly name: string;
  readonly unsafe: number;
  readonly found: number;
  readonly foundShare: number;
  /** Of those found, with `high` or worse. */
  readonly refused: number;
  readonly safe: number;
  readonly refusedSafe: number;
  readonly missed: readonly string[];
}

const clean: CleanRow[] = [];
const samples: SampleRow[] = [];
function find(path: string, text: string): readonly Finding[] {
  return examineCode(grammars, { path, languageId: '', text }, [findSecurityDangers]) ?? [];
}

function isRefused({ severity }: Finding): boolean {
  return severity === 'high' || severity === 'critical';
}

function measureClean(name: string, folder: string): CleanRow {
  const findings: Record<string, number> = {};
  let [files, lines, parsed] = [0, 0, 0];
  for (const path of sources(folder)) {
    const text = readFileSync(path, 'utf8');
    const grammar = languageOf(path, '', text.slice(0, 4000))?.grammar ?? null;
    if (grammar === null || fileRole(path, folder) !== 'program' || isMade(text)) continue;
    files++;
    lines += text.split('\n').length;
    if (!hasSinkWord(text, grammar)) continue;
    parsed++;
    for (const { rule, severity } of find(path, text)) {
      const key = `${rule} ${severity}`;
      findings[key] = (findings[key] ?? 0) + 1;
    }
  }
  const count = (isMeant: (key: string) => boolean): number =>
    Object.entries(findings).reduce((sum, [key, times]) => sum + (isMeant(key) ? times : 0), 0);
  const isStop = (key: string): boolean => / (?:high|critical)$/.test(key);
  const perKiloLine = (times: number): number => Math.round((times / lines) * 1e6) / 1000;
  return {
    name,
    files,
    kiloLines: Math.round(lines / 1000),
    parsedShare: Math.round((parsed / files) * 100) / 100,
    findings: Object.fromEntries(Object.entries(findings).sort()),
    refusedPerKiloLine: perKiloLine(count(isStop)),
    warnedPerKiloLine: perKiloLine(count(key => !isStop(key))),
  };
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.(?:py|[cm]?[jt]sx?|go|java)$/.test(entry.name))
    .filter(entry => !/\.min\.js$|\.d\.[cm]?ts$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name));
}

/** By a program, not a person: lines that nobody reads. */
function isMade(text: string): boolean {
  return text.length > 400_000 || text.length / text.split('\n').length > 300;
}

/** The weaknesses of the collection that the families speak of. */
const familyOfWeakness: Readonly<Record<string, RegExp>> = {
  'CWE-022': /built-path/,
  'CWE-078': /shell/,
  'CWE-079': /built-html/,
  'CWE-080': /built-html/,
  'CWE-089': /built-sql/,
  'CWE-094': /eval|built-html/,
  'CWE-095': /eval/,
  'CWE-099': /built-path/,
  'CWE-295': /tls/,
  'CWE-326': /weak/,
  'CWE-327': /weak|tls/,
  'CWE-434': /built-path/,
  'CWE-502': /deserialisation/,
  'CWE-641': /built-path/,
  'CWE-759': /weak-hash/,
};

interface Sample {
  readonly id: string;
  readonly path: string;
  readonly text: string;
  readonly family: RegExp;
}

function judgeSamples(name: string, unsafe: readonly Sample[], safe: readonly Sample[]): SampleRow {
  const results = unsafe.map(({ id, path, text, family }) => {
    const own = find(path, text).filter(({ rule }) => family.test(rule));
    return { id, isFound: own.length > 0, isRefused: own.some(isRefused) };
  });
  const found = results.filter(({ isFound }) => isFound).length;
  return {
    name,
    unsafe: unsafe.length,
    found,
    foundShare: Math.round((found / Math.max(1, unsafe.length)) * 100) / 100,
    refused: results.filter(result => result.isRefused).length,
    safe: safe.length,
    refusedSafe: safe.filter(({ path, text }) => find(path, text).some(isRefused)).length,
    missed: results.filter(({ isFound }) => !isFound).map(({ id }) => id),
  };
}

function measureSecurityEval(folder: string): SampleRow {
  const unsafe = Object.entries(familyOfWeakness).flatMap(([weakness, family]) =>
    readdirSync(join(folder, weakness)).map(name => ({
      id: `${weakness}/${name}`,
      path: '/w/a.py',
      text: readFileSync(join(folder, weakness, name), 'utf8'),
      family,
    })),
  );
  return judgeSamples('SecurityEval, Python, weaknesses of the families', unsafe, []);
}

const familyOfGosec: Readonly<Record<string, RegExp>> = {
  g201: /built-sql/,
  g202: /built-sql/,
  g203: /built-html/,
  g204: /shell/,
  g304: /built-path/,
  g401: /weak-hash/,
  g402: /tls/,
  g403: /weak-cipher/,
  g405: /weak-cipher/,
  g406: /weak-hash/,
};

function measureGosec(folder: string): SampleRow {
  const all = Object.entries(familyOfGosec).flatMap(([code, family]) => {
    const text = readFileSync(join(folder, `${code}_samples.go`), 'utf8');
    const cases = [...text.matchAll(/\{\[\]string\{((?:`[^`]*`(?:,\s*)?)+)\},\s*(\d+),/g)];
    return cases.map((match, at) => ({
      id: `${code} ${at + 1}`,
      path: '/w/a.go',
      text: (match[1] ?? '').replace(/`,\s*`/g, '\n').replace(/^`|`,?\s*$/g, ''),
      family,
      isUnsafe: match[2] !== '0',
    }));
  });
  return judgeSamples(
    'gosec, Go, samples of ten rules',
    all.filter(({ isUnsafe }) => isUnsafe),
    all.filter(({ isUnsafe }) => !isUnsafe),
  );
}

const familyOfNjsscan: readonly (readonly [RegExp, RegExp])[] = [
  [/crypto_node/, /weak/],
  [/tls_node|sequelize_tls_validation/, /tls/],
  [/sql_injection/, /built-sql/],
  [/eval_(?:node|vm_injection|sandbox)/, /eval/],
  [/eval_deserialize/, /deserialisation/],
  [/exec_/, /shell/],
  [/(?:^|[/\\])(?:resolve_)?path_traversal/, /built-path/],
  [/(?:^|[/\\])xss_(?:node|dom)/, /built-html/],
];

/** Each marked place is a sample: its finding stands within the next lines. */
function measureNjsscan(folder: string): SampleRow {
  const names = readdirSync(join(folder, 'true_positives'), { recursive: true, encoding: 'utf8' });
  const missed: string[] = [];
  let [unsafe, found, refused] = [0, 0, 0];
  for (const name of names.filter(one => one.endsWith('.js'))) {
    const family = familyOfNjsscan.find(([file]) => file.test(name))?.[1];
    if (family === undefined || name.includes('nosql')) continue;
    const text = readFileSync(join(folder, 'true_positives', name), 'utf8');
    const findings = find('/w/a.js', text).filter(({ rule }) => family.test(rule));
    for (const match of text.matchAll(/ruleid:/g)) {
      const end = endOfLines(text, match.index, 12);
      const next = text.indexOf('ruleid:', match.index + 7);
      const limit = next < 0 ? end : Math.min(end, next);
      const own = findings.filter(finding => finding.end > match.index && finding.start < limit);
      unsafe++;
      if (own.length > 0) found++;
      else missed.push(`${basename(name)}:${text.slice(0, match.index).split('\n').length}`);
      if (own.some(isRefused)) refused++;
    }
  }
  const safeFolder = join(folder, 'true_negatives');
  const safe = readdirSync(safeFolder).filter(name => name.endsWith('.js'));
  const refusedSafe = safe.filter(name =>
    find('/w/a.js', readFileSync(join(safeFolder, name), 'utf8')).some(isRefused),
  );
  return {
    name: 'njsscan, JavaScript, marked places of the families',
    unsafe,
    found,
    foundShare: Math.round((found / Math.max(1, unsafe)) * 100) / 100,
    refused,
    safe: safe.length,
    refusedSafe: refusedSafe.length,
    missed: [...missed, ...refusedSafe.map(name => `refused though safe: ${name}`)],
  };
}

function endOfLines(text: string, from: number, lines: number): number {
  let end = from;
  for (let at = 0; at < lines && end >= 0; at++) end = text.indexOf('\n', end + 1);
  return end < 0 ? text.length : end;
}

// The tables above have to be there first.
for (let at = 0; at < args.length; at += 2) {
  const [option, value = ''] = [args[at], args[at + 1]];
  if (option === '--clean') {
    const [name = '', folder = ''] = value.split('=');
    clean.push(measureClean(name, folder));
  } else if (option === '--securityeval') samples.push(measureSecurityEval(value));
  else if (option === '--gosec') samples.push(measureGosec(value));
  else if (option === '--njsscan') samples.push(measureNjsscan(value));
}
writeFileSync(out, `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), clean, samples }, null, 2)}\n`);
process.stdout.write(`${JSON.stringify({ clean, samples }, null, 2)}\n`);
grammars.dispose();
