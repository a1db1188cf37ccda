//! A request on its way to a function behind a tool.

use lambda::function::{Http, Request};

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
