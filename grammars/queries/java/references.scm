; Names that are called, or used as a type or annotation.
(method_invocation name: (identifier) @reference)
(method_reference (identifier) @reference .)
(type_identifier) @reference
(marker_annotation name: (identifier) @reference)
(annotation name: (identifier) @reference)
