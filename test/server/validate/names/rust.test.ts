import { join } from 'node:path';
import { checkNames } from './namesCases.js';

const start = 'pub mod cart;\nuse std::collections::HashMap;\nuse ring::Ring;\nuse crate::cart::Cart;\n\n';

describe('invented names in Rust', () => {
  checkNames({
    languageId: 'rust',
    main: 'src/lib.rs',
    machine: folder => ({
      home: folder,
      env: { CARGO_HOME: join(folder, 'cargo'), RUSTUP_HOME: join(folder, 'rustup'), PATH: '' },
    }),
    files: {
      '../rustup/toolchains/stable/lib/rustlib/src/rust/library/std/src/lib.rs':
        'pub mod collections { pub struct HashMap; impl HashMap { pub fn insert(&self) {} pub fn get(&self) {} pub fn new() {} } }\npub fn len() {}\nmacro_rules! println { () => {} }\nmacro_rules! vec { () => {} }\n',
      '../cargo/registry/src/index/ring-1.2.0/src/lib.rs':
        '/// What is said of lenght here does not count.\npub struct Ring { pub size: u32 }\nimpl Ring { pub fn spin(&self) {} }\n',
      'Cargo.toml': '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nring = "1"\n',
      'Cargo.lock':
        '[[package]]\nname = "ring"\nversion = "1.2.0"\nsource = "registry"\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\ndependencies = ["ring"]\n',
      'src/cart.rs':
        'pub struct Cart { pub items: Vec<u32> }\nimpl Cart { pub fn total(&self) -> u32 { 0 } }\npub enum Kind { Small, Large(u32) }\n',
    },
    cases: [
      {
        says: 'finds names, members, paths and macros that stand nowhere',
        text: `${start}pub fn f(cart: &Cart, count: u32) -> u32 {
    let map = HashMap::neww();
    map.insertt(cart.itens, cuont);
    pintln!("{}", cart.totall());
    println!("{}", cart.totale(), Ring::spinn);
    let kind = crate::cart::Kind::Smal;
    helpr(Crat { items: vec![] })
}
`,
        finds: [
          ['unknown-export', 'neww'],
          ['unknown-member', 'insertt'],
          ['unknown-member', 'itens'],
          ['unknown-name', 'cuont'],
          ['unknown-name', 'pintln'],
          ['unknown-member', 'totale'],
          ['unknown-export', 'spinn'],
          ['unknown-export', 'Smal'],
          ['unknown-name', 'helpr'],
          ['unknown-name', 'Crat'],
        ],
      },
      {
        says: 'knows what is declared, bound, imported and built in',
        text: `${start}use crate::cart::{self, Kind as K};
const LIMIT: usize = 3;
pub struct Own<T: Clone> { pub first: T }
pub trait Runs { type Out; fn run(&self) -> Self::Out; }
impl<T: Clone> Runs for Own<T> { type Out = T; fn run(&self) -> Self::Out { self.first.clone0() } }
fn typed<ITEM>(all: impl Takes<Out = ITEM>) -> ITEM { all.run() }
pub trait Takes: Runs {}
trait Extra { fn clone0(&self) -> Self; }
fn g<'a, const N: usize>(own: &'a Own<u8>, (left, mut right): (u32, u32)) -> Option<u32> {
    'outer: for (i, each) in [left].get(N).len().len() { if i > LIMIT { break 'outer; } }
    let Some(found) = Some(own.first) else { return None };
    let close = |x: u32| x + left + right;
    match K::Large(close(1)) { K::Large(n @ 1..=3) if n > 2 => Some(n), K::Small | _ => { right = 2; None } }
}
macro_rules! twice { ($made:ident) => { fn $made() {} } }
twice!(generated);
fn h() { generated(); let cart = cart::Cart { items: vec![] }; println!("{}", cart.total()); }
`,
        finds: [],
      },
      {
        says: 'finds crates that Cargo.toml does not require, and imports that stand nowhere',
        text: 'use rnig::Ring;\nuse ring::Rnig;\nuse std::collections::{HashMapp, HashMap};\nextern crate made_up;\n',
        finds: [
          ['unknown-package', 'rnig'],
          ['unknown-export', 'Rnig'],
          ['unknown-export', 'HashMapp'],
          ['unknown-package', 'made_up'],
        ],
      },
      {
        says: 'takes no words of comments for names, and what a comment says is not judged',
        text: '/// lenght of it\npub fn f(ring: &ring::Ring) { ring.lenght(); }\n',
        finds: [['unknown-member', 'lenght']],
      },
      {
        says: 'says nothing of members where a crate is not there',
        files: {
          'Cargo.toml':
            '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nring = "1"\ngone = "1"\n',
        },
        text: 'use gone::Anything;\npub fn f(a: &Anything) { a.whatever().more(); gone::run(); nothing(); }\n',
        finds: [['unknown-name', 'nothing']],
      },
      {
        says: 'says nothing of what macros of a dependency may make of other names',
        files: {
          'Cargo.toml':
            '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nderive_builder = "1"\n',
          'Cargo.lock': '[[package]]\nname = "derive_builder"\nversion = "1.0.0"\nsource = "registry"\n',
          '../cargo/registry/src/index/derive_builder-1.0.0/src/lib.rs': '',
        },
        text: 'use crate::cart::Cart;\npub fn f(c: &Cart) { c.is_large(); crate::cart::CartBuilder::nothing_of_it(); }\n',
        finds: [['unknown-export', 'nothing_of_it']],
      },
      {
        says: 'cannot judge what does not parse',
        text: 'pub fn f( {',
        finds: [],
        unknown: true,
      },
    ],
  });
});
