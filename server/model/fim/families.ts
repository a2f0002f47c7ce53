/**
 * How one family of models wants a hole to be shown. In a form, `{prefix}`, `{suffix}`, `{typed}`, `{repository}`, `{label}`,
 * `{language}` and `{text}` are places, and everything else is sent as it stands. Where `{typed}` stands decides what has
 * to be read again at each key: behind the middle token, nothing but the line.
 */
export interface FimFamily {
  readonly name: string;
  /** The file alone. */
  readonly file: string;
  /** With others: `header` once, `related` for each of them, then `file`. Null: others go into comments before the prefix. */
  readonly repository: { readonly header: string; readonly related: string; readonly file: string } | null;
  /** At most four, the most important first: servers refuse more. */
  readonly stop: readonly string[];
  /** What its tokenizer makes one token of, besides what stands in `stop`; in an answer, each of them ends it. */
  readonly special: readonly string[];
  /** Tokens by which a vocabulary is known to be of this family: all of `has`, none of `lacks`. */
  readonly pieces: { readonly has: readonly string[]; readonly lacks?: readonly string[] };
  /** Its models' names. */
  readonly names: RegExp;
  /** Others share its vocabulary and were never trained on these tokens: the name has to agree. */
  readonly needsName?: true;
  readonly source: string;
}

const bars = ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'] as const;
const barsFile = '<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>{typed}';
const plain = ['<fim_prefix>', '<fim_suffix>', '<fim_middle>'] as const;
const plainFile = '<fim_prefix>{prefix}<fim_suffix>{suffix}<fim_middle>{typed}';
const codeBars = ['<|code_prefix|>', '<|code_suffix|>', '<|code_middle|>'] as const;
const suffixFirst = '<fim_suffix>{suffix}<fim_prefix>{prefix}{typed}<fim_middle>';
const qwenChatTurn = '<|im_start|>system\nYou are a code completion assistant.<|im_end|>\n<|im_start|>user\n';
const qwenAnswerTurn = '<|im_end|>\n<|im_start|>assistant\n{typed}';
const qwenInChat = '<|fim_prefix|>{prefix}<|fim_suffix|>{suffix}<|fim_middle|>' + qwenAnswerTurn;
const qwenSpecial = [...bars, '<|fim_pad|>', '<|repo_name|>', '<|im_start|>', '<|im_end|>'];

