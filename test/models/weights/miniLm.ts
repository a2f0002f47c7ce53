import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../../../server/base/record.js';
import { encodeGguf, type GgufTensor, type GgufValue } from './gguf.js';

/**
 * all-MiniLM-L6-v2 as a GGUF file of the bert architecture, from the folder that getModels.sh brings: 384 dimensions, the
 * mean over at most 512 tokens.
 */
export async function miniLm(folder: string): Promise<readonly Uint8Array[]> {
  const [weights, vocabulary, config] = await Promise.all([
    readFile(join(folder, 'model.safetensors')),
    readFile(join(folder, 'vocab.txt'), 'utf8'),
    readFile(join(folder, 'config.json'), 'utf8'),
  ]);
  const parsed: unknown = JSON.parse(config);
  if (!isRecord(parsed)) throw new Error('config.json is no object.');
  const number = (name: string): number => Number(parsed[name]);
  const tokens = vocabulary.split('\n').slice(0, number('vocab_size'));
  const uint32 = (value: number): GgufValue => ({ type: 'uint32', value });
  const id = (token: string): GgufValue => uint32(tokens.indexOf(token));
  const header: Readonly<Record<string, GgufValue>> = {
    'general.architecture': { type: 'string', value: 'bert' },
    'general.name': { type: 'string', value: 'all-MiniLM-L6-v2' },
    'general.license': { type: 'string', value: 'apache-2.0' },
    'bert.block_count': uint32(number('num_hidden_layers')),
    'bert.context_length': uint32(number('max_position_embeddings')),
    'bert.embedding_length': uint32(number('hidden_size')),
    'bert.feed_forward_length': uint32(number('intermediate_size')),
    'bert.attention.head_count': uint32(number('num_attention_heads')),
    'bert.attention.layer_norm_epsilon': { type: 'float32', value: number('layer_norm_eps') },
    'bert.attention.causal': { type: 'bool', value: 0 },
    'bert.pooling_type': uint32(meanPooling),
    'tokenizer.ggml.model': { type: 'string', value: 'bert' },
    'tokenizer.ggml.pre': { type: 'string', value: 'jina-v2-en' },
    'tokenizer.ggml.token_type_count': uint32(number('type_vocab_size')),
    'tokenizer.ggml.tokens': { type: 'strings', value: tokens.map(toPiece) },
    'tokenizer.ggml.token_type': { type: 'int32s', value: tokens.map(token => (isSpecial(token) ? 3 : 1)) },
    'tokenizer.ggml.unknown_token_id': id('[UNK]'),
    // Spelt as the format has it.
    'tokenizer.ggml.seperator_token_id': id('[SEP]'),
    'tokenizer.ggml.padding_token_id': id('[PAD]'),
    'tokenizer.ggml.cls_token_id': id('[CLS]'),
    'tokenizer.ggml.mask_token_id': id('[MASK]'),
  };
  return encodeGguf(header, readSafetensors(weights));
}

const meanPooling = 1;

function isSpecial(token: string): boolean {
  return /^\[(?:PAD|UNK|CLS|SEP|MASK)\]$/.test(token);
}

/** llama.cpp marks where a word begins, WordPiece where it goes on. */
function toPiece(token: string): string {
  if (isSpecial(token)) return token;
  return token.startsWith('##') ? token.slice(2) : `\u2581${token}`;
}

const tensorNames = new Map([
  ['embeddings.word_embeddings.weight', 'token_embd.weight'],
  ['embeddings.position_embeddings.weight', 'position_embd.weight'],
  ['embeddings.token_type_embeddings.weight', 'token_types.weight'],
  ['embeddings.LayerNorm', 'token_embd_norm'],
  ['attention.self.query', 'attn_q'],
  ['attention.self.key', 'attn_k'],
  ['attention.self.value', 'attn_v'],
  ['attention.output.dense', 'attn_output'],
  ['attention.output.LayerNorm', 'attn_output_norm'],
  ['intermediate.dense', 'ffn_up'],
  ['output.dense', 'ffn_down'],
  ['output.LayerNorm', 'layer_output_norm'],
]);

function renamed(name: string): string | null {
  const whole = tensorNames.get(name);
  if (whole !== undefined) return whole;
  const [, layer, part, kind] = /^(?:encoder\.layer\.(\d+)\.)?(.*)\.(weight|bias)$/.exec(name) ?? [];
  const known = tensorNames.get(part ?? '');
  if (known === undefined) return null;
  return layer === undefined ? `${known}.${kind}` : `blk.${layer}.${known}.${kind}`;
}

/** The format is a length, a header in JSON, and the numbers (github.com/huggingface/safetensors, "Format"). */
function readSafetensors(file: Buffer): readonly GgufTensor[] {
  const length = Number(file.readBigUInt64LE());
  const header: unknown = JSON.parse(file.toString('utf8', 8, 8 + length));
  if (!isRecord(header)) throw new Error('The header of the safetensors is no object.');
  return Object.entries(header).flatMap(([name, entry]) => {
    const ours = renamed(name);
    if (ours === null || !isRecord(entry)) return [];
    const { dtype, shape, data_offsets: offsets } = entry;
    if (dtype !== 'F32' || !isNumbers(shape) || !isNumbers(offsets)) throw new Error(`${name} is not in F32.`);
    const [start = 0, end = 0] = offsets.map(offset => 8 + length + offset);
    // A copy, because numbers may not begin just anywhere.
    const data = new Float32Array(new Uint8Array(file.subarray(start, end)).buffer);
    return [{ name: ours, shape: shape.toReversed(), data }];
  });
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'number');
}
