//! Consent on another machine: a code to type in there, and the wait for its tokens here.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Accounts;
use super::reply::{self, OAuthError, TokenReply};
use crate::connections::Secrets;

/// Seconds between two polls: Zoho answers `slow_down` to faster ones.
const POLL_SECONDS: u64 = 30;

/// What a person types into a browser on another machine, and what this one polls with.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// To be typed in.
    pub user_code: String,
    /// The page to type it into.
    pub verification_url: String,
    /// To poll with.
    pub device_code: SecretString,
    /// Seconds between two polls.
    pub interval: u64,
    /// Life of the codes, in seconds, when Zoho says so.
    pub expires_in: Option<u64>,
}

/// What one poll brought.
#[derive(Debug, Clone)]
pub enum DevicePoll {
    /// The person agreed.
    Granted(TokenReply),
    /// Nothing yet: poll again after the interval.
    Pending,
    /// Too fast: poll again after a longer interval.
    SlowDown,
    /// The person's account lives in another data center: start again at its accounts server.
    OtherDataCenter,
}

#[derive(Deserialize)]
struct Started {
    user_code: String,
    device_code: String,
    #[serde(alias = "verification_uri")]
    verification_url: String,
    interval: Option<u64>,
    expires_in: Option<u64>,
}

impl Accounts<'_> {
    pub(in crate::zoho) async fn device_start(
        &self,
        accounts_url: &str,
        client_id: &str,
        scopes: &[String],
    ) -> Result<DeviceCode, OAuthError> {
        let scope = scopes.join(",");
        let form = [
            ("grant_type", "device_request"),
            ("client_id", client_id),
            ("scope", scope.as_str()),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let (status, body) = self
            .post_raw(accounts_url, "/oauth/v3/device/code", &form)
            .await?;
        let started: Started =
            serde_json::from_slice(&body).map_err(|_| reply::error(status, &body, &Secrets::default()))?;
        Ok(DeviceCode {
            user_code: started.user_code,
            verification_url: started.verification_url,
            device_code: started.device_code.into(),
            interval: started.interval.unwrap_or(POLL_SECONDS),
            expires_in: started.expires_in,
        })
    }

    pub(in crate::zoho) async fn device_poll(
        &self,
        accounts_url: &str,
        client_id: &str,
        client_secret: &SecretString,
        device_code: &SecretString,
    ) -> Result<DevicePoll, OAuthError> {
        let form = [
            ("grant_type", "device_token"),
            ("client_id", client_id),
            ("client_secret", client_secret.expose_secret()),
            ("code", device_code.expose_secret()),
        ];
        match self.post(accounts_url, "/oauth/v3/device/token", &form).await {
            Ok(body) => reply::token(&body).map(DevicePoll::Granted),
            Err(OAuthError::Other { code }) if code == "authorization_pending" => Ok(DevicePoll::Pending),
            Err(OAuthError::Other { code }) if code == "slow_down" => Ok(DevicePoll::SlowDown),
            Err(OAuthError::Other { code }) if code == "other_dc" => Ok(DevicePoll::OtherDataCenter),
            Err(error) => Err(error),
        }
    }
}
