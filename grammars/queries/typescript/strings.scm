; Prose and data inside quotes; what stands in a hole is code again.
(string) @string
(template_string) @string
(template_literal_type) @string
(regex) @string
(jsx_text) @string
(template_substitution) @code
(template_type) @code
