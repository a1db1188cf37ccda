//! The files in `events/`, which a developer sends first: each works, also under Amazon's emulator.

use kit::{
    actions::{AMPLE, GENERATE, assert_failed},
    answer::Answer,
    behaviour::Behaviour,
    binaries::{self, FUNCTIONS},
    cloud_resources::CloudResources,
    emulator::Emulator,
    events,
    runtime_api::Environment,
    server::FaultyServer,
};
use serde_json::{Value, json};

/// The triggers in the file names.
const TRIGGERS: [&str; 6] = ["rest", "http-api", "function-url", "direct", "eventbridge", "wrong"];
/// Not an event of any function; sent to `decompose`.
const UNKNOWN: &str = "unknown.json";
/// Sent by the tests of the authorizer.
const OF_THE_GATEWAY: &str = "authorizer-token.json";
/// Sent by the tests of the page, whose answer is a stream.
const OF_THE_PAGE: &str = "page-rest.json";
/// These need a table and queues, which the local cloud has.
const OF_OPERATIONS: [&str; 14] = [
    "deliver-sqs.json",
    "generate-eventbridge-operation.json",
    "generate-poison.json",
    "generate-sqs.json",
    "operations-cancel-rest.json",
    "operations-complete-rest.json",
    "operations-events-rest.json",
    "operations-list-rest.json",
    "operations-report-rest.json",
    "operations-rest.json",
    "operations-sqs.json",
    "operations-sweep.json",
    "operations-task-rest.json",
    "patch-sqs.json",
];

/// Likewise, in this order.
const OF_LIBRARY: [&str; 6] = [
    "library-create-rest.json",
    "generate-save-rest.json",
    "patch-kept-rest.json",
    "library-list-rest.json",
    "library-transfer.json",
    "library-sweep.json",
];

/// Finding out, a call of a tool, then the same work without the protocol.
const OF_MCP: [&str; 4] =
    ["mcp-discover-rest.json", "mcp-call-rest.json", "mcp-build-rest.json", "mcp-check-rest.json"];

