//! What makes a field of a struct an option: everything else that an option needs follows from its one row.

use std::path::PathBuf;

use secrecy::SecretString;

/// What every variable of ours begins with.
pub(super) const PREFIX: &str = "ZOHO_MCP_";

/// Gives the value of a variable.
pub(super) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variable of a row.
pub fn name_of(row: &str) -> String {
    format!("{PREFIX}{}", row.to_ascii_uppercase())
}

/// Neither blank nor with a `${...}` in it, which hosts leave where nobody filled a setting in.
pub(super) fn says_something(text: &str) -> bool {
    !text.trim().is_empty() && !holds_placeholder(text)
}

/// Whether a text is a placeholder that nobody filled in.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("${") && text.ends_with('}')
}

/// Whether a placeholder stands somewhere in a text.
pub fn holds_placeholder(text: &str) -> bool {
    text.split_once("${")
        .is_some_and(|(_, behind)| behind.contains('}'))
}

/// How a value is told to whoever may read no secret.
pub(super) trait Shows {
    fn shown(&self) -> String;
}

impl Shows for String {
    fn shown(&self) -> String {
        self.clone()
    }
}

impl Shows for PathBuf {
    fn shown(&self) -> String {
        self.display().to_string()
    }
}

impl Shows for bool {
    fn shown(&self) -> String {
        if *self { "yes" } else { "no" }.to_owned()
    }
}

impl Shows for u16 {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Shows for Vec<String> {
    fn shown(&self) -> String {
        self.join(", ")
    }
}

impl Shows for SecretString {
    fn shown(&self) -> String {
        "set, and not shown".to_owned()
    }
}

/// A struct whose every field is an option that may be left unsaid: with it come the names of all, what one layer says
/// where a nearer one is silent, and what the environment says.
macro_rules! rows {
    ($(#[$about:meta])* pub struct $Name:ident {
        $($(#[$row:meta])* pub $field:ident: Option<$Kind:ty>,)*
    }) => {
        $(#[$about])*
        pub struct $Name {
            $($(#[$row])* pub $field: Option<$Kind>,)*
        }

        impl $Name {
            /// The names of all rows.
            pub const ROWS: &[&str] = &[$(stringify!($field)),*];

            /// Whether a row of this name is said here.
            pub fn says(&self, row: &str) -> bool {
                $((row == stringify!($field) && self.$field.is_some()))||*
            }

            /// What a row of this name says, for everybody to read.
            pub(super) fn shown(&self, row: &str) -> Option<String> {
                use $crate::config::rows::Shows as _;
                $(if row == stringify!($field) {
                    return self.$field.as_ref().map(|said| said.shown());
                })*
                None
            }

            /// The same without that row.
            pub fn forget(&mut self, row: &str) {
                $(if row == stringify!($field) {
                    self.$field = None;
                })*
            }

            /// What is said here, else what is said there.
            #[must_use]
            pub fn or(self, there: Self) -> Self {
                Self {
                    $($field: self.$field.or(there.$field),)*
                }
            }

            /// What a text in one row says.
            pub(super) fn of_text(row: &str, text: &str) -> Result<Self, serde_json::Error> {
                let key = row.replace('_', "-");
                serde_json::from_value(serde_json::json!({ key: text }))
            }

            /// What the environment says; a variable that is blank says nothing.
            pub(super) fn of_environment(variables: $crate::config::rows::Variables<'_>) -> Result<Self, $crate::config::ConfigError> {
                let mut said = Self::default();
                for row in Self::ROWS {
                    let name = $crate::config::rows::name_of(row);
                    if let Some(text) = variables(&name).filter(|text| !text.trim().is_empty()) {
                        let one = Self::of_text(row, &text)
                            .map_err(|error| $crate::config::ConfigError::Variable { name, expected: error.to_string() })?;
                        said = one.or(said);
                    }
                }
                Ok(said)
            }
        }
    };
}

pub(super) use rows;
