import { basename, dirname } from 'node:path';
import type { ThreadCaller } from '../../base/threadCaller.js';
import { isInside } from '../../base/paths.js';
import type { Ruff } from '../python/ruffClient.js';
import type { SourceFile } from '../validator.js';
import type { FormatReply, FormatRequest } from './formatMessages.js';
import { budgetMs, tooMany, unknownLayout, unused, type Formatter, type Layout } from './formatter.js';
import { prettierSettings } from './prettierSettings.js';
import { pythonStyle } from './pythonStyle.js';
import { readSettings } from './readSettings.js';

export type FormatThread = ThreadCaller<FormatRequest, FormatReply>;

/** Formatters that are part of us, with the project's settings read as data. They run nothing of the workspace. */
export function bundledPrettier(thread: FormatThread): Formatter {
  return each(async (file, folder, signal) => {
    const settings = await prettierSettings(file.path, folder);
    if (settings.kind === 'unused') return unused;
    if (settings.kind === 'code') return unknownLayout(settings.why, 'If you trust this workspace: understudy trust.');
    const { parser, options } = settings;
    return ask(thread, { type: 'prettier', text: file.text, parser, path: file.path, options }, 'prettier', signal);
  });
}

export function bundledGofmt(thread: FormatThread): Formatter {
  return each(({ text }, _folder, signal) => ask(thread, { type: 'go', text }, 'gofmt', signal));
}

export function bundledClangFormat(thread: FormatThread): Formatter {
  return each(async (file, folder, signal) => {
    const style = await clangStyle(file.path, folder);
    if (style === null) return unused;
    if (/^\s*BasedOnStyle:\s*["']?InheritParentConfig/m.test(style))
      return unknownLayout('Its .clang-format inherits from another.');
    return ask(thread, { type: 'clang', text: file.text, name: basename(file.path), style }, 'clang-format', signal);
  });
}

export function bundledRuff(ruff: Pick<Ruff, 'format'>): Formatter {
  return each(async (file, folder, signal) => {
    const style = await pythonStyle(file.path, folder);
    if (style === null) return unused;
    const text = await ruff.format(file.text, style, signal);
    return text === null ? unused : { kind: 'formatted', text, by: 'Ruff' };
  });
}

async function ask(thread: FormatThread, request: FormatRequest, by: string, signal: AbortSignal): Promise<Layout> {
  const reply = await thread.ask(request, signal);
  if (reply.type === 'failed') return unknownLayout(`${by} failed: ${reply.message}`);
  // What is not of the language is a matter of syntax.
  return reply.text === null ? unused : { kind: 'formatted', text: reply.text, by };
}

function each(lay: (file: SourceFile, folder: string, signal: AbortSignal) => Promise<Layout>): Formatter {
  return async (files, folder, signal) => {
    const until = performance.now() + budgetMs;
    const layouts: Layout[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      layouts.push(performance.now() > until ? tooMany : await lay(file, folder, signal));
    }
    return layouts;
  };
}

async function clangStyle(path: string, folder: string): Promise<string | null> {
  for (let at = dirname(path); isInside(folder, at); at = dirname(at)) {
    for (const name of ['.clang-format', '_clang-format']) {
      const text = await readSettings(folder, at, name);
      if (text !== null) return text;
    }
    if (at === dirname(at)) break;
  }
  return null;
}
