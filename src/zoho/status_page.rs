//! What Zoho's public status page says of its services: asked when a person asks for it, with no token and of nobody.

use quick_xml::Reader;
use quick_xml::events::Event;
use url::Url;

use super::ZohoClient;
use super::error::ZohoError;
use super::http::Broken;

/// The page of the data center `us` as a feed: an item a service, titled `{service} - {state}`. Zoho documents no form of it;
/// so public programs read it (seen in 2026). The pages of other data centers ask for a sign-in.
const FEED: &str = "https://us.zohostatus.com/rss";

/// What stands between a service and its state.
const BETWEEN: &str = " - ";

/// A service of Zoho's, as its status page has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceState {
    /// As `Zoho Desk`.
    pub service: String,
    /// As `Operational`.
    pub state: String,
}

impl ZohoClient {
    /// Every service that the status page of the data center `us` lists; a sandbox is asked for the same feed.
    ///
    /// # Errors
    /// `Unavailable`: the page cannot be reached, or is no such feed.
    pub async fn service_states(&self) -> Result<Vec<ServiceState>, ZohoError> {
        let feed = match self.0.hosts.sandbox() {
            Some(sandbox) => format!("{sandbox}/rss"),
            None => FEED.to_owned(),
        };
        let url = Url::parse(&feed).map_err(|error| ZohoError::Internal {
            message: error.to_string(),
        })?;
        let client = self.0.http.client(&url).map_err(unreachable)?;
        let answer = self.0.http.send(client.get(url)).await.map_err(unreachable)?;
        let states = std::str::from_utf8(&answer.body).ok().and_then(read);
        match states.filter(|states| answer.status == 200 && !states.is_empty()) {
            Some(states) => Ok(states),
            None => Err(ZohoError::unavailable(format!(
                "The status page answers with what cannot be read (status {})",
                answer.status
            ))),
        }
    }
}

fn unreachable(broken: Broken) -> ZohoError {
    let why = match broken {
        Broken::NotSent(why) | Broken::Cut(why) | Broken::TimedOut(why) | Broken::Unwritable(why) => why,
        Broken::TooLarge => "its answer is too large".to_owned(),
    };
    ZohoError::unavailable(format!("The status page cannot be reached ({why})"))
}

/// The titles of the items; none where it is no XML.
fn read(feed: &str) -> Option<Vec<ServiceState>> {
    let mut reader = Reader::from_str(feed);
    let (mut in_item, mut in_title) = (false, false);
    let (mut title, mut states) = (String::new(), Vec::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "item" => in_item = true,
                "title" => (in_title, title) = (in_item, String::new()),
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "item" => in_item = false,
                "title" if in_title => {
                    in_title = false;
                    states.extend(title.rsplit_once(BETWEEN).map(|(service, state)| ServiceState {
                        service: service.trim().to_owned(),
                        state: state.trim().to_owned(),
                    }));
                }
                _ => {}
            },
            Event::Text(text) if in_title => title.push_str(&text.xml10_content()),
            Event::CData(text) if in_title => title.push_str(&text.xml10_content()),
            Event::Eof => return Some(states),
            _ => {}
        }
    }
}
