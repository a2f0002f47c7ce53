import { randomInt } from 'node:crypto';
import type { Output } from './command.js';

/**
 * What all that commands print goes through. Names of files, licences, words of servers and code are foreign: what would
 * steer a terminal is shown as `\uXXXX`, which JSON reads as the same character. Only sequences of our own, which `control`
 * makes and nobody can forge, come through.
 */
export function guardTerminal(output: Output): Output {
  const mark = createMark();
  const own = new RegExp(String.raw`(\x1b\[\d*)${mark}([A-Za-z])`);
  return {
    ...(output.isTTY === undefined ? {} : { isTTY: output.isTTY }),
    get columns() {
      return output.columns ?? 100;
    },
    control: (parameter, letter) => `\x1b[${parameter}${mark}${letter}`,
    write(text) {
      // Split by two groups: foreign text, then the two halves of a sequence of ours, and so on.
      const parts = text.split(own);
      return output.write(parts.map((part, at) => (at % 3 === 0 ? escapeAll(part, steering) : part)).join(''));
    },
  };
}

/** A control sequence of ours, marked where the output is guarded. */
export function controlOf({ control }: Output): (parameter: string, letter: string) => string {
  return control ?? ((parameter, letter) => `\x1b[${parameter}${letter}`);
}

/** A foreign name as part of one line: breaks of lines are shown, too. */
export function showControls(text: string): string {
  return escapeAll(text, steeringOrBreaking);
}

/** For lines that may hold sequences of ours already. */
export function showBreaks(line: string): string {
  return escapeAll(line, /[\n\r]/g);
}

/** Control characters but for tabs and ends of lines, and marks that turn the direction of what follows. */
const steering = /(?![\n\t]|\r\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const steeringOrBreaking = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function escapeAll(text: string, pattern: RegExp): string {
  return text.replace(pattern, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Reads as further parameters of a sequence, so that whoever measures a line takes it for one. New for each run. */
function createMark(): string {
  return Array.from({ length: 4 }, () => `;${randomInt(1000, 10_000)}`).join('');
}