/** Where vocabularies overlap, the first that fits is taken, unless the model's name says another of those that fit. */
export const fimFamilies: readonly FimFamily[] = [
  {
    name: 'qwen2.5-coder',
    file: barsFile,
    repository: {
      header: '<|repo_name|>{repository}\n',
      related: '<|file_sep|>{label}\n{text}',
      file: `<|file_sep|>{label}\n${barsFile}`,
    },
    stop: ['<|endoftext|>', '<|file_sep|>', '<|repo_name|>', '<|im_end|>'],
    special: qwenSpecial,
    pieces: { has: [...bars, '<|repo_name|>', '<|file_sep|>', '<|im_start|>'] },
    names: /qwen-?2\.?5/i,
    source: 'https://github.com/QwenLM/Qwen2.5-Coder, section on fill in the middle',
  },
  {
    name: 'codegemma',
    file: barsFile,
    repository: {
      header: '',
      related: '<|file_separator|>{label}\n{text}',
      file: `<|file_separator|>{label}\n${barsFile}`,
    },
    stop: ['<|file_separator|>', '<end_of_turn>', '<eos>', '<|fim_prefix|>'],
    special: bars,
    pieces: { has: [...bars, '<|file_separator|>'] },
    names: /codegemma/i,
    source: 'https://ai.google.dev/gemma/docs/codegemma',
  },
  {
    name: 'qwen3-coder',
    file: qwenChatTurn + qwenInChat,
    repository: {
      header: qwenChatTurn + '<|repo_name|>{repository}\n',
      related: '<|file_sep|>{label}\n{text}',
      file: `<|file_sep|>{label}\n${qwenInChat}`,
    },
    stop: ['<|im_end|>', '<|endoftext|>', '<|file_sep|>', '<|repo_name|>'],
    special: qwenSpecial,
    pieces: { has: [...bars, '<|repo_name|>', '<|file_sep|>', '<|im_start|>', '<tool_response>'] },
    names: /qwen-?3-?coder/i,
    needsName: true,
    source: 'https://github.com/QwenLM/Qwen3-Coder, section on fill in the middle',
  },
  {
    name: 'granite4',
    file: barsFile,
    repository: null,
    stop: ['<|end_of_text|>', '<|fim_pad|>', '<|fim_prefix|>', '<|start_of_role|>'],
    special: bars,
    pieces: { has: [...bars, '<|end_of_text|>'], lacks: ['<|im_start|>'] },
    names: /granite-?(?:4|v4)/i,
    source: 'https://www.ibm.com/granite/docs/models/granite',
  },
  {
    name: 'mercury',
    file: `<|file_sep|>{label}\n${barsFile}`,
    repository: { header: '', related: '<|file_sep|>{label}\n{text}', file: `<|file_sep|>{label}\n${barsFile}` },
    stop: ['<|endoftext|>', '<|file_sep|>', '<|fim_prefix|>'],
    special: bars,
    pieces: { has: [...bars, '<|file_sep|>'] },
    names: /mercury/i,
    needsName: true,
    source: 'https://github.com/continuedev/continue, core/autocomplete/templating',
  },
  {
    name: 'starcoder2',
    file: plainFile,
    repository: {
      header: '<repo_name>{repository}',
      related: '<file_sep>{label}\n{text}',
      // The transformation was done file by file, path and all.
      file: '<file_sep><fim_prefix>{label}\n{prefix}<fim_suffix>{suffix}<fim_middle>{typed}',
    },
    stop: ['<|endoftext|>', '<file_sep>', '<repo_name>', '<fim_prefix>'],
    special: [...plain, '<fim_pad>'],
    pieces: { has: [...plain, '<repo_name>', '<file_sep>'] },
    names: /starcoder-?2/i,
    source: 'https://arxiv.org/abs/2402.19173, section 5.1',
  },
  {
    name: 'codeqwen',
    file: plainFile,
    repository: {
      header: '<reponame>{repository}\n',
      related: '<file_sep>{label}\n{text}',
      file: `<file_sep>{label}\n${plainFile}`,
    },
    stop: ['<|endoftext|>', '<file_sep>', '<reponame>', '<fim_prefix>'],
    special: [...plain, '<fim_pad>'],
    pieces: { has: [...plain, '<reponame>', '<file_sep>'] },
    names: /codeqwen/i,
    source: 'https://github.com/QwenLM/CodeQwen1.5',
  },
  {
    name: 'starcoder',
    file: plainFile,
    repository: {
      header: '<reponame>{repository}',
      related: '<filename>{label}\n{text}',
      file: `<filename>{label}\n${plainFile}`,
    },
    stop: ['<|endoftext|>', '<filename>', '<reponame>', '<fim_prefix>'],
    special: [...plain, '<fim_pad>'],
    pieces: { has: plain },
    names: /starcoder|stable-?code|granite.*code|refact/i,
    source: 'https://arxiv.org/abs/2305.06161, section 3',
  },
  {
    name: 'mellum',
    file: `<filename>{label}\n${suffixFirst}`,
    repository: { header: '', related: '<filename>{label}\n{text}', file: `<filename>{label}\n${suffixFirst}` },
    stop: ['<|endoftext|>', '<filename>', '<reponame>', '<fim_suffix>'],
    special: [...plain, '<fim_pad>'],
    pieces: { has: plain },
    names: /mellum/i,
    needsName: true,
    source: 'https://huggingface.co/JetBrains/Mellum-4b-base',
  },
  {
    name: 'santacoder',
    file: '<fim-prefix>{prefix}<fim-suffix>{suffix}<fim-middle>{typed}',
    repository: null,
    stop: ['<|endoftext|>', '<fim-pad>', '<fim-prefix>'],
    special: ['<fim-prefix>', '<fim-suffix>', '<fim-middle>'],
    pieces: { has: ['<fim-prefix>', '<fim-suffix>', '<fim-middle>'] },
    names: /santacoder/i,
    source: 'https://arxiv.org/abs/2301.03988, section 4',
  },
  {
    name: 'deepseek-coder',
    file: '<｜fim▁begin｜>{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>{typed}',
    repository: {
      header: '<｜fim▁begin｜>',
      related: '#{label}\n{text}',
      file: '#{label}\n{prefix}<｜fim▁hole｜>{suffix}<｜fim▁end｜>{typed}',
    },
    stop: ['<｜end▁of▁sentence｜>', '<｜fim▁begin｜>', '<|EOT|>'],
    special: ['<｜fim▁hole｜>', '<｜fim▁end｜>', '<｜begin▁of▁sentence｜>'],
    pieces: { has: ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'] },
    names: /deepseek/i,
    source: 'https://github.com/deepseek-ai/DeepSeek-Coder',
  },
  {
    name: 'codestral',
    file: '[SUFFIX]{suffix}[PREFIX]{prefix}{typed}',
    repository: {
      header: '[SUFFIX]{suffix}[PREFIX]',
      related: '+++++ {label}\n{text}',
      file: '+++++ {label}\n{prefix}{typed}',
    },
    stop: ['[PREFIX]', '[SUFFIX]', '\n+++++ ', '</s>'],
    special: ['[MIDDLE]', '<s>'],
    pieces: { has: ['[PREFIX]', '[SUFFIX]'] },
    names: /codestral/i,
    needsName: true,
    source:
      'https://github.com/mistralai/mistral-common and https://github.com/continuedev/continue, core/autocomplete/templating',
  },
  {
    name: 'codellama',
    // Every space belongs to it. What is typed stays before: a SentencePiece vocabulary puts a space of its own after <MID>.
    file: '<PRE> {prefix}{typed} <SUF>{suffix} <MID>',
    repository: null,
    stop: ['<EOT>', '</s>', '<PRE>', '<SUF>'],
    special: ['<MID>', '<s>'],
    pieces: { has: ['▁<PRE>', '▁<SUF>', '▁<MID>'] },
    names: /code-?llama/i,
    source: 'https://arxiv.org/abs/2308.12950, section 2.3',
  },
  {
    name: 'seed-coder',
    file: '<[fim-suffix]>{suffix}<[fim-prefix]>{prefix}{typed}<[fim-middle]>',
    repository: null,
    stop: ['<[end▁of▁sentence]>', '<[fim-suffix]>', '<[fim-prefix]>'],
    special: ['<[fim-middle]>', '<[begin▁of▁sentence]>'],
    // Zeta 2 has these tokens too, but rewrites a region between markers.
    pieces: { has: ['<[fim-suffix]>', '<[fim-prefix]>', '<[fim-middle]>'], lacks: ['<|marker_1|>'] },
    names: /seed-?coder/i,
    source: 'https://arxiv.org/abs/2506.03524, section 3.3',
  },
  {
    name: 'glm',
    file: '<|code_prefix|>{prefix}<|code_suffix|>{suffix}<|code_middle|>{typed}',
    repository: null,
    stop: ['<|endoftext|>', '<|user|>', '<|code_prefix|>', '<|observation|>'],
    special: codeBars,
    pieces: { has: codeBars },
    names: /glm/i,
    source: 'https://huggingface.co/zai-org/GLM-4.5',
  },
  {
    name: 'codegeex4',
    file: '<|user|>\n###PATH:{label}\n###LANGUAGE:{language}\n###MODE:BLOCK\n<|code_suffix|>{suffix}<|code_prefix|>{prefix}{typed}<|code_middle|><|assistant|>\n',
    repository: {
      header: '<|user|>\n',
      related: '###REFERENCE:\n###PATH:{label}\n{text}',
      file: '###PATH:{label}\n###LANGUAGE:{language}\n###MODE:BLOCK\n<|code_suffix|>{suffix}<|code_prefix|>{prefix}{typed}<|code_middle|><|assistant|>\n',
    },
    stop: ['<|endoftext|>', '<|user|>', '<|assistant|>', '<|code_suffix|>'],
    special: codeBars,
    pieces: { has: codeBars },
    names: /codegeex/i,
    needsName: true,
    source: 'https://huggingface.co/THUDM/codegeex4-all-9b',
  },
];

/** The row of a name, as settings and `FillInWay` have it. */
export function familyOf(name: string): FimFamily | null {
  return fimFamilies.find(family => family.name === name) ?? null;
}

/** Whether a setting's `fim` says something: a family, or one of the other ways. */
export function isFillInForm(form: string): boolean {
  return ['suffix', 'continue', 'chat'].includes(form) || familyOf(form) !== null;
}
