/** Modules of Python's own library. */
export const pythonModules: ReadonlySet<string> = new Set(
  (
    'abc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 calendar cmath cmd code codecs collections ' +
    'colorsys compileall concurrent configparser contextlib contextvars copy copyreg csv ctypes curses dataclasses datetime dbm ' +
    'decimal difflib dis doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ' +
    'ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib importlib inspect ' +
    'io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap multiprocessing ' +
    'netrc numbers operator os pathlib pdb pickle pkgutil platform plistlib poplib posixpath pprint profile pstats pty pwd ' +
    'py_compile queue quopri random re readline reprlib resource runpy sched secrets select selectors shelve shlex shutil ' +
    'signal site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys ' +
    'sysconfig syslog tabnanny tarfile tempfile termios textwrap threading time timeit tkinter token tokenize tomllib trace ' +
    'traceback tracemalloc tty turtle types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser ' +
    'winreg wsgiref xml xmlrpc zipapp zipfile zipimport zlib zoneinfo'
  ).split(' '),
);

/** Packages of Go's own library by name. Names that several have are left out. */
export const goPackages: ReadonlyMap<string, string> = new Map(
  (
    'bufio bytes cmp context crypto embed errors expvar flag fmt html io iter log maps math mime net os path plugin reflect ' +
    'regexp runtime slices sort strconv strings sync syscall testing time unicode unique unsafe ' +
    'archive/tar archive/zip compress/gzip compress/zlib container/heap container/list container/ring crypto/aes ' +
    'crypto/cipher crypto/ecdsa crypto/ed25519 crypto/hmac crypto/md5 crypto/rsa crypto/sha1 crypto/sha256 crypto/sha512 ' +
    'crypto/subtle crypto/tls crypto/x509 database/sql encoding/base64 encoding/binary encoding/csv encoding/gob encoding/hex ' +
    'encoding/json encoding/pem encoding/xml go/ast go/format go/parser go/token hash/crc32 hash/fnv io/fs log/slog math/big ' +
    'math/bits net/http net/http/httptest net/mail net/netip net/smtp net/url os/exec os/signal os/user path/filepath ' +
    'runtime/debug sync/atomic text/tabwriter unicode/utf16 unicode/utf8'
  )
    .split(' ')
    .map(path => [path.slice(path.lastIndexOf('/') + 1), path]),
);

/** Types of Java's own library that hardly anything else is called like. */
export const javaTypes: ReadonlyMap<string, string> = byPackage({
  'java.util':
    'ArrayDeque ArrayList Arrays BitSet Calendar Collection Collections Comparator Deque EnumMap EnumSet HashMap HashSet Iterator ' +
    'LinkedHashMap LinkedHashSet LinkedList List Locale Map NoSuchElementException Objects Optional OptionalInt PriorityQueue ' +
    'Properties Queue Random Scanner Set SortedMap StringJoiner TreeMap TreeSet UUID',
  'java.util.concurrent':
    'Callable CompletableFuture ConcurrentHashMap CountDownLatch ExecutorService Executors Future TimeUnit',
  'java.util.concurrent.atomic': 'AtomicBoolean AtomicInteger AtomicLong AtomicReference',
  'java.util.function': 'BiConsumer BiFunction BinaryOperator Consumer Function Predicate Supplier UnaryOperator',
  'java.util.stream': 'Collectors IntStream LongStream Stream',
  'java.util.regex': 'Matcher Pattern',
  'java.io':
    'BufferedReader BufferedWriter File FileInputStream FileOutputStream IOException InputStream InputStreamReader OutputStream UncheckedIOException',
  'java.nio.file': 'Files Path Paths',
  'java.nio.charset': 'StandardCharsets',
  'java.time': 'Duration Instant LocalDate LocalDateTime LocalTime ZoneId ZonedDateTime',
  'java.math': 'BigDecimal BigInteger RoundingMode',
});

/** Types of Rust's own library that are no part of the prelude. */
export const rustTypes: ReadonlyMap<string, string> = byPackage({
  'std::collections': 'BTreeMap BTreeSet BinaryHeap HashMap HashSet VecDeque',
  'std::sync': 'Arc Mutex OnceLock RwLock',
  'std::rc': 'Rc',
  'std::cell': 'Cell RefCell',
  'std::path': 'Path PathBuf',
  'std::time': 'Duration Instant SystemTime',
  'std::borrow': 'Cow',
  'std::pin': 'Pin',
  'std::str': 'FromStr',
});

function byPackage(packages: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(packages).flatMap(([path, names]) => names.split(' ').map(name => [name, path] as const)),
  );
}
