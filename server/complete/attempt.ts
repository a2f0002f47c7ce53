import type { SkipReason } from '../../index/codeIndex.js';
import type { Recall } from '../../index/recall/recall.js';
import type { Trees } from '../../grammars/trees.js';
import type { DocSnapshot } from '../base/snapshot.js';
import type { Settings } from '../config/schema.js';
import type { JudgeInsertion } from '../validate/security/createInsertionJudge.js';
import type { Candidate } from './candidate.js';
import type { CompletionRequest, ReasonCode } from './completer.js';
import type { ModelParts } from './model/askModel.js';
import type { Ground } from './ground.js';
import type { FindImports } from './importBook.js';
import type { LineState } from './lexLine.js';
import type { OpenText } from './openTexts.js';
import type { Place } from './place.js';
import type { Switches } from './switches.js';

export type InlineSettings = Settings['inline'];

/** What the steps may ask. */
export interface Parts {
  readonly recall: Recall;
  readonly trees: Trees;
  readonly settings: (uri: string) => InlineSettings;
  readonly exclusion: (path: string) => SkipReason | null;
  readonly switches: Switches;
  /** Milliseconds since the epoch, with fractions where the clock has them. */
  readonly now: () => number;
  /** How long the tree thread is waited for; what it did not check passes, and the trace says so. */
  readonly checkDeadlineMs: number;
  /** Absent: there are no models at all. */
  readonly model?: ModelParts;
  /** Absent: nobody looks for imports. */
  readonly findImports?: FindImports;
  /** Absent: what a model writes is taken as it is. */
  readonly ground?: Ground;
  /** Absent: no danger is looked for in it. */
  readonly judgeInsertion?: JudgeInsertion;
}

/** One request on its way through the steps. Each step hands on a new one. */
export interface Attempt {
  readonly request: CompletionRequest;
  readonly snapshot: DocSnapshot;
  readonly settings: InlineSettings;
  readonly place: Place;
  readonly lineState: LineState;
  readonly open: OpenText;
  readonly candidate: Candidate | null;
  /** What else could be offered, should the candidate not pass; best first. */
  readonly others: readonly Candidate[];
  /** The id of the offer that stands and still fits: then nothing has to be found or checked anew. */
  readonly standingId: string | null;
  /** The tree thread had nothing to say of the candidate: no grammar, busy, or being restarted. */
  readonly unchecked: boolean;
}

/** Where an attempt ends without a suggestion. */
export interface Ended {
  readonly ended: ReasonCode;
}

export type StepResult = Attempt | Ended;

export interface Step {
  readonly name: string;
  run(attempt: Attempt, parts: Parts, signal: AbortSignal): StepResult | Promise<StepResult>;
}

/** Units of the candidate that are typed already. */
export function typedUnits(attempt: Attempt, candidate: Candidate): number {
  return attempt.request.offset - candidate.start;
}
