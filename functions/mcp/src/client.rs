//! Who sends a message, and in which revision of the protocol: from its headers and its `_meta`. Nothing is known of earlier
//! messages.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use lambda_http::http::HeaderMap;
use serde_json::json;
use shared::json::{Object, first_chars};

use crate::{
    fault::{Code, Fault},
    message::Message,
};

/// Without a handshake: every request says its version and what its client can do.
pub(crate) const STATELESS: &str = "2026-07-28";
/// With a handshake, the newest first. It makes no session: later requests are served without it as well.
pub(crate) const WITH_HANDSHAKE: [&str; 2] = ["2025-11-25", "2025-06-18"];

const VERSION_HEADER: &str = "mcp-protocol-version";
const METHOD_HEADER: &str = "mcp-method";
const NAME_HEADER: &str = "mcp-name";
const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
const CLIENT: &str = "io.modelcontextprotocol/clientInfo";
/// The extension for work that outlives a request.
pub(crate) const TASKS: &str = "io.modelcontextprotocol/tasks";
/// Of a client's name in the log, in characters.
const LONGEST_NAME: usize = 60;
/// What the header `Mcp-Name` repeats of a method's parameters.
const NAMED: [(&str, &str); 6] = [
    ("tools/call", "name"),
    ("prompts/get", "name"),
    ("resources/read", "uri"),
    ("tasks/get", "taskId"),
    ("tasks/update", "taskId"),
    ("tasks/cancel", "taskId"),
];

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Client {
    pub(crate) is_stateless: bool,
    /// As it calls itself; not verified.
    pub(crate) name: Option<String>,
    /// Can ask its person for the fields of a form.
    pub(crate) asks_its_person: bool,
    /// Follows work in the background as a task.
    pub(crate) follows_tasks: bool,
}

pub(crate) fn supported() -> Vec<&'static str> {
    [STATELESS].into_iter().chain(WITH_HANDSHAKE).collect()
}

impl Client {
    /// # Errors
    /// The version is not known, or a request of the stateless revision lacks something or disagrees with its headers.
    pub(crate) fn of(message: &Message<'_>, headers: &HeaderMap) -> Result<Self, Fault> {
        let meta = message.params.get("_meta").and_then(Object::of);
        let stated = header(headers, VERSION_HEADER)?;
        let is_stateless = message.method != "initialize"
            && (stated == Some(STATELESS) || meta.as_ref().is_some_and(|meta| meta.has(VERSION)));
        if !is_stateless {
            return match stated {
                Some(version) if !WITH_HANDSHAKE.contains(&version) && message.method != "initialize" => {
                    Err(unsupported(version))
                }
                _ => Ok(Self { name: handshake_name(message), ..Self::default() }),
            };
        }
        if message.id.is_none() {
            // A notification: only the header is looked at, and whatever it says is acknowledged.
            return Ok(Self { is_stateless, ..Self::default() });
        }
        let meta = meta.filter(|meta| meta.has(VERSION) && meta.has(CAPABILITIES)).ok_or_else(|| {
            Fault::new(Code::InvalidParams, format!("params._meta must have {VERSION} and {CAPABILITIES}."))
        })?;
        let version = meta.string(VERSION).unwrap_or_default();
        check_headers(message, headers, (stated, &version))?;
        if version != STATELESS {
            return Err(unsupported(&version));
        }
        let capabilities = meta.get(CAPABILITIES).and_then(Object::of).unwrap_or_default();
        let within = |object: &Object<'_>, key: &str| object.get(key).and_then(Object::of).is_some();
        // Without a mode named, a client that elicits shows forms.
        let elicitation = capabilities.get("elicitation").and_then(Object::of);
        let asks_its_person = elicitation.is_some_and(|modes| within(&modes, "form") || !within(&modes, "url"));
        let follows_tasks =
            capabilities.get("extensions").and_then(Object::of).is_some_and(|extensions| within(&extensions, TASKS));
        Ok(Self { is_stateless, name: name_in(&meta, CLIENT), asks_its_person, follows_tasks })
    }
}

fn unsupported(requested: &str) -> Fault {
    let data = json!({"supported": supported(), "requested": first_chars(requested, LONGEST_NAME)});
    Fault { data: Some(data), ..Fault::new(Code::UnsupportedVersion, "Unsupported protocol version") }
}

fn handshake_name(message: &Message<'_>) -> Option<String> {
    if message.method == "initialize" { name_in(&message.params, "clientInfo") } else { None }
}

fn name_in(object: &Object<'_>, key: &str) -> Option<String> {
    let name = object.get(key).and_then(Object::of)?.string("name")?;
    let visible: String = name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    Some(visible).filter(|name| !name.is_empty())
}

/// Proxies route by these headers: what they say has to be what the body says.
fn check_headers(
    message: &Message<'_>,
    headers: &HeaderMap,
    (stated, version): (Option<&str>, &str),
) -> Result<(), Fault> {
    let differs = |name: &str, what: &str| {
        Fault::new(Code::HeaderMismatch, format!("The header {name} must be given and say what {what} says."))
    };
    if stated != Some(version) {
        return Err(differs("MCP-Protocol-Version", VERSION));
    }
    if header(headers, METHOD_HEADER)? != Some(&*message.method) {
        return Err(differs("Mcp-Method", "method"));
    }
    let Some((_, key)) = NAMED.iter().find(|(method, _)| *method == message.method) else { return Ok(()) };
    let Some(expected) = message.params.string(key) else { return Ok(()) };
    match header(headers, NAME_HEADER)?.and_then(decoded) {
        Some(given) if given == expected => Ok(()),
        _ => Err(differs("Mcp-Name", key)),
    }
}

/// The value of a header that may be given once.
fn header<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<Option<&'h str>, Fault> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().and_then(|value| value.to_str().ok());
    if values.next().is_some() {
        return Err(Fault::new(Code::HeaderMismatch, format!("The header {name} is given more than once.")));
    }
    Ok(value)
}

/// A text that a header cannot carry as it is comes as `=?base64?…?=`.
fn decoded(value: &str) -> Option<Cow<'_, str>> {
    let Some(encoded) = value.strip_prefix("=?base64?").and_then(|rest| rest.strip_suffix("?=")) else {
        return Some(value.into());
    };
    String::from_utf8(STANDARD.decode(encoded).ok()?).ok().map(Cow::Owned)
}
