//! Bytes that are no text of MCP, and blanks between its messages.

use crate::bed::Bed;

/// MCP has its messages in UTF-8 (basic/transports); what else is meant cannot be searched for.
#[tokio::test]
async fn bytes_of_another_encoding_are_refused() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    let before = br#"{"jsonrpc":"2.0","id":71,"method":"tools/call","params":{"name":"search_records","arguments":{"module":"Cases","query":"f"#;
    for sign in [&b"\xfc"[..], b"\xed\xa0\xbd\xed\xb8\x80"] {
        wire.send([&before[..], sign, br#"r"}}}"#].concat()).await;
        let answer = wire.receive().await;
        assert_eq!(answer["id"], 71, "{answer}");
        assert!(
            answer["error"]["message"].to_string().contains("UTF-8"),
            "{answer}"
        );
    }
}

/// What cannot be read takes nothing with it of what can.
#[tokio::test]
async fn messages_beside_bytes_of_another_encoding_are_answered() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    let ping = |id: u64| format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#).into_bytes();
    for noise in [&b"\xff\xfe\xfa"[..], b"\xc3", b"\xed\xa0\xbd", b"\x80\0\x1b[2J"] {
        // On lines of their own, around two messages in one packet.
        let bad: &[u8] = &[noise, b"\n"].concat();
        wire.send([bad, &ping(81), b"\n", bad, &ping(82)].concat()).await;
        let mut ids = Vec::new();
        for _ in 0..4 {
            let answer = wire.receive().await;
            let is_refused = answer["error"]["code"] == -32700;
            assert_eq!(is_refused, answer["id"].is_null(), "{answer}");
            ids.extend(answer["id"].as_u64());
        }
        ids.sort_unstable();
        assert_eq!(ids, [81, 82], "{noise:?}");
        // On its line a message is not what it was.
        wire.send([noise, &ping(83)].concat()).await;
        assert_eq!(wire.receive().await["error"]["code"], -32700);
    }
}

/// A pipe may bring any number of line ends between two messages: they are passed over, not read one by one.
#[tokio::test]
async fn what_is_blank_between_messages_is_passed_over() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    for blank in ["\n", "\r\n", " ", "\t\n "] {
        wire.send(blank.repeat(4_000_000 / blank.len())).await;
        wire.send(
            [
                " ".repeat(70_000).as_str(),
                r#"{"jsonrpc":"2.0","id":91,"method":"ping"}"#,
                " \r",
            ]
            .concat(),
        )
        .await;
        assert_eq!(wire.receive().await["id"], 91, "{blank:?}");
    }
}
