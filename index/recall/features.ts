import type { Candidate, Candidates } from './candidates.js';
import type { DocumentStream } from './documentStream.js';
import { columnOf, featureCount } from './featureNames.js';
import type { Progress } from './progress.js';
import { bracketChange, type Query } from './query.js';
import { idMask, kindOf, newline } from './tokenKinds.js';
import type { Vocabulary } from './vocabulary.js';

const farAway = 20;
const noVotes = -1;

/** Fills `row` with what speaks for a candidate, in the order of `featureNames`. */
export function fillFeatures(
  row: Float32Array,
  candidate: Candidate,
  candidates: Candidates,
  query: Query,
  progress: Progress,
  document: DocumentStream,
  vocabulary: Vocabulary,
): void {
  row.fill(0, 0, featureCount);
  fillVotes(row, candidate, candidates);
  fillMatches(row, candidate, candidates);
  fillToken(row, candidate, query, progress, vocabulary);
  fillOccurrences(row, candidate.id, query, document);
  fillPlace(row, query, progress, vocabulary);
}

function fillVotes(row: Float32Array, candidate: Candidate, candidates: Candidates): void {
  const { total, totalInDocument, totalInWorkspace, totalRenamed, totalAgreeing, top } = candidates;
  const share = total > 0 ? candidate.weight / total : 0;
  row[columnOf.share] = share;
  row[columnOf.logShare] = Math.log2(share + 1e-3);
  row[columnOf.shareInDocument] = totalInDocument > 0 ? candidate.inDocument / totalInDocument : noVotes;
  row[columnOf.shareInWorkspace] = totalInWorkspace > 0 ? candidate.inWorkspace / totalInWorkspace : noVotes;
  row[columnOf.shareRenamed] = totalRenamed > 0 ? candidate.renamed / totalRenamed : noVotes;
  row[columnOf.shareDeleted] = total > 0 ? candidate.deleted / total : 0;
  row[columnOf.shareAgreeingAfter] = totalAgreeing > 0 ? candidate.agreeing / totalAgreeing : 0;
  row[columnOf.nGram] = candidate.nGram;
  const topWeight = top?.weight ?? 0;
  row[columnOf.isTop] = candidate === top ? 1 : 0;
  row[columnOf.ratioToTop] = topWeight > 0 ? candidate.weight / topWeight : 0;
  const rival = candidate === top ? candidates.secondWeight : topWeight;
  row[columnOf.margin] = total > 0 ? (candidate.weight - rival) / total : 0;
  row[columnOf.candidates] = candidates.count;
  row[columnOf.votes] = Math.log2(1 + candidate.votes);
  row[columnOf.allVotes] = Math.log2(1 + candidates.totalVotes);
  row[columnOf.files] = Math.log2(1 + candidate.files);
}

function fillMatches(row: Float32Array, candidate: Candidate, candidates: Candidates): void {
  row[columnOf.longestInDocument] = Math.log2(1 + candidate.longestInDocument);
  row[columnOf.longestInWorkspace] = Math.log2(1 + candidate.longestInWorkspace);
  row[columnOf.longestRenamed] = Math.log2(1 + candidate.longestRenamed);
  row[columnOf.longest] = Math.log2(1 + candidates.longest);
  row[columnOf.distance] = candidate.distance < 0 ? farAway : Math.log2(1 + candidate.distance);
  row[columnOf.freshness] = candidate.freshness;
  row[columnOf.sameFolder] = candidate.sameFolder;
  row[columnOf.sameLanguage] = candidate.sameLanguage;
  row[columnOf.agreesAfter] = candidate.agreesAfter;
  const { weight } = candidate;
  row[columnOf.shareSameIndent] = weight > 0 ? candidate.sameIndent / weight : noVotes;
  row[columnOf.shareSameRegion] = weight > 0 ? candidate.sameRegion / weight : noVotes;
}

