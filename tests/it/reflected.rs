//! A server or proxy that sends back what it was sent: no secret of it reaches an answer, the log or the database.

mod divided;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};

use crate::bed::Wire;
use crate::connections_rooms::fake::{House, Scripted, json};
use crate::logs::Logs;

const ACCESS: &str = "1000.5e0f8A1cd92b47e6a3f1c0b9d8e7f6a5.0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const REFRESH: &str = "1000.77aa88bb99cc00dd11ee22ff33445566.fedcba98765432100123456789abcdef";
const SECRET: &str = "9b/3+c7\"d1e5f00b2468ace13579bdf0a1b2c3d4e5";
const TICKETS: &str = "/api/v1/tickets";
const DEALS: &str = "/crm/v8/Deals";

/// A server whose row of `ada` has a token for some years, or one that has ended.
async fn wire(house: &House, fresh: bool) -> Wire {
    let years = if fresh { 1_000_000_000 } else { -1_000_000_000 };
    let mut consent = house.consent("ada", "default", years);
    consent.account.client_secret = SECRET.into();
    consent.access_token = Some(ACCESS.into());
    consent.refresh_token = Some(REFRESH.into());
    consent.crm_org_id = Some("9900".to_owned());
    consent.desk_org = Some(zoho_mcp::connections::DeskOrganization {
        id: "4001".to_owned(),
        name: None,
        portal: None,
        source: zoho_mcp::connections::OrgSource::Only,
    });
    house.connections.save(&consent).await.unwrap();
    house.serve(house.settings()).await
}

fn hexadecimal(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// How a secret looks in a text, its beginning alone too.
fn shapes(secret: &str) -> Vec<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let escaped = Value::from(secret).to_string();
    let mut shapes = vec![
        secret.to_owned(),
        encoded.clone(),
        encoded.to_lowercase(),
        escaped.trim_matches('"').to_owned(),
        secret.to_lowercase(),
        hexadecimal(secret),
        hexadecimal(secret).to_uppercase(),
    ];
    shapes
        .extend(["", "-", "--"].map(|before| STANDARD.encode(format!("{before}{secret}"))[4..40].to_owned()));
    shapes.iter_mut().for_each(|shape| shape.truncate(16));
    shapes
}

/// The sign in every escape of an address or of JSON, four times over.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        let decoded = percent_encoding::percent_decode_str(&text)
            .decode_utf8_lossy()
            .into_owned();
        let mut pieces = decoded.split("\\u00");
        let mut plain = pieces.next().unwrap().to_owned();
        for piece in pieces {
            let code = u8::from_str_radix(piece.get(..2).unwrap_or("?"), 16);
            plain.push(code.map_or('?', char::from));
            plain.push_str(piece.get(2..).unwrap_or_default());
        }
        text = plain.replace("\\/", "/").replace("\\\"", "\"");
    }
    text
}

/// A secret with some of its signs written as others.
fn disguised(secret: &str, written: impl Fn(usize, char) -> String) -> String {
    let signs = secret.chars().enumerate();
    signs.map(|(place, sign)| written(place, sign)).collect()
}

fn disguises(secret: &str) -> Vec<String> {
    let percent = |sign: char| format!("%{:02X}", u32::from(sign));
    let json = |sign: char| format!("\\u{:04x}", u32::from(sign));
    let keep = |sign: char| sign.to_string();
    let every_third = disguised(secret, |place, sign| match place % 3 {
        0 => percent(sign),
        1 => json(sign),
        _ => keep(sign),
    });
    vec![
        secret.replace('.', "%2E"),
        secret.replace('.', "%2e"),
        secret.replace('.', "\\u002E"),
        disguised(secret, |_, sign| percent(sign)),
        disguised(secret, |_, sign| json(sign)),
        disguised(
            secret,
            |place, sign| if place == 5 { percent(sign) } else { keep(sign) },
        ),
        every_third.replace('%', "%25"),
        every_third.replace('%', "%252525"),
        every_third.replace('\\', "\\\\"),
        every_third,
    ]
}

fn has_none(what: &str, text: &str) {
    let plain = unescaped(text);
    for secret in [ACCESS, REFRESH, SECRET] {
        assert!(
            !plain.contains(&secret[..16]),
            "{what} has it in disguise: {text}"
        );
    }
    for secret in [ACCESS, REFRESH, SECRET] {
        for shape in shapes(secret) {
            assert!(!text.contains(&shape), "{what} has {shape}: {text}");
        }
    }
}

