//! Desk's error answers: `errorCode`, `message` and, for INVALID_DATA, the list of fields.

use serde_json::{Value, json};

use crate::http::Reply;

/// Why a call is refused, in Desk's words.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    errors: Vec<Value>,
}

impl Refusal {
    fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Refusal {
            status,
            code,
            message: message.into(),
            errors: Vec::new(),
        }
    }

    /// 404: no such path, or no such record in the path.
    pub(crate) fn not_found() -> Self {
        Self::new(404, "URL_NOT_FOUND", "The URL you requested could not be found.")
    }

    /// 405: the path exists with another method.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(
            405,
            "METHOD_NOT_ALLOWED",
            "The HTTP method is not allowed for the requested resource.",
        )
    }

    /// 401: no `Authorization` header that could be a token.
    pub(crate) fn unauthorized() -> Self {
        Self::new(
            401,
            "UNAUTHORIZED",
            "You are not authenticated to perform this operation.",
        )
    }

    /// 401: a token that is unknown, expired or revoked.
    pub(crate) fn invalid_token() -> Self {
        Self::new(401, "INVALID_OAUTH", "The OAuth Token you provided is invalid.")
    }

    /// 403: the token lacks the scope; Desk does not name it.
    pub(crate) fn scope_mismatch() -> Self {
        Self::new(
            403,
            "SCOPE_MISMATCH",
            "The OAuth Token does not have the required scope to perform this operation.",
        )
    }

    /// 403: the `orgId` is none of the token's portals.
    pub(crate) fn wrong_organization() -> Self {
        Self::new(
            403,
            "OAUTH_ORG_MISMATCH",
            "The OAuthToken is not valid for specified organization",
        )
    }

    /// 403: allowed by the scope, not by the record's state.
    pub(crate) fn forbidden() -> Self {
        Self::new(
            403,
            "FORBIDDEN",
            "You are not authorized to access this resource.",
        )
    }

    /// 400: a body that is no JSON.
    pub(crate) fn bad_request() -> Self {
        Self::new(
            400,
            "BAD_REQUEST",
            "The request could not be parsed. Check the syntax of the request body.",
        )
    }

    /// 413: a file over the limit.
    pub(crate) fn too_big() -> Self {
        Self::new(
            413,
            "RESOURCE_SIZE_EXCEEDED",
            "The size of the file exceeds the allowed limit.",
        )
    }

    /// 415: a content type the operation does not read.
    pub(crate) fn wrong_content_type() -> Self {
        Self::new(
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "The content type of the request is not supported.",
        )
    }

    /// 422: a write without a body.
    pub(crate) fn empty_payload() -> Self {
        Self::new(422, "EMPTY_PAYLOAD", "The request body is empty.")
    }

    /// 422: a query parameter or a business rule.
    pub(crate) fn unprocessable(message: impl Into<String>) -> Self {
        Self::new(422, "UNPROCESSABLE_ENTITY", message)
    }

    /// 422: the value of a query parameter is none of those allowed.
    pub(crate) fn bad_param(name: &str) -> Self {
        Self::unprocessable(format!(
            "The value passed for the '{name}' query parameter is invalid."
        ))
    }

    /// 422: a number outside of its range, for example `'1-100'`.
    pub(crate) fn out_of_range(name: &str, range: &str) -> Self {
        Self::unprocessable(format!(
            "The value passed for field '{name}' exceeds the range of '{range}'."
        ))
    }

    /// 422: a body key that the operation does not know.
    pub(crate) fn extra_key(name: &str) -> Self {
        Self::unprocessable(format!("An extra parameter '{name}' is found"))
    }

    /// 422 INVALID_DATA with one entry an offending field: JSON Pointer and `missing`, `invalid` or `duplicate`.
    pub(crate) fn invalid_data(fields: &[(String, &'static str)]) -> Self {
        let message = "The data does not comply to the validation restrictions defined.";
        let mut refusal = Self::new(422, "INVALID_DATA", message);
        refusal.errors = fields
            .iter()
            .map(|(name, kind)| json!({"fieldName": name, "errorType": kind, "errorMessage": ""}))
            .collect();
        refusal
    }

    /// INVALID_DATA for one field.
    pub(crate) fn invalid_field(pointer: &str, kind: &'static str) -> Self {
        Self::invalid_data(&[(pointer.to_owned(), kind)])
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Reply {
        let mut body = json!({"errorCode": refusal.code, "message": refusal.message});
        if !refusal.errors.is_empty() {
            body["errors"] = Value::Array(refusal.errors);
        }
        Reply::json(refusal.status, &body)
    }
}
