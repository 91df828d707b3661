//! Where the account lives: asked first, because a client is known in its own data center only; and which client goes
//! which way.

use std::collections::HashMap;

use serde::Deserialize;

use super::Connecting;
use crate::cli::{Failure, NotUnderstood, prompt, terminal};
use crate::config::system_zone;
use crate::zoho::DataCenter;

/// What people call a data center, and the zones of machines near it, each by its beginning.
#[derive(Deserialize)]
struct Place {
    name: String,
    #[serde(default)]
    zones: Vec<String>,
}

impl Connecting<'_> {
    /// Asks a person in which data center the account is, where nobody has said it, no sandbox is meant, and the way does not
    /// find it by itself; `held` is the accounts server of the row there is.
    pub(super) fn ask_for_center(&mut self, held: Option<&str>) -> Result<(), Failure> {
        let finds = self.arguments.brings_code() || self.arguments.brings_token();
        let is_zoho = DataCenter::by_accounts_host(&self.start()?).is_some();
        if self.center.is_some() || finds || !is_zoho || self.arguments.yes || !prompt::can_ask() {
            return Ok(());
        }
        terminal::tell(
            "Zoho keeps your account in one data center; the address your browser shows there ends with (type a number, or \
             the end of that address):",
        );
        let places: HashMap<String, Place> = serde_json::from_str(include_str!("centers.json"))?;
        let name = |center: &DataCenter| places.get(center.code).map(|place| place.name.as_str());
        let domains: Vec<String> = DataCenter::ALL
            .iter()
            .map(|center| {
                let name = name(center).unwrap_or_default();
                format!("{}  ({}, {name})", domain_of(center), center.code)
            })
            .collect();
        let held = held.and_then(DataCenter::by_accounts_host);
        let zone = system_zone();
        let is_near = |center: &&DataCenter| {
            let (place, zone) = (places.get(center.code), zone.iana_name());
            let zones = place.map(|place| place.zones.as_slice()).unwrap_or_default();
            zones
                .iter()
                .any(|one| zone.is_some_and(|zone| zone.starts_with(one.as_str())))
        };
        // Offered first is where the account was before, else where this machine stands.
        let usual = held.or_else(|| DataCenter::ALL.iter().find(is_near));
        let before = DataCenter::ALL.iter().position(|center| Some(center) == usual);
        let number = prompt::choose("Which one", &domains, before.unwrap_or_default())?;
        self.center = DataCenter::ALL.get(number).map(|center| center.code.to_owned());
        Ok(())
    }

    /// The accounts server a consent starts at.
    pub(super) fn start(&self) -> Result<String, Failure> {
        let server = self.zoho.hosts().accounts_server(self.center.as_deref());
        Ok(server.map_err(|error| NotUnderstood(error.to_string()))?)
    }

    /// The API console that knows the client.
    pub(super) fn console(&self) -> String {
        let console = |center: &DataCenter| format!("https://api-console.{}", domain_of(center));
        if let Some(url) = self.zoho.hosts().sandbox() {
            return format!("the sandbox at {url}");
        }
        match self.center.as_deref().and_then(DataCenter::by_code) {
            Some(center) => console(center),
            None => "https://api-console.zoho.com (or the console of your data center)".to_owned(),
        }
    }

    /// The kind of client that goes the way that was chosen, as the API console calls it.
    pub(super) fn kind_of_client(&self) -> &'static str {
        match self.arguments {
            arguments if arguments.brings_code() => "Self Client",
            arguments if arguments.device => "Non-browser Applications",
            _ => "Server-based Applications",
        }
    }

    /// Which client is meant, and where it is made.
    pub(super) fn which_client(&self) -> String {
        let (console, kind) = (self.console(), self.kind_of_client());
        if self.arguments.brings_token() {
            return format!("The client that the refresh token was given to, as {console} shows it:");
        }
        let with = match kind {
            "Self Client" => {
                ". Its code is made for the scopes that `zoho-mcp connect --scopes` prints".to_owned()
            }
            "Server-based Applications" => format!(", with the redirect URI {}", self.redirect_uri()),
            _ => String::new(),
        };
        format!("Before the first time: make a client at {console}, of the kind \"{kind}\"{with}.")
    }

    /// Where Zoho is to send the browser back to, as it is registered.
    pub(super) fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}/callback", self.port)
    }
}

/// What the addresses of a data center's pages end with.
fn domain_of(center: &DataCenter) -> &'static str {
    let host = center.accounts_host;
    host.strip_prefix("accounts.").unwrap_or(host)
}
