; Where other files' code comes from: the source as written.
(import_statement source: (string) @source)
(export_statement source: (string) @source)
(import_require_clause source: (string) @source)
(call_expression function: [(import) (identifier)] @function arguments: (arguments . (string) @source .) (#match? @function "^(import|require)$"))
