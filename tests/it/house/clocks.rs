//! Who reads the machine's clock. A test takes place at `bed::NOW` unless its file says otherwise in a line of its
//! heading that begins with [`MARK`] and goes on with the reason; `.ci/run` runs those files on other days, too. A script
//! cannot say so, because none is run by itself: it is handed the time.

use super::paths::Mentions;
use super::scope::Target;
use super::{Breach, SourceFile};

/// What the file of a test says that reads the machine's clock.
pub(crate) const MARK: &str = "//! REAL CLOCK: ";

/// What reads it: paths of the standard library, of other crates, of ours, of these tests.
const READERS: &[&str] = &[
    "std::time::SystemTime",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
    "jiff::tz::TimeZone::system",
    "clock::Clock::system",
    "cli::run",
    "sandbox::start",
    "commands::bare",
];

/// What reads it in other languages, and the program under test when it is not started by `commands`.
const WORDS: &[&str] = &[
    "CARGO_BIN_EXE",
    "unixepoch(",
    "current_timestamp",
    "extract(epoch",
    " now()",
    "(now()",
    "Date.now",
    "new Date",
    "time.time(",
    "datetime.now",
];

/// The doors through which all others get a sandbox and a program that stand still.
const DOORS: &[&str] = &["tests/it/bed.rs", "tests/it/commands.rs"];

/// Files that read the machine's clock, by themselves or by what they take from others that do, and do not say so;
/// and files that say so and do not.
pub(crate) fn unsaid(files: &[SourceFile]) -> Vec<Breach> {
    let lenders: Vec<Vec<String>> = files.iter().filter(|file| says_so(file)).map(module_of).collect();
    let is_ours =
        |file: &&SourceFile| !DOORS.contains(&file.path.as_str()) && !file.path.starts_with("tests/it/house");
    let mut breaches = Vec::new();
    for file in files.iter().filter(is_ours) {
        let mut found = readings(file);
        found.extend(borrowings(file, &lenders));
        match (says_so(file), found.is_empty()) {
            (false, _) => breaches.extend(found),
            (true, true) => breaches.push(breach(file, 1, format!("says `{MARK}` and does not read it"))),
            (true, false) => {}
        }
    }
    breaches
}

/// Places of the product that make a clock which is not handed to them.
pub(crate) fn second_clocks(file: &SourceFile) -> Vec<Breach> {
    if ["src/cli.rs", "src/clock.rs"].contains(&file.path.as_str()) {
        return Vec::new();
    }
    mentioned(file, |target| match target {
        Target::Inside(path) if path.join("::").ends_with("clock::Clock::system") => {
            Some("a clock of its own: `cli` makes the only one".to_owned())
        }
        _ => None,
    })
}

fn readings(file: &SourceFile) -> Vec<Breach> {
    let told = |what: &str| format!("{what} reads the machine's clock, and no line says `{MARK}why`");
    let lines = (1..).zip(file.text.lines());
    let words = lines.flat_map(|(line, text)| {
        let words = WORDS.iter().filter(move |word| text.contains(*word));
        words.map(move |word| breach(file, line, told(word)))
    });
    let mut found: Vec<Breach> = words.collect();
    if is_rust(file) {
        found.extend(mentioned(file, |target| {
            let (Target::Outside(path) | Target::Inside(path)) = target;
            let path = path.join("::");
            let reader = READERS.iter().find(|reader| {
                let below = path.strip_prefix(*reader);
                below.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            });
            reader.map(|reader| told(reader))
        }));
    }
    found
}

/// What a file takes from another that reads the machine's clock.
fn borrowings(file: &SourceFile, lenders: &[Vec<String>]) -> Vec<Breach> {
    let own = module_of(file);
    let lent = |path: &[String]| {
        lenders
            .iter()
            .any(|lender| *lender != own && path.starts_with(lender))
    };
    if !is_rust(file) {
        return Vec::new();
    }
    mentioned(file, |target| match target {
        Target::Inside(path) if lent(path) => Some(format!(
            "`crate::{}`, and no line says `{MARK}why`",
            path.join("::")
        )),
        _ => None,
    })
}

fn mentioned(file: &SourceFile, judge: impl Fn(&Target) -> Option<String>) -> Vec<Breach> {
    let mentions = Mentions::of(&file.text, module_of(file)).unwrap_or_else(|e| panic!("{}: {e}", file.path));
    let found = mentions.found.iter().filter_map(|mention| {
        let what = judge(&mentions.scopes.resolve(mention)?)?;
        Some(breach(file, mention.line, what))
    });
    found.collect()
}

/// Whether the heading of a file, which is all that comes before anything but comments, says that it reads the clock.
pub(crate) fn says_so(file: &SourceFile) -> bool {
    let heading = file.text.lines().take_while(|line| line.starts_with("//!"));
    let mut reasons = heading.filter_map(|line| line.strip_prefix(MARK));
    reasons.any(|reason| !reason.is_empty())
}

fn is_rust(file: &SourceFile) -> bool {
    file.path.ends_with(".rs")
}

/// `tests/it/doctor/machine.rs` is the module `doctor::machine`.
pub(crate) fn module_of(file: &SourceFile) -> Vec<String> {
    let below = ["src/", "tests/it/"]
        .iter()
        .find_map(|top| file.path.strip_prefix(top));
    let path = below.unwrap_or(&file.path).trim_end_matches(".rs");
    path.split('/')
        .filter(|part| !["main", "lib"].contains(part))
        .map(str::to_owned)
        .collect()
}

fn breach(file: &SourceFile, line: usize, what: String) -> Breach {
    Breach {
        path: file.path.clone(),
        line,
        what,
    }
}
