//! A request, on its way to a method of the protocol or to a function behind a tool.

use lambda::function::{Http, Request};
use shared::json::Object;

use crate::client::Client;

/// The route of the messages.
pub(crate) const MCP: &str = "mcp";
/// The same without the protocol.
pub(crate) const CHECK: &str = "check";
pub(crate) const BUILD: &str = "build";

#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) http: Http<'a>,
}

/// What a method of the protocol has to go by.
#[derive(Clone, Copy)]
pub(crate) struct Received<'a> {
    pub(crate) params: &'a Object<'a>,
    pub(crate) client: &'a Client,
    pub(crate) asked: Asked<'a>,
}
