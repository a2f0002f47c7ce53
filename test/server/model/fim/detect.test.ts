import assert from 'node:assert/strict';
import { familyOfName, familyOfPieces, familyOfTemplate, probeTokens } from '../../../../server/model/fim/detect.js';
import { fimFamilies, familyOf, isFillInForm } from '../../../../server/model/fim/families.js';

const bars = '<|fim_prefix|> <|fim_suffix|> <|fim_middle|> <|fim_pad|>';
const plain = '<fim_prefix> <fim_suffix> <fim_middle> <fim_pad>';
const qwen = `${bars} <|repo_name|> <|file_sep|> <|im_start|> <|im_end|> <|endoftext|>`;
const deepSeek = '<｜fim▁begin｜> <｜fim▁hole｜> <｜fim▁end｜>';
const seed = '<[fim-suffix]> <[fim-prefix]> <[fim-middle]>';
const codeBars = '<|code_prefix|> <|code_suffix|> <|code_middle|> <|user|>';

/** The tokens of a vocabulary that matter, a model's name if it is told, and the family. */
const vocabularies: readonly (readonly [tokens: string, name: string | null, family: string | null])[] = [
  [qwen, null, 'qwen2.5-coder'],
  [`${qwen} <tool_response>`, null, 'qwen2.5-coder'],
  [`${qwen} <tool_response>`, 'Qwen3-Coder-30B-A3B-Instruct', 'qwen3-coder'],
  [`${bars} <|file_separator|> <eos>`, null, 'codegemma'],
  [`${bars} <|end_of_text|> <|start_of_role|>`, null, 'granite4'],
  [`${plain} <repo_name> <file_sep> <|endoftext|>`, null, 'starcoder2'],
  [`${plain} <reponame> <file_sep>`, null, 'codeqwen'],
  [`${plain} <reponame> <filename>`, null, 'starcoder'],
  [`${plain} <reponame> <filename>`, 'Mellum-4b-base', 'mellum'],
  ['<fim-prefix> <fim-suffix> <fim-middle>', null, 'santacoder'],
  [deepSeek, null, 'deepseek-coder'],
  ['▁<PRE> ▁<SUF> ▁<MID> ▁<EOT>', null, 'codellama'],
  ['<PRE> <SUF> <MID> <EOT>', null, 'codellama'],
  [seed, null, 'seed-coder'],
  [`${seed} <|marker_1|>`, 'zeta-2', null],
  [codeBars, null, 'glm'],
  [codeBars, 'codegeex4-all-9b', 'codegeex4'],
  // Every Mistral model has these, and only one was trained on them.
  ['[PREFIX] [SUFFIX] [MIDDLE] [INST]', 'Codestral-22B-v0.1', 'codestral'],
  ['[PREFIX] [SUFFIX] [MIDDLE] [INST]', 'Mistral-7B-Instruct-v0.3', null],
  // As in SmolLM2: files and repositories, and no hole.
  ['<repo_name> <reponame> <file_sep> <filename> <|im_start|> <|endoftext|>', null, null],
  ['<fim_prefix> <fim_suffix>', null, null],
  ['', null, null],
];

describe('the family of a model', () => {
  for (const [tokens, name, family] of vocabularies) {
    it(`by its vocabulary: ${tokens.slice(0, 60)} … ${name ?? ''} is ${family ?? 'none'}`, () => {
      const pieces = new Set(tokens.split(' '));
      assert.equal(
        familyOfPieces(token => pieces.has(token), name),
        family,
      );
    });
  }

  it('needs no token that is not asked about', () => {
    for (const { pieces } of fimFamilies) {
      for (const token of [...pieces.has, ...(pieces.lacks ?? [])]) assert.ok(probeTokens.includes(token));
    }
  });

  it('by the template of a server', () => {
    const suffix = (before: string, between: string, behind: string): string =>
      `{{- if .Suffix }}${before}{{ .Prompt }}${between}{{ .Suffix }}${behind}{{ else }}{{ .Prompt }}{{ end }}`;
    assert.equal(familyOfTemplate(suffix('<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>')), 'qwen2.5-coder');
    assert.equal(
      familyOfTemplate(suffix('<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'), 'codegemma:2b'),
      'codegemma',
    );
    assert.equal(familyOfTemplate(suffix('<fim_prefix>', '<fim_suffix>', '<fim_middle>')), 'starcoder2');
    assert.equal(familyOfTemplate(suffix('<PRE> ', ' <SUF>', ' <MID>')), 'codellama');
    assert.equal(familyOfTemplate('[SUFFIX]{{ .Suffix }}[PREFIX] {{ .Prompt }}', 'codestral:22b'), 'codestral');
    assert.equal(familyOfTemplate('{{ .System }} {{ .Prompt }}'), null);
  });

  it('by its name, for want of anything better', () => {
    const names: Readonly<Record<string, string | null>> = {
      'qwen2.5-coder:1.5b-base': 'qwen2.5-coder',
      'qwen2.5:7b': null,
      'Qwen3-Coder-30B-A3B-Instruct': 'qwen3-coder',
      'qwen3:8b': null,
      'deepseek-coder-v2-lite-base': 'deepseek-coder',
      'deepseek-r1:8b': null,
      'codellama:7b-code': 'codellama',
      'codellama:7b-python': null,
      'granite4:micro': 'granite4',
      'granite-3b-code-base': 'starcoder',
      starcoder2: 'starcoder2',
      'codestral-latest': 'codestral',
      'gpt-4o': null,
    };
    for (const [name, family] of Object.entries(names)) assert.equal(familyOfName(name), family, name);
  });

  it('has one row for each name, each of which a setting may say', () => {
    assert.equal(new Set(fimFamilies.map(({ name }) => name)).size, fimFamilies.length);
    for (const row of fimFamilies) assert.ok(familyOf(row.name) === row && isFillInForm(row.name));
    assert.deepEqual(['suffix', 'continue', 'chat', 'nobody', ''].filter(isFillInForm), ['suffix', 'continue', 'chat']);
  });
});
