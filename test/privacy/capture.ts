/**
 * The shipped server over stdio, a workspace of real files with planted secrets and excluded files, and a server with a model
 * on loopback that keeps every byte it gets: completions are asked for near the secrets until so many prompts have come. Then:
 * no secret in any of them, no text of an excluded file, and the ledger names exactly what came.
 *
 *   node out/test/privacy/capture.js [--prompts 10000] [--secrets 500] [--seed 1]
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isRecord } from '../../server/base/record.js';
import { readLedger, type LedgerEntry } from '../../server/model/ledger.js';
import { lineStartsOf, positionAt, type Range } from '../../server/base/position.js';
import { seededRandom } from '../bench/histories/random.js';
import { startModelServer, type RecordedRequest } from '../support/modelServer.js';
import { plantSecrets, type PlantedSecret } from '../support/plantedSecrets.js';
import { spawnServer, type SpawnedServer } from '../support/spawnServer.js';
import { waitFor } from '../support/waitFor.js';

const { values } = parseArgs({
  options: {
    prompts: { type: 'string', default: '10000' },
    secrets: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
});
const wanted = Number(values.prompts);
const seed = Number(values.seed);
const random = seededRandom(seed + 1);

interface Opened {
  readonly path: string;
  readonly languageId: string;
  readonly text: string;
  /** What stands near the places that are asked about. */
  readonly near: { readonly start: number; readonly end: number };
}

/** What the model says. */
const modelSays = 'value;';

/** What labels of passages say. */
const ofNoFile = ['also'];

/**
 * By file the words that stand in it once a suggestion is accepted: recall's, of another file perhaps, or the model's. They
 * come in the prompts that are asked ahead, as if they had been.
 */
const wordsIfAccepted = new Map<string, Set<string>>();

/** How far entry and request may have changed places: both are in the order of time, and few overlap. */
const reach = 4;

const folder = mkdtempSync(join(tmpdir(), 'understudy-capture-'));
const key = 'sk-capture-0123456789abcdefghijklmnop';
const { files, secrets } = plantSecrets(seed, Number(values.secrets));
const visible = files.map((file, index): Opened => {
  const path = write(join('src', String(index), basename(file.path)), file.text);
  return { path, languageId: file.languageId, text: file.text, near: secrets[index] ?? { start: 0, end: 0 } };
});
const hidden = writeHidden();
const model = await startModelServer('llamacpp', { answer: () => `${modelSays}\n`, key });
const server = await spawnServer({
  folders: [folder],
  settings: {
    backends: {
      capture: {
        kind: 'llamacpp',
        url: model.url,
        key: { command: [process.execPath, '-e', `console.log('${key}')`] },
      },
    },
    tasks: { inline: ['capture'], discover: false },
    inline: { minConfidence: 0.99 },
    privacy: { exclude: ['private/**'] },
    log: { level: 'debug' },
  },
});

const startedMs = performance.now();
let asked = 0;
try {
  await server.ready();
  await waitFor(async () =>
    JSON.stringify(await server.rpc.request('understudy/status')).includes('"state":"ready","why":""'),
  );
  for (const path of hidden)
    asked += await askIn(
      server,
      { path, languageId: 'typescript', text: readFileSync(path, 'utf8'), near: { start: 0, end: 0 } },
      3,
    );
  const early = prompted().length;
  report(early === 0, `${early} prompts from inside ${hidden.length} excluded files`);
  const perFile = Math.ceil((wanted / visible.length) * 1.2);
  for (let round = 0; round < 40 && prompted().length < wanted; round++)
    for (const file of visible)
      if (prompted().length < wanted) asked += await askIn(server, file, Math.ceil(perFile / 4));
  await waitFor(() => model.asked.every(({ state }) => state !== 'open'));
  check(prompted(), server);
  const exit = await stopAndRead(server);
  report(exit === 0, `the server left with ${exit}`);
} finally {
  server.process.kill('SIGKILL');
  await model.close();
  rmSync(folder, { recursive: true, force: true });
  rmSync(server.home, { recursive: true, force: true });
}

