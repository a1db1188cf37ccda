//! What an operator learns about a request: one log line, and metrics.

use kit::{
    actions::{ACTIONS, AMPLE, Action},
    behaviour::Behaviour,
    server::FaultyServer,
};
use serde_json::{Value, json};

use crate::fixture::request_line;

const KEYS: [&str; 11] = [
    "operation",
    "outcome",
    "error_type",
    "upstream_status",
    "upstream_ms",
    "total_ms",
    "attempts",
    "request_id",
    "operation_id",
    "cold_start",
    "trace_id",
];

/// Each metric in the log, with the line that has its value.
fn metrics(logs: &[String]) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for line in logs.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        for directive in line["_aws"]["CloudWatchMetrics"].as_array().into_iter().flatten() {
            assert_eq!(directive["Namespace"], "AgentGenerator", "{line}");
            assert!(line["_aws"]["Timestamp"].as_u64().is_some_and(|now| now > 1_700_000_000_000), "{line}");
            let dimensions =
                directive["Dimensions"].as_array().into_iter().flatten().flat_map(|set| set.as_array()).flatten();
            for dimension in dimensions {
                assert!(dimension.as_str().is_some_and(|key| line[key].is_string()), "no value of {dimension}: {line}");
            }
            for metric in directive["Metrics"].as_array().into_iter().flatten() {
                let name = metric["Name"].as_str().expect("a metric name").to_owned();
                assert!(line[&name].is_number() || line[&name].is_array(), "no value of {name}: {line}");
                found.push((name, line.clone()));
            }
        }
    }
    found
}

/// Sends two requests to one process; returns their ids and the log.
async fn observed(action: &Action, behaviour: Behaviour) -> ([String; 2], Vec<String>) {
    let generator = FaultyServer::start(behaviour).await;
    let environment = action.environment(&generator.url()).await;
    let first = environment.invoke(&action.event(), AMPLE).await;
    let second = environment.invoke(&action.event(), AMPLE).await;
    ([first.request_id, second.request_id], environment.finish().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_finds_every_request_in_one_log_line() {
    for action in ACTIONS {
        let ([first, second], logs) = observed(action, Behaviour::good()).await;
        let line = request_line(&logs, &first);
        for key in KEYS {
            assert!(line.get(key).is_some(), "no {key}: {line}");
        }
        assert_eq!(line["operation"], action.name, "{line}");
        assert_eq!(line["outcome"], action.result, "{line}");
        assert_eq!(line["error_type"], Value::Null, "{line}");
        assert_eq!((&line["upstream_status"], &line["attempts"]), (&json!(200), &json!(1)), "{line}");
        assert!(line["total_ms"].is_number() && line["upstream_ms"].is_number(), "{line}");
        assert!(line["trace_id"].to_string().contains("1-5bef4de7-ad49b0e87f6ef6c87fc2e700"), "{line}");
        assert_eq!(line["cold_start"], true, "{line}");
        assert_eq!(request_line(&logs, &second)["cold_start"], false, "the second request is warm");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_line_says_why_a_request_failed() {
    for action in ACTIONS {
        let failing = Behaviour::answers(500, r#"{"error_type":"out_of_ink","error":"The well is dry"}"#);
        let ([first, _], logs) = observed(action, failing).await;
        let line = request_line(&logs, &first);
        let said = (&line["outcome"], &line["error_type"], &line["upstream_status"]);
        assert_eq!(said, (&json!("error"), &json!("out_of_ink"), &json!(500)), "{line}");
        assert!(line.to_string().contains("The well is dry"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_count_requests_and_errors() {
    for action in ACTIONS {
        let failing = Behaviour::answers(500, r#"{"error_type":"llm_parse_error"}"#);
        let (_, logs) = observed(action, Behaviour::Then(vec![Behaviour::good(), failing])).await;
        let metrics = metrics(&logs);
        let values = |wanted: &str| -> Vec<f64> {
            metrics.iter().filter(|(name, _)| name == wanted).filter_map(|(name, line)| line[name].as_f64()).collect()
        };
        assert_eq!(values("Requests"), [1.0, 1.0], "{logs:#?}");
        assert_eq!(values("Errors").iter().sum::<f64>(), 1.0, "{logs:#?}");
        assert_eq!(values("ColdStart").iter().sum::<f64>(), 1.0, "{logs:#?}");
        assert_eq!(values("UpstreamLatency").len(), 2, "{logs:#?}");
        let failure = metrics.iter().find(|(name, line)| name == "Errors" && line["Errors"] == 1);
        assert_eq!(failure.map(|(_, line)| &line["error_type"]), Some(&json!("llm_parse_error")), "{logs:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invented_error_types_do_not_create_new_metrics() {
    for action in ACTIONS {
        let failing = Behaviour::answers(500, r#"{"error_type":"out_of_ink"}"#);
        let (_, logs) = observed(action, failing).await;
        let types: Vec<Value> = metrics(&logs)
            .into_iter()
            .filter(|(name, line)| name == "Errors" && line["Errors"] == 1)
            .map(|(_, line)| line["error_type"].clone())
            .collect();
        assert_eq!(types, [json!("other"), json!("other")], "{logs:#?}");
    }
}
