import { constants } from 'node:fs';
import { access, lstat, mkdir } from 'node:fs/promises';
import { Failure, fileFailure } from '../../base/failure.js';
import type { BackendStatus, Models, Serving } from '../../model/models.js';
import { isHere, measureInline } from '../measureModel.js';
import { formatCount, formatMs } from '../quantities.js';
import { stateRootOf, withModels } from '../withModels.js';
import { unwell, well, type Check, type Checked } from './check.js';

const baseModel = 'understudy models pull qwen2.5-coder:1.5b-base';

/** Each backend that was set up or found: whether it answers, takes the key and has its model. */
export const backendsAnswer: Check = {
  id: 'backends',
  run: ({ host, folder }) =>
    withModels(host, folder, ({ models, settings }) => {
      const { backends, notices } = models.status();
      const discover = settings.tasks.discover ? 'none was found on this machine' : 'tasks.discover is off';
      if (backends.length === 0 && notices.length === 0)
        return Promise.resolve(well(`No model is set up and ${discover}; suggestions come from your code alone.`));
      const broken = [
        ...backends.filter(({ state }) => state !== 'ready').map(describeBroken),
        ...notices.filter(notice => !backends.some(({ name, why }) => notice === `${name}: ${why}`)),
      ];
      const ready = backends.filter(({ state }) => state === 'ready');
      const answer = ready.map(({ name, host: at, server }) => `${name} (${server ?? at})`).join(', ');
      if (broken.length === 0) return Promise.resolve(well(`These answer with models: ${answer}.`));
      return Promise.resolve(
        unwell(
          broken.join('\n  '),
          ready.length === 0
            ? 'Until then suggestions come from your code alone.'
            : `Until then these answer: ${answer}.`,
        ),
      );
    }),
};

function describeBroken({ name, host, state, why }: BackendStatus): string {
  return `${name} at ${host} is ${state}: ${why}`;
}

/** Who completes, whether it was made for it, and whether it is fast enough. */
export const modelCompletes: Check = {
  id: 'completions',
  run: ({ host, folder }) =>
    withModels(host, folder, async ({ models, settings }) => {
      const expert = Object.keys(settings.tasks.languages)
        .map(language => models.serving('inline', language, null))
        .find(one => 'reason' in one && one.isUnwanted !== true);
      if (expert !== undefined && 'reason' in expert) return unwell(expert.why, nobodyAnswers);
      const serving = models.serving('inline', '', null);
      if ('reason' in serving) {
        const why = `No model completes: ${serving.why}`;
        return serving.isUnwanted === true ? well(why) : unwell(why, nobodyAnswers);
      }
      const { backend, model } = serving;
      const facts = models
        .status()
        .backends.find(({ name }) => name === backend)
        ?.models.find(({ name }) => name === model);
      const way = serving.fillIn?.way;
      if (way === 'chat' || facts?.instruct === true) {
        return unwell(
          [`${backend}/${model} completes, and was made for conversations.`, ...(facts?.advice ?? [])].join(' '),
          `A base model that fills in is faster and better at it, such as: ${baseModel}`,
        );
      }
      return checkSpeed(models, serving, settings.inline.waitMs, facts?.advice ?? [], host.signal);
    }),
};

const nobodyAnswers =
  'Put that right, or set who is to complete: understudy models use inline BACKEND; "none" for your own code alone.';

async function checkSpeed(
  models: Models,
  serving: Serving,
  waitMs: number,
  advice: readonly string[],
  signal: AbortSignal,
): Promise<Checked> {
  const name = `${serving.backend}/${serving.model}`;
  const told = advice.length === 0 ? '' : ` ${advice.join(' ')}`;
  // What costs money or leaves the machine is not tried out unasked.
  if (!isHere(serving)) return well(`${name} completes; its speed is measured as it is used.${told}`);
  const trouble = await measureInline(models, signal);
  if (trouble !== null) return unwell(`${name} is there and did not complete: ${trouble}`, 'Look into its own log.');
  const after = models.serving('inline', '', null);
  const lineMs = 'lineMs' in after ? after.lineMs : null;
  const speed = 'tokensPerSecond' in after && after.tokensPerSecond !== null ? after.tokensPerSecond : null;
  if (lineMs === null) return well(`${name} completes.${told}`);
  const figures = `a line in ${formatMs(lineMs)}${speed === null ? '' : `, ${formatCount(speed)} tokens a second`}`;
  if (lineMs <= waitMs) return well(`${name} completes, ${figures}.${told}`);
  if (lineMs <= slowLineMs)
    return well(
      `${name} completes, ${figures}: later than inline.waitMs (${waitMs} ms), so that it serves the next request.${told}`,
    );
  return unwell(
    `${name} completes, ${figures}: too late for typing.${told}`,
    `Use a smaller model, such as qwen2.5-coder:0.5b-base, or a file in Q4_0 or Q8_0, which a processor reads faster.`,
  );
}

/** A line that takes longer is overtaken by typing. */
const slowLineMs = 2000;

export const budgetHolds: Check = {
  id: 'budget',
  run: ({ host, folder }) =>
    withModels(host, folder, ({ models, settings }) => {
      const { daily, monthly } = models.status().budget;
      const { daily: day, monthly: month } = settings.budget;
      const isSet = [day.tokens, day.usd, month.tokens, month.usd].some(limit => limit !== null);
      const remote = models.status().backends.some(({ isLocal }) => !isLocal);
      if (!isSet)
        return Promise.resolve(
          well(
            remote
              ? 'No budget is set; nothing limits what goes to other machines.'
              : 'No budget is set; no backend is on another machine.',
          ),
        );
      const states = [daily.state, monthly.state];
      if (states.includes('reached'))
        return Promise.resolve(
          unwell(
            'The budget is used up; nothing more goes to other machines.',
            'It goes on with the next day or month; budget.daily and budget.monthly set it.',
          ),
        );
      return Promise.resolve(
        well(states.includes('warned') ? 'More than 80 % of the budget is used.' : 'The budget holds.'),
      );
    }),
};

/** Ledger and spending: without them nothing is sent. */
export const stateIsPrivate: Check = {
  id: 'state',
  async run({ host }) {
    const root = stateRootOf(host);
    try {
      await mkdir(root, { recursive: true, mode: 0o700 });
      await access(root, constants.W_OK);
    } catch (error) {
      const failure = fileFailure(error, root);
      if (!(failure instanceof Failure)) throw error;
      return unwell(
        `The folder of ledger and budget cannot be written: ${failure.message} Nothing is sent to a model.`,
        'Make it writable, or set XDG_STATE_HOME to a folder that can be written.',
      );
    }
    const { mode } = await lstat(root);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      return unwell(`Others can read ${root}, and it says which files you work on.`, `chmod 700 '${root}'`);
    return well(`The ledger of what is sent is kept in ${root}, for you alone.`);
  },
};
