//! What an export takes from the archive of a module, behind all that lists have: nobody lists all archives at once.

use std::collections::BTreeMap;
use std::mem;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::shown::Shown;
use super::{Exporting, IDLE, read_query};
use crate::names::fold;
use crate::tools::error::{Code, ToolError};
use crate::tools::files::Export;
use crate::tools::handlers::{records, rich_text};
use crate::tools::modules::{Archive, Kind, Module};
use crate::tools::reading::{Pages, Position};
use crate::tools::request::{self, Ids, Places, text, texts};

/// Zoho's code for a feature that the edition of an organization has not: there, nothing is archived.
const LACKING: &str = "LICENSE_ACCESS_LIMITED";
/// Departments named in a note at most.
const NAMED: usize = 5;

/// How far an export has come in the archive.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Archived {
    /// The departments whose archives are still to be read; none before the first.
    left: Option<Vec<String>>,
    /// Where the archive of the first of these goes on.
    at: Option<Position>,
    shown: Shown,
    /// Why archives are not in the file, or not all of them, and whose.
    short: BTreeMap<String, Vec<String>>,
    /// Zoho's refusal where the organization has no archive.
    lacking: Option<String>,
}

impl Archived {
    /// Whether no row is known to be missing, nor can be.
    pub(super) fn has_all(&self, module: &Module) -> bool {
        self.short.is_empty() && self.shown.is_judged(module)
    }

    /// The records that are from there.
    pub(super) fn rows(&self) -> u64 {
        self.shown.rows
    }

    /// Whether any of these shows a member.
    pub(super) fn shows(&self, member: &str) -> bool {
        self.shown.members.contains(member)
    }

    /// Takes note of a refusal; a failure that passes, or that a person mends, comes back: the same call goes on then.
    fn hear(&mut self, place: &str, error: ToolError) -> Result<(), ToolError> {
        let refused = [
            Code::Rejected,
            Code::NotFound,
            Code::ScopeMissing,
            Code::InvalidArguments,
        ];
        if !refused.contains(&error.code) {
            return Err(error);
        }
        if error.rejection.is_some_and(|refusal| refusal.code == LACKING) {
            self.lacking = Some(error.error);
            self.left = Some(Vec::new());
        } else {
            let condition = error
                .problems
                .first()
                .filter(|_| error.code == Code::InvalidArguments);
            let untested =
                condition.map(|one| format!("`{}` cannot be put to them.", one.path.trim_start_matches('/')));
            let reason = untested.unwrap_or(error.error);
            self.short.entry(reason).or_default().push(place.to_owned());
        }
        Ok(())
    }

    /// What is told of it.
    fn tell(&self) -> impl Iterator<Item = String> {
        let rows = self.shown.rows;
        let found = match &self.lacking {
            Some(refusal) => format!("This organization has no archive: {refusal}"),
            None => format!("{rows} of these are archived."),
        };
        let short = self.short.iter().map(|(reason, places)| {
            let named = places
                .iter()
                .take(NAMED)
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            let more = match places.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("Archived records may be missing, of department {named}{more}: {reason}")
        });
        let odd = self.shown.tell().map(|told| format!("Archived ones: {told}"));
        std::iter::once(found).chain(short).chain(odd)
    }
}

