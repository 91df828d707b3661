//! The cells of workbooks: one line a row, tabs between its cells, each sheet under its name.

use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Reader as _, Sheets, open_workbook_auto_from_rs};

use super::{Unread, part};

/// The cells of all sheets.
pub(super) fn read(bytes: Cursor<&[u8]>) -> Result<String, Unread> {
    let mut book: Sheets<_> = open_workbook_auto_from_rs(bytes).map_err(refused)?;
    let mut text = String::new();
    for name in book.sheet_names() {
        let sheet = book.worksheet_range(&name).map_err(refused)?;
        let rows = sheet.rows().map(|row| {
            let cells: Vec<String> = row.iter().map(shown).collect();
            format!("{}\n", cells.join("\t").trim_end())
        });
        text.push_str(&part(&format!("sheet {name}"), &rows.collect::<String>()));
    }
    Ok(text)
}

fn refused(error: calamine::Error) -> Unread {
    let told = error.to_string();
    match told.to_lowercase().contains("password") {
        true => Unread::Locked,
        false => Unread::Broken,
    }
}

/// A cell as a person reads it, in one line.
fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(moment) => moment_shown(moment),
        Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        other => other.to_string().replace(['\n', '\r', '\t'], " "),
    }
}

/// Excel counts days: a day, a time of day, or both.
fn moment_shown(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    if moment.is_duration() {
        let seconds = (days * 86_400.0).round();
        let (minutes, second) = (seconds.div_euclid(60.0), seconds.rem_euclid(60.0));
        return format!(
            "{}:{:02}:{second:02}",
            minutes.div_euclid(60.0),
            minutes.rem_euclid(60.0)
        );
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    match (days < 1.0, days.fract() == 0.0) {
        (true, _) => time,
        (false, true) => date,
        (false, false) => format!("{date} {time}"),
    }
}
