/**
 * Text without characters that nobody sees and that a model reads all the same: marks of direction, joiners of nothing, tags,
 * runs of variation selectors. They hide instructions, and they hide secrets from whoever looks for them. What a script
 * or a picture of emoji needs to be written stays.
 */
export function stripInvisible(text: string): string {
  return suspicious.test(text) ? text.replace(invisible, '') : text;
}

/** A quick look that most text does not pass: nothing below U+00AD is invisible. */
const suspicious =
  /[\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFB]|[\uD834\uDB40-\uDB43]/;

const invisible = new RegExp(
  [
    // A joiner between two emoji, or between letters of a script that is written joined, is part of the writing.
    '(?<![\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\u{FE0F}])(?<!\\p{Script=Arab}|\\p{Script=Deva}|\\p{Script=Beng}|\\p{Script=Taml}|\\p{Script=Telu}|\\p{Script=Knda}|\\p{Script=Mlym}|\\p{Script=Gujr}|\\p{Script=Guru}|\\p{Script=Orya}|\\p{Script=Sinh}|\\p{Script=Syrc}|\\p{Script=Mong}|\\p{Script=Inherited}(?<![\\u200C\\u200D]))[\\u200C\\u200D]',
    '[\\u200C\\u200D](?![\\p{Extended_Pictographic}\\p{L}\\p{M}])',
    // A selector picks the form of the emoji or of the ideograph before it; one is enough.
    '(?<![\\p{Emoji}])[\\uFE0E\\uFE0F]',
    '(?<!\\p{Script=Han})[\\u{E0100}-\\u{E01EF}]',
    '(?<!\\p{Script=Mong})[\\u180B-\\u180D\\u180F]',
    '[\\u00AD\\u034F\\u061C\\u115F\\u1160\\u17B4\\u17B5\\u180E\\u200B\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u206F\\u3164\\uFE00-\\uFE0D\\uFEFF\\uFFA0\\uFFF9-\\uFFFB]',
    '[\\u{1D173}-\\u{1D17A}\\u{E0000}-\\u{E00FF}\\u{E01F0}-\\u{E0FFF}]',
  ].join('|'),
  'gu',
);
