//! A file of the page, whose name has a hash of its content.

use bytes::Bytes;
use lambda::coding;
use lambda_http::http::{
    HeaderMap, HeaderValue,
    header::{CONTENT_ENCODING, CONTENT_TYPE, VARY},
};

use crate::headers;

const BROTLI: &str = "br";
const GZIP: &str = "gzip";

#[derive(Debug, Clone, Copy)]
pub struct Asset {
    pub name: &'static str,
    pub media_type: &'static str,
    pub raw: &'static [u8],
    pub gzip: &'static [u8],
    pub brotli: &'static [u8],
}

impl Asset {
    /// Headers, `ETag` and body, in the coding that the caller likes best.
    pub(crate) fn coded(&self, asked: &HeaderMap) -> (HeaderMap, String, Bytes) {
        let coding = coding::preferred(asked, &[BROTLI, GZIP]);
        let bytes = match coding {
            Some(BROTLI) => self.brotli,
            Some(GZIP) => self.gzip,
            _ => self.raw,
        };
        // Of each coding another: they are other bytes.
        let etag = format!("\"{}{}\"", self.name, coding.map(|coding| format!("-{coding}")).unwrap_or_default());
        let mut headers = headers::of_asset(&etag);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding.and_then(|coding| HeaderValue::from_str(coding).ok()) {
            headers.insert(CONTENT_ENCODING, coding);
        }
        (headers, etag, Bytes::from_static(bytes))
    }
}
