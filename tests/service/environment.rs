//! What a process survives, and how much memory and disk it needs.

use kit::{
    actions::{ACTIONS, AMPLE, DECOMPOSE, assert_failed, assert_good},
    behaviour::Behaviour,
    binaries::{self, FUNCTIONS},
    events,
    server::FaultyServer,
};
use serde_json::{Value, json};

const MEGABYTE: u64 = 1_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_event_is_rejected_and_the_next_request_is_answered() {
    for action in ACTIONS {
        let generator = FaultyServer::start(Behaviour::good()).await;
        let environment = action.environment(&generator.url()).await;
        for event in [json!([]), json!([1]), json!("text"), json!(7), json!(1.5), json!(true), Value::Null] {
            let answer = environment.invoke(&event, AMPLE).await;
            assert_eq!(answer.lambda_error_type(), Some("Runtime.UnknownEvent"), "{event}: {answer:?}");
            let message = answer.error.as_ref().and_then(|error| error["errorMessage"].as_str());
            assert!(message.is_some_and(|message| !message.is_empty()), "{event}: {answer:?}");
        }
        assert_good(&environment.invoke(&action.event(), AMPLE).await, action);
        assert_eq!(generator.requests().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_connected_to_decompose_by_mistake_gets_an_error() {
    let generator = FaultyServer::start(Behaviour::good()).await;
    let environment = DECOMPOSE.environment(&generator.url()).await;
    let answer = environment.invoke(&events::sqs(DECOMPOSE.request), AMPLE).await;
    assert_eq!(answer.lambda_error_type(), Some("Runtime.UnknownEvent"), "{answer:?}");
    assert_good(&environment.invoke(&DECOMPOSE.event(), AMPLE).await, &DECOMPOSE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payload_that_is_not_json_does_not_end_the_process() {
    for action in ACTIONS {
        let environment = action.environment("builtin").await;
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for payload in ["", "{", "\u{0}", deep.as_str()] {
            let answer = environment.invoke_bytes(payload, AMPLE).await;
            assert!(answer.error.is_some() || answer.body()["type"] == "error", "{answer:?}");
            assert!(environment.is_alive(), "a payload of {} bytes ended the process", payload.len());
        }
        assert_eq!(environment.invoke(&action.event(), AMPLE).await.body()["type"].as_str().map(|_| ()), Some(()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_call_does_not_affect_the_next_one() {
    for action in ACTIONS {
        let turns = vec![
            Behaviour::resets(),
            Behaviour::answers(200, "no"),
            Behaviour::endless_chunks(200),
            Behaviour::closes(),
            Behaviour::good(),
        ];
        let generator = FaultyServer::start(Behaviour::Then(turns)).await;
        let environment = action.environment(&generator.url()).await;
        for error_type in ["request_error", "invalid_response", "invalid_response"] {
            assert_failed(&environment.invoke(&action.event(), AMPLE).await, action, error_type);
        }
        assert_failed(&environment.invoke(&action.event(), AMPLE).await, action, "request_error");
        assert_good(&environment.invoke(&action.event(), AMPLE).await, action);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_answer_does_not_fill_the_memory() {
    let endless = [
        Behaviour::endless_chunks(200),
        Behaviour::endless_length(200),
        Behaviour::endless_chunks(500),
        Behaviour::endless_length(503),
        Behaviour::endless_headers(),
    ];
    for action in ACTIONS {
        let generator = FaultyServer::start(Behaviour::Then(endless.clone().into())).await;
        let environment = action.environment(&generator.url()).await;
        for _ in &endless {
            let answer = environment.invoke(&action.event(), AMPLE).await;
            assert_eq!(answer.body()["type"], "error", "{answer:?}");
        }
        let peak = environment.peak_memory_bytes();
        assert!(peak < 40 * MEGABYTE, "{}: {peak} bytes", action.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_remote_call_fits_into_lambdas_smallest_memory() {
    for action in ACTIONS {
        let generator = FaultyServer::start(Behaviour::good()).await;
        let environment = action.environment(&generator.url()).await;
        for _ in 0..20 {
            assert_good(&environment.invoke(&action.event(), AMPLE).await, action);
        }
        let peak = environment.peak_memory_bytes();
        assert!(peak < 13 * MEGABYTE, "{}: {peak} bytes", action.name);
    }
}

#[test]
fn a_cold_start_loads_a_small_stripped_binary() {
    let all = FUNCTIONS.iter().chain(&["operations", "stream", "deliver", "library", "mcp", "authorizer", "page"]);
    for function in all {
        let path = binaries::function(function);
        let bytes = std::fs::read(&path).expect("a readable binary");
        let size = bytes.len() as u64;
        let most = match *function {
            "catalog" | "authorizer" | "page" => 7,
            // Links the planner.
            "decompose" => 10,
            // Has the functions behind its tools in it.
            "mcp" => 15,
            // Link the AWS SDK; `generate` and `patch` the planner as well.
            _ => 14,
        };
        assert!(size < most * MEGABYTE, "{}: {size} bytes; is it a release build?", path.display());
        assert!(!has_symbols(&bytes), "{} is not stripped", path.display());
    }
}

/// Looks for a symbol table in an ELF file (64 bit, little endian).
fn has_symbols(elf: &[u8]) -> bool {
    let number = |at: usize, width: usize| -> usize {
        elf[at..at + width].iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
    };
    assert_eq!(&elf[..6], b"\x7fELF\x02\x01", "an ELF file");
    let (table, width, count) = (number(0x28, 8), number(0x3A, 2), number(0x3C, 2));
    (0..count).any(|section| number(table + section * width + 4, 4) == 2)
}
