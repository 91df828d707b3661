//! The words of a PDF or office file, and whether a picture opens, found by a process of its own: such a file may hang its
//! reader, fill the memory or end the process.

use std::io;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use super::content::Content;
use crate::tools::equipment::Equipment;
use crate::tools::output::Image;

/// How long reading one may take, the wait for its turn included.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the process says.
#[derive(Deserialize)]
#[serde(untagged)]
enum Told {
    Read {
        text: String,
        left_out: usize,
    },
    Opened {
        #[serde(rename = "opens")]
        _opens: bool,
    },
    Unread {
        unread: String,
    },
}

/// The words of the file, at most `most` characters of them.
pub(super) async fn read(equipment: &Equipment, bytes: &[u8], most: usize) -> Content {
    match outcome(equipment, bytes, most).await {
        Ok(Told::Read { text, left_out }) => Content::Text {
            text,
            left_out,
            read_as: None,
            of_page: false,
        },
        Ok(Told::Opened { .. }) => Content::Neither("a picture".to_owned()),
        Ok(Told::Unread { unread: why }) | Err(why) => Content::Neither(format!("a document, and {why}")),
    }
}

/// The picture, if it opens.
pub(super) async fn open(equipment: &Equipment, image: Image) -> Content {
    match outcome(equipment, &image.bytes, 0).await {
        Ok(Told::Opened { .. }) => Content::Picture(image),
        Ok(Told::Read { .. }) => Content::Neither("a document".to_owned()),
        Ok(Told::Unread { unread: why }) | Err(why) => Content::Neither(format!("a picture, and {why}")),
    }
}

/// What the process says of the file, or why it says nothing.
async fn outcome(equipment: &Equipment, bytes: &[u8], most: usize) -> Result<Told, String> {
    let Ok(outcome) = timeout(PATIENCE, told(equipment, bytes, most)).await else {
        return Err(format!(
            "reading it takes longer than {} seconds, the wait for other files included",
            PATIENCE.as_secs()
        ));
    };
    let output = outcome.map_err(|error| {
        tracing::debug!(%error, "no process to read a file with");
        "this server cannot start the process that reads such files".to_owned()
    })?;
    let told = output.status.success().then_some(output.stdout);
    told.and_then(|told| serde_json::from_slice(&told).ok())
        .ok_or_else(|| "it is not read: too large inside for its length, or broken".to_owned())
}

async fn told(equipment: &Equipment, bytes: &[u8], most: usize) -> io::Result<Output> {
    let start = equipment.program.as_ref().ok_or(io::ErrorKind::Unsupported)?;
    let _turn = equipment.documents.acquire().await.map_err(io::Error::other)?;
    let mut command = Command::from(start()?);
    // The allocator's own gigabyte, set aside at the start, would count as memory that a file takes.
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
            let written = input.write_all(bytes).await;
            drop(input);
            written
        },
        reader.wait_with_output()
    );
    // A reader that has ended early takes no more.
    let _ = written;
    output
}
