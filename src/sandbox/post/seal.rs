//! The seal of Desk's letters: a JSON Web Token, RS256, with the organization as issuer and the webhook as audience. The
//! key is everybody's and seals nothing of worth; who checks the seal finds its public half where Desk has its own, at
//! `/.well-known/jwks.json`.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    rsa::{KeyPair, KeyPairComponents, PublicKeyComponents},
    signature::RSA_PKCS1_SHA256,
};
use serde_json::{Value, json};

/// Seconds a seal holds. (Assumed.)
const HOLDS: i64 = 300;

static KEY: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("key.json")).expect("the key is well-formed"));

static PAIR: LazyLock<KeyPair> = LazyLock::new(|| {
    let part = |name: &str| {
        let text = KEY[name].as_str().unwrap_or_default();
        URL_SAFE_NO_PAD.decode(text).expect("the key is well-formed")
    };
    let parts = KeyPairComponents {
        public_key: PublicKeyComponents {
            n: part("n"),
            e: part("e"),
        },
        d: part("d"),
        p: part("p"),
        q: part("q"),
        dP: part("dp"),
        dQ: part("dq"),
        qInv: part("qi"),
    };
    KeyPair::from_components(&parts).expect("the key is one")
});

/// The public half.
pub(crate) fn published() -> Value {
    let shown = ["kty", "use", "alg", "kid", "n", "e"].map(|name| (name.to_owned(), KEY[name].clone()));
    json!({"keys": [Value::Object(shown.into_iter().collect())]})
}

/// A token for a webhook of an organization, from a moment on in seconds since 1970.
pub(crate) fn token(org: &str, webhook: u64, now: i64) -> String {
    let head = json!({"alg": "RS256", "typ": "JWT", "kid": KEY["kid"]});
    let claims = json!({"iss": format!("orgId:{org}"), "aud": format!("webhookId:{webhook}"), "iat": now, "exp": now + HOLDS});
    let sealed = [head, claims]
        .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()))
        .join(".");
    let mut seal = vec![0; PAIR.public().modulus_len()];
    PAIR.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        sealed.as_bytes(),
        &mut seal,
    )
    .expect("a token is sealed");
    format!("{sealed}.{}", URL_SAFE_NO_PAD.encode(seal))
}
