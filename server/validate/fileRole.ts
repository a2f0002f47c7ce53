import { relative } from 'node:path';

/**
 * What a file is for, by its path within the workspace: `example` for tests, fixtures, examples and documents, where what
 * would be wrong in a program is shown or tried; `words` for what people read in their languages; else `program`.
 */
export function fileRole(path: string, folder: string | null): 'program' | 'example' | 'words' {
  const inside = folder === null ? null : relative(folder, path).replaceAll('\\', '/');
  // Outside, and where nothing is known of the folders, the name alone says something.
  const known =
    inside === null || inside.startsWith('..') ? path.replaceAll('\\', '/').split('/').slice(-2).join('/') : inside;
  if (exampleFolder.test(known) || exampleName.test(known)) return 'example';
  return words.test(known) ? 'words' : 'program';
}

const exampleFolder =
  /(?:^|\/)(?:tests?|t|testing|unittests?|__tests__|specs?|fixtures?|__fixtures__|test[-_]?(?:data|utils|helpers|cases|suite|files|resources)|mocks?|__mocks__|examples?|samples?|demos?|docs?|documentation|e2e|cypress|playground|tutorials?|benchmarks?|[\w-]+[-_]tests?)\//i;

const exampleName =
  /(?:[._-](?:tests?|spec|stories|mocks?|fixtures?|examples?|sample|e2e|cy|bench)\.[\w.]+|Tests?\.(?:java|kt|cs|php)|(?:^|\/)(?:test_[\w-]+|conftest|CHANGELOG|README)[\w-]*\.\w+|\.(?:example|sample|template|dist|md|mdx|rst|adoc|txt|ipynb|html?|tex|pot?|patch|diff|snap))$/i;

const words =
  /(?:^|\/)(?:i18n|l10n|locales?|langs?|languages|translations?|messages)\/|[._-](?:messages|strings|locale)\.\w+$/i;
