//! The ways to a consent: a browser here, a browser elsewhere, a code or a token the person has already.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Notify;
use tokio::time::Instant;
use url::form_urlencoded;

use super::Connecting;
use crate::cli::{Failure, open_page, prompt, terminal};
use crate::server::consent::ReturnPage;
use crate::tools::landing::Judged;
use crate::zoho::DataCenter;
use crate::zoho::oauth::{
    CodeExchange, Consent, DevicePoll, Granted, OAuthClient, OAuthError, Pkce, TokenReply,
};

/// Before the first poll of a device, in seconds: nobody types a code faster.
const FIRST_POLL: u64 = 5;

/// No device code is waited for longer, in seconds.
const LONGEST_LIFE: u64 = 3600;

/// Life of a device code when Zoho does not say, in seconds.
const DEVICE_LIFE: u64 = 600;

/// How long somebody in front of a browser is waited for, in seconds.
const PATIENCE: u32 = 600;

/// A way to a consent, with what it takes at hand: what cannot be had is told before a secret is asked for.
pub(super) enum Way {
    /// A browser that comes back to this page; without one the address it ends at is pasted.
    Browser(Option<ReturnPage>),
    /// A code to type elsewhere.
    Device,
    /// A Self Client's code, from a file; else it is asked for.
    Code(Option<SecretString>),
    /// A refresh token, likewise.
    Token(Option<SecretString>),
}

