//! How the names of arguments and of Zoho's things are written, compared and shown: one way for every room. Pure.

mod clipping;
mod folding;
mod hexadecimal;
mod nearness;
pub mod pointer;
mod visible;

pub use clipping::clip;
pub use folding::{
    as_seen, composed, fold, in_ascii, is_blank, is_filler, letters, same_but_for_number, same_style,
    without_accents,
};
pub use hexadecimal::hexadecimal;
pub use nearness::{
    LONGEST, distance, is_too_long, most_alike, nearest, only_meant, only_near, tell_nearest,
};
pub use visible::{clean, clean_line, write_out};
