import { compareTexts } from '../../index/recall/textChange.js';
import type { Finding, SourceFile } from './validator.js';

/** What tells a finding from others: see `Validator.identity`. */
export type Identity = (finding: Finding, file: SourceFile) => string;

/** Rule, message and the marked text, white space folded; of an empty mark the line. */
export const defaultIdentity: Identity = ({ rule, message, start, end }, { text }) => {
  const marked = start === end ? lineAround(text, start) : text.slice(start, end);
  return `${rule}\0${message}\0${marked.replace(/\s+/g, ' ').trim()}`;
};

/**
 * Findings of the state after a change that are more than there were before: as many of each identity and file as came on top.
 * Of several alike those count as new that lie where the text has changed.
 */
export function newFindings(
  before: readonly Finding[],
  after: readonly Finding[],
  filesBefore: ReadonlyMap<string, SourceFile>,
  filesAfter: ReadonlyMap<string, SourceFile>,
  identity: Identity = defaultIdentity,
): readonly Finding[] {
  const known = countsOf(before, filesBefore, identity);
  const groups = new Map<string, Finding[]>();
  for (const finding of after) {
    const file = filesAfter.get(finding.path);
    if (file === undefined) continue;
    const key = keyOf(finding, file, identity);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups].flatMap(([key, findings]) => {
    const added = findings.length - (known.get(key) ?? 0);
    if (added <= 0) return [];
    const inside = (finding: Finding): number =>
      isInChange(finding, filesBefore.get(finding.path), filesAfter.get(finding.path)) ? 0 : 1;
    return findings
      .map((finding, at) => ({ finding, at, rank: inside(finding) }))
      .sort((left, right) => left.rank - right.rank || left.at - right.at)
      .slice(0, added)
      .map(({ finding }) => finding);
  });
}

function countsOf(
  findings: readonly Finding[],
  files: ReadonlyMap<string, SourceFile>,
  identity: Identity,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    const file = files.get(finding.path);
    if (file === undefined) continue;
    const key = keyOf(finding, file, identity);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function keyOf(finding: Finding, file: SourceFile, identity: Identity): string {
  return `${finding.path}\0${identity(finding, file)}`;
}

/** Between what both texts begin with and what both end with. */
function isInChange(finding: Finding, before: SourceFile | undefined, after: SourceFile | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  const { start, newEnd } = compareTexts(before.text, after.text);
  return finding.start <= newEnd && finding.end >= start;
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? text.length : end);
}
