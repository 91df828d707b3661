//! Articles in several languages. An article is its own first translation; the others lie beside it. Source of the
//! forms: Desk's OpenAPI (ArticleTranslation), rows as those of articles.

use serde_json::{Value, json};

use super::{references, writing};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{self, Clause, Pattern, Test};
use crate::desk::filters;
use crate::desk::modules::{self, Row, counter, text, value};
use crate::desk::paging;
use crate::desk::refusal::Refusal;

const SIDE: &str = "translations";

/// The translations of an article.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let (id, article) = call.record("articles")?;
    let rows = of_article(call, id, &article);
    listed(call, rows)
}

/// The translations of all articles.
pub(crate) fn all(call: &mut Call<'_>) -> Answer {
    let rows = everything(call);
    listed(call, rows)
}

/// Those that hold a text and a tag.
pub(crate) fn search(call: &mut Call<'_>) -> Answer {
    let mut rows = everything(call);
    let words = Pattern::contains(call.query("searchString").unwrap_or_default());
    let holds = |row: &Row| ["title", "answer"].map(|key| text(row, key)).join("\n");
    rows.retain(|row| words.fits(&holds(row)));
    let tagged = Clause::one_of("tags", call.items("tag"));
    rows.retain(|row| tagged.holds(row));
    listed(call, rows)
}

/// How many there are.
pub(crate) fn count(call: &mut Call<'_>) -> Answer {
    let mut rows = everything(call);
    let clauses = conditions(call);
    rows.retain(|row| clauses::all(&clauses, row));
    call.with(&json!({"count": rows.len()}))
}

/// One translation.
pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let (_, row, _) = found(call)?;
    call.with(&row.into())
}

/// One by its own id.
pub(crate) fn by_id(call: &mut Call<'_>) -> Answer {
    let id = call.path[0].clone();
    let row = everything(call).into_iter().find(|row| text(row, "id") == id);
    call.with(&row.ok_or_else(Refusal::not_found)?.into())
}

/// One by its permalink.
pub(crate) fn by_permalink(call: &mut Call<'_>) -> Answer {
    let [permalink, locale] =
        ["permalink", "locale"].map(|name| call.query(name).unwrap_or_default().to_owned());
    let is_meant = |row: &Row| leads_to(row, &permalink) && text(row, "locale") == locale;
    let row = everything(call).into_iter().find(is_meant);
    call.with(&row.ok_or_else(Refusal::not_found)?.into())
}

/// Whether nothing stands at a permalink.
pub(crate) fn is_permalink_free(call: &mut Call<'_>) -> Answer {
    let (permalink, locale, article) = (
        call.sent("permalink"),
        call.sent("locale"),
        call.sent("articleId"),
    );
    let is_taken = |row: &Row| {
        leads_to(row, &permalink)
            && (locale.is_empty() || text(row, "locale") == locale)
            && text(row, "articleId") != article
    };
    let is_free = !everything(call).iter().any(is_taken);
    call.with(&json!({"isAvailable": is_free}))
}

fn leads_to(row: &Row, permalink: &str) -> bool {
    text(row, "permalink") == permalink
        || modules::texts(row, "secondaryPermalinks")
            .iter()
            .any(|other| other == permalink)
}

/// The text alone.
pub(crate) fn answer(call: &mut Call<'_>) -> Answer {
    let (_, row, _) = found(call)?;
    call.with(&json!({"answer": row["answer"]}))
}

/// Adds a translation in a language that has none.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    let (id, article) = call.record("articles")?;
    references::check(call, SIDE)?;
    let locale = call.sent("locale");
    if of_article(call, id, &article)
        .iter()
        .any(|row| text(row, "locale") == locale)
    {
        return Err(Refusal::invalid_field("/locale", "duplicate"));
    }
    let number = call.org.new_id();
    let mut row = writing::create(call, SIDE, number);
    for key in ["categoryId", "rootCategoryId", "departmentId", "ownerId"] {
        row.insert(key.to_owned(), value(&article, key));
    }
    row.insert("articleId".to_owned(), value(&article, "id"));
    if text(&row, "permalink").is_empty() {
        let permalink = crate::desk::seed::staff::sanitize(text(&row, "title"));
        row.insert("permalink".to_owned(), permalink.into());
    }
    let mut rows = call.org.side("articles", id, SIDE);
    rows.push(row.clone());
    call.org.put_side("articles", id, SIDE, rows);
    call.with(&row.into())
}

/// Changes a translation.
pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    references::check(call, SIDE)?;
    let body = call.body.clone();
    change(call, body)?;
    get(call)
}

/// Takes a translation away; with the first one its article.
pub(crate) fn trash(call: &mut Call<'_>) -> Answer {
    let (id, _, place) = found(call)?;
    match place {
        Some(place) => {
            let mut rows = call.org.side("articles", id, SIDE);
            rows.remove(place);
            call.org.put_side("articles", id, SIDE, rows);
        }
        None => super::bulk::trash_one(call, "articles", &id.to_string()),
    }
    call.done()
}

/// Somebody likes it.
pub(crate) fn like(call: &mut Call<'_>) -> Answer {
    add_one(call, "likeCount")
}

/// Somebody does not.
pub(crate) fn dislike(call: &mut Call<'_>) -> Answer {
    add_one(call, "dislikeCount")
}

