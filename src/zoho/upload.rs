//! A file in a call, as forms carry it (RFC 7578).

use std::fmt;

use bytes::Bytes;

/// The name of the part in which Zoho looks for a file.
const PART: &str = "file";

/// A file that goes with a call.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// As it is called there.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl Upload {
    /// The media type and the body of the form that holds it alone.
    pub(super) fn form(&self) -> (String, Vec<u8>) {
        let boundary = self.boundary();
        let name = self.name.replace(['\r', '\n'], " ").replace('"', "%22");
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{PART}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let end = format!("\r\n--{boundary}--\r\n");
        let mut body = Vec::with_capacity(head.len() + self.bytes.len() + end.len());
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&self.bytes);
        body.extend_from_slice(end.as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }

    /// A line that the file does not have.
    fn boundary(&self) -> String {
        let stands = |line: &String| {
            let line = line.as_bytes();
            self.bytes.windows(line.len()).any(|part| part == line)
        };
        let mut lines = (0_u32..).map(|number| format!("zoho-mcp-file-{number}"));
        lines.find(|line| !stands(line)).unwrap_or_default()
    }
}

/// What is in a file is in no log.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Upload({:?}, {} bytes)", self.name, self.bytes.len())
    }
}
