//! Addresses of records as a person opens them in a browser.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

use super::data_center::DataCenter;

/// What a segment may hold as it is (RFC 3986, 2.3), and the braces of a table's `{id}`.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'{')
    .remove(b'}');

/// What may stand in an address and yet end one that stands in a text, or open another.
const LOUD: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'|');

/// An address that came with a record, written so that it stays one in any text; none that does not lead to a page of Zoho's:
/// a customer or an administrator may have written it.
pub fn zoho_page(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let mut hosts = DataCenter::ALL
        .iter()
        .flat_map(|center| [center.desk_host, center.crm_host]);
    let is_zoho = hosts.any(|known| url.host_str() == Some(known));
    let is_plain = url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (is_zoho && is_plain).then(|| utf8_percent_encode(url.as_str(), LOUD).to_string())
}

/// Whether a text is the id of a record: Zoho's are numbers of 64 bits. Nothing else is put into an address.
pub fn is_record_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_ok()
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
