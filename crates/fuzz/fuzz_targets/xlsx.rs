#![no_main]

use std::panic;
use std::sync::Once;

use accolade_engine::source::is_reading_foreign;

static HOOK: Once = Once::new();

/// The fuzzer ends at every panic. Those of the library that reads spreadsheets become findings, so they are none.
fn pass_over_foreign_panics() {
    HOOK.call_once(|| {
        let of_the_fuzzer = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !is_reading_foreign() {
                of_the_fuzzer(panic);
            }
        }));
    });
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    pass_over_foreign_panics();
    accolade_fuzz::targets::xlsx(data);
});
