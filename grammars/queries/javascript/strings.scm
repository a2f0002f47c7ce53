; Prose and data inside quotes; what stands in a hole is code again.
(string) @string
(template_string) @string
(regex) @string
(jsx_text) @string
(template_substitution) @code
