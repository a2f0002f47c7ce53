import { cacheRoot } from '../../index/cacheFolder.js';
import type { Entries } from '../base/entries.js';
import type { Log } from '../base/log.js';
import { createSandbox } from '../sandbox/createSandbox.js';
import { createCodeExaminer, type CodeExaminer } from './code/codeExaminer.js';
import { createSyntaxValidator } from './code/createSyntaxValidator.js';
import { createDataValidator } from './data/createDataValidator.js';
import { createFormattingValidator } from './formatting/createFormattingValidator.js';
import { createGoVetValidator } from './go/createGoVetValidator.js';
import { createJavacValidator } from './java/createJavacValidator.js';
import { createLicencesValidator } from './licences/createLicencesValidator.js';
import { createLintingValidator } from './linting/createLintingValidator.js';
import { createNamesValidator } from './names/createNamesValidator.js';
import { createPackagesValidator } from './packages/createPackagesValidator.js';
import { createPythonReader } from './python/createPythonReader.js';
import { createPyrightValidator } from './python/createPyrightValidator.js';
import { createRuffValidator } from './python/createRuffValidator.js';
import { createRuff } from './python/ruffClient.js';
import { createSecretsValidator } from './secrets/createSecretsValidator.js';
import { createCargoValidator } from './rust/createCargoValidator.js';
import { createScriptReader } from './typescript/createScriptReader.js';
import { createSecurityValidator } from './security/createSecurityValidator.js';
import { createTypescriptValidator } from './typescript/createTypescriptValidator.js';
import { createTestsValidator } from './tests/createTestsValidator.js';
import { isLeftOut } from './tests/leftOut.js';
import type { Validator } from './validator.js';

export interface ValidatorsOptions {
  readonly entries: Entries;
  readonly log: Log;
  /** Shared with who else goes by syntax trees; one of its own where absent. */
  readonly code?: CodeExaminer;
  /** Where tools are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The gate, in the order in which it is shown. To add a validator is one file and one line. */
export function createValidators({ entries, log, env, code: shared }: ValidatorsOptions): readonly Validator[] {
  const { wasmFolder, queryFolder } = entries;
  const code = shared ?? createCodeExaminer({ entry: entries.codeThread, wasmFolder, queryFolder, log });
  const sandbox = createSandbox({ leaveOut: isLeftOut, env });
  const ruff = createRuff({ entry: entries.ruffThread, log });
  return [
    createSyntaxValidator(code, [createPythonReader(ruff), createScriptReader({ entry: entries.scriptThread, log })]),
    createDataValidator(),
    createSecretsValidator(),
    createSecurityValidator(code),
    createLicencesValidator(),
    createTypescriptValidator({ entries, log }),
    createPyrightValidator({ env, log }),
    createRuffValidator({ entries, log, ruff }),
    createNamesValidator({ entries, log, env }),
    createPackagesValidator(),
    createGoVetValidator({ env }),
    createJavacValidator({ env }),
    createCargoValidator({ env, sandbox, cacheRoot: cacheRoot(env) }),
    createFormattingValidator({ entries, ruff, env, log }),
    createLintingValidator({ env, log }),
    createTestsValidator({ sandbox }),
  ];
}
