//! The files beside seeded tickets, made of their lines: what programs write, as small as it can be.

use std::fmt::Write as _;

use bytes::Bytes;

use super::texts::escape;
use crate::sheet;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The media type and the bytes of a file with such a name and such lines.
pub(crate) fn written(name: &str, lines: &[String]) -> (&'static str, Bytes) {
    match name.rsplit('.').next() {
        Some("pdf") => ("application/pdf", Bytes::from(pdf(lines))),
        Some("docx") => (DOCX, docx(lines)),
        Some("xlsx") => (XLSX, xlsx(lines)),
        Some("png") => ("image/png", Bytes::from(photo(lines))),
        Some("csv") => ("text/csv", Bytes::from(lines.join("\n") + "\n")),
        _ => ("text/plain", Bytes::from(lines.join("\n") + "\n")),
    }
}

/// A page in a font that every reader has, which knows the letters of western Europe only.
fn pdf(lines: &[String]) -> Vec<u8> {
    let mut page = b"BT /F1 11 Tf 15 TL 56 786 Td\n".to_vec();
    for line in lines {
        page.push(b'(');
        for letter in line.chars() {
            if matches!(letter, '(' | ')' | '\\') {
                page.push(b'\\');
            }
            page.push(u8::try_from(u32::from(letter)).unwrap_or(b'?'));
        }
        page.extend(b") Tj T*\n");
    }
    page.extend(b"ET");
    let content = [
        format!("<< /Length {} >>\nstream\n", page.len()).as_bytes(),
        &page,
        b"\nendstream",
    ]
    .concat();
    let objects: [&[u8]; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        &content,
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = String::new();
    for (number, object) in (1..).zip(objects) {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        file.extend(format!("{number} 0 obj\n").as_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let end = format!(
        "xref\n0 6\n0000000000 65535 f \n{places}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.extend(end.as_bytes());
    file
}

/// A part of an office file, as these begin all of them.
fn part(name: &str, xml: &str) -> (String, Vec<u8>) {
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n{xml}");
    (name.to_owned(), xml.into_bytes())
}

/// What an office file begins with: what its parts are, and which is the first.
fn opening(main: &str, overrides: &[(&str, &str)]) -> [(String, Vec<u8>); 2] {
    let types: String = overrides
        .iter()
        .map(|(name, of)| {
            format!("<Override PartName=\"/{name}\" ContentType=\"application/vnd.openxmlformats-officedocument.{of}+xml\"/>")
        })
        .collect();
    let defaults = "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/>";
    [
        part(
            "[Content_Types].xml",
            &format!("<Types xmlns=\"{TYPES}\">{defaults}{types}</Types>"),
        ),
        relation("_rels/.rels", "officeDocument", main),
    ]
}

fn relation(name: &str, kind: &str, target: &str) -> (String, Vec<u8>) {
    let one = format!("<Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>");
    part(
        name,
        &format!("<Relationships xmlns=\"{RELATIONS}\">{one}</Relationships>"),
    )
}

fn docx(lines: &[String]) -> Bytes {
    let paragraphs = lines.iter().map(|line| {
        format!(
            "<w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
            escape(line)
        )
    });
    let body = paragraphs.collect::<String>();
    let main = "word/document.xml";
    let mut files = opening(main, &[(main, "wordprocessingml.document.main")]).to_vec();
    let document = format!("<w:document xmlns:w=\"{WORD}\"><w:body>{body}<w:sectPr/></w:body></w:document>");
    files.push(part(main, &document));
    sheet::zip(&files)
}

/// A sheet; the cells of a line are divided by bars.
fn xlsx(lines: &[String]) -> Bytes {
    let cell = |text: &str| match text.parse::<f64>() {
        Ok(_) => format!("<c><v>{text}</v></c>"),
        Err(_) => format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", escape(text)),
    };
    let rows = (1..).zip(lines).map(|(number, line): (usize, &String)| {
        let cells: String = line.split('|').map(cell).collect();
        format!("<row r=\"{number}\">{cells}</row>")
    });
    let rows: String = rows.collect();
    let (book, first) = ("xl/workbook.xml", "xl/worksheets/sheet1.xml");
    let parts = [
        (book, "spreadsheetml.sheet.main"),
        (first, "spreadsheetml.worksheet"),
    ];
    let mut files = opening(book, &parts).to_vec();
    let sheets = "<sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets>";
    files.push(part(
        book,
        &format!("<workbook xmlns=\"{SHEET}\" xmlns:r=\"{OFFICE}\">{sheets}</workbook>"),
    ));
    files.push(relation(
        "xl/_rels/workbook.xml.rels",
        "worksheet",
        "worksheets/sheet1.xml",
    ));
    files.push(part(
        first,
        &format!("<worksheet xmlns=\"{SHEET}\"><sheetData>{rows}</sheetData></worksheet>"),
    ));
    sheet::zip(&files)
}

/// A photograph with its title, as cameras and archives keep one in the file.
fn photo(lines: &[String]) -> Vec<u8> {
    let photo = include_bytes!("files/photo.png");
    // A PNG ends with a chunk of twelve bytes; a chunk is its length, its kind, its content and the sum of these two.
    let (picture, end) = photo.split_at(photo.len() - 12);
    let title = [b"iTXtTitle\0\0\0\0\0".as_slice(), lines.join(" ").as_bytes()].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&title);
    let length = title.len() as u32 - 4;
    [
        picture,
        &length.to_be_bytes(),
        &title,
        &sum.sum().to_be_bytes(),
        end,
    ]
    .concat()
}
