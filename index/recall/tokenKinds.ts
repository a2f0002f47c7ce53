/** Ids below these are fixed, in every vocabulary. The end of a file lies between files, so that no match crosses. */
export const endOfFile = 0;
export const newline = 1;
/** Text that is matched but never offered: too long, or shaped like a secret. */
export const opaque = 2;

/** Kinds of tokens; marks have kinds of their own from `firstMark` on, neighbours being alike. */
export const kindOf = {
  newline: 0,
  identifier: 1,
  keyword: 2,
  number: 3,
  opaque: 4,
  endOfFile: 5,
  otherMark: 6,
} as const;
export const firstMark = 10;
export const marks = '([{)]}"\'`.,;:=<>/-+*&|!?@#\\%^~';

/** Words with a meaning in some common language. One set for all: what is rare in a language is rare in its votes. */
export const keywords = new Set(
  (
    'abstract and as assert async await auto bool boolean break byte case catch chan char class const continue crate ' +
    'def default defer del delete do double elif else elseif end enum except explicit export extends extern false ' +
    'False final finally float fn for foreach friend from func function get global go goto if impl implements import ' +
    'in inline instanceof int interface internal is lambda let local long loop match mod module move mut mutable ' +
    'namespace native new nil None nonlocal not null number object of operator or override package pass private ' +
    'protected pub public raise range readonly ref register require rescue return sealed self Self set short signed ' +
    'sizeof static string struct super switch synchronized template then this throw throws trait true True try type ' +
    'typedef typename typeof undefined union unless unsafe unsigned until use using val var virtual void volatile when ' +
    'where while with yield'
  ).split(' '),
);

/** A word of a stream: the token's id below, where it stands above. */
export const idMask = 0xffffff;
export const flagShift = 24;

/** Where a token stands; for a newline the bits hold the lexer's state instead. */
export const regionOf = { code: 0, string: 1, comment: 2 } as const;
