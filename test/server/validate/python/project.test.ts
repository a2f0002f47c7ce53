import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makingOf } from '../../../../server/validate/python/callText.js';
import { readDeclarations } from '../../../../server/validate/python/declaredPackages.js';
import { frame, readFrames } from '../../../../server/validate/python/framing.js';
import { importErrors, mayFail } from '../../../../server/validate/python/guards.js';
import { findEnvironment, installedNames } from '../../../../server/validate/python/pythonEnvironment.js';
import { projectFolderOf, readLayout } from '../../../../server/validate/python/pythonLayout.js';
import { stateFiles } from '../../../../server/validate/stateFiles.js';
import { marked } from '../../../support/markedText.js';

const { signal } = new AbortController();

describe('a Python project, read as data', () => {
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'understudy-project-')))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  const declarations: readonly (readonly [
    file: string,
    text: string,
    declared: readonly string[],
    not: readonly string[],
  ])[] = [
    [
      'pyproject.toml',
      '[project]\nname = "own"\ndependencies = ["httpx[http2]>=0.2", "PyYAML ; python_version > \'3\'"]\n',
      ['httpx', 'yaml'],
      ['own', 'http2', 'python_version'],
    ],
    [
      'pyproject.toml',
      '[project.optional-dependencies]\nimage = ["Pillow"]\n[dependency-groups]\ndev = ["pytest>=8"]\n',
      ['pil', 'pytest'],
      ['image', 'dev'],
    ],
    [
      'pyproject.toml',
      '[tool.poetry.dependencies]\npython = "^3.10"\nbeautifulsoup4 = {version = "*", optional = true}\n',
      ['bs4'],
      ['python', 'version', 'optional'],
    ],
    ['pyproject.toml', 'dependencies = ["half-written>=1",\n', ['half_written'], []],
    [
      'requirements-dev.txt',
      '# pinned\nscikit-learn==1.4 --hash=sha256:aa\n-r other.txt\ngit+https://host/x.git#egg=fromgit\n',
      ['sklearn', 'fromgit'],
      ['other', 'pinned'],
    ],
    ['requirements/base.txt', 'django-filter\n', ['django_filters', 'django'], []],
    [
      'setup.py',
      'setup(install_requires=["python-dateutil >= 2"], extras_require={"x": [\'attrs\']})\n',
      ['dateutil', 'attr'],
      [],
    ],
    [
      'setup.cfg',
      '[options]\ninstall_requires =\n    opencv-python\n    importlib-metadata; python_version<"3.8"\n',
      ['cv2', 'importlib_metadata'],
      [],
    ],
    ['Pipfile', '[packages]\nrequests = "*"\n[dev-packages]\nmypy = "*"\n', ['requests', 'mypy'], []],
    ['poetry.lock', '[[package]]\nname = "werkzeug"\nversion = "3"\n', ['werkzeug'], []],
    [
      'environment.yml',
      'dependencies:\n  - numpy=1.26\n  - conda-forge::xarray\n  - pip:\n    - black\n',
      ['numpy', 'xarray', 'black'],
      [],
    ],
  ];
  for (const [file, text, declared, not] of declarations) {
    it(`declares ${declared.join(', ')} in ${file}: ${text}`, async () => {
      write(file, text);
      const { names, isDeclared } = await readDeclarations([folder], stateFiles());
      assert.deepEqual(
        declared.filter(name => !names.has(name)),
        [],
      );
      assert.deepEqual(
        not.filter(name => names.has(name)),
        [],
      );
      assert.equal(isDeclared, true);
    });
  }

  it('declares nothing where nothing is said', async () => {
    assert.deepEqual(await readDeclarations([folder], stateFiles()), { names: new Set(), isDeclared: false });
  });

  it('has the environment in its folder, then the active one, then the Python on PATH', () => {
    const prefixes = ['project/any-name', 'active', 'shared'];
    for (const prefix of prefixes) write(`${prefix}/lib/python3.12/site-packages/here.py`, '');
    write('project/any-name/pyvenv.cfg', 'version = 3.12.1\n');
    write('shared/bin/python3', '');
    const find = (active: boolean, inFolder: boolean): string | undefined =>
      findEnvironment({
        folders: [join(folder, inFolder ? 'project' : 'elsewhere')],
        env: {
          PATH: join(folder, 'shared', 'bin'),
          HOME: folder,
          ...(active ? { VIRTUAL_ENV: join(folder, 'active') } : {}),
        },
      })?.prefix;
    assert.equal(find(true, true), join(folder, 'project/any-name'));
    assert.equal(find(true, false), join(folder, 'active'));
    assert.equal(find(false, false), join(folder, 'shared'));
  });

  it('knows what is installed by modules, distributions and links to folders', () => {
    write('env/pyvenv.cfg', '');
    const packages = 'env/lib/python3.12/site-packages';
    write(`${packages}/plain.py`, '');
    write(`${packages}/whole/__init__.py`, '');
    write(`${packages}/_fast.cpython-312-x86_64-linux-gnu.so`, '');
    write(`${packages}/Some_Thing-1.0.dist-info/top_level.txt`, 'other_name\n');
    write(`${packages}/linked.pth`, `${join(folder, 'linked')}\nimport os; os.system("false")\n`);
    write('linked/far/__init__.py', '');
    const environment = findEnvironment({ folders: [folder], env: { HOME: folder } });
    assert.ok(environment !== null);
    assert.deepEqual([...installedNames(environment)].sort(), [
      '_fast',
      'far',
      'other_name',
      'plain',
      'some_thing',
      'whole',
    ]);
  });

  it('begins modules at folders that hold packages, and passes environments by', async () => {
    write('src/app/__init__.py', '');
    write('src/app/inner/__init__.py', '');
    write('tests/test_app.py', '');
    write('venv/pyvenv.cfg', '');
    write('venv/lib/x.py', '');
    write('node_modules/x/x.py', '');
    const { roots, stamps } = await readLayout(folder, signal);
    assert.deepEqual(roots, [folder, join(folder, 'src')]);
    assert.equal(stamps.size, 3);
  });

  it('is the nearest folder that describes one, inside the workspace', () => {
    write('pyproject.toml', '');
    write('services/one/setup.py', '');
    write('services/two/app.py', '');
    const of = (path: string, workspace: string | null): string =>
      projectFolderOf(join(folder, path), workspace, stateFiles());
    assert.equal(of('services/one/app/a.py', folder), join(folder, 'services/one'));
    assert.equal(of('services/two/app.py', folder), folder);
    assert.equal(of('services/two/app.py', join(folder, 'services')), join(folder, 'services'));
    assert.equal(of('services/two/app.py', null), join(folder, 'services/two'));
  });
});

