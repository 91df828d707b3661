//! A secret with signs in it that nobody sees.

use serde_json::json;

use super::{ACCESS, REFRESH, TICKETS, disguised, reflected};
use crate::connections_rooms::fake;

/// A sign that nobody sees divides the token for whoever looks for it, and for no reader (hostile input 5).
#[tokio::test]
async fn a_token_divided_by_hidden_characters_is_told_by_nobody() {
    for hidden in [
        "\u{200b}",
        "\u{feff}",
        "\u{ad}",
        "\u{e0041}",
        "\u{2060}\u{2060}",
        "\u{1}",
    ] {
        let text = disguised(ACCESS, |place, sign| {
            if place % 9 == 8 {
                format!("{sign}{hidden}")
            } else {
                sign.to_string()
            }
        });
        for body in [
            json!({ "errorCode": "X", "message": text }),
            json!({ "errorCode": text, "message": "no" }),
            json!({ "errorCode": "X", "message": "no", "errors": [{ "fieldName": text, "errorType": "invalid" }] }),
        ] {
            reflected(TICKETS, true, vec![fake::json(422, &body.to_string()); 4]).await;
        }
        reflected(
            TICKETS,
            true,
            vec![fake::json(500, &format!("<pre>{text}</pre>")); 4],
        )
        .await;
        let row = json!({ "data": [{ "id": text }] });
        reflected(TICKETS, true, vec![fake::json(200, &row.to_string())]).await;
        let form = format!("refresh_token={}", text.replace(ACCESS, REFRESH));
        reflected(
            "/oauth/v2/token",
            false,
            vec![fake::json(400, &json!({ "error": form }).to_string()); 4],
        )
        .await;
    }
}
