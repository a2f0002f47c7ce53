import type { Language } from '../../grammars/language.js';

/**
 * Names that a language brings along: what its programs may use without saying where it comes from. Null for languages
 * whose names are not judged. Keywords are not among them.
 */
export function builtinsOf({ id }: Language): ReadonlySet<string> | null {
  const list = lists[id];
  if (list === undefined) return null;
  const known = made.get(id);
  if (known !== undefined) return known;
  const names = new Set(list.flatMap(words => words.split(/\s+/)).filter(word => word !== ''));
  // What this very program runs on knows its own language best.
  if (list === ecmascript || list === typescript)
    for (const name of Object.getOwnPropertyNames(globalThis)) names.add(name);
  made.set(id, names);
  return names;
}

const made = new Map<string, ReadonlySet<string>>();

const ecmascript = [
  `arguments async await constructor eval exports get module of require set static super this undefined NaN Infinity
   __dirname __filename globalThis console process Buffer`,
  // Of browsers.
  `window document self parent top location history screen frames localStorage sessionStorage indexedDB caches alert confirm
   prompt open close requestAnimationFrame cancelAnimationFrame requestIdleCallback cancelIdleCallback getComputedStyle
   matchMedia addEventListener removeEventListener dispatchEvent devicePixelRatio innerWidth innerHeight scrollTo scrollBy
   customElements XMLHttpRequest FileReader File FileList Image Audio Worker SharedWorker ServiceWorker Node NodeList Element
   Document DocumentFragment ShadowRoot Text Comment Range Selection Window Location History MutationObserver
   ResizeObserver IntersectionObserver EventSource MouseEvent KeyboardEvent PointerEvent TouchEvent WheelEvent InputEvent
   FocusEvent DragEvent ClipboardEvent SubmitEvent UIEvent PopStateEvent StorageEvent ProgressEvent ErrorEvent
   PromiseRejectionEvent HTMLElement HTMLInputElement HTMLButtonElement HTMLDivElement HTMLFormElement HTMLImageElement
   HTMLAnchorElement HTMLCanvasElement HTMLSelectElement HTMLTextAreaElement HTMLVideoElement HTMLAudioElement
   HTMLScriptElement HTMLStyleElement HTMLTableElement HTMLUListElement HTMLLIElement HTMLSpanElement HTMLLabelElement
   HTMLOptionElement HTMLIFrameElement HTMLTemplateElement HTMLCollection SVGElement SVGSVGElement SVGPathElement
   CanvasRenderingContext2D OffscreenCanvas ImageData ImageBitmap Path2D WebGLRenderingContext WebGL2RenderingContext
   AudioContext MediaRecorder MediaStream Notification DOMParser XMLSerializer DOMRect CSSStyleSheet`,
  // Of test runners that need no import.
  `describe context suite it test specify before after beforeEach afterEach beforeAll afterAll expect jest vi cy chai sinon`,
];

const typescript = [
  ...ecmascript,
  `any unknown never void null string number boolean bigint symbol object declare namespace module abstract readonly keyof
   infer asserts satisfies accessor override unique is as type interface enum implements private protected public
   Partial Required Readonly Record Pick Omit Exclude Extract NonNullable Parameters ConstructorParameters ReturnType
   InstanceType NoInfer ThisParameterType OmitThisParameter ThisType Uppercase Lowercase Capitalize Uncapitalize Awaited
   ReadonlyArray ReadonlyMap ReadonlySet PromiseLike ArrayLike Iterable Iterator IterableIterator AsyncIterable
   AsyncIterator AsyncIterableIterator Generator AsyncGenerator GeneratorFunction TemplateStringsArray PropertyKey
   PropertyDescriptor ErrorOptions RegExpExecArray RegExpMatchArray Disposable AsyncDisposable NodeJS JSX React
   WeakKey ArrayBufferLike ArrayBufferView BufferSource`,
];

const python = [
  `abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex delattr dict
   dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id input int
   isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow print property range repr
   reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip __import__ None True False
   Ellipsis NotImplemented __name__ __file__ __doc__ __package__ __spec__ __path__ __all__ __version__ __annotations__
   __builtins__ __debug__ __class__ self cls exit quit copyright credits license reveal_type`,
  `ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError
   BufferError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError
   ConnectionResetError DeprecationWarning EOFError EncodingWarning EnvironmentError Exception ExceptionGroup
   FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning
   IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError
   ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError PendingDeprecationWarning
   PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError ResourceWarning RuntimeError
   RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError
   TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning
   UserWarning ValueError Warning WindowsError ZeroDivisionError match case type _`,
];

const go = [
  `any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8
   uint16 uint32 uint64 uintptr true false iota nil append cap clear close complex copy delete imag len make max min new
   panic print println real recover init main _ fallthrough select`,
];

const rust = [
  `i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64 bool char str String Vec Box Option Some None Result Ok Err
   Self self super crate std core alloc Copy Send Sync Sized Drop Fn FnMut FnOnce Clone Default Eq PartialEq Ord PartialOrd
   Debug Hash AsRef AsMut Into From TryFrom TryInto Iterator Extend IntoIterator DoubleEndedIterator ExactSizeIterator
   FromIterator ToOwned ToString Unpin Future IntoFuture drop dyn ref mut move async await unsafe where`,
  `println print eprintln eprint format panic assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne vec
   write writeln todo unimplemented unreachable matches include include_str include_bytes concat stringify env option_env
   cfg file line column module_path compile_error format_args dbg thread_local derive test allow warn deny forbid inline
   must_use repr cfg_attr macro_export macro_use macro_rules doc ignore should_panic no_mangle non_exhaustive`,
];

