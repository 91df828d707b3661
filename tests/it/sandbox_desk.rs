//! The sandbox's Desk, asked through its one door: requests in, replies out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod believable;
mod cases;
mod dashboards;
mod entities;
mod found;
mod found_out;
mod measured;
mod now;
mod official;
mod paging;
mod presence;
mod probed;
mod reading;
mod refusals;
mod relevance;
pub(crate) mod tester;
mod told;
mod world;
mod writing;
