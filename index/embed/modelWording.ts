/** What has to stand before a text so that a model knows what the text is for. */
export interface Wording {
  readonly question: string;
  readonly chunk: string;
}

const plain: Wording = { question: '', chunk: '' };

/** Models that were trained with such words, by their names; their model cards ask for them. */
const wordings: readonly (readonly [RegExp, Wording])[] = [
  // https://huggingface.co/nomic-ai/nomic-embed-code
  [/nomic-embed-code/, { question: 'Represent this query for searching relevant code: ', chunk: '' }],
  // https://huggingface.co/nomic-ai/nomic-embed-text-v1.5
  [/nomic-embed/, { question: 'search_query: ', chunk: 'search_document: ' }],
  // https://huggingface.co/Qwen/Qwen3-Embedding-0.6B
  [
    /qwen-?3-embedding/,
    { question: 'Instruct: Given a question about a program, retrieve the code that answers it\nQuery:', chunk: '' },
  ],
  // https://huggingface.co/intfloat/e5-small-v2; the instruct ones want something else.
  [/(?:^|[/_-])(?:multilingual-)?e5-(?!.*instruct)/, { question: 'query: ', chunk: 'passage: ' }],
  // https://huggingface.co/mixedbread-ai/mxbai-embed-large-v1
  [/mxbai-embed/, { question: 'Represent this sentence for searching relevant passages: ', chunk: '' }],
];

export function wordingOf(embedder: string): Wording {
  const name = embedder.toLowerCase();
  return wordings.find(([pattern]) => pattern.test(name))?.[1] ?? plain;
}
