import type { Node, Tree } from 'web-tree-sitter';

/**
 * The text before an offset without what cannot change what may follow there: in each list of statements, members or
 * elements around it, all but the last few. A parser is in the same state after one of them as after a hundred.
 */
export function shortenedBefore(tree: Tree, text: string, offset: number): string {
  const before = Math.max(0, offset - 1);
  let shortened = '';
  let end = offset;
  let node: Node | null = tree.rootNode.descendantForIndex(before, before);
  // From the innermost, which is the last in the text, to the outermost.
  for (; node !== null; node = node.parent) {
    if (node.startIndex >= offset || !lists.has(node.type)) continue;
    const first = node.firstNamedChild;
    const kept = firstKept(node, offset);
    if (first === null || kept === null || kept.startIndex <= first.startIndex || kept.startIndex > end) continue;
    shortened = text.slice(kept.startIndex, end) + shortened;
    end = first.startIndex;
  }
  return text.slice(0, end) + shortened;
}

/** The child that `offset` is in or behind, or one a little before it. */
function firstKept(list: Node, offset: number): Node | null {
  let kept = list.firstNamedChildForIndex(offset - 1) ?? list.lastNamedChild;
  let older = keptBefore;
  while (kept !== null && older > 0) {
    const previous: Node | null = kept.previousNamedSibling;
    if (previous === null) return null;
    if (kept.startIndex < offset && !belongsToNext.has(previous.type)) older--;
    kept = previous;
  }
  return kept;
}

/** An `if` has to stay before an `else`. */
const keptBefore = 1;

const belongsToNext = new Set([
  'comment',
  'line_comment',
  'block_comment',
  'attribute_item',
  'decorator',
  'attribute_list',
]);

/** Nodes whose named children stand in any number. */
const lists = new Set([
  ...['program', 'module', 'source_file', 'translation_unit', 'compilation_unit'],
  ...['class_body', 'interface_body', 'object_type', 'declaration_list', 'field_declaration_list'],
  ...['block', 'statement_block', 'compound_statement', 'statement_list', 'constructor_body', 'switch_body'],
  ...['object', 'array', 'list', 'dictionary', 'arguments', 'argument_list', 'initializer_list', 'array_expression'],
  ...['literal_value', 'enumerator_list', 'match_block', 'enum_variant_list', 'array_initializer'],
]);
