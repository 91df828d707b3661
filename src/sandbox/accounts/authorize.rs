//! `/oauth/v2/auth`: the consent page, and the way back to the client.

use ::http::Method;
use jiff::Timestamp;
use url::Url;

use super::{
    super::{
        http::{Grant, Reply, Request},
        people::{identities, identity},
        post::is_of_this_machine,
    },
    Accounts, page,
    params::Params,
    scope,
    vault::{Challenge, Code, after},
};

/// How long an authorization code can be exchanged.
const CODE_LIFETIME_S: i64 = 120;

/// Codes a client may be given in the window of its refresh throttle, under strict limits.
const CODES_PER_WINDOW: usize = 10;

/// An authorization request that may be shown to the user.
struct Asked {
    /// What is asked for, and who is asked.
    grant: Grant,
    redirect_uri: String,
    back: Url,
    state: Option<String>,
    offline: bool,
    /// `prompt=consent`: ask although the user has said yes before, and give a new refresh token.
    again: bool,
    challenge: Option<Challenge>,
}

impl Accounts {
    pub(super) fn authorize(&mut self, request: &Request) -> Reply {
        let params = Params::of(request);
        let asked = match self.asked(&params) {
            Ok(asked) => asked,
            Err(problem) => return page::refused(problem),
        };
        if request.method == Method::POST {
            return match params.get("decision") {
                Some("allow") => self.allow(asked, request),
                Some("deny") => asked.denied(),
                _ => page::refused("Choose Allow or Deny"),
            };
        }
        let answered = !asked.again && self.vault.has_consent(&asked.grant);
        if params.is("auto_approve", "true") || answered {
            return self.allow(asked, request);
        }
        let lines = scope::in_words(&asked.grant.scopes);
        page::consent(self.seed, asked.grant.person, &lines, &asked.back)
    }

    /// `Err` is what the accounts page tells the user; none of it goes back to the client.
    fn asked(&self, params: &Params) -> Result<Asked, &'static str> {
        if params.get("client_id") != Some(self.credentials.client_id.as_str()) {
            return Err("Invalid Client: this client ID is not registered");
        }
        let redirect_uri = params
            .get("redirect_uri")
            .ok_or("Invalid Redirect Uri: it is missing")?;
        let back = registered(redirect_uri)
            .ok_or("Invalid Redirect Uri: it is not one this client has registered")?;
        if !params.is("response_type", "code") {
            return Err("Invalid Response Type: a server-based client uses code");
        }
        let scopes = params
            .get("scope")
            .and_then(scope::parse)
            .ok_or("Scope does not exist")?;
        let person = params
            .get("person")
            .map_or(Some(&identities()[0]), identity)
            .ok_or("Unknown Person: nobody of that id can sign in here")?;
        let access = params.get("access_type").unwrap_or("online");
        if !matches!(access, "online" | "offline") {
            return Err("Invalid Access Type: expected online or offline");
        }
        let challenge = match (params.get("code_challenge"), params.get("code_challenge_method")) {
            (None, _) => None,
            (Some(challenge), None | Some("plain")) => Some(Challenge::Plain(challenge.to_owned())),
            (Some(challenge), Some("S256")) => Some(Challenge::S256(challenge.to_owned())),
            _ => return Err("Invalid Code Challenge Method: expected S256 or plain"),
        };
        Ok(Asked {
            grant: Grant { scopes, person },
            redirect_uri: redirect_uri.to_owned(),
            back,
            state: params.get("state").map(str::to_owned),
            offline: access == "offline",
            again: params.is("prompt", "consent"),
            challenge,
        })
    }

    fn allow(&mut self, asked: Asked, request: &Request) -> Reply {
        if self.strict_limits && self.codes_in_window(request.now) >= CODES_PER_WINDOW {
            return asked.denied();
        }
        let first = self.vault.consent(&asked.grant);
        let code = Code {
            grant: asked.grant.clone(),
            redirect_uri: Some(asked.redirect_uri.clone()),
            wants_refresh_token: asked.offline && (first || asked.again),
            challenge: asked.challenge.clone(),
            expires: after(request.now, CODE_LIFETIME_S),
        };
        let code = self.vault.new_code(code, request.now);
        asked.answer(&[
            ("code", &code),
            ("location", "us"),
            ("accounts-server", &request.base_url),
        ])
    }

    fn codes_in_window(&self, now: Timestamp) -> usize {
        self.vault.codes_since(after(now, -self.rules.window_s))
    }
}

impl Asked {
    fn denied(&self) -> Reply {
        self.answer(&[("error", "access_denied")])
    }

    fn answer(&self, values: &[(&str, &str)]) -> Reply {
        let mut back = self.back.clone();
        let state = self.state.as_deref().map(|state| ("state", state));
        back.query_pairs_mut().extend_pairs(values).extend_pairs(state);
        Reply::empty(302).with("location", back.as_str())
    }
}

/// Any `http` URI on a loopback host: a client in a test takes whatever port is free.
fn registered(uri: &str) -> Option<Url> {
    let url = Url::parse(uri).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (url.scheme() == "http" && is_of_this_machine(&url) && plain).then_some(url)
}
