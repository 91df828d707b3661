//! What is allowed where. Changed on purpose only.

/// Where an outside crate (or a part of one) may be named.
pub(crate) enum Home {
    /// In these places and nowhere else.
    Only(&'static [&'static str]),
    /// Everywhere except in these places.
    AllBut(&'static [&'static str]),
}

use Home::{AllBut, Only};

/// The rooms with neither clock nor input nor output.
const PURE: &[&str] = &["names", "repair"];

/// Outside crates and parts of them. The longest matching row counts. A place `a/b` is `src/a/b.rs` and all below
/// `src/a/b/`; a place `a/b*` is every file and folder of `src/a/` whose name begins with `b`.
pub(crate) const HOMES: &[(&str, Home)] = &[
    ("aho_corasick", Only(&["connections"])),
    ("axum", Only(&["server/http*", "server/consent", "sandbox"])),
    ("base64", AllBut(&[])),
    ("bytes", AllBut(PURE)),
    ("chardetng", Only(&["tools/handlers"])),
    ("calamine", Only(&["documents"])),
    ("chacha20poly1305", Only(&["connections"])),
    ("clap", Only(&["cli", "config"])),
    ("clap_complete", Only(&["cli"])),
    ("clap_mangen", Only(&["cli"])),
    ("comfy_table", Only(&["cli"])),
    ("console", Only(&["cli"])),
    ("cssparser", Only(&["tools/output"])),
    ("cssparser_color", Only(&["tools/output"])),
    ("csv", Only(&["tools/files", "sandbox/sheet"])),
    ("ctor", Only(&["cli/closed"])),
    ("directories", Only(&["config"])),
    ("encoding_rs", Only(&["documents", "tools/handlers"])),
    ("flate2", Only(&["sandbox/control", "sandbox/desk/seed/files"])),
    ("futures_util", Only(&["database", "tools"])),
    ("gif", Only(&["documents"])),
    ("getrandom", Only(&["connections", "zoho", "tools/error"])),
    ("htmlize", Only(&["tools/output"])),
    ("http", AllBut(PURE)),
    ("http_body_util", Only(&["sandbox/post"])),
    ("hyper_util", Only(&["sandbox/post"])),
    ("image_webp", Only(&["documents"])),
    ("imagesize", Only(&["documents"])),
    ("imbl", Only(&["sandbox/desk/org"])),
    ("indicatif", Only(&["cli"])),
    ("jiff", AllBut(&[])),
    ("jsonschema", Only(&["repair", "tools/definition"])),
    ("jsonc_parser", Only(&["cli/install"])),
    ("keyring", Only(&["connections"])),
    ("libc", Only(&["regular"])),
    (
        "memchr",
        Only(&["connections", "tools/output/quotation", "sandbox/desk/org"]),
    ),
    ("mimalloc", Only(&["main"])),
    ("multer", Only(&["sandbox/multipart"])),
    ("pdf_extract", Only(&["documents"])),
    (
        "percent_encoding",
        Only(&[
            "cli/install",
            "tools/request",
            "tools/resources",
            "zoho",
            "sandbox",
        ]),
    ),
    ("png", Only(&["documents"])),
    ("quick_xml", Only(&["documents", "zoho/status_page"])),
    ("reqwest", Only(&["zoho", "sandbox/recording"])),
    ("ring", Only(&["connections/mark", "sandbox/post"])),
    (
        "rmcp",
        Only(&[
            "server",
            "tools/output",
            "tools/error",
            "tools/progress",
            "cli/demo",
        ]),
    ),
    ("roaring", Only(&["sandbox/desk/org"])),
    ("rpassword", Only(&["cli"])),
    (
        "rustix",
        Only(&[
            "cli/closed",
            "cli/echo",
            "cli/limits",
            "regular/rights",
            "tools/files/part",
        ]),
    ),
    ("rustls", Only(&["zoho", "sandbox/recording"])),
    ("schemars", Only(&["tools/definition"])),
    ("secrecy", AllBut(PURE)),
    ("serde", AllBut(&[])),
    ("serde_json", AllBut(&[])),
    ("serde_saphyr", Only(&["cli/install"])),
    (
        "sha2",
        Only(&[
            "connections",
            "ledger",
            "zoho/oauth",
            "tools/files",
            "tools/digest",
            "sandbox",
        ]),
    ),
    // A file called `sql` says how rows are read; what is done with them is said without.
    ("sqlx", Only(&["database", "connections/store/sql", "ledger/sql"])),
    ("similar", Only(&["cli/install"])),
    ("strsim", Only(&["names"])),
    (
        "tempfile",
        Only(&["cli", "connections", "database/barred", "tools/files"]),
    ),
    ("thiserror", AllBut(&[])),
    ("tokio", AllBut(PURE)),
    ("tokio_util", AllBut(PURE)),
    ("toml", Only(&["config", "cli/install"])),
    ("toml_edit", Only(&["cli/configuration", "cli/install"])),
    ("tracing", AllBut(PURE)),
    ("tracing_appender", Only(&["logging"])),
    ("tracing_subscriber", Only(&["logging"])),
    ("unicode_normalization", Only(&["names", "repair"])),
    ("url", AllBut(PURE)),
    ("webbrowser", Only(&["cli"])),
    ("yaml_edit", Only(&["cli/install"])),
    ("zeroize", Only(&["connections"])),
    ("zune_jpeg", Only(&["documents"])),
    ("zip", Only(&["documents", "sandbox/sheet"])),
    // The environment is read in one file; a command may ask which program it is, to start it again.
    ("std::env", Only(&["config"])),
    ("std::env::consts", AllBut(&[])),
    ("std::env::current_exe", Only(&["config", "cli"])),
    // What the pure rooms have not.
    ("std::fs", AllBut(PURE)),
    ("std::io", AllBut(PURE)),
    ("std::net", AllBut(PURE)),
    ("std::os", AllBut(PURE)),
    ("std::process", AllBut(PURE)),
    ("std::thread", AllBut(PURE)),
    ("std::time::Instant", AllBut(PURE)),
    // One clock for the product, made by the command line; one for the sandbox.
    ("std::time::SystemTime", Only(&["clock"])),
    ("jiff::Timestamp::now", Only(&["sandbox/control/clock"])),
    ("jiff::Zoned::now", Only(&[])),
    ("jiff::tz::TimeZone::system", Only(&["config/environment"])),
];

