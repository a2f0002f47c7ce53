/** Every command, as clients call it. These names are the contract's: add freely, rename never. */
export const commandNames = [
  'understudy.accepted',
  'understudy.status',
  'understudy.toggle',
  'understudy.snooze',
  'understudy.search',
  'understudy.trace',
  'understudy.undo',
] as const;
