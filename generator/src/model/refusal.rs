//! What an API says when it refuses: its status, code and parameter, and the trouble behind them. The message may quote
//! the prompt or the key, so it is only searched for marks, never passed on.

use http_client::{Body, HttpResponse, code, response::whole_seconds};
use reqwest::header::HeaderMap;
use serde_json::Value;
use shared::{error_type::ErrorType, failure::Failure};

use super::{body, failures::LANGUAGE_MODEL, troubles::Trouble, waits};

/// In bytes: a refusal is short, and a longer one is told by its status.
const LONGEST: usize = 64 * 1024;

/// A refusal, by status or inside a success.
#[derive(Debug, Default)]
pub(super) struct Refusal {
    /// Of the answer, or the one that an error inside a 200 names.
    pub(super) status: u16,
    /// The API's error code, else the type of its error.
    code: Option<String>,
    /// The parameter that is refused.
    param: Option<String>,
    pub(super) trouble: Option<Trouble>,
    /// In seconds.
    retry_after: Option<u32>,
    /// In tokens: the limit that the message names.
    pub(super) limit: Option<u32>,
}

impl Refusal {
    /// Reads an answer with an error status; `code` is one that the headers name.
    pub(super) fn of(reply: &HttpResponse, named: Option<&str>) -> Self {
        let body = match &reply.body {
            Body::Whole(bytes) if bytes.len() <= LONGEST => body::decoded(bytes).ok(),
            _ => None,
        };
        let body = body.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null);
        let refusal = Self::read(reply.status, &body, named);
        let waits = reply.retry_after().or_else(|| waits::of_limits(&reply.headers)).or(refusal.retry_after);
        Self { retry_after: waits, ..refusal }
    }

    /// Reads the error inside a success: its numeric code counts as a status, a missing one as 500.
    pub(super) fn inside(error: &Value, headers: &HeaderMap) -> Self {
        let named = ["code", "status", "status_code"].into_iter().find_map(|key| number(error.get(key)?));
        let status = named.filter(|status| (400..=599).contains(status)).unwrap_or(500);
        let refusal = Self::read(status, error, None);
        Self { retry_after: waits::of_limits(headers).or(refusal.retry_after), ..refusal }
    }

    /// The model wrote what the API could not take for a call of its tool.
    pub(super) fn misshapen() -> Self {
        Self { status: 502, trouble: Some(Trouble::Misshapen), ..Self::default() }
    }

    fn read(status: u16, body: &Value, named: Option<&str>) -> Self {
        let body = body.as_array().and_then(|list| list.first()).unwrap_or(body);
        let error = body.get("error").filter(|error| !error.is_null()).unwrap_or(body);
        let near = |key: &str| error.get(key).or_else(|| body.get(key)).and_then(Value::as_str);
        let is_name = |text: &&str| code(text).is_some() && !text.bytes().all(|byte| byte.is_ascii_digit());
        let code = named
            .filter(is_name)
            .or_else(|| ["code", "type", "status", "error_type", "__type"].into_iter().filter_map(near).find(is_name));
        let param = near("param").filter(is_name);
        let mut said = String::new();
        texts(error, 4, &mut said);
        let said = said.to_lowercase();
        let wait = waits::of_body(error, &said);
        let (named, param_named) = (code.unwrap_or_default(), param.unwrap_or_default());
        Self {
            status,
            trouble: Trouble::of(status, named, param_named, &said, wait.is_some()),
            code: code.map(str::to_owned),
            param: param.map(str::to_owned),
            retry_after: wait.map(clamped),
            limit: smallest_number(&said),
        }
    }

    /// The failure, with what an operator can do about it.
    pub(super) fn failure(&self, reply: &HttpResponse) -> Failure {
        let shown = HttpResponse { status: self.status, headers: HeaderMap::new(), body: Body::Unread };
        let names: Vec<&str> = [&self.code, &self.param].into_iter().flatten().map(String::as_str).collect();
        let names = names.join(", ");
        let failure = LANGUAGE_MODEL.classify_status(&shown, (!names.is_empty()).then_some(names.as_str()));
        let error_type = match self.trouble {
            Some(trouble) => trouble.error_type().unwrap_or(failure.error_type),
            // Cloudflare: the server behind it did not answer in time.
            None if matches!(self.status, 522 | 524) => ErrorType::LlmTimeout,
            None => failure.error_type,
        };
        let advice = self.trouble.map(Trouble::advice).unwrap_or_default();
        let text =
            if advice.is_empty() { failure.service_error } else { format!("{}: {advice}", failure.service_error) };
        let upstream_status = if reply.is_success() { Some(self.status) } else { Some(reply.status) };
        Failure { upstream_status, retry_after: self.retry_after, ..Failure::new(error_type, text) }
    }
}

/// A number, or a number as text.
fn number(value: &Value) -> Option<u16> {
    let count = value.as_u64().and_then(|count| u16::try_from(count).ok());
    count.or_else(|| value.as_str().and_then(|text| text.parse().ok()))
}

/// Appends all texts of `value`, to the given depth: some APIs pass on their provider's refusal inside their own.
fn texts(value: &Value, depth: usize, said: &mut String) {
    match value {
        Value::String(text) => {
            said.push_str(text);
            said.push('\n');
        }
        Value::Array(items) if depth > 0 => items.iter().for_each(|item| texts(item, depth - 1, said)),
        Value::Object(entries) if depth > 0 => entries.values().for_each(|item| texts(item, depth - 1, said)),
        _ => {}
    }
}

fn clamped(seconds: f64) -> u32 {
    u32::try_from(whole_seconds(seconds).clamp(1, 3600)).unwrap_or(3600)
}

/// The smallest number of at least 256 in a text: of "8192 > 4096" the limit.
fn smallest_number(text: &str) -> Option<u32> {
    let numbers = text.split(|c: char| !c.is_ascii_digit() && c != ',').map(|digits| digits.replace(',', ""));
    numbers.filter_map(|digits| digits.parse().ok()).filter(|number| *number >= 256).min()
}
