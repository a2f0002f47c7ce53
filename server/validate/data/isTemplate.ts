/**
 * Whether a file of data that does not parse is a template: data only after Helm, Jinja, ERB, a build tool or the like has
 * been over it. `${{ … }}` of workflows and marks inside strings are no sign: those parse.
 */
export function isTemplate(path: string, text: string): boolean {
  if (/\.(?:tpl|tmpl|j2|jinja2?|erb|ejs|hbs|mustache|liquid|in|gotmpl|njk|template)(?:\.\w+)?$/i.test(path))
    return true;
  if (/\{\{[^{}]*\}\}|\{%/.test(path)) return true;
  // A mark that a string holds only half of has quotes inside itself.
  if (/(["'])(?:(?!\1).)*\{\{(?:(?!\1|\}\}).)*\1/.test(text)) return true;
  return marks.test(text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'/g, '""'));
}

const marks =
  /(?<!\$)\{\{|\{%|<%|\$\{[\w.:-]+\}|@[A-Z_]{3,}@|^\s*#(?:if|else|endif|include|foreach)\b|^<<<<<<< |\[\[ ?\.?\w/m;
