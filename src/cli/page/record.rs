//! One record: what is short in lines, two to a row where there is room, and what is long or a list of its own below, under
//! its name.

use serde_json::{Map, Value};

use super::words::{in_one_line, is_id, name_of};
use super::{Listed, NARROW, Page, WIDEST, known};
use crate::cli::text;

/// An object of no more members stands among the lines of what it belongs to.
const FEW: usize = 8;
/// Fewer lines stand one under the other.
const FEW_LINES: usize = 5;
/// What a person is told of ids that are not shown: others are.
pub(super) const IDS: &str = "ids beside a name or link";
/// Blanks between two beside each other.
const BETWEEN: usize = 3;
/// No name in front of a value takes more room, but on a wide screen a fifth of it.
const LONGEST_HEAD: usize = 18;
/// Before what is carried over of a longer one.
const CARRIED: &str = " ";

/// What an object comes to: lines, and what stands below them.
#[derive(Default)]
pub(super) struct Gathered {
    lines: Vec<Line>,
    below: Vec<String>,
}

/// What a value is called, the value, and the page it leads to.
struct Line {
    head: String,
    value: String,
    link: Option<String>,
}

impl Page<'_> {
    /// An object, all of it but for ids beside a name or a link.
    pub(super) fn object(&mut self, path: &str, members: &Map<String, Value>) -> String {
        let mut gathered = Gathered::default();
        self.gather(&mut gathered, path, "", members);
        let mut parts = Vec::new();
        if !gathered.lines.is_empty() {
            parts.push(self.lines(&gathered.lines));
        }
        parts.extend(gathered.below);
        parts.join("\n")
    }

    /// `prefix` leads from the object whose lines these are to these members.
    fn gather(&mut self, gathered: &mut Gathered, path: &str, prefix: &str, members: &Map<String, Value>) {
        let title = known().linked.iter().find(|key| members.contains_key(*key));
        let page = members.get("link").and_then(Value::as_str);
        for (key, value) in members {
            let name = below(prefix, key);
            let link = page.filter(|_| key == "link" || Some(key) == title);
            if let Some(hidden) = hidden_id(members, key) {
                self.hide(hidden);
                continue;
            }
            match value {
                Value::Object(inner) => self.gather_object(gathered, path, &name, inner),
                Value::Array(items) if items.iter().any(is_nested) => {
                    let Listed { text, has_heads } = self.list(&below(path, &name), items);
                    gathered.below.push(match has_heads {
                        true => format!("\n{text}"),
                        false => self.under(&name, &text),
                    });
                }
                Value::Array(items) if is_long(items) => {
                    let lines: Vec<String> = items
                        .iter()
                        .map(|item| text::hanging(&self.look.present.in_line(item), 2, self.widest()))
                        .collect();
                    gathered.below.push(self.under(&name, &lines.join("\n")));
                }
                value => {
                    let text = self.look.present.in_line(value);
                    if text.contains('\n') {
                        let text = text::wrapped(&text, self.widest()).join("\n");
                        gathered.below.push(self.under(&name, &text));
                    } else {
                        let mark = known().mark(key, &text);
                        let text = self.look.paint.marked(mark, &text);
                        gathered.lines.push(Line {
                            head: self.look.head(&name),
                            value: text,
                            link: link.map(str::to_owned),
                        });
                    }
                }
            }
        }
    }

    fn gather_object(&mut self, gathered: &mut Gathered, path: &str, name: &str, inner: &Map<String, Value>) {
        let heading = below(path, name);
        if let Some(table) = self.table_of(&heading, inner) {
            gathered.below.push(self.under(name, &table));
        } else if let Some(words) = in_one_line(&self.look.present, inner) {
            if inner.keys().any(|key| is_id(key)) {
                self.hide(IDS);
            }
            gathered.lines.push(Line {
                head: self.look.head(name),
                value: words,
                link: None,
            });
        } else if inner.is_empty() {
            gathered.lines.push(Line {
                head: self.look.head(name),
                value: "none".to_owned(),
                link: None,
            });
        } else if leaves(inner).is_some_and(|count| count <= FEW) {
            self.gather(gathered, path, name, inner);
        } else {
            let text = self.object(&heading, inner);
            // What holds nothing but lists has no heading of its own: theirs tell where they are.
            let shown = match inner.values().all(is_list) {
                true => text,
                false => self.under(name, &text),
            };
            gathered.below.push(shown);
        }
    }

    /// `head  value` lines, two short ones beside each other where there are many.
    fn lines(&self, pairs: &[Line]) -> String {
        let widths = pairs.iter().map(|line| text::width(&line.head));
        let columns = self.look.columns;
        let longest = LONGEST_HEAD.max(columns / 5);
        let width = widths.max().unwrap_or_default().min(longest);
        let half = columns.min(2 * WIDEST).saturating_sub(BETWEEN) / 2;
        let room = half.saturating_sub(width + 2);
        let two = pairs.len() > FEW_LINES && columns >= NARROW;
        let one = |line: &Line| {
            // What a value is called ends beside it.
            let mut heads = head_lines(&line.head, width);
            let last = heads.pop();
            let above = heads
                .iter()
                .map(|head| format!("{}\n", self.look.paint.quiet(head)));
            let last = self
                .look
                .paint
                .quiet(&text::padded(last.as_deref().unwrap_or_default(), width));
            let value = text::hanging(&line.value, width + 2, columns);
            let value = self.look.paint.lines_linked(line.link.as_deref(), &value);
            format!("{}{last}  {value}", above.collect::<String>())
        };
        let mut lines: Vec<String> = Vec::new();
        let mut left: Option<String> = None;
        for pair in pairs {
            let fits = two && text::width(&pair.value) <= room && text::width(&pair.head) <= width;
            match (left.take(), fits) {
                (None, true) => left = Some(one(pair)),
                (Some(before), true) => {
                    let before = text::padded(&before, half + BETWEEN);
                    lines.push(format!("{before}{}", one(pair)));
                }
                (before, false) => {
                    lines.extend(before);
                    lines.push(one(pair));
                }
            }
        }
        lines.extend(left);
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        lines.join("\n")
    }

    /// A part of a page, under its name.
    pub(super) fn under(&self, name: &str, text: &str) -> String {
        format!("\n{}\n{text}", self.heading(&self.look.head(name)))
    }

    /// A line with a name in it; a name that is longer has as many as it takes.
    pub(super) fn heading(&self, name: &str) -> String {
        self.heading_to(None, name)
    }

    /// The same that leads to a page.
    pub(super) fn heading_to(&self, link: Option<&str>, name: &str) -> String {
        let (room, paint) = (self.widest(), self.look.paint);
        let lines = text::wrapped(name, room.saturating_sub(4).max(20));
        let last = lines.last().map(|line| text::width(line)).unwrap_or_default();
        let rest = "─".repeat(room.saturating_sub(last + 4));
        let lines: Vec<String> = lines
            .iter()
            .map(|line| paint.linked(link, &paint.head(line)))
            .collect();
        format!(
            "{} {} {}",
            paint.quiet("──"),
            lines.join("\n   "),
            paint.quiet(&rest)
        )
    }

    /// Columns that text is read in.
    pub(super) fn widest(&self) -> usize {
        self.look.columns.min(WIDEST)
    }
}