/// Makes a call and looks everywhere.
async fn reflected(path: &str, fresh: bool, answers: Vec<Scripted>) -> Value {
    let logs = Logs::listen(tracing::Level::TRACE);
    let house = House::new().await;
    let mut wire = wire(&house, fresh).await;
    house.fake.script(path, answers);
    let module = if path == DEALS { "Deals" } else { "Cases" };
    let answer = wire
        .call("get_records", json!({ "module": module, "fields": ["id"] }))
        .await;
    has_none("the answer", &answer.to_string());
    let logged = logs.text();
    assert!(logged.contains("TRACE"), "the log was listened to");
    has_none("the log", &logged);
    for file in std::fs::read_dir(house.directory.path()).unwrap() {
        let file = file.unwrap().path();
        if file.is_dir() {
            continue;
        }
        has_none(
            &file.display().to_string(),
            &String::from_utf8_lossy(&std::fs::read(&file).unwrap()),
        );
    }
    assert!(house.fake.count(path) > 0, "it was asked");
    answer
}

fn sent_form() -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "refresh_token")
        .append_pair("client_id", "1000.CLIENT")
        .append_pair("refresh_token", REFRESH)
        .append_pair("client_secret", SECRET)
        .finish()
}

#[tokio::test]
async fn a_token_endpoint_that_sends_its_form_back_tells_nobody() {
    let plain = format!("refresh_token={REFRESH} client_secret={SECRET}");
    for text in [
        sent_form(),
        plain,
        SECRET.to_owned(),
        REFRESH[..30].to_owned(),
        STANDARD.encode(sent_form()),
    ] {
        for status in [200, 400, 500, 503] {
            for body in [
                json!({ "error": text }).to_string(),
                json!({ "error": "server_error", "error_description": text }).to_string(),
                format!("<pre>{text}</pre>"),
            ] {
                let answer = reflected("/oauth/v2/token", false, vec![json(status, &body); 4]).await;
                assert_eq!(answer["code"], "unavailable", "{answer}");
            }
        }
    }
}

#[tokio::test]
async fn an_error_of_the_api_never_tells_the_token_it_was_sent() {
    let header = format!("Zoho-oauthtoken {ACCESS}");
    let encoded: String = url::form_urlencoded::byte_serialize(header.as_bytes()).collect();
    for text in [
        &header,
        &encoded,
        &STANDARD.encode(&header),
        &header[..45].to_owned(),
    ] {
        for (path, status, body, code) in [
            (
                TICKETS,
                400,
                json!({ "errorCode": "X", "message": text }),
                "rejected",
            ),
            (
                TICKETS,
                422,
                json!({ "errorCode": text, "message": "no" }),
                "rejected",
            ),
            (
                TICKETS,
                404,
                json!({ "errorCode": text, "message": text }),
                "not_found",
            ),
            (
                TICKETS,
                429,
                json!({ "errorCode": text, "message": text }),
                "rate_limited",
            ),
            (
                TICKETS,
                500,
                json!({ "errorCode": text, "message": text }),
                "unavailable",
            ),
            (
                TICKETS,
                403,
                json!({ "errorCode": "OAUTH_ORG_MISMATCH", "message": text }),
                "choose_organization",
            ),
            (
                TICKETS,
                422,
                json!({ "errorCode": "INVALID_DATA", "message": "no", "errors": [
                    { "fieldName": text, "errorType": text, "errorMessage": text }] }),
                "rejected",
            ),
            (
                DEALS,
                400,
                json!({ "code": "INVALID_DATA", "message": "no", "status": "error",
                    "details": { "api_name": text, "reason": { text.as_str(): text } } }),
                "rejected",
            ),
        ] {
            let answer = reflected(path, true, vec![json(status, &body.to_string()); 5]).await;
            assert_eq!(answer["code"], code, "{answer}");
        }
    }
}

#[tokio::test]
async fn no_disguise_of_a_secret_is_told() {
    for text in disguises(ACCESS) {
        let body = json!({ "errorCode": "X", "message": format!("/x?token={text}&y") });
        let answer = reflected(TICKETS, true, vec![json(422, &body.to_string()); 5]).await;
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains("token=[secret]&y"), "{error}");
        let record = json!({ "data": [{ "id": "1", "subject": format!("you sent {text}!") }] });
        // As JSON it is escaped once more than as the text of a body.
        for body in [
            record.to_string(),
            format!(r#"{{"data":[{{"id":"1","subject":"{text}"}}]}}"#),
        ] {
            let answer = reflected(TICKETS, true, vec![json(200, &body)]).await;
            assert_eq!(answer["count"], 1, "{body}: {answer}");
        }
    }
    for text in disguises(REFRESH).into_iter().chain(disguises(SECRET)) {
        let body = json!({ "error": "server_error", "error_description": text }).to_string();
        let answer = reflected("/oauth/v2/token", false, vec![json(500, &body); 4]).await;
        assert_eq!(answer["code"], "unavailable", "{answer}");
    }
}

