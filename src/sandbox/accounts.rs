//! Zoho's accounts server: consent, authorization codes, tokens, and what each of them allows.
//!
//! Where Zoho's documents are silent or disagree, the choice is told beside the code that makes it.

use std::collections::BTreeMap;

use ::http::{HeaderMap, Method};
use device::Devices;
use jiff::Timestamp;
use params::Params;
use serde_json::{Value, json};
use vault::Vault;

use super::{
    Options,
    http::{Grant, Reply, Request},
    people::{Identity, identities, identity},
};

mod authorize;
mod device;
pub(super) mod page;
pub(super) mod params;
mod scope;
mod token;
mod vault;

/// What the registered client signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) refresh_token: String,
}

/// Limits and switches that `POST admin` changes.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) refresh_limit: usize,
    pub(super) window_s: i64,
    pub(super) live_tokens: usize,
    pub(super) expires_in: i64,
    pub(super) revoked: bool,
    pub(super) rotate: bool,
    pub(super) strict: bool,
    /// Reports differ: 400 or 200.
    pub(super) throttle_status: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            refresh_limit: 10,
            window_s: 600,
            live_tokens: 15,
            expires_in: 3600,
            revoked: false,
            rotate: false,
            strict: true,
            throttle_status: 400,
        }
    }
}

/// The accounts server's state.
#[derive(Clone)]
pub(super) struct Accounts {
    pub(super) rules: Rules,
    credentials: Credentials,
    /// A refresh token with every scope for each who can sign in, in their order; the first is that of the credentials.
    refresh_tokens: Vec<String>,
    /// Desk organizations and the seed's user belong to it.
    seed: u64,
    strict_limits: bool,
    vault: Vault,
    devices: Devices,
    counts: BTreeMap<&'static str, u64>,
}

impl Accounts {
    pub(super) fn new(options: &Options) -> Self {
        let mut vault = Vault::new(options.seed);
        let credentials = Credentials {
            client_id: vault.client_id(),
            client_secret: vault.client_secret(),
            refresh_token: vault.new_refresh(everything_of(&identities()[0])),
        };
        let others = identities()[1..]
            .iter()
            .map(|other| vault.ready_made(everything_of(other)));
        let refresh_tokens = std::iter::once(credentials.refresh_token.clone())
            .chain(others)
            .collect();
        Accounts {
            rules: Rules::default(),
            credentials,
            refresh_tokens,
            seed: options.seed,
            strict_limits: options.strict_limits,
            vault,
            devices: Devices::default(),
            counts: BTreeMap::new(),
        }
    }

    /// What connects to it now: twenty consents later the first refresh token has ended.
    pub(super) fn credentials(&mut self) -> Credentials {
        self.credentials.refresh_token = self.refresh_token(0);
        self.credentials.clone()
    }

    /// A refresh token that still opens everything, of the one who stands at this place.
    fn refresh_token(&mut self, place: usize) -> String {
        if !self.vault.is_known(&self.refresh_tokens[place]) {
            let grant = everything_of(&identities()[place]);
            self.refresh_tokens[place] = self.vault.new_refresh(grant);
        }
        self.refresh_tokens[place].clone()
    }

    /// Everybody who can sign in, each with a refresh token that holds every scope.
    pub(super) fn people(&mut self) -> Value {
        let all = identities().iter().enumerate().map(|(place, identity)| {
            let person = identity.person(self.seed);
            json!({
                "id": identity.id, "is": identity.is, "name": format!("{} {}", person.first_name, person.last_name),
                "email": person.email, "refresh_token": self.refresh_token(place),
            })
        });
        json!({ "people": all.collect::<Vec<Value>>() })
    }

    /// Id and refresh token of everybody who can sign in, the administrator first.
    pub(super) fn refresh_tokens(&mut self) -> Vec<(String, String)> {
        let all = identities().iter().enumerate();
        all.map(|(place, identity)| (identity.id.to_string(), self.refresh_token(place)))
            .collect()
    }

    /// What somebody who may do everything holds.
    pub(super) fn everything(&self) -> Grant {
        everything_of(&identities()[0])
    }

    /// Answers a call to anything that is neither Desk nor CRM.
    pub(super) fn handle(&mut self, request: &Request) -> Reply {
        let post = request.method == Method::POST;
        match (request.path().as_slice(), &request.method) {
            (["oauth", "v2", "auth"], &Method::GET | &Method::POST) => self.authorize(request),
            (["oauth", "v2", "token"], _) if post => self.token(request),
            (["oauth", "v2", "token"], _) => error_with(400, "general_error"),
            (["oauth", "v2", "token", "revoke"], _) if post => self.revoke(request, false),
            (["oauth", "v2", "revoke", "token"], _) if post => self.revoke(request, true),
            (["oauth", "serverinfo"], &Method::GET) => server_info(request),
            (["oauth", "user", "info"], &Method::GET) => self.user_info(request),
            (["oauth", "v3", "device", "code"], _) if post => self.device_code(request),
            (["oauth", "v3", "device", "token"], _) if post => self.device_token(request),
            (["oauth", "v3", "device"], &Method::GET | &Method::POST) => self.device_page(request),
            _ => page::not_found().unserved(),
        }
    }

