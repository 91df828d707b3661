//! `POST /oauth/v2/token`: authorization_code, refresh_token, client_credentials.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    super::http::{Grant, Reply, Request},
    Accounts, error_reply, error_with,
    params::Params,
    scope, throttled,
    vault::{Challenge, Code, Limits, NoToken},
};

/// `Err` is Zoho's word, sent with status 200.
type Granted = Result<Reply, &'static str>;

impl Accounts {
    pub(super) fn token(&mut self, request: &Request) -> Reply {
        let params = Params::of(request);
        let Some(kind) = params.get("grant_type") else {
            return error_with(400, "general_error");
        };
        let granted = match kind {
            "authorization_code" => self.exchange(&params, request),
            "refresh_token" => self.refresh(&params, request),
            "client_credentials" => self.client_credentials(&params, request),
            // The accounts pages name this word for a grant type they do not know.
            _ => Err("invalid_client"),
        };
        granted.unwrap_or_else(|error| {
            self.count("token_refused");
            error_reply(error)
        })
    }

    fn exchange(&mut self, params: &Params, request: &Request) -> Granted {
        if params.get("client_id") != Some(self.credentials.client_id.as_str()) {
            return Err("invalid_client");
        }
        let text = params.get("code").ok_or("invalid_code")?;
        let code = self.vault.code(text).cloned();
        // A client that proves itself by PKCE alone has no secret to send.
        let public = code.as_ref().is_some_and(|code| code.challenge.is_some())
            && params.get("client_secret").is_none();
        if !public {
            self.check_client(params)?;
        }
        let code = code
            .filter(|code| code.expires > request.now)
            .ok_or("invalid_code")?;
        if code.redirect_uri.is_some() && code.redirect_uri.as_deref() != params.get("redirect_uri") {
            return Err("invalid_redirect_uri");
        }
        self.vault.use_up(text);
        if !code
            .challenge
            .as_ref()
            .is_none_or(|challenge| challenge.is_met(params.get("code_verifier")))
        {
            return Err("invalid_code");
        }
        Ok(self.first_tokens(code, request))
    }

    /// The answer that may hold a refresh token.
    pub(super) fn first_tokens(&mut self, code: Code, request: &Request) -> Reply {
        let limits = self.limits();
        let scopes = code.grant.scopes.clone();
        if !code.wants_refresh_token {
            let token = self.vault.alone(code.grant, &limits, request.now);
            return self.reply(&token, None, &scopes, request);
        }
        let refresh = self.vault.new_refresh(code.grant);
        let (token, _) = self.vault.under(&refresh, &limits, request.now);
        self.reply(&token, Some(&refresh), &scopes, request)
    }

    fn refresh(&mut self, params: &Params, request: &Request) -> Granted {
        self.check_client(params)?;
        let refresh = params
            .get("refresh_token")
            .filter(|_| !self.rules.revoked)
            .ok_or("invalid_code")?;
        match self.access_token(refresh, request.now) {
            Err(NoToken::Unknown) => Err("invalid_code"),
            Err(NoToken::Throttled) => {
                self.count("token_denied");
                Ok(Reply::json(self.rules.throttle_status, &throttled()))
            }
            Ok(token) => {
                let scopes = self.vault.scopes(refresh).unwrap_or_default().to_vec();
                let rotated = if self.rules.rotate {
                    self.vault.rotate(refresh)
                } else {
                    None
                };
                Ok(self.reply(&token, rotated.as_deref(), &scopes, request))
            }
        }
    }

    fn access_token(&mut self, refresh: &str, now: Timestamp) -> Result<String, NoToken> {
        let (token, evicted) = self.vault.refreshed(refresh, &self.limits(), now)?;
        for _ in 0..evicted {
            self.count("live_token_evicted");
        }
        Ok(token)
    }

    /// `soid` is the service and the organization, for example `ZohoCRM.600012345`; published programs name Desk both
    /// `Desk` and `ZohoDesk`.
    fn client_credentials(&mut self, params: &Params, request: &Request) -> Granted {
        self.check_client(params)?;
        let scopes = params
            .get("scope")
            .and_then(scope::parse)
            .ok_or("invalid_scope")?;
        let organization = params.get("soid").ok_or("missing_org_info")?.split_once('.');
        let digits = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        if !organization
            .is_some_and(|(service, id)| matches!(service, "ZohoCRM" | "ZohoDesk" | "Desk") && digits(id))
        {
            return Err("invalid_soid");
        }
        let limits = self.limits();
        let grant = Grant {
            scopes: scopes.clone(),
            ..Grant::default()
        };
        let token = self.vault.alone(grant, &limits, request.now);
        Ok(self.reply(&token, None, &scopes, request))
    }

    fn limits(&self) -> Limits {
        Limits {
            refreshes: self.rules.refresh_limit,
            window_s: self.rules.window_s,
            live: self.rules.live_tokens,
            expires_in: self.rules.expires_in,
        }
    }

    fn reply(&mut self, token: &str, refresh: Option<&str>, scopes: &[String], request: &Request) -> Reply {
        self.count("token_issued");
        let mut body = Map::new();
        body.insert("access_token".to_owned(), json!(token));
        if let Some(refresh) = refresh {
            body.insert("refresh_token".to_owned(), json!(refresh));
        }
        body.insert("scope".to_owned(), json!(scopes.join(" ")));
        body.insert("api_domain".to_owned(), json!(request.base_url));
        body.insert("token_type".to_owned(), json!("Bearer"));
        body.insert("expires_in".to_owned(), json!(self.rules.expires_in));
        Reply::json(200, &Value::Object(body))
    }
}

impl Challenge {
    fn is_met(&self, verifier: Option<&str>) -> bool {
        let Some(verifier) = verifier else { return false };
        match self {
            Challenge::Plain(challenge) => challenge == verifier,
            Challenge::S256(challenge) => {
                *challenge == BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
            }
        }
    }
}
