//! The pages people see: consent, the device flow, and what went wrong.

use std::fmt::Write;

use url::Url;

use super::{
    super::{
        http::Reply,
        people::{Identity, identities},
    },
    scope::Line,
};

const SHELL: &str = include_str!("page.html");

/// Asks whether a client may have what it wants.
pub(super) fn consent(seed: u64, asked: &Identity, lines: &[Line], back: &Url) -> Reply {
    let host = back.host_str().unwrap_or_default();
    let port = back.port_or_known_default().unwrap_or(80);
    let after = format!(
        "You will be taken to <strong>{}:{port}</strong> afterwards.",
        escape(host)
    );
    choice(seed, asked, lines, &after, "")
}

/// The same question for a device.
pub(super) fn device_consent(seed: u64, asked: &Identity, lines: &[Line], user_code: &str) -> Reply {
    let code = escape(user_code);
    let after = format!("You are connecting the device that shows <strong>{code}</strong>.");
    let field = format!("<input type=\"hidden\" name=\"user_code\" value=\"{code}\">");
    choice(seed, asked, lines, &after, &field)
}

fn choice(seed: u64, asked: &Identity, lines: &[Line], after: &str, field: &str) -> Reply {
    let mut body = String::from("<h1>Allow Sandbox Client to use your data?</h1>");
    let _ = write!(
        body,
        "<div class=\"user\"><label for=\"person\">Signed in as</label>{}</div>",
        people(seed, asked)
    );
    body.push_str("<section tabindex=\"0\" aria-label=\"What it may do\">");
    let mut product = "";
    for line in lines {
        if line.product != product {
            let end = if product.is_empty() { "" } else { "</ul>" };
            product = line.product;
            let _ = write!(body, "{end}<h2>{product}</h2><ul>");
        }
        let _ = write!(
            body,
            "<li><span>{}</span><em>{}</em></li>",
            escape(&line.area),
            line.actions.join(", ")
        );
    }
    let _ = write!(
        body,
        "</ul></section><p class=\"soft\">{after} You can take this permission back at any time.</p>\
         <form id=\"choice\" method=\"post\">{field}\
         <button id=\"deny\" name=\"decision\" value=\"deny\">Deny</button>\
         <button id=\"allow\" class=\"main\" name=\"decision\" value=\"allow\">Allow</button></form>"
    );
    Reply::html(200, page("Allow access", &body))
}

/// Everybody who can sign in; whoever is chosen is whom the token belongs to.
fn people(seed: u64, asked: &Identity) -> String {
    let mut list = String::from("<select id=\"person\" name=\"person\" form=\"choice\">");
    for identity in identities() {
        let person = identity.person(seed);
        let _ = write!(
            list,
            "<option value=\"{}\"{}>{} {}, {}: {}</option>",
            escape(&identity.id),
            if identity == asked { " selected" } else { "" },
            escape(&person.first_name),
            escape(&person.last_name),
            escape(&person.email),
            escape(&identity.is),
        );
    }
    list.push_str("</select>");
    list
}

/// Where the user types the code their device shows, once more where what was typed before is none.
pub(super) fn device_entry(problem: Option<&str>) -> Reply {
    let told = problem.map(|problem| {
        format!(
            "<p class=\"bad\" id=\"problem\" role=\"alert\">{}</p>",
            escape(problem)
        )
    });
    let body = format!(
        "<h1>Connect a device</h1><p>Type the code that your device shows.</p>{}<form method=\"get\">\
         <input name=\"user_code\" aria-label=\"Code\" autocomplete=\"off\" autofocus required>\
         <button class=\"main\">Continue</button></form>",
        told.as_deref().unwrap_or_default()
    );
    let status = if problem.is_some() { 400 } else { 200 };
    Reply::html(status, page("Connect a device", &body))
}

/// The end of the device flow.
pub(super) fn device_done(allowed: bool) -> Reply {
    let (class, text) = if allowed {
        ("good", "Your device is connected. You can close this page.")
    } else {
        ("bad", "Your device was not connected.")
    };
    Reply::html(
        200,
        page("Connect a device", &format!("<h1 class=\"{class}\">{text}</h1>")),
    )
}

/// An authorization request that is wrong; nothing is sent back to the client.
pub(super) fn refused(problem: &str) -> Reply {
    let body = format!(
        "<h1 class=\"bad\">This request cannot be granted</h1><p id=\"problem\">{}</p>\
         <p class=\"soft\">The application that sent you here made the request; its developer can mend it.</p>",
        escape(problem)
    );
    Reply::html(400, page("Error", &body))
}

/// A path the accounts server does not have.
pub(crate) fn not_found() -> Reply {
    let body = "<h1>Page not found</h1><p>There is nothing at this address.</p>";
    Reply::html(404, page("Page not found", body))
}

/// A token that cannot be revoked is answered with a page, not with JSON.
pub(super) fn bad_request() -> Reply {
    let body = "<h1>Bad request</h1><p>The request could not be understood.</p>";
    Reply::html(400, page("Bad request", body))
}

/// What an API call gets from a proxy that wants its user to sign in.
pub(crate) fn sign_in() -> String {
    page(
        "Sign in",
        "<h1>Sign in</h1><p>Your session has ended. Sign in to go on.</p>",
    )
}

/// What a gateway says when nothing behind it answers.
pub(crate) fn gateway(status: u16) -> String {
    let reason = if status == 504 {
        "Gateway Timeout"
    } else {
        "Bad Gateway"
    };
    format!(
        "<html><head><title>{status} {reason}</title></head><body><h1>{status} {reason}</h1></body></html>"
    )
}

fn page(title: &str, body: &str) -> String {
    SHELL.replace("{{title}}", title).replace("{{body}}", body)
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
