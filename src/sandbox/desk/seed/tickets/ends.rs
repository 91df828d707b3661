//! How the conversation of a seeded ticket goes to its end: all of it by mail, or the rest by phone, some with a last word.

use super::{Seedling, Special};
use crate::desk::seed::texts::TEXTS;
use crate::desk::seed::topics::{MESSAGES, Topic};

/// Messages that were written before somebody made a case of it.
pub(super) const BEFORE: u64 = 2;

/// How many messages go to and fro before somebody picks up the phone.
const BEFORE_THE_CALL: u64 = 3;

/// The last messages of a closed ticket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    /// Whether the rest was said by phone, and a last mail sums it up.
    spoken: bool,
    /// Whether the customer has the last word.
    thanked: bool,
}

impl Ends {
    /// How a closed ticket ends; notes and resolutions are in English, so that only such a mail can quote one.
    pub(super) fn of(kind: Special, topic: &Topic, drawn: u64) -> Self {
        Ends {
            spoken: kind != Special::Quoted && topic.language == "English" && (2..4).contains(&drawn),
            thanked: drawn % 2 == 1,
        }
    }

    /// How many messages that makes.
    pub(super) fn threads(self, kind: Special) -> u64 {
        let told = match (self.spoken, kind) {
            (true, _) => BEFORE_THE_CALL + 1,
            (false, Special::Quoted) => MESSAGES as u64 - BEFORE,
            (false, _) => MESSAGES as u64,
        };
        told + u64::from(self.thanked)
    }
}

impl Seedling<'_> {
    /// How many messages stand in the history of the first.
    pub(super) fn told_before(&self) -> u64 {
        if self.kind == Special::Quoted { BEFORE } else { 0 }
    }

    /// The form of a message that ends the conversation without being the matter's own.
    pub(super) fn last_word(&self, position: u64) -> Option<String> {
        let ends = self.ends?;
        let mut dice = self.world.dice("last word", self.index);
        if ends.thanked && position + 1 == self.threads {
            let thanks = TEXTS.thanks.get(&self.topic.language)?;
            return Some(dice.pick(thanks).clone());
        }
        self.sums_up(position).then(|| {
            dice.pick(&TEXTS.spoken)
                .replace("{resolution}", &self.topic.resolution)
        })
    }

    /// Whether a message sums up what was said by phone.
    pub(super) fn sums_up(&self, position: u64) -> bool {
        position == BEFORE_THE_CALL && self.ends.is_some_and(|ends| ends.spoken)
    }

    /// The message up to which note `position` knows the conversation.
    pub(super) fn known(&self, position: u64) -> u64 {
        let last = self
            .threads
            .saturating_sub(1 + u64::from(self.ends.is_some_and(|ends| ends.thanked)));
        let notes = &self.topic.comments;
        let after = notes[position as usize % notes.len()].after;
        after.saturating_sub(self.told_before()).min(last)
    }

    /// How many of so many notes speak of nothing that is still to come.
    pub(super) fn noted(&self, drawn: u64) -> u64 {
        if self.kind == Special::Spam {
            return 0;
        }
        // A call goes as far as the fourth message, and there is nothing of it but a note.
        let told = if self.threads == 0 {
            4
        } else {
            self.threads + self.told_before()
        };
        let notes = self.topic.comments.iter();
        let known = notes.take_while(|note| self.closed.is_some() || note.after < told);
        drawn.min(known.count() as u64).max(u64::from(self.threads == 0))
    }
}
