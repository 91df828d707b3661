//! The commands that look at what is there, and lead back to it.

use super::{SANDBOX, Wording};

impl Wording {
    /// The command that checks everything a call needs.
    pub fn examine(&self) -> String {
        self.command("doctor", &[], "")
    }

    /// The same, which asks Zoho's status page, too.
    pub(in crate::tools) fn examine_status(&self) -> String {
        self.command("doctor", &[], "--status")
    }

    /// What leads back to Zoho, by the option or the variable that names the sandbox.
    pub(in crate::tools) fn leave_sandbox(&self) -> String {
        let mut without = self.clone();
        without.options.retain(|(flag, _)| *flag != SANDBOX);
        match without.options.len() < self.options.len() {
            true => without.examine(),
            false => format!("unset ZOHO_MCP_SANDBOX_URL\n{}", without.examine()),
        }
    }
}
