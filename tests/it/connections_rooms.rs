//! The rooms `connections` and `zoho` through their public interface, against a small Zoho in the test itself.

mod bound;
mod doubtful;
mod failures;
pub(crate) mod fake;
mod hanging;
mod hosts;
mod import;
mod keyring;
mod locks;
mod organization;
mod postgres;
pub(crate) mod refresh;
mod seal;
mod sending;
mod sentinels;
mod store;
mod unheard;
mod writes;