    /// What the token of an API call allows. Zoho's SDKs say `Zoho-oauthtoken`; `Bearer` is what `token_type` says.
    pub(super) fn grant(&mut self, headers: &HeaderMap, now: Timestamp) -> Option<Grant> {
        let token = bearer(headers)?;
        if !self.rules.strict {
            return Some(self.everything());
        }
        let grant = self.vault.access(token, now).cloned();
        if grant.is_none() {
            self.count("unauthorized");
        }
        grant
    }

    /// The code that the API console's Self Client shows: `{"scope": "...", "lifetime_s": 180, "person": "agent"}`; of every scope
    /// where none is named.
    pub(super) fn self_client_code(&mut self, body: &Value, now: Timestamp) -> Result<Value, String> {
        let lifetime = match body.get("lifetime_s") {
            None => 180,
            Some(seconds) => seconds.as_i64().ok_or("lifetime_s: expected whole seconds")?,
        };
        let person = match body.get("person") {
            None => &identities()[0],
            Some(id) => id
                .as_str()
                .and_then(identity)
                .ok_or("person: nobody of that id can sign in")?,
        };
        let grant = match body.get("scope") {
            None => everything_of(person),
            Some(named) => {
                let text = named
                    .as_str()
                    .ok_or("scope: expected scopes with commas between")?;
                let scopes = scope::parse(text).ok_or("scope: Scope does not exist")?;
                Grant { scopes, person }
            }
        };
        let code = vault::Code::self_client(grant, vault::after(now, lifetime));
        Ok(json!({ "code": self.vault.new_code(code, now), "expires_in": lifetime }))
    }

    pub(super) fn live_tokens(&self, now: Timestamp) -> usize {
        self.vault.live_tokens(now)
    }

    pub(super) fn refreshes_in_window(&self, now: Timestamp) -> usize {
        self.vault
            .refreshes_since(vault::after(now, -self.rules.window_s))
    }

    pub(super) fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    pub(super) fn drop_live(&mut self) {
        self.vault.drop_live();
    }

    pub(super) fn add_live(&mut self, token: String, now: Timestamp) {
        let expires = vault::after(now, self.rules.expires_in);
        let grant = self.everything();
        self.vault.add_access(token, grant, expires);
    }

    /// Rules, throttles and counts as on the first day; tokens stay.
    pub(super) fn forget_rules(&mut self) {
        self.rules = Rules::default();
        self.vault.forget_refreshes();
        self.counts.clear();
    }

    fn count(&mut self, name: &'static str) {
        *self.counts.entry(name).or_default() += 1;
    }

    /// The older form takes the token alone, the newer one wants the client as well.
    fn revoke(&mut self, request: &Request, with_client: bool) -> Reply {
        let params = Params::of(request);
        if with_client && let Err(error) = self.check_client(&params) {
            return error_reply(error);
        }
        if self.vault.revoke(params.get("token").unwrap_or_default()) {
            self.count("revoked");
            return Reply::json(200, &json!({ "status": "success" }));
        }
        page::bad_request()
    }

    /// `Err` is Zoho's word for what is wrong.
    fn check_client(&self, params: &Params) -> Result<(), &'static str> {
        if params.get("client_id") != Some(self.credentials.client_id.as_str()) {
            return Err("invalid_client");
        }
        if params.get("client_secret") != Some(self.credentials.client_secret.as_str()) {
            return Err("invalid_client_secret");
        }
        Ok(())
    }

    fn user_info(&mut self, request: &Request) -> Reply {
        let Some(grant) = self.grant(&request.headers, request.now) else {
            return Reply::json(
                401,
                &json!({ "cause": "INVALID_OAUTHTOKEN", "response": "error" }),
            );
        };
        if !grant.scopes.iter().any(|scope| scope::allows_profile(scope)) {
            return Reply::json(
                401,
                &json!({ "cause": "INVALID_OAUTHSCOPE", "response": "error" }),
            );
        }
        let user = grant.person.person(self.seed);
        let body = json!({
            "First_Name": user.first_name,
            "Last_Name": user.last_name,
            "Display_Name": format!("{} {}", user.first_name, user.last_name),
            "Email": user.email,
            "ZUID": grant.person.zuid,
        });
        Reply::json(200, &body)
    }
}

fn everything_of(person: &'static Identity) -> Grant {
    Grant {
        scopes: scope::everything(),
        person,
    }
}

/// Only this server: a real accounts host here would be sent the client secret.
fn server_info(request: &Request) -> Reply {
    Reply::json(
        200,
        &json!({ "result": "success", "locations": { "us": request.base_url } }),
    )
}

/// Zoho answers 200 to most requests it refuses.
fn error_reply(error: &str) -> Reply {
    error_with(200, error)
}

fn error_with(status: u16, error: &str) -> Reply {
    Reply::json(status, &json!({ "error": error }))
}

/// The body that says too many tokens were asked for.
pub(super) fn throttled() -> Value {
    json!({
        "error_description": "You have made too many requests continuously. Please try again after some time.",
        "error": "Access Denied",
        "status": "failure",
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get("authorization")?.to_str().ok()?.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("zoho-oauthtoken") || scheme.eq_ignore_ascii_case("bearer");
    Some(token.trim()).filter(|token| known && !token.is_empty())
}
