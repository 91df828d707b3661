//! The OAuth client: from a file that nobody else may read, from the environment, or missed.
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{bare, finished};
use crate::terminals::talk_with;

#[tokio::test]
async fn the_client_comes_from_a_file_or_the_environment_and_is_missed_otherwise() {
    let bed = Bed::empty(Options::default()).await;
    let alone = |arguments: &[&str]| {
        let mut command = bare(bed.home.path(), arguments);
        command.env("ZOHO_MCP_DATABASE_URL", bed.database_url());
        finished(command, "")
    };
    let missing = alone(&["connect", "--no-browser"]);
    assert!(missing.failed().contains("ZOHO_MCP_CLIENT_ID"), "{missing:?}");
    let unknown = alone(&["connect", "--no-browser", "--client-file", "/dev/null"]);
    assert!(
        unknown.failed().contains("client_id and client_secret"),
        "{unknown:?}"
    );

    let file = bed.home.path().join("client.json");
    let client = json!({ "client_id": bed.sandbox.client_id, "client_secret": bed.sandbox.client_secret });
    std::fs::write(&file, client.to_string()).unwrap();
    let path = file.to_str().unwrap();
    let open_to_others = alone(&["connect", "--client-file", path]);
    assert!(
        open_to_others.failed().contains("chmod 600"),
        "{open_to_others:?}"
    );
    // An assistant that starts a server shows nothing of its end: it is told in the log and serves.
    let served = alone(&["stdio", "--client-file", path]);
    assert!(served.ok && served.told.contains("chmod 600"), "{served:?}");
    // Whoever puts the server there, or looks what is wrong, reads no log.
    let installed = alone(&["install", "cursor", "--yes", "--client-file", path]);
    assert!(
        installed.ok && installed.told.contains(&format!("next: chmod 600 {path}")),
        "{installed:?}"
    );
    let examined = alone(&["doctor", "--offline", "--client-file", path]).json();
    let mut findings = examined["findings"].as_array().unwrap().iter();
    let finding = findings
        .find(|finding| finding["check"] == "client_file")
        .unwrap();
    assert_eq!(finding["mend"], format!("chmod 600 {path}"), "{finding}");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    for (id, secret) in [
        ("${user_config.id}", "s"),
        ("", "s"),
        (" ", "s"),
        ("1000.x1", "${user_config.secret}"),
        ("YOUR_CLIENT_ID", "s"),
        ("<client id>", "s"),
        ("1000.XXXXXXXX", "s"),
        ("1000.x1", "your-client-secret"),
        ("1000.x1", "changeme"),
    ] {
        std::fs::write(
            &file,
            json!({ "client_id": id, "client_secret": secret }).to_string(),
        )
        .unwrap();
        let unfilled = alone(&["connect", "--no-browser", "--client-file", path]);
        assert!(
            unfilled.failed().contains("neither of them"),
            "{id:?} {secret:?}: {unfilled:?}"
        );
    }
    for (id, secret, told) in [
        ("1000.x1", "", "set ZOHO_MCP_CLIENT_SECRET beside"),
        ("", "secret1", "set ZOHO_MCP_CLIENT_ID beside"),
        ("YOUR_CLIENT_ID", "secret1", "set ZOHO_MCP_CLIENT_ID beside"),
        (
            "YOUR_CLIENT_ID",
            "secret1",
            "ZOHO_MCP_CLIENT_ID holds what stands in",
        ),
        ("1000.x1", "xxxx", "ZOHO_MCP_CLIENT_SECRET holds what stands in"),
    ] {
        let mut command = bare(bed.home.path(), &["connect", "--no-browser"]);
        command.env("ZOHO_MCP_DATABASE_URL", bed.database_url());
        command
            .env("ZOHO_MCP_CLIENT_ID", id)
            .env("ZOHO_MCP_CLIENT_SECRET", secret);
        let half = finished(command, "");
        assert!(half.failed().contains(told), "{id:?} {secret:?}: {half:?}");
    }
    // Editors on Windows put a mark of the byte order before what they write.
    std::fs::write(&file, format!("\u{feff}{client}")).unwrap();
    bed.run(&["connect", "--client-file", path]).succeeded();
    let wrong = alone(&[
        "connect",
        "--dc",
        "atlantis",
        "--no-browser",
        "--client-file",
        path,
    ]);
    assert!(
        wrong
            .failed()
            .contains("us, eu, in, au, jp, ca, sa, cn, uk, ae, sg"),
        "{wrong:?}"
    );

    // A host that drops the environment of the programs it starts: the file serves, too.
    let served = alone(&["tools", "--client-file", path]);
    assert!(served.ok, "{served:?}");
    let serving = alone(&["stdio", "--client-file", "/nowhere/client.json"]);
    assert!(
        serving.failed().contains("--client-file: /nowhere/client.json"),
        "{serving:?}"
    );

    // Whoever named it is told; only on a command line may a name begin where its reader stands.
    let served = |file: &str| {
        let mut command = bare(bed.home.path(), &["stdio"]);
        command.env("ZOHO_MCP_CLIENT_FILE", file);
        finished(command, "")
    };
    for (named, told) in [
        (
            "/nowhere/client.json",
            "ZOHO_MCP_CLIENT_FILE: /nowhere/client.json: ",
        ),
        (
            "client.json",
            "ZOHO_MCP_CLIENT_FILE: client.json is named from nowhere",
        ),
    ] {
        let ran = served(named);
        assert!(ran.failed().contains(told), "{ran:?}");
    }
    let at_home = served("~/client.json");
    assert!(at_home.ok, "{at_home:?}");
    let key = alone(&["connections", "rekey", "--yes", "--key-file", "~/nowhere.key"]);
    let whole = bed.home.path().join("nowhere.key");
    assert!(key.failed().contains(whole.to_str().unwrap()), "{key:?}");

    let mut command = bed.command(&["connect", "--name", "environment"]);
    command
        .env("ZOHO_MCP_CLIENT_ID", &bed.sandbox.client_id)
        .env("ZOHO_MCP_CLIENT_SECRET", "not the secret");
    let refused = finished(command, "");
    assert!(refused.failed().contains("invalid_client_secret"), "{refused:?}");
}

