/** What every Rust file can use without an import, and words that have a meaning of their own. */
export const rustPrelude: ReadonlySet<string> = new Set(
  `Option Some None Result Ok Err Vec Box String ToString ToOwned Iterator IntoIterator DoubleEndedIterator ExactSizeIterator
   FromIterator Extend Clone Copy Send Sync Sized Drop Fn FnMut FnOnce AsyncFn AsyncFnMut AsyncFnOnce Default Eq PartialEq Ord
   PartialOrd AsRef AsMut Into From TryFrom TryInto Unpin Future IntoFuture Debug Hash drop size_of size_of_val align_of
   align_of_val Self self super crate main i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f16 f32 f64 f128 bool char str
   std core alloc proc_macro test union raw auto default gen safe dyn async await try macro_rules never yield
   println print eprintln eprint format write writeln panic assert assert_eq assert_ne debug_assert debug_assert_eq
   debug_assert_ne vec todo unimplemented unreachable dbg matches format_args concat stringify env option_env cfg file line
   column module_path compile_error include include_str include_bytes thread_local`.split(/\s+/),
);
