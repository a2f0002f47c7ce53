; What a Python file defines.
(decorated_definition) @wrapper
(class_definition name: (_) @name) @definition.class
(function_definition name: (_) @name) @definition.function
(type_alias_statement left: (_) @name) @definition.type
(assignment left: (identifier) @name) @outer.variable
