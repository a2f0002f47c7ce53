/** Distributions whose modules are called otherwise than they are. Names of both sides in lower case with `_`. */
const otherwiseCalled: Readonly<Record<string, readonly string[]>> = {
  antlr4_python3_runtime: ['antlr4'],
  argon2_cffi: ['argon2'],
  attrs: ['attr', 'attrs'],
  azure_core: ['azure'],
  beautifulsoup4: ['bs4'],
  biopython: ['bio'],
  cassandra_driver: ['cassandra'],
  clickhouse_driver: ['clickhouse_driver'],
  discord_py: ['discord'],
  django_filter: ['django_filters'],
  django_environ: ['environ'],
  django_rest_framework: ['rest_framework'],
  djangorestframework: ['rest_framework'],
  djangorestframework_simplejwt: ['rest_framework_simplejwt'],
  dnspython: ['dns'],
  elasticsearch_dsl: ['elasticsearch_dsl'],
  email_validator: ['email_validator'],
  faiss_cpu: ['faiss'],
  faiss_gpu: ['faiss'],
  fonttools: ['fonttools'],
  gitpython: ['git'],
  google_api_python_client: ['googleapiclient', 'apiclient'],
  google_auth: ['google'],
  google_auth_oauthlib: ['google_auth_oauthlib'],
  grpcio: ['grpc'],
  grpcio_tools: ['grpc_tools'],
  guppy3: ['guppy'],
  ipython: ['ipython'],
  jinja2: ['jinja2'],
  kafka_python: ['kafka'],
  levenshtein: ['levenshtein'],
  markdown_it_py: ['markdown_it'],
  mdit_py_plugins: ['mdit_py_plugins'],
  msgpack_python: ['msgpack'],
  mysql_connector_python: ['mysql'],
  mysqlclient: ['mysqldb'],
  newrelic: ['newrelic'],
  opencv_contrib_python: ['cv2'],
  opencv_python: ['cv2'],
  opencv_python_headless: ['cv2'],
  opentelemetry_api: ['opentelemetry'],
  opentelemetry_sdk: ['opentelemetry'],
  paho_mqtt: ['paho'],
  pillow: ['pil'],
  prometheus_client: ['prometheus_client'],
  prompt_toolkit: ['prompt_toolkit'],
  protobuf: ['google'],
  psycopg2_binary: ['psycopg2'],
  py_cpuinfo: ['cpuinfo'],
  pycryptodome: ['crypto'],
  pycryptodomex: ['cryptodome'],
  pydispatcher: ['pydispatch'],
  pygithub: ['github'],
  pygobject: ['gi'],
  pyjwt: ['jwt'],
  pymupdf: ['fitz', 'pymupdf'],
  pynacl: ['nacl'],
  pyopenssl: ['openssl'],
  pyqt5: ['pyqt5'],
  pyserial: ['serial'],
  pysocks: ['socks'],
  pytest: ['pytest', '_pytest'],
  python_barcode: ['barcode'],
  python_dateutil: ['dateutil'],
  python_docx: ['docx'],
  python_dotenv: ['dotenv'],
  python_jose: ['jose'],
  python_levenshtein: ['levenshtein'],
  python_magic: ['magic'],
  python_multipart: ['multipart', 'python_multipart'],
  python_pptx: ['pptx'],
  python_slugify: ['slugify'],
  python_telegram_bot: ['telegram'],
  python_xlib: ['xlib'],
  pywin32: [
    'win32api',
    'win32con',
    'win32gui',
    'pythoncom',
    'pywintypes',
    'win32com',
    'win32event',
    'win32file',
    'win32pipe',
    'win32process',
    'win32security',
    'win32service',
    'win32serviceutil',
    'winerror',
  ],
  pyyaml: ['yaml', '_yaml'],
  pyzmq: ['zmq'],
  qtpy: ['qtpy'],
  ruamel_yaml: ['ruamel'],
  scikit_image: ['skimage'],
  scikit_learn: ['sklearn'],
  sentry_sdk: ['sentry_sdk'],
  setuptools: ['setuptools', 'pkg_resources', '_distutils_hack', 'distutils'],
  sphinx_rtd_theme: ['sphinx_rtd_theme'],
  service_identity: ['service_identity'],
  speechrecognition: ['speech_recognition'],
  sqlalchemy_utils: ['sqlalchemy_utils'],
  tensorflow_cpu: ['tensorflow'],
  tensorflow_gpu: ['tensorflow'],
  twisted: ['twisted'],
  typing_extensions: ['typing_extensions'],
  umap_learn: ['umap'],
  unidecode: ['unidecode'],
  websocket_client: ['websocket'],
  zope_interface: ['zope'],
};

