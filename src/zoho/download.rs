//! Files: what Zoho sends is handed on piece by piece and never held whole.

use secrecy::ExposeSecret as _;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::answer::{Verdict, is_refusal, judge};
use super::error::ZohoError;
use super::http::{Broken, Streamed};
use super::masked::{mask, secrets_of};
use super::request::Read;
use super::session::Session;

/// A file that came whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type, as Zoho names it.
    pub media_type: Option<String>,
}

impl Session {
    /// Fetches a file into `sink`, at most `most` bytes. A token that is turned down is renewed, once; a transfer that
    /// breaks is not begun again.
    ///
    /// # Errors
    /// As for any call; [`ZohoError::TooLarge`] when there is more than `most`.
    pub async fn download(
        &self,
        read: &Read,
        most: u64,
        sink: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<Downloaded, ZohoError> {
        let request = &read.0;
        let mut refused = None;
        loop {
            let connection = self.renew(refused.clone()).await?;
            let token = connection.access_token.clone().unwrap_or_default();
            let organization = self.desk_organization();
            let url = request.url(&self.server)?;
            let call = self.call(request, url, token.expose_secret(), organization.as_deref())?;
            let call = call.map_err(|broken| self.explain(request, broken))?;
            let streamed = self.in_turn(self.inner.http.stream(call, most, sink)).await?;
            let explain = |broken| match broken {
                Broken::TooLarge => too_large(most),
                other => self.explain(request, other),
            };
            let answer = match streamed.map_err(explain)? {
                Streamed::Whole { bytes, media_type } => {
                    let media_type = media_type.map(|named| secrets_of(&connection).hide(&named));
                    return Ok(Downloaded { bytes, media_type });
                }
                Streamed::Doubtful(answer, media_type) if !is_refusal(&answer.body) => {
                    return handed_on(&answer.body, media_type, most, sink).await;
                }
                Streamed::Doubtful(answer, _) | Streamed::Refused(answer) => answer,
            };
            match judge(request, mask(answer, &connection), self.inner.clock.now()) {
                Verdict::TokenRefused(_) if refused.is_none() => refused = Some(token),
                Verdict::TokenRefused(reason) => return Err(self.not_accepted(reason)),
                Verdict::WrongOrganization(reason) => return Err(self.wrong_organization(&reason)),
                Verdict::Failed(error) => return Err(error),
                Verdict::Done(_) => {
                    return Err(ZohoError::Internal {
                        message: "a refusal without a cause".to_owned(),
                    });
                }
            }
        }
    }
}

fn too_large(most: u64) -> ZohoError {
    ZohoError::TooLarge {
        limit_bytes: usize::try_from(most).unwrap_or(usize::MAX),
    }
}

/// A short file that was read whole.
async fn handed_on(
    body: &[u8],
    media_type: Option<String>,
    most: u64,
    sink: &mut (dyn AsyncWrite + Send + Unpin),
) -> Result<Downloaded, ZohoError> {
    let bytes = body.len() as u64;
    if bytes > most {
        return Err(too_large(most));
    }
    let written = async {
        sink.write_all(body).await?;
        sink.flush().await
    };
    match written.await {
        Ok(()) => Ok(Downloaded { bytes, media_type }),
        Err(error) => Err(ZohoError::Internal {
            message: format!("the file could not be written ({error})"),
        }),
    }
}
