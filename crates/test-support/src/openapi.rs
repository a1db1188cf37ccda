//! Reads openapi.yaml and compares it with a function.

use lambda::RequestFunction;
use serde_json::Value;

#[must_use]
#[allow(clippy::expect_used, reason = "an unreadable document must fail the test")]
pub fn openapi() -> Value {
    yaml_serde::from_str(include_str!("../../../openapi.yaml")).expect("openapi.yaml is YAML")
}

/// Differences between the routes of `F` and openapi.yaml, one line each.
#[must_use]
pub fn undocumented<F: RequestFunction>() -> Vec<String> {
    let document = openapi();
    let mut differences = Vec::new();
    for route in F::ROUTES {
        let path = document.pointer(&format!("/paths/~1{}", route.name.replace('/', "~1"))).and_then(Value::as_object);
        let documented: Vec<_> = path.into_iter().flat_map(|path| path.keys()).map(|key| key.to_uppercase()).collect();
        if documented.join(", ") != route.methods() {
            differences.push(format!(
                "/{} takes {}, but openapi.yaml says {documented:?}",
                route.name,
                route.methods()
            ));
        }
        let limit = path.and_then(|path| path.get("post")?.pointer("/requestBody/x-max-bytes")?.as_u64());
        if limit.is_some_and(|limit| limit != F::MAX_BODY as u64) || (limit.is_none() && route.method == "POST") {
            differences.push(format!("/{} takes {} bytes, but openapi.yaml says {limit:?}", route.name, F::MAX_BODY));
        }
    }
    differences
}
