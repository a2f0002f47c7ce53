/** A person's calendar, by the machine's time zone: `2026-11-21`. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  return `${monthOf(ms)}-${pad(date.getDate())}`;
}

/** `2026-11` */
export function monthOf(ms: number): string {
  const date = new Date(ms);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}`;
}

function pad(number: number): string {
  return `${number}`.padStart(2, '0');
}
