import { basename, sep } from 'node:path';
import type { SourceFile } from '../validator.js';

export function isPython({ path, languageId }: SourceFile): boolean {
  return languageId === 'python' || /\.pyi?$/i.test(path);
}

/** Declarations without code: what is used in it may come further below. */
export function isStub({ path }: SourceFile): boolean {
  return /\.pyi$/i.test(path);
}

/** Tests do on purpose what a program should not. */
export function isTest({ path }: SourceFile): boolean {
  return (
    /^(?:test_.*|.*_test|conftest|tests?)\.py$/.test(basename(path)) || path.split(sep).slice(-6, -1).some(isTestFolder)
  );
}

function isTestFolder(name: string): boolean {
  return name === 'tests' || name === 'test' || name === 'testing';
}

/**
 * Whether a file makes names while it runs, by writing to its own table of names or by running text: then nobody can say
 * which names it has.
 */
export function makesNames(text: string): boolean {
  return /\bglobals\(\)\s*(?:\.\s*(?:update|setdefault|__setitem__)\b|\[)|\b(?:vars|locals)\(\)\s*(?:\.\s*update\b|\[)|(?<![.\w])exec\s*\(|\bsetattr\(\s*sys\.modules\b|\bsys\.modules\[[^\]]*\]\.__dict__|\b_convert_\(|\bbuiltins\.__dict__|\bsetattr\(\s*(?:builtins|__builtins__)\b/.test(
    text,
  );
}
