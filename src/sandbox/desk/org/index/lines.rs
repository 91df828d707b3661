//! Many short texts in one, so that what holds a part is found in one pass.

use memchr::memmem::Finder;

/// Texts in lower case by their number; none of them holds a line feed that matters.
#[derive(Default)]
pub(super) struct Lines {
    text: String,
    /// Where each begins; it ends with the line feed before the next.
    starts: Vec<u32>,
}

impl Lines {
    pub(super) fn push(&mut self, line: &str) {
        self.starts.push(self.text.len() as u32);
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The same, in no more memory than it takes.
    pub(super) fn shrunk(mut self) -> Self {
        self.text.shrink_to_fit();
        self.starts.shrink_to_fit();
        self
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn get(&self, number: usize) -> &str {
        let start = self
            .starts
            .get(number)
            .map_or(self.text.len(), |start| *start as usize);
        let next = self
            .starts
            .get(number + 1)
            .map_or(self.text.len(), |next| *next as usize);
        self.text[start..next].trim_end_matches('\n')
    }

    /// The numbers of those that hold the part, in order.
    pub(super) fn holding(&self, part: &str) -> Vec<usize> {
        let finder = Finder::new(part);
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(at) = finder.find(&self.text.as_bytes()[from..]) {
            let number = self.starts.partition_point(|start| *start as usize <= from + at) - 1;
            found.push(number);
            match self.starts.get(number + 1) {
                Some(next) => from = *next as usize,
                None => break,
            }
        }
        found
    }
}
