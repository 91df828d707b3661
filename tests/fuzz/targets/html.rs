//! Whatever a customer's mail is made of becomes text; of a text without markup no word is lost.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zoho_mcp::tools::output::html::{if_markup, to_text};

fuzz_target!(|text: &str| {
    let read = [to_text(text), if_markup(text)];
    if !text.contains(['<', '&']) {
        assert!(read.iter().all(|read| read == text), "{read:?}");
    }
});
