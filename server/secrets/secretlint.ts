import type { SecretLintRuleContext, SecretLintSourceCode } from '@secretlint/types';
import type { FoundSecret } from './secrets.js';

/**
 * The rules of secretlint's recommended preset. They are run by a few lines of ours: secretlint's own runner marks each
 * step in Node's performance timeline and keeps the marks, some 10 kB for each text.
 */
export async function loadSecretlint(): Promise<(text: string) => Promise<FoundSecret[]>> {
  const preset = await import('@secretlint/secretlint-rule-preset-recommend');
  const rules = preset.rules.filter(({ meta }) => !unused.has(nameOf(meta.id)));
  return async text => {
    const found: FoundSecret[] = [];
    const source = sourceOf(text);
    await Promise.all(
      rules.map(({ meta, create }) => create(contextOf(kindOf(nameOf(meta.id)), found), {}).file?.(source)),
    );
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

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('secretlint-rule-') + 'secretlint-rule-'.length);
}

/**
 * Comments that switch rules off are meant for secretlint's own checks; the rule for Google's files takes a whole file for
 * one secret, and those for addresses a whole address, where our own take the password alone; the one for
 * SendGrid takes `SG.Components.Button` for a key.
 */
const unused = new Set(['filter-comments', 'gcp', 'basicauth', 'database-connection-string', 'sendgrid']);

function kindOf(name: string): string {
  return kinds.get(name) ?? `${name}-secret`;
}

const kinds = new Map([
  ['privatekey', 'private-key'],
  ['1password', 'onepassword-token'],
]);

function sourceOf(content: string): SecretLintSourceCode {
  const unasked = (): never => {
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
    locationToRange: unasked,
    rangeToLocation: unasked,
    positionToIndex: unasked,
    indexToPosition: unasked,
  };
}
