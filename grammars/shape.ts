import type { BodyKind } from './blockOpener.js';
import type { ParsedDocument } from './insertion.js';
import { shapeByText } from './shapeByText.js';
import { quotingAt } from './surroundings.js';
import { errorsAfter } from './treeErrors.js';
import type { Shape } from './trees.js';

/** How much may be written at an offset: what the text shows, with what its tree knows of quotes, bodies and errors. */
export function shapeAt({ tree, grammar, text, language }: ParsedDocument, offset: number): Shape {
  return shapeByText(text, offset, language, {
    quoting: quotingAt(tree, grammar, text, offset)?.kind ?? null,
    bodyAt: at => {
      const token = tree.rootNode.descendantForIndex(at, at);
      // A name there means that the parser has taken the bracket for something else.
      if (token === null || token.isNamed) return null;
      return bodyKinds.get(token.parent?.type ?? '') ?? null;
    },
    codeStart: at => {
      let node = tree.rootNode.descendantForIndex(at, at);
      while (node?.parent?.parent) node = node.parent;
      return node === null ? at : Math.min(at, node.startIndex);
    },
    hasError: (start, end) => errorsAfter(tree, start, 5).some(error => error.start <= end),
  });
}

const kinds: Readonly<Record<BodyKind, readonly string[]>> = {
  statements: [
    ...['statement_block', 'block', 'compound_statement', 'constructor_body', 'function_definition', 'if_statement'],
    ...['for_statement', 'while_statement', 'try_statement', 'with_statement', 'else_clause', 'elif_clause'],
    ...['except_clause', 'finally_clause', 'case_clause', 'switch_case', 'switch_default', 'expression_case'],
    ...['default_case', 'communication_case', 'case_statement', 'switch_block_statement_group', 'switch_section'],
  ],
  members: [
    ...['class_body', 'class_definition', 'interface_body', 'enum_body', 'switch_body', 'switch_block', 'match_block'],
    ...['declaration_list', 'field_declaration_list', 'enum_variant_list', 'enumerator_list', 'object_type'],
    ...['interface_type', 'struct_type', 'expression_switch_statement', 'type_switch_statement', 'select_statement'],
    ...['enum_member_declaration_list', 'annotation_type_body', 'accessor_list', 'match_statement', 'import_spec_list'],
    ...['enum_body_declarations', 'method_spec_list'],
  ],
  elements: [
    ...['object', 'array', 'arguments', 'argument_list', 'dictionary', 'list', 'set', 'tuple', 'initializer_list'],
    ...['literal_value', 'array_initializer', 'array_expression', 'field_initializer_list', 'use_list', 'token_tree'],
    ...['named_imports', 'export_clause', 'object_pattern', 'array_pattern', 'formal_parameters', 'parameters'],
    ...[
      'parameter_list',
      'parenthesized_expression',
      'initializer_expression',
      'jsx_expression',
      'template_substitution',
    ],
    ...['pair', 'subscript', 'slice', 'lambda', 'typed_parameter'],
  ],
};
const bodyKinds = new Map(
  (['statements', 'members', 'elements'] as const).flatMap(kind => kinds[kind].map(type => [type, kind] as const)),
);