/// The files for a function, each with its trigger.
fn files_of(function: &str) -> Vec<(String, &'static str)> {
    let mut files: Vec<(String, &'static str)> =
        TRIGGERS.map(|trigger| (format!("{function}-{trigger}.json"), trigger)).into();
    // The catalogue has no EventBridge trigger.
    files.retain(|(name, _)| name != "catalog-eventbridge.json");
    match function {
        "decompose" => files.push((UNKNOWN.to_owned(), "unknown")),
        "catalog" => files.push(("catalog-search.json".to_owned(), "rest")),
        _ => {}
    }
    files
}

fn check(file: &str, function: &str, trigger: &str, answer: &Answer) {
    let body = answer.body();
    let result = match function {
        "decompose" => "instructions",
        "catalog" => "blocks",
        _ => "agent_preview",
    };
    match trigger {
        "unknown" => assert_eq!(answer.lambda_error_type(), Some("Runtime.UnknownEvent"), "{file}: {answer:?}"),
        "wrong" => {
            let status = if function == "catalog" { 405 } else { 400 };
            assert_eq!((answer.status(), &body["type"]), (Some(status), &json!("error")), "{file}: {answer:?}");
            assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{file}: {answer:?}");
        }
        "direct" | "eventbridge" => {
            assert_eq!((answer.status(), &answer.error), (None, &None), "{file}: {answer:?}");
            assert_eq!(body["type"], result, "{file}: {answer:?}");
        }
        _ => assert_eq!((answer.status(), &body["type"]), (Some(200), &json!(result)), "{file}: {answer:?}"),
    }
}

#[test]
fn every_event_file_is_sent_by_a_test() {
    let mut sent: Vec<String> =
        FUNCTIONS.iter().flat_map(|function| files_of(function)).map(|(name, _)| name).collect();
    sent.extend(
        OF_OPERATIONS
            .into_iter()
            .chain(OF_LIBRARY)
            .chain(OF_MCP)
            .chain([OF_THE_GATEWAY, OF_THE_PAGE])
            .map(str::to_owned),
    );
    sent.sort();
    assert_eq!(events::files(), sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_works_with_the_built_in_generator() {
    for function in FUNCTIONS {
        let binary = binaries::function(function);
        let environment = Environment::start(&binary, &[("AGENT_GENERATOR_URL", "builtin")]).await;
        for (file, trigger) in files_of(function) {
            let answer = environment.invoke(&events::file(&file), AMPLE).await;
            check(&file, function, trigger, &answer);
        }
        assert!(environment.is_alive());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_works_with_a_remote_generator() {
    for function in FUNCTIONS {
        let generator = FaultyServer::start(Behaviour::good()).await;
        let url = generator.url();
        let binary = binaries::function(function);
        let environment = Environment::start(&binary, &[("AGENT_GENERATOR_URL", url.as_str())]).await;
        for (file, trigger) in files_of(function) {
            let before = generator.requests().len();
            let answer = environment.invoke(&events::file(&file), AMPLE).await;
            check(&file, function, trigger, &answer);
            let refused = ["wrong", "unknown"].contains(&trigger);
            assert_eq!(
                generator.requests().len() == before,
                refused,
                "{file}: the number of calls of the generator is wrong"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_decompose_works_under_amazons_emulator() {
    under_the_emulator("decompose").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_generate_works_under_amazons_emulator() {
    under_the_emulator("generate").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_patch_works_under_amazons_emulator() {
    under_the_emulator("patch").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_catalog_works_under_amazons_emulator() {
    under_the_emulator("catalog").await;
}

async fn under_the_emulator(function: &str) {
    let emulator = Emulator::start(&binaries::function(function), &[("AGENT_GENERATOR_URL", "builtin")]).await;
    for (file, trigger) in files_of(function) {
        check(&file, function, trigger, &emulator.invoke(&events::file(&file)).await);
    }
    // The function survived the rejected events.
    let (file, trigger) = &files_of(function)[0];
    check(file, function, trigger, &emulator.invoke(&events::file(file)).await);
}

/// The functions on one table and its queues. A file goes to the function that its name begins with.
struct Workers {
    environments: Vec<(&'static str, Environment)>,
    sent: Vec<String>,
}

impl Workers {
    async fn start(resources: &CloudResources) -> Self {
        let mut variables = resources.variables();
        variables.extend([("AGENT_GENERATOR_URL", "builtin"), ("INTERNAL_KEY_SECRET_ARN", resources.secret())]);
        let mut environments = Vec::new();
        for function in ["generate", "patch", "operations", "deliver", "library"] {
            environments.push((function, Environment::start(&binaries::function(function), &variables).await));
        }
        Self { environments, sent: Vec::new() }
    }

    async fn answer(&mut self, file: &str) -> Answer {
        let function = file.split('-').next();
        let (_, environment) = self.environments.iter().find(|(name, _)| Some(*name) == function).unwrap();
        self.sent.push(file.to_owned());
        environment.invoke(&events::file(file), AMPLE).await
    }

    /// Checks that the one message of the batch leaves its queue.
    async fn done(&mut self, file: &str) {
        let answer = self.answer(file).await;
        assert_eq!(answer.payload, Some(json!({"batchItemFailures": []})), "{file}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_an_operation_works_on_a_table_and_queues() {
    let Some(resources) = CloudResources::create().await else { return };
    let mut workers = Workers::start(&resources).await;

    let read = workers.answer("operations-rest.json").await;
    assert_eq!(read.status(), Some(404), "nobody has started it: {read:?}");
    let poison = workers.answer("generate-poison.json").await;
    let message = &events::file("generate-poison.json")["Records"][0]["messageId"];
    assert_eq!(poison.payload, Some(json!({"batchItemFailures": [{"itemIdentifier": message}]})), "{poison:?}");
    workers.done("generate-sqs.json").await;
    workers.done("patch-sqs.json").await;
    let read = workers.answer("operations-rest.json").await;
    assert_eq!((read.status(), &read.body()["status"]), (Some(200), &json!("completed")), "{read:?}");
    let task = workers.answer("operations-task-rest.json").await;
    assert_eq!((task.status(), &task.body()["operation_id"]), (Some(200), &read.body()["operation_id"]), "{task:?}");
    let listed = workers.answer("operations-list-rest.json").await;
    let heads = listed.body()["operations"].as_array().cloned().unwrap_or_default();
    assert_eq!((heads.len(), &heads[0]["status"]), (1, &json!("completed")), "{listed:?}");
    let cancelled = workers.answer("operations-cancel-rest.json").await;
    let told = cancelled.body();
    assert_eq!((cancelled.status(), &told["error_type"]), (Some(409), &json!("already_ended")), "{cancelled:?}");
    assert_eq!(told["operation"]["status"], "completed", "{cancelled:?}");
    let watched = workers.answer("operations-events-rest.json").await;
    let events = watched.body()["events"].as_array().cloned().unwrap_or_default();
    let types: Vec<_> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert!(types.starts_with(&["started", "step"]) && types.ends_with(&["completed"]), "{watched:?}");
    workers.done("operations-sqs.json").await;
    let complete = workers.answer("operations-complete-rest.json").await;
    assert_eq!(complete.status(), Some(401), "the file has another key than the secret: {complete:?}");
    let report = workers.answer("operations-report-rest.json").await;
    assert_eq!(report.status(), Some(401), "likewise: {report:?}");
    workers.done("deliver-sqs.json").await;
    let started = workers.answer("generate-eventbridge-operation.json").await.body();
    assert_eq!((&started["type"], &started["task_id"]), (&json!("operation_started"), &json!("task-example-3")));

    let swept = workers.answer("operations-sweep.json").await;
    assert_eq!(swept.payload, Some(json!({"done": 0, "failed": 0})), "nothing is due yet: {swept:?}");

    workers.sent.sort();
    workers.sent.dedup();
    assert_eq!(workers.sent, OF_OPERATIONS, "every file is sent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_the_library_works_on_its_table() {
    let Some(resources) = CloudResources::create().await else { return };
    let mut workers = Workers::start(&resources).await;
    let mut answers = Vec::new();
    for file in OF_LIBRARY {
        answers.push(workers.answer(file).await);
    }
    let told = |at: usize| answers[at].body();
    assert_eq!((answers[0].status(), &told(0)["type"]), (Some(201), &json!("agent_saved")), "{answers:?}");
    assert_eq!((&told(1)["saved"], &told(1)["version"]), (&json!(true), &json!(1)), "{answers:?}");
    assert_eq!((&told(2)["saved"], &told(2)["version"]), (&json!(true), &json!(2)), "{answers:?}");
    assert_eq!(told(2)["agent_id"], told(0)["id"], "{answers:?}");
    assert_eq!((answers[3].status(), &told(3)["type"]), (Some(200), &json!("agents")), "{answers:?}");
    assert_eq!((&told(4)["type"], &told(4)["agents"]), (&json!("transferred"), &json!(2)), "{answers:?}");
    assert_eq!(answers[5].payload, Some(json!({"type": "swept", "purged": 0, "orphans": 0})), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_event_of_an_assistant_is_answered() {
    let mcp = Environment::start(&binaries::function("mcp"), &[("AGENT_GENERATOR_URL", "builtin")]).await;
    let mut answers = Vec::new();
    for file in OF_MCP {
        answers.push(mcp.invoke(&events::file(file), AMPLE).await);
    }
    let results = answers.iter().map(|answer| answer.body()["result"].clone()).collect::<Vec<_>>();
    assert_eq!((answers[0].status(), &results[0]["resultType"]), (Some(200), &json!("complete")), "{answers:?}");
    assert_eq!((answers[1].status(), &results[1]["isError"]), (Some(200), &json!(false)), "{answers:?}");
    assert!(results[1]["structuredContent"]["blocks"].is_array(), "{answers:?}");
    assert_eq!((answers[2].status(), &answers[2].body()["type"]), (Some(200), &json!("agent_preview")), "{answers:?}");
    assert_eq!((answers[3].status(), &answers[3].body()["valid"]), (Some(200), &json!(true)), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_url_and_a_base_path_reach_the_route() {
    let environment = Environment::start(&binaries::function("decompose"), &[("AGENT_GENERATOR_URL", "builtin")]).await;
    let request = json!({"description": "Summarise a web page"}).to_string();
    for event in [
        events::function_url("POST", "/", &request),
        events::function_url("POST", "/decompose/", &request),
        events::http_api("POST", "/base/decompose", &request),
        events::rest("POST", "/base/decompose/", &request),
    ] {
        let answer = environment.invoke(&event, AMPLE).await;
        assert_eq!(answer.status(), Some(200), "{event} {answer:?}");
    }
    let answer = environment.invoke(&events::http_api("POST", "/patch", &request), AMPLE).await;
    assert_eq!((answer.status(), &answer.body()["error_type"]), (Some(404), &json!("not_found")), "{answer:?}");
    let answer = environment.invoke(&events::rest("GET", "/decompose", ""), AMPLE).await;
    assert_eq!((answer.status(), answer.header("allow").as_deref()), (Some(405), Some("POST")), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_trigger_reports_an_error_in_its_own_format() {
    let action = &GENERATE;
    let generator =
        FaultyServer::start(Behaviour::answers(500, r#"{"error_type":"validation_error","error":"No sink"}"#)).await;
    let environment = action.environment(&generator.url()).await;
    let message = json!(action.message("validation_error"));

    for event in
        [events::http_api("POST", "/generate", action.request), events::function_url("POST", "/", action.request)]
    {
        let answer = environment.invoke(&event, AMPLE).await;
        assert_failed(&answer, action, "validation_error");
        assert_eq!(answer.header("x-request-id"), Some(answer.request_id.clone()), "{answer:?}");
    }
    let direct = environment.invoke(&action.direct(), AMPLE).await;
    assert_eq!((direct.status(), &direct.error), (None, &None), "{direct:?}");
    assert_eq!((&direct.body()["error_type"], &direct.body()["message"]), (&json!("validation_error"), &message));

    let event = environment.invoke(&events::event_bridge(action.direct()), AMPLE).await;
    assert_eq!(event.lambda_error_type(), Some("validation_error"), "{event:?}");
    assert_eq!(event.error.map(|error| error["errorMessage"].clone()), Some(message.clone()));

    let accept = [("Accept", "application/problem+json")];
    let answer = environment.invoke(&events::rest_with("POST", "/generate", action.request, &accept), AMPLE).await;
    let problem: Value = answer.body();
    assert_eq!(answer.header("content-type").as_deref(), Some("application/problem+json"), "{answer:?}");
    assert_eq!(problem["type"], "urn:agent-generator:error:validation_error");
    assert_eq!((&problem["status"], &problem["detail"]), (&json!(422), &message));
    assert_eq!(problem["instance"], format!("urn:uuid:{}", answer.request_id));
}
