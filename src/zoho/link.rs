//! Addresses of records as a person opens them in a browser.

/// A Desk record: `https://{host}/support/{portal}/ShowHomePage.do#{tab}/dv/{id}`. A `webUrl` in the record
/// itself is better, because a portal may have a domain of its own.
pub fn desk_record(desk_host: &str, portal: &str, tab: &str, id: &str) -> String {
    format!("https://{desk_host}/support/{portal}/ShowHomePage.do#{tab}/dv/{id}")
}

/// A CRM record: `https://{host}/crm/org{number}/tab/{tab}/{id}`; without the organization number the address
/// that finds it by module, which needs the module's API name.
pub fn crm_record(crm_host: &str, organization: Option<&str>, tab: &str, module: &str, id: &str) -> String {
    match organization.filter(|number| !number.is_empty()) {
        Some(number) => format!("https://{crm_host}/crm/org{number}/tab/{tab}/{id}"),
        None => format!("https://{crm_host}/crm/EntityInfo.do?module={module}&id={id}"),
    }
}