#[tokio::test]
async fn a_page_a_redirect_and_a_record_never_tell_a_secret_either() {
    let page =
        format!("<h1>Debug</h1><pre>GET /api/v1/tickets\nauthorization: Zoho-oauthtoken {ACCESS}</pre>");
    for (status, code) in [
        (200, "unavailable"),
        (400, "rejected"),
        (418, "rejected"),
        (502, "unavailable"),
    ] {
        let scripted = Scripted {
            status,
            headers: vec![("content-type", "text/html".to_owned())],
            body: page.clone().into(),
        };
        let answer = reflected(TICKETS, true, vec![scripted; 5]).await;
        assert_eq!(answer["code"], code, "{answer}");
    }
    for location in [
        format!("https://{ACCESS}.evil.example/"),
        format!("https://evil.example/?token={ACCESS}"),
    ] {
        let scripted = Scripted {
            status: 302,
            headers: vec![("location", location)],
            body: Vec::new(),
        };
        let answer = reflected(TICKETS, true, vec![scripted; 5]).await;
        assert_eq!(answer["code"], "rejected", "{answer}");
    }
}

/// The client's secret and the refresh token were not sent: somebody has put them into a case.
#[tokio::test]
async fn no_secret_is_told_that_stands_in_a_record() {
    for secret in [ACCESS, REFRESH, SECRET] {
        let house = House::new().await;
        let mut wire = wire(&house, true).await;
        let record = json!({ "data": [{ "id": "1", "subject": format!("it is {secret}") }] });
        house.fake.script(TICKETS, vec![json(200, &record.to_string())]);
        let fields = json!(["id", "subject"]);
        let answer = wire
            .call("get_records", json!({ "module": "Cases", "fields": fields }))
            .await;
        assert_eq!(answer["data"][0]["subject"], "〔it is [secret]〕", "{answer}");
    }
}

#[tokio::test]
async fn a_token_that_cleaning_a_text_puts_together_is_not_told() {
    let entities: String = ACCESS
        .chars()
        .map(|sign| format!("&#{};", u32::from(sign)))
        .collect();
    let (begin, end) = ACCESS.split_at(20);
    let record = json!({
        "id": "1", "subject": format!("{begin}\u{200b}{end}"),
        "description": format!("<p>{entities}</p><p>{begin}<b></b>{end}</p>"),
    });
    let house = House::new().await;
    let mut wire = wire(&house, true).await;
    house
        .fake
        .script(TICKETS, vec![json(200, &json!({ "data": [record] }).to_string())]);
    let fields = json!(["id", "subject", "description"]);
    let answer = wire
        .call("get_records", json!({ "module": "Cases", "fields": fields }))
        .await;
    assert_eq!(answer["count"], 1, "{answer}");
    has_none("the answer", &answer.to_string());
}

#[tokio::test]
async fn what_is_no_secret_of_an_error_is_told_as_it_was_sent() {
    let body = json!({ "errorCode": "INVALID_DATA", "message": format!("cannot use {ACCESS} for /x") });
    let answer = reflected(TICKETS, true, vec![json(422, &body.to_string())]).await;
    let error = answer["error"].as_str().unwrap();
    assert!(
        error.contains("422 INVALID_DATA") && error.contains("cannot use [secret] for /x"),
        "{error}"
    );
    let refused = reflected(
        "/oauth/v2/token",
        false,
        vec![json(400, r#"{"error":"invalid_scope"}"#)],
    )
    .await;
    assert!(
        refused["error"].as_str().unwrap().contains("invalid_scope"),
        "{refused}"
    );
}

/// What an earlier version wrote into the row is not told by this one.
#[tokio::test]
async fn a_reason_in_the_row_tells_no_secret() {
    let house = House::new().await;
    let mut wire = wire(&house, false).await;
    let url = format!("sqlite:{}", house.database().display());
    let mut database = SqliteConnection::connect(&url).await.unwrap();
    for status in ["active", "unusable"] {
        let row = "UPDATE zoho_connections SET status = ?, status_reason = ?, refresh_not_before = ?";
        let until = house.clock.now() + 300;
        let written = sqlx::query(row).bind(status).bind(sent_form()).bind(until);
        written.execute(&mut database).await.unwrap();
        let answer = wire.call("get_records", json!({ "module": "Cases" })).await;
        let error = answer["error"].as_str().unwrap();
        assert!(
            error.contains("client_id=1000.CLIENT&refresh_token=[secret]"),
            "{answer}"
        );
        has_none("the answer", &answer.to_string());
    }
}
