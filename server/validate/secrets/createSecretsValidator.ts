import { createSecretFinder } from '../../secrets/createSecretFinder.js';
import type { FoundSecret, SecretFinder } from '../../secrets/secrets.js';
import type { Finding, Severity, SourceFile, Unknown, Validator } from '../validator.js';
import { fileRole } from '../fileRole.js';
import { byNameAlone, isSecretOfCode } from './isSecretOfCode.js';

/** Keys, passwords and tokens in what is written. `finder` is shared where there is one: it remembers texts by their hash. */
export function createSecretsValidator(finder: SecretFinder = createSecretFinder()): Validator {
  return {
    id: 'secrets',
    judges: 'Keys, passwords and tokens in the text',
    reach: 'typing',
    needsTrust: false,
    accepts: () => true,
    async examine(files, { folder }, signal) {
      const findings: Finding[] = [];
      let unknown: Unknown | null = null;
      for (const file of files) {
        signal.throwIfAborted();
        if (file.text.length > maxUnits) {
          unknown ??= { why: 'A file is too large to be searched for secrets.', remedy: null, missing: null };
          continue;
        }
        const found = await finder.find(file.text);
        if (found.length === 0) continue;
        const role = fileRole(file.path, folder);
        const secrets = found
          .map(secret => withoutName(secret, file.text))
          .filter(secret => isSecretOfCode(secret, file.text, role));
        findings.push(...secrets.map(secret => findingOf(secret, file)));
      }
      return { findings, unknown };
    },
  };
}

/** Some rules mark the name with the value. */
function withoutName(secret: FoundSecret, text: string): FoundSecret {
  const name = /^[A-Za-z][\w.-]{2,60}["']?\s{0,4}[:=]\s{0,4}["']?(?=\S{8})/.exec(text.slice(secret.start, secret.end));
  return name === null || !byNameAlone.has(secret.kind) ? secret : { ...secret, start: secret.start + name[0].length };
}

const maxUnits = 2_000_000;

function findingOf({ start, end, kind }: FoundSecret, { path }: SourceFile): Finding {
  const name = kind.replaceAll('-', ' ');
  return {
    rule: `secrets/${kind}`,
    severity: severityOf(kind),
    path,
    start,
    end,
    message: `This looks like ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}. Keep it out of the text: read it from the environment or from a store of secrets.`,
    fix: null,
  };
}

/** What has the form of a key opens something; of what is only called one that is likely. */
function severityOf(kind: string): Severity {
  return byNameAlone.has(kind) ? 'high' : 'critical';
}
