//! `page`: the page for browsers, and its assets, from memory. Nothing is read, asked or computed for it but a hash.
//!
//! It sits behind a gateway that streams, for the sake of compressed files: a REST API that does not stream passes bytes
//! on only if every request of every route is base64.

mod asset;
mod headers;

use lambda::{
    Function, RequestFunction, Route, StreamFunction,
    condition::is_known,
    function::{Http, Request, no_route},
    stream::{Answer, BytesReply},
};
use lambda_http::http::HeaderMap;
use shared::{action::Action, refusal::Refusal, reply::Reply, request_log::RequestLog};

pub use crate::asset::Asset;

const ROOT: &str = "";
const ASSET: &str = "assets/{hash}";
/// How the page begins the address of an asset.
const RELATIVE: &str = "=\"assets/";

#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Names assets by `="assets/…"`.
    pub html: &'static str,
    pub assets: &'static [Asset],
}

impl Page {
    pub const BUILT: Self = include!(concat!(env!("OUT_DIR"), "/built.rs"));

    /// The page with addresses that are right with and without a slash after the stage: a browser counts relative ones
    /// from the last slash, and the policy forbids `<base>`.
    fn html(&self, base: &str) -> String {
        self.html.replace(RELATIVE, &format!("=\"{base}/assets/"))
    }

    fn asset(&self, http: Http<'_>) -> Result<Answer, Refusal> {
        let name = http.parameter.unwrap_or_default();
        let Some(asset) = self.assets.iter().find(|asset| asset.name == name) else {
            return Err(no_route::<Self>(name).into());
        };
        let (headers, etag, body) = asset.coded(http.headers);
        if is_known(http.headers, &etag) {
            return Ok(Answer::Whole(not_modified(headers)));
        }
        Ok(Answer::Bytes(BytesReply { outcome: "asset", headers, body }))
    }
}

impl Function for Page {
    const ACTION: Action = Action::Page;
}

impl RequestFunction for Page {
    const ROUTES: &'static [Route] = &[Route { name: ROOT, method: "GET" }, Route { name: ASSET, method: "GET" }];
    const MAX_BODY: usize = 0;
    const TAKES_PAYLOADS: bool = false;

    /// The page itself: [`StreamFunction::stream`] answers for the assets.
    async fn serve<'a>(&'a self, request: Request<'a>, _: &'a mut RequestLog) -> Result<Reply, Refusal> {
        let based = request.http.and_then(|http| Some((http, http.base?)));
        let (http, base) = based.ok_or_else(|| no_route::<Self>(ROOT))?;
        let html = self.html(base);
        let etag = headers::etag_of(html.as_bytes());
        let headers = headers::of_page(&etag);
        if is_known(http.headers, &etag) {
            return Ok(not_modified(headers));
        }
        Ok(Reply { headers, ..Reply::new(200, "page", html) })
    }
}

impl StreamFunction for Page {
    async fn stream<'a>(&'a self, request: Request<'a>, _: &'a mut RequestLog) -> Result<Option<Answer>, Refusal> {
        match (request.route, request.http) {
            (Some(ASSET), Some(http)) => self.asset(http).map(Some),
            _ => Ok(None),
        }
    }
}

fn not_modified(headers: HeaderMap) -> Reply {
    Reply { headers, ..Reply::new(304, "not_modified", String::new()) }
}
