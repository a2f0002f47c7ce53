import type { Language as Grammar } from 'web-tree-sitter';
import type { LoadedGrammar } from './parse.js';

/** How a node type takes part in an outline. */
export interface DefinitionRule {
  /**
   * `definition`: wherever it stands; `outer`: only outside functions; `unnamed`: a function that may be given a name by
   * what stands before it; `scope`: encloses without being a symbol; `wrapper`: belongs to the definition inside.
   */
  readonly role: 'definition' | 'outer' | 'unnamed' | 'scope' | 'wrapper';
  /** The capture's second part, such as `class`; empty for scopes and wrappers. */
  readonly kind: string;
  readonly nameField: number | null;
}

export interface DefinitionTable {
  /** Rules by node type id. */
  readonly rules: ReadonlyMap<number, DefinitionRule>;
  /** Node types to look for in the whole tree. */
  readonly types: readonly string[];
  /** By node type id: 1 where the outer level goes on inside, 2 where there is an outer definition. */
  readonly outer: Uint8Array;
  readonly bodyField: number | null;
  readonly declaratorField: number | null;
  readonly nameField: number | null;
  readonly scopeField: number | null;
  readonly receiverField: number | null;
  readonly typeField: number | null;
}

/**
 * Reads a definitions query as a table. Running the query over every node costs half as much again as collecting nodes
 * by type, so the query is the source of the types and names, and a test shows that both find the same.
 */
export function definitionTableOf(grammar: LoadedGrammar): DefinitionTable {
  const known = tables.get(grammar);
  if (known !== undefined) return known;
  const table = readTable(grammar);
  tables.set(grammar, table);
  return table;
}

const tables = new WeakMap<LoadedGrammar, DefinitionTable>();

function readTable({ grammar, querySource }: LoadedGrammar): DefinitionTable {
  const rules = new Map<number, DefinitionRule>();
  const types: string[] = [];
  const outer = new Uint8Array(grammar.types.length);
  for (const type of outerContainers) for (const id of idsOf(grammar, type)) outer[id] = 1;
  for (const line of querySource('definitions').split('\n')) {
    const pattern = /^\((\w+)(?: .*?)?\) @(\w+)(?:\.(\w+))?$/.exec(line);
    if (pattern === null) continue;
    const [, type = '', role = '', kind = ''] = pattern;
    const field = /^\(\w+ (\w+):/.exec(line)?.[1];
    const rule = {
      role: role as DefinitionRule['role'],
      kind,
      nameField: field === undefined ? null : fieldOf(grammar, field),
    };
    for (const id of idsOf(grammar, type)) {
      rules.set(id, rule);
      if (rule.role === 'outer') outer[id] = 2;
    }
    if (rule.role !== 'outer') types.push(type);
  }
  return {
    rules,
    types,
    outer,
    bodyField: fieldOf(grammar, 'body'),
    declaratorField: fieldOf(grammar, 'declarator'),
    nameField: fieldOf(grammar, 'name'),
    scopeField: fieldOf(grammar, 'scope'),
    receiverField: fieldOf(grammar, 'receiver'),
    typeField: fieldOf(grammar, 'type'),
  };
}

/** Where values defined inside still count as the file's own, in any language: never a function's body. */
const outerContainers = [
  ...['program', 'module', 'source_file', 'translation_unit', 'compilation_unit', 'ERROR'],
  ...['export_statement', 'ambient_declaration', 'expression_statement', 'internal_module', 'statement_block'],
  ...['lexical_declaration', 'variable_declaration', 'if_statement', 'else_clause', 'try_statement', 'block'],
  ...['class_definition', 'decorated_definition', 'const_declaration', 'var_declaration', 'var_spec_list'],
  ...['preproc_if', 'preproc_ifdef', 'preproc_else', 'preproc_elif', 'linkage_specification', 'declaration_list'],
  ...['namespace_definition', 'class_specifier', 'struct_specifier', 'field_declaration_list', 'template_declaration'],
];

function idsOf(grammar: Grammar, type: string): number[] {
  if (type === 'ERROR') return [];
  return grammar.types.flatMap((name, id) => (name === type && grammar.nodeTypeIsNamed(id) ? [id] : []));
}

function fieldOf(grammar: Grammar, name: string): number | null {
  const id = grammar.fields.indexOf(name);
  return id < 0 ? null : id;
}
