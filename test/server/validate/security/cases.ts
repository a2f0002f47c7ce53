import assert from 'node:assert/strict';
import { languageOf } from '../../../../grammars/registry.js';
import { createGrammars, type Grammars } from '../../../../grammars/parse.js';
import { examineCode } from '../../../../server/validate/code/examineCode.js';
import type { SecurityRule } from '../../../../server/validate/security/families.js';
import { findSecurityDangers } from '../../../../server/validate/security/securityRule.js';
import { hasSinkWord } from '../../../../server/validate/security/sinkWords.js';
import type { Finding } from '../../../../server/validate/validator.js';
import { grammarFolders } from '../../../support/grammarFolders.js';

/** For each extension: texts in which the rule finds something of that severity, and texts in which no rule finds anything. */
export interface Cases {
  readonly [extension: string]: {
    readonly found: readonly (readonly [severity: Finding['severity'], text: string])[];
    readonly clean: readonly string[];
  };
}

/** A test for each case of one rule. */
export function checkRule(rule: SecurityRule, cases: Cases): void {
  describe(rule, () => {
    let grammars: Grammars;
    before(async () => {
      grammars = await createGrammars(grammarFolders);
    });
    after(() => grammars.dispose());

    const find = (extension: string, text: string): readonly Finding[] => {
      const path = `/w/a.${extension}`;
      const grammar = languageOf(path, '', text)?.grammar ?? '';
      const findings = examineCode(grammars, { path, languageId: '', text }, [findSecurityDangers]) ?? [];
      if (findings.length > 0) assert.ok(hasSinkWord(text, grammar), 'a word shows that it is worth a look');
      return findings;
    };

    for (const [extension, { found, clean }] of Object.entries(cases)) {
      for (const [severity, text] of found) {
        it(`${severity} in ${extension}: ${text}`, () => {
          const findings = find(extension, text);
          assert.deepEqual(
            findings.map(finding => `${finding.rule} ${finding.severity}`),
            [`${rule} ${severity}`],
          );
          for (const { start, end, message } of findings) {
            assert.ok(start < end && end <= text.length);
            assert.match(message, /^[A-Z].*\.$/);
          }
        });
      }
      for (const text of clean)
        it(`nothing in ${extension}: ${text}`, () => assert.deepEqual(find(extension, text), []));
    }
  });
}
