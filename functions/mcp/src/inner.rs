//! Calls the functions behind the tools, each with a request as if it had come to its own route.

use lambda::{
    RequestFunction,
    function::{Http, Request},
    query::Query,
};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::value::RawValue;
use shared::{action::Action, json::Object, refusal::Refusal, reply::Reply, request_log::RequestLog};

use crate::asked::Asked;

/// A request to one of them.
#[derive(Default)]
pub(crate) struct Inner<'a> {
    pub(crate) route: &'static str,
    pub(crate) method: &'static str,
    /// The values of the route's `{…}` segments.
    pub(crate) parameters: Vec<String>,
    pub(crate) query: Vec<(&'a str, String)>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// JSON.
    pub(crate) body: String,
}

impl Inner<'_> {
    pub(crate) async fn ask<F: RequestFunction>(
        self,
        function: &F,
        Asked { request, http }: Asked<'_>,
        log: &mut RequestLog,
    ) -> Result<Reply, Refusal> {
        let (headers, query) = (HeaderMap::from_iter(self.headers), Query::of_pairs(self.query));
        let http = Http {
            headers: &headers,
            query: &query,
            owner: http.owner,
            method: self.method,
            parameter: self.parameters.first().map(String::as_str),
            parameters: &self.parameters,
            // The caller sees this function's address, and no other.
            base: None,
        };
        function.serve(Request { route: Some(self.route), body: &self.body, http: Some(http), ..request }, log).await
    }
}

/// The fields of a body that another function has written.
pub(crate) fn opened(body: &str) -> Result<Object<'_>, Refusal> {
    Object::parse(body)
        .map_err(|_| Refusal::unexpected(Action::Mcp, "a function answered with something else than JSON"))
}

/// A JSON object of these fields, in this order, without those that are absent.
pub(crate) fn object<'v>(fields: impl IntoIterator<Item = (&'static str, Option<&'v RawValue>)>) -> String {
    let mut text = String::from("{");
    for (name, value) in fields.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        text.push_str(if text.len() > 1 { ",\"" } else { "\"" });
        text.push_str(name);
        text.push_str("\":");
        text.push_str(value.get());
    }
    text.push('}');
    text
}
