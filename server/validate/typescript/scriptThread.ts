// A worker_threads entry: whether the compiler's parser reads a script. createScriptReader ends it and starts it anew.
import { parentPort } from 'node:worker_threads';
import ts from 'typescript';

export interface ScriptRequest {
  readonly id: number;
  /** Its ending decides which language it is. */
  readonly path: string;
  readonly text: string;
}

export interface ScriptReply {
  readonly id: number;
  readonly isValid: boolean;
}

parentPort?.on('message', ({ id, path, text }: ScriptRequest) => {
  parentPort?.postMessage({ id, isValid: isValid(path, text) } satisfies ScriptReply);
});

/** By the parser alone: no file is read, nothing is resolved. */
function isValid(fileName: string, text: string): boolean {
  // Of declarations nothing can be emitted: the compiler throws.
  if (isDeclaration.test(fileName)) return hasNoErrors(ts.createSourceFile(fileName, text, ts.ScriptTarget.ESNext));
  const compilerOptions = { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve, noResolve: true };
  const { diagnostics = [] } = ts.transpileModule(text, { fileName, compilerOptions, reportDiagnostics: true });
  return diagnostics.every(({ category }) => category !== ts.DiagnosticCategory.Error);
}

const isDeclaration = /\.d\.(?:[^./\\]+\.)?[cm]?ts$/i;

/** What the parser objects to stands in the tree, where the compiler's own types do not show it. */
function hasNoErrors(source: object): boolean {
  return 'parseDiagnostics' in source && Array.isArray(source.parseDiagnostics) && source.parseDiagnostics.length === 0;
}
