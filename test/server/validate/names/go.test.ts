import { join } from 'node:path';
import { checkNames } from './namesCases.js';

const body = (lines: string): string => `package shop

import (
	"fmt"
	"example.com/shop/stock"
	"example.com/ring"
	"strings"
)

${lines}
var _ = fmt.Println
var _ stock.Item
var _ ring.Ring
var _ = strings.ToUpper
`;

/** A library of Go's own, small enough to be seen through. */
const library = {
  '../go/VERSION': 'go1.26.8\n',
  '../go/api/go1.txt': 'pkg fmt, func Println(...interface{})\npkg strings, func ToUpper(string) string\n',
  '../go/src/fmt/print.go': `package fmt

func Println(a ...any) (n int, err error) {
	return
}

func Sprint(a ...any) string {
	return ""
}
`,
  '../go/src/strings/strings.go': `/*
package of texts
*/
package strings

type Builder struct {
	buf []byte
}

func (b *Builder) WriteString(s string) (int, error) {
	return 0, nil
}

func ToUpper(s string) string {
	return s
}

func Fields(s string) []string {
	return nil
}

func Inspect(s string) (interface {
	Content() []byte
}, error) {
	return nil, nil
}
`,
};

const workspace = {
  'go.mod': `module example.com/shop

go 1.22

require (
	example.com/ring v1.0.0
	example.com/gone v1.0.0
)
`,
  'other.go': `package shop

type Cart struct {
	Items []Item
	base
	owner *Owner
}

type Item struct {
	Name  string
	Price Money
}

type Money int64

func (m Money) Round() Money {
	return m
}

type base struct {
	id string
}

type Owner struct{ Mail string }

func (b *base) ID() string {
	return b.id
}

func newCart(size int) (*Cart, error) {
	return nil, nil
}

func pick[T any](from []T) T {
	return from[0]
}
`,
  'stock/stock.go': `package stock

type Item struct {
	Count  int
	hidden bool
}

func Take(n int) map[string]*Item {
	return nil
}
`,
  '../modules/example.com/ring@v1.0.0/ring.go': `package ring

type Ring struct{ Size int }

func New() *Ring {
	return nil
}

func (r *Ring) Next() *Ring {
	return r
}
`,
};

