//! Words as a shell reads them.

/// A word of a command line, in quotes when it needs them.
pub fn quoted(word: &str) -> String {
    // Of an option these part its name and its values, and mean nothing to a shell.
    let is_option = word.starts_with("--");
    let plain =
        |sign: char| sign.is_alphanumeric() || "-_./@:".contains(sign) || is_option && "=,".contains(sign);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
