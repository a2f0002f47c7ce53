/** Modules of the standard library of any Python 3, those that went meanwhile among them. */
export const standardLibrary: ReadonlySet<string> = new Set(
  `__future__ __main__ _abc _ast _asyncio _bisect _bootlocale _bz2 _codecs _collections _collections_abc _compat_pickle _compression
  _contextvars _csv _ctypes _curses _datetime _decimal _dummy_thread _dummy_threading _elementtree _frozen_importlib
  _frozen_importlib_external _functools _hashlib _heapq _imp _interpchannels _interpqueues _interpreters _io _json _locale _lsprof _lzma
  _markupbase _md5 _msi _multibytecodec _multiprocessing _opcode _operator _osx_support _pickle _posixsubprocess _py_abc _pydatetime
  _pydecimal _pyio _queue _random _scproxy _sha1 _sha256 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics
  _string _strptime _struct _symtable _sysconfigdata _thread _threading_local _tkinter _tokenize _tracemalloc _typeshed _typing _uuid
  _warnings _weakref _weakrefset _winapi _xxsubinterpreters _zoneinfo _zstd abc aifc annotationlib antigravity argparse array ast
  asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk
  cmath cmd code codecs codeop collections colorsys compileall compression concurrent configparser contextlib contextvars copy copyreg crypt
  csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest dummy_threading email encodings ensurepip enum errno
  faulthandler fcntl filecmp fileinput fnmatch formatter fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib
  grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3
  linecache locale logging lzma macpath mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc
  nis nntplib nt ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil
  platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random
  re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site sitecustomize smtpd smtplib
  sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess
  sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit
  tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib
  usercustomize uu uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc xxlimited zipapp zipfile
  zipimport zlib zoneinfo`.split(/\s+/),
);

/** Modules of its packages. They are members of these once they are imported, by whomever. */
export const partsOfStandardLibrary: ReadonlySet<string> = new Set(
  `asyncio.base_events asyncio.base_futures asyncio.base_subprocess asyncio.base_tasks asyncio.constants asyncio.coroutines
  asyncio.events asyncio.exceptions asyncio.format_helpers asyncio.futures asyncio.locks asyncio.log asyncio.mixins
  asyncio.proactor_events asyncio.protocols asyncio.queues asyncio.runners asyncio.selector_events asyncio.sslproto
  asyncio.staggered asyncio.streams asyncio.subprocess asyncio.taskgroups asyncio.tasks asyncio.threads asyncio.timeouts
  asyncio.transports asyncio.trsock asyncio.unix_events asyncio.windows_events asyncio.windows_utils collections.abc
  concurrent.futures ctypes.macholib ctypes.util ctypes.wintypes curses.ascii curses.has_key curses.panel curses.textpad
  dbm.dumb dbm.gnu dbm.ndbm dbm.sqlite3 email.base64mime email.charset email.contentmanager email.encoders email.errors
  email.feedparser email.generator email.header email.headerregistry email.iterators email.message email.mime email.parser
  email.policy email.quoprimime email.utils html.entities html.parser http.client http.cookiejar http.cookies http.server
  importlib.abc importlib.machinery importlib.metadata importlib.readers importlib.resources importlib.simple importlib.util
  json.decoder json.encoder json.scanner json.tool logging.config logging.handlers multiprocessing.connection
  multiprocessing.context multiprocessing.dummy multiprocessing.forkserver multiprocessing.heap multiprocessing.managers
  multiprocessing.pool multiprocessing.popen_fork multiprocessing.popen_forkserver multiprocessing.popen_spawn_posix
  multiprocessing.popen_spawn_win32 multiprocessing.process multiprocessing.queues multiprocessing.reduction
  multiprocessing.resource_sharer multiprocessing.resource_tracker multiprocessing.shared_memory multiprocessing.sharedctypes
  multiprocessing.spawn multiprocessing.synchronize multiprocessing.util sqlite3.dbapi2 sqlite3.dump tkinter.colorchooser
  tkinter.commondialog tkinter.constants tkinter.dialog tkinter.dnd tkinter.filedialog tkinter.font tkinter.messagebox
  tkinter.scrolledtext tkinter.simpledialog tkinter.ttk unittest.async_case unittest.case unittest.loader unittest.main
  unittest.mock unittest.result unittest.runner unittest.signals unittest.suite unittest.util urllib.error urllib.parse
  urllib.request urllib.response urllib.robotparser wsgiref.handlers wsgiref.headers wsgiref.simple_server wsgiref.types
  wsgiref.util wsgiref.validate xml.dom xml.etree xml.parsers xml.sax xmlrpc.client xmlrpc.server os.path xml.etree.ElementTree
  xml.dom.minidom xml.dom.pulldom xml.sax.saxutils xml.sax.handler xml.sax.xmlreader xml.parsers.expat email.mime.text
  email.mime.multipart email.mime.base email.mime.image email.mime.application email.mime.audio importlib.resources.abc`.split(
    /\s+/,
  ),
);