impl<'a> Exporting<'a> {
    /// The archive that belongs to the query: its words, and a view, can be put to no archive.
    fn archive(&self) -> Option<&'a Archive> {
        let asked = ["query", "view"]
            .iter()
            .any(|name| text(self.arguments, name).is_some());
        let archive = self.subject.module.archive.as_ref().filter(|_| !asked);
        archive.filter(|archive| archive.is_left_open(&self.filters()))
    }

    fn filters(&self) -> Map<String, Value> {
        let filters = self.arguments.get("filters").and_then(Value::as_object);
        filters.cloned().unwrap_or_default()
    }

    /// Goes on with one archive after the other.
    pub(super) async fn fill_archived(&mut self, file: &mut Export) -> Result<(), ToolError> {
        let Some(archive) = self.archive() else {
            return Ok(());
        };
        if self.before.is_some()
            && self
                .progress
                .archive
                .left
                .as_ref()
                .is_none_or(|left| !left.is_empty())
        {
            // What was archived meanwhile is there already.
            self.seen.extend(file.ids().await?);
        }
        if self.progress.archive.left.is_none() {
            let left = match self.places(archive).await {
                Ok(left) => left,
                Err(error) => {
                    self.progress.archive.hear("any", error)?;
                    Vec::new()
                }
            };
            self.progress.archive.left = Some(left);
        }
        while let Some(place) = self.progress.archive.left.iter().flatten().next().cloned() {
            if let Err(error) = self.fill_place(archive, &place, file).await {
                self.progress.archive.hear(&place, error)?;
            }
            let left = self.progress.archive.left.iter_mut();
            left.for_each(|left| left.retain(|other| *other != place));
            self.progress.archive.at = None;
            self.remember(file).await?;
        }
        Ok(())
    }

    /// The departments whose archives hold what is asked for.
    async fn places(&self, archive: &Archive) -> Result<Vec<String>, ToolError> {
        let but = match archive.places(&self.filters())? {
            Places::Each(named) => return Ok(named),
            Places::AllBut(but) => but,
        };
        let session = self.context.session(self.subject.product).await?;
        let names = &self.context.invocation.equipment().settings.names;
        let (known, _) = names.of(session, None, Kind::Department, false).await?;
        if known.is_empty() {
            let none = "Zoho names no department, and lists archived records by department only.";
            return Err(ToolError::new(Code::NotFound, none, ""));
        }
        let is_out = |text: &String, id: &str, name: &str| text == id || fold(text) == fold(name);
        let asked = known
            .iter()
            .filter(|one| !but.iter().any(|text| is_out(text, &one.id, &one.name)));
        Ok(asked.map(|one| one.id.clone()).collect())
    }

    /// Writes the archive of one department, page after page.
    async fn fill_place(
        &mut self,
        archive: &Archive,
        place: &str,
        file: &mut Export,
    ) -> Result<(), ToolError> {
        let mut pages = self.archive_of(archive, place).await?;
        let mut idle = 0;
        loop {
            let mut batch = pages.next().await?;
            rich_text::settle(self.context, pages.session(), self.subject, &mut batch.rows).await;
            let rows = self.new_rows(batch.rows);
            idle = if rows.is_empty() { idle + 1 } else { 0 };
            self.swap_shown();
            let written = self.write(rows, &pages, file).await;
            self.swap_shown();
            written?;
            self.progress.hear([batch.gap, batch.doubt], &batch.refused);
            let (more, next) = (batch.place.more, batch.place.next);
            if more && (next.is_none() || next == self.progress.archive.at || idle > IDLE) {
                let untold = "Zoho lists no more of it.".to_owned();
                let short = self.progress.archive.short.entry(untold);
                short.or_default().push(place.to_owned());
                return Ok(());
            }
            if !more {
                return Ok(());
            }
            self.progress.archive.at = next;
            self.remember(file).await?;
        }
    }

    /// What archived rows show is theirs: other calls show other members.
    fn swap_shown(&mut self) {
        mem::swap(&mut self.progress.shown, &mut self.progress.archive.shown);
    }

    /// The pages of a department's archive from where it stands.
    async fn archive_of(&self, archive: &Archive, place: &str) -> Result<Pages<'a>, ToolError> {
        let (context, subject) = (self.context, self.subject);
        let mut arguments = self.arguments.clone();
        let mut filters = self.filters();
        archive.put_to(place, &mut filters);
        arguments.insert("filters".to_owned(), json!(filters));
        arguments.retain(|name, _| !["sort_by", "sort_order"].contains(&name.as_str()));
        let query = read_query(subject, &arguments, false);
        let build = |ids: &Ids| records::draft(subject, &query, context.zone, ids);
        let drafted = build(&Ids::default())?;
        let session = context.session(subject.product).await?;
        let (list, _) = context.finish(session, subject, drafted, build).await?;
        Ok(Pages::of(session, list, self.progress.archive.at.clone()).to_the_end())
    }

    /// The fields asked for that archived rows do not show, although others do.
    pub(super) fn hidden_in_archive(&self, never: &[String]) -> Vec<String> {
        let asked = texts(self.arguments, "fields");
        let mut hidden = self.progress.archive.shown.never(&self.subject.module, &asked);
        hidden.retain(|field| !never.contains(field));
        hidden
    }

    /// What is told of archived records, and of those that are in no list at all.
    pub(super) fn tell_archive(&self, hidden: &[String]) -> Vec<String> {
        let Some(archive) = self.archive() else {
            let told = request::tell_apart(&self.subject.module, self.arguments.get("filters"));
            return told.into_iter().collect();
        };
        let fields = hidden.join(", ");
        let lost = || format!("No archived row shows {fields}: get_record shows it.");
        let told = self.progress.archive.tell();
        told.chain((!hidden.is_empty()).then(lost))
            .chain([archive.apart.clone()])
            .collect()
    }
}
