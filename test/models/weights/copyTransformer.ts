import { specialId, specialTokens, vocabularySize } from './byteVocabulary.js';
import { encodeGguf } from './gguf.js';
import {
  llamaHeader,
  llamaTensors,
  set,
  zeros,
  type LlamaLayer,
  type LlamaShape,
  type LlamaWeights,
  type Matrix,
} from './llama.js';
import { createRandom } from './random.js';

/**
 * A model compiled by hand, not trained: it goes on as the prompt went on where its last ten bytes stood before, and
 * ends where they never did. So a completion shows what was in the prompt, and nothing else.
 *
 * An induction head (Olsson et al. 2022, "In-context Learning and Induction Heads"). Every byte has a random code. Four
 * layers attend to exactly 1, 2, 4 and 4 positions back and bring the codes of the ten bytes before into places of their
 * own; the last layer compares these ten with the ten before every earlier position, and copies the byte found there.
 * What is a special token in the prompt is copied as the end of the text, and is what the last layer attends to where
 * nothing else fits.
 */
export function copyTransformer(): readonly Uint8Array[] {
  return encodeGguf(llamaHeader(shape), llamaTensors(weights()));
}

/** Half of a code serves for the bytes further back, which matter less. */
const codeWidth = 32;
const halfWidth = codeWidth / 2;
const nearPlaces = 4;
const farPlaces = 7;
/** How much a byte counts that is so many positions before the next one; the sum is 6.75. */
const importance = [1, 1, 0.9, 0.8, 0.7, 0.6, 0.55, 0.45, 0.4, 0.35] as const;
/** What the ten bytes must be worth for anything to be copied: about four in a row. */
const leastLikeness = 3.6;
/** How sharply the best place is preferred, in nats for one byte that fits. */
const sharpness = 40;

const farStart = nearPlaces * codeWidth;
const outStart = farStart + farPlaces * halfWidth;
const constantPlace = outStart + codeWidth;
const specialPlace = constantPlace + 1;
const endPlace = specialPlace + 1;

const shape: LlamaShape = {
  name: 'understudy-copy',
  layers: 5,
  width: 288,
  headWidth: 256,
  feedForward: 32,
  contextTokens: 32_768,
  // So large that most of the head's dimensions do not turn at all and can compare codes.
  ropeBase: 1e36,
};

/** Pairs of the head that turn with the position, from once in six bytes to once in 100,000: they find a distance. */
const turningPairs = 14;
/** Turns a little: of two places that fit alike, the nearer one. */
const nearnessPair = 15;
/** From here on nothing turns by more than a hundredth over the whole context. */
const firstStillPair = 23;
const specialPair = shape.headWidth / 2 - 1;

interface Slot {
  readonly start: number;
  readonly width: number;
}

/** Where the code of the byte stands that is so many positions back. */
function slot(back: number): Slot {
  return back < nearPlaces
    ? { start: back * codeWidth, width: codeWidth }
    : { start: farStart + (back - nearPlaces) * halfWidth, width: halfWidth };
}

function weights(): LlamaWeights {
  const codes = createCodes();
  const embedding = zeros(vocabularySize, shape.width);
  const output = zeros(vocabularySize, shape.width);
  // So large that even of two places that fit alike the same one is always chosen, at the temperatures of completions.
  const certainty = 400;
  for (const [token, code] of codes.entries()) {
    for (const [index, value] of code.entries()) {
      set(embedding, token, index, value);
      if (token < 256) set(output, token, outStart + index, certainty * value);
    }
    set(embedding, token, constantPlace, 1);
    // A special token is never said: where the text had one, it ends.
    if (token >= 256) set(embedding, token, specialPlace, 1);
  }
  set(output, specialId('<|endoftext|>'), endPlace, certainty);
  return {
    embedding,
    layers: [
      copyFrom(1, 2, [[0, 1]]),
      copyFrom(2, 3, [
        [0, 2],
        [1, 3],
      ]),
      copyFrom(4, 5, [
        [0, 4],
        [1, 5],
        [2, 6],
        [3, 7],
      ]),
      copyFrom(4, 9, [
        [4, 8],
        [5, 9],
        [6, 10],
      ]),
      induction(12),
    ],
    outputNorm: norm(13),
    output,
  };
}