function check(requests: readonly RecordedRequest[], { rpc }: SpawnedServer): void {
  const seconds = (performance.now() - startedMs) / 1000;
  const prompts = requests.map(({ body }) => body.toString('utf8'));
  const bytes = prompts.reduce((sum, body) => sum + body.length, 0);
  print(
    `${prompts.length} prompts of ${Math.round(bytes / prompts.length)} characters from ${asked} requests in ${Math.round(seconds)} s`,
  );
  report(prompts.length >= wanted, `${prompts.length} of ${wanted} prompts`);
  const texts = prompts.map(body => [body, ...stringsOf(JSON.parse(body))].join('\n'));
  const kinds = new Set(secrets.map(({ kind }) => kind)).size;
  const seen = secrets.flatMap(secret => sightings(secret, texts));
  for (const line of seen.slice(0, 20)) print(`  ${line}`);
  report(seen.length === 0, `${seen.length} sightings of ${secrets.length} secrets of ${kinds} kinds`);
  const near = texts.filter(text => /REDACTED_[A-Z]/.test(text)).length;
  report(near > prompts.length / 10, `${near} prompts with something masked`);
  const leaked = texts.filter(text => /zqhidden\d+/.test(text)).length;
  report(leaked === 0, `${leaked} prompts with text of the ${hidden.length} excluded files`);
  const told = JSON.stringify(rpc.notifications);
  const inLog = secrets.filter(secret => secret.hidden.some(part => told.includes(part))).length;
  report(inLog === 0, `${inLog} secrets in ${rpc.notifications.length} notifications and logs`);
  const headers = requests.map(({ headers }) => JSON.stringify(headers));
  report(
    headers.every(text => text.includes(key)),
    'the key went in the header of every request',
  );
  report(!told.includes(key) && !texts.some(text => text.includes(key)), 'the key stands in no log and no prompt');
}

/** The ledger lies on disk when the server has left. */
async function stopAndRead({ rpc, home, process: child }: SpawnedServer): Promise<number | null> {
  const trace = JSON.stringify(await rpc.request('understudy/trace'));
  const status = await rpc.request('understudy/status');
  print(`without an answer: ${JSON.stringify(isRecord(status) ? status['reasons'] : null)}`);
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve));
  await rpc.request('shutdown');
  rpc.notify('exit');
  const exit = await exited;
  const { entries, damaged } = await readLedger(join(home, 'state', 'understudy'));
  report(damaged === 0, `${damaged} damaged lines in the ledger`);
  report(
    entries.length === prompted().length,
    `${entries.length} entries in the ledger, ${prompted().length} prompts at the server`,
  );
  const different = comparePairs([...entries].sort((one, other) => Date.parse(one.at) - Date.parse(other.at)));
  for (const line of different.slice(0, 10)) print(`  ${line}`);
  report(different.length === 0, `${different.length} entries differ from what came: host, files, ranges of lines`);
  const related = entries.reduce((sum, { files: named }) => sum + named.length - 1, 0);
  print(`${related} passages of other files in them`);
  const ends = countOf(entries.map(({ end }) => String(end)));
  print(`ends: ${[...ends].map(([end, count]) => `${count} ${end}`).join(', ')}`);
  const masked = countOf(
    entries.flatMap(({ redactions }) => redactions.flatMap(({ kind, count }) => Array<string>(count).fill(kind))),
  );
  print(
    `masked: ${[...masked]
      .sort(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ')}`,
  );
  const written = JSON.stringify(entries) + trace;
  report(
    !secrets.some(secret => secret.hidden.some(part => written.includes(part))) && !written.includes(key),
    'neither secrets nor the key in ledger and trace',
  );
  return exit;
}

