import type { MessagePort } from 'node:worker_threads';
import type { AnswerMessage, Job, JobMessage, ReadAnswer, ReadJob, ReadOutcome, ScanAnswer, ScanJob } from './jobs.js';
import type { Extractor } from './extract.js';
import { packContents, type PackedContents } from './packedContents.js';
import type { FileContent } from './store.js';
import { orderByNearness } from './plan.js';
import { readSource } from './readSource.js';
import { scan } from './scan.js';

/** What the thread needs of the extractor. It throws when its runtime cannot be trusted any more: the thread then ends. */
export type JobExtractor = Pick<Extractor, 'extract' | 'plain' | 'references'>;

export interface JobServer {
  readonly port: MessagePort;
  /** [0] becomes the number of the file at work. */
  readonly progress: Int32Array;
  createExtractor(): Promise<JobExtractor>;
}

/** Answers jobs, one after the other. Every wanted answer is sent, or the thread ends. */
export function serveJobs({ port, progress, createExtractor }: JobServer): void {
  let extractor: Promise<JobExtractor> | null = null;
  let previous = Promise.resolve();
  port.on('message', ({ id, job }: JobMessage) => {
    previous = previous.then(() => answer(id, job));
  });

  async function answer(id: number, job: Job): Promise<void> {
    if (job.kind === 'read') {
      // Whatever goes wrong inside is no answer: it ends the thread, and who asked learns at which file.
      const ready = job.want === 'hash' ? null : await (extractor ??= createExtractor());
      const read = readFiles(job, ready, progress);
      send({ id, answer: read }, read.packed === null ? [] : [read.packed.buffer]);
      return;
    }
    try {
      const done = scanFolder(job);
      send({ id, answer: done }, [done.sizes.buffer as ArrayBuffer, done.mtimesMs.buffer as ArrayBuffer]);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : null;
      send({ id, failed: error instanceof Error ? error.message : String(error), code }, []);
    }
  }

  function send(message: AnswerMessage, transfer: readonly ArrayBuffer[]): void {
    port.postMessage(message, transfer);
  }
}

function readFiles(job: ReadJob, extractor: JobExtractor | null, progress: Int32Array): ReadAnswer {
  const contents = new Map<string, FileContent>();
  const references = new Map<string, PackedContents['references'][number]>();
  const outcomes = job.files.map((file, at): ReadOutcome => {
    Atomics.store(progress, 0, at);
    const source = readSource(job.folder, file.path, job.maxFileKb);
    if (source.state !== 'read') return { ...source, path: file.path };
    const { record, text } = source;
    const readOnly = {
      state: 'read',
      record,
      chunks: 0,
      symbols: 0,
      text: job.withText ? text : null,
      live: null,
    } as const;
    if (extractor === null) return readOnly;
    const named = { path: file.path, text };
    const referencesOf = () => ({
      hash: record.hash,
      references: file.plain ? [] : extractor.references(named),
    });
    if (job.want === 'references') {
      if (!references.has(record.hash)) references.set(record.hash, referencesOf());
      return readOnly;
    }
    const content =
      contents.get(record.hash) ??
      contentOf(record.hash, file.plain ? extractor.plain(named) : extractor.extract(named));
    contents.set(record.hash, content);
    const counted = { ...readOnly, chunks: content.chunks.length, symbols: content.symbols.length };
    return job.want === 'contents' ? counted : { ...counted, live: { record, content, ...referencesOf() } };
  });
  if (job.want === 'hash' || job.want === 'live') return { outcomes, packed: null };
  const packed = packContents({ contents: [...contents.values()], references: [...references.values()] });
  return { outcomes, packed };
}

function contentOf(hash: string, { chunks, symbols }: Pick<FileContent, 'chunks' | 'symbols'>): FileContent {
  return { hash, chunks, symbols };
}

function scanFolder(job: ScanJob): ScanAnswer {
  const { files, ...rest } = scan(job);
  const ordered = orderByNearness(files, job.near);
  return {
    ...rest,
    paths: ordered.map(file => `${file.path}\0`).join(''),
    sizes: Float64Array.from(ordered, file => file.size),
    mtimesMs: Float64Array.from(ordered, file => file.mtimeMs),
  };
}
