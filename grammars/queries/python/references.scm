; Names that are called, inherited, decorated with or used as a type.
(call function: (identifier) @reference)
(call function: (attribute attribute: (identifier) @reference))
(argument_list (identifier) @reference)
(decorator (identifier) @reference)
(decorator (attribute attribute: (identifier) @reference))
(type (identifier) @reference)
(import_from_statement name: (dotted_name (identifier) @reference))
