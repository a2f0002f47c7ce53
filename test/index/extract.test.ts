import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parsedLanguages } from '../../grammars/languages/parsed.js';
import { outlineOf } from '../../grammars/outline.js';
import { createGrammars } from '../../grammars/parse.js';
import { languageOf } from '../../grammars/registry.js';
import type { CodeSymbol } from '../../index/codeIndex.js';
import { createExtractor, type Extractor } from '../../index/extract.js';
import { grammarFolders } from '../support/grammarFolders.js';

const definitions: Readonly<Record<string, string>> = {
  'sample.ts': `
    constant defaultWait
    variable counter
    module somewhere
    function somewhere.load
    namespace Shapes
    interface Shapes.Point
    property Shapes.Point.x
    property Shapes.Point.y
    method Shapes.Point.move
    enum Shapes.Side
    constant Shapes.Side.Left
    constant Shapes.Side.Right
    type Visitor
    property Visitor.name
    function overload
    function overload
    function overload
    function numbers
    class Store
    field Store.#instances
    field Store.entries
    field Store.ready
    constructor Store.constructor
    method Store.size
    method Store.find
    method Store.find.reveal
    function Store.find.walk
    method Store.save
    method Store.onChange
    function createStore
    method createStore.open
    method createStore.close
    function legacy
    method run
  `,
  'sample.tsx': `
    interface Props
    property Props.items
    property Props.render
    constant initial
    function List
    function List.toggle
    function Empty
    class Boundary
    property Boundary.children
    field Boundary.state
    method Boundary.getDerivedStateFromError
    method Boundary.render
  `,
  'sample.js': `
    constant path
    variable legacyFlag
    function Legacy
    function greet
    function parse
    class Queue
    field Queue.#limit
    field Queue.defaults
    method Queue.full
    method Queue.drain
    method Queue.['computed' + 1]
    constant helpers
    method helpers.trim
    method helpers.deep
    function curry
    function inside
    function setup
  `,
  'sample.py': `
    constant T
    constant MAX_SIZE
    variable _cache
    constant SEPARATOR
    constant SEPARATOR
    type Pair
    function decorate
    function decorate.wrapper
    function decorate.wrapper.inner
    class Base
    field Base.registry
    field Base.LIMIT
    constructor Base.__init__
    method Base.size
    method Base.load
    class Base.Meta
    field Base.Meta.ordering
    method Base.Meta.describe
    function match_it
    function main
    function main.nested
  `,
  'sample.go': `
    constant First
    constant second
    constant Version
    variable registry
    variable mu
    variable once
    variable ErrNone
    interface Number
    struct Store
    field Store.entries
    field Store.onChange
    field Store.x
    field Store.y
    type Handler
    type Matrix
    interface Reader
    method Reader.Read
    method Reader.Close
    type Old
    function New
    struct New.local
    field New.local.a
    method Store.Get
    method Matrix.Sum
    function init
    function Map
  `,
  'Sample.java': `
    class Sample
    field Sample.LIMIT
    field Sample.OTHER_LIMIT
    field Sample.entries
    method Sample.entries.get
    constructor Sample.Sample
    constructor Sample.Sample
    method Sample.accept
    class Sample.accept.Local
    method Sample.accept.Local.run
    method Sample.size
    class Sample.Point
    constructor Sample.Point.Point
    method Sample.Point.origin
    enum Sample.Level
    constant Sample.Level.LOW
    method Sample.Level.LOW.label
    constant Sample.Level.HIGH
    field Sample.Level.weight
    constructor Sample.Level.Level
    method Sample.Level.label
    interface Sample.Visitor
    constant Sample.Visitor.DEPTH
    method Sample.Visitor.visit
    method Sample.Visitor.done
    interface Sample.Marker
    method Sample.Marker.value
    class Sample.Inner
    method Sample.Inner.size
    class Sample.Printing
    method Sample.Printing.visit
  `,
  'sample.rs': `
    constant LIMIT
    variable COUNTER
    macro square
    struct Point
    field Point.x
    field Point.y
    struct Unit
    struct Pair
    enum Shape
    constant Shape.Circle
    constant Shape.Square
    constant Shape.Empty
    struct Bits
    field Bits.float
    field Bits.int
    type Result
    trait Area
    constant Area.SIDES
    type Area.Output
    method Area.area
    method Area.describe
    method Point.new
    method Point.send
    constant Shape.SIDES
    type Shape.Output
    method Shape.area
    module nested
    module nested.deeper
    function nested.deeper.reach
    function nested.deeper.reach.local
    function external
    module tests
    function tests.squares
    function main
  `,
  'sample.c': `
    macro VERSION
    macro MAX
    type handle_t
    type handle_t
    enum color
    constant color.RED
    constant color.GREEN
    constant color.BLUE
    type node_t
    struct node
    field node.next
    field node.value
    method node.compare
    type callback_fn
    struct word
    field word.all
    field word.parts
    constant names
    variable counter
    variable width
    variable height
    function list_length
    function allocate
    function list_length_from
    function list_length
    function list_push
    function pick
    function signal_handler
    function main
  `,
  'sample.cpp': `
    macro CHECK
    namespace shapes::detail
    type shapes.detail.Number
    enum shapes.detail.Side
    constant shapes.detail.Side.left
    constant shapes.detail.Side.right
    type shapes.detail.Names
    type shapes.detail.Callback
    class shapes.detail.Base
    method shapes.detail.Base.~Base
    method shapes.detail.Base.area
    method shapes.detail.Base.operator=
    field shapes.detail.Base.name_
    class shapes.detail.Polygon
    constructor shapes.detail.Polygon.Polygon
    method shapes.detail.Polygon.make
    method shapes.detail.Polygon.area
    method shapes.detail.Polygon.operator==
    method shapes.detail.Polygon.operator bool
    struct shapes.detail.Polygon.Corner
    field shapes.detail.Polygon.Corner.x
    field shapes.detail.Polygon.Corner.y
    field shapes.detail.Polygon.side_
    field shapes.detail.Polygon.count_
    method shapes.detail.Polygon.area
    struct Word
    field Word.number
    field Word.real
    constant raw_text
    constant limit
    struct std.hash
    method std.hash.operator()
    function global_function
    function trailing
    function global_function
    function c_function
    struct Hidden
    field Hidden.value
  `,
  'Sample.cs': `
    namespace Example.Samples
    type Example.Samples.Changed
    class Example.Samples.Store
    field Example.Samples.Store.Limit
    field Example.Samples.Store._entries
    field Example.Samples.Store._others
    property Example.Samples.Store.OnChange
    property Example.Samples.Store.Count
    property Example.Samples.Store.Name
    constructor Example.Samples.Store.Store
    constructor Example.Samples.Store.Store
    method Example.Samples.Store.Store
    method Example.Samples.Store.LoadAsync
    function Example.Samples.Store.LoadAsync.Local
    method Example.Samples.Store.Save
    class Example.Samples.Store.Inner
    field Example.Samples.Store.Inner.Depth
    method Example.Samples.Store.Inner.Walk
    class Example.Samples.Point
    method Example.Samples.Point.Length
    struct Example.Samples.Size
    property Example.Samples.Size.Width
    interface Example.Samples.IReader
    method Example.Samples.IReader.Read
    property Example.Samples.IReader.Done
    enum Example.Samples.Level
    constant Example.Samples.Level.None
    constant Example.Samples.Level.Low
    constant Example.Samples.Level.High
    class Example.Samples.Extensions
    method Example.Samples.Extensions.IsEmpty
  `,
};

