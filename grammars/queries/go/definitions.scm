; What a Go file defines.
(function_declaration name: (_) @name) @definition.function
(method_declaration name: (_) @name) @definition.method
(type_spec name: (_) @name) @definition.type
(type_alias name: (_) @name) @definition.type
(field_declaration name: (_) @name) @definition.field
(method_elem name: (_) @name) @definition.method
(const_spec name: (_) @name) @outer.constant
(var_spec name: (_) @name) @outer.variable