/// A name in no more than so many columns, carried over a little further in; a word that is wider has a line of its own.
fn head_lines(head: &str, width: usize) -> Vec<String> {
    if text::width(head) <= width {
        return vec![head.to_owned()];
    }
    let lines = text::wrapped(head, width.saturating_sub(CARRIED.len()));
    let is_whole = lines.iter().all(|line| text::width(line) <= width);
    let carried = lines.iter().skip(1).map(|line| format!("{CARRIED}{line}"));
    match is_whole {
        true => lines.iter().take(1).cloned().chain(carried).collect(),
        false => vec![head.to_owned(), String::new()],
    }
}

/// What a person is told in the place of an id: that of a record with a link, and that of somebody named beside it.
pub(super) fn hidden_id(members: &Map<String, Value>, key: &str) -> Option<&'static str> {
    let is_named = |key: &str| match members.get(key) {
        Some(Value::String(name)) => !name.is_empty(),
        Some(Value::Object(inner)) => name_of(inner).is_some(),
        _ => false,
    };
    let is_known = match key {
        "id" => is_named("link") || is_named("name"),
        key => match known().named_by.get(key) {
            Some(name) => is_named(name),
            None => key.strip_suffix("Id").is_some_and(is_named),
        },
    };
    is_known.then_some(IDS)
}

pub(super) fn below(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

pub(super) fn is_nested(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::Array(_))
}

fn is_list(value: &Value) -> bool {
    matches!(value, Value::Array(items) if items.iter().any(is_nested))
}

/// Texts that are longer than names.
fn is_long(items: &[Value]) -> bool {
    let texts = items.iter().filter_map(Value::as_str);
    texts
        .clone()
        .any(|text| text.contains('\n') || text.chars().count() > 60)
}

/// How many values an object comes to; none where a list of records is among them.
pub(super) fn leaves(members: &Map<String, Value>) -> Option<usize> {
    let count = |value: &Value| match value {
        Value::Object(inner) => leaves(inner),
        Value::Array(items) if items.iter().any(is_nested) => None,
        _ => Some(1),
    };
    members.values().map(count).sum()
}
