; Names that are called, or used as a type.
(call_expression function: (identifier) @reference)
(call_expression function: (selector_expression field: (_) @reference))
(type_identifier) @reference