describe('invented names in Go', () => {
  checkNames({
    languageId: 'go',
    main: 'shop.go',
    machine: folder => ({
      home: folder,
      env: { GOROOT: join(folder, 'go'), GOMODCACHE: join(folder, 'modules'), PATH: '' },
    }),
    files: { ...library, ...workspace },
    cases: [
      {
        says: 'finds a name that nobody declares',
        text: body('func f(count int) int { return cuont + newCrat(1) }'),
        finds: [
          ['unknown-name', 'cuont'],
          ['unknown-name', 'newCrat'],
        ],
      },
      {
        says: 'knows parameters, results, locals, labels, closures, constants and what the language brings',
        text: body(`const a, b = iota, 2
func f(count int, more ...string) (sum int, err error) {
	defer func() { if r := recover(); r != nil { err = r.(error) } }()
outer:
	for i, each := range more {
		switch { case each == "": continue outer; default: sum += i + len(each) + count + a + b }
	}
	var x, y = 1, any(2)
	type local struct{ z int }
	_ = local{z: x}
	if v, ok := y.(int); ok && v > 0 { sum = min(v, cap(more)) }
	return
}`),
        finds: [],
      },
      {
        says: 'finds a member that a type of the workspace lacks, through calls, fields, indexes and loops',
        text: body(`func f() {
	cart, err := newCart(1)
	_ = err.Eror()
	_ = cart.Itmes
	_ = cart.Items[0].Price.Ruond()
	for _, item := range cart.Items { _ = item.Nmae }
	_ = cart.owner.Male
	_ = pick(cart.Items).Naem
	_ = stock.Take(1)["a"].Cuont
	inspected, _ := strings.Inspect("")
	_ = inspected.Content()
	_ = inspected.Contents()
}`),
        finds: [
          ['unknown-member', 'Eror'],
          ['unknown-member', 'Itmes'],
          ['unknown-member', 'Ruond'],
          ['unknown-member', 'Nmae'],
          ['unknown-member', 'Male'],
          ['unknown-member', 'Naem'],
          ['unknown-member', 'Cuont'],
          ['unknown-member', 'Contents'],
        ],
      },
      {
        says: 'knows embedded members, methods of pointers, aliases, generics and errors',
        text: body(`type Basket = Cart
type list[T any] struct{ first T }
func (l *list[T]) head() T { return l.first }
func f(b Basket, e error) {
	_, _, _ = b.id, b.ID(), b.Items[0].Price.Round().Round()
	_ = e.Error()
	l := &list[Item]{first: Item{Name: "a"}}
	_ = l.head().Name
	_ = pick(b.Items).Price
	_ = ring.New().Next().Next().Size
	_ = ring.New().Next().Size0
}
func (m Money) all() {}`),
        finds: [['unknown-member', 'Size0']],
      },
      {
        says: 'finds keys of literals that a struct lacks, also where its type is left out',
        text: body(`var a = Cart{Itens: nil}
var b = []Item{{Name: "x"}, {Prize: 2}}
var c = map[string]*Item{"k": {Nam: "y"}}`),
        finds: [
          ['unknown-member', 'Itens'],
          ['unknown-member', 'Prize'],
          ['unknown-member', 'Nam'],
        ],
      },
      {
        says: 'finds what a package does not export, also what it keeps to itself',
        text: body('var a = strings.Feilds("")\nvar b stock.Itm\nvar c = stock.Item{}.hidden\nvar d = fmt.Sprint'),
        finds: [
          ['unknown-export', 'Feilds'],
          ['unknown-export', 'Itm'],
          ['unknown-member', 'hidden'],
        ],
      },
      {
        says: 'finds imports that are neither of the language, the workspace nor required',
        text: 'package shop\n\nimport (\n\t"strngs"\n\t"example.com/shop/stok"\n\t"github.com/made/up"\n\t"example.com/gone/inside"\n\t"fmt"\n)\n\nvar _ = fmt.Sprint\n',
        finds: [
          ['unknown-package', '"strngs"'],
          ['unknown-package', '"example.com/shop/stok"'],
          ['unknown-package', '"github.com/made/up"'],
        ],
      },
      {
        says: 'reads lists that stand on one line, and finds what is none of theirs',
        text: 'package shop\n\nconst ( A = iota; B; _; D )\n\nvar ( x = A; y = E )\n\nfunc f() int { return B + D + x + y }\n',
        finds: [['unknown-name', 'E']],
      },
      {
        says: 'says nothing of what comes from a package that is required and not there',
        text: 'package shop\n\nimport "example.com/gone"\n\nvar a = gone.Anything().Whatever\nvar b gone.Type\nfunc f() { b.Run(b.Field) }\n',
        finds: [],
      },
      {
        says: 'says nothing of a package whose generated files are missing',
        text: body('//go:generate stringer -type Kind\ntype Kind int\nvar a = Kind(1).String()\nvar b = KindNames'),
        finds: [],
      },
      {
        says: 'says nothing of the imports of a file that no build takes in',
        text: '//go:build ignore\n\npackage main\n\nimport "github.com/made/up"\n\nfunc main() { up.Run() }\n',
        finds: [],
      },
      {
        says: 'says nothing of C',
        text: 'package shop\n\n// int puts(char *);\nimport "C"\n\nvar a = C.puts(nil)\nvar b C.int\n',
        finds: [],
      },
      {
        says: 'cannot judge what does not parse',
        text: body('func f( { return'),
        finds: [],
        unknown: true,
      },
      {
        says: 'sees the files of another system, and types that differ there',
        files: {
          'sys_windows.go': 'package shop\n\ntype handle struct{ number int }\n\nfunc (h handle) close() {}\n',
          'sys_linux.go': 'package shop\n\ntype handle int\n\nfunc (h handle) close() {}\n',
        },
        text: body('func f(h handle) { h.close(); _ = h.number; h.colse() }'),
        finds: [['unknown-member', 'colse']],
      },
    ],
  });
});