/// Each room and the rooms it may use. `main` is `main.rs` and `lib.rs`. Nothing else may stand in `src`.
pub(crate) const ROOMS: &[(&str, &[&str])] = &[
    (
        "main",
        &[
            "cli",
            "server",
            "tools",
            "repair",
            "zoho",
            "ledger",
            "connections",
            "database",
            "documents",
            "clock",
            "regular",
            "names",
            "config",
            "logging",
            "sandbox",
        ],
    ),
    (
        "cli",
        &[
            "server",
            "tools",
            "repair",
            "zoho",
            "ledger",
            "connections",
            "database",
            "documents",
            "names",
            "clock",
            "regular",
            "config",
            "logging",
            "sandbox",
        ],
    ),
    (
        "server",
        &[
            "tools",
            "repair",
            "ledger",
            "connections",
            "names",
            "config",
            "logging",
        ],
    ),
    (
        "tools",
        &[
            "repair",
            "zoho",
            "ledger",
            "connections",
            "documents",
            "names",
            "clock",
            "regular",
        ],
    ),
    ("repair", &["names"]),
    ("zoho", &["connections", "names", "clock"]),
    ("ledger", &["connections", "database", "names"]),
    ("connections", &["database", "clock", "names", "regular"]),
    ("database", &["regular"]),
    ("documents", &[]),
    ("clock", &[]),
    ("regular", &[]),
    ("names", &[]),
    ("config", &["names", "regular"]),
    ("logging", &["config", "clock", "names", "regular"]),
    ("sandbox", &[]),
];

/// The parts of `src/tools` from the ground up: each may use those before it. The story, `tools.rs`, stands above them all;
/// the handlers, on the last floor, are known to nobody else.
pub(crate) const FLOORS: &[&str] = &[
    // What knows nothing of the others.
    "panics",
    "digest",
    "embedded",
    "policy",
    "zone",
    "counts",
    "mending",
    "cleaning",
    "error",
    "unread",
    // What the files of `tool-schemas/` say, and pure work on it.
    "definition",
    "catalog",
    "prompts",
    "resources",
    "modules",
    "scopes",
    "output",
    "request",
    "reading",
    // What Zoho says of an organization, what every call works with, and one call.
    "settings",
    "shown",
    "under_way",
    "equipment",
    "question",
    "landing",
    "person",
    "invocation",
    "labels",
    "logged",
    "completion",
    // What is done about a call before, beside and after it is carried out.
    "consent",
    "advice",
    "resolving",
    "files",
    "doctor",
    "writing",
    "handlers",
];

/// Rooms whose parts still use each other in a circle.
pub(crate) const TIED: &[&str] = &[];

/// What may stand at the top of the repository besides dotfiles.
pub(crate) const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "src",
    "tool-schemas",
    "migrations",
    "tests",
];

/// The rooms that know who reads what they say, and may name a command of this program.
pub(crate) const TELLING_ROOMS: &[&str] = &["cli", "config", "server", "sandbox", "main"];

/// Names that say nothing about what is inside.
pub(crate) const EMPTY_NAMES: &[&str] = &["util", "utils", "utilities", "manager", "managers"];

/// What the OAuth scopes of Zoho begin with.
pub(crate) const SCOPE_FAMILIES: &[&str] = &["Desk", "ZohoCRM", "ZohoSearch"];

/// The most lines a file may have.
pub(crate) const MOST_LINES: usize = 400;
