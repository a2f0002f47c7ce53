import type { FillInWay } from '../backend.js';

interface Told {
  readonly name: string;
  readonly fillIn: FillInWay | null;
  readonly isInstruct: boolean;
  readonly isThinking: boolean;
  readonly licence: string | null;
}

/** What a person should know of a model, in sentences with what to do. */
export function adviceFor({ name, fillIn, isInstruct, isThinking, licence }: Told): string[] {
  const advice: string[] = [];
  if (fillIn?.way === 'template' && isInstruct)
    advice.push(
      `${name} was trained to answer instructions; what it fills in may be worse than that of the base model of its family.`,
    );
  if (fillIn?.way === 'continue')
    advice.push(
      `${name} has no tokens for filling in: it goes on from the cursor and does not see what follows. Choose a model for code that has them.`,
    );
  if (fillIn?.way === 'chat')
    advice.push(`${name} is asked in words to fill in, which is slow and less exact. Choose a model made to fill in.`);
  if (isThinking && fillIn?.way === 'chat')
    advice.push(`${name} thinks before it answers, too long for completions; use it for chat.`);
  if (licence !== null && /non-?commercial|research|cc-by-nc|mnpl/i.test(licence))
    advice.push(`The licence of ${name} does not allow commercial use.`);
  return advice;
}

/**
 * Whether a model was trained to answer, by its own metadata, by a template that knows roles, or else by its name. It only
 * changes the advice. `template`: null where it is no sign, as base models carry that of their family.
 */
export function isInstructModel(finetune: string | null, template: string | null, name: string): boolean {
  if (finetune !== null && /instruct|chat|\bit\b/i.test(finetune)) return true;
  if (finetune !== null && /base/i.test(finetune)) return false;
  if (template !== null && /\.Messages|\.Role|\.System/.test(template)) return true;
  return /instruct|[-_:.]chat\b|[-_:.]it\b/i.test(name);
}
