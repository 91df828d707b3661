//! The ways to a consent: a browser here, a browser elsewhere, a code or a token the person has already.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;

use super::Connecting;
use crate::cli::Failure;
use crate::cli::{open_page, prompt, terminal};
use crate::connections::Connection;
use crate::server::consent::ReturnPage;
use crate::tools::landing::Judged;
use crate::zoho::DataCenter;
use crate::zoho::oauth::{CodeExchange, DevicePoll, OAuthClient, OAuthError, Pkce, TokenReply};

/// Before the first poll of a device, in seconds: nobody types a code faster.
const FIRST_POLL: u64 = 5;

/// No device code is waited for longer, in seconds.
const LONGEST_LIFE: u64 = 3600;

/// Life of a device code when Zoho does not say, in seconds.
const DEVICE_LIFE: u64 = 600;

impl Connecting<'_> {
    /// Connects the way the arguments name.
    pub(super) async fn by_chosen_way(&self, client: OAuthClient) -> Result<Connection, Failure> {
        let arguments = self.arguments;
        if arguments.device {
            return self.by_device(client).await;
        }
        let code = match &arguments.self_client_file {
            Some(path) => Some(prompt::secret_of(path, "the code of the Self Client")?),
            None if arguments.self_client => Some(prompt::secret("Code of the Self Client")?),
            None => None,
        };
        if let Some(code) = code {
            return self.by_code(client, &code).await;
        }
        let token = match &arguments.refresh_token_file {
            Some(path) => Some(prompt::secret_of(path, "the refresh token")?),
            None if arguments.refresh_token => Some(prompt::secret("Refresh token")?),
            None => None,
        };
        match token {
            Some(token) => self.by_refresh_token(client, token).await,
            None => self.by_browser(client).await,
        }
    }

    async fn by_browser(&self, client: OAuthClient) -> Result<Connection, Failure> {
        let port = self.port;
        let mut page = ReturnPage::listen(port).await.map_err(|error| {
            format!(
                "port {port} of this machine cannot be listened on ({error}): finish the consent that may wait on it, or choose another with --callback-port, and \
                 register http://127.0.0.1:PORT/callback with it at Zoho"
            )
        })?;
        let accounts_url = self.start()?;
        let consent =
            self.zoho
                .ask_consent(&accounts_url, client, &page.redirect_uri(), self.scopes.clone())?;
        terminal::tell(&format!("Allow access on this page:\n\n{}\n", consent.url()));
        let address = page.lead_to(consent.url(), &Pkce::new()?.challenge);
        let opening = async {
            if !self.arguments.no_browser
                && let Err(error) = open_page::open(&address).await
            {
                terminal::tell(&format!(
                    "No browser could be opened ({error}): open the address yourself."
                ));
            }
        };
        terminal::tell(&format!(
            "Waiting for Zoho to come back to {} ...",
            page.redirect_uri()
        ));
        let consent = &consent;
        let saving = page.await_callback(|callback| async move {
            if !consent.is_answered_by(&callback) {
                return Judged::Foreign;
            }
            Judged::Awaited(match self.zoho.accept_consent(consent, &callback).await {
                Ok(granted) => self.save(granted).await,
                Err(error) => Err(error.into()),
            })
        });
        // A browser that runs in the terminal ends first.
        tokio::join!(saving, opening).0
    }

    async fn by_code(&self, client: OAuthClient, code: &SecretString) -> Result<Connection, Failure> {
        let attempt = async |server: &str| {
            self.zoho
                .exchange_code(&CodeExchange {
                    accounts_url: server,
                    client_id: &client.id,
                    client_secret: &client.secret,
                    code,
                    redirect_uri: None,
                    verifier: None,
                })
                .await
        };
        let (server, tokens) = self.first_that_takes(attempt).await?;
        self.keep(&server, client, tokens).await
    }

    async fn by_refresh_token(
        &self,
        client: OAuthClient,
        token: SecretString,
    ) -> Result<Connection, Failure> {
        let attempt = async |server: &str| {
            self.zoho
                .refresh_token(server, &client.id, &client.secret, &token)
                .await
        };
        let (server, mut tokens) = self.first_that_takes(attempt).await?;
        tokens.refresh_token.get_or_insert(token);
        self.keep(&server, client, tokens).await
    }

    async fn by_device(&self, client: OAuthClient) -> Result<Connection, Failure> {
        let server = self.start()?;
        let started = self.zoho.device_start(&server, &client.id, &self.scopes).await?;
        terminal::tell(&format!(
            "Open {} in any browser and type the code {}",
            started.verification_url, started.user_code
        ));
        let life = started.expires_in.unwrap_or(DEVICE_LIFE).min(LONGEST_LIFE);
        let end = Instant::now() + Duration::from_secs(life);
        let mut interval = started.interval.clamp(1, DEVICE_LIFE);
        let mut pause = FIRST_POLL.min(interval);
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            pause = interval;
            let poll = self
                .zoho
                .device_poll(&server, &client.id, &client.secret, &started.device_code)
                .await?;
            match poll {
                DevicePoll::Granted(tokens) => return self.keep(&server, client, tokens).await,
                DevicePoll::Pending => {}
                DevicePoll::SlowDown => interval += FIRST_POLL,
                DevicePoll::OtherDataCenter => {
                    return Err("this account lives in another data center: name it with --dc".into());
                }
            }
        }
        Err("the code was not typed in in time: start again".into())
    }

    async fn keep(
        &self,
        server: &str,
        client: OAuthClient,
        tokens: TokenReply,
    ) -> Result<Connection, Failure> {
        let granted = self.zoho.accept_grant(server, client, tokens, Vec::new())?;
        self.save(granted).await
    }

    /// The accounts server a consent starts at.
    pub(super) fn start(&self) -> Result<String, Failure> {
        Ok(self.zoho.hosts().accounts_server(self.arguments.dc.as_deref())?)
    }

    /// Asks the accounts server of the data center named; without one, each that Zoho lists until one knows the code or token.
    async fn first_that_takes(
        &self,
        attempt: impl AsyncFn(&str) -> Result<TokenReply, OAuthError>,
    ) -> Result<(String, TokenReply), Failure> {
        let first = self.start()?;
        let mut servers = vec![first.clone()];
        if self.arguments.dc.is_none() && DataCenter::by_accounts_host(&first).is_some() {
            let listed = self.zoho.server_info(&first).await.unwrap_or_default();
            let known = DataCenter::ALL.iter().map(DataCenter::accounts_url);
            servers.extend(listed.into_iter().map(|(_, url)| url).chain(known));
        }
        let mut refused = None;
        let mut asked: Vec<String> = Vec::new();
        for server in servers {
            if asked.contains(&server) {
                continue;
            }
            match attempt(&server).await {
                Ok(tokens) => return Ok((server, tokens)),
                Err(OAuthError::Refused { code }) => refused = refused.or(Some(code)),
                Err(error) => return Err(error.into()),
            }
            asked.push(server);
        }
        let code = refused.unwrap_or_default();
        Err(format!("Zoho refused it ({code}); a code lives for minutes and works once, a client in its data center only").into())
    }
}
