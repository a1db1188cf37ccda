//! page, event in, answer out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use lambda::Service;
use page::{Asset, Page};
use serde_json::{Value, json};
use test_support::{handled, rest, rest_with};

const SCRIPT: &str = "/v1/assets/main-AB12.js";

const PAGE: Page = Page {
    html: r#"<link rel="stylesheet" href="assets/style-CD34.css"><script src="assets/main-AB12.js"></script>"#,
    assets: &[
        Asset {
            name: "main-AB12.js",
            media_type: "text/javascript; charset=utf-8",
            raw: b"let a",
            gzip: b"\x1f\x8b",
            brotli: b"\xff",
        },
        Asset { name: "style-CD34.css", media_type: "text/css; charset=utf-8", raw: b"a{}", gzip: b"", brotli: b"" },
    ],
};

async fn answer(event: Value) -> Value {
    handled(&Service::new(PAGE).with_streams(), event.to_string().as_bytes()).await.unwrap()
}

async fn get(path: &str, headers: &[(&str, &str)]) -> Value {
    answer(rest_with("GET", path, "", headers)).await
}

/// As a REST API sends it: `path` is without the stage, which the caller sees.
async fn seen(path: &str, seen_path: &str) -> Value {
    let mut event = rest("GET", path, "");
    event["requestContext"]["path"] = seen_path.into();
    answer(event).await
}

#[tokio::test]
async fn a_browser_finds_the_assets_under_any_stage_or_base_path_with_and_without_a_slash() {
    for (path, seen_path, base) in [
        ("/", "/v1/", "/v1"),
        ("/", "/v1", "/v1"),
        ("/agents/", "/agents/", "/agents"),
        ("/agents", "/agents", "/agents"),
        ("/", "/", ""),
    ] {
        let answer = seen(path, seen_path).await;
        let html = answer["body"].as_str().unwrap();
        assert_eq!(answer["statusCode"], 200, "{seen_path}");
        assert!(html.contains(&format!(r#"href="{base}/assets/style-CD34.css""#)), "{html}");
        assert!(html.contains(&format!(r#"src="{base}/assets/main-AB12.js""#)), "{html}");
    }
}

#[tokio::test]
async fn the_event_of_a_browser_that_opens_the_page_is_answered() {
    let event: Value = serde_json::from_str(include_str!("../../../events/page-rest.json")).unwrap();
    let answer = answer(event).await;
    assert_eq!(
        (&answer["statusCode"], &answer["headers"]["content-type"]),
        (&json!(200), &json!("text/html; charset=utf-8"))
    );
    assert!(answer["body"].as_str().unwrap().contains("\"/v1/assets/main-AB12.js\""));
}

#[tokio::test]
async fn a_path_that_would_lead_a_browser_elsewhere_gets_no_page() {
    for path in ["//evil.example", "/\"><script>", "/v1/../x"] {
        assert_eq!(seen("/", path).await["statusCode"], 404, "{path}");
    }
}

#[tokio::test]
async fn nothing_but_the_pages_own_files_and_its_api_may_be_used_by_it() {
    let headers = get("/v1/", &[]).await["headers"].clone();
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    assert_eq!(headers["content-security-policy"], policy);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
}

#[tokio::test]
async fn a_browser_asks_whether_the_page_has_changed_and_gets_it_only_then() {
    let first = get("/v1/", &[]).await;
    assert_eq!(first["headers"]["cache-control"], "no-cache");
    let etag = first["headers"]["etag"].as_str().unwrap();
    let second = get("/v1/", &[("If-None-Match", etag)]).await;
    assert_eq!((&second["statusCode"], &second["body"]), (&json!(304), &json!("")));
    assert_eq!(second["headers"]["etag"], etag);
    // Under another path it has other addresses in it.
    assert_eq!(seen("/", "/v2/").await["statusCode"], 200);
    assert_ne!(seen("/", "/v2/").await["headers"]["etag"], etag);
}

#[tokio::test]
async fn an_asset_comes_in_the_best_coding_and_may_be_kept_for_a_year() {
    for (accepted, coding, body, is_base64) in [
        ("gzip, deflate, br", json!("br"), "/w==", true),
        ("gzip", json!("gzip"), "H4s=", true),
        ("identity", Value::Null, "let a", false),
    ] {
        let answer = get(SCRIPT, &[("Accept-Encoding", accepted)]).await;
        assert_eq!((&answer["statusCode"], &answer["headers"]["content-encoding"]), (&json!(200), &coding));
        assert_eq!((&answer["body"], &answer["isBase64Encoded"]), (&json!(body), &json!(is_base64)), "{accepted}");
        let headers = &answer["headers"];
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(
            (&headers["content-type"], &headers["vary"]),
            (&PAGE.assets[0].media_type.into(), &"accept-encoding".into())
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn an_asset_that_a_cache_has_is_not_sent_again_and_codings_are_not_mixed_up() {
    let brotli = [("Accept-Encoding", "br")];
    let etag = get(SCRIPT, &brotli).await["headers"]["etag"].clone();
    let known = [brotli[0], ("If-None-Match", etag.as_str().unwrap())];
    assert_eq!(get(SCRIPT, &known).await["statusCode"], 304);
    let other = [("Accept-Encoding", "gzip"), known[1]];
    assert_eq!(get(SCRIPT, &other).await["statusCode"], 200);
}

#[tokio::test]
async fn an_asset_of_an_older_page_is_not_there_and_no_cache_keeps_that() {
    for path in ["/v1/assets/main-0000.js", "/v1/assets/..%2Findex.html", "/v1/assets/main-AB12.js.br"] {
        let answer = get(path, &[]).await;
        assert_eq!(answer["statusCode"], 404, "{path}");
        assert!(answer["headers"]["cache-control"].as_str().unwrap().contains("no-store"));
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["error_type"], "not_found");
    }
}

#[tokio::test]
async fn the_page_is_only_read() {
    for path in ["/v1/", SCRIPT] {
        let refused = answer(rest("POST", path, "{}")).await;
        assert_eq!(
            (&refused["statusCode"], &refused["headers"]["allow"]),
            (&json!(405), &json!("GET, HEAD")),
            "{path}"
        );
        let head = answer(rest("HEAD", path, "")).await;
        assert_eq!((&head["statusCode"], &head["body"]), (&json!(200), &json!("")), "{path}");
        assert!(head["headers"]["etag"].is_string());
    }
    let direct = handled(&Service::new(PAGE).with_streams(), b"{}").await.unwrap_err();
    assert_eq!(direct.0, "Runtime.UnknownEvent");
}

#[test]
fn what_is_built_names_all_of_its_assets() {
    for asset in Page::BUILT.assets {
        assert!(Page::BUILT.html.contains(&format!("=\"assets/{}\"", asset.name)), "{}", asset.name);
    }
}
