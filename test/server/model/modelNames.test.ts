import assert from 'node:assert/strict';
import { looksInstruct, looksThinking, parametersOf, quantisationOf } from '../../../server/model/modelNames.js';

const roles = '{{- if .System }}<|im_start|>system\n{{ .System }}<|im_end|>{{ end }}';

describe('what a model’s name says', () => {
  it('whether it follows instructions', () => {
    const instruct = [
      'Qwen2.5-Coder-1.5B-Instruct-Q4_K_M.gguf',
      'gemma3:4b-it-qat',
      'llama-2-7b-chat',
      'gpt-4o',
      'codestral-latest',
    ];
    const base = [
      'Qwen/Qwen2.5-Coder-3B',
      'qwen2.5-coder:1.5b-base',
      'codellama:7b-code',
      'starcoder2:3b',
      'Mellum-4b-base',
    ];
    assert.deepEqual(
      instruct.filter(name => !looksInstruct(name, roles)),
      [],
    );
    // Base models are published with a template too.
    assert.deepEqual(
      base.filter(name => looksInstruct(name, roles)),
      [],
    );
    assert.equal(looksInstruct('qwen2.5-coder:1.5b', roles), true);
    assert.equal(looksInstruct('something:3b', '{{ .Prompt }}'), false);
  });

  it('whether it thinks', () => {
    const thinking = [
      'deepseek-r1:8b',
      'qwen3:8b',
      'gpt-oss:20b',
      'o3-mini',
      'QwQ-32B',
      'deepseek-reasoner',
      'Qwen3-4B-Thinking-2507',
    ];
    const not = [
      'qwen3-coder:30b',
      'Qwen3-4B-Instruct-2507',
      'qwen2.5-coder:7b',
      'gpt-4o-mini',
      'qwen3-embedding:0.6b',
      'codellama',
    ];
    assert.deepEqual(
      thinking.filter(name => !looksThinking(name, null)),
      [],
    );
    assert.deepEqual(
      not.filter(name => looksThinking(name, null)),
      [],
    );
    assert.equal(looksThinking('someone-8b', '{% if enable_thinking %}'), true);
  });

  it('how many parameters it has', () => {
    const names: Readonly<Record<string, number | null>> = {
      'qwen2.5-coder:1.5b': 1.5e9,
      'SmolLM2-135M-Instruct.Q4_1.gguf': 135e6,
      'Qwen3-Coder-30B-A3B-Instruct': 30e9,
      'mixtral:8x7b': 56e9,
      'codestral-latest': null,
      'phi3:mini-4k': null,
    };
    for (const [name, parameters] of Object.entries(names)) assert.equal(parametersOf(name), parameters, name);
  });

  it('how its weights are rounded', () => {
    const names: Readonly<Record<string, string | null>> = {
      'SmolLM2-135M-Instruct.Q4_1.gguf': 'Q4_1',
      'qwen2.5-coder:1.5b-base-q8_0': 'Q8_0',
      'Qwen2.5-Coder-7B-Q4_K_M.gguf': 'Q4_K_M',
      'Devstral-Small-IQ4_XS.gguf': 'IQ4_XS',
      'phi3:mini-fp16': 'F16',
      'qwen2.5-coder:1.5b': null,
    };
    for (const [name, quantisation] of Object.entries(names)) assert.equal(quantisationOf(name), quantisation, name);
  });
});
