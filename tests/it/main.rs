//! The tests, through the front door: MCP in, HTTP out, against the sandbox.
#![cfg(feature = "sandbox")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod after_rejection;
mod bad_input;
mod bed;
mod browser;
mod calls;
mod connections_rooms;
mod house;
mod postgres;
mod references;
mod repair;
mod repair_command;
mod require;
mod sandbox_core;
mod sandbox_crm;
mod sandbox_desk;
mod spawning;
mod tokens;
mod whole_set;
