//! Commands against a file that stands in the way of the connections.

use super::rights::{Locked, make, move_away, unlock};
use super::{Wording, quoted};
use crate::regular::remedy::Remedy;

/// What names another database.
const OTHER_DATABASE: &str = "--database-url";
/// What a new database is called.
const FILE: &str = "zoho-mcp.db";

/// Why it is in the way, where that is not said yet; what is to be done, where the commands alone do not say it; the commands.
pub(in crate::tools) struct Steps {
    pub(in crate::tools) because: String,
    before: &'static str,
    commands: Vec<String>,
}

impl Steps {
    /// For a person: each command in a line of its own.
    pub(in crate::tools) fn lines(&self) -> String {
        let commands = self.commands.join("\n");
        match self.before {
            "" => commands,
            before => {
                let mut signs = before.chars();
                let first = signs.next().map(char::to_uppercase).into_iter().flatten();
                format!("{}:\n{commands}", first.chain(signs).collect::<String>())
            }
        }
    }

    /// The same, which goes on with these in the place of another look; where there are none, with that.
    pub(in crate::tools) fn going_on(mut self, commands: Vec<String>) -> Self {
        if !commands.is_empty() {
            self.commands.pop();
            self.commands.extend(commands);
        }
        self
    }

    /// For a model that speaks with one.
    pub(super) fn told(&self) -> String {
        let commands: Vec<String> = self
            .commands
            .iter()
            .map(|command| format!(": run `{command}`"))
            .collect();
        let act = match self.before {
            "" => "mend it",
            before => before,
        };
        format!("Ask the user to {act}{}.", commands.join(", then"))
    }
}

impl Wording {
    /// What a remedy comes to.
    pub(in crate::tools) fn steps(&self, remedy: &Remedy) -> Steps {
        let steps = |before, commands| Steps {
            because: String::new(),
            before,
            commands,
        };
        match remedy {
            Remedy::ReplaceDatabase(file) => steps(
                "put a backup in its place or, where there is none, make room for a new one",
                vec![move_away(file), self.connect(None, None, false)],
            ),
            Remedy::ReplaceKey {
                file,
                is_named: false,
            } => steps(
                "put a backup in its place, which alone opens the stored tokens, or, where there is none, begin with another key",
                vec![move_away(file), self.examine()],
            ),
            Remedy::ReplaceKey { file, is_named: true } => {
                let shown = quoted(&file.display().to_string());
                let made = format!("install -m 600 /dev/null {shown} && openssl rand -base64 32 >{shown}");
                let moved = file.exists().then(|| move_away(file));
                let commands = moved.into_iter().chain([made, self.examine()]);
                steps(
                    "name the right file, which alone opens the stored tokens, or, where there is none, begin with another key",
                    commands.collect(),
                )
            }
            Remedy::NameFileIn(directory) => {
                let url = format!("sqlite:{}", directory.join(FILE).display());
                let command = self.command("connect", &[(OTHER_DATABASE, &url)], "");
                steps(
                    "name a file, wherever the database is named (--database-url, ZOHO_MCP_DATABASE_URL)",
                    vec![command],
                )
            }
            Remedy::Unlock(paths) => {
                let Locked { because, mend } = unlock(paths, OTHER_DATABASE);
                let because = match (because.as_str(), paths.first()) {
                    ("", _) | (_, None) => String::new(),
                    (because, Some(path)) => format!(" What is in the way is {}{because}.", path.display()),
                };
                Steps {
                    because,
                    before: "",
                    commands: vec![mend],
                }
            }
            Remedy::MakeDirectory(directory) => Steps {
                because: format!(
                    " {} is to be made first, which this user may not; {OTHER_DATABASE} names another place.",
                    directory.display()
                ),
                before: "",
                commands: vec![make(directory)],
            },
            Remedy::SealAnew { kept, in_use } => {
                let own = [("--key-file", kept), ("--new-key-file", in_use)];
                let own = own.map(|(flag, path)| (flag, path.display().to_string()));
                let own: Vec<_> = own.iter().map(|(flag, path)| (*flag, path.as_str())).collect();
                steps("", vec![self.command("connections rekey", &own, "")])
            }
        }
    }
}
