/** Tokens as the lexer yields them: arrays side by side, reused from one text to the next. */
export class TokenBuffer {
  length = 0;
  /** Id and flags. */
  words: Int32Array;
  gaps: Uint8Array;
  /** Where each begins, in units of the text that was lexed. */
  offsets: Int32Array;

  constructor(capacity = 1 << 10) {
    this.words = new Int32Array(capacity);
    this.gaps = new Uint8Array(capacity);
    this.offsets = new Int32Array(capacity);
  }

  clear(): void {
    this.length = 0;
  }

  push(word: number, gap: number, offset: number): void {
    if (this.length === this.words.length) this.#grow();
    this.words[this.length] = word;
    this.gaps[this.length] = gap;
    this.offsets[this.length] = offset;
    this.length++;
  }

  #grow(): void {
    const { words, gaps, offsets } = this;
    this.words = new Int32Array(words.length * 2);
    this.gaps = new Uint8Array(words.length * 2);
    this.offsets = new Int32Array(words.length * 2);
    this.words.set(words);
    this.gaps.set(gaps);
    this.offsets.set(offsets);
  }
}
