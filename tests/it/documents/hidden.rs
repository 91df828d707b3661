//! Words of a document that nobody sees who reads it on a screen.
//! REAL CLOCK: the process that reads a document is told no time, and needs none.

use super::{docx, words};

/// ECMA-376, 17.3.2.41: `vanish` in the properties of a run; what stands there in those of a paragraph is about its mark.
#[test]
fn hidden_words_of_a_document_leave_a_mark() {
    let run =
        |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let hidden = "<w:vanish/>";
    for (paragraph, wanted) in [
        (
            format!("{}{}{}", run("", "Hello"), run(hidden, "sec"), run(hidden, "ret")),
            "Hello [hidden text left out: 6 characters]",
        ),
        (
            format!(
                "{}{}",
                run("<w:vanish w:val='true'/>", "secret"),
                run("<w:b/>", "Hello")
            ),
            "[hidden text left out: 6 characters] Hello",
        ),
        (format!("{}{}", run(hidden, " "), run("", "Hello")), "Hello"),
        (run("<w:vanish w:val='0'/>", "Hello"), "Hello"),
        (run("<w:webHidden/>", "Hello"), "Hello"),
        (
            run("<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>", "Hello"),
            "Hello",
        ),
        (
            format!("<w:pPr><w:rPr>{hidden}</w:rPr></w:pPr>{}", run("", "Hello")),
            "Hello",
        ),
    ] {
        let document = format!("<w:document><w:p>{paragraph}</w:p></w:document>");
        assert_eq!(words(&docx(document.as_bytes())).trim(), wanted, "{paragraph}");
    }
}
