/** What Node and the language brought after the version whose types we carry (20). Names, not places: none of them is likely to be invented. */
export const newerNodeNames: ReadonlySet<string> = new Set(
  (
    'browser glob globSync matchesGlob getCallSite getCallSites diff setTraceSigInt getSystemErrorMessage styleText stripVTControlCharacters ' +
    'getBuiltinModule finalization ref unref execve threadCpuUsage loadEnvFile permission features typescript sourceMapsEnabled ' +
    'hash argon2 argon2Sync encapsulate decapsulate crc32 ' +
    'zstdCompress zstdCompressSync zstdDecompress zstdDecompressSync createZstdCompress createZstdDecompress ZstdCompress ZstdDecompress ' +
    'enableCompileCache flushCompileCache getCompileCacheDir findPackageJSON registerHooks stripTypeScriptTypes constants ' +
    'partialDeepStrictEqual fileURLToPathBuffer postMessageToThread isInternalThread isMarkedAsUncloneable locks ' +
    'WebSocket CloseEvent EventSource Storage localStorage sessionStorage navigator setGlobalProxyFromEnv ' +
    'mkdtempDisposable mkdtempDisposableSync Utf8Stream openAsBlob lutimes queryObjects startCpuProfile isStringOneByteRepresentation ' +
    'assertSnapshot setDefaultSnapshotSerializers setResolveSnapshotPath fileSnapshot waitFor plan DatabaseSync StatementSync backup ' +
    'addAbortListener getAssetKeys bindAsyncId withScope tracingChannel boundedChannel ' +
    'Iterator isError escape asyncDispose dispose Float16Array try groupBy fromAsync withResolvers'
  ).split(' '),
);
