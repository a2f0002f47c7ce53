import { isRecord } from '../base/record.js';

/** What the client can do, resolved once from `initialize`, so that nobody digs in its capabilities later. */
export interface ClientAbilities {
  readonly name: string;
  readonly inlineCompletion: boolean;
  readonly configuration: boolean;
  readonly workspaceFolders: boolean;
  readonly workDoneProgress: boolean;
  readonly watchedFiles: boolean;
  /** didChangeConfiguration can be registered; VS Code sends none otherwise. */
  readonly configurationRegistration: boolean;
  /** The documentation of a completion item may be Markdown. */
  readonly completionMarkdown: boolean;
  /** Changes a document when it is asked to. */
  readonly applyEdit: boolean;
  /** Knows changes that name the version that they are for. */
  readonly documentChanges: boolean;
  /** Asks again for a completion when it is told that a model's has come: ours alone, `experimental.understudy`. */
  readonly completionReady: boolean;
}

export function resolveClientAbilities(params: unknown): ClientAbilities {
  const at = (...path: readonly string[]): unknown => path.reduce<unknown>(step, params);
  const has = (...path: readonly string[]): boolean => at('capabilities', ...path) === true;
  const name = at('clientInfo', 'name');
  return {
    name: typeof name === 'string' ? name : 'unknown',
    inlineCompletion: isRecord(at('capabilities', 'textDocument', 'inlineCompletion')),
    configuration: has('workspace', 'configuration'),
    workspaceFolders: has('workspace', 'workspaceFolders'),
    applyEdit: has('workspace', 'applyEdit'),
    documentChanges: has('workspace', 'workspaceEdit', 'documentChanges'),
    workDoneProgress: has('window', 'workDoneProgress'),
    watchedFiles: has('workspace', 'didChangeWatchedFiles', 'dynamicRegistration'),
    configurationRegistration: has('workspace', 'didChangeConfiguration', 'dynamicRegistration'),
    completionReady: has('experimental', 'understudy', 'completionReady'),
    completionMarkdown: offersMarkdown(
      at('capabilities', 'textDocument', 'completion', 'completionItem', 'documentationFormat'),
    ),
  };
}

function step(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

/** Helix advertises no format at all for completion and renders Markdown; who names formats is taken by its word. */
function offersMarkdown(formats: unknown): boolean {
  return Array.isArray(formats) ? formats.includes('markdown') : true;
}
