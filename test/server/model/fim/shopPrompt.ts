import type { FillInPrompt } from '../../../../server/model/prompt.js';

/** A hole as an editor would have it: the line is typed up to a blank, and one of the other files names a token. */
export const shopPrompt: FillInPrompt = {
  languageId: 'typescript',
  path: '/shop/src/invoice.ts',
  label: 'src/invoice.ts',
  repository: 'shop',
  startLine: 0,
  related: [
    {
      path: '/shop/src/tax.ts',
      label: 'src/tax.ts',
      startLine: 3,
      source: 'definitions',
      text: 'export function withTax(cents: number, country: string): number {\n  return cents + taxOf(cents, country);\n}\n',
    },
    {
      path: '/shop/docs/model.md',
      label: 'docs/model.md',
      startLine: 0,
      source: 'instructions',
      text: 'Prompts end in <|fim_middle|>.',
    },
  ],
  prefix:
    "import { withTax } from './tax.js';\n\nexport function total(items: readonly Item[], country: string): number {\n",
  typed: '  const net = ',
  suffix: ';\n  return withTax(net, country);\n}\n',
};
