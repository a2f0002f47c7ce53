import assert from 'node:assert/strict';
import { adviceOf } from '../../../server/model/advice.js';
import { isNonCommercial, licenceOf } from '../../../server/model/licences.js';
import { trainsOnInput } from '../../../server/model/trainsOnInput.js';

const fine = {
  name: 'qwen2.5-coder:1.5b-base',
  fillIn: { way: 'template', family: 'qwen2.5-coder' },
  instruct: false,
  thinking: false,
  embeddings: false,
  licence: 'unknown',
  quantisation: null,
} as const;

describe('what a person should know of a model', () => {
  it('is nothing when all is well', () => assert.deepEqual(adviceOf(fine), []));

  it('is which base model to take instead of one that follows instructions', () => {
    const [advice = ''] = adviceOf({ ...fine, name: 'qwen2.5-coder:1.5b', instruct: true });
    assert.match(advice, /Use qwen2\.5-coder:1\.5b-base\./);
    const only = { ...fine, fillIn: { way: 'template', family: 'qwen3-coder' }, instruct: true } as const;
    assert.deepEqual(adviceOf(only), [], 'there is no other');
  });

  it('is that it cannot see what follows, is only talked to, or thinks', () => {
    assert.match(adviceOf({ ...fine, fillIn: { way: 'continue' } }).join(), /does not see what follows the cursor/);
    assert.match(adviceOf({ ...fine, fillIn: { way: 'chat' } }).join(), /asked in words/);
    assert.match(adviceOf({ ...fine, thinking: true }).join(), /choose a model that does not/);
  });

  it('is that its licence forbids commercial use', () => {
    const licence = licenceOf('qwen2.5-coder:3b-base');
    assert.match(adviceOf({ ...fine, licence }).join(), /forbids commercial use/);
    assert.deepEqual(
      ['qwen2.5-coder:1.5b', 'Qwen2.5-Coder-32B'].filter(name => isNonCommercial(licenceOf(name))),
      [],
    );
  });

  it('is which file to take on a CPU', () => {
    assert.match(adviceOf({ ...fine, quantisation: 'Q4_1' }).join(), /Q4_0 or Q8_0/);
  });
});

describe('the licence of a model', () => {
  it('is what its own file says, before any table', () => {
    assert.deepEqual(licenceOf('qwen2.5-coder:1.5b', '\n  MIT License\n\nCopyright'), {
      value: 'MIT License',
      source: "the model's own file",
    });
  });

  it('is unknown when nobody says', () => assert.equal(licenceOf('somebodys-model'), 'unknown'));

  it('has a source wherever it is known', () => {
    for (const name of ['Codestral-22B-v0.1', 'starcoder2:3b', 'smollm2', 'Mellum-4b-base']) {
      const licence = licenceOf(name);
      assert.ok(licence !== 'unknown' && licence.source.startsWith('https://'), name);
    }
  });
});

describe('whether a provider trains on what is sent', () => {
  it('is known with its source, or unknown', () => {
    const told = trainsOnInput('api.openai.com:443');
    assert.ok(told !== 'unknown' && !told.value && told.source.startsWith('https://'));
    assert.ok(trainsOnInput('127.0.0.1:11434') !== 'unknown');
    assert.equal(trainsOnInput('127.0.0.1:11434', 'gpt-oss:120b-cloud'), 'unknown');
    // One plan does, another does not.
    assert.equal(trainsOnInput('api.mistral.ai'), 'unknown');
    assert.equal(trainsOnInput('api.openai.com.example'), 'unknown');
  });
});
