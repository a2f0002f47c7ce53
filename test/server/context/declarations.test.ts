import assert from 'node:assert/strict';
import { declarationsOf } from '../../../server/context/declarations/declarationsOf.js';
import { renderDeclaration } from '../../../server/context/declarations/renderDeclaration.js';

async function shown(
  languageId: string,
  source: string,
  maxUnits = 1000,
  wanted: readonly string[] = [],
): Promise<string> {
  const declared = await declarationsOf(source, languageId);
  const comment = languageId === 'python' ? '#' : '//';
  return declared
    .filter(each => each.isExported && each.owner === '')
    .map(each => renderDeclaration(each, { maxUnits, wanted: new Set(wanted), comment, declared }))
    .join('\n');
}

function check(title: string, languageId: string, source: string, expected: string): void {
  it(`${languageId}: ${title}`, async () => assert.equal(await shown(languageId, source), expected.trim()));
}

describe('declarations, as they are shown', () => {
  check(
    'heads and members, no bodies',
    'typescript',
    `
import { x } from './x';
/** A bill. */
export interface Invoice {
  readonly id: string;
  lines(): readonly Line[];
}
const hidden = 1;
export function total(
  invoice: Invoice,
  rate: number,
): number {
  return invoice.lines().length * rate;
}
export class Ledger extends Book
  implements Closable {
  private secret = 1;
  constructor(private readonly rate: number) {
    super();
  }
  async add(invoice: Invoice): Promise<void> {
    if (invoice) {
      this.x();
    }
  }
}
export type Either =
  | { left: string }
  | { right: number };
`,
    `
export interface Invoice {
  readonly id: string;
  lines(): readonly Line[];
}
export function total(
  invoice: Invoice,
  rate: number,
): number { ... }
export class Ledger extends Book
  implements Closable {
  constructor(private readonly rate: number) { ... }
  async add(invoice: Invoice): Promise<void> { ... }
}
export type Either =
  | { left: string }
  | { right: number };`,
  );

  check(
    'what stands in a module of a declaration file',
    'typescript',
    `
declare module "fs" {
    import * as stream from "node:stream";
    export interface Stats {
        size: number;
    }
    export function readFileSync(
        path: string,
    ): Buffer;
}
`,
    `
export interface Stats {
    size: number;
}
export function readFileSync(
    path: string,
): Buffer;`,
  );

  check(
    'classes with their attributes, decorators, and what is defined under a condition',
    'python',
    `
"""def not_this(): pass"""
import os

if os.name == "nt":
    def clear(path: str) -> None:
        """Removes it."""
        os.remove(path)

@dataclass
class Invoice(Base):
    id: str
    rate: float = 0.2

    def __init__(self, id, rate=0.2):
        self.id = id
        self._hidden = 1

    @property
    def total(self) -> float:
        return 1.0

    def _private(self):
        pass

def _helper():
    pass

LIMIT = 10
`,
    `
def clear(path: str) -> None: ...
@dataclass
class Invoice(Base):
    id: str
    rate: float = 0.2
    def __init__(self, id, rate=0.2):
        self.id = id
    @property
    def total(self) -> float: ...
LIMIT = 10`,
  );

  check(
    'methods behind their type, wherever they stand',
    'go',
    `
package bill

// Invoice is one.
type Invoice struct {
	ID    string
	lines []Line
}

type (
	Reader interface {
		Read(p []byte) (int, error)
	}
)

const Max = 3

func New(id string) *Invoice {
	return &Invoice{ID: id}
}

func (i *Invoice) Total(rate float64) float64 {
	return 1
}

func (i Invoice) secret() {}
`,
    `
type Invoice struct {
	ID    string
}
func (i *Invoice) Total(rate float64) float64 { ... }
Reader interface {
	Read(p []byte) (int, error)
}
const Max = 3
func New(id string) *Invoice { ... }`,
  );

  check(
    'what is public, with what its impl blocks hold',
    'rust',
    `
use std::fmt;

/// One bill.
#[derive(Debug)]
pub struct Invoice {
    pub id: String,
    rate: f64,
}

impl Invoice {
    pub fn new(id: &str) -> Self {
        Self { id: id.into(), rate: 0.2 }
    }

    fn hidden(&self) {}
}

pub trait Total {
    fn total(&self) -> f64;
}

impl Total for Invoice {
    fn total(&self) -> f64 {
        1.0
    }
}

fn helper() {}
`,
    `
pub struct Invoice {
    pub id: String,
}
impl Invoice {
    pub fn new(id: &str) -> Self { ... }
}
impl Total for Invoice {
    fn total(&self) -> f64 { ... }
}
pub trait Total {
    fn total(&self) -> f64;
}`,
  );

  check(
    'braces on a line of their own, comments with code in them',
    'java',
    `
package bill;

/* class Not { } */
public class Invoice<T> extends Base
        implements Total, Closable
{
    private final String id;
    public static final int MAX = 3;

    @Override
    public double total(double rate) throws IOException {
        return rate;
    }

    protected List<T> lines() { return null; }
}
`,
    `
public class Invoice<T> extends Base
        implements Total, Closable
{
    public static final int MAX = 3;
    @Override
    public double total(double rate) throws IOException { ... }
    protected List<T> lines() { return null; }
}`,
  );

  it('shows what is wanted first, and the names of the rest, where there is no room', async () => {
    const members = Array.from({ length: 30 }, (_, at) => `  method${at}(first: string, second: string): void;`);
    const source = `export interface Wide {\n${members.join('\n')}\n}\n`;
    const text = await shown('typescript', source, 400, ['method27']);
    assert.ok(text.length <= 400, `${text.length} units`);
    assert.match(text, /^ {2}method27\(first/m);
    assert.match(text, /^\/\/ also: .*method9\b/m);
    assert.ok(!/method27.*method27/s.test(text), 'not named twice');
  });

  it('bears anything', async () => {
    for (const source of [
      '',
      '\n\n',
      'export class',
      'export class {',
      'def',
      '"""',
      '/*',
      '}\n'.repeat(50),
      'a'.repeat(5000),
    ]) {
      for (const languageId of ['typescript', 'python', 'go', 'rust', 'java', 'c', 'markdown']) {
        assert.ok(Array.isArray(await declarationsOf(source, languageId)));
      }
    }
  });
});
