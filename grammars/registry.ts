import type { Language } from './language.js';
import { parsedLanguages } from './languages/parsed.js';
import { plainLanguages } from './languages/plain.js';
import { row } from './languages/syntax.js';

/** Every language that is known by name, those with a grammar first. */
export const languages: readonly Language[] = [...parsedLanguages, ...plainLanguages];

/** For text of which nothing is known: completed and searched as text, without comments and strings. */
export const otherText: Language = row({ id: 'other', name: 'Other text' });

const byId = new Map<string, Language>();
const byExtension = new Map<string, Language>();
const byFileName = new Map<string, Language>();
const byInterpreter = new Map<string, Language>();
for (const language of languages) {
  for (const id of [language.id, ...language.aliases]) byId.set(id, language);
  for (const extension of language.extensions) byExtension.set(extension, language);
  for (const name of language.fileNames) byFileName.set(name, language);
  for (const word of language.interpreters) byInterpreter.set(word, language);
}

/**
 * The language of a document or file: by the client's id, else by the file's name, else by its first line.
 * `start` is the text's first line or more of it; with a few thousand units a C header is told from a C++ one.
 * Any other text is `otherText`; null only for names that promise no text, such as `.png`.
 */
export function languageOf(path: string | null, languageId: string, start = ''): Language | null {
  const told = languageOfId(languageId);
  // Editors say plaintext of what they do not know.
  if (told !== null && told.id !== 'plaintext') return told;
  return (
    (path === null ? null : languageOfPath(path, start)) ?? languageOfShebang(start) ?? told ?? otherLanguage(path)
  );
}

/** The id that a file's name and text tell; empty where no language is known. */
export function languageIdOf(path: string, text: string): string {
  return languageOf(path, '', text.slice(0, 4000))?.id ?? '';
}

/** The row of an id or alias. */
export function languageOfId(id: string): Language | null {
  return byId.get(id.toLowerCase()) ?? null;
}

function languageOfPath(path: string, start: string): Language | null {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const named = byFileName.get(name);
  if (named !== undefined) return named;
  const lower = name.toLowerCase();
  const extension = extensionOf(lower);
  if (extension === '.h' && looksLikeCpp.test(start)) return byId.get('cpp') ?? null;
  const found = byExtension.get(extension);
  if (found !== undefined) return found;
  // Dockerfile.dev, Makefile.am, tsconfig.json.template
  for (let dot = lower.lastIndexOf('.'); dot > 0; dot = lower.lastIndexOf('.', dot - 1)) {
    const before =
      byFileName.get(name.slice(0, dot)) ??
      (templates.has(extension) ? byExtension.get(extensionOf(lower.slice(0, dot))) : undefined);
    if (before !== undefined) return before;
  }
  return null;
}

function languageOfShebang(start: string): Language | null {
  const bang = /^\uFEFF?#!\s*(\S+)(?:\s+-S)?(?:\s+(?:\w+=\S+\s+)*(\S+))?/.exec(start);
  if (bang === null) return null;
  const program = baseName(bang[1] ?? '');
  const word = program === 'env' ? baseName(bang[2] ?? '') : program;
  return byInterpreter.get(word) ?? byInterpreter.get(word.replace(/[\d.]+$/, '')) ?? null;
}

function otherLanguage(path: string | null): Language | null {
  return path !== null && notText.has(extensionOf(path.toLowerCase())) ? null : otherText;
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const looksLikeCpp =
  /^\s*(?:namespace\s+\w|template\s*<|class\s+\w+\s*(?:final\s*)?[:{]|using\s+\w|(?:public|private|protected)\s*:)|#include\s*<(?:string|vector|memory|utility|type_traits|functional|cstd\w+|iostream|map)>/m;

const templates = new Set(['.in', '.template', '.tmpl', '.example', '.sample', '.dist', '.orig', '.bak']);

const notText = new Set(
  (
    '.png .jpg .jpeg .gif .webp .avif .bmp .ico .icns .tif .tiff .psd .ai .eps .pdf .zip .gz .tgz .bz2 .xz .zst .7z .rar ' +
    '.tar .jar .war .ear .class .pyc .pyo .o .a .so .dylib .dll .exe .lib .obj .pdb .wasm .node .bin .dat .db .sqlite ' +
    '.sqlite3 .mdb .woff .woff2 .ttf .otf .eot .mp3 .mp4 .m4a .wav .ogg .flac .avi .mov .mkv .webm .onnx .gguf .safetensors ' +
    '.pt .pkl .npy .npz .parquet .arrow .lance .doc .docx .xls .xlsx .ppt .pptx .odt .ods .epub .iso .dmg .deb .rpm .apk ' +
    '.ipa .nupkg .whl .crx .swf .blend .fbx .glb .keystore .jks .p12 .pfx .der'
  ).split(' '),
);
