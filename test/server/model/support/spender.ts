/** A process of its own that spends from a shared budget: `node spender.js STATE_ROOT REQUESTS LIMIT`. Prints what it was allowed. */
import { silentLog } from '../../../../server/base/log.js';
import { ModelFailure } from '../../../../server/model/backend.js';
import { createBudget } from '../../../../server/model/budget.js';

const [stateRoot = '', requests = '0', limit = '0'] = process.argv.slice(2);
const limits = { daily: { tokens: Number(limit), usd: null }, monthly: { tokens: null, usd: null } };
const budget = createBudget({ stateRoot, limits: () => limits, now: Date.now, log: silentLog });
await budget.load();
let allowed = 0;
await Promise.all(
  Array.from({ length: Number(requests) }, async () => {
    try {
      const charge = { backend: 'team', model: 'coder', worst: { prompt: 90, completion: 10 }, price: null };
      const reservation = await budget.reserve(charge);
      await reservation.settle({ prompt: 90, completion: 10 });
      allowed++;
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
    }
  }),
);
process.stdout.write(String(allowed));
