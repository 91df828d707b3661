//! What a seeded ticket tells: its subject, its messages with what they answer below, the team's notes, how it ended.

use super::ends::BEFORE;
use super::{Seedling, Special};
use crate::desk::seed::mail::{Answered, Program};
use crate::desk::seed::texts::{self, TEXTS, Words};
use crate::desk::seed::{calendar, staff};
use crate::desk::times;

/// Who wrote one side of the conversation.
struct Writer {
    name: String,
    mail: String,
}

/// Where a text comes from.
pub(crate) enum Told {
    /// A form that the ticket's own words fill.
    Form(&'static str),
    /// HTML that is this ticket's alone.
    Whole(String),
}

impl Seedling<'_> {
    /// The names and numbers that its texts speak of.
    pub(crate) fn words(&self) -> Words {
        let person = self.world.person(self.contact);
        let company = self.world.company(person.company);
        Words {
            first: person.first_name,
            company: company.name,
            city: company.city,
            agent: staff::name(self.world.which, self.assignee.unwrap_or(0)),
            order: self.order.unwrap_or_default().to_string(),
            number: self.world.dice("number", self.index).below(8_900) + 100,
        }
    }

    pub(crate) fn subject(&self) -> String {
        let words = self.words();
        match self.kind {
            Special::Spam => words.fill(&self.spam()[0]),
            _ if self.topic.has_a_number || self.is_first_told() => words.fill(&self.topic.subject),
            _ => words.fill(&self.topic.subject) + &self.told_apart(&words),
        }
    }

    /// What people put behind a subject that others have written before.
    fn told_apart(&self, words: &Words) -> String {
        let mut dice = self.world.dice("subject", self.index);
        let own = 10_000 + dice.below(80_000);
        let form = dice.pick(&TEXTS.told_apart);
        words.fill(form).replace("{own}", &own.to_string())
    }

