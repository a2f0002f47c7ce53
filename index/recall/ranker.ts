import { Failure } from '../../server/base/failure.js';
import { featureNames } from './featureNames.js';

/**
 * Gradient-boosted trees as arrays, one entry per node, as JSON:
 *
 *   {
 *     "version": 1,
 *     "features": ["share", "logShare", …],   // exactly `featureNames`, in order, or the weights are refused
 *     "f": [0, -1, …],                        // column of the feature that a node asks, -1 in a leaf
 *     "th": [0.25, 0, …],                     // go left when row[f] <= th
 *     "l": [1, 0, …], "r": [2, 0, …],         // children; both greater than the node's own index
 *     "v": [0, -1.5, …],                      // value of a leaf
 *     "roots": [0, 29, …],                    // first node of each tree
 *     "learnt": { … }                         // free: sources, date, parameters, figures; not read
 *   }
 *
 * Probability of a row = 1 / (1 + exp(-(sum over the trees of the value of the leaf that the row reaches))).
 * There is no bias beside the trees: LightGBM's boost_from_average adds it to the first tree by itself.
 */
export interface Weights {
  readonly version: 1;
  readonly features: readonly string[];
  readonly f: readonly number[];
  readonly th: readonly number[];
  readonly l: readonly number[];
  readonly r: readonly number[];
  readonly v: readonly number[];
  readonly roots: readonly number[];
  readonly learnt?: unknown;
}

/** Gives the probability that a candidate is what comes next, from its feature row. */
export interface Ranker {
  probability(row: Float32Array): number;
}

/** Checks and compiles weights. Raises a Failure of kind `damaged` for anything that is not what `Weights` says. */
export function createRanker(weights: unknown): Ranker {
  const checked = checkedWeights(weights);
  const feature = Int16Array.from(checked.f);
  // Rows hold single precision, so thresholds are rounded the same way: a value equal to its threshold goes left.
  const threshold = Float32Array.from(checked.th);
  const left = Int32Array.from(checked.l);
  const right = Int32Array.from(checked.r);
  const value = Float64Array.from(checked.v);
  const roots = Int32Array.from(checked.roots);
  return {
    probability(row) {
      let sum = 0;
      for (let tree = 0; tree < roots.length; tree++) {
        let node = roots[tree]!;
        let column = feature[node]!;
        while (column >= 0) {
          node = row[column]! <= threshold[node]! ? left[node]! : right[node]!;
          column = feature[node]!;
        }
        sum += value[node]!;
      }
      return 1 / (1 + Math.exp(-sum));
    },
  };
}

function checkedWeights(weights: unknown): Weights {
  if (!isRecord(weights) || weights['version'] !== 1) throw damaged('their version is not 1');
  const { features, f, th, l, r, v, roots } = weights;
  if (!Array.isArray(features) || features.join() !== featureNames.join())
    throw damaged('they were learnt from other features');
  if (!isNumbers(f) || !isNumbers(th) || !isNumbers(l) || !isNumbers(r) || !isNumbers(v) || !isNumbers(roots))
    throw damaged('an array is missing');
  if ([th, l, r, v].some(array => array.length !== f.length)) throw damaged('their arrays differ in length');
  // Children behind their parent: no walk can go round in circles or leave the arrays.
  const sound = f.every((column, node) => {
    if (column < 0) return true;
    const [low, high] = [Math.min(l[node] ?? 0, r[node] ?? 0), Math.max(l[node] ?? 0, r[node] ?? 0)];
    return column < featureNames.length && low > node && high < f.length;
  });
  if (!sound || !roots.every(root => root >= 0 && root < f.length)) throw damaged('a tree is broken');
  return { version: 1, features: featureNames, f, th, l, r, v, roots };
}

function damaged(why: string): Failure {
  return new Failure('damaged', `The weights of recall cannot be used: ${why}.`, {
    remedy: 'Install Understudy again.',
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(entry => typeof entry === 'number' && Number.isFinite(entry));
}
