import { Failure } from '../../base/failure.js';
import type { Log } from '../../base/log.js';
import { notKnown, type Finding, type Validator, type Workplace } from '../validator.js';
import { stateFiles } from '../stateFiles.js';
import { isPython } from './pythonFile.js';
import { createPyrightProjects } from './pyrightProjects.js';
import { pyrightFinding } from './pyrightFindings.js';

export interface PyrightValidatorOptions {
  /** Of the server: where programs are looked for, and which environment is active. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** A file of our own package, beside which pyright may be installed; null: not looked for there. */
  readonly own?: URL | null;
  /** How long one question of one file may take, starting pyright and reading a project anew included. */
  readonly deadlineMs?: number;
  /** How long pyright outlives the last question. */
  readonly idleMs?: number;
  /** Hears of each pyright that is started, so that its memory can be looked at. */
  readonly onStart?: (pid: number) => void;
}

/**
 * Names that are used in Python and nowhere declared, by pyright in a child process. In a workspace that is not trusted
 * nothing of it is run: no interpreter of it, no pyright of it, and none of its configuration is read by pyright.
 */
export function createPyrightValidator(options: PyrightValidatorOptions): Validator {
  const { deadlineMs = 20_000, log } = options;
  const projects = createPyrightProjects(options);
  return {
    id: 'pyright',
    judges:
      'Python: members, names, parameters, modules and packages that do not exist, by pyright where it is installed',
    reach: 'edit',
    needsTrust: false,
    looksAround: true,
    accepts: isPython,
    async examine(files, workplace: Workplace, signal) {
      const limit = AbortSignal.timeout(deadlineMs + (files.length - 1) * moreMs);
      const findings: Finding[] = [];
      try {
        for await (const { group, project } of projects.of(files, workplace)) {
          if (project === null) return { ...missing, findings };
          const either = AbortSignal.any([signal, limit]);
          const answer = await project.examine(group, stateFiles(workplace.overlay), either);
          for (const [index, file] of group.entries()) {
            for (const diagnostic of answer.diagnostics[index] ?? []) {
              const finding = await pyrightFinding(file, diagnostic, answer, either);
              if (finding !== null) findings.push(finding);
            }
          }
        }
        return { findings, unknown: null };
      } catch (error) {
        signal.throwIfAborted();
        if (limit.aborted) {
          await projects.giveUp();
          log.warn(`pyright did not answer within ${deadlineMs} ms; the next question starts another.`);
          return {
            ...notKnown('pyright did not answer in time.', 'It is started anew for the next change.', 'pyright'),
            findings,
          };
        }
        if (!(error instanceof Failure)) throw error;
        log.warn(`pyright failed: ${error.message}`, error.cause);
        return {
          ...notKnown('pyright failed.', error.remedy ?? 'It is started anew after a while.', 'pyright'),
          findings,
        };
      }
    },
    dispose: () => projects.dispose(),
  };
}

/** For each further file of a question. */
const moreMs = 1000;

const missing = notKnown(
  'pyright is not installed, so that members, parameters and modules of Python code are not checked.',
  'Install it with npm install -g pyright, or with pip install pyright outside the workspace.',
  'pyright',
);
