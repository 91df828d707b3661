//! What is served is what Zoho's own OpenAPI declares.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use zoho_mcp::sandbox::desk::routes::ROUTES;

use super::tester::Tester;

#[derive(Deserialize)]
struct Facts {
    source: String,
    /// Paths that no operation declares but that answers name as `href`: downloads.
    links: BTreeSet<String>,
    operations: Vec<Operation>,
}

#[derive(Deserialize)]
struct Operation {
    method: String,
    path: String,
    query: BTreeSet<String>,
}

fn facts() -> Facts {
    serde_json::from_str(include_str!("../facts/desk-operations.json")).unwrap()
}

#[test]
fn every_route_is_official_with_its_parameters() {
    let facts = facts();
    assert_eq!(facts.source, "Zoho Desk OpenAPI v1.0");
    let declared: BTreeMap<(String, String), BTreeSet<String>> = facts
        .operations
        .into_iter()
        .map(|operation| ((operation.method, operation.path), operation.query))
        .collect();
    for route in ROUTES.iter() {
        if facts.links.contains(&route.path) {
            assert!(
                route.method == "GET" && route.query.is_empty(),
                "{} is a plain download",
                route.path
            );
            continue;
        }
        let query = declared.get(&(route.method.clone(), route.path.clone()));
        let query = query.unwrap_or_else(|| panic!("{} {} is not official", route.method, route.path));
        for name in route.query.keys() {
            assert!(
                query.contains(name),
                "{} {} does not declare {name}",
                route.method,
                route.path
            );
        }
    }
}

#[test]
fn no_route_is_there_twice() {
    let mut seen = BTreeSet::new();
    for route in ROUTES.iter() {
        assert!(
            seen.insert((&route.method, &route.path)),
            "{} {} twice",
            route.method,
            route.path
        );
    }
    assert!(seen.len() > 300);
}

#[test]
fn every_read_answers() {
    let mut tester = Tester::new(60);
    let ticket = tester
        .rows("/tickets?limit=100")
        .into_iter()
        .find(|row| row["commentCount"] != "0" && row["threadCount"] != "0");
    let ticket = ticket.unwrap()["id"].as_str().unwrap().to_owned();
    let reads = ROUTES.iter().filter(|route| route.method == "GET");
    // There is no export to fetch.
    for route in reads.filter(|route| route.path != "/downloadBulkExportFile") {
        let Some(path) = filled(&mut tester, &route.path, &ticket) else {
            continue;
        };
        let mut query = Vec::new();
        for (name, param) in route.query.iter().filter(|(_, param)| param.required) {
            query.push(format!(
                "{name}={}",
                value_for(&mut tester, &path, name, &param.values)
            ));
        }
        let reply = tester.raw(&tester.request("GET", &format!("{path}?{}", query.join("&"))));
        let body = String::from_utf8_lossy(&reply.body);
        assert!(
            matches!(reply.status, 200 | 204),
            "GET {path}?{}: {} {body}",
            query.join("&"),
            reply.status
        );
    }
}

/// The path with ids that exist; `None` where nothing of the kind is seeded.
fn filled(tester: &mut Tester, path: &str, ticket: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/').skip(1) {
        let value = match part {
            "{emailId}" => tester.read("/myinfo")["emailId"].as_str()?.to_owned(),
            "{zuid}" => tester.read("/myinfo")["zuid"].as_str()?.to_owned(),
            "{ticketId}" | "{caseId}" | "{requestId}" => ticket.to_owned(),
            "{tagId}" => tester.rows("/ticketTags?departmentId=0").first()?["id"]
                .as_str()?
                .to_owned(),
            "{moduleApiName}" => "cm_service_vehicles".to_owned(),
            "{locale}" => "en".to_owned(),
            "{sectionId}" => tester.rows("/articles")[0]["categoryId"].as_str()?.to_owned(),
            "{channelCode}" => "EMAIL".to_owned(),
            // Nobody has begun any.
            "{uploadId}" | "{exportId}" | "{webhookId}" => return None,
            "{attachmentId}" if parts.iter().any(|part| part == "threads" || part == "comments") => {
                return None;
            }
            _ if part.starts_with('{') => {
                let list = format!("/{}", parts.join("/"));
                let required = match list.as_str() {
                    "/fields" | "/organizationFields" | "/layouts" | "/views" => "?module=tickets",
                    "/mailReplyAddress" => "?departmentId=allDepartment",
                    "/templates" | "/templateFolders" | "/skills" => {
                        let department = tester.rows("/departments")[0]["id"].clone();
                        &format!("?departmentId={}", department.as_str()?)
                    }
                    _ => "",
                };
                let row = tester.rows(&format!("{list}{required}")).first()?.clone();
                let ids = ["id", "templateId", "folderId"].map(|key| row[key].clone());
                ids.iter().find_map(|id| id.as_str())?.to_owned()
            }
            literal => literal.to_owned(),
        };
        parts.push(value);
    }
    Some(format!("/{}", parts.join("/")))
}

fn value_for(tester: &mut Tester, path: &str, name: &str, values: &[String]) -> String {
    let first = |tester: &mut Tester, list: &str| tester.rows(list)[0]["id"].as_str().unwrap().to_owned();
    match (values.first(), name) {
        (Some(value), _) => value.clone(),
        (None, "departmentId" | "departmentIds") => first(tester, "/departments"),
        (None, "department") => "allDepartment".to_owned(),
        (None, "agentIds") => first(tester, "/agents"),
        (None, "roleIds") => first(tester, "/roles"),
        (None, "contactId" | "ids") => first(tester, "/contacts"),
        (None, "layoutId") => first(tester, "/layouts?module=tickets"),
        (None, "viewId") => {
            let module = path
                .split('/')
                .nth(1)
                .filter(|module| *module != "ticketQueueView")
                .unwrap_or("tickets");
            first(tester, &format!("/views?module={module}"))
        }
        (None, "module") => "tickets".to_owned(),
        (None, "departmentName") => "Support".to_owned(),
        (None, "productName") => "Beacon Sensor".to_owned(),
        (None, "isFirstResponse") => "true".to_owned(),
        (None, "permalink") if path.starts_with("/kb") => "help".to_owned(),
        (None, "permalink") => "returning-goods".to_owned(),
        (None, "locale") => "en".to_owned(),
        (None, "searchString" | "tag") => "gateway".to_owned(),
        (None, other) => panic!("no value for {other}"),
    }
}
