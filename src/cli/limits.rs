//! What the system holds this process to. Not every one knows such limits.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Bytes of memory for the reader of a document and what it unpacks: so many, and so many more for each byte of it.
#[cfg(unix)]
const MEMORY: (u64, u64) = (128 * 1024 * 1024, 128);
#[cfg(unix)]
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Seconds of processor time, and bytes of a document that take another one.
#[cfg(unix)]
const TIME: (u64, u64) = (3, 256 * 1024);
#[cfg(unix)]
const MOST_TIME: u64 = 30;

/// A process that crashes leaves no picture of its memory behind, in which secrets are.
pub(super) fn leave_no_core() {
    #[cfg(unix)]
    bound(&[(Resource::Core, 0)]);
}

/// What a document of that length may take of its reader: one that is small is not worth much. Where the system does not hold
/// to it, the server's patience does.
pub(super) fn bound_reader(length: usize) {
    #[cfg(unix)]
    {
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        let ((memory, each), (time, bytes)) = (MEMORY, TIME);
        let memory = length
            .saturating_mul(each)
            .saturating_add(memory)
            .min(MOST_MEMORY);
        let time = (time + length / bytes).min(MOST_TIME);
        bound(&[(Resource::Data, memory), (Resource::Cpu, time)]);
    }
    #[cfg(not(unix))]
    let _ = length;
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
