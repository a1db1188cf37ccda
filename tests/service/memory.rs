//! How much memory the largest hostile texts take: no request, answer or completion may end a process.

use kit::{
    actions::{ACTIONS, AMPLE, Action, CATALOG, PATCH},
    behaviour::Behaviour,
    binaries,
    cloud_resources::CloudResources,
    events,
    runtime_api::Environment,
    server::FaultyServer,
};
use serde_json::{Value, json};

const MEBIBYTE: usize = 1024 * 1024;
/// A function has 256 MB, and the system takes its part of them.
const MOST: u64 = 128_000_000;
/// Short values, of which a tree or a list takes many times the text.
const UNITS: [&str; 9] = ["0", "[]", "{}", "\"\"", "[[]]", r#"{"":0}"#, "1e1", r#""\"""#, r#""\u0000""#];

/// `unit` as often as fits into `bytes`, with commas.
fn many(unit: &str, bytes: usize) -> String {
    vec![unit; bytes / (unit.len() + 1)].join(",")
}

/// Different keys of four characters.
fn keys(bytes: usize) -> String {
    let letter = |key: usize, place: u32| char::from(b'a' + u8::try_from(key / 26_usize.pow(place) % 26).expect("26"));
    let key = |key| (0..5).map(|place| letter(key, place)).collect::<String>();
    (0..bytes / 10).map(|number| format!("\"{}\":0", key(number))).collect::<Vec<_>>().join(",")
}

fn limit(action: &Action) -> usize {
    if action.name == "patch" { 5 * MEBIBYTE } else { MEBIBYTE }
}

/// A valid request of the largest size, filled with `more`.
fn request(action: &Action, more: impl Fn(usize) -> String) -> String {
    let valid = action.request.strip_suffix('}').expect("an object");
    format!("{valid},{}}}", more(limit(action) - valid.len() - 100))
}

fn hostile(action: &Action) -> Vec<String> {
    let arrays = UNITS.map(|unit| request(action, |bytes| format!("\"x\":[{}]", many(unit, bytes))));
    let lists = ["library_agents", "instructions"].map(|field| {
        let (before, after) = if field == "instructions" { ("{\"steps\":[", "]}") } else { ("[", "]") };
        request(action, |bytes| format!("\"{field}\":{before}{}{after}", many("[]", bytes - 30)))
    });
    let keyed = [keys as fn(usize) -> String, |bytes| many(r#""":0"#, bytes), |bytes| many(r#""\u0061":0"#, bytes)];
    arrays.into_iter().chain(lists).chain(keyed.map(|more| request(action, more))).collect()
}

async fn assert_survives(environment: &Environment, event: &Value, what: &str) {
    environment.invoke(event, AMPLE).await;
    assert!(environment.is_alive(), "{what} ended the process: {:?}", environment.logs());
    let peak = environment.peak_memory_bytes();
    assert!(peak < MOST, "{what}: {peak} bytes");
}

fn shown(text: &str) -> String {
    let begin: String = text.chars().take(200).collect();
    let end: String = text.chars().skip(text.chars().count().saturating_sub(60)).collect();
    format!("{begin}…{end}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_request_that_waits_for_a_generator_takes_less_than_half_of_the_memory() {
    for action in ACTIONS {
        let generator = FaultyServer::start(Behaviour::good()).await;
        let environment = action.environment(&generator.url()).await;
        for body in hostile(action) {
            assert_survives(&environment, &events::rest("POST", action.route, &body), &shown(&body)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_request_that_is_stored_takes_less_than_half_of_the_memory() {
    // Comes after the request was read, compared and packed.
    let refused = json!({"__type": "com.amazon.coral.validate#ValidationException"}).to_string();
    let aws = FaultyServer::start(Behaviour::answers(400, refused)).await;
    let environment = PATCH.environment_with(&with_table(&aws.url())).await;
    for body in hostile(&PATCH) {
        let event = events::rest_with("POST", PATCH.route, &body, &[("Prefer", "respond-async")]);
        assert_survives(&environment, &event, &shown(&body)).await;
    }
    // A slow machine may run out of time with some of them.
    assert!(!aws.requests().is_empty(), "no request came to be stored");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_answer_of_a_generator_takes_less_than_half_of_the_memory() {
    let room = 5 * MEBIBYTE - 200;
    let mut answers = vec![
        format!(r#"{{"success":true,"agent_json":{{{}}}}}"#, keys(room)),
        format!(r#"{{"success":true,"agent_json":{{{}}}}}"#, many(r#""":0"#, room)),
        format!(r#"{{"success":true,{}}}"#, keys(room)),
        format!(r#"{{"success":true,"agent_json":{{"name":"{}"}}}}"#, r#"\""#.repeat(room / 2)),
        format!(
            r#"{{"success":true,"type":"clarifying_questions","questions":[{{"example":[{}]}}]}}"#,
            many("\"\"", room)
        ),
        format!(r#"{{"success":false,"error":[{}]}}"#, many("\"\"", room)),
    ];
    for unit in ["0", "{}", "\"\"", "[[]]"] {
        let many = many(unit, room);
        answers.extend([
            format!(r#"{{"success":true,"type":"clarifying_questions","questions":[{many}]}}"#),
            format!(r#"{{"success":true,"type":"instructions","steps":[{many}]}}"#),
            format!(r#"{{"success":true,"agent_json":{{"nodes":[{many}]}}}}"#),
            format!(r#"{{"success":true,"blocks":[{many}]}}"#),
        ]);
    }
    for action in ACTIONS.into_iter().chain([&CATALOG]) {
        let turns = answers.iter().map(|answer| Behaviour::answers(200, answer)).collect();
        let generator = FaultyServer::start(Behaviour::Then(turns)).await;
        let environment = action.environment(&generator.url()).await;
        for answer in &answers {
            assert_survives(&environment, &action.event(), &format!("{}: {}", action.name, shown(answer))).await;
        }
        assert_eq!(generator.requests().len(), answers.len(), "{}", action.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_completion_takes_less_than_half_of_the_memory() {
    let key = "key-of-the-generator";
    let aws = FaultyServer::start(Behaviour::says(json!({"SecretString": key}))).await;
    let url = aws.url();
    let mut variables = with_table(&url);
    variables
        .extend([("INTERNAL_KEY_SECRET_ARN", "internal"), ("COMPLETIONS_QUEUE_URL", "http://127.0.0.1:9/completions")]);
    let environment = Environment::start(&binaries::function("operations"), &variables).await;
    let room = 5 * MEBIBYTE - 200;
    let results = UNITS.map(|unit| format!(r#"{{"success":true,"result":[{}]}}"#, many(unit, room)));
    let keyed = [keys(room), many(r#""":0"#, room)].map(|keys| format!(r#"{{"success":true,{keys}}}"#));
    for body in results.into_iter().chain(keyed) {
        let event = events::rest_with("POST", "/operations/op/complete", &body, &[("x-api-key", key)]);
        let answer = environment.invoke(&event, AMPLE).await;
        assert_ne!(answer.status(), Some(401), "the completion was not read: {answer:?}");
        assert_survives(&environment, &event, &shown(&body)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_agent_that_a_generator_brings_to_be_saved_takes_less_than_half_of_the_memory() {
    let Some(cloud) = CloudResources::create().await else { return };
    let mut variables = cloud.variables();
    variables.push(("AGENT_GENERATOR_URL", "http://127.0.0.1:9"));
    let [generate, operations] = ["generate", "operations"].map(binaries::function);
    let generate = Environment::start(&generate, &variables).await;
    let operations = Environment::start(&operations, &variables).await;
    let asked = r#"{"instructions":{"steps":[]},"library_agents":[],"save":true}"#;
    let begin = events::rest_with("POST", "/generate", asked, &[("Prefer", "respond-async")]);
    for unit in UNITS {
        let id = generate.invoke(&begin, AMPLE).await.body()["operation_id"].clone();
        let nodes = many(unit, 5 * MEBIBYTE - 300);
        let body = format!(r#"{{"operation_id":{id},"success":true,"result":{{"agent_json":{{"nodes":[{nodes}]}}}}}}"#);
        assert_survives(&operations, &events::sqs(&body), &shown(&body)).await;
        let path = format!("/operations/{}", id.as_str().expect("the id of an operation"));
        let operation = operations.invoke(&events::rest("GET", &path, ""), AMPLE).await.body();
        // Marks that an answer has to escape can make it too long to be sent.
        let ended = ["completed", "failed"].iter().any(|end| operation["status"] == *end);
        assert!(ended, "{}: {}", shown(&body), operation["status"]);
    }
}

/// A function with operations, whose AWS is at `url`.
fn with_table(url: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("AGENT_GENERATOR_URL", "http://127.0.0.1:9"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_ENDPOINT_URL", url),
        ("OPERATIONS_TABLE", "operations"),
        ("PROGRESS_TABLE", "progress"),
        ("OPERATIONS_BUCKET", "bucket"),
        ("EVENT_BUS_NAME", "bus"),
        ("CALLBACKS_QUEUE_URL", "http://127.0.0.1:9/callbacks"),
        ("JOBS_QUEUE_URL", "http://127.0.0.1:9/jobs"),
        ("WEBHOOK_SECRET_ARN", "webhook"),
    ]
}
