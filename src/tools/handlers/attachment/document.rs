//! The words of a PDF or office file, read by a process of its own: such a file may hang its reader, fill the memory or end
//! the process.

use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use super::content::Content;
use crate::tools::equipment::Equipment;

/// How long reading one may take, the wait for its turn included.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the process says.
#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    Read { text: String, left_out: usize },
    Unread { unread: String },
}

/// The words of the file, at most `most` characters of them.
pub(super) async fn read(equipment: &Equipment, bytes: Vec<u8>, most: usize) -> Content {
    let unread = |why: &str| Content::Neither(format!("a document, and {why}"));
    let outcome = timeout(PATIENCE, told(equipment, bytes, most)).await;
    let Ok(outcome) = outcome else {
        return unread(&format!(
            "reading it takes longer than {} seconds, the wait for other documents included",
            PATIENCE.as_secs()
        ));
    };
    let told = match outcome {
        Ok(output) if output.status.success() => serde_json::from_slice(&output.stdout).ok(),
        Ok(_) => None,
        Err(error) => {
            tracing::debug!(%error, "no process to read a document with");
            return unread("this server cannot start the process that reads such files");
        }
    };
    match told {
        Some(Told::Read { text, left_out }) => Content::Text {
            text,
            left_out,
            read_as: None,
            of_page: false,
        },
        Some(Told::Unread { unread: why }) => unread(&why),
        None => unread("it is not read: too large inside for its length, or broken"),
    }
}

async fn told(equipment: &Equipment, bytes: Vec<u8>, most: usize) -> io::Result<Output> {
    let start = equipment.program.as_ref().ok_or(io::ErrorKind::Unsupported)?;
    let _turn = equipment.documents.acquire().await.map_err(io::Error::other)?;
    let mut command = Command::from(start()?);
    // The allocator's own gigabyte, set aside at the start, would count as memory that a document takes.
    command.env("MIMALLOC_ARENA_RESERVE", "0");
    command.args(["read-document", &most.to_string()]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut reader = command.kill_on_drop(true).spawn()?;
    let mut input = reader.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let (written, output) = tokio::join!(
        async move {
            let written = input.write_all(&bytes).await;
            drop(input);
            written
        },
        reader.wait_with_output()
    );
    // A reader that has ended early takes no more.
    let _ = written;
    output
}
