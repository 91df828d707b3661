//! How the names of arguments and of Zoho's things are written, compared and shown: one way for every room. Pure.

pub mod pointer;
