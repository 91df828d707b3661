//! Several lists read as one: the newest rows of all first, each once.

use std::collections::{HashSet, VecDeque};

use futures_util::future::join_all;
use jiff::Timestamp;

use super::{Batch, Counted, Drawn, Pages, Place, Position, Stop};
use crate::tools::error::ToolError;
use crate::tools::output::project::{Record, Refused};
use crate::tools::request::{ListRequest, United};
use crate::zoho::Session;

/// Pages of one list that a count reads at most.
const MOST_COUNTED: usize = 11;

/// One of the lists, as far as its rows are taken.
struct Source {
    rows: VecDeque<Record>,
    /// Errors in place of records that were not passed yet.
    refused: Vec<Refused>,
    place: Place,
    taken: usize,
    last: Option<String>,
    /// Nothing of it could be read: the others go on without it, and a later page asks for it again.
    failed: bool,
}

/// The first rows of all the lists, no more than wanted. What others gave stays where one is refused.
///
/// # Errors
/// Zoho refused all of them, the position is one of another query, or a condition cannot be put to any row.
pub(super) async fn unite(
    session: &Session,
    list: ListRequest,
    united: &United,
    start: Option<Position>,
    wanted: usize,
    now: Timestamp,
) -> Result<Drawn, ToolError> {
    let sieve = list.sieve.clone();
    let lists = each(list, united);
    let starts = starts(start, lists.len())?;
    let asked = starts.iter().flatten().count();
    let pages = lists
        .into_iter()
        .zip(starts)
        .map(async |(list, start)| match start {
            Some(start) => {
                let batch = Pages::of(session, list, start.clone()).next().await;
                batch.map_err(|broken| (start, ToolError::from(broken)))
            }
            None => Ok(Batch::default()),
        });
    let mut drawn = Drawn::default();
    let mut sources = Vec::new();
    for outcome in join_all(pages).await {
        match outcome {
            Ok(batch) => {
                drawn.gap = drawn.gap.or(batch.gap);
                drawn.doubt = drawn.doubt.or(batch.doubt);
                drawn.looked_at += batch.rows.len();
                sources.push(Source::of(batch));
            }
            Err((start, error)) => {
                drawn.failures.push(error);
                sources.push(Source::failed(start));
            }
        }
    }
    if drawn.failures.len() == asked
        && let Some(first) = drawn.failures.first()
    {
        return Err(first.clone());
    }
    let mut known: HashSet<String> = HashSet::new();
    while let Some(mut row) = newest(&mut sources, united.by) {
        let is_new = row.id.as_ref().is_none_or(|id| known.insert(id.clone()));
        if is_new && drawn.rows.len() == wanted {
            break;
        }
        let stop = stop(&sources);
        if is_new && sieve.keeps(&mut row.shown, now, &mut drawn.findings) {
            if united.is_hidden {
                row.shown.shift_remove(united.by);
            }
            drawn.rows.push(row);
            drawn.stops.push(stop);
        } else if let Some(last) = drawn.stops.last_mut() {
            *last = stop;
        }
        let taken = drawn.rows.len();
        drawn
            .refused
            .extend(passed(&mut sources).map(|error| (taken, error)));
    }
    if drawn.rows.is_empty() {
        drawn.refused.extend(passed(&mut sources).map(|error| (0, error)));
    }
    drawn.findings.check(false)?;
    drawn.end = drawn.stops.last().cloned().unwrap_or_else(|| stop(&sources));
    Ok(drawn)
}

/// Counts the rows of all the lists, each once. What others gave stays where one is refused.
///
/// # Errors
/// Zoho refused all of them, or a condition cannot be put to any row.
pub(super) async fn count(
    session: &Session,
    list: ListRequest,
    united: &United,
    now: Timestamp,
) -> Result<Counted, ToolError> {
    let sieve = list.sieve.clone();
    let mut ids: HashSet<String> = HashSet::new();
    let mut counted = Counted {
        is_whole: true,
        ..Counted::default()
    };
    let lists = each(list, united);
    let (all, mut failed) = (lists.len(), 0);
    for list in lists {
        let mut pages = Pages::of(session, list, None);
        let mut whole = false;
        for page in 0..MOST_COUNTED {
            let batch = match pages.next().await {
                Err(broken) => {
                    failed += usize::from(page == 0);
                    let error = ToolError::from(broken);
                    if failed == all {
                        return Err(error);
                    }
                    counted.broken = Some(error);
                    break;
                }
                Ok(batch) => batch,
            };
            counted.looked_at += batch.rows.len();
            counted.refused.extend(batch.refused);
            for mut row in batch.rows {
                let fits = sieve.keeps(&mut row.shown, now, &mut counted.findings);
                ids.extend(row.id.filter(|_| fits));
            }
            counted.findings.check(!ids.is_empty())?;
            counted.gap = counted.gap.or(batch.gap);
            counted.doubt = counted.doubt.or(batch.doubt);
            whole = !batch.place.more;
            if batch.place.next.is_none() {
                break;
            }
        }
        counted.is_whole &= whole;
    }
    counted.fit = ids.len() as u64;
    Ok(counted)
}

