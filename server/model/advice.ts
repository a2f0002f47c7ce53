import type { ModelFacts } from './backend.js';
import { isNonCommercial } from './licences.js';

type Asked = Pick<ModelFacts, 'name' | 'fillIn' | 'instruct' | 'thinking' | 'licence' | 'embeddings'> & {
  /** As `quantisationOf` gives it. */
  readonly quantisation: string | null;
};

/** What a person should know of a model that is to complete code, each a sentence with what to do. */
export function adviceOf({
  name,
  fillIn,
  instruct,
  thinking,
  licence,
  quantisation,
  embeddings,
}: Asked): readonly string[] {
  const advice: string[] = [];
  if (fillIn?.way === 'template' && instruct && !fillsInAsInstruct.has(fillIn.family)) {
    advice.push(`${name} follows instructions; a base model fills in better. ${baseOf(name)}`);
  }
  if (fillIn?.way === 'continue') {
    advice.push(`${name} was not trained to fill in: it does not see what follows the cursor. ${smallModel}`);
  }
  if (fillIn?.way === 'chat') {
    advice.push(`${name} has no tokens for filling in and is asked in words, which is slower and worse. ${smallModel}`);
  }
  if (thinking && !embeddings) {
    advice.push(
      `${name} thinks before it answers. It is told not to where the server can; for completions choose a model that does not.`,
    );
  }
  if (isNonCommercial(licence)) {
    const value = licence === 'unknown' ? '' : licence.value;
    advice.push(
      `The licence of ${name}, ${value}, forbids commercial use. The other sizes of Qwen2.5-Coder are under Apache-2.0.`,
    );
  }
  if (quantisation === 'Q4_1') {
    advice.push(
      `${name} is a Q4_1 file, which a CPU reads prompts with about a third as fast as with Q4_0. On a CPU use a Q4_0 or Q8_0 file.`,
    );
  }
  return advice;
}

/** These are published as instruct models only, and trained to fill in all the same. */
const fillsInAsInstruct: ReadonlySet<string> = new Set([
  'qwen3-coder',
  'codestral',
  'codegeex4',
  'mercury',
  'glm',
  'granite4',
]);

const smallModel = 'For completions use a base model trained for it, such as qwen2.5-coder:1.5b-base.';

function baseOf(name: string): string {
  const bare = name.replace(/[-_:]?instruct/i, '');
  return /^[\w.-]+:\d+(?:\.\d+)?[bm]$/i.test(bare) ? `Use ${bare}-base.` : 'Use the variant of it that is called base.';
}
