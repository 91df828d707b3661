//! Lines of text as they grow: what stands between two words is settled when the second one comes.

use super::look::{Look, Wrap};

/// Tables within tables that are told apart; cells further down belong to the last of these.
const DEEPEST: usize = 50;
/// A cell that is longer keeps its lines.
const LONGEST_CELL: usize = 240;

#[derive(Default)]
pub(super) struct Lines {
    text: String,
    last_break: Option<usize>,
    /// Line ends before the next word.
    gap: usize,
    /// White space before the next word.
    space: bool,
    /// Cells that end before the next word.
    cells: usize,
    /// What stands before the first word of a cell is settled.
    settled: bool,
    rows: Vec<Row>,
    deeper: usize,
    /// What stands before the first word of an item of a list.
    item: Option<String>,
    /// The marks around the words that come.
    wraps: Vec<Wrap>,
    /// Those that no mark ends yet, the innermost last.
    open: Vec<Wrap>,
    /// Quotations that are open.
    quotes: usize,
    /// Cells whose lines were put on one.
    folds: usize,
}

/// A place in the text; it means nothing once a cell was folded behind which it may lie.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    at: usize,
    folds: usize,
}

/// The row of an open table.
#[derive(Default)]
struct Row {
    /// Where its text begins, once it has a cell.
    start: Option<usize>,
    /// It has more than one.
    several: bool,
    /// The cell that is open, once it has words: where they begin, and the last line end before them.
    cell: Option<(usize, Option<usize>)>,
}

