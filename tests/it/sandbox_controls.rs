//! `zoho-mcp sandbox CONTROL`: what a harness author orders and asks at a prompt, and an agent at a task, through the binary.
//!
//! REAL CLOCK: a sandbox as a person starts it lives in the present.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::commands::{Ran, bare, finished};
use crate::sandbox_command::{Running, evaluated};

/// A sandbox that runs, and where it is.
struct Told {
    sandbox: Running,
    url: String,
}

impl Told {
    fn start(arguments: &[&str]) -> Self {
        let mut sandbox = Running::start(&[&["--env"], arguments].concat());
        let url = evaluated(&sandbox.lines(), "URL");
        Told { sandbox, url }
    }

    fn home(&self) -> &Path {
        self.sandbox.home.path()
    }

    fn ran(&self, arguments: &[&str], input: &str) -> Ran {
        let arguments = [&["--sandbox-url", &self.url, "sandbox"], arguments].concat();
        finished(bare(self.home(), &arguments), input)
    }

    fn says(&self, arguments: &[&str]) -> Value {
        self.ran(arguments, "").succeeded()
    }
}

#[test]
fn moments_are_kept_compared_and_gone_back_to() {
    let told = Told::start(&[]);
    let kept = told.says(&["snapshot", "before"]);
    assert!(kept.to_string().contains("before"), "{kept}");
    let steps = json!({ "steps": [{ "call": "POST /crm/v8/Leads", "body": { "data": [{ "Last_Name": "Okoro" }] } }] });
    let file = told.home().join("start.json");
    fs::write(&file, steps.to_string()).unwrap();
    told.says(&["load", &format!("@{}", file.display())]);
    let differences = told.says(&["diff", "before"]);
    assert!(differences.to_string().contains("Okoro"), "{differences}");
    let lead = told.says(&["diff", "before"]);
    let lead = &lead["crm"][0]["id"];
    told.says(&["snapshot", "tagged"]);
    let tag = json!({ "tags": [{ "name": "Hot" }] });
    let path = format!("POST /crm/v8/Leads/{}/actions/add_tags", lead.as_str().unwrap());
    fs::write(
        &file,
        json!({ "steps": [{ "call": path, "body": tag }] }).to_string(),
    )
    .unwrap();
    told.says(&["load", &format!("@{}", file.display())]);
    let differences = told.says(&["diff", "tagged"]);
    let made = differences["crm"].as_array().unwrap().iter();
    let made: Vec<&Value> = made.filter(|one| one["list"] == "tags").collect();
    assert!(
        made.len() == 1 && made[0]["record"]["name"] == "Hot",
        "{differences}"
    );
    told.says(&["restore", "name=before"]);
    let differences = told.says(&["diff", r#"{"since":"before"}"#]);
    assert!(!differences.to_string().contains("Okoro"), "{differences}");
}

#[tokio::test]
async fn trouble_is_ordered_seen_in_the_log_and_ended() {
    let told = Told::start(&["--now", "2026-11-20T18:00:00Z"]);
    let status = async || {
        let http = crate::bed::http().build().unwrap();
        let asked = http.get(format!("{}/api/v1/tickets", told.url)).send().await;
        asked.unwrap().status().as_u16()
    };
    told.says(&["fault", "429", "path=/api/v1/tickets", "count=1", "retry_after=7"]);
    assert_eq!(status().await, 429);
    told.says(&["fault", "503"]);
    assert_eq!(status().await, 503);
    told.says(&["fault", "none"]);
    assert_eq!(status().await, 401);
    let log = told.says(&["log"]);
    let statuses: Vec<&Value> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|call| &call["status"])
        .collect();
    assert_eq!(statuses, [429, 503, 401]);
    assert_eq!(told.says(&["stats"])["counts"]["fault_429"], 1);
    let stood = told.says(&["clock"])["now"].clone();
    let moved = told.says(&["clock", "advance_s=3600"])["now"].clone();
    assert_ne!(stood, moved);
    told.says(&["reset", "data=true"]);
    assert_eq!(told.says(&["clock"])["now"], stood);
}

/// What is wrong is said in a sentence, and nothing is applied.
#[test]
fn a_control_that_cannot_be_is_refused_with_what_there_is() {
    let told = Told::start(&[]);
    for (arguments, says) in [
        (&["fault", "tempest"][..], "tempest"),
        (&["restore", "never-kept"], "never-kept"),
        (&["reset", "data=perhaps"], "data"),
        (&["scenario", "no-such-task"], "no-such-task"),
        (&["load", "@nowhere.json"], "nowhere.json"),
    ] {
        let ran = told.ran(arguments, "");
        assert!(!ran.ok && ran.told.contains(says), "{arguments:?}: {ran:?}");
    }
    let nowhere = finished(bare(told.home(), &["sandbox", "stats"]), "");
    assert!(
        !nowhere.ok && nowhere.told.contains("--sandbox-url"),
        "{nowhere:?}"
    );
    let help = finished(bare(told.home(), &["sandbox", "--help"]), "");
    for door in zoho_mcp::sandbox::doors() {
        assert!(help.out.contains(&door.name), "{} is not in the help", door.name);
    }
}

/// The agent is given the task, a server that is connected, and none of this program's own secrets.
#[test]
fn an_agent_is_run_at_a_task_and_scored() {
    let home = tempfile::TempDir::new().unwrap();
    let right = "Martin Keller of Keller & Söhne Glas: +49 711 5550 6617; of Stadtwerke Hohenfurt: ";
    let run = |script: &str| {
        let arguments = [
            "sandbox",
            "scenario",
            "run",
            "namesakes-keller",
            "--",
            "sh",
            "-c",
            script,
        ];
        let mut command = bare(home.path(), &arguments);
        command
            .env("ZOHO_MCP_CLIENT_SECRET", "1000.hush")
            .env("AGENT_KEY", "its own");
        finished(command, "")
    };
    let zoho = env!("CARGO_BIN_EXE_zoho-mcp");
    let phone = format!(
        "{zoho} call search_records module=Contacts filters.lastName=Keller fields=lastName,phone --output json"
    );
    let good = run(&format!(
        "read -r task; test \"$task\" = \"$ZOHO_SANDBOX_TASK\" || exit 3; test \"$AGENT_KEY\" = 'its own' || exit 4; \
         test -z \"$ZOHO_MCP_CLIENT_SECRET\" || exit 5; echo '{right}'; {phone}"
    ));
    assert!(good.ok, "{good:?}");
    let score: Value = serde_json::from_str(&good.out).unwrap();
    assert_eq!(score["passed"], true, "{score:#}");
    let idle = run("echo I do not know");
    assert!(!idle.ok, "{idle:?}");
    let score: Value = serde_json::from_str(&idle.out).unwrap();
    assert_eq!(score["passed"], false, "{score:#}");
    let broken = run("exit 9");
    assert!(!broken.ok && broken.told.contains('9'), "{broken:?}");
    let missing = finished(
        bare(
            home.path(),
            &[
                "sandbox",
                "scenario",
                "run",
                "namesakes-keller",
                "--",
                "no-such-agent",
            ],
        ),
        "",
    );
    assert!(
        !missing.ok && missing.told.contains("could not be started"),
        "{missing:?}"
    );
}
