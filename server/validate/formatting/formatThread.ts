// A worker_threads entry: prettier, gofmt and clang-format as they are bundled. They get text and options, and read no files.
import { parentPort } from 'node:worker_threads';
import type { Plugin } from 'prettier';
import type { FormatReply, FormatRequest } from './formatMessages.js';

// A rejection reaches the client as the thread's error.
if (parentPort !== null) run(parentPort);

function run(port: NonNullable<typeof parentPort>): void {
  let turn: Promise<void> = Promise.resolve();
  port.on('message', (request: FormatRequest & { readonly id: number }) => {
    // One after the other, so that what ends the thread is known; it does not reject.
    turn = turn.then(async () => port.postMessage(await answer(request)));
  });
}

async function answer(request: FormatRequest & { readonly id: number }): Promise<FormatReply> {
  const { id } = request;
  try {
    return { id, type: 'formatted', text: await format(request) };
  } catch (error) {
    if (isSyntaxError(error)) return { id, type: 'formatted', text: null };
    return { id, type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

async function format(request: FormatRequest): Promise<string> {
  switch (request.type) {
    case 'prettier': {
      const { format: lay } = await import('prettier/standalone');
      const { text, parser, path, options } = request;
      return lay(text, { ...options, parser, filepath: path, plugins: await plugins(parser) });
    }
    case 'go': {
      const { format: lay } = await import('@wasm-fmt/gofmt');
      return readable(() => lay(request.text));
    }
    case 'clang': {
      const { format: lay } = await import('@wasm-fmt/clang-format');
      return lay(request.text, request.name, request.style);
    }
  }
}

/** gofmt refuses a text only for its syntax, with an error like any other. */
function readable(lay: () => string): string {
  try {
    return lay();
  } catch (error) {
    throw new SyntaxError('It is no Go.', { cause: error });
  }
}

function isSyntaxError(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && error.name === 'SyntaxError');
}

/** Only those that a language needs: all together take a quarter of a second to load. What is embedded stays as it is, but in Markdown, HTML and Vue. */
async function plugins(parser: string): Promise<readonly Plugin[] & Plugin[]> {
  switch (parser) {
    case 'css':
    case 'scss':
    case 'less':
      return [await import('prettier/plugins/postcss')];
    case 'yaml':
      return [await import('prettier/plugins/yaml')];
    case 'graphql':
      return [await import('prettier/plugins/graphql')];
    case 'json':
    case 'json5':
    case 'jsonc':
    case 'json-stringify':
      return [await import('prettier/plugins/babel'), await estree()];
    default:
      return [
        await import('prettier/plugins/babel'),
        await import('prettier/plugins/typescript'),
        await estree(),
        await import('prettier/plugins/postcss'),
        await import('prettier/plugins/markdown'),
        await import('prettier/plugins/html'),
        await import('prettier/plugins/yaml'),
        await import('prettier/plugins/graphql'),
      ];
  }
}

/** Its types leave out that it is a plugin. */
async function estree(): Promise<Plugin> {
  return (await import('prettier/plugins/estree')) as unknown as Plugin;
}
