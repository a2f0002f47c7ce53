(use_declaration argument: (_) @source)
(extern_crate_declaration name: (_) @source)
