//! What a document may take of the process that reads it.
//! REAL CLOCK: the process that reads a document is told no time, and needs none.

use serde_json::Value;

use super::{docx, drawn_in_itself, pdf, read, stream, words, xlsx};

/// A small file that says much: what it may take of its reader goes by its length.
#[cfg(target_os = "linux")]
#[test]
fn a_small_file_takes_little() {
    let twice = |next: usize| {
        stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {next} 0 R >> >>"
            ),
            &"/F Do ".repeat(40),
        )
    };
    let forms: Vec<String> = (5..16).map(twice).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 9 9] >>",
        "<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
    ];
    objects.extend(forms.iter().map(String::as_str));
    objects.push("<< /Length 0 >>\nstream\n\nendstream");
    let started = std::time::Instant::now();
    assert_eq!(read(&pdf(&objects)), None);
    assert!(started.elapsed().as_secs() < 15, "{:?}", started.elapsed());
}

/// What fills the memory or the stack of its reader ends that process alone; what only looks as if it would is read.
#[test]
fn a_reader_has_bounds() {
    let far =
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    for bytes in [xlsx(far), drawn_in_itself()] {
        let says_why = |told: Value| {
            told["text"].is_null() && told["unread"].as_str().is_some_and(|why| !why.is_empty())
        };
        assert!(read(&bytes).is_none_or(says_why));
    }
    let deep = format!("<w:document>{}<w:t>deep</w:t>", "<w:p>".repeat(300_000));
    assert_eq!(words(&docx(deep.as_bytes())), "deep");
    let entities = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><w:document><w:p><w:t>&b;</w:t></w:p></w:document>";
    assert_eq!(words(&docx(entities.as_bytes())), "&b;\n");
}