impl Connecting<'_> {
    /// The way that the arguments name.
    pub(super) async fn chosen_way(&self) -> Result<Way, Failure> {
        let arguments = self.arguments;
        let of_file = |path: &Option<PathBuf>, what| {
            let path = path.as_deref();
            path.map(|path| prompt::secret_of(path, what)).transpose()
        };
        if arguments.device {
            return Ok(Way::Device);
        }
        if arguments.brings_code() {
            let code = of_file(&arguments.self_client_file, "the code of the Self Client")?;
            return Ok(Way::Code(code));
        }
        if arguments.brings_token() {
            let token = of_file(&arguments.refresh_token_file, "the refresh token")?;
            return Ok(Way::Token(token));
        }
        let port = self.port;
        match ReturnPage::listen(port).await {
            Ok(page) => Ok(Way::Browser(Some(page))),
            // Who is asked for the address needs nothing that waits for it.
            Err(error) if arguments.no_browser => {
                terminal::tell(&format!(
                    "Port {port} of this machine cannot be listened on ({error}): nothing comes back by itself."
                ));
                Ok(Way::Browser(None))
            }
            Err(error) => Err(occupied(port, &error.to_string()).into()),
        }
    }

    /// What is granted that way; what Zoho refuses is explained.
    pub(super) async fn by(&self, way: Way, client: OAuthClient) -> Result<Granted, Failure> {
        let asked =
            |given: Option<SecretString>, question| given.map_or_else(|| prompt::secret(question), Ok);
        let granted = match way {
            Way::Device => self.by_device(client).await,
            Way::Code(code) => {
                self.tell_where_codes_are(code.is_some());
                self.by_code(client, &asked(code, "Code of the Self Client")?)
                    .await
            }
            Way::Token(token) => {
                self.by_refresh_token(client, asked(token, "Refresh token")?)
                    .await
            }
            Way::Browser(page) => self.by_browser(client, page).await,
        };
        granted.map_err(|failure| self.explained(failure))
    }

    /// A sandbox has no console that gives a code.
    fn tell_where_codes_are(&self, has_one: bool) {
        if !has_one && prompt::can_ask() && self.zoho.hosts().sandbox().is_some() {
            let command = self.wording.take_sandbox_code();
            terminal::tell(&format!(
                "The sandbox gives one, in another terminal:\n    {command}"
            ));
        }
    }

    async fn by_browser(
        &self,
        client: OAuthClient,
        mut page: Option<ReturnPage>,
    ) -> Result<Granted, Failure> {
        let accounts_url = self.start()?;
        let uri = match &page {
            Some(page) => page.redirect_uri(),
            None => ReturnPage::uri_at(self.port),
        };
        let consent = self
            .zoho
            .ask_consent(&accounts_url, client, &uri, self.scopes.clone())?;
        terminal::tell(&format!("Allow access on this page:\n\n{}\n", consent.url()));
        let name = Pkce::new()?.challenge;
        let address = match &mut page {
            Some(page) => page.lead_to(consent.url(), &name),
            None => consent.url().to_string(),
        };
        let opened = Notify::new();
        let opening = async {
            if !self.arguments.no_browser
                && let Err(error) = open_page::open(&address).await
            {
                terminal::tell(&format!(
                    "No browser could be opened ({error}): open the address yourself."
                ));
            }
            opened.notify_one();
        };
        let comes_back = page.is_some();
        self.tell_to_wait(&uri, comes_back);
        let (consent, came) = (&consent, &Cell::new(false));
        let saving = async {
            let Some(page) = page else {
                return std::future::pending().await;
            };
            let judge = |callback: Vec<(String, String)>| async move {
                if !consent.is_answered_by(&callback) {
                    return Judged::Foreign;
                }
                came.set(true);
                let accepted = self.accept(consent, &callback).await;
                Judged::Awaited(accepted.map_err(|failure| self.explained(failure)))
            };
            page.await_callback(judge).await
        };
        let saving = async {
            tokio::select! {
                saved = saving => saved,
                // A browser in this terminal reads what is typed before.
                saved = async { opened.notified().await; self.pasted(consent, came, comes_back).await } => saved,
                () = self.lost_patience(came) => Err(format!(
                    "nobody came back within {} minutes\nnext:  Run the command again. Where the page showed an error of \
                     Zoho, compare the client at {} first.",
                    PATIENCE / 60,
                    self.console()
                )
                .into()),
            }
        };
        // A browser that runs in the terminal ends first.
        tokio::join!(saving, opening).0
    }

    /// Ends when nobody came in time; what came then is carried through however long Zoho takes.
    async fn lost_patience(&self, came: &Cell<bool>) {
        self.connections.clock().wait(PATIENCE).await;
        if came.get() {
            std::future::pending().await
        }
    }

    /// Whether somebody may paste the address that the browser ended at.
    fn takes_paste(&self) -> bool {
        self.arguments.no_browser || prompt::can_ask()
    }

    fn tell_to_wait(&self, uri: &str, comes_back: bool) {
        let minutes = PATIENCE / 60;
        if !comes_back {
            terminal::tell(&format!(
                "Waiting for what the browser ends at ... ({minutes} minutes at most; Ctrl-C ends it.)\nIt begins with {uri}: \
                 paste that address here."
            ));
            return;
        }
        let mut told = format!(
            "Waiting for Zoho to come back to {uri} ... ({minutes} minutes at most; Ctrl-C ends it.)"
        );
        if self.takes_paste() {
            told.push_str(
                "\nIf the browser is on another machine, it ends at an address it cannot open: paste that address here.",
            );
        }
        terminal::tell(&told);
    }

    async fn accept(&self, consent: &Consent, callback: &[(String, String)]) -> Result<Granted, Failure> {
        Ok(self.zoho.accept_consent(consent, callback).await?)
    }

    /// Waits for a line that answers the consent: the address that the browser ended at, or the code in it alone. Where
    /// nothing more can be typed it ends only if nothing else can bring it.
    async fn pasted(
        &self,
        consent: &Consent,
        came: &Cell<bool>,
        comes_back: bool,
    ) -> Result<Granted, Failure> {
        if !self.takes_paste() {
            return std::future::pending().await;
        }
        while let Some(line) = prompt::next_line().await {
            let callback = callback_of(line.trim(), consent);
            match callback {
                _ if line.trim().is_empty() => {}
                Some(callback) if consent.is_answered_by(&callback) => {
                    came.set(true);
                    return self.accept(consent, &callback).await;
                }
                Some(_) => terminal::tell(
                    "That address answers another sign-in: open the page above and paste what it ends at.",
                ),
                None => terminal::tell(&format!(
                    "That is no address with a code in it: paste all of what begins with {}?",
                    consent.redirect_uri()
                )),
            }
        }
        if !comes_back {
            let what = "standard input has ended without an address";
            return Err(occupied(self.port, what).into());
        }
        std::future::pending().await
    }

    async fn by_code(&self, client: OAuthClient, code: &SecretString) -> Result<Granted, Failure> {
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
        self.granted(&server, client, tokens)
    }

    async fn by_refresh_token(&self, client: OAuthClient, token: SecretString) -> Result<Granted, Failure> {
        let attempt = async |server: &str| {
            self.zoho
                .refresh_token(server, &client.id, &client.secret, &token)
                .await
        };
        let (server, mut tokens) = self.first_that_takes(attempt).await?;
        tokens.refresh_token.get_or_insert(token);
        self.granted(&server, client, tokens)
    }

    async fn by_device(&self, client: OAuthClient) -> Result<Granted, Failure> {
        let server = self.start()?;
        let started = self.zoho.device_start(&server, &client.id, &self.scopes).await?;
        terminal::tell(&format!(
            "Open {} in any browser and type this code there:\n\n    {}\n",
            started.verification_url, started.user_code
        ));
        let life = started.expires_in.unwrap_or(DEVICE_LIFE).min(LONGEST_LIFE);
        terminal::tell(&format!(
            "Waiting until that is done ... ({} minutes at most; Ctrl-C ends it.)",
            life.div_ceil(60)
        ));
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
                DevicePoll::Granted(tokens) => return self.granted(&server, client, tokens),
                DevicePoll::Pending => {}
                DevicePoll::SlowDown => interval += FIRST_POLL,
                DevicePoll::OtherDataCenter => {
                    return Err("this account lives in another data center: name it with --dc".into());
                }
            }
        }
        Err(OAuthError::Other {
            code: "expired".to_owned(),
        }
        .into())
    }

    fn granted(&self, server: &str, client: OAuthClient, tokens: TokenReply) -> Result<Granted, Failure> {
        Ok(self.zoho.accept_grant(server, client, tokens, Vec::new())?)
    }

    /// Asks the accounts server of the data center named; without one, each that Zoho lists until one knows the code or token.
    async fn first_that_takes(
        &self,
        attempt: impl AsyncFn(&str) -> Result<TokenReply, OAuthError>,
    ) -> Result<(String, TokenReply), Failure> {
        let first = self.start()?;
        let mut servers = vec![first.clone()];
        if self.center.is_none() && DataCenter::by_accounts_host(&first).is_some() {
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
                // A data center that knows the client says more than one that does not.
                Err(OAuthError::Refused { code }) if code == "invalid_client" => {
                    refused = refused.or(Some(code));
                }
                Err(OAuthError::Refused { code }) => {
                    refused = refused.filter(|said| said != "invalid_client").or(Some(code));
                }
                Err(error) => return Err(error.into()),
            }
            asked.push(server);
        }
        let code = refused.unwrap_or_default();
        Err(OAuthError::Refused { code }.into())
    }
}

/// Why nothing comes back to a port, and what helps.
fn occupied(port: u16, why: &str) -> String {
    format!(
        "port {port} of this machine cannot be listened on ({why}): finish the consent that may wait on it, or choose another \
         with --callback-port, and register http://127.0.0.1:PORT/callback with it at Zoho"
    )
}

/// What a pasted line answers with: the parameters of an address, however much of it and in whatever quotes, or a code as Zoho writes them, which whoever pastes it
/// says is of this consent.
fn callback_of(line: &str, consent: &Consent) -> Option<Vec<(String, String)>> {
    let line = line.trim_matches(|sign: char| "\"'`<>".contains(sign));
    if line.starts_with("1000.")
        && line
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || sign == '.')
    {
        let pairs = [("code", line), ("state", consent.state())];
        return Some(
            pairs
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .to_vec(),
        );
    }
    let address = line.split_once('#').map_or(line, |(address, _)| address);
    let query = address.split_once('?').map_or(address, |(_, query)| query);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let answers = pairs.iter().any(|(key, _)| key == "code" || key == "error");
    answers.then_some(pairs)
}
