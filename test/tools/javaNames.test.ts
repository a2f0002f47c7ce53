import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { javaHome } from '../../server/validate/names/installed.js';
import { checkNames } from '../server/validate/names/namesCases.js';

/** Where no kit is installed, this suite fails: Java's own classes are read from it. */
const machine = { home: homedir(), env: { PATH: process.env['PATH'], JAVA_HOME: process.env['JAVA_HOME'] } };

const inClass = (lines: string): string => `package shop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shop.stock.Item;

public class Use extends Base {
${lines}
}
`;

describe('invented names in Java', () => {
  it('has a development kit to read', () => assert.ok(existsSync(javaHome(machine, null) ?? '')));

  checkNames({
    languageId: 'java',
    main: 'src/main/java/shop/Use.java',
    machine: folder => ({ ...machine, home: folder }),
    files: {
      'src/main/java/shop/Base.java':
        'package shop;\n\npublic class Base implements Runnable {\n  protected int count;\n  protected int total() { return count; }\n  public void run() {}\n  static class Inner {}\n}\n',
      'src/main/java/shop/stock/Item.java':
        'package shop.stock;\n\npublic record Item(String name, int price) {\n  public enum Kind { SMALL, LARGE }\n  public static final int LIMIT = 3;\n  public Kind kind() { return Kind.SMALL; }\n}\n',
    },
    cases: [
      {
        says: 'finds names, calls and types that nobody declares',
        text: inClass(
          '  int f(int size) { int sum = sise + coutn; return totl() + sum; }\n  Itm item; List<Strng> texts = new ArrayLst<>();\n  @Overide public void run() {}',
        ),
        finds: [
          ['unknown-name', 'sise'],
          ['unknown-name', 'coutn'],
          ['unknown-name', 'totl'],
          ['unknown-name', 'Itm'],
          ['unknown-name', 'Strng'],
          ['unknown-name', 'ArrayLst'],
          ['unknown-name', 'Overide'],
        ],
      },
      {
        says: 'finds members that stand nowhere',
        text: inClass(
          '  void f(List<Item> items) {\n    items.foreach0(x -> x.nmae());\n    int limit = Item.LIMT;\n    Runnable r = this::runn;\n    switch (items.get(0).kind()) { case SMAL: break; default: }\n  }',
        ),
        finds: [
          ['unknown-member', 'foreach0'],
          ['unknown-member', 'nmae'],
          ['unknown-member', 'LIMT'],
          ['unknown-member', 'runn'],
          ['unknown-member', 'SMAL'],
        ],
      },
      {
        says: 'knows what is declared, bound, inherited, imported and of the language',
        text: `package shop;

import static java.lang.Math.max;
import static java.util.stream.Collectors.*;
import static shop.stock.Item.Kind.SMALL;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.*;
import java.util.function.Function;
import shop.stock.Item.Kind;

public class Use<T extends Comparable<T>> extends Base {
  enum Own { A, B { void inside() {} }; int level; }
  record Pair(int left, String right) { Pair { if (left < 0) throw new IllegalStateException(right); } }
  interface Shape { double area(); }
  private final Map<String, List<T>> all = new HashMap<>();
  Inner inner = new Inner();
  <U> int f(final int a, String... rest) throws Exception {
    int x = max(a, count) + total(), y[] = {1};
    for (String s : rest) x += s.length() + y.length + rest.length;
    try (java.io.Reader in = new java.io.StringReader("a")) { in.read(); } catch (java.io.IOException | RuntimeException e) { e.getMessage(); }
    Function<Object, String> text = q -> q.toString();
    if (text instanceof Object other && other.hashCode() > 0) run();
    outer: while (true) { break outer; }
    Kind kind = switch (Own.A) { case A -> Kind.LARGE; case B -> { yield Kind.valueOf("SMALL"); } };
    new Shape() { int depth; public double area() { return depth + hashCode(); } }.area();
    Map.Entry<String, Integer> entry = Map.entry("a", 1);
    List.of(1).stream().map(i -> i + x).collect(toList());
    return new Pair(1, entry.getKey()).left() + Use.this.count + super.count;
  }
}
`,
        finds: [],
      },
      {
        says: 'finds imports of packages, types and members that do not exist',
        text: 'package shop;\n\nimport java.utl.List;\nimport java.util.Lisst;\nimport shop.stok.Item;\nimport shop.stock.Itm;\nimport static java.lang.Math.mx;\n\nclass Use {}\n',
        finds: [
          ['unknown-package', 'java.utl.List'],
          ['unknown-export', 'Lisst'],
          ['unknown-package', 'shop.stok.Item'],
          ['unknown-export', 'Itm'],
          ['unknown-export', 'mx'],
        ],
      },
      {
        says: 'says nothing of members where a dependency is not there',
        files: {
          'pom.xml':
            '<project><groupId>shop</groupId><dependencies><dependency><groupId>made.up</groupId><artifactId>thing</artifactId><version>1</version></dependency></dependencies></project>',
        },
        text: 'package shop;\n\nimport made.up.Thing;\n\nclass Use extends Thing { int a = whatever(); int b = Thing.make().more(); }\n',
        unknown: true,
        finds: [],
      },
      {
        says: 'says nothing of members that annotations may make',
        files: { 'build.gradle': "dependencies { annotationProcessor 'org.projectlombok:lombok:1.18.30' }\n" },
        text: inClass('  int f(Item item) { return item.getPrice0(); }'),
        unknown: true,
        finds: [],
      },
      {
        says: 'cannot judge what does not parse',
        text: inClass('  int f( {'),
        finds: [],
        unknown: true,
      },
    ],
  });
});
