(string_literal) @string
(character_literal) @string
(string_interpolation) @code
