//! Tests that read the machine's clock in silence, and a product with a second clock.

use super::super::{Breach, SourceFile, clocks};
use super::{caught, file, let_through};

const PRESENT: (&str, &str) = (
    "tests/it/present.rs",
    "//! REAL CLOCK: why.\npub(crate) fn f() { jiff::Zoned::now(); }",
);

fn alone(file: &SourceFile) -> Vec<Breach> {
    let SourceFile { path, text } = file;
    clocks::unsaid(&[super::file(path, text)])
}

#[test]
fn a_test_that_reads_the_machines_clock_in_silence_is_seen() {
    let planted = [
        (
            "tests/it/zone.rs",
            "fn f() { std::time::SystemTime::now(); }",
            "std::time::SystemTime",
        ),
        (
            "tests/it/zone.rs",
            "use std::time; fn f() { time::SystemTime::now(); }",
            "std::time::SystemTime",
        ),
        (
            "tests/it/zone.rs",
            "use jiff::Timestamp as T; fn f() { let g = T::now; }",
            "jiff::Timestamp::now",
        ),
        (
            "tests/it/zone.rs",
            "fn f() { assert!(jiff::Zoned::now() > a); }",
            "jiff::Zoned::now",
        ),
        (
            "tests/it/zone.rs",
            "fn f() { jiff::tz::TimeZone::system(); }",
            "TimeZone::system",
        ),
        (
            "tests/it/zone.rs",
            "use zoho_mcp::clock::Clock; fn f() { Clock::system(); }",
            "Clock::system",
        ),
        (
            "tests/it/zone.rs",
            "use zoho_mcp::sandbox::{self, Options}; fn f() { sandbox::start(Options::default()); }",
            "sandbox::start",
        ),
        (
            "tests/it/zone.rs",
            "use zoho_mcp::sandbox::start as begin; fn f() { begin(o); }",
            "sandbox::start",
        ),
        (
            "tests/it/doctor/machine.rs",
            "use super::super::commands::bare; fn f() { bare(h, &[]); }",
            "commands::bare",
        ),
        (
            "tests/it/zone.rs",
            "const P: &str = env!(\"CARGO_BIN_EXE_zoho-mcp\");",
            "CARGO_BIN_EXE",
        ),
        (
            "tests/it/zone.rs",
            "const S: &str = \"SELECT unixepoch()\";",
            "unixepoch",
        ),
        (
            "tests/it/zone.rs",
            "const S: &str = \"UPDATE t SET a = now()\";",
            "now()",
        ),
        (
            "tests/it/clients/spawn.mjs",
            "const started = Date.now();",
            "Date.now",
        ),
        ("tests/it/clients/spawn.py", "started = time.time()", "time.time"),
        (
            "tests/it/zone.rs",
            "//! REAL CLOCK: \nfn f() { jiff::Zoned::now(); }",
            "jiff::Zoned::now",
        ),
        (
            "tests/it/zone.rs",
            "//! REAL CLOCK: it did once.\nfn f() {}",
            "does not read it",
        ),
        (
            "tests/it/zone.rs",
            "// REAL CLOCK: no heading.\nfn f() { jiff::Zoned::now(); }",
            "jiff::Zoned::now",
        ),
        (
            "tests/it/zone.rs",
            "fn f() { jiff::Zoned::now(); }\nconst S: &str = \"\n//! REAL CLOCK: far below.\n\";",
            "jiff::Zoned::now",
        ),
        (
            "tests/it/clients/spawn.py",
            "# REAL CLOCK: a script is not run by itself.\nstarted = time.time()",
            "time.time",
        ),
    ];
    caught(alone, &planted);
    let innocent = [
        (
            "tests/it/zone.rs",
            "//! Days.\n//!\n//! REAL CLOCK: the present is the point.\nfn f() { jiff::Zoned::now(); }",
        ),
        (
            "tests/it/zone.rs",
            "use zoho_mcp::clock::Clock; fn f() { Clock::fixed(5).now(); std::time::Instant::now(); }",
        ),
        (
            "tests/it/zone.rs",
            "use zoho_mcp::sandbox::{Options, Sandbox}; fn f(o: Options) -> Sandbox { crate::bed::standing(o) }",
        ),
    ];
    let_through(alone, &innocent);
}

#[test]
fn a_test_that_borrows_the_machines_clock_in_silence_is_seen() {
    let lender = file(PRESENT.0, PRESENT.1);
    let silent = file("tests/it/zone.rs", "use crate::present; fn g() { present::f(); }");
    let open = file(
        "tests/it/zone.rs",
        "//! REAL CLOCK: why.\nuse crate::present; fn g() { present::f(); }",
    );
    let told = clocks::unsaid(&[lender, silent]);
    assert!(
        told.iter().any(|breach| breach.path == "tests/it/zone.rs"),
        "{told:?}"
    );
    let lender = file(PRESENT.0, PRESENT.1);
    assert_eq!(clocks::unsaid(&[lender, open]), []);
}

#[test]
fn a_second_clock_is_seen() {
    let planted = [
        (
            "src/tools.rs",
            "use crate::clock::Clock; fn f() { Clock::system(); }",
            "a clock of its own",
        ),
        (
            "src/cli/connect.rs",
            "use crate::clock; fn f() { clock::Clock::system(); }",
            "a clock of its own",
        ),
        (
            "src/zoho/refresh.rs",
            "fn f() { let make = super::super::clock::Clock::system; }",
            "a clock of its own",
        ),
    ];
    caught(clocks::second_clocks, &planted);
    let innocent = [
        (
            "src/cli.rs",
            "use crate::clock::Clock; fn f() { Clock::system(); }",
        ),
        (
            "src/tools.rs",
            "use crate::clock::Clock; fn f(clock: &Clock) { clock.now(); }",
        ),
    ];
    let_through(clocks::second_clocks, &innocent);
}
