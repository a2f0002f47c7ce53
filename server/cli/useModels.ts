import { isDeepStrictEqual } from 'node:util';
import { Failure } from '../base/failure.js';
import { platformFolders } from '../base/platformFolders.js';
import { editSettingsFile } from '../config/editSettingsFile.js';
import { setInText } from '../config/setInText.js';
import { userSettingsPath } from '../config/settingsFile.js';
import { taskNames, type ChainSetting, type TaskName } from '../config/taskSettings.js';
import { findModelName, missingModel } from '../model/backends/missingModel.js';
import type { BackendStatus } from '../model/models.js';
import { exitCodes, type Invocation, type Outcome } from './command.js';
import { UsageError } from './parseCommandLine.js';
import { loadSettings } from './settings.js';
import { withModels } from './withModels.js';

/** `understudy models use TASK BACKEND[/MODEL]…`: the chain of a task, in the person's own settings. */
export async function useModels(invocation: Invocation, words: readonly string[]): Promise<Outcome> {
  const [asked = '', ...entries] = words;
  const task = taskNames.find(name => name === asked);
  if (task === undefined) throw new UsageError(`There is no task "${asked}"; there are ${taskNames.join(', ')}.`);
  if (entries.length === 0) throw new UsageError(`Name who is to serve ${task}: BACKEND[/MODEL], "none" or "default".`);
  const language = invocation.option('language');
  if (language !== null && !isLanguageId(language))
    throw new UsageError(`"${language}" is no language; an editor calls them python, typescript or c++.`);
  const chain = chainOf(entries);
  const { host } = invocation;
  return withModels(host, invocation.folder(), async ({ models }) => {
    const before = models.status();
    const warnings = (chain ?? []).flatMap(entry => {
      const backend = backendOf(entry, before.backends);
      if (backend !== null) return troubleOf(entry, backend);
      const names = before.backends.map(({ name }) => name).join(', ');
      throw new UsageError(`There is no backend for "${entry}".${names === '' ? '' : ` There are ${names}.`}`);
    });
    const path = userSettingsPath(platformFolders(host.env).config);
    await editSettingsFile(
      path,
      text =>
        language === null
          ? // Absent and null mean the same; without it the file reads as if nobody had touched it.
            setInText({ path, text }, ['tasks', task], [], chain ?? undefined)
          : setInText({ path, text }, ['tasks', 'languages'], [language, task], chain ?? undefined),
      host.signal,
    );
    await mustServe(invocation, path, { task, language, chain });
    return {
      exit: exitCodes.done,
      json: { task, language, chain, path, warnings },
      text: paint =>
        [`${describe(task, language, chain)} It stands in ${path}.`, ...warnings.map(paint.yellow), ''].join('\n'),
    };
  });
}

/** As editors name them, and no key that JSON or an object gives a meaning of its own. */
function isLanguageId(language: string): boolean {
  return /^[a-z][\w+#.-]*$/i.test(language) && !(language in {});
}

/** Names of backends may begin alike; the longest is meant. */
function backendOf(entry: string, backends: readonly BackendStatus[]): BackendStatus | null {
  const named = backends.filter(({ name }) => entry === name || entry.startsWith(`${name}/`));
  return named.toSorted((left, right) => right.name.length - left.name.length)[0] ?? null;
}

/** What keeps an entry from being of use as things stand; it is set all the same, as the server may be started later. */
function troubleOf(entry: string, { name, kind, host, state, why, models }: BackendStatus): string[] {
  if (state !== 'ready' && state !== 'paused') return [`${name} at ${host} is ${state}: ${why}`];
  const wanted = entry.slice(name.length + 1);
  const present = models.map(model => model.name);
  // llama-server runs one model, and calls it as it likes.
  if (wanted === '' || findModelName(wanted, present) !== null || kind === 'llamacpp') return [];
  const { message, remedy } = missingModel(host, wanted, present);
  return [`${message} ${remedy ?? ''}`.trimEnd()];
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

/**
 * Who serves it now, by the files as they are. They are read again: a success that is reported from what was meant to be
 * written says nothing of what holds.
 */
async function mustServe(
  invocation: Invocation,
  path: string,
  asked: { readonly task: TaskName; readonly language: string | null; readonly chain: ChainSetting },
): Promise<void> {
  const { task, language, chain } = asked;
  const { settings, problems } = await loadSettings(invocation.host, invocation.folder());
  const { tasks } = settings;
  const languages = Object.hasOwn(tasks.languages, language ?? '') ? tasks.languages[language ?? ''] : undefined;
  const now = (language === null ? tasks[task] : languages?.[task]) ?? null;
  if (isDeepStrictEqual(now, chain)) return;
  const [problem = ''] = problems.filter(one => one.startsWith(path));
  throw new Failure(
    'damaged',
    `It stands in ${path}, but does not hold: ${describe(task, language, now)} ${problem}`.trimEnd(),
    { remedy: 'understudy doctor says what is wrong with your settings.' },
  );
}
