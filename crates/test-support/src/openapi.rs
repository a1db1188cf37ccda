//! openapi.yaml, and what of a function it tells wrongly.

use lambda::RequestFunction;
use serde_json::Value;

/// The API as it is documented: `openapi.yaml`.
#[must_use]
#[allow(clippy::expect_used, reason = "a document that cannot be read is what a test is there to tell")]
pub fn openapi() -> Value {
    yaml_serde::from_str(include_str!("../../../openapi.yaml")).expect("openapi.yaml is YAML")
}

/// What differs between the routes of `F` and the document: one line each. Empty where they agree.
#[must_use]
pub fn undocumented<F: RequestFunction>() -> Vec<String> {
    let document = openapi();
    let mut differences = Vec::new();
    for route in F::ROUTES {
        let path = document.pointer(&format!("/paths/~1{}", route.name.replace('/', "~1"))).and_then(Value::as_object);
        let documented: Vec<_> = path.into_iter().flat_map(|path| path.keys()).map(|key| key.to_uppercase()).collect();
        if documented != [route.method] {
            differences.push(format!("/{} takes {}, and the document says {documented:?}", route.name, route.method));
        }
        let limit = path.and_then(|path| path.get("post")?.pointer("/requestBody/x-max-bytes")?.as_u64());
        if limit.is_some_and(|limit| limit != F::MAX_BODY as u64) || (limit.is_none() && route.method == "POST") {
            differences.push(format!("/{} takes {} bytes, and the document says {limit:?}", route.name, F::MAX_BODY));
        }
    }
    differences
}
