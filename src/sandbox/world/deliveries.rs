//! Letters on their way: what webhooks of Desk and channels of CRM are told of, sent one after the other, tried again by
//! the sandbox's own clock. (Assumed: how often and when; the documents say what fails, and nothing of what follows. A
//! channel of CRM takes any answer of 2xx.)

use std::collections::VecDeque;

use ::http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::World;
use crate::desk::Proof;
use crate::http::Reply;
use crate::post::{self, seal};

/// Seconds until a letter that failed is tried again.
const AGAIN: [i64; 3] = [60, 300, 1_800];
/// Deliveries that are remembered.
const KEPT: usize = 500;

/// Who is written to.
#[derive(Debug, Clone)]
enum To {
    Webhook { org: String, id: u64 },
    Channel,
}

/// One letter.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    to: To,
    url: String,
    about: Value,
    body: String,
    tries: usize,
    due: Timestamp,
}

/// Letters that wait, and what became of others.
#[derive(Default)]
pub(super) struct Mail {
    waiting: VecDeque<Letter>,
    record: VecDeque<Value>,
}

impl Letter {
    /// Sends it; the seal is as old as the attempt.
    pub(crate) async fn send(&self, now: Timestamp) -> Result<u16, String> {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if let To::Webhook { org, id } = &self.to {
            headers.push(("x-zdesk-jwt", seal::token(org, *id, now.as_second())));
        }
        post::send(Method::POST, &self.url, &headers, self.body.clone()).await
    }
}

impl World {
    /// Puts what both products have to tell in the post.
    pub(crate) fn collect_mail(&mut self) {
        let now = self.control.clock.now();
        let webhooks = self.desk.take_told().into_iter().map(|told| Letter {
            about: told.event["eventType"].clone(),
            // A delivery is a list of events.
            body: json!([told.event]).to_string(),
            to: To::Webhook {
                org: told.org,
                id: told.webhook,
            },
            url: told.url,
            tries: 0,
            due: now,
        });
        let channels = self.crm.take_told().into_iter().map(|(url, event)| Letter {
            to: To::Channel,
            about: json!(format!(
                "{}.{}",
                event["module"].as_str().unwrap_or_default(),
                event["operation"].as_str().unwrap_or_default()
            )),
            body: event.to_string(),
            url,
            tries: 0,
            due: now,
        });
        let letters: Vec<Letter> = webhooks.chain(channels).collect();
        for letter in letters {
            match post::held_back(&letter.url) {
                Some(reason) => self.note(&letter, &json!({"held_back": reason})),
                None => self.mail.waiting.push_back(letter),
            }
        }
    }

    /// The next letter whose time has come, and the time.
    pub(crate) fn next_letter(&mut self) -> Option<(Letter, Timestamp)> {
        let now = self.control.clock.now();
        let place = self.mail.waiting.iter().position(|letter| letter.due <= now)?;
        let letter = self.mail.waiting.remove(place)?;
        Some((letter, now))
    }

    /// Notes what became of a letter.
    pub(crate) fn delivered(&mut self, mut letter: Letter, outcome: Result<u16, String>) {
        letter.tries += 1;
        let good = match (&letter.to, &outcome) {
            (To::Webhook { .. }, Ok(status)) => *status == 200,
            (To::Channel, Ok(status)) => (200..300).contains(status),
            (_, Err(_)) => false,
        };
        let told = match &outcome {
            Ok(status) => json!({"status": status}),
            Err(error) => json!({"error": error}),
        };
        self.note(&letter, &told);
        if let (To::Webhook { org, id }, Ok(410)) = (&letter.to, &outcome) {
            self.desk.forget_webhook(org, *id);
            let (org, id) = (org.clone(), *id);
            let is_its = |other: &Letter| matches!(&other.to, To::Webhook { org: of, id: its } if *of == org && *its == id);
            self.mail.waiting.retain(|other| !is_its(other));
            return;
        }
        let again = AGAIN.get(letter.tries - 1).copied().filter(|_| !good);
        if let Some(seconds) = again {
            let now = self.control.clock.now();
            letter.due = now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
            self.mail.waiting.push_back(letter);
        }
    }

    fn note(&mut self, letter: &Letter, told: &Value) {
        let mut entry = json!({"time": self.control.clock.now().to_string(), "about": letter.about, "url": letter.url,
            "attempt": letter.tries});
        for (key, value) in told.as_object().into_iter().flatten() {
            entry[key] = value.clone();
        }
        if self.mail.record.len() >= KEPT {
            self.mail.record.pop_front();
        }
        self.mail.record.push_back(entry);
    }

    /// `GET deliveries`
    pub(crate) fn deliveries(&self) -> Value {
        let waiting = self.mail.waiting.iter().map(|letter| {
            json!({"about": letter.about, "url": letter.url, "attempts": letter.tries, "due": letter.due.to_string()})
        });
        json!({"waiting": waiting.collect::<Vec<Value>>(), "done": self.mail.record})
    }

    /// The webhook that the last call made or moved, where its address can be asked.
    pub(crate) fn take_proof(&mut self) -> Option<Proof> {
        self.desk
            .take_proof()
            .filter(|proof| post::held_back(proof.url()).is_none())
    }

    /// What the caller is told where the address did not answer.
    pub(crate) fn withdraw(&mut self, proof: Proof) -> Reply {
        self.desk.withdraw(proof)
    }
}