const java = [
  `String Object Class Integer Long Short Byte Character Boolean Double Float Number Math StrictMath System Thread Runnable
   Iterable Comparable CharSequence StringBuilder StringBuffer Enum Record Void Process ProcessBuilder Runtime
   ThreadLocal ThreadGroup InheritableThreadLocal ClassLoader Module ModuleLayer Package StackTraceElement StackWalker
   AutoCloseable Cloneable Appendable Readable Throwable Exception Error RuntimeException
   ArithmeticException ArrayIndexOutOfBoundsException ArrayStoreException ClassCastException ClassNotFoundException
   CloneNotSupportedException IllegalAccessException IllegalArgumentException IllegalMonitorStateException
   IllegalStateException IndexOutOfBoundsException InstantiationException InterruptedException NegativeArraySizeException
   NoSuchFieldException NoSuchMethodException NullPointerException NumberFormatException ReflectiveOperationException
   SecurityException StringIndexOutOfBoundsException UnsupportedOperationException AssertionError OutOfMemoryError
   StackOverflowError NoSuchMethodError VirtualMachineError LinkageError ExceptionInInitializerError
   Override Deprecated SuppressWarnings FunctionalInterface SafeVarargs
   var yield record sealed permits non length`,
];

const c = [
  `NULL size_t ssize_t ptrdiff_t wchar_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t
   uintptr_t intmax_t uintmax_t bool true false FILE stdin stdout stderr EOF errno va_list va_start va_end va_arg va_copy
   offsetof assert static_assert alignas alignof inline restrict _Bool defined pid_t off_t time_t clock_t`,
  `printf fprintf sprintf snprintf vprintf vfprintf vsnprintf scanf fscanf sscanf puts fputs fputc putc putchar gets fgets
   fgetc getc getchar ungetc fopen freopen fclose fflush fread fwrite fseek ftell rewind feof ferror clearerr perror remove
   rename tmpfile malloc calloc realloc free exit abort atexit getenv system qsort bsearch abs labs div atoi atol atof
   strtol strtoul strtoll strtoull strtod strtof rand srand memcpy memmove memset memcmp memchr strcpy strncpy strcat
   strncat strcmp strncmp strcoll strchr strrchr strspn strcspn strpbrk strstr strtok strtok_r strlen strerror strdup
   strndup isalnum isalpha iscntrl isdigit isgraph islower isprint ispunct isspace isupper isxdigit tolower toupper sin cos
   tan asin acos atan atan2 sinh cosh tanh exp log log2 log10 pow sqrt cbrt ceil floor fabs fmod round trunc hypot fmin fmax
   time clock difftime mktime localtime gmtime strftime setjmp longjmp signal raise read write open close
   EXIT_SUCCESS EXIT_FAILURE INT_MAX INT_MIN UINT_MAX LONG_MAX LONG_MIN SIZE_MAX INT32_MAX INT64_MAX UINT32_MAX UINT64_MAX
   CHAR_BIT RAND_MAX PATH_MAX EINTR EINVAL ENOMEM ENOENT EAGAIN`,
];

const cpp = [
  ...c,
  `std this nullptr nullptr_t override final noexcept constexpr consteval constinit concept requires decltype auto friend
   mutable explicit operator typename template virtual using namespace public private protected co_await co_return co_yield
   static_cast dynamic_cast const_cast reinterpret_cast typeid wstring u8string cin cout cerr endl main`,
];

const csharp = [
  `string object dynamic var value nameof global get set init add remove record required scoped unmanaged managed notnull
   async await when where select from orderby ascending descending group by join into on equals let partial alias
   decimal byte sbyte short ushort uint ulong nint nuint args field file
   String Object Boolean Byte Char Decimal Double Int16 Int32 Int64 Single UInt16 UInt32 UInt64 DateTime DateTimeOffset
   DateOnly TimeOnly TimeSpan Guid Uri Version Type Enum Array Math MathF Console Convert Environment Exception
   ArgumentException ArgumentNullException ArgumentOutOfRangeException InvalidOperationException NotSupportedException
   NotImplementedException NullReferenceException IndexOutOfRangeException FormatException TimeoutException
   OperationCanceledException ObjectDisposedException OverflowException Action Func Predicate Comparison EventArgs
   EventHandler IDisposable IAsyncDisposable IComparable IEquatable IFormattable Lazy Nullable Random Tuple ValueTuple Span
   ReadOnlySpan Memory ReadOnlyMemory Index Range GC Attribute Obsolete Flags Serializable
   Task ValueTask List Dictionary HashSet Queue Stack IEnumerable IEnumerator ICollection IList IDictionary IReadOnlyList
   IReadOnlyCollection IReadOnlyDictionary KeyValuePair CancellationToken CancellationTokenSource Thread Enumerable File
   Path Directory Stream StreamReader StreamWriter StringBuilder Regex HttpClient Encoding`,
];

const lists: Readonly<Record<string, readonly string[]>> = {
  javascript: ecmascript,
  typescript,
  typescriptreact: typescript,
  python,
  go,
  rust,
  java,
  c,
  cpp,
  csharp,
};
