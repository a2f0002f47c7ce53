import type { SkipReason } from './codeIndex.js';

/** Folders that hold no source of this project, whatever the ignore rules say. */
const SKIPPED_FOLDERS = new Set(
  (
    '.git .hg .svn .jj .bzr CVS node_modules bower_components jspm_packages .yarn .pnpm-store .venv site-packages ' +
    '__pycache__ .tox .nox .eggs .mypy_cache .pytest_cache .ruff_cache .hypothesis .gradle .terraform .terragrunt-cache ' +
    '.next .nuxt .svelte-kit .turbo .parcel-cache .angular .dart_tool .bloop .metals .idea .vs .nyc_output .ipynb_checkpoints'
  ).split(' '),
);

const GENERATED_NAMES = new Set(
  (
    'package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock cargo.lock poetry.lock pdm.lock uv.lock ' +
    'pipfile.lock gemfile.lock composer.lock go.sum go.work.sum mix.lock podfile.lock pubspec.lock flake.lock deno.lock ' +
    'packages.lock.json project.assets.json gradle.lockfile cartfile.resolved package.resolved'
  ).split(' '),
);

const GENERATED_ENDINGS =
  /(?:\.pb\.(?:go|cc|h)|_pb2(?:_grpc)?\.pyi?|\.pb\.dart|\.g\.dart|\.freezed\.dart|\.designer\.cs|\.g\.cs|\.g\.i\.cs|\.snap)$/;
const MINIFIED_ENDINGS = /(?:[.-]min\.(?:js|mjs|cjs|css|html|svg)|\.(?:js|mjs|cjs|css|ts)\.map)$/;

const NOT_TEXT_EXTENSIONS = new Set(
  (
    'png jpg jpeg gif webp avif bmp ico icns tif tiff psd ai eps heic raw svgz xcf sketch fig ' +
    'mp3 mp4 m4a m4v mkv mov avi webm wav ogg oga ogv opus flac aac wma wmv mid midi ' +
    'woff woff2 ttf otf eot ttc pfb ' +
    'zip gz tgz bz2 tbz xz txz zst lz4 lzma br 7z rar tar jar war ear aar apk ipa dmg iso img deb rpm msi cab nupkg whl egg crx vsix snap.gz ' +
    'exe dll so dylib a o obj lib pdb ilk exp ko class pyc pyo pyd wasm node bin dat elf hex bc rlib rmeta beam hi dex ' +
    'pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub mobi djvu pages numbers ' +
    'db sqlite sqlite3 mdb accdb parquet arrow feather orc avro npy npz pkl pickle h5 hdf5 mat rdata rds onnx pt pth ckpt safetensors gguf tflite pb lance ' +
    'blend fbx glb stl 3ds dae usdz max swf fla unity3d asset res nib mo gmo'
  ).split(' '),
);

/** Whether a folder of this name is never entered. */
export function isSkippedFolder(name: string): boolean {
  return SKIPPED_FOLDERS.has(name);
}

/** Whether what lies in a folder shows that a tool made it: a virtual environment, a build cache, vendored modules. */
export function isMadeByTool(folderName: string, names: ReadonlySet<string>): boolean {
  if (names.has('pyvenv.cfg') || names.has('CACHEDIR.TAG')) return true;
  return folderName === 'vendor' && (names.has('modules.txt') || (names.has('autoload.php') && names.has('composer')));
}

/** What a file's name alone says about it: null when it must be read to know. */
export function skipByName(name: string): SkipReason | null {
  const folded = name.toLowerCase();
  if (GENERATED_NAMES.has(folded) || GENERATED_ENDINGS.test(folded)) return 'generated';
  if (MINIFIED_ENDINGS.test(folded)) return 'minified';
  const dot = folded.lastIndexOf('.');
  return dot > 0 && NOT_TEXT_EXTENSIONS.has(folded.slice(dot + 1)) ? 'not-text' : null;
}
