//! A person with a browser, for the pages of a consent.

/// A browser without a window: one request, its redirect not followed.
pub(crate) struct Visitor(reqwest::Client);

impl Visitor {
    pub(crate) fn new() -> Self {
        let client = crate::bed::http().redirect(reqwest::redirect::Policy::none());
        Visitor(client.build().unwrap())
    }

    /// Says yes on a consent page and gives the address it leads back to.
    pub(crate) async fn allow(&self, page: &str) -> url::Url {
        self.redirected(&format!("{page}&auto_approve=true")).await
    }

    /// Where a page leads.
    pub(crate) async fn redirected(&self, page: &str) -> url::Url {
        let answer = self.0.get(page).send().await.unwrap();
        let location = answer.headers().get("location").expect("a redirect");
        url::Url::parse(location.to_str().unwrap()).unwrap()
    }

    /// Loads a page as another web page makes a browser do it.
    pub(crate) async fn try_from_a_page(&self, page: &str) -> String {
        let request = self.0.get(page).header("sec-fetch-site", "cross-site");
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Loads a page.
    pub(crate) async fn open(&self, page: &str) -> String {
        self.0.get(page).send().await.unwrap().text().await.unwrap()
    }
}

/// The address a consent page leads back to, with other parameters.
pub(crate) fn back_from(page: &str, parameters: &[(&str, &str)]) -> String {
    let page = url::Url::parse(page).unwrap();
    let of = |wanted: &str| {
        let found = page.query_pairs().find(|(name, _)| name == wanted);
        found.unwrap().1.into_owned()
    };
    let mut back = url::Url::parse(&of("redirect_uri")).unwrap();
    back.query_pairs_mut()
        .append_pair("state", &of("state"))
        .extend_pairs(parameters);
    back.into()
}
