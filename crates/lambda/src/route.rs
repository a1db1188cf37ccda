//! Matches a path to a route, whatever stage or base path comes before it.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use shared::{bad_request::BadRequest, request_log::MAX_ASKED};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The last segments of the path, without a leading slash; a segment in braces matches any text. Empty for the root
    /// of the API, which any path leads to that no other route of the function fits.
    pub name: &'static str,
    pub method: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<'a> {
    pub(crate) route: Route,
    /// The segments in place of the braces, percent-decoded, in the order of the path.
    pub(crate) parameters: Vec<Cow<'a, str>>,
}

impl Route {
    /// A route that takes GET takes HEAD.
    fn takes(self, method: &str) -> bool {
        method == self.method || (method == "HEAD" && self.method == "GET")
    }
}

/// Finds the route at the end of `path`, and checks the method.
pub(crate) fn find<'a>(routes: &'static [Route], method: &str, path: &'a str) -> Result<Found<'a>, BadRequest> {
    let found = locate(routes, path)?;
    let name = found.route.name;
    match routes.iter().find(|route| route.name == name && route.takes(method)) {
        Some(route) => Ok(Found { route: *route, ..found }),
        None => {
            let method = printable(method, MAX_METHOD);
            Err(BadRequest::MethodNotAllowed { route: name, method, allow: methods(routes, name) })
        }
    }
}

/// The methods of the route `name`, for a header that lists them.
#[must_use]
pub fn methods(routes: &[Route], name: &str) -> String {
    let of_name = routes.iter().filter(|route| route.name == name);
    let methods = of_name.map(|route| if route.method == "GET" { "GET, HEAD" } else { route.method });
    methods.collect::<Vec<_>>().join(", ")
}

/// Finds a route at the end of `path`, whatever its method. An empty path means the first route, unless that has a segment in braces.
pub(crate) fn locate<'a>(routes: &'static [Route], path: &'a str) -> Result<Found<'a>, BadRequest> {
    let path = path.trim_end_matches('/');
    let found = if path.is_empty() {
        routes
            .first()
            .filter(|route| !route.name.contains('{'))
            .map(|route| Found { route: *route, parameters: Vec::new() })
    } else {
        // The longest match wins: `operations/{operation_id}/complete` does not name the operation `complete`.
        let fitting = routes.iter().filter_map(|route| fit(*route, path));
        fitting.max_by_key(|found| found.route.name.split('/').count())
    };
    found.ok_or_else(|| not_found(routes, path.rsplit('/').next().unwrap_or_default()))
}

fn fit(route: Route, path: &str) -> Option<Found<'_>> {
    if route.name.is_empty() {
        return Some(Found { route, parameters: Vec::new() });
    }
    let mut segments = path.rsplit('/');
    let mut parameters = Vec::new();
    for expected in route.name.rsplit('/') {
        let segment = segments.next()?;
        if expected.starts_with('{') {
            parameters
                .push(Some(percent_decode_str(segment).decode_utf8_lossy()).filter(|segment| !segment.is_empty())?);
        } else if segment != expected {
            return None;
        }
    }
    parameters.reverse();
    Some(Found { route, parameters })
}

/// The stage and base path before the route; may be empty. `None` if the path does not end with the route, or if the rest
/// is not plain segments: a browser would read `//host` or `/\host` as another host.
pub(crate) fn base(route: Route, path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    fit(route, path)?;
    let begin = match route.name {
        "" => path.len(),
        name => path.rmatch_indices('/').nth(name.matches('/').count())?.0,
    };
    let base = path.get(..begin)?;
    // What the names of stages and base paths consist of.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~$+!*'()".contains(&byte);
    let is_segment = |segment: &str| !matches!(segment, "" | "." | "..") && segment.bytes().all(is_plain);
    let is_safe = base.is_empty() || base.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_segment));
    (is_safe && base.len() <= MAX_BASE).then_some(base)
}

/// Longest stage and base path repeated in an answer, in bytes. API Gateway's have at most 300 and 128.
const MAX_BASE: usize = 512;

/// Builds the 404, which lists the routes that exist.
pub(crate) fn not_found(routes: &[Route], name: &str) -> BadRequest {
    let served: Vec<_> = routes.iter().map(|route| format!("{} /{}", route.method, route.name)).collect();
    BadRequest::NotFound { route: format!("/{}", printable(name, MAX_ASKED)), served: served.join(" and ") }
}

/// Longest method quoted in an error, in characters.
const MAX_METHOD: usize = 20;

