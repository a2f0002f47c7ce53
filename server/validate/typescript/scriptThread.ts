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
  const compilerOptions = { target: ts.ScriptTarget.ESNext, jsx: ts.JsxEmit.Preserve, noResolve: true };
  const { diagnostics = [] } = ts.transpileModule(text, { fileName, compilerOptions, reportDiagnostics: true });
  return diagnostics.every(({ category }) => category !== ts.DiagnosticCategory.Error);
}