fn is_space(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

impl Lines {
    /// Words of flowing text.
    pub(super) fn words(&mut self, text: &str) {
        for (index, word) in text.split(is_space).enumerate() {
            self.space |= index > 0;
            if !word.is_empty() {
                self.settle();
                self.begin_wraps();
                self.text.push_str(word);
            }
        }
    }

    /// What stands for something that is no text: of the marks around words it has the line that strikes it out.
    pub(super) fn sign(&mut self, text: &str) {
        let wraps = self.wraps.clone();
        self.wraps.retain(|wrap| *wrap == Wrap::Struck);
        self.words(text);
        self.wraps = wraps;
    }

    /// Text whose white space counts.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.settle();
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.end_wraps(0);
                self.keep_lines();
                self.last_break = Some(self.text.len());
                self.text.push('\n');
                if self.quotes > 0 {
                    self.text.push_str("> ");
                }
            }
            let words = line.trim_start();
            if !words.is_empty() {
                let blank = line.len() - words.len();
                self.text.push_str(line.get(..blank).unwrap_or_default());
                self.begin_wraps();
            }
            self.text.push_str(if words.is_empty() { line } else { words });
        }
    }

    /// An element on lines of its own begins or ends; the gap is its line ends at least.
    pub(super) fn block(&mut self, gap: usize) {
        self.end_wraps(0);
        self.space = false;
        if !self.settled {
            self.gap = self.gap.max(gap);
        }
    }

    /// What comes stands on the next line, without an empty one between.
    pub(super) fn next_line(&mut self) {
        self.end_wraps(0);
        self.space = false;
        if !self.settled {
            self.gap = 1;
        }
    }

    pub(super) fn line_break(&mut self) {
        self.end_wraps(0);
        self.space = false;
        if !self.settled {
            self.gap = (self.gap + 1).min(2);
        }
    }

    pub(super) fn table(&mut self) {
        self.keep_lines();
        self.block(1);
        if self.rows.len() < DEEPEST {
            self.rows.push(Row::default());
        } else {
            self.deeper += 1;
        }
    }

    pub(super) fn end_table(&mut self) {
        self.end_row();
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.rows.pop();
        }
    }

    pub(super) fn end_row(&mut self) {
        self.end_wraps(0);
        if self.rows.last().is_some_and(|row| row.several) {
            self.fold_cell();
        }
        (self.settled, self.cells) = (false, 0);
        self.next_line();
        if let Some(row) = self.rows.last_mut() {
            *row = Row::default();
        }
    }

    /// Puts the lines of the cell that ends on one, where they are short: its row is one line then.
    fn fold_cell(&mut self) {
        let cell = self.rows.last_mut().and_then(|row| row.cell.take());
        let Some((start, last_break)) = cell else { return };
        let text = self.text.get(start..).unwrap_or_default();
        if text.len() > LONGEST_CELL || !text.contains('\n') {
            return;
        }
        let lines = text.lines().map(|line| match self.quotes {
            0 => line.trim(),
            _ => line.trim_start_matches("> ").trim(),
        });
        let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        let folded = lines.join(" / ");
        self.text.truncate(start);
        self.text.push_str(&folded);
        self.last_break = last_break;
        self.folds += 1;
    }

    /// The lines of the open cell count.
    fn keep_lines(&mut self) {
        if let Some(row) = self.rows.last_mut() {
            row.cell = None;
        }
    }

    /// A cell begins: behind a bar, where the row stands on one line so far.
    pub(super) fn cell(&mut self) {
        self.end_wraps(0);
        self.space = false;
        self.fold_cell();
        let Some(row) = self.rows.last_mut() else {
            return self.block(1);
        };
        row.several = row.start.is_some();
        match row.start {
            None => row.start = Some(self.text.len()),
            Some(start) if start == self.text.len() => self.cells += 1,
            Some(start) => {
                let row = self.text.get(start..).unwrap_or_default();
                let before = row.bytes().take(2).take_while(|byte| *byte == b'\n').count();
                let on_one_line = self.last_break.is_none_or(|at| at < start + before);
                (self.cells, self.gap) = if on_one_line { (self.cells + 1, 0) } else { (0, 1) };
            }
        }
        self.settled = true;
    }

    /// An item of a list begins; where no word comes, nothing is written of it.
    pub(super) fn item(&mut self, mark: String) {
        self.next_line();
        self.item = Some(mark);
    }

    /// A quotation begins or ends: its lines have the mark that they have in plain text.
    pub(super) fn quote(&mut self, closing: bool) {
        self.quotes = match closing {
            false => self.quotes + 1,
            true => self.quotes.saturating_sub(1),
        };
    }

    /// Up to where has been written.
    pub(super) fn here(&self) -> Mark {
        Mark {
            at: self.text.len(),
            folds: self.folds,
        }
    }

    /// What has been written since then; none where nobody can say.
    pub(super) fn since(&self, start: Mark) -> Option<&str> {
        (start.folds == self.folds).then(|| self.text.get(start.at..).unwrap_or_default())
    }

    /// How the words that come look: they stand between marks of it, line by line and cell by cell.
    pub(super) fn look(&mut self, look: Look) {
        self.wraps = look.wraps();
    }

    /// Ends the marks from this one on.
    fn end_wraps(&mut self, from: usize) {
        for wrap in self.open.drain(from.min(self.open.len())..).rev() {
            self.text.push_str(wrap.after());
        }
    }

    fn begin_wraps(&mut self) {
        for wrap in self.wraps.get(self.open.len()..).unwrap_or_default() {
            self.text.push_str(&wrap.before());
            self.open.push(*wrap);
        }
    }

    /// A mark right behind the words that came.
    pub(super) fn end_mark(&mut self, mark: &str) {
        self.text.push_str(mark);
    }

    /// Where a raised text begins.
    pub(super) fn raise(&mut self) -> Mark {
        self.settle();
        self.begin_wraps();
        self.here()
    }

    /// Raised digits as such, other raised text in `^{}`; a long one stays as it is.
    pub(super) fn end_raised(&mut self, start: Mark) {
        const LONGEST: usize = 20;
        const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        let raised = self.since(start).unwrap_or_default();
        // Marks of words before it that ended within it are no part of it.
        let is_marked = raised.starts_with(['~', '*', '_', ']']);
        if raised.is_empty() || raised.len() > LONGEST || raised.contains('\n') || is_marked {
            return;
        }
        let digit = |sign: char| DIGITS.get(usize::try_from(sign.to_digit(10)?).ok()?);
        let text = match raised.chars().map(digit).collect() {
            Some(digits) => digits,
            None => format!("^{{{raised}}}"),
        };
        self.text.truncate(start.at);
        self.text.push_str(&text);
    }

    /// Writes what stands before a word.
    fn settle(&mut self) {
        let alike = self.open.iter().zip(&self.wraps);
        let alike = alike.take_while(|(open, wrap)| open == wrap).count();
        let goes_on = self.gap == 0 && self.cells == 0;
        self.end_wraps(if goes_on { alike } else { 0 });
        if self.gap > 0 && !self.text.is_empty() {
            self.text.extend(std::iter::repeat_n('\n', self.gap));
            self.last_break = Some(self.text.len() - 1);
        }
        let line_begins = self.text.is_empty() || self.text.ends_with('\n');
        if line_begins && self.quotes > 0 {
            self.text.push_str("> ");
        }
        if self.cells > 0 {
            let bars = " |".repeat(self.cells);
            self.text
                .push_str(if line_begins { bars.trim_start() } else { &bars });
            self.text.push(' ');
        } else if self.space && !line_begins {
            self.text.push(' ');
        }
        if let Some(item) = self.item.take() {
            self.text.push_str(&item);
        }
        if self.settled
            && let Some(row) = self.rows.last_mut()
        {
            row.cell = Some((self.text.len(), self.last_break));
        }
        (self.gap, self.cells, self.space, self.settled) = (0, 0, false, false);
    }

    /// All of it, without white space at the ends of lines and with one empty line at most between two.
    pub(super) fn finish(mut self) -> String {
        self.end_wraps(0);
        let mut text = String::with_capacity(self.text.len());
        let mut empty = false;
        for line in self.text.lines().map(str::trim_end) {
            if line.is_empty() {
                empty = true;
                continue;
            }
            if !text.is_empty() {
                text.push_str(if empty { "\n\n" } else { "\n" });
            }
            text.push_str(line);
            empty = false;
        }
        let begins = text.len() - text.trim_start().len();
        text.split_off(begins)
    }
}