describe('what may fail on purpose', () => {
  const yes = [
    'try:\n    /*cursor*/import a\nexcept ImportError:\n    a = None\n',
    'try:\n    import b\nexcept (\n    ImportError,\n    ValueError,\n):\n    /*cursor*/import a\n',
    'try:\n    if 1:\n        /*cursor*/import a\nexcept:\n    pass\n',
    'try:\n    import b\nexcept ImportError:\n    pass\nelse:\n    /*cursor*/import a\n',
    'with suppress(ImportError):\n    /*cursor*/import a\n',
  ];
  const no = [
    '/*cursor*/import a\n',
    'try:\n    /*cursor*/import a\nexcept ValueError:\n    pass\n',
    'try:\n    import b\nexcept ImportError:\n    pass\n/*cursor*/import a\n',
    'try:\n    pass\nfinally:\n    /*cursor*/import a\n',
  ];
  for (const [expected, sources] of [
    [true, yes],
    [false, no],
  ] as const)
    for (const source of sources)
      it(`${expected ? 'may' : 'may not'}: ${source}`, () => {
        const { text, offset } = marked(source);
        assert.equal(mayFail(text, offset, importErrors), expected);
      });
});

describe('how an argument comes about', () => {
  const cases: readonly (readonly [argument: string, making: string])[] = [
    ['"ls -l"', 'literal'],
    ["'''ls\n-l'''", 'literal'],
    ['f"plain"', 'literal'],
    ['["ls", "-l"]', 'literal'],
    ['f"ls {name}"', 'built'],
    ['"ls " + name', 'built'],
    ['"ls %s" % name', 'built'],
    ['"ls {}".format(name)', 'built'],
    ['" ".join(parts)', 'built'],
    ['name', 'other'],
    ['["ls", name]', 'other'],
    ['f(name)', 'other'],
  ];
  for (const [argument, making] of cases) it(`${argument}: ${making}`, () => assert.equal(makingOf(argument), making));
});

describe('frames', () => {
  it('are put together from whatever bytes come', () => {
    const heard: unknown[] = [];
    const read = readFrames(message => heard.push(message));
    const bytes = Buffer.concat([frame({ id: 1, text: 'ä😀' }), frame({ id: 2 })]);
    for (const byte of bytes) read(Buffer.from([byte]));
    read(Buffer.concat([frame({ id: 3 }), frame({ id: 4 })]));
    assert.deepEqual(
      heard.map(message => (message as { readonly id: number }).id),
      [1, 2, 3, 4],
    );
    assert.deepEqual(heard[0], { jsonrpc: '2.0', id: 1, text: 'ä😀' });
  });

  for (const bytes of ['Length: 3\r\n\r\nabc', 'Content-Length: 999999999\r\n\r\n', 'x'.repeat(5000)])
    it(`are none: ${bytes.slice(0, 40)}`, () => assert.throws(() => readFrames(() => {})(Buffer.from(bytes))));
});
