//! The order `relevance` of searches. Source: Desk's OpenAPI, Search, which names it and tells no rule. (Assumed: who bears
//! the text as title comes before who has its words there whole, then in part, and these before all other hits; of equally
//! good ones those first that come first without an order.)

use std::collections::HashSet;

use super::call::Call;
use super::clauses::{Clause, Pattern, Test};
use super::modules::{self, text};
use super::org::Query;

/// From the best hit down.
const GRADES: [fn(&str) -> Pattern; 3] = [Pattern::exactly, Pattern::whole, Pattern::contains];

/// What is searched for in a module.
pub(crate) struct Sought<'m> {
    pub(crate) module: &'m str,
    pub(crate) clauses: Vec<Clause>,
}

/// Whether the best hits are asked for first.
pub(crate) fn is_asked(call: &Call<'_>) -> bool {
    let asked = call.query("sortBy").map(|asked| asked.trim_start_matches('-'));
    asked == Some("relevance")
}

/// A page of what fits in these modules, best hits first, and how many fit at all.
pub(crate) fn page<'m>(
    call: &Call<'_>,
    sought: &[Sought<'m>],
    skip: usize,
    take: usize,
) -> (Vec<(&'m str, u64)>, usize) {
    let end = skip.saturating_add(take);
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let grades = GRADES.into_iter().map(Some).chain([None]);
    for (grade, one) in grades.flat_map(|grade| sought.iter().map(move |one| (grade, one))) {
        if found.len() >= end {
            break;
        }
        let mut clauses = one.clauses.clone();
        match grade.map(|grade| graded(call, one.module, grade)) {
            Some(None) => continue,
            Some(Some(better)) => clauses.push(better),
            None => {}
        }
        let query = Query {
            clauses,
            ..Query::all()
        };
        let ids = call.org.page(one.module, &query).into_iter();
        found.extend(ids.map(|id| (one.module, id)).filter(|hit| seen.insert(*hit)));
    }
    let count = sought.iter().map(|one| call.org.count(one.module, &one.clauses));
    let count = count.sum();
    (found.into_iter().skip(skip).take(take).collect(), count)
}

/// The hits whose title is as good as this; nothing where no title is searched for.
fn graded(call: &Call<'_>, module: &str, grade: fn(&str) -> Pattern) -> Option<Clause> {
    let titles: &[&str] = match module {
        "contacts" => &["lastName", "firstName"],
        "accounts" => &["accountName"],
        "products" => &["productName"],
        "articles" => &["title"],
        _ if modules::is_custom(module) => &["name"],
        _ => &["subject"],
    };
    let asked = ["_all", "searchStr", "fullName"].iter().chain(titles);
    let texts: Vec<String> = asked.flat_map(|name| call.items(name)).collect();
    let texts = texts.iter().map(|text| text.trim_matches('*'));
    let patterns: Vec<Pattern> = texts.filter(|text| !text.is_empty()).map(grade).collect();
    if patterns.is_empty() {
        return None;
    }
    let title = |title: &&str| Clause::new(title, Test::Like(patterns.clone()));
    let mut either: Vec<Clause> = titles.iter().map(title).collect();
    if module == "contacts" {
        let named = call.org.ids_of_such(module, |row| {
            let name = format!("{} {}", text(row, "firstName"), text(row, "lastName"));
            patterns.iter().any(|pattern| pattern.fits(name.trim()))
        });
        either.push(Clause::one_of("id", named));
    }
    Some(Clause::either(either))
}
