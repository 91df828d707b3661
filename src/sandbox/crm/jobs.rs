//! Bulk jobs as they are kept: what was asked, what came of it, and how far along a look finds them.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Value, json};

use super::answer;
use super::schema::Row;
use crate::http::Reply;

/// The jobs of an organization by id, and the files that were uploaded for them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jobs {
    all: HashMap<String, Job>,
    pub(super) uploads: HashMap<String, Bytes>,
}

/// A job. It is carried out when it is made, and each look finds it one step farther: a test need not wait. (Assumed; in
/// Zoho a job takes its time, and one who has left a `callback` is called, which nobody here is.)
#[derive(Debug, Clone)]
pub(super) struct Job {
    is_read: bool,
    /// What a look tells of it besides its state and result.
    pub(super) told: Row,
    /// What a look tells when it is done.
    pub(super) result: Value,
    /// What it wrote, as it lies in the download.
    file: Bytes,
    looks: usize,
}

impl Jobs {
    /// Takes a job in.
    pub(super) fn add(&mut self, id: &str, job: Job) {
        self.all.insert(id.to_owned(), job);
    }

    /// The job, as one more look finds it.
    pub(super) fn look(&mut self, id: &str, is_read: bool) -> Result<&mut Job, Reply> {
        let job = self.all.get_mut(id).filter(|job| job.is_read == is_read);
        job.ok_or_else(|| {
            let message = "The requested resource doesn't exist.";
            answer::refuse(404, "RESOURCE_NOT_FOUND", &json!({}), message)
        })
    }

    /// The file of a job that has been seen to be done.
    pub(super) fn download(&mut self, id: &str, is_read: bool) -> Result<Reply, Reply> {
        let job = self.look(id, is_read)?;
        if job.looks < DONE {
            let message = "The requested resource doesn't exist.";
            return Err(answer::refuse(404, "RESOURCE_NOT_FOUND", &json!({}), message));
        }
        Ok(Reply {
            status: 200,
            headers: vec![
                ("content-type", "application/zip".to_owned()),
                (
                    "content-disposition",
                    format!("attachment;filename*=UTF-8''{id}.zip"),
                ),
            ],
            body: job.file.clone(),
            unserved: false,
        })
    }
}

/// The look that finds a job done.
const DONE: usize = 3;

impl Job {
    /// One that nobody has looked at.
    pub(super) fn new(is_read: bool, told: &Value, result: Value, file: Bytes) -> Self {
        Job {
            is_read,
            told: told.as_object().cloned().unwrap_or_default(),
            result,
            file,
            looks: 0,
        }
    }

    /// Looks at it: the state, out of those that come before the last.
    pub(super) fn advance<'a>(&mut self, before: [&'a str; DONE - 1]) -> &'a str {
        self.looks = (self.looks + 1).min(DONE);
        before.get(self.looks - 1).copied().unwrap_or("COMPLETED")
    }

    /// Whether it has been seen to be done.
    pub(super) fn is_done(&self) -> bool {
        self.looks >= DONE
    }
}
