import type { SecretLintRuleContext, SecretLintSourceCode } from '@secretlint/types';
import type { FoundSecret } from './secrets.js';

/**
 * The rules of secretlint's recommended preset. They are run by a few lines of ours: secretlint's own runner marks each
 * step in Node's performance timeline and keeps the marks, some 10 kB for each text. Left out are comments that switch
 * rules off, which are meant for its own checks, and the rule that takes the whole of a file for one secret.
 */
export async function loadSecretlint(): Promise<(text: string) => Promise<FoundSecret[]>> {
  const preset = await import('@secretlint/secretlint-rule-preset-recommend');
  const rules = preset.rules.filter(({ meta }) => meta.type === 'scanner' && !meta.id.endsWith('-gcp'));
  return async text => {
    const found: FoundSecret[] = [];
    const source = sourceOf(text);
    await Promise.all(rules.map(({ meta, create }) => create(contextOf(kindOf(meta.id), found), {}).file?.(source)));
    return found;
  };
}

function contextOf(kind: string, found: FoundSecret[]): SecretLintRuleContext {
  return {
    sharedOptions: {},
    createTranslator: () => messageId => ({ message: '', messageId: String(messageId), data: undefined }),
    report({ message, range: [start, end] }) {
      // The number of an account opens nothing.
      if (message.messageId !== 'AWSAccountID') found.push({ start, end, kind });
    },
    ignore() {},
  };
}

function kindOf(id: string): string {
  const name = id.slice(id.lastIndexOf('secretlint-rule-') + 'secretlint-rule-'.length);
  return kinds.get(name) ?? `${name}-secret`;
}

const kinds = new Map([
  ['privatekey', 'private-key'],
  ['basicauth', 'url-password'],
  ['database-connection-string', 'connection-string'],
  ['1password', 'onepassword-token'],
]);

function sourceOf(content: string): SecretLintSourceCode {
  const unused = (): never => {
    throw new Error('No rule of the preset asks for places.');
  };
  return {
    hasBOM: false,
    content,
    filePath: undefined,
    physicalFilePath: undefined,
    contentType: 'text',
    ext: '',
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: unused,
    rangeToLocation: unused,
    positionToIndex: unused,
    indexToPosition: unused,
  };
}
