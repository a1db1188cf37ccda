//! Faults of a complete answer with a status of success.

use kit::behaviour::{Act, Behaviour};
use serde_json::json;

use crate::fault::{ASKING, DECOMPOSE, DRAFTS, Fault, Place, RESULTS, ServiceError};

fn says(name: &'static str, body: &str, error_type: &'static str, service_error: ServiceError) -> Fault {
    Fault::new(name, Place::Listening(Behaviour::answers(200, body)), error_type, service_error).only(RESULTS)
}

/// A 2xx whose body is not an answer.
pub(super) fn unusable() -> Vec<Fault> {
    let fault = |name, behaviour| Fault::listening(name, behaviour, "invalid_response", "");
    let bad_utf8 = b"{\"success\":true,\"type\":\"instructions\",\"steps\":[\"\xff\xfe\"]}";
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"success\":true}".to_vec();
    let gzip = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    // Less than 5 MiB, but more than Lambda's limit once it is escaped as a JSON string.
    let texts = "\"a\",".repeat(1_200_000);
    let steps = format!(r#"{{"success":true,"type":"instructions","steps":[{texts}"a"]}}"#);
    let agent = format!(r#"{{"success":true,"agent_json":{{"notes":[{texts}"a"]}}}}"#);
    let deep = format!("{{\"success\":{}{}}}", "[".repeat(200), "]".repeat(200));
    vec![
        fault("not JSON", Behaviour::answers(200, "<html>It works!</html>")),
        fault("empty", Behaviour::answers(200, "")),
        fault("204", Behaviour::bytes("HTTP/1.1 204 No Content\r\n\r\n")),
        fault("half of the JSON", Behaviour::answers(200, "{\"success\": true, ")),
        fault("two JSON values", Behaviour::answers(200, "{\"success\": true} {}")),
        fault("Content-Length too short", Behaviour::bytes_then(short, Act::Close)),
        fault("an array", Behaviour::answers(200, "[]")),
        fault("null", Behaviour::answers(200, "null")),
        fault("a string", Behaviour::answers(200, "\"ok\"")),
        fault("bad UTF-8", Behaviour::answers(200, bad_utf8)),
        fault("unrequested gzip", Behaviour::answers_with(200, &gzip, b"\x1f\x8b\x08\x00\x00garbage")),
        fault("endless", Behaviour::endless_chunks(200)),
        fault("endless, with a length", Behaviour::endless_length(200)),
        fault("6 MB", Behaviour::says(json!({"success": true, "filler": "x".repeat(6_000_000)}))),
        fault("202 without an operation", Behaviour::answers(202, "{\"status\":\"accepted\"}")).takes_jobs_over(),
        fault("202 with a failure", Behaviour::answers(202, "{\"success\":false}")).takes_jobs_over(),
        fault("steps too large once escaped", Behaviour::answers(200, steps)).only(DECOMPOSE).only_over_http(),
        fault("agent too large once escaped", Behaviour::answers(200, agent)).only(DRAFTS).only_over_http(),
        fault("200 levels deep", Behaviour::answers(200, deep)),
        fault("a reserved key", Behaviour::answers(200, r#"{"success":true,"\u0024serde_json::private::Number":"1"}"#)),
        fault("half a surrogate pair", Behaviour::answers(200, r#"{"success":true,"type":"\ud800"}"#)),
        fault("a gzip bomb", Behaviour::gzip_bomb()),
        Fault::harmless("plain text marked as gzip", Place::Listening(Behaviour::good_mislabelled_gzip())),
    ]
}

/// The generator makes a job of the request and is asked for it.
pub(super) fn jobs() -> Vec<Fault> {
    const POSTS: &[&str] = &["decompose", "generate", "patch"];
    let fault = |name, looks: Behaviour, class, said| {
        let accepted = Behaviour::answers(202, r#"{"job_id":"j","status":"accepted"}"#);
        let place = Place::Listening(Behaviour::Then(vec![accepted, looks]));
        Fault::new(name, place, class, ServiceError::Exactly(said)).only(POSTS).arriving(2)
    };
    let status = |body: &str| Behaviour::answers(200, body);
    vec![
        fault("a job that never ends", Behaviour::hangs(), "timeout", "Agent Generator's job had not ended in time")
            .until_deadline(),
        fault(
            "a lost job",
            Behaviour::answers(404, "{}"),
            "service_unavailable",
            "Agent Generator no longer knows the job",
        ),
        fault(
            "a job that failed",
            status(r#"{"status":"failed","error":"b","error_type":"llm_timeout"}"#),
            "llm_timeout",
            "b",
        ),
        fault(
            "a job without a result",
            status(r#"{"status":"completed"}"#),
            "invalid_response",
            "Agent Generator returned a job without a result",
        ),
        fault(
            "a job of an unknown status",
            status(r#"{"status":"on fire"}"#),
            "invalid_response",
            "Agent Generator returned a job of an unknown status",
        ),
        fault(
            "a job that is not JSON",
            status("<html>"),
            "invalid_response",
            "Agent Generator returned a job that is not a JSON object",
        ),
    ]
}

/// A 2xx in JSON that reports a failure, or that has the wrong shape.
pub(super) fn shapes() -> Vec<Fault> {
    let invalid = |name, body, begins| says(name, body, "invalid_response", ServiceError::StartsWith(begins));
    let no_error = ServiceError::Exactly("Unknown error from Agent Generator");
    let unknown_type = "Unknown response type from Agent Generator: ";
    let no_agent = "Agent Generator returned no agent_json";
    // One more than the contract allows.
    let questions = format!(
        r#"{{"success":true,"type":"clarifying_questions","questions":[{}]}}"#,
        vec![r#""a""#; 1_001].join(",")
    );
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let steps = format!(r#"{{"success":true,"type":"instructions","steps":{}}}"#, nested(127));
    let agent = format!(r#"{{"success":true,"agent_json":{{"x":{}}}}}"#, nested(126));
    vec![
        says("no success", r#"{"type":"instructions","steps":[]}"#, "unknown", no_error.clone()),
        says("success is null", r#"{"success":null}"#, "unknown", no_error.clone()),
        says("success is \"true\"", r#"{"success":"true","type":"instructions"}"#, "unknown", no_error.clone()),
        says("success is 1", r#"{"success":1,"agent_json":{}}"#, "unknown", no_error.clone()),
        says("nulls", r#"{"success":false,"error":null,"error_type":null}"#, "unknown", no_error),
        says(
            "failure with a class",
            r#"{"success":false,"error":"Two of three steps failed","error_type":"llm_parse_error"}"#,
            "llm_parse_error",
            ServiceError::Exactly("Two of three steps failed"),
        ),
        says(
            "model busy",
            r#"{"success":false,"error":"b","error_type":"llm_rate_limit"}"#,
            "llm_rate_limit",
            ServiceError::Exactly("b"),
        ),
        says(
            "the generator's own time-out",
            r#"{"success":false,"error":"t","error_type":"timeout"}"#,
            "timeout",
            ServiceError::Exactly("t"),
        ),
        says(
            "a class of its own",
            r#"{"success":false,"error":"i","error_type":"out_of_ink_2"}"#,
            "out_of_ink_2",
            ServiceError::Exactly("i"),
        ),
        says(
            "a class of ours",
            r#"{"success":false,"error":"i","error_type":"not_found"}"#,
            "unknown",
            ServiceError::Exactly("i"),
        ),
        says(
            "a class in capitals",
            r#"{"success":false,"error":"i","error_type":"TIMEOUT"}"#,
            "unknown",
            ServiceError::Exactly("i"),
        ),
        says(
            "type error",
            r#"{"success":true,"type":"error","error":"It broke","error_type":"validation_error"}"#,
            "validation_error",
            ServiceError::Exactly("It broke"),
        ),
        says(
            "type error alone",
            r#"{"success":true,"type":"error"}"#,
            "unknown",
            ServiceError::Exactly("Unknown error"),
        ),
        invalid(
            "unknown type",
            r#"{"success":true,"type":"poem"}"#,
            "Unknown response type from Agent Generator: poem",
        )
        .only(DECOMPOSE),
        invalid("no type", r#"{"success":true,"steps":[]}"#, unknown_type).only(DECOMPOSE),
        invalid("type is null", r#"{"success":true,"type":null}"#, unknown_type).only(DECOMPOSE),
        invalid("type is a number", r#"{"success":true,"type":7}"#, unknown_type).only(DECOMPOSE),
        invalid("steps are a text", r#"{"success":true,"type":"instructions","steps":"one"}"#, "").only(DECOMPOSE),
        invalid("questions are an object", r#"{"success":true,"type":"clarifying_questions","questions":{}}"#, "")
            .only(ASKING),
        invalid("a question is a number", r#"{"success":true,"type":"clarifying_questions","questions":["a",1]}"#, "")
            .only(ASKING),
        invalid("a question is null", r#"{"success":true,"type":"clarifying_questions","questions":[null]}"#, "")
            .only(ASKING),
        invalid("1,001 questions", &questions, "").only(ASKING),
        invalid("steps of 127 levels", &steps, "").only(DECOMPOSE),
        invalid("an agent of 127 levels", &agent, "").only(DRAFTS),
        invalid("no agent", r#"{"success":true}"#, no_agent).only(DRAFTS),
        invalid("blocks are an object", r#"{"success":true,"blocks":{}}"#, "").only(&["catalog"]),
        invalid("no blocks", r#"{"success":true}"#, "").only(&["catalog"]),
        invalid("agent is null", r#"{"success":true,"agent_json":null}"#, no_agent).only(DRAFTS),
        invalid("agent is an array", r#"{"success":true,"agent_json":[]}"#, "").only(DRAFTS),
        invalid("agent is a text", r#"{"success":true,"agent_json":"{}"}"#, "").only(DRAFTS),
    ]
}