fn printable(text: &str, limit: usize) -> String {
    text.chars().filter(|character| !character.is_control()).take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATE: [Route; 1] = [Route { name: "generate", method: "POST" }];
    const OPERATIONS: [Route; 5] = [
        Route { name: "operations/{operation_id}", method: "GET" },
        Route { name: "operations/{operation_id}/cancel", method: "POST" },
        Route { name: "operations/{operation_id}/complete", method: "POST" },
        Route { name: "operations/{operation_id}/events", method: "GET" },
        Route { name: "operations/{operation_id}/events", method: "POST" },
    ];

    fn operation(method: &str, path: &str) -> Result<(&'static str, Option<String>), BadRequest> {
        find(&OPERATIONS, method, path)
            .map(|found| (found.route.method, found.parameters.into_iter().next().map(Cow::into_owned)))
    }

    #[test]
    fn a_route_is_found_behind_any_stage_or_base_path() {
        for path in ["/generate", "/v1/generate/", "/a/b/generate", "generate", "/", ""] {
            assert!(find(&GENERATE, "POST", path).is_ok(), "{path}");
        }
        for path in ["/operations/o-1", "/v1/operations/o-1/", "/base/v1/operations/o%2D1"] {
            assert_eq!(operation("GET", path), Ok(("GET", Some("o-1".to_owned()))), "{path}");
            for verb in ["cancel", "complete"] {
                let path = format!("{}/{verb}", path.trim_end_matches('/'));
                assert_eq!(operation("POST", &path), Ok(("POST", Some("o-1".to_owned()))), "{path}");
            }
        }
        for method in ["GET", "POST"] {
            assert_eq!(operation(method, "/operations/o-1/events"), Ok((method, Some("o-1".to_owned()))));
        }
        assert_eq!(operation("HEAD", "/operations/o-1/events").unwrap().0, "GET");
        assert_eq!(operation("POST", "/operations/operations/complete").unwrap().1.as_deref(), Some("operations"));
    }

    #[test]
    fn an_unknown_route_or_wrong_method_says_what_is_served() {
        for path in ["/", "", "/operations", "/operations//complete", "/operations/x/y", "/complete"] {
            let refused = operation("GET", path).unwrap_err();
            assert!(matches!(&refused, BadRequest::NotFound { .. }), "{path}: {refused}");
            assert!(refused.to_string().contains("GET /operations/{operation_id} and POST"), "{refused}");
        }
        for (method, path, allow) in [
            ("POST", "/operations/x", "GET, HEAD"),
            ("GET", "/operations/x/complete", "POST"),
            ("HEAD", "/operations/x/complete", "POST"),
            ("PUT", "/operations/x/events", "GET, HEAD, POST"),
        ] {
            assert_eq!(operation(method, path).unwrap_err().allow(), Some(allow), "{path}");
        }
        assert!(operation("HEAD", "/operations/x").is_ok());
    }

    #[test]
    fn a_path_may_take_several_methods_and_have_several_parameters() {
        const AGENTS: [Route; 4] = [
            Route { name: "agents", method: "GET" },
            Route { name: "agents/{agent_id}", method: "GET" },
            Route { name: "agents/{agent_id}", method: "PUT" },
            Route { name: "agents/{agent_id}/versions/{version}", method: "GET" },
        ];
        for (method, found) in [("GET", "GET"), ("HEAD", "GET"), ("PUT", "PUT")] {
            assert_eq!(find(&AGENTS, method, "/v1/agents/a").unwrap().route.method, found);
        }
        let refused = find(&AGENTS, "POST", "/agents/a").unwrap_err();
        assert_eq!(refused.allow(), Some("GET, HEAD, PUT"));
        let found = find(&AGENTS, "GET", "/v1/agents/a%20b/versions/7").unwrap();
        assert_eq!(found.parameters, ["a b", "7"]);
        assert_eq!(base(found.route, "/v1/agents/a%20b/versions/7"), Some("/v1"));
    }

    #[test]
    fn the_root_of_the_api_is_found_behind_any_stage_or_base_path() {
        const PAGE: [Route; 2] = [Route { name: "", method: "GET" }, Route { name: "assets/{hash}", method: "GET" }];
        for (path, base_path) in [("", ""), ("/", ""), ("/v1", "/v1"), ("/v1/", "/v1"), ("/a/b/", "/a/b")] {
            let found = find(&PAGE, "HEAD", path).unwrap();
            assert_eq!((found.route.name, base(found.route, path)), ("", Some(base_path)), "{path}");
        }
        let found = find(&PAGE, "GET", "/v1/assets/main.js").unwrap();
        assert_eq!((found.route.name, found.parameters), ("assets/{hash}", vec!["main.js".into()]));
        assert_eq!(find(&PAGE, "POST", "/v1/").unwrap_err().allow(), Some("GET, HEAD"));
        for path in ["//evil.example/", "/a//b", "/v1/../x", "/\\evil.example", "/<b>"] {
            assert_eq!(base(PAGE[0], path), None, "{path}");
        }
    }

    #[test]
    fn a_caller_polls_its_operation_under_the_stage_it_was_started_by() {
        for (path, base_path) in [
            ("/v1/generate", "/v1"),
            ("/generate/", ""),
            ("/a/b.c/generate", "/a/b.c"),
            ("/$default/generate", "/$default"),
        ] {
            assert_eq!(base(GENERATE[0], path), Some(base_path), "{path}");
        }
    }

    #[test]
    fn an_accepted_operation_never_leads_a_browser_to_another_host_or_to_nowhere() {
        let long = format!("/{}/generate", "a".repeat(512));
        for path in [
            "",
            "/",
            "/v1",
            "generate",
            "/degenerate",
            "//evil.example/generate",
            "/\\evil.example/generate",
            "\\evil.example/generate",
            "/a//b/generate",
            "/x/../generate",
            "/./generate",
            "/%2e%2e/generate",
            "/a%0d%0aX: y/generate",
            "/a\r\nSet-Cookie: x=1/generate",
            "/<script>/generate",
            "/ü/generate",
            "https://evil.example/generate",
            &long,
        ] {
            assert_eq!(base(GENERATE[0], path), None, "{path}");
        }
    }
}