function fillToken(
  row: Float32Array,
  candidate: Candidate,
  query: Query,
  progress: Progress,
  vocabulary: Vocabulary,
): void {
  const { id } = candidate;
  const kind = vocabulary.kinds[id]!;
  row[columnOf.class] = kind;
  row[columnOf.chars] = vocabulary.chars(id);
  row[columnOf.gap] = id === newline || progress.column === 0 ? 2 : candidate.gap > 0 ? 1 : 0;
  const change = bracketChange(kind);
  row[columnOf.bracket] = change > 0 ? -1 : change < 0 ? (progress.openBrackets <= 0 ? 2 : 1) : 0;
  row[columnOf.newline] = id === newline ? (progress.openBrackets > 0 ? 2 : 1) : 0;
  row[columnOf.scopeRank] = candidate.scopeRank;
  row[columnOf.workspaceCount] = Math.log2(1 + vocabulary.counts[id]!);
  row[columnOf.equalsAfter] = query.afterCount > 0 && query.after[0] === id ? 1 : 0;
  for (let i = 0; i < query.nearCount; i++) if (query.after[i] === id) row[columnOf.inLineAfter] = 1;
  const { above, twoAbove } = progress;
  row[columnOf.sameAbove] = progress.column < above.count && above.ids[progress.column] === id ? 1 : 0;
  row[columnOf.sameTwoAbove] = progress.column < twoAbove.count && twoAbove.ids[progress.column] === id ? 1 : 0;
  let repeated = 0;
  for (let i = query.given; i < query.length; i++) if (query.context[i] === id) repeated++;
  row[columnOf.repeated] = repeated;
}

/** How often, how near and behind what the token stands in the document: its chain of single tokens tells. */
function fillOccurrences(row: Float32Array, id: number, query: Query, document: DocumentStream): void {
  const { chains, words } = document;
  const previous = chains.previous[3]!;
  oneToken[0] = id;
  chains.hash(oneToken, 0, 1, noKinds);
  let position = chains.heads[3]![chains.slots[3]!]! - 1;
  const before = query.length > 0 ? query.context[query.length - 1]! : -1;
  let count = 0;
  let nearest = -1;
  let followsSame = 0;
  for (let walked = 0; position >= 0 && walked < 48; walked++, position = previous[position]! - 1) {
    if ((words[position]! & idMask) !== id || !document.isAlive(position)) continue;
    if (position >= query.hiddenFrom && position < query.hiddenTo) continue;
    count++;
    const distance = query.offset - document.offsetOf(position);
    if (distance > 0 && (nearest < 0 || distance < nearest)) nearest = distance;
    if (followsSame === 0) {
      const beforeIt = document.previous(position);
      if (beforeIt >= 0 && (words[beforeIt]! & idMask) === before) followsSame = 1;
    }
  }
  row[columnOf.documentCount] = Math.log2(1 + count);
  row[columnOf.documentRecency] = nearest < 0 ? farAway : Math.log2(1 + nearest);
  row[columnOf.newInDocument] = count === 0 && row[columnOf.class] === kindOf.identifier ? 1 : 0;
  row[columnOf.followsSame] = followsSame;
}

const oneToken = new Int32Array(1);
const noKinds = new Uint8Array(0);

function fillPlace(row: Float32Array, query: Query, progress: Progress, vocabulary: Vocabulary): void {
  const { context, length } = query;
  const { kinds } = vocabulary;
  row[columnOf.previousClass] = length > 0 ? kinds[context[length - 1]!]! : kindOf.endOfFile;
  row[columnOf.beforePreviousClass] = length > 1 ? kinds[context[length - 2]!]! : kindOf.endOfFile;
  row[columnOf.step] = Math.min(progress.step, 40);
  row[columnOf.column] = progress.column;
  row[columnOf.openBrackets] = progress.openBrackets;
  row[columnOf.typedChars] = progress.step === 0 ? query.typed.length : 0;
  row[columnOf.typedBlanks] = progress.step === 0 && query.hasBlanksBefore ? 1 : 0;
  row[columnOf.region] = query.region;
  row[columnOf.indentChange] = progress.line === 0 ? Math.max(-32, Math.min(32, query.indentChange)) : 0;
  row[columnOf.suffix] = query.suffix === '' ? 0 : /^[)\]}"'`;,:>]*$/.test(query.suffix) ? 1 : 2;
}
