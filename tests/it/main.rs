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
mod apart;
mod asking;
mod attachment_place;
mod attachments;
mod bad_input;
mod bed;
mod browser;
mod budget;
mod calls;
mod case_facts;
mod client_file;
mod commands;
mod connecting;
mod connections_command;
mod connections_rooms;
mod consent_browser;
mod consents;
mod conversation;
mod coql;
mod crm_client;
mod crm_seams;
mod customers;
mod days;
mod desk_client;
mod doctor;
mod documents;
mod either;
mod elicitation;
mod ends;
mod environments;
mod every_list;
mod every_route;
mod expanded;
mod exports;
mod fence;
mod file_names;
mod filters;
mod house;
mod invocation;
mod key_files;
mod leaving;
mod logs;
mod long_case;
mod long_texts;
mod looked_through;
mod lookups;
mod lying;
mod markup;
mod markup_hidden;
mod markup_unsaid;
mod mending;
mod messages;
mod modules;
mod named_ids;
mod newest_first;
mod of_one_kind;
mod one_truth;
mod only_matches;
mod operations;
mod options;
mod own_names;
mod pages;
mod paging;
mod panics;
mod placeholders;
mod pointers;
mod postgres;
mod present;
mod processes;
mod published;
mod queries;
mod quotation;
mod references;
mod reflected;
mod related_lists;
mod repair;
mod repair_command;
mod require;
mod rich_text;
mod right_calls;
mod said;
mod sandbox_command;
mod sandbox_core;
mod sandbox_crm;
mod sandbox_desk;
mod sandbox_hosts;
mod sandbox_in_use;
mod sandbox_options;
mod scopes;
mod secrets;
mod selection;
mod settings;
mod shown_and_taken;
mod spawning;
mod stampede;
mod terminals;
mod timeless;
mod token_budget;
mod tokens;
mod upstream;
mod visitor;
mod visits;
mod whole_set;
mod whose_row;
mod wire;
mod zone;
