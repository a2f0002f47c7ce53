import type ts from 'typescript';

/** Whether a name stands in any file of a program but one: in the project, in the types of what it uses, in the language's. */
export function isInTypes(name: string, program: ts.Program, except: ts.SourceFile): boolean {
  return program.getSourceFiles().some(file => file !== except && wordsOf(file).has(name));
}

/** Every name that stands in a file, which the parser collects anyway. Not declared by the compiler. */
function wordsOf(file: ts.SourceFile): ReadonlyMap<string, string> {
  return (file as unknown as { readonly identifiers?: ReadonlyMap<string, string> }).identifiers ?? new Map();
}