describe('extraction', () => {
  let extractor: Extractor;
  before(async () => {
    extractor = await createExtractor(grammarFolders);
  });
  after(() => extractor.dispose());

  describe('of a file of each language finds the definitions that are in it', () => {
    for (const [file, expected] of Object.entries(definitions)) {
      it(file, () => {
        const text = readFixture(file);
        const found = extractor.extract({ path: `/${file}`, text });
        assert.deepEqual(
          found.symbols.map(shown),
          expected
            .trim()
            .split('\n')
            .map(line => line.trim()),
        );
      });
    }

    it('and there is such a file for each language', () => {
      const covered = new Set(Object.keys(definitions).map(file => languageOf(file, '')?.id));
      for (const { id } of parsedLanguages) assert.ok(covered.has(id), id);
    });
  });

  it('finds the same definitions as the query that the quick walk is read from', async () => {
    const grammars = await createGrammars(grammarFolders);
    for (const file of Object.keys(definitions)) {
      const text = readFixture(file);
      const language = languageOf(file, '', text);
      assert.ok(language !== null);
      grammars.withTree(language, text, (tree, grammar) => {
        const quick = new Set(outlineOf(tree, grammar, text).map(({ nameStart }) => nameStart));
        const missed = grammar
          .query('definitions')
          .matches(tree.rootNode)
          .flatMap(({ captures }) =>
            captures.some(({ name }) => /^definition\.(?!field|property|type)/.test(name))
              ? captures.filter(({ name }) => name === 'name').map(({ node }) => node)
              : [],
          )
          // A declarator holds its name somewhere inside.
          .filter(node => ![...quick].some(start => start >= node.startIndex && start < node.endIndex));
        assert.deepEqual(
          missed.map(node => node.text),
          [],
          file,
        );
      });
    }
    grammars.dispose();
  });

  // As many as lines that begin with interface, function and type.
  describe('of real files counts', () => {
    const require_ = createRequire(import.meta.url);
    const count = (module: string, expected: Readonly<Record<string, number>>): void => {
      it(module, () => {
        const path = require_.resolve(module);
        const { symbols } = extractor.extract({ path, text: readFileSync(path, 'utf8') });
        const kinds = Object.keys(expected);
        assert.deepEqual(
          Object.fromEntries(kinds.map(kind => [kind, symbols.filter(symbol => symbol.kind === kind).length])),
          expected,
        );
      });
    };
    count('typescript/lib/lib.es5.d.ts', { interface: 95, function: 11, type: 29, namespace: 1 });
    count('typescript/lib/lib.webworker.d.ts', { interface: 678 });
  });

  it('gives a definition its signature, its containers and the place of its name', () => {
    const { symbols } = extractor.extract({
      path: '/a.ts',
      text: 'namespace n {\n  export class A<T>\n    extends B {\n    f(a: string): void {}\n  }\n}\n',
    });
    assert.deepEqual(symbols.at(1), {
      name: 'A',
      kind: 'class',
      span: { startLine: 1, startColumn: 2, endLine: 4, endColumn: 3 },
      nameSpan: { startLine: 1, startColumn: 15, endLine: 1, endColumn: 16 },
      signature: 'export class A<T> extends B',
      container: 'n',
    });
    assert.equal(symbols.at(2)?.container, 'n.A');
    assert.equal(symbols.at(2)?.signature, 'f(a: string): void');
  });

  it('finds uses of names, and not the names where they are defined', () => {
    const text = 'class A extends B {}\nfunction f(a: C): D { return new A(g(a).h(f)); }\n';
    const names = extractor.references({ path: '/a.ts', text }).map(({ name }) => name);
    assert.deepEqual(names, ['B', 'C', 'D', 'A', 'g', 'h']);
    assert.deepEqual(extractor.references({ path: '/a.rb', text }), []);
  });

  it('finds what a file imports', () => {
    const imports = (path: string, text: string): readonly string[] => extractor.imports({ path, text });
    assert.deepEqual(imports('/a.ts', "import a from 'b';\nexport * from './c';\nconst d = require('e');\nf('g');"), [
      'b',
      './c',
      'e',
    ]);
    assert.deepEqual(imports('/a.py', 'import a.b, c as d\nfrom .e import f\n'), ['a.b', 'c', '.e']);
    assert.deepEqual(imports('/a.go', 'package a\nimport (\n\t"b/c"\n)\n'), ['b/c']);
    assert.deepEqual(imports('/a.cpp', '#include <a>\n#include "b.h"\n'), ['a', 'b.h']);
    assert.deepEqual(imports('/A.java', 'import a.b.C;\n'), ['a.b.C']);
    assert.deepEqual(imports('/a.rs', 'use a::b;\n'), ['a::b']);
    assert.deepEqual(imports('/a.cs', 'using A.B;\nusing C;\n'), ['A.B', 'C']);
  });

  it('goes on with broken code', () => {
    const { symbols } = extractor.extract({
      path: '/a.ts',
      text: 'function a( {\n\nclass B { c() {} \nfunction d() {}\n',
    });
    assert.ok(symbols.some(({ name }) => name === 'd'));
    for (const path of ['/a.ts', '/a.py', '/a.go', '/a.java', '/a.rs', '/a.c', '/a.cpp', '/a.cs']) {
      for (const text of ['\u0000\u0001', '}}}}', '(('.repeat(2_000), '\ud800', '"', '/*', 'class', '\ufeff']) {
        const { chunks } = extractor.extract({ path, text });
        assert.equal(chunks.map(chunk => chunk.text).join(''), text);
      }
    }
  });

  it('takes a C header for C++ when it looks like it', () => {
    assert.equal(extractor.extract({ path: '/a.h', text: 'int f(void);\n' }).language, 'c');
    assert.equal(extractor.extract({ path: '/a.h', text: '#pragma once\nnamespace n {}\n' }).language, 'cpp');
  });

  it('does without the grammar where it is told to, or the text is too long', () => {
    const text = 'function f() {}\n';
    assert.deepEqual(extractor.plain({ path: '/a.ts', text }).symbols, []);
    assert.deepEqual(extractor.extract({ path: '/a.ts', text: text.repeat(70_000) }).symbols, []);
  });
});

function readFixture(file: string): string {
  return readFileSync(new URL(`../../../test/fixtures/languages/${file}`, import.meta.url), 'utf8');
}

function shown({ kind, name, container }: CodeSymbol): string {
  return `${kind} ${container === '' ? name : `${container}.${name}`}`;
}