/** Opens a file, asks for completions near what was planted, and closes it. */
async function askIn({ rpc }: SpawnedServer, { path, languageId, text, near }: Opened, count: number): Promise<number> {
  const uri = pathToFileURL(path).href;
  const starts = lineStartsOf(text);
  rpc.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  for (let number = 0; number < count; number++) {
    const from = Math.max(0, near.start - 1500);
    const offset = Math.min(text.length, from + Math.floor(random() * (near.end - from + 1500)));
    const lineEnd = text.indexOf('\n', offset);
    // Most of what is typed is typed at the end of a line.
    const at = random() < 0.6 ? (lineEnd < 0 ? text.length : lineEnd) : offset;
    const answer = await rpc.request('textDocument/inlineCompletion', {
      textDocument: { uri },
      position: positionAt(starts, at),
      context: { triggerKind: 1 },
    });
    const ifAccepted = wordsIfAccepted.get(path) ?? new Set();
    wordsIfAccepted.set(path, ifAccepted);
    const lineStart = starts[positionAt(starts, at).line] ?? 0;
    const line = text.slice(lineStart).split(/\r\n|\r|\n/, 1)[0] ?? '';
    const typedTo = at - lineStart;
    for (const { start, end, insertText } of [
      ...suggestionsOf(answer),
      { start: typedTo, end: typedTo, insertText: modelSays },
    ])
      for (const word of wordsOf(line.slice(0, start) + insertText + line.slice(end))) ifAccepted.add(word);
  }
  rpc.notify('textDocument/didClose', { textDocument: { uri } });
  return count;
}

/** Excluded in three ways, and by a link; visible code calls what stands there, so that a search would find it. */
function writeHidden(): readonly string[] {
  const paths: string[] = [];
  for (let number = 0; number < 30; number++) {
    const where = ['private', 'internal', 'machine'][number % 3] ?? 'private';
    const name = where === 'machine' ? '.env.local' : `prices${number}.ts`;
    const body = `export function priceOf${number}(order: string): number {\n  const zqhidden${number} = order.length;\n  return zqhidden${number} * 7;\n}\n`;
    paths.push(write(join(where, String(number), name), body));
    const call = `import { priceOf${number} } from '../../${where}/${number}/prices${number}.js';\n\nexport function total${number}(order: string): number {\n  return priceOf${number}(order) + \n}\n`;
    const path = write(join('src', 'uses', `use${number}.ts`), call);
    visible.push({ path, languageId: 'typescript', text: call, near: { start: 0, end: call.length } });
  }
  write('.understudyignore', 'internal/\n');
  symlinkSync(paths[0] ?? '', join(folder, 'src', 'link.ts'));
  return [...paths, join(folder, 'src', 'link.ts')];
}

