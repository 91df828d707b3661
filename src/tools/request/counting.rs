//! How many records a query finds: asked of Zoho, or read.

use super::ListRequest;
use crate::zoho::Read;

/// How the records of a query are counted.
#[derive(Debug)]
pub enum Count {
    /// Zoho is asked for their number.
    Asked(CountRequest),
    /// Zoho does not count these: they are read.
    Read(Box<ListRequest>),
}

/// Requests whose answers are numbers, which together are the number.
#[derive(Debug)]
pub struct CountRequest {
    /// What is sent; no record is counted by two of them.
    pub requests: Vec<Read>,
    /// What is sent for those of them that are not meant.
    pub but_for: Vec<Read>,
    /// As [`ListRequest::misses`].
    pub misses: Option<String>,
    /// Told in the answer.
    pub notes: Vec<String>,
}