    fn spam(&self) -> &'static [String; 2] {
        &TEXTS.spam[self.index as usize % TEXTS.spam.len()]
    }

    /// The description as HTML; it is the content of the first thread, too.
    pub(crate) fn description(&self) -> String {
        match self.first_text() {
            Told::Form(form) => texts::html(&self.words().fill(form)),
            Told::Whole(html) => html,
        }
    }

    /// Where the description comes from, if there is one.
    pub(crate) fn told(&self) -> Option<Told> {
        (self.kind != Special::Bare).then(|| self.first_text())
    }

    fn first_text(&self) -> Told {
        match self.kind {
            Special::Injection => {
                let age = self.world.tickets - 1 - self.index;
                let injection = &TEXTS.injections[age as usize / 6 % TEXTS.injections.len()];
                let asked = self.words().fill(&self.topic.messages[0]);
                Told::Whole(texts::html(&format!("{asked}\n\n{injection}")))
            }
            Special::Quoted => Told::Whole(self.with_a_history()),
            Special::Spam => Told::Form(&self.spam()[1]),
            _ if self.threads == 0 => Told::Form(&self.topic.call),
            _ => Told::Form(&self.topic.messages[0]),
        }
    }

    /// A mail that comes late in a conversation which nobody had made a case of.
    fn with_a_history(&self) -> String {
        let words = self.words();
        let (customer, support) = (self.writer(true), self.writer(false));
        let subject = self.subject();
        let [first, asked, now] =
            [0, 1, BEFORE as usize].map(|place| texts::html(&words.fill(&self.topic.messages[place])));
        let quote = |writer: &Writer, to: &Writer, second: i64, content: &str, program| {
            self.answered(writer, to, &subject, second, content)
                .below(program)
        };
        let wrote = calendar::office_after(self.created - 3 * 86_400, 0) - 7_000;
        let was_answered = calendar::office_after(wrote + 7_200, 0);
        let asked = asked + &quote(&customer, &support, wrote, &first, Program::Zoho);
        now + &quote(&support, &customer, was_answered, &asked, self.program(true))
    }

    /// The HTML of message `position`, counted from the oldest.
    pub(crate) fn message(&self, position: u64) -> String {
        let own = self.own_words(position);
        let quotes =
            self.kind == Special::Quoted || self.world.dice("quotes", self.index * 128 + position).chance(60);
        if position == 0 || !quotes || self.channel == "Chat" {
            return own;
        }
        let is_customers = position.is_multiple_of(2);
        let (writer, reader) = (self.writer(!is_customers), self.writer(is_customers));
        let before = self.own_words(position - 1);
        let second = self.thread_second(position - 1);
        let program = self.program(is_customers);
        own + &self
            .answered(&writer, &reader, &self.subject(), second, &before)
            .below(program)
    }

    fn own_words(&self, position: u64) -> String {
        if position == 0 {
            return self.description();
        }
        let mut words = self.words();
        if let Some(last) = self.last_word(position) {
            return texts::html(&words.fill(&last));
        }
        let place = (position + self.told_before()) as usize;
        let text = match place.checked_sub(self.topic.messages.len()) {
            None => &self.topic.messages[place],
            Some(more) => {
                // Three questions and answers are about one thing that has a number.
                let turn = more / 2;
                words.number += turn as u64 / 3;
                &self.topic.more[turn % self.topic.more.len()][more % 2]
            }
        };
        texts::html(&words.fill(text))
    }

    fn answered<'a>(
        &'a self,
        writer: &'a Writer,
        to: &'a Writer,
        subject: &'a str,
        second: i64,
        content: &'a str,
    ) -> Answered<'a> {
        Answered {
            language: &self.topic.language,
            name: &writer.name,
            mail: &writer.mail,
            to: &to.mail,
            subject,
            second,
            content,
        }
    }

    fn writer(&self, customer: bool) -> Writer {
        if !customer {
            return Writer {
                name: staff::name(self.world.which, self.assignee.unwrap_or(0)),
                mail: format!("support@{}.example", self.world.portal),
            };
        }
        let person = self.world.person(self.contact);
        Writer {
            name: format!("{} {}", person.first_name, person.last_name),
            mail: person.email,
        }
    }

    /// Agents write in Desk, a customer always with the same program.
    fn program(&self, customer: bool) -> Program {
        if !customer {
            return Program::Zoho;
        }
        let mut dice = self.world.dice("mail program", self.contact);
        *dice.pick(&[Program::Gmail, Program::Outlook, Program::Apple])
    }

    /// The text of note `position` of the team.
    pub(crate) fn comment(&self, position: u64) -> String {
        let own = &self.topic.comments;
        self.words().fill(&own[position as usize % own.len()].text)
    }

    pub(super) fn resolution(&self) -> Option<String> {
        self.closed.map(|_| self.words().fill(&self.topic.resolution))
    }

    /// Name and lines of the file that the first message speaks of.
    pub(crate) fn file(&self) -> Option<(String, Vec<String>)> {
        let file = self.topic.file.as_ref()?;
        let mut words = self.words();
        let is_western = |text: &str| text.chars().all(|letter| u32::from(letter) < 0x100);
        if file.name.ends_with(".pdf") && !is_western(&format!("{}{}", words.company, words.city)) {
            let company = self.world.company(self.world.person(self.contact).company);
            (words.company, words.city) = (company.domain, company.country);
        }
        let fill = |form: &String| {
            let text = words.fill(form).replace("{case}", &self.number.to_string());
            self.dated(&text)
        };
        Some((fill(&file.name), file.lines.iter().map(fill).collect()))
    }

    /// A text with its `{d7}` filled: the day so many days before the ticket came in.
    fn dated(&self, text: &str) -> String {
        let mut told = String::new();
        let mut rest = text;
        while let Some((before, inside)) = rest.split_once("{d") {
            let (days, behind) = inside.split_once('}').unwrap_or((inside, ""));
            let second = self.created - days.parse::<i64>().unwrap_or_default() * 86_400;
            told += before;
            told += &times::written_second(second)[..10];
            rest = behind;
        }
        told + rest
    }
}
