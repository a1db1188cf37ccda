//! Who issues the tokens that callers need (RFC 9728): what a client reads that was refused.

use lambda_http::http::header::HOST;
use serde_json::json;
use shared::{bad_request::BadRequest, refusal::Refusal, reply::Reply};

use crate::asked::{Asked, MCP};

/// A host with a port, such as a gateway has. Whatever else stands in the header is not repeated.
fn is_host(host: &str) -> bool {
    (1..=255).contains(&host.len()) && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
}

pub(crate) fn protected_resource(issuer: Option<&str>, Asked { http, .. }: Asked<'_>) -> Result<Reply, Refusal> {
    let host = http.headers.get(HOST).and_then(|host| host.to_str().ok()).filter(|host| is_host(host));
    let (Some(issuer), Some(host)) = (issuer, host) else {
        let route = "oauth-protected-resource".to_owned();
        return Err(BadRequest::NotFound { route, served: "it only if callers need access tokens".to_owned() }.into());
    };
    let base = http.base.unwrap_or_default();
    let body = json!({
        "resource": format!("https://{host}{base}/{MCP}"),
        "authorization_servers": [issuer],
        "bearer_methods_supported": ["header"],
        "resource_name": "Agent Generator",
    });
    Ok(Reply::new(200, "protected_resource", body.to_string()))
}
