//! How much an organization may call: credits of a day and calls at once, as editions of the Enterprise kind have them.
//!
//! Credits are always counted and told in headers. Only under strict limits, or once `POST admin` has set a limit, is
//! a call refused. Desk's day begins at midnight; CRM looks back over 24 hours.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use jiff::Timestamp;
use serde_json::json;

use super::{
    http::Reply,
    wire::{Call, Product},
};

mod cost;

const DAY_S: i64 = 86_400;

/// Desk tells what a call weighs, and this room what is left.
const WEIGHT: &str = "x-rate-limit-request-weight-v3";
const REMAINING: &str = "x-rate-limit-remaining-v3";

/// What one product allows one organization.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    /// Credits in 24 hours.
    pub(super) credits: i64,
    /// Calls in flight.
    pub(super) concurrent: usize,
    /// Of these, calls that CRM counts as heavy.
    pub(super) heavy: usize,
}

/// Eight people of an Enterprise edition.
const DESK: Allowance = Allowance {
    credits: 108_000,
    concurrent: 25,
    heavy: usize::MAX,
};
const CRM: Allowance = Allowance {
    credits: 58_000,
    concurrent: 20,
    heavy: 10,
};

/// Every organization's use of its allowance.
#[derive(Debug)]
pub(super) struct Limits {
    strict: bool,
    pub(super) enforced: bool,
    pub(super) desk: Allowance,
    pub(super) crm: Allowance,
    /// Whom a Desk call without `orgId` means.
    default_organization: String,
    desk_books: BTreeMap<String, Book>,
    crm_book: Book,
}

/// One organization's account of calls.
#[derive(Debug, Default)]
struct Book {
    /// Credits used, by the second.
    used: VecDeque<(i64, i64)>,
    /// The sum of them.
    total: i64,
    in_flight: Arc<()>,
    heavy: Arc<()>,
}

/// A place among the calls in flight, free again when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    product: Product,
    organization: String,
    /// What CRM charges; Desk tells it with the answer.
    weight: i64,
    _in_flight: Arc<()>,
    _heavy: Option<Arc<()>>,
}

impl Limits {
    pub(super) fn new(strict: bool, default_organization: String) -> Self {
        Limits {
            strict,
            enforced: strict,
            desk: DESK,
            crm: CRM,
            default_organization,
            desk_books: BTreeMap::new(),
            crm_book: Book::default(),
        }
    }

    /// Nothing used, and the limits of the first day; calls in flight stay so.
    pub(super) fn forget(&mut self) {
        (self.enforced, self.desk, self.crm) = (self.strict, DESK, CRM);
        for book in self.desk_books.values_mut().chain([&mut self.crm_book]) {
            book.used.clear();
            book.total = 0;
        }
    }

    /// A seat for a call to Desk or CRM, or Zoho's refusal.
    pub(super) fn enter(&mut self, call: &Call, now: Timestamp) -> Result<Option<Seat>, Reply> {
        let product = Product::of(call.uri.path());
        let allowance = match product {
            Product::Accounts => return Ok(None),
            Product::Desk => self.desk,
            Product::Crm => self.crm,
        };
        let (enforced, organization) = (self.enforced, self.organization(product, call));
        let (since, heavy) = (
            since(product, now),
            product == Product::Crm && cost::is_heavy(call),
        );
        let book = self.book(product, &organization);
        let crowded = others(&book.in_flight) >= allowance.concurrent
            || heavy && others(&book.heavy) >= allowance.heavy;
        if enforced && crowded {
            return Err(too_many(product));
        }
        if enforced && book.used_since(since) >= allowance.credits {
            return Err(match product {
                Product::Desk => spent(since + DAY_S - now.as_second()),
                _ => too_many(product),
            });
        }
        Ok(Some(Seat {
            product,
            weight: if product == Product::Crm {
                cost::of(call)
            } else {
                0
            },
            _in_flight: book.in_flight.clone(),
            _heavy: heavy.then(|| book.heavy.clone()),
            organization,
        }))
    }

    /// Charges an answered call and tells what is left the way the product does.
    pub(super) fn charge(&mut self, seat: &Seat, now: Timestamp, reply: &mut Reply) {
        if reply.status == 401 {
            return;
        }
        let (desk, crm, since) = (self.desk.credits, self.crm.credits, since(seat.product, now));
        let book = self.book(seat.product, &seat.organization);
        if seat.product == Product::Desk {
            let Some(weight) = reply.header(WEIGHT).and_then(|weight| weight.parse().ok()) else {
                return;
            };
            book.charge(now.as_second(), weight);
            let left = desk - book.used_since(since);
            reply.set(REMAINING, left.max(0).to_string());
        } else {
            book.charge(now.as_second(), seat.weight);
            let left = crm - book.used_since(since);
            // Told only once half of them are gone.
            if left * 2 <= crm {
                reply.set("x-api-credits-remaining", left.max(0).to_string());
            }
        }
    }

    fn organization(&self, product: Product, call: &Call) -> String {
        if product == Product::Crm {
            return String::new();
        }
        let sent = call.headers.get("orgid").and_then(|id| id.to_str().ok());
        sent.unwrap_or(&self.default_organization).trim().to_owned()
    }

    fn book(&mut self, product: Product, organization: &str) -> &mut Book {
        if product == Product::Crm {
            return &mut self.crm_book;
        }
        if !self.desk_books.contains_key(organization) {
            self.desk_books.insert(organization.to_owned(), Book::default());
        }
        self.desk_books.get_mut(organization).unwrap()
    }
}

/// The second from which on used credits count.
fn since(product: Product, now: Timestamp) -> i64 {
    let now = now.as_second();
    match product {
        Product::Crm => now - DAY_S + 1,
        _ => now - now.rem_euclid(DAY_S),
    }
}

/// How many seats share this with the book.
fn others(shared: &Arc<()>) -> usize {
    Arc::strong_count(shared) - 1
}

impl Book {
    fn charge(&mut self, second: i64, credits: i64) {
        self.total += credits;
        match self.used.back_mut() {
            Some((at, used)) if *at == second => *used += credits,
            _ => self.used.push_back((second, credits)),
        }
    }

    /// The credits used from this second on; older ones never count again.
    fn used_since(&mut self, since: i64) -> i64 {
        while let Some((_, credits)) = self.used.pop_front_if(|(at, _)| *at < since) {
            self.total -= credits;
        }
        self.total
    }
}

/// 429 of a crowded organization, which never says when to come back.
fn too_many(product: Product) -> Reply {
    let message = "The maximum number of Concurrent API Calls that can be made has been exceeded.";
    let body = match product {
        Product::Desk => json!({ "errorCode": "TOO_MANY_REQUESTS", "message": message }),
        _ => json!({
            "code": "TOO_MANY_REQUESTS",
            "details": {},
            "message": "You have exceeded the API limit. Please try again later.",
            "status": "error",
        }),
    };
    Reply::json(429, &body)
}

/// Desk's 429 of a day whose credits are used up, with the seconds until midnight.
fn spent(seconds: i64) -> Reply {
    let message = "The number of API calls for this day has exceeded the limit.";
    let body = json!({ "errorCode": "THRESHOLD_EXCEEDED", "message": message });
    Reply::json(429, &body).with("retry-after", seconds.to_string())
}