/**
 * Packages that everybody knows, by the names that are imported: not to be taken for inventions where a project does not
 * declare them. A package that is missing here costs a warning that is too strong, no more.
 */
const wellKnown: ReadonlySet<string> = new Set(
  `absl accelerate aiodns aiofiles aiohttp aiomysql aiopg aioredis aiosqlite airflow alembic altair amqp ansible anthropic anyio
  apiclient apscheduler argcomplete argon2 arrow asgiref astroid asttokens asyncpg atheris attr attrs autopep8 av avro aws_cdk
  azure babel backoff bandit bcrypt beartype betamax billiard binaryornot biopython black bleach blinker bokeh boltons boto boto3
  botocore bottle brotli brotlicffi bs4 build cachecontrol cachetools cairo cairosvg cattr cattrs celery certifi cffi chainer
  chardet charset_normalizer cherrypy chromadb ciso8601 click cloudpickle colorama coloredlogs colorlog commonmark construct contourpy
  cookiecutter coverage crispy_forms crypto cryptography cssselect cupy curio curl_cffi cv2 cvxpy cython dask dataclasses_json
  datasets dateparser dateutil deepdiff defusedxml diffusers dill discord diskcache distributed distro django django_extensions
  django_filters dns docker docopt docutils docx dotenv duckdb ecdsa editorconfig einops elasticsearch elasticsearch_dsl
  email_validator environ eventlet execnet fabric factory faiss fakeredis faker falcon fastapi fastavro fasteners feedparser filelock
  fire fitz flake8 flask flask_cors flask_login flask_migrate flask_sqlalchemy flask_wtf flax folium freezegun fs fsspec ftfy
  furl future gdown genshi gensim geopandas geopy gevent gflags gi git github gitlab gluon google googleapiclient gql gradio
  graphene graphql graphviz greenlet grpc guardian gunicorn gymnasium gym h11 h2 h5py hatchling haystack hpack html2text html5lib
  httplib2 httptools httpx huggingface_hub humanize hydra hyperframe hypercorn hyperlink hypothesis icalendar idna igraph imageio
  importlib_metadata importlib_resources incremental inflect inflection influxdb invoke ipdb ipykernel ipython ipywidgets
  isodate isort itsdangerous jax jaxlib jedi jieba jinja2 jmespath joblib jose jsonpatch jsonpath_ng jsonpickle jsonpointer jsonschema
  jupyter jupyter_client jupyter_core jwt kafka keras keyring kivy kombu kubernetes langchain langchain_core langchain_openai ldap
  ldap3 levenshtein librosa lightgbm lightning litellm llama_cpp llama_index llvmlite locust loguru lxml lz4 mako mariadb
  markdown markdown_it markdown2 markupsafe marshmallow matplotlib mccabe mechanize memcache mistune mkdocs ml_dtypes mlflow mock
  model_bakery mongoengine more_itertools motor mpi4py mpmath msal msgpack msgspec multidict multipart mutagen mypy mypy_extensions
  mysql mysqldb nacl nbconvert nbformat ndg neo4j netaddr netifaces networkx nltk nose notebook numba numexpr numpy oauthlib odoo
  omegaconf onnx onnxruntime openai openpyxl openssl opentelemetry optuna orjson osgeo packaging paho pandas parameterized paramiko
  parse parsel passlib pathlib2 pathspec patsy peewee peft pep517 pexpect pikepdf pika pil pip pkg_resources platformdirs playhouse
  playwright plotly pluggy ply polars poetry pony portalocker praw prettytable progressbar prometheus_client prompt_toolkit
  protego psutil psycopg psycopg2 psycopg2cffi ptpython pudb py pyarrow pyasn1 pyaudio pyautogui pycocotools pycodestyle pycountry
  pycparser pycurl pydantic pydantic_settings pydantic_core pydispatch pydot pydub pyflakes pygame pygments pyinstaller pylint
  pylibmc pymc pymemcache pymongo pymssql pymysql pynput pyodbc pyparsing pyperclip pypdf pypdf2 pyqt4 pyqt5 pyqt6 pyqtgraph
  pyramid pyrsistent pyside2 pyside6 pyspark pytesseract pytest pytest_asyncio pytest_django pytest_mock pythoncom pytorch_lightning
  pytz pywintypes pyximport qdrant_client qtpy queuelib rapidfuzz rarfile ray readchar redis regex reportlab requests
  requests_mock requests_oauthlib requests_toolbelt responses respx rest_framework rich rpds rpy2 rq rsa ruamel ruff s3fs
  safetensors sanic scipy scp scrapy seaborn selenium semver sentence_transformers sentry_sdk serial service_identity setproctitle
  setuptools setuptools_scm sh shapely shellingham simplejson six skimage sklearn slack_sdk slugify smbprotocol smmap
  snowballstemmer snowflake socketio socks sortedcontainers soundfile soupsieve spacy sphinx sqlalchemy sqlalchemy_utils sqlmodel
  sqlparse starlette statsmodels streamlit stripe structlog superlance supervisor sympy tables tabulate tblib telegram telethon
  tenacity tensorboard tensorflow termcolor testfixtures testtools text_unidecode textual threadpoolctl tifffile tiktoken
  timm tinycss2 tinydb tldextract tokenizers toml tomli tomli_w tomlkit toolz torch torchaudio torchvision tornado tox tqdm
  traitlets transformers trio triton trl trustme tweepy twine twisted typeguard typer types_requests typing_extensions typing_inspect
  tzdata tzlocal ujson umap uncertainties unidecode unittest2 uritemplate urllib3 urwid uvicorn uvloop vcr vine virtualenv voluptuous
  w3lib waitress wandb watchdog watchfiles weasyprint webargs webassets webencodings webob websocket websockets webtest werkzeug wheel whitenoise
  whoosh win32api win32com win32con win32event win32file win32gui win32process win32security win32service win32serviceutil winerror
  wrapt wsproto wtforms wx xarray xgboost xlrd xlsxwriter xlwt xmlschema xmltodict xxhash yaml yapf yarl yt_dlp zeep zict
  zmq zope zstandard`.split(/\s+/),
);

/** Whether everybody knows a package by this name of import. */
export function isWellKnown(name: string): boolean {
  return wellKnown.has(name.toLowerCase());
}

/** Names that a distribution's modules surely have, in lower case; too few rather than too many. */
export function certainNamesOf(distribution: string): readonly string[] {
  const name = distribution.toLowerCase().replace(/[-_.]+/g, '_');
  if (/^types_|_stubs$/.test(name)) return [];
  return otherwiseCalled[name] ?? [name];
}

/** Names that a distribution's modules may have, in lower case; too many rather than too few. */
export function importNamesOf(distribution: string): readonly string[] {
  const name = distribution
    .toLowerCase()
    .replace(/[-_.]+/g, '_')
    .replace(/^types_|_stubs$/g, '');
  const known = otherwiseCalled[name] ?? [];
  const bare = name.replace(/^(?:python|py)_?|_?(?:python|py)\d?$/g, '');
  const words = name.split('_');
  const runs = words.flatMap((_, from) =>
    words.slice(from).flatMap((__, to) => {
      const run = words.slice(from, from + to + 1);
      return [run.join('_'), run.join('')];
    }),
  );
  return [...new Set([name, ...known, bare, ...runs])].filter(candidate => candidate.length > 1);
}
