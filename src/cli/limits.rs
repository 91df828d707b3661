//! What the system holds this process to. Not every one knows such limits.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Bytes of memory for the reader of a file and what it unpacks: so many, and so many more for each byte and pixel of it.
#[cfg(unix)]
const MEMORY: (u64, u64, u64) = (128 * 1024 * 1024, 128, 8);
#[cfg(unix)]
const MOST_MEMORY: u64 = 768 * 1024 * 1024;
/// Seconds of processor time, and the bytes and pixels of a file that take another one.
#[cfg(unix)]
const TIME: (u64, u64, u64) = (3, 256 * 1024, 16 * 1024 * 1024);
#[cfg(unix)]
const MOST_TIME: u64 = 30;

/// A process that crashes leaves no picture of its memory behind, in which secrets are.
pub(super) fn leave_no_core() {
    #[cfg(unix)]
    bound(&[(Resource::Core, 0)]);
}

/// What a file of that length, and of so many pixels, may take of its reader: one that is small is not worth much. Where the
/// system does not hold to it, the server's patience does.
pub(super) fn bound_reader(length: usize, pixels: usize) {
    #[cfg(unix)]
    {
        let [length, pixels] = [length, pixels].map(|many| u64::try_from(many).unwrap_or(u64::MAX));
        let ((memory, byte, pixel), (time, bytes, sight)) = (MEMORY, TIME);
        let memory = length
            .saturating_mul(byte)
            .saturating_add(pixels.saturating_mul(pixel))
            .saturating_add(memory)
            .min(MOST_MEMORY);
        let time = (length / bytes + pixels / sight)
            .saturating_add(time)
            .min(MOST_TIME);
        bound(&[(Resource::Data, memory), (Resource::Cpu, time)]);
    }
    #[cfg(not(unix))]
    let _ = (length, pixels);
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
