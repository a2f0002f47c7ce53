/**
 * Plants secrets into real code, shows each to the redactor as a completion would, with the cursor somewhere near, and counts
 * what is still to be seen; then the same with what is no secret, and counts what is gone.
 *
 *   node out/test/privacy/redaction.js [SECRETS] [TOKENS] [SEED]
 */
import { createRedactor } from '../../server/model/redact.js';
import { createSecretFinder } from '../../server/secrets/createSecretFinder.js';
import { measureHarmless, measurePlanted } from './measure.js';

const [secrets = 5000, tokens = 20_000, seed = 1] = process.argv.slice(2).map(Number);
const redactor = createRedactor(createSecretFinder());
const planted = await measurePlanted(redactor, seed, secrets);
const harmless = await measureHarmless(redactor, seed, tokens);

for (const { kind, shown, line } of planted.survivors.slice(0, 40))
  process.stdout.write(`seen: ${kind}: ${shown} in ${line}\n`);
for (const { kind, line, became } of harmless.masked.slice(0, 40))
  process.stdout.write(`masked: ${kind}: ${line} -> ${became}\n`);
process.stdout.write(
  `${planted.survivors.length} of ${planted.planted} secrets of ${planted.kinds} kinds could still be seen\n`,
);
process.stdout.write(
  `${harmless.masked.length} of ${harmless.tokens} harmless tokens of ${harmless.kinds} kinds were masked\n`,
);
process.exitCode = planted.survivors.length === 0 && harmless.masked.length <= harmless.tokens / 1000 ? 0 : 1;
