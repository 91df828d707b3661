//! The device flow: a client without a browser shows a code, its user types it in elsewhere.

use ::http::Method;
use jiff::Timestamp;
use serde_json::json;

use super::{
    super::{
        dice::Dice,
        http::{Grant, Reply, Request},
        people::{identities, identity},
    },
    Accounts, error_reply, page,
    params::Params,
    scope,
    vault::{Code, after},
};

/// Seconds a device may have to wait for its user.
const LIFETIME_S: i64 = 300;

/// Seconds between two polls; earlier ones are told to slow down.
const INTERVAL_S: i64 = 30;

/// Devices that wait or were answered.
#[derive(Clone, Default)]
pub(super) struct Devices(Vec<Device>);

#[derive(Clone)]
struct Device {
    code: String,
    user_code: String,
    grant: Grant,
    offline: bool,
    decision: Option<bool>,
    polled: Option<Timestamp>,
    expires: Timestamp,
}

impl Accounts {
    pub(super) fn device_code(&mut self, request: &Request) -> Reply {
        let params = Params::of(request);
        if params.get("client_id") != Some(self.credentials.client_id.as_str()) {
            return error_reply("invalid_client");
        }
        if !params.is("grant_type", "device_request") {
            return error_reply("general_error");
        }
        let Some(scopes) = params.get("scope").and_then(scope::parse) else {
            return error_reply("invalid_scope");
        };
        let code = self.vault.fresh_text();
        let user_code = user_code(self.seed, &code);
        self.devices.0.retain(|device| device.expires > request.now);
        self.devices.0.push(Device {
            code: code.clone(),
            user_code: user_code.clone(),
            grant: Grant {
                scopes,
                ..Grant::default()
            },
            offline: params.is("access_type", "offline"),
            decision: None,
            polled: None,
            expires: after(request.now, LIFETIME_S),
        });
        let body = json!({
            "user_code": user_code,
            "device_code": code,
            "verification_url": format!("{}/oauth/v3/device", request.base_url),
            "expires_in": LIFETIME_S,
            "interval": INTERVAL_S,
        });
        Reply::json(200, &body)
    }

    pub(super) fn device_token(&mut self, request: &Request) -> Reply {
        let params = Params::of(request);
        if let Err(error) = self.check_client(&params) {
            return error_reply(error);
        }
        if !params.is("grant_type", "device_token") {
            return error_reply("general_error");
        }
        match self.poll(params.get("code").unwrap_or_default(), request.now) {
            Ok(code) => self.first_tokens(code, request),
            Err(error) => error_reply(error),
        }
    }

    fn poll(&mut self, code: &str, now: Timestamp) -> Result<Code, &'static str> {
        let devices = &mut self.devices.0;
        let place = devices
            .iter()
            .position(|device| device.code == code)
            .ok_or("invalid_code")?;
        let device = &mut devices[place];
        if device.expires <= now {
            return Err("expired");
        }
        if device
            .polled
            .replace(now)
            .is_some_and(|before| now < after(before, INTERVAL_S))
        {
            return Err("slow_down");
        }
        match device.decision {
            None => Err("authorization_pending"),
            Some(false) => Err("access_denied"),
            Some(true) => {
                let device = devices.remove(place);
                let mut code = Code::self_client(device.grant, now);
                code.wants_refresh_token = device.offline;
                Ok(code)
            }
        }
    }

    /// Asks for the code, then for consent; `auto_approve=true` stands for the user here as well.
    pub(super) fn device_page(&mut self, request: &Request) -> Reply {
        let params = Params::of(request);
        let Some(user_code) = params.get("user_code") else {
            return page::device_entry(None);
        };
        let typed = |device: &&mut Device| device.user_code.eq_ignore_ascii_case(user_code.trim());
        let Some(device) = self
            .devices
            .0
            .iter_mut()
            .filter(|device| device.expires > request.now)
            .find(typed)
        else {
            let problem = "This code is not known, or it has expired. Type it again; an expired one your device shows anew.";
            return page::device_entry(Some(problem));
        };
        let Some(person) = params.get("person").map_or(Some(&identities()[0]), identity) else {
            return page::refused("Nobody of that id can sign in here");
        };
        let decision = match params.get("decision") {
            Some("allow") if request.method == Method::POST => Some(true),
            Some("deny") if request.method == Method::POST => Some(false),
            _ => params.is("auto_approve", "true").then_some(true),
        };
        match decision {
            Some(decision) => {
                device.decision = Some(decision);
                device.grant.person = person;
                page::device_done(decision)
            }
            None => {
                let lines = scope::in_words(&device.grant.scopes);
                page::device_consent(self.seed, person, &lines, user_code)
            }
        }
    }
}

/// Letters and digits that are not taken for one another.
fn user_code(seed: u64, code: &str) -> String {
    let mut dice = Dice::new(seed, code, 0);
    let mut half = || -> String {
        (0..4)
            .map(|_| char::from(*dice.pick(b"BCDFGHJKLMNPQRSTVWXZ23456789")))
            .collect()
    };
    format!("{}-{}", half(), half())
}
