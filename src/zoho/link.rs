//! Addresses of records as a person opens them in a browser.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::data_center::DataCenter;

/// What a segment may hold as it is (RFC 3986, 2.3), and the braces of a table's `{id}`.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'{')
    .remove(b'}');

/// Whether an address that came with a record leads to a page of Zoho's: a customer or an administrator may have written it.
pub fn leads_to_zoho(address: &str) -> bool {
    let behind = address.strip_prefix("https://").unwrap_or_default();
    let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
    let mut hosts = DataCenter::ALL
        .iter()
        .flat_map(|center| [center.desk_host, center.crm_host]);
    hosts.any(|known| known == host)
}

/// A Desk record: `https://{host}/support/{portal}/ShowHomePage.do#{tab}/dv/{id}`. A `webUrl` in the record
/// itself is better, because a portal may have a domain of its own.
pub fn desk_record(desk_host: &str, portal: &str, tab: &str, id: &str) -> String {
    let (portal, id) = (plain(portal), plain(id));
    format!("https://{desk_host}/support/{portal}/ShowHomePage.do#{tab}/dv/{id}")
}

/// A CRM record: `https://{host}/crm/org{number}/tab/{tab}/{id}`; without the organization number the address
/// that finds it by module, which needs the module's API name.
pub fn crm_record(crm_host: &str, organization: Option<&str>, tab: &str, module: &str, id: &str) -> String {
    let (id, tab) = (plain(id), plain(tab));
    match organization.filter(|number| !number.is_empty()) {
        Some(number) => format!("https://{crm_host}/crm/org{number}/tab/{tab}/{id}"),
        None => format!("https://{crm_host}/crm/EntityInfo.do?module={module}&id={id}"),
    }
}

fn plain(segment: &str) -> String {
    utf8_percent_encode(segment, PLAIN).to_string()
}
