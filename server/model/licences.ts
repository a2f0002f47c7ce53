import type { Known } from './backend.js';

/**
 * Under which licence a model may be used. What the model's own file or its server says goes before our table; a model that
 * neither knows is unknown.
 */
export function licenceOf(modelName: string, told: string | null = null): Known<string> {
  const said = told === null ? '' : firstLine(told);
  if (said !== '') return { value: said, source: "the model's own file" };
  const row = licences.find(({ names, except }) => names.test(modelName) && except?.test(modelName) !== true);
  return row === undefined ? 'unknown' : { value: row.licence, source: row.source };
}

/** Whether a licence, as named by `licenceOf`, forbids use for money. */
export function isNonCommercial(licence: Known<string>): boolean {
  return licence !== 'unknown' && /non-?commercial|research|\bMNPL\b|non-?production|cc-by-nc/i.test(licence.value);
}

/** Ollama gives the whole text, a model's file its identifier. */
function firstLine(told: string): string {
  const lines = told.split('\n').map(line => line.trim());
  return (lines.find(line => line !== '') ?? '').slice(0, 80);
}

interface LicenceRow {
  readonly names: RegExp;
  readonly except?: RegExp;
  readonly licence: string;
  readonly source: string;
}

/** The first that fits, with the page to check it at: publishers change their minds. As of November 2026. */
const licences: readonly LicenceRow[] = [
  {
    names: /qwen-?2\.?5-?coder.*(?:^|[-:_])3b/i,
    licence: 'Qwen Research (non-commercial)',
    source: 'https://huggingface.co/Qwen/Qwen2.5-Coder-3B/blob/main/LICENSE',
  },
  {
    names: /qwen-?2\.?5-?coder.*(?:0\.5|1\.5|7|14|32)b/i,
    licence: 'Apache-2.0',
    source: 'https://github.com/QwenLM/Qwen2.5-Coder',
  },
  { names: /qwen-?3-?coder/i, licence: 'Apache-2.0', source: 'https://github.com/QwenLM/Qwen3-Coder' },
  { names: /starcoder-?2/i, licence: 'BigCode OpenRAIL-M', source: 'https://huggingface.co/bigcode/starcoder2-3b' },
  { names: /starcoder/i, licence: 'BigCode OpenRAIL-M', source: 'https://huggingface.co/bigcode/starcoder' },
  { names: /granite/i, licence: 'Apache-2.0', source: 'https://github.com/ibm-granite' },
  {
    names: /deepseek-?coder/i,
    licence: 'DeepSeek Model License',
    source: 'https://github.com/deepseek-ai/DeepSeek-Coder/blob/main/LICENSE-MODEL',
  },
  {
    names: /codestral/i,
    // Newer ones are offered as a service only.
    except: /latest|25\d\d/i,
    licence: 'Mistral AI Non-Production License (MNPL)',
    source: 'https://huggingface.co/mistralai/Codestral-22B-v0.1',
  },
  { names: /codegemma/i, licence: 'Gemma Terms of Use', source: 'https://ai.google.dev/gemma/terms' },
  {
    names: /code-?llama/i,
    licence: 'Llama 2 Community License',
    source: 'https://github.com/meta-llama/codellama/blob/main/LICENSE',
  },
  { names: /mellum/i, licence: 'Apache-2.0', source: 'https://huggingface.co/JetBrains/Mellum-4b-base' },
  { names: /seed-?coder/i, licence: 'MIT', source: 'https://github.com/ByteDance-Seed/Seed-Coder' },
  { names: /smollm2/i, licence: 'Apache-2.0', source: 'https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct' },
  { names: /minilm/i, licence: 'Apache-2.0', source: 'https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2' },
  {
    names: /nomic-embed-text/i,
    licence: 'Apache-2.0',
    source: 'https://huggingface.co/nomic-ai/nomic-embed-text-v1.5',
  },
  { names: /qwen-?3-?embedding/i, licence: 'Apache-2.0', source: 'https://huggingface.co/Qwen/Qwen3-Embedding-0.6B' },
];
