//! A request on its way to a function behind a tool.

use lambda::function::{Http, Request};

/// The route of the messages.
pub(crate) const MCP: &str = "mcp";

#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) request: Request<'a>,
    pub(crate) http: Http<'a>,
}
