//! Reads openapi.yaml and compares it with a function.

use lambda::{RequestFunction, methods};
use serde_json::Value;

#[must_use]
#[expect(
    clippy::expect_used,
    reason = "only tests call this crate: there a panic reports that the document is not YAML"
)]
pub fn openapi() -> Value {
    yaml_serde::from_str(include_str!("../../../openapi.yaml")).expect("openapi.yaml is YAML")
}

/// Methods of paths that two functions serve.
const OF_ANOTHER: [(&str, &str); 1] = [("operations/{operation_id}/events", "POST")];

/// Differences between the routes of `F` and openapi.yaml, one line each.
#[must_use]
pub fn undocumented<F: RequestFunction>() -> Vec<String> {
    let document = openapi();
    let mut differences = Vec::new();
    for route in F::ROUTES {
        let path = document.pointer(&format!("/paths/~1{}", route.name.replace('/', "~1"))).and_then(Value::as_object);
        let documented: Vec<_> = path.into_iter().flat_map(|path| path.keys()).map(|key| key.to_uppercase()).collect();
        let methods = methods(F::ROUTES, route.name);
        // What another function takes of the same path is documented there too.
        let others = OF_ANOTHER.iter().filter(|(path, method)| route.name == *path && !methods.contains(method));
        let documented: Vec<_> =
            documented.into_iter().filter(|name| !others.clone().any(|(_, method)| name == method)).collect();
        if documented.join(", ") != methods {
            differences.push(format!("/{} takes {methods}, but openapi.yaml says {documented:?}", route.name));
        }
        let method = route.method.to_lowercase();
        let limit = path.and_then(|path| path.get(&method)?.pointer("/requestBody/x-max-bytes")?.as_u64());
        let has_body = matches!(route.method, "POST" | "PUT");
        if limit.is_some_and(|limit| limit != F::MAX_BODY as u64) || (limit.is_none() && has_body) {
            differences.push(format!("/{} takes {} bytes, but openapi.yaml says {limit:?}", route.name, F::MAX_BODY));
        }
    }
    differences
}
