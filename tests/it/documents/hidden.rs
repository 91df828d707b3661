//! Words of a document that nobody sees who reads it on a screen.
//! REAL CLOCK: the process that reads a document is told no time, and needs none.

use super::{archive, docx, pdf, relations, stream, words};

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

/// ECMA-376, 17.7: what styles say counts for who names them, and where two say that words vanish they are seen again (17.7.3);
/// 17.4.22: rows that are hidden; 17.3.2.6 and 17.3.2.38: colours, and sizes in half points.
#[test]
fn what_styles_rows_and_colours_hide_leaves_a_mark() {
    let styles = r#"<w:styles><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
        <w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr><w:color w:val="000000"/></w:rPr></w:style>
        <w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>
        <w:style w:type="character" w:styleId="H2"><w:basedOn w:val="H"/></w:style>
        <w:style w:type="character" w:styleId="V"><w:basedOn w:val="H"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="P"><w:pPr><w:rPr><w:sz w:val="1"/></w:rPr></w:pPr><w:rPr><w:vanish/></w:rPr></w:style>
        </w:styles>"#;
    let main = relations("officeDocument", "word/document.xml");
    let named = relations("styles", "styles.xml");
    let shown = |styles: &str, body: &str| {
        let document = format!("<w:document><w:body>{body}</w:body></w:document>");
        let parts = [
            ("_rels/.rels", main.as_bytes()),
            ("word/document.xml", document.as_bytes()),
            ("word/_rels/document.xml.rels", named.as_bytes()),
            ("word/styles.xml", styles.as_bytes()),
        ];
        words(&archive(&parts)).trim().to_owned()
    };
    let run = |properties: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>secret</w:t></w:r>");
    let paragraph =
        |style: &str, runs: &str| format!("<w:p><w:pPr><w:pStyle w:val='{style}'/></w:pPr>{runs}</w:p>");
    let mark = "[hidden text left out: 6 characters]";
    for (body, is_hidden) in [
        (paragraph("N", &run("<w:rStyle w:val='H'/>")), true),
        (paragraph("N", &run("<w:rStyle w:val='H2'/>")), true),
        (paragraph("N", &run("<w:rStyle w:val='V'/>")), false),
        (paragraph("P", &run("")), true),
        (paragraph("P", "<w:r><w:t>secret</w:t></w:r>"), true),
        (paragraph("P", &run("<w:rStyle w:val='H'/>")), false),
        (paragraph("P", &run("<w:vanish w:val='false'/>")), false),
        (paragraph("X", &run("")), false),
        (paragraph("N", &run("<w:sz w:val='1'/>")), true),
        (paragraph("N", &run("<w:sz w:val='20'/>")), false),
        (paragraph("N", &run("<w:color w:val='ffffff'/>")), true),
        (
            format!(
                "<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc>{}</w:tc></w:tr></w:tbl>",
                paragraph("N", &run(""))
            ),
            true,
        ),
        (
            format!(
                "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val='clear' w:fill='003366'/></w:tcPr>{}</w:tc></w:tr></w:tbl>",
                paragraph("N", &run("<w:color w:val='FFFFFF'/>"))
            ),
            false,
        ),
    ] {
        let wanted = if is_hidden { mark } else { "secret" };
        assert_eq!(shown(styles, &body), wanted, "{body}");
    }
    let hidden = styles.replace("<w:sz w:val=\"22\"/>", "<w:vanish/>");
    assert_eq!(shown(&hidden, &paragraph("N", &run(""))), mark);
    let painted = styles.replace("<w:vanish/>", "<w:shd w:val=\"clear\" w:fill=\"000000\"/>");
    assert_eq!(
        shown(&painted, &paragraph("N", &run("<w:color w:val='FFFFFF'/>"))),
        "secret"
    );
}

/// ISO 32000-1, 9.3.6: text in rendering mode 3 is not painted; programs that read scanned pages put theirs below the picture.
#[test]
fn words_of_a_pdf_that_are_not_painted_are_told_apart() {
    let of = |content: &str| {
        words(&pdf(&[
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 300] >>",
            "<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >> >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            &stream("", content),
        ]))
    };
    let mixed = of("BT /F 12 Tf 20 200 Td (Seen) Tj 3 Tr 0 -20 Td (secret) Tj 0 Tr 0 -20 Td (too) Tj ET");
    assert!(mixed.contains("Seen") && mixed.contains("too"), "{mixed}");
    assert!(
        !mixed.contains("secret") && mixed.contains("[hidden text left out: 6 characters]"),
        "{mixed}"
    );
    let scanned = of("BT /F 12 Tf 3 Tr 20 200 Td (secret) Tj ET");
    assert!(
        scanned.contains("secret") && scanned.contains("[hidden text, as under"),
        "{scanned}"
    );
    let seen = of("q BT /F 12 Tf 3 Tr ET Q BT /F 12 Tf 20 200 Td (Seen) Tj ET");
    assert!(!seen.contains("hidden") && seen.contains("Seen"), "{seen}");
}
