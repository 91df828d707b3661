//! The names of all repairs, in one place: receipts, counters and tests speak of a repair by these names only.

use super::Access;

/// One kind of repair: its stable name, and whether it only changes notation or takes a guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    name: &'static str,
    guess: bool,
}

impl Rule {
    /// The stable snake_case name that receipts and counters carry.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Whether a tool of this access may be repaired so: a write takes changes of notation only.
    pub const fn allows(self, access: Access) -> bool {
        !self.guess || matches!(access, Access::Read)
    }
}

macro_rules! rules {
    ($($kind:ident { $($constant:ident $name:literal,)* })*) => {
        $($(pub(crate) const $constant: Rule = Rule { name: $name, guess: rules!(@$kind) };)*)*

        /// Every rule there is, so that counters and documentation can list them.
        pub const ALL: &[Rule] = &[$($($constant,)*)*];
    };
    (@notation) => { false };
    (@guess) => { true };
}

rules! {
    notation {
        EMPTY_ARGUMENTS "empty_arguments",
        JSON_TEXT "json_text",
        ESCAPED_JSON "escaped_json",
        CODE_FENCE "code_fence",
        PROSE_AROUND "prose_around",
        TRAILING_TOKEN "trailing_token",
        REPEATED_OBJECT "repeated_object",
        LIST_OF_ONE_OBJECT "list_of_one_object",
        UNICODE_SPACE "unicode_space",
        COMMENT "comment",
        QUOTES "quotes",
        RAW_CONTROL_CHARACTER "raw_control_character",
        ESCAPE_STYLE "escape_style",
        UNQUOTED_KEY "unquoted_key",
        LITERAL_STYLE "literal_style",
        NUMBER_STYLE "number_style",
        TRAILING_COMMA "trailing_comma",
        MISSING_COMMA "missing_comma",
        SEPARATOR_STYLE "separator_style",
        TUPLE "tuple",
        DUPLICATE_KEY "duplicate_key",
        WRAPPER "wrapper",
        CLIENT_KEY "client_key",
        KEY_ALIAS "key_alias",
        KEY_STYLE "key_style",
        DOTTED_KEY "dotted_key",
        ABSENT_OPTIONAL "absent_optional",
        NUMBER_TEXT "number_text",
        BOOLEAN_TEXT "boolean_text",
        BOOLEAN_NUMBER "boolean_number",
        TEXT_OF_INTEGER "text_of_integer",
        SURROUNDING_SPACE "surrounding_space",
        SURROUNDING_QUOTES "surrounding_quotes",
        UNICODE_FORM "unicode_form",
        NUMBER_SIGN "number_sign",
        ADDRESS_FORM "address_form",
        STRINGIFIED "stringified",
        LIST_TEXT "list_text",
        LIST_OF_ONE "list_of_one",
        ONE_OF_LIST "one_of_list",
        NESTED_LIST "nested_list",
        VALUE_WRAPPER "value_wrapper",
        DUPLICATE_ITEM "duplicate_item",
        ENUM_ALIAS "enum_alias",
        ENUM_STYLE "enum_style",
        DATE_FORMAT "date_format",
        DATE_TIME_FORMAT "date_time_format",
        TOOL_NAME_STYLE "tool_name_style",
        TOOL_NAME_NAMESPACE "tool_name_namespace",
    }
    guess {
        MISSING_FINAL_BRACE "missing_final_brace",
        MISSING_COMMA_IN_LIST "missing_comma_in_list",
        EXTRA_COMMA "extra_comma",
        BARE_WORD "bare_word",
        UNDEFINED "undefined",
        KEY_TYPO "key_typo",
        MISPLACED_KEY "misplaced_key",
        ENUM_NUMBER "enum_number_form",
        ENUM_TYPO "enum_typo",
        CLAMPED "clamped",
        EMPTY_CONTAINER "empty_container",
        EMPTY_ITEM "empty_item",
        INDEXED_OBJECT "indexed_object",
        INVISIBLE_CHARACTER "invisible_character",
    }
}