/** A layer that attends to exactly one distance and brings codes from there. `filled`: places that hold a code by then, and the constant. */
function copyFrom(
  distance: number,
  filled: number,
  moves: readonly (readonly [from: number, to: number])[],
): LlamaLayer {
  const layer = emptyLayer(filled);
  for (let pair = 0; pair < turningPairs; pair++) {
    const angle = distance * turnPerPosition(pair);
    const weight = 60 * Math.sqrt(shape.headWidth);
    set(layer.key, 2 * pair, constantPlace, 1);
    set(layer.query, 2 * pair, constantPlace, weight * Math.cos(angle));
    set(layer.query, 2 * pair + 1, constantPlace, -weight * Math.sin(angle));
  }
  let carried = 0;
  for (const [from, to] of moves) carried = carry(layer, slot(from), slot(to), carried);
  return layer;
}

/** Compares what stands up to here with what stood before each position, and brings the byte that stood there. */
function induction(filled: number): LlamaLayer {
  const layer = emptyLayer(filled);
  const scale = sharpness * Math.sqrt(shape.headWidth);
  let dimension = 2 * firstStillPair;
  for (const [back, weight] of importance.entries()) {
    const mine = slot(back);
    const theirs = slot(back + 1);
    for (let index = 0; index < theirs.width; index++, dimension++) {
      set(layer.key, dimension, theirs.start + index, 1);
      set(layer.query, dimension, mine.start + index, scale * weight * shrink(mine, theirs));
    }
  }
  set(layer.key, 2 * specialPair, specialPlace, 1);
  set(layer.query, 2 * specialPair, constantPlace, scale * leastLikeness);
  set(layer.key, 2 * nearnessPair, constantPlace, 1);
  set(layer.query, 2 * nearnessPair, constantPlace, scale * 0.25);
  const carried = carry(layer, slot(0), { start: outStart, width: codeWidth }, 0);
  carry(layer, { start: specialPlace, width: 1 }, { start: endPlace, width: 1 }, carried);
  return layer;
}

function carry(layer: LlamaLayer, from: Slot, to: Slot, carried: number): number {
  for (let index = 0; index < to.width; index++) {
    set(layer.value, carried + index, from.start + index, 1);
    set(layer.output, to.start + index, carried + index, shrink(from, to));
  }
  return carried + to.width;
}

/** Half a code, made as long as a whole one. */
function shrink(from: Slot, to: Slot): number {
  return from.width === to.width ? 1 : Math.SQRT2;
}

function turnPerPosition(pair: number): number {
  return shape.ropeBase ** ((-2 * pair) / shape.headWidth);
}

function emptyLayer(filled: number): LlamaLayer {
  const { width, headWidth, feedForward } = shape;
  const head = (): Matrix => zeros(headWidth, width);
  return {
    norm: norm(filled),
    query: head(),
    key: head(),
    value: head(),
    output: zeros(width, headWidth),
    feedForwardNorm: norm(filled),
    gate: zeros(feedForward, width),
    up: zeros(feedForward, width),
    down: zeros(width, feedForward),
  };
}

/** Undoes the division by the root mean square, which is known: every code has length 1. */
function norm(filled: number): Float32Array {
  return new Float32Array(shape.width).fill(Math.sqrt(filled / shape.width));
}

function createCodes(): readonly (readonly number[])[] {
  const random = createRandom(7);
  return Array.from({ length: 256 + specialTokens.length }, () =>
    Array.from({ length: codeWidth }, () => (random() < 0.5 ? -1 : 1) / Math.sqrt(codeWidth)),
  );
}