fn add_one(call: &mut Call<'_>, key: &str) -> Answer {
    let (_, row, _) = found(call)?;
    let more = (counter(&row, key) + 1).to_string();
    change(call, Row::from_iter([(key.to_owned(), more.into())]))?;
    call.done()
}

/// Where a translation is found.
pub(crate) fn permalinks(call: &mut Call<'_>) -> Answer {
    let (_, row, _) = found(call)?;
    let others = modules::texts(&row, "secondaryPermalinks");
    call.with(&json!({"primaryPermalink": row["permalink"], "secondaryPermalinks": others}))
}

/// Sets where it is found.
pub(crate) fn set_permalinks(call: &mut Call<'_>) -> Answer {
    let [first, others] = ["primaryPermalink", "secondaryPermalinks"].map(|key| value(&call.body, key));
    let pairs = [("permalink", first), ("secondaryPermalinks", others)];
    let pairs = pairs.map(|(key, value)| (key.to_owned(), value));
    change(call, Row::from_iter(pairs))?;
    permalinks(call)
}

fn change(call: &mut Call<'_>, body: Row) -> Result<(), Refusal> {
    let (id, _, place) = found(call)?;
    let Some(place) = place else {
        let article = call.org.row("articles", id).ok_or_else(Refusal::not_found)?;
        let mut row = writing::change(call, "articles", article, body.clone());
        // An article has no such key of its own.
        if let Some(others) = body.get("secondaryPermalinks") {
            row.insert("secondaryPermalinks".to_owned(), others.clone());
        }
        call.org.put("articles", id, row);
        return Ok(());
    };
    let mut rows = call.org.side("articles", id, SIDE);
    rows[place] = writing::change(call, SIDE, rows[place].clone(), body);
    call.org.put_side("articles", id, SIDE, rows);
    Ok(())
}

/// The translation of the path: its article, itself, and where it lies beside the article.
fn found(call: &Call<'_>) -> Result<(u64, Row, Option<usize>), Refusal> {
    let (id, article) = call.record("articles")?;
    let locale = call.path.get(1).cloned().unwrap_or_default();
    let place = of_article(call, id, &article)
        .into_iter()
        .enumerate()
        .find(|(_, row)| text(row, "locale").eq_ignore_ascii_case(&locale));
    let (place, row) = place.ok_or_else(Refusal::not_found)?;
    Ok((id, row, place.checked_sub(1)))
}

fn of_article(call: &Call<'_>, id: u64, article: &Row) -> Vec<Row> {
    let mut own = modules::blank(SIDE);
    for (key, kept) in article {
        if own.contains_key(key) {
            own.insert(key.clone(), kept.clone());
        }
    }
    // The next number is nobody's: ids have gaps.
    own.insert("id".to_owned(), (id + 1).to_string().into());
    own.insert("articleId".to_owned(), value(article, "id"));
    let mut rows = vec![own];
    rows.extend(call.org.side("articles", id, SIDE));
    rows
}

fn everything(call: &Call<'_>) -> Vec<Row> {
    let ids = call.org.ids("articles", &filters::alive(call, "articles"));
    let articles = ids.iter().filter_map(|id| call.org.row_of("articles", id));
    articles
        .flat_map(|(id, article)| of_article(call, id, &article))
        .collect()
}

fn conditions(call: &Call<'_>) -> Vec<Clause> {
    let mut conditions = Vec::new();
    for name in [
        "status",
        "authorId",
        "categoryId",
        "locale",
        "translationState",
        "isTemplate",
    ] {
        if call.query(name).is_some() {
            conditions.push(Clause::one_of(name, call.items(name)));
        }
    }
    if call.query("tag").is_some() {
        conditions.push(Clause::one_of("tags", call.items("tag")));
    }
    // Both notations of OpenAPI mean the same.
    if call.query("permission").is_some() {
        let plain = |name: String| match name.as_str() {
            "ALL_USERS" => "ALL".to_owned(),
            "REGISTERED_USERS" => "REGISTEREDUSERS".to_owned(),
            "AGENTS_ONLY" => "AGENTS".to_owned(),
            _ => name,
        };
        let items = call.items("permission").into_iter().map(plain);
        conditions.push(Clause::one_of("permission", items));
    }
    if call
        .query("translationStatus")
        .is_some_and(|state| state != "UP-TO-DATE")
    {
        conditions.push(Clause::new("translationState", Test::Empty));
    }
    for name in ["createdTimeRange", "modifiedTimeRange"] {
        let range = call
            .query(name)
            .and_then(|sent| filters::range(name.trim_end_matches("Range"), sent));
        conditions.extend(range);
    }
    conditions
}

fn listed(call: &Call<'_>, mut rows: Vec<Row>) -> Answer {
    let clauses = conditions(call);
    rows.retain(|row| clauses::all(&clauses, row));
    if let Some(sort) = paging::sort(call) {
        rows.sort_by(|one, other| text(one, &sort.field).cmp(text(other, &sort.field)));
        if sort.descending {
            rows.reverse();
        }
    }
    let keys = &modules::module(SIDE).row;
    let shown = |row: &Row| {
        keys.iter()
            .map(|key| (key.clone(), value(row, key)))
            .collect::<Row>()
    };
    let rows: Vec<Value> = rows.iter().map(|row| shown(row).into()).collect();
    let rows = paging::cut(call, rows)?;
    call.list("data", rows)
}
