import type { Severity } from '../validator.js';

export interface Rule {
  readonly rule: string;
  readonly severity: Severity;
}

const high = (rule: string): Rule => ({ rule: `names/${rule}`, severity: 'high' });
const medium = (rule: string): Rule => ({ rule: `types/${rule}`, severity: 'medium' });

/**
 * What the compiler's codes mean to us. What is not listed here is no finding: style, unused names, settings, and names that
 * an environment brings whose types are not installed (2580-2584, 2591-2593) or that a newer library has (2550).
 */
export const ruleOfCode: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  ...each([2304, 2552, 2662, 2663, 2503, 18004], high('unknown-name')),
  ...each([2339, 2551, 2576, 2568, 2694], high('unknown-member')),
  ...each([2307, 2792, 2834, 2835, 2882], high('unknown-module')),
  ...each([2305, 2306, 2614, 2724, 2613, 1192, 2459, 2460], high('unknown-export')),
  ...each([2353, 2561], high('unknown-property')),
  ...each([2554, 2555, 2556, 2558, 2575, 2743], medium('arity')),
  ...each([2345, 2769, 2684], medium('argument')),
  ...each([2322, 2820, 2741, 2739, 2740, 2559, 2352], medium('assignment')),
  ...each([2349, 2351, 2348], medium('not-callable')),
  ...each([2365, 2362, 2363, 2367], medium('operands')),
  ...each([2416, 2420, 2415, 2417, 2515, 2654, 18052], medium('does-not-fulfil')),
  ...each([2531, 2532, 2533, 18046, 18047, 18048], medium('possibly-nothing')),
  ...each([2588, 2540, 2341, 2445, 2704], medium('no-access')),
  ...each([2300, 2451, 2393, 2440], medium('declared-twice')),
  ...each([2693, 2749, 2709], medium('type-or-value')),
  ...each([2366, 2355], medium('no-return')),
]);

function each(codes: readonly number[], rule: Rule): readonly (readonly [number, Rule])[] {
  return codes.map(code => [code, rule] as const);
}
