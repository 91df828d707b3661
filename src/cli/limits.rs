//! What the system holds this process to. Not every one knows such limits.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Bytes of memory for the reader of a document and what it unpacks.
#[cfg(unix)]
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Seconds of processor time, should nobody be left to end that process.
#[cfg(unix)]
const MOST_TIME: u64 = 30;

/// A process that crashes leaves no picture of its memory behind, in which secrets are.
pub(super) fn leave_no_core() {
    #[cfg(unix)]
    bound(&[(Resource::Core, 0)]);
}

/// What a document may take of its reader; where the system does not hold to it, the server's patience does.
pub(super) fn bound_reader() {
    #[cfg(unix)]
    bound(&[(Resource::Data, MOST_MEMORY), (Resource::Cpu, MOST_TIME)]);
}

/// A server that is killed ends nobody itself; where the system does not do it, the limit of time does.
pub(super) fn end_with_parent() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

#[cfg(unix)]
fn bound(limits: &[(Resource, u64)]) {
    for (what, most) in limits {
        let Rlimit { maximum, .. } = getrlimit(*what);
        let current = Some(maximum.map_or(*most, |maximum| maximum.min(*most)));
        let maximum = current;
        let _ = setrlimit(*what, Rlimit { current, maximum });
    }
}