/// At a terminal: a client of the kind that goes the way, nothing blank, nothing copied, and no secret for a wrong data center.
#[test]
fn a_person_is_asked_for_the_client_that_fits() {
    let home = tempfile::tempdir().unwrap();
    let connect = |ways: &[&str], answers: &[(&str, &str)]| {
        let command = bare(home.path(), &[&["connect"], ways].concat());
        talk_with(&command, 120, answers)
    };
    let asked = "Client id: ";
    for (ways, typed, told) in [
        (&[][..], "", "Client id: nothing was given"),
        (&[], "YOUR_CLIENT_ID", "stands in for one"),
        (&[], "", "Server-based Applications"),
        (&["--self-client"], "", "Self Client"),
        (&["--device"], "", "Non-browser Applications"),
        (&["--refresh-token"], "", "that the refresh token was given to"),
    ] {
        let finds = ways.iter().any(|way| *way != "--device");
        let answers = [("Which one [1]: ", ""), (asked, typed)];
        let Some((ok, screen)) = connect(ways, &answers[usize::from(finds)..]) else {
            return;
        };
        assert!(!ok && screen.contains(told), "{ways:?}: {screen}");
        assert!(!screen.contains("Client secret"), "{ways:?}: {screen}");
        let server = screen.contains("Server-based");
        assert_eq!(server, ways.is_empty(), "{ways:?}: {screen}");
    }
    let (ok, screen) = connect(&["--dc", "germany"], &[(asked, "")]).unwrap();
    assert!(!ok && screen.contains("no data center"), "{screen}");
    assert!(!screen.contains(asked), "{screen}");
}
