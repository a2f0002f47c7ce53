; What a JavaScript or JSX file defines.
(export_statement) @wrapper
(class_declaration name: (_) @name) @definition.class
(function_declaration name: (_) @name) @definition.function
(generator_function_declaration name: (_) @name) @definition.function
(method_definition name: (_) @name) @definition.method
(field_definition property: (_) @name) @definition.field
; Values: at the outermost level only, and functions wherever they get a name.
(variable_declarator name: (identifier) @name) @outer.variable
(arrow_function) @unnamed.function
(function_expression) @unnamed.function
