import type { PackageVersion } from '../../support/registry/fetchPackage.js';
import type { Stage } from './editors.js';

/**
 * A project that is not ours, with two files more. The place in `file` can go on in three ways that its tokens do not tell
 * apart, so that recall is unsure; the model takes one of them from its prompt, or the next best where they are not in it.
 * Every name that could follow stands in one of the two files alone.
 */
export const ledgerProject = {
  version: { registry: 'npm', name: 'rxjs', version: '7.8.2' } satisfies PackageVersion,
  parts: ['src', 'package.json'],
  /** The file with the names that fit best. */
  secret: 'src/internal/util/marbleLedger.ts',
  file: 'src/internal/util/settleN.ts',
  standing: `import { MarbleLedger } from './marbleLedger';

export function settleMarbles(ledger: MarbleLedger, rate: number): number {
  `,
  typed: 'const outstanding = ledger.com',
  /** What only the file above can make of it. */
  names: /pute(?:MarbleDrift|MarbleFloor|PebbleSum)\b/,
  /** What is left when that file must not be seen. */
  otherNames: /bine(?:Stones|Shells)\b/,
} as const;

export async function writeLedgerFiles(stage: Stage): Promise<void> {
  await stage.write(ledgerProject.secret, marbleLedger);
  await stage.write('src/internal/util/stoneLedger.ts', stoneLedger);
}

const marbleLedger = `export interface MarbleLedger {
  computeMarbleDrift(rate: number): number;
  computeMarbleFloor(rate: number): number;
  computePebbleSum(rate: number): number;
}

export function driftOfMarbles(ledger: MarbleLedger, rate: number): number {
  const outstanding = ledger.computeMarbleDrift(rate);
  return outstanding;
}

export function floorOfMarbles(ledger: MarbleLedger, rate: number): number {
  const outstanding = ledger.computeMarbleFloor(rate);
  return outstanding;
}

export function sumOfPebbles(ledger: MarbleLedger, rate: number): number {
  const outstanding = ledger.computePebbleSum(rate);
  return outstanding;
}
`;

const stoneLedger = `export interface StoneLedger {
  combineStones(rate: number): number;
  combineShells(rate: number): number;
}

export function settleStones(oldger: StoneLedger, rate: number): number {
  const outstanding = oldger.combineStones(rate);
  return outstanding;
}

export function settleShells(oldger: StoneLedger, rate: number): number {
  const outstanding = oldger.combineShells(rate);
  return outstanding;
}
`;
