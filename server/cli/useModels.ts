import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, fileFailure } from '../base/failure.js';
import { platformFolders } from '../base/platformFolders.js';
import { userSettingsPath } from '../config/settingsFile.js';
import { taskNames } from '../config/taskSettings.js';
import { exitCodes, type Invocation, type Outcome } from './command.js';
import { UsageError } from './parseCommandLine.js';
import { withModels } from './withModels.js';

/** `understudy models use TASK BACKEND[/MODEL]…`: the chain of a task, in the person's own settings. */
export async function useModels(invocation: Invocation, words: readonly string[]): Promise<Outcome> {
  const [asked = '', ...entries] = words;
  const task = taskNames.find(name => name === asked);
  if (task === undefined) throw new UsageError(`There is no task "${asked}"; there are ${taskNames.join(', ')}.`);
  if (entries.length === 0) throw new UsageError(`Name who is to serve ${task}: BACKEND[/MODEL], "none" or "default".`);
  const language = invocation.option('language');
  const chain = chainOf(entries);
  const { host } = invocation;
  return withModels(host, invocation.folder(), async ({ models }) => {
    const before = models.status();
    for (const entry of chain ?? []) {
      if (before.backends.some(({ name }) => entry === name || entry.startsWith(`${name}/`))) continue;
      const names = before.backends.map(({ name }) => name).join(', ');
      throw new UsageError(`There is no backend for "${entry}".${names === '' ? '' : ` There are ${names}.`}`);
    }
    const path = userSettingsPath(platformFolders(host.env).config);
    const place = language === null ? ['tasks', task] : ['tasks', 'languages', language, task];
    await editSettings(path, place, chain);
    return {
      exit: exitCodes.done,
      json: { task, language, chain, path },
      text: () => `${describe(task, language, chain)} It stands in ${path}.\n`,
    };
  });
}

function chainOf(entries: readonly string[]): readonly string[] | null {
  if (entries.length > 1) return entries;
  return entries[0] === 'none' ? [] : entries[0] === 'default' ? null : entries;
}

function describe(task: string, language: string | null, chain: readonly string[] | null): string {
  const where = language === null ? task : `${task} in ${language}`;
  if (chain === null) return `${where} goes by what is there.`;
  return chain.length === 0 ? `${where} uses no model.` : `${where} is served by ${chain.join(', then ')}.`;
}

/** Changes one value and nothing else of the file: its comments and its order are the person's. */
async function editSettings(path: string, place: readonly string[], value: unknown): Promise<void> {
  const { applyEdits, modify, parse } = await import('jsonc-parser');
  const text = await readOrEmpty(path);
  const errors: unknown[] = [];
  parse(text, errors as never[], { allowTrailingComma: true });
  if (errors.length > 0) {
    throw new Failure('damaged', `${path} is not written to: it has a mistake.`, {
      remedy: 'understudy doctor says where; put it right first.',
    });
  }
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
  // Absent and null mean the same; without it the file reads as if nobody had touched it.
  const edits = modify(text, [...place], value ?? undefined, { formattingOptions });
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, applyEdits(text, edits));
    await rename(`${path}.new`, path);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}\n';
    throw fileFailure(error, path);
  }
}