function write(path: string, text: string): string {
  const absolute = join(folder, path);
  mkdirSync(dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

function sightings({ kind, hidden: parts }: PlantedSecret, texts: readonly string[]): string[] {
  return parts.flatMap(part =>
    texts.flatMap(text => {
      const at = text.indexOf(part);
      return at < 0 ? [] : [`${kind}: ${JSON.stringify(text.slice(Math.max(0, at - 60), at + part.length + 20))}`];
    }),
  );
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

/** What came to the server, without what a probe asks: whether it can complete and make vectors at all. */
function prompted(): readonly RecordedRequest[] {
  return model.asked.filter(({ asked: request }) => request?.texts === null && request.prompt !== 'a');
}

/** The entries without a request of their own that says the same, each with what is different. */
function comparePairs(entries: readonly LedgerEntry[]): readonly string[] {
  const requests = prompted();
  const takenBy = new Map<number, number>();
  const differences = new Map<string, string | null>();
  return entries.flatMap((entry, at) => {
    if (assign(at, new Set())) return [];
    return [`${entry.at}: ${differenceOf(at, at) ?? 'its request belongs to another entry'}`];
  });

  /** Whether an entry gets a request, others giving theirs up for another that fits them as well (Kuhn's algorithm). */
  function assign(entry: number, seen: Set<number>): boolean {
    for (let request = Math.max(0, entry - reach); request <= entry + reach && request < requests.length; request++) {
      if (seen.has(request) || differenceOf(entry, request) !== null) continue;
      seen.add(request);
      const holder = takenBy.get(request);
      if (holder !== undefined && !assign(holder, seen)) continue;
      takenBy.set(request, entry);
      return true;
    }
    return false;
  }

  function differenceOf(at: number, requestAt: number): string | null {
    const [entry, request] = [entries[at], requests[requestAt]];
    if (entry === undefined || request === undefined) return 'nothing came';
    const name = `${at} ${requestAt}`;
    const known = differences.get(name);
    if (known !== undefined) return known;
    const found = difference(entry, request);
    differences.set(name, found);
    return found;
  }
}

/** What a prompt has of a file that the ledger does not name, or the other way round; null where they say the same. */
function difference({ files: inEntry, host }: LedgerEntry, { asked: request }: RecordedRequest): string | null {
  if (host !== new URL(model.url).host) return `it names ${host}`;
  const parts = (request?.prompt ?? '').split('<|file_sep|>');
  const related = parts.length === 1 ? [] : parts.slice(1, -1);
  const own = parts.length === 1 ? (parts[0] ?? '') : afterLabel(parts.at(-1) ?? '');
  const [ownFile, ...relatedFiles] = inEntry;
  if (ownFile === undefined) return 'it names no file';
  if (related.length !== relatedFiles.length)
    return `it names ${relatedFiles.length} passages, and ${related.length} came`;
  const hole = /^<\|fim_prefix\|>([^]*)<\|fim_suffix\|>([^]*)<\|fim_middle\|>([^]*)$/.exec(own);
  if (hole === null) return 'the prompt has no hole';
  const pairs = [
    { file: ownFile, text: hole.slice(1).join('\n') },
    ...relatedFiles.map((file, index) => ({ file, text: afterLabel(related[index] ?? '') })),
  ];
  const ownLines = new Set(pairs[0]?.text.split('\n').map(line => line.trim()));
  const planted = new Set(plantedLines(ownFile.path));
  const harmless = linesOf(ownFile).filter(line => line.trim() !== '' && !planted.has(line));
  const missing = harmless.filter(line => !ownLines.has(line.trim())).length;
  // The cursor's line is in two parts, and real files hold what looks like a secret, too.
  if (missing > 2 + harmless.length / 4)
    return `${missing} of ${harmless.length} lines of ${ownFile.path} did not come`;
  for (const { file, text } of pairs) {
    // A declaration may be shown without its body and on one line: its words are what counts.
    const inRange = new Set([...wordsOf(linesOf(file).join('\n')), ...ofNoFile]);
    if (file === ownFile) for (const word of wordsIfAccepted.get(file.path) ?? []) inRange.add(word);
    // A passage that is cut to its room may end within a word.
    const cutWord = wordsOf(text.trimEnd()).at(-1) ?? '';
    if ([...inRange].some(word => word.startsWith(cutWord))) inRange.add(cutWord);
    const strange = text
      .split('\n')
      .find(line => !/REDACTED_/.test(line) && wordsOf(line).some(word => !inRange.has(word)));
    if (strange === undefined) continue;
    const words = wordsOf(strange).filter(word => !inRange.has(word));
    const lines = `${file.range.start.line + 1}-${file.range.end.line + 1}`;
    return `${relative(folder, file.path)}:${lines} has not ${words.join(' ')} of ${JSON.stringify(strange.slice(0, 100))}`;
  }
  return null;
}

function plantedLines(path: string): readonly string[] {
  const file = visible.find(one => one.path === path);
  return file === undefined ? [] : file.text.slice(file.near.start, file.near.end).split(/\r\n|\r|\n/);
}

/** The lines that an entry names of a file, as they stand there. */
function linesOf({ path, range }: LedgerEntry['files'][number]): readonly string[] {
  return readFileSync(path, 'utf8')
    .split(/\r\n|\r|\n/)
    .slice(range.start.line, range.end.line + 1);
}

interface Suggestion {
  readonly insertText: string;
  /** Characters of the line that it stands in the place of. */
  readonly start: number;
  readonly end: number;
}

function suggestionsOf(answer: unknown): readonly Suggestion[] {
  const items: unknown = isRecord(answer) ? answer['items'] : answer;
  if (!Array.isArray(items)) return [];
  return (items as readonly Suggested[]).map(({ insertText, range: { start, end } }) => ({
    insertText,
    start: start.character,
    end: end.character,
  }));
}

/** As our server gives one: always a range, always a plain string. */
interface Suggested {
  readonly insertText: string;
  readonly range: Range;
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? [];
}

function afterLabel(part: string): string {
  return part.slice(part.indexOf('\n') + 1);
}

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function report(isRight: boolean, what: string): void {
  print(`${isRight ? 'ok' : 'FAILED'}: ${what}`);
  if (!isRight) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
