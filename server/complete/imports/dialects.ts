import type { Language } from '../../../grammars/language.js';
import { csharp } from './csharp.js';
import type { ImportDialect } from './dialect.js';
import { ecmascript } from './ecmascript.js';
import { golang } from './golang.js';
import { includes } from './includes.js';
import { java } from './java.js';
import { python } from './python.js';
import { rust } from './rust.js';

const dialects: readonly ImportDialect[] = [ecmascript, python, golang, java, rust, includes, csharp];

/** How a language imports; null for one that is not known here. */
export function dialectOf({ id }: Language): ImportDialect | null {
  return dialects.find(({ languages }) => languages.includes(id)) ?? null;
}
