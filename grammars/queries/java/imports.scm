(import_declaration (_) @source)