impl ListRequest {
    /// One of the lists that have its rows together, by its number, and how many there are.
    pub fn part(mut self, number: usize) -> (Self, usize) {
        let others = self.united.take().map(|united| united.others).unwrap_or_default();
        if let Some(request) = number.checked_sub(1).and_then(|at| others.get(at)) {
            self.request = request.clone();
        }
        (self, others.len() + 1)
    }
}

fn each(list: ListRequest, united: &United) -> Vec<ListRequest> {
    let others = united.others.iter().map(|request| ListRequest {
        request: request.clone(),
        ..list.clone()
    });
    let others: Vec<ListRequest> = others.collect();
    std::iter::once(list).chain(others).collect()
}

/// Where each of the lists goes on; none where it is at its end.
fn starts(start: Option<Position>, lists: usize) -> Result<Vec<Option<Option<Position>>>, ToolError> {
    match start {
        None => Ok(vec![Some(None); lists]),
        Some(Position::Each(each)) if each.len() == lists => {
            Ok(each.into_iter().map(|one| one.map(Some)).collect())
        }
        Some(_) => Err(ToolError::internal(&"a position of one list among several")),
    }
}

impl Source {
    fn of(batch: Batch) -> Self {
        Source {
            rows: batch.rows.into(),
            refused: batch.refused,
            place: batch.place,
            taken: 0,
            last: None,
            failed: false,
        }
    }

    /// One that stands where it stood.
    fn failed(start: Option<Position>) -> Self {
        let place = Place {
            more: true,
            next: start.or(Some(Position::Numbered(0, None))),
            ..Place::default()
        };
        Source {
            failed: true,
            ..Source::of(Batch::new(Vec::new(), place))
        }
    }

    /// When its next row was made; none where that is not known yet.
    fn newest(&self, by: &str) -> Option<Timestamp> {
        let time = self.rows.front()?.shown.get(by)?.as_str()?;
        time.parse().ok()
    }

    /// Whether what comes next stands on a page that was not read.
    fn is_used_up(&self) -> bool {
        self.rows.is_empty() && self.place.more && !self.failed
    }

    /// The errors that stand before its next row.
    fn passed(&mut self) -> Vec<Refused> {
        let (taken, whole) = (self.taken, self.rows.is_empty());
        self.refused
            .extract_if(.., |error| whole || error.after < taken)
            .collect()
    }

    fn stop(&self) -> Stop {
        self.place.after(self.taken, self.last.as_deref())
    }
}

/// Takes the newest of the next rows; none where one of the lists does not tell its next.
fn newest(sources: &mut [Source], by: &str) -> Option<Record> {
    if sources.iter().any(Source::is_used_up) {
        return None;
    }
    let filled = sources.iter_mut().filter(|source| !source.rows.is_empty());
    // Of several at one instant the first: max_by_key gives the last.
    let source = filled.rev().max_by_key(|source| source.newest(by))?;
    let row = source.rows.pop_front()?;
    source.taken += 1;
    source.last = row.mark().map(str::to_owned);
    Some(row)
}

/// The errors in place of records that were passed with the last row taken.
fn passed(sources: &mut [Source]) -> impl Iterator<Item = Refused> {
    let passed: Vec<Refused> = sources.iter_mut().flat_map(Source::passed).collect();
    passed.into_iter()
}

/// Where all of them stop.
fn stop(sources: &[Source]) -> Stop {
    let stops: Vec<Stop> = sources.iter().map(Source::stop).collect();
    let more = stops.iter().any(|stop| stop.more);
    let note = stops.iter().find_map(|stop| stop.note);
    let each: Vec<Option<Position>> = stops.into_iter().map(|stop| stop.next).collect();
    Stop {
        next: each.iter().any(Option::is_some).then_some(Position::Each(each)),
        more,
        note,
    }
}
