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
