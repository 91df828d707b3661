//! Scopes: which exist, and what they mean in words.

/// Services that take OAuth scopes, with the name people know them by.
const SERVICES: &[(&str, &str)] = &[
    ("Desk", "Zoho Desk"),
    ("ZohoCRM", "Zoho CRM"),
    ("ZohoSearch", "Zoho Search"),
    ("AaaServer", "Zoho Accounts"),
    ("ZohoFiles", "Zoho Files"),
    ("WorkDrive", "Zoho WorkDrive"),
    ("ZohoMail", "Zoho Mail"),
    ("ZohoBooks", "Zoho Books"),
    ("ZohoProjects", "Zoho Projects"),
    ("ZohoCalendar", "Zoho Calendar"),
];

/// Areas of Desk scopes, as its published API declares them.
const DESK_AREAS: &[&str] = &[
    "accounts",
    "activities",
    "activities.calls",
    "activities.events",
    "activities.tasks",
    "agents",
    "articles",
    "automations",
    "basic",
    "calls",
    "community",
    "contacts",
    "contracts",
    "custommodule",
    "departments",
    "events",
    "exports",
    "extensions",
    "feeds",
    "fields",
    "forums",
    "imports",
    "instantmessages",
    "integrations",
    "layouts",
    "modules",
    "organization",
    "permissions",
    "phonebridge",
    "products",
    "qaautomation",
    "search",
    "settings",
    "tasks",
    "teams",
    "templates",
    "tickets",
    "webhooks",
    "zia",
];

const OPERATIONS: &[&str] = &[
    "ALL", "READ", "CREATE", "UPDATE", "DELETE", "WRITE", "CUSTOM", "EXECUTE", "VIEW",
];

/// What the ready-made refresh token holds.
pub(super) fn everything() -> Vec<String> {
    let desk = DESK_AREAS
        .iter()
        .filter(|area| !matches!(**area, "search" | "imports" | "exports"));
    let mut scopes: Vec<String> = desk.map(|area| format!("Desk.{area}.ALL")).collect();
    let others = [
        "Desk.search.READ",
        "Desk.exports.CUSTOM",
        "ZohoCRM.composite_requests.CUSTOM",
        "ZohoCRM.send_mail.all.CREATE",
        "ZohoCRM.share.ALL",
        "ZohoCRM.templates.ALL",
        "ZohoCRM.modules.ALL",
        "ZohoCRM.settings.ALL",
        "ZohoCRM.users.ALL",
        "ZohoCRM.org.ALL",
        "ZohoCRM.coql.READ",
        "ZohoCRM.bulk.ALL",
        "ZohoCRM.notifications.ALL",
        "ZohoCRM.mass_update.ALL",
        "ZohoCRM.change_owner.CREATE",
        "ZohoCRM.files.CREATE",
        "ZohoCRM.files.READ",
        "ZohoFiles.files.ALL",
        "ZohoSearch.securesearch.READ",
        "AaaServer.profile.READ",
    ];
    scopes.extend(others.map(str::to_owned));
    scopes
}

/// A list with commas (or spaces) between; `None` when it is empty or one of them does not exist.
pub(super) fn parse(text: &str) -> Option<Vec<String>> {
    let scopes: Vec<String> = text
        .split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    (!scopes.is_empty() && scopes.iter().all(|scope| exists(scope))).then_some(scopes)
}

/// `Service.area[.part].OPERATION`, without regard to case.
fn exists(scope: &str) -> bool {
    let Some((service, area, operation)) = parts(scope) else {
        return false;
    };
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let known = SERVICES
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case(service));
    let desk = service.eq_ignore_ascii_case("Desk");
    known
        && area.split('.').count() <= 3
        && area.split('.').all(word)
        && OPERATIONS.iter().any(|name| name.eq_ignore_ascii_case(operation))
        && (!desk || DESK_AREAS.iter().any(|name| name.eq_ignore_ascii_case(area)))
}

fn parts(scope: &str) -> Option<(&str, &str, &str)> {
    let (service, rest) = scope.split_once('.')?;
    let (area, operation) = rest.rsplit_once('.')?;
    Some((service, area, operation))
}

/// Whether a scope lets its holder see who the user is.
pub(super) fn allows_profile(scope: &str) -> bool {
    ["AaaServer.profile.READ", "AaaServer.profile.ALL"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(scope))
}

/// One line of the consent page: all that is asked for in one area of a product.
pub(super) struct Line {
    pub(super) product: &'static str,
    pub(super) area: String,
    pub(super) actions: Vec<&'static str>,
}

/// Scopes in words, in the order asked for.
pub(super) fn in_words(scopes: &[String]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (service, area, operation) in scopes.iter().filter_map(|scope| parts(scope)) {
        let named = SERVICES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(service));
        let (product, area) = (named.map_or("Zoho", |(_, name)| *name), area_in_words(area));
        let action = action(operation);
        match lines
            .iter_mut()
            .find(|line| line.product == product && line.area == area)
        {
            Some(line) if line.actions.contains(&action) => {}
            Some(line) => line.actions.push(action),
            None => lines.push(Line {
                product,
                area,
                actions: vec![action],
            }),
        }
    }
    lines.sort_by_key(|line| SERVICES.iter().position(|(_, name)| *name == line.product));
    lines
}

fn action(operation: &str) -> &'static str {
    match operation.to_ascii_uppercase().as_str() {
        "READ" => "view",
        "CREATE" => "create",
        "UPDATE" => "edit",
        "DELETE" => "delete",
        "WRITE" => "create and edit",
        "ALL" => "full access",
        _ => "use",
    }
}

fn area_in_words(area: &str) -> String {
    match area.to_ascii_lowercase().as_str() {
        "basic" => "Organizations, agents and departments".to_owned(),
        "tickets" => "Tickets, threads and comments".to_owned(),
        "contacts" => "Contacts and accounts".to_owned(),
        "modules" => "Records of every module".to_owned(),
        "coql" => "Queries across modules".to_owned(),
        "custommodule" => "Custom modules".to_owned(),
        "org" => "Organization profile".to_owned(),
        "securesearch" | "search" => "Search".to_owned(),
        "profile" => "Your name and e-mail address".to_owned(),
        other => {
            let words = other.replace('_', " ").replace('.', ": ");
            let mut letters = words.chars();
            letters
                .next()
                .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}
