import type { Output } from './command.js';
import { createPaint } from './paint.js';
import { cutTo } from './table.js';
import { controlOf, showControls } from './terminal.js';

export interface ProgressBar {
  /** `share` from 0 to 1, or null while the end is not known. */
  show(share: number | null, message: string): void;
  /** Takes the bar away. */
  clear(): void;
}

/** One line on a terminal, redrawn in place; silent elsewhere. */
export function createProgressBar(output: Output, env: Readonly<Record<string, string | undefined>>): ProgressBar {
  if (output.isTTY !== true || env['TERM'] === 'dumb') return { show: () => {}, clear: () => {} };
  const paint = createPaint(output, env);
  const control = controlOf(output);
  // Back to the first column, and nothing right of it.
  const start = control('1', 'G') + control('', 'K');
  let drawnAtMs = -Infinity;
  let drawn = '';
  return {
    show(share, message) {
      const now = performance.now();
      if (now - drawnAtMs < 50 && share !== 1) return;
      drawnAtMs = now;
      const bar = share === null ? '' : `${drawBar(share)} ${`${Math.floor(share * 100)}`.padStart(3)} % `;
      const line = bar + cutTo(showControls(message), Math.max(0, paint.columns - bar.length - 1));
      if (line === drawn) return;
      drawn = line;
      output.write(start + (bar === '' ? line : paint.cyan(bar) + line.slice(bar.length)));
    },
    clear() {
      if (drawn !== '') output.write(start);
      drawn = '';
    },
  };
}

const width = 28;

function drawBar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '━'.repeat(filled) + '─'.repeat(width - filled);
}
