import type { FillInPrompt, Passage } from '../../../server/model/prompt.js';

/** Another file of a small project. The names in it stand nowhere else. */
export const invoice: Passage = {
  path: '/shop/src/invoice.ts',
  label: 'src/invoice.ts',
  startLine: 0,
  source: 'test',
  text: `/** What a customer owes. */
export function computeInvoiceTotal(items: readonly Item[], taxRate: number): number {
  let sum = 0;
  for (const item of items) sum += item.price * item.count;
  return sum * (1 + taxRate);
}

export function printInvoice(items: readonly Item[], taxRate: number): void {
  const total = computeInvoiceTotal(items, taxRate);
  console.log(total);
}
`,
};

/** A line to be finished in a file of the same project. */
export function checkout(typed: string, related: readonly Passage[]): FillInPrompt {
  return {
    languageId: 'typescript',
    path: '/shop/src/checkout.ts',
    label: 'src/checkout.ts',
    repository: 'shop',
    related,
    prefix: 'export function checkout(items: readonly Item[], taxRate: number): void {\n',
    typed,
    suffix: '\n}\n',
    startLine: 0,
  };
}
