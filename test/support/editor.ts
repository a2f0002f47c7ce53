import { PassThrough } from 'node:stream';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineStartsOf, offsetAt, positionAt, type Position, type Range } from '../../server/base/position.js';
import type { Core } from '../../server/core.js';
import { features as allFeatures } from '../../server/features/features.js';
import type { Feature } from '../../server/lsp/feature.js';
import type { LoadCore } from '../../server/lsp/liveSession.js';
import { serve } from '../../server/lsp/serve.js';
import { createFakeCore } from './fakeCore.js';
import { marked } from './markedText.js';
import { createRpcClient, type RpcClient } from './rpcClient.js';

export interface EditorOptions {
  readonly core?: Core;
  readonly loadCore?: LoadCore;
  readonly features?: readonly Feature[];
  /** Merged over an `initialize` of an editor with inline completion. */
  readonly initialize?: Readonly<Record<string, unknown>>;
  /** What the client answers to workspace/configuration, for all and by scope. */
  readonly configuration?: (scopeUri: string | null) => unknown;
  readonly configFolder?: string;
  readonly now?: () => number;
}

export interface InlineItem {
  readonly insertText: string;
  readonly range: Range;
  readonly filterText?: string;
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] };
}

/** An editor in memory: what a person does, in the words of a person; the server runs in this process. */
export interface TestEditor {
  readonly rpc: RpcClient;
  /** What `initialize` answered. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** Opens a marked text; the cursor stands at its first mark, or at the end. */
  open(uri: string, source: string, languageId?: string): void;
  /** Types at the cursor of the document opened or typed in last. */
  type(text: string): void;
  /** Deletes units left of the cursor. */
  erase(count: number): void;
  moveTo(offset: number): void;
  complete(trigger?: 'invoked' | 'automatic'): Promise<readonly InlineItem[]>;
  /** Puts an item into the text and runs its command, as Neovim and VS Code do. */
  accept(item: InlineItem): Promise<void>;
  /** Puts the text in without telling anybody, as LSP4IJ and Helix do. */
  acceptSilently(item: InlineItem): void;
  text(): string;
  cursor(): Position;
  /** The exit code, once the server has left. */
  readonly exited: Promise<number>;
  close(): Promise<number>;
  /** Ends the stream without a word, as a killed editor does. */
  hangUp(): void;
}

export async function openEditor(options: EditorOptions = {}): Promise<TestEditor> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const ownConfigFolder = options.configFolder === undefined ? mkdtempSync(join(tmpdir(), 'understudy-config-')) : null;
  const core = options.core ?? createFakeCore();
  let hasExited = false;
  let tellExit: (code: number) => void = () => {};
  const exited = new Promise<number>(resolve => (tellExit = resolve));
  serve({
    input: toServer,
    output: toClient,
    features: options.features ?? allFeatures,
    loadCore: options.loadCore ?? (() => Promise.resolve(core)),
    configFolder: options.configFolder ?? ownConfigFolder ?? '',
    version: '0.0.0-test',
    now: options.now ?? Date.now,
    exit(code) {
      hasExited = true;
      if (ownConfigFolder !== null) rmSync(ownConfigFolder, { recursive: true, force: true });
      tellExit(code);
    },
    stderr: () => {},
  });
  const rpc = createRpcClient(toClient, toServer);
  rpc.onRequest('workspace/configuration', params => configurationAnswer(params, options.configuration));
  const initialize = { ...defaultInitialize, ...options.initialize };
  const answer = (await rpc.request('initialize', initialize)) as { capabilities: Record<string, unknown> };
  rpc.notify('initialized', {});
  return { ...createHands(rpc), rpc, capabilities: answer.capabilities, exited, close, hangUp: () => toServer.end() };

  async function close(): Promise<number> {
    if (hasExited) return exited;
    await rpc.request('shutdown');
    rpc.notify('exit');
    return exited;
  }
}

export const defaultInitialize = {
  processId: null,
  rootUri: null,
  capabilities: {
    textDocument: { inlineCompletion: { dynamicRegistration: false } },
    window: { workDoneProgress: true },
    workspace: { configuration: true, workspaceFolders: true },
  },
};

type Hands = Omit<TestEditor, 'rpc' | 'capabilities' | 'exited' | 'close' | 'hangUp'>;

function createHands(rpc: RpcClient): Hands {
  let uri = '';
  let text = '';
  let offset = 0;
  let version = 0;

  const hands: Hands = {
    open(newUri, source, languageId = 'typescript') {
      const { text: opened, offset: at } = marked(source);
      [uri, text, offset, version] = [newUri, opened, at, 1];
      rpc.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
    },
    type: typed => replace(offset, offset, typed),
    erase: count => replace(Math.max(0, offset - count), offset, ''),
    moveTo: to => void (offset = to),
    async complete(trigger = 'automatic') {
      const result = await rpc.request('textDocument/inlineCompletion', {
        textDocument: { uri },
        position: hands.cursor(),
        context: { triggerKind: trigger === 'invoked' ? 1 : 2 },
      });
      return (result as { items: readonly InlineItem[] }).items;
    },
    async accept(item) {
      hands.acceptSilently(item);
      if (item.command !== undefined) await rpc.request('workspace/executeCommand', item.command);
    },
    acceptSilently(item) {
      const starts = lineStartsOf(text);
      replace(offsetAt(text, starts, item.range.start), offsetAt(text, starts, item.range.end), item.insertText);
    },
    text: () => text,
    cursor: () => positionAt(lineStartsOf(text), offset),
  };
  return hands;

  function replace(start: number, end: number, inserted: string): void {
    const starts = lineStartsOf(text);
    const range = { start: positionAt(starts, start), end: positionAt(starts, end) };
    text = text.slice(0, start) + inserted + text.slice(end);
    offset = start + inserted.length;
    version += 1;
    rpc.notify('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text: inserted }],
    });
  }
}

function configurationAnswer(params: unknown, configuration: EditorOptions['configuration']): readonly unknown[] {
  const { items } = params as { items: readonly { scopeUri?: string }[] };
  return items.map(item => configuration?.(item.scopeUri ?? null) ?? null);
}
