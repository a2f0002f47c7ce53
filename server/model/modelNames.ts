/**
 * Whether a model was trained to follow instructions. Names say so more reliably than templates: base models are published
 * with a chat template too. Only Ollama's short names, with a tag, mean an instruct model when they say nothing and the
 * template has roles.
 */
export function looksInstruct(name: string, chatTemplate: string | null): boolean {
  if (
    /(?:^|[-_:./])(?:base|fim|foundation|pt)(?=$|[-_:.])|:(?:.*-)?(?:code|text)(?=$|-)/i.test(name) ||
    /starcoder|mellum/i.test(name)
  )
    return false;
  if (/instruct|(?:^|[-_:.])(?:it|chat|sft|dpo|rlhf|assistant)(?=$|[-_:.])/i.test(name)) return true;
  if (/^(?:gpt|o\d|claude|gemini|mercury|codestral|devstral|mistral)-/i.test(name)) return true;
  return name.includes(':') && chatTemplate !== null && hasRoles.test(chatTemplate);
}

const hasRoles = /\.Messages|\.System|messages|role|<\|(?:im_start|user|start_header_id)\|>|\[INST\]|### ?Instruction/;

/** Whether a model thinks before it answers unless it is told not to. */
export function looksThinking(name: string, chatTemplate: string | null): boolean {
  // Trained on their own, without thoughts, whatever the template of their generation can do.
  if (/coder|instruct-?2507|embed|rerank|no-?think/i.test(name) && !/think(?!.*no)|r1/i.test(name)) return false;
  if (
    /(?:^|[-_:./])(?:r1|qwq|magistral|o[134](?:-mini)?|gpt-oss|gpt-5)(?=$|[-_:.])|thinking|reason(?:er|ing)/i.test(name)
  )
    return true;
  if (/qwen-?3(?![.\d]*-?coder)/i.test(name)) return true;
  return chatTemplate !== null && /<think>|enable_thinking|\.Thinking\b|reasoning_content/.test(chatTemplate);
}

/** How many parameters a name claims, such as `1.5b`, `135M`, `30B-A3B` (all of them), `8x7b`; null when it claims none. */
export function parametersOf(name: string): number | null {
  const match = /(?:^|[-_:./ ])(?:(\d+)x)?(\d+(?:\.\d+)?)([bm])(?=$|[-_:./ ])/i.exec(name);
  if (match === null) return null;
  const [, experts = '1', size = '', unit = ''] = match;
  return Math.round(Number(experts) * Number(size) * (unit.toLowerCase() === 'b' ? 1e9 : 1e6));
}

/** How its weights are rounded, in capitals as llama.cpp writes it, such as `Q4_K_M`; null when the name does not say. */
export function quantisationOf(name: string): string | null {
  const match =
    /(?:^|[-_:./ ])((?:i?q\d(?:_(?:k|\d|xxs|xs|s|m|nl))?(?:_(?:xl|xs|s|m|l|\d+))*|bf16|fp?(?:16|32)|mxfp4))(?=$|[-_:./ ])/i.exec(
      name,
    );
  return match?.[1]?.toUpperCase().replace(/^FP/, 'F') ?? null;
}
