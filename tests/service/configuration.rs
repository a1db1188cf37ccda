//! Configuration at the start: what is accepted, what is refused, and what it changes.

use kit::{
    actions::{ACTIONS, AMPLE, Action, DECOMPOSE, GENERATE, PATCH},
    behaviour::Behaviour,
    binaries::{self, FUNCTIONS},
    events,
    private_tls::PrivateTls,
    runtime_api::Environment,
    server::FaultyServer,
};
use serde_json::{Value, json};

use crate::fixture::{PASSWORD, assert_names_variable, refused};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_generator_address_a_function_answers_that_it_is_not_configured() {
    let unset: [&[(&str, &str)]; 2] = [&[("AGENT_GENERATOR_URL", "")], &[]];
    for action in ACTIONS {
        for variables in unset {
            let environment = Environment::start(&binaries::function(action.name), variables).await;
            let answer = environment.invoke(&action.event(), AMPLE).await;
            let body = answer.body();
            let work = if action.name == "patch" { "editing" } else { "generation" };
            let message = format!("Agent {work} is not available. The Agent Generator service is not configured.");
            assert_eq!(answer.status(), Some(503), "{answer:?}");
            assert_eq!(body["error_type"], "service_not_configured");
            assert_eq!(body["error"], "service_not_configured");
            assert_eq!(body["retryable"], false);
            assert_eq!(body["message"], message);
            assert_eq!(body["details"]["service_error"], "Agent Generator service is not configured");
            // A bad request is reported first: it would be bad with a generator too.
            let bad = environment.invoke(&events::rest("POST", action.route, "{"), AMPLE).await;
            assert_eq!((bad.status(), &bad.body()["error_type"]), (Some(400), &json!("invalid_request")));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_generator_address_refuses_to_start_and_names_the_variable() {
    let with_password = format!("http://user:{PASSWORD}@generator.example");
    let with_query = format!("https://generator.example/?key={PASSWORD}");
    let with_fragment = format!("https://generator.example/#{PASSWORD}");
    let addresses = [
        "ftp://generator.example",
        "generator.example",
        "http://",
        "builtin2",
        "file:///etc/passwd",
        &with_password,
        &with_query,
        &with_fragment,
        "http://user@generator.example",
        "http://h?q",
    ];
    for function in FUNCTIONS {
        for address in addresses {
            let refused = refused(function, &[("AGENT_GENERATOR_URL", address)]).await;
            assert_names_variable(&refused, "AGENT_GENERATOR_URL", address);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_time_limit_refuses_to_start_and_names_the_variable() {
    for function in FUNCTIONS {
        for time in ["0", "-1", "nan", "NaN", "inf", "-inf", "abc", "10s", "1e400"] {
            let variables = [("AGENT_GENERATOR_URL", "builtin"), ("AGENT_GENERATOR_TIMEOUT", time)];
            assert_names_variable(&refused(function, &variables).await, "AGENT_GENERATOR_TIMEOUT", time);
        }
        let empty = [("AGENT_GENERATOR_URL", "builtin"), ("AGENT_GENERATOR_TIMEOUT", "")];
        assert!(
            Environment::try_start(&binaries::function(function), &empty).await.is_ok(),
            "an empty variable counts as unset"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_any_setup_a_goal_becomes_an_agent_and_a_patched_agent() {
    let goal = json!({"description": "Summarise a web page and e-mail the summary"});
    let decomposed = built_in(&DECOMPOSE, goal).await;
    assert_eq!(decomposed["type"], "instructions", "{decomposed}");
    assert!(decomposed["steps"].as_array().is_some_and(|steps| steps.len() > 1), "{decomposed}");

    let generated = built_in(&GENERATE, json!({"instructions": decomposed})).await;
    assert_eq!(generated["type"], "agent_preview", "{generated}");
    let agent = &generated["agent_json"];
    assert!(generated["node_count"].as_u64().is_some_and(|count| count > 2), "{generated}");
    assert_eq!(generated["node_count"], json!(agent["nodes"].as_array().map(Vec::len)), "{generated}");
    assert!(generated["link_count"].as_u64().is_some_and(|count| count > 1), "{generated}");

    let patched = built_in(&PATCH, json!({"current_agent_json": agent, "changes": "Rename it to Page digest"})).await;
    assert_eq!(patched["type"], "agent_preview", "{patched}");
    assert_eq!(patched["agent_name"], "Page digest", "{patched}");
    assert_eq!(patched["agent_json"]["id"], agent["id"], "{patched}");
}

async fn built_in(action: &Action, request: Value) -> Value {
    let environment = action.environment("builtin").await;
    let answer = environment.invoke(&events::rest("POST", action.route, &request.to_string()), AMPLE).await;
    assert_eq!(answer.status(), Some(200), "{answer:?}");
    answer.body()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_generator_with_a_private_certificate_is_reached_through_ssl_cert_file() {
    let generator = FaultyServer::start(Behaviour::good()).await;
    let tls = PrivateTls::in_front_of(generator.port()).await;
    let variables = [("AGENT_GENERATOR_URL", &*tls.url()), ("SSL_CERT_FILE", tls.certificate_file())];
    let environment = Environment::start(&binaries::function("decompose"), &variables).await;
    let answer = environment.invoke(&DECOMPOSE.event(), AMPLE).await;
    assert_eq!(answer.status(), Some(200), "{answer:?}");
    assert_eq!(generator.requests().len(), 1);
    for wrong in ["/nowhere/certificates.pem", "/dev/null"] {
        let variables = [("AGENT_GENERATOR_URL", &*tls.url()), ("SSL_CERT_FILE", wrong)];
        let said = refused("decompose", &variables).await;
        assert!(format!("{said:?}").contains("SSL_CERT_FILE"), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_an_allowed_origin_gets_cors_headers_on_answers_and_errors() {
    let origin = "https://app.example.com";
    let variables = [("AGENT_GENERATOR_URL", "builtin"), ("ALLOWED_ORIGIN", origin)];
    let open = Environment::start(&binaries::function("decompose"), &variables).await;
    let closed = Environment::start(&binaries::function("decompose"), &variables[..1]).await;
    for (event, status) in [(DECOMPOSE.event(), 200), (events::rest("POST", "/decompose", "{}"), 400)] {
        let (allowed, other) = (open.invoke(&event, AMPLE).await, closed.invoke(&event, AMPLE).await);
        assert_eq!((allowed.status(), other.status()), (Some(status), Some(status)));
        assert_eq!(allowed.header("access-control-allow-origin").as_deref(), Some(origin));
        assert_eq!(other.header("access-control-allow-origin"), None);
    }
    let said = refused("decompose", &[("ALLOWED_ORIGIN", "app.example.com")]).await;
    assert!(format!("{said:?}").contains("ALLOWED_ORIGIN"), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_learns_from_a_function_url_what_it_may_send() {
    let origin = "https://app.example.com";
    let variables = [("AGENT_GENERATOR_URL", "builtin"), ("ALLOWED_ORIGIN", origin)];
    let environment = Environment::start(&binaries::function("decompose"), &variables).await;
    let mut preflight = events::function_url("OPTIONS", "/", "");
    let without_it = environment.invoke(&preflight, AMPLE).await;
    assert_eq!(without_it.status(), Some(405), "{without_it:?}");
    preflight["headers"]["access-control-request-method"] = json!("POST");
    let answer = environment.invoke(&preflight, AMPLE).await;
    assert_eq!(answer.status(), Some(204), "{answer:?}");
    for (header, value) in [("origin", origin), ("methods", "POST"), ("headers", "content-type,"), ("max-age", "7200")]
    {
        let name = if header == "max-age" { header.to_owned() } else { format!("allow-{header}") };
        let given = answer.header(&format!("access-control-{name}")).unwrap_or_default();
        assert!(given.starts_with(value), "{name}: {answer:?}");
    }
}

/// The three blocks that the built-in generator requires, and one custom block.
const CATALOGUE: &str = r#"[
    {"id":"c0a8e994-ebf1-4a9c-a4d8-89d09c86741b","name":"AgentInputBlock","description":"Asks","categories":["INPUT"],"staticOutput":true,
     "inputSchema":{"type":"object","properties":{"name":{"type":"string"},"value":{}},"required":["name"]},
     "outputSchema":{"type":"object","properties":{"result":{}}}},
    {"id":"363ae599-353e-4804-937e-b2ee3cef3da4","name":"AgentOutputBlock","description":"Shows","categories":["OUTPUT"],"staticOutput":true,
     "inputSchema":{"type":"object","properties":{"name":{"type":"string"},"value":{}},"required":["name"]},
     "outputSchema":{"type":"object","properties":{"output":{}}}},
    {"id":"db7d8f02-2f44-4c55-ab7a-eae0941f0c30","name":"FillTextTemplateBlock","description":"Fills in","categories":["TEXT"],"staticOutput":false,
     "inputSchema":{"type":"object","properties":{"values":{"type":"object"},"format":{"type":"string"}},"required":["values","format"]},
     "outputSchema":{"type":"object","properties":{"output":{"type":"string"}}}},
    {"id":"own-1","name":"TideTableBlock","description":"Looks up the tides of a harbour","categories":["SEARCH"],"staticOutput":false,
     "inputSchema":{"type":"object","properties":{"harbour":{"type":"string"}},"required":["harbour"]},
     "outputSchema":{"type":"object","properties":{"tides":{"type":"string"}}}}
]"#;

async fn blocks(variables: &[(&str, &str)]) -> Value {
    let environment = Environment::start(&binaries::function("catalog"), variables).await;
    environment.invoke(&events::rest("GET", "/blocks", ""), AMPLE).await.body()["blocks"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_custom_catalogue_is_read_from_a_file_or_an_address() {
    let file = std::env::temp_dir().join(format!("blocks-{}.json", uuid::Uuid::new_v4()));
    std::fs::write(&file, CATALOGUE).unwrap();
    let path = file.to_str().unwrap();
    let expected: Value = serde_json::from_str(CATALOGUE).unwrap();
    assert_eq!(blocks(&[("AGENT_GENERATOR_URL", "builtin"), ("BLOCK_CATALOG", path)]).await, expected);

    let server = FaultyServer::start(Behaviour::answers(200, CATALOGUE)).await;
    let tls = PrivateTls::in_front_of(server.port()).await;
    let (url, trusted) = (tls.url(), tls.certificate_file());
    let variables = [("AGENT_GENERATOR_URL", "builtin"), ("BLOCK_CATALOG", &*url), ("SSL_CERT_FILE", trusted)];
    assert_eq!(blocks(&variables).await, expected);
    assert_eq!(server.requests().len(), 1, "fetched once, at the start");

    std::fs::write(&file, CATALOGUE.replace("\"own-1\"", "\"c0a8e994-ebf1-4a9c-a4d8-89d09c86741b\"")).unwrap();
    let absent = format!("{path}.absent");
    for (catalogue, reason) in
        [(path, "TideTableBlock"), (&absent, "cannot be read"), ("http://example.com/b", "https://")]
    {
        let said = refused("decompose", &[("AGENT_GENERATOR_URL", "builtin"), ("BLOCK_CATALOG", catalogue)]).await;
        let said = format!("{said:?}");
        assert!(said.contains("BLOCK_CATALOG") && said.contains(reason), "{said}");
    }
    std::fs::remove_file(&file).unwrap();
}
