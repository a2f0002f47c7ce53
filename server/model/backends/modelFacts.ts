import { adviceOf } from '../advice.js';
import type { FillInWay, Known, ModelFacts } from '../backend.js';
import { licenceOf } from '../licences.js';
import { looksInstruct, looksThinking, parametersOf, quantisationOf } from '../modelNames.js';
import { trainsOnInput } from '../trainsOnInput.js';

/** What a server has told of a model; null for what it has not. */
export interface Told {
  /** As the server calls it, and as it is asked for. */
  readonly name: string;
  /** With its file's name where that is known: a server may call it anything. */
  readonly spokenName?: string;
  readonly host: string;
  readonly fillIn: FillInWay | null;
  readonly chat: boolean;
  readonly embeddings: boolean;
  readonly thinking: boolean | null;
  readonly template: string | null;
  /** Of the model's own metadata: `Instruct`, `Base`, or anything. */
  readonly finetune: string | null;
  readonly contextTokens: number | null;
  readonly parameters: number | null;
  readonly quantisation: string | null;
  readonly licence: string | null;
  /** Where the server knows better than the table of hosts. */
  readonly trains?: Known<boolean>;
  readonly runsElsewhere?: string | null;
  /** What this server has to say besides. */
  readonly advice?: readonly string[];
}

/** What is known of a model: what its server tells, and where it does not, what is known by its name or its host. */
export function factsFrom(told: Told): ModelFacts {
  const {
    name,
    spokenName = name,
    host,
    fillIn,
    chat,
    embeddings,
    template,
    contextTokens,
    runsElsewhere = null,
  } = told;
  const thinking = told.thinking ?? (chat && looksThinking(spokenName, template));
  const instruct = isInstruct(told.finetune, spokenName, template);
  const licence = licenceOf(spokenName, told.licence);
  const quantisation = told.quantisation ?? quantisationOf(spokenName);
  return {
    name,
    fillIn,
    chat,
    embeddings,
    thinking,
    instruct,
    contextTokens,
    parameters: told.parameters ?? parametersOf(spokenName),
    licence,
    trainsOnInput: runsElsewhere === null ? (told.trains ?? trainsOnInput(host, name)) : trainsOnInput(runsElsewhere),
    runsElsewhere,
    advice: [
      ...(told.advice ?? []),
      ...adviceOf({ name, fillIn, instruct, thinking, licence, quantisation, embeddings }),
    ],
  };
}

function isInstruct(finetune: string | null, name: string, template: string | null): boolean {
  if (finetune !== null && /instruct|chat|\bit\b/i.test(finetune)) return true;
  if (finetune !== null && /base/i.test(finetune)) return false;
  return looksInstruct(name, template);
}
