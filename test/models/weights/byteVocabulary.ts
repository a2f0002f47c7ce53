import type { GgufValue } from './gguf.js';

/** Special tokens under the names of the Qwen coder family, so that the way of a real model is taken. */
export const specialTokens = [
  '<|endoftext|>',
  '<|fim_prefix|>',
  '<|fim_middle|>',
  '<|fim_suffix|>',
  '<|fim_pad|>',
  '<|repo_name|>',
  '<|file_sep|>',
  '<|im_start|>',
  '<|im_end|>',
] as const;

/** One token for each byte, then the special ones. */
export const vocabularySize = 256 + specialTokens.length;

export function specialId(token: (typeof specialTokens)[number]): number {
  return 256 + specialTokens.indexOf(token);
}

/** What a GGUF file says of the vocabulary: byte-level pair encoding without a single pair. */
export function vocabularyHeader(): Readonly<Record<string, GgufValue>> {
  const id = (token: (typeof specialTokens)[number]): GgufValue => ({ type: 'uint32', value: specialId(token) });
  const normal = 1;
  const control = 3;
  return {
    'tokenizer.ggml.model': { type: 'string', value: 'gpt2' },
    'tokenizer.ggml.pre': { type: 'string', value: 'gpt-2' },
    'tokenizer.ggml.tokens': { type: 'strings', value: [...byteNames(), ...specialTokens] },
    'tokenizer.ggml.token_type': {
      type: 'int32s',
      value: [...Array<number>(256).fill(normal), ...specialTokens.map(() => control)],
    },
    'tokenizer.ggml.merges': { type: 'strings', value: [] },
    'tokenizer.ggml.bos_token_id': id('<|endoftext|>'),
    'tokenizer.ggml.eos_token_id': id('<|endoftext|>'),
    'tokenizer.ggml.eot_token_id': id('<|im_end|>'),
    'tokenizer.ggml.padding_token_id': id('<|fim_pad|>'),
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: 1 },
    'tokenizer.ggml.fim_pre_token_id': id('<|fim_prefix|>'),
    'tokenizer.ggml.fim_suf_token_id': id('<|fim_suffix|>'),
    'tokenizer.ggml.fim_mid_token_id': id('<|fim_middle|>'),
    'tokenizer.ggml.fim_pad_token_id': id('<|fim_pad|>'),
    'tokenizer.ggml.fim_rep_token_id': id('<|repo_name|>'),
    'tokenizer.ggml.fim_sep_token_id': id('<|file_sep|>'),
  };
}

/** Byte-level vocabularies name a byte by a visible character: itself where it is one, else the next free from U+0100 on. */
function byteNames(): readonly string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isVisible = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCodePoint(isVisible ? byte : next++);
  });
}
