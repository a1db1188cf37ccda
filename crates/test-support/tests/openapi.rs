//! Compares openapi.yaml with the code's tables: answers must match what a reader of the document expects.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::{
    action::Action,
    error_type::{ErrorType, Retryable, Row, TABLE},
};
use test_support::openapi;

/// The action's key in `x-messages`.
const OPERATIONS: [(Action, &str); 6] = [
    (Action::Decompose, "decompose"),
    (Action::Generate, "generate"),
    (Action::Patch, "patch"),
    (Action::Catalog, "listBlocks"),
    (Action::Operations, "operations"),
    (Action::Library, "library"),
];

fn documented_rows() -> Vec<Value> {
    openapi()["x-error-types"].as_array().unwrap().clone()
}

fn as_documented(name: &str, row: &Row) -> Value {
    let retryable = match row.retryable {
        Retryable::Yes | Retryable::After(_) => json!(true),
        Retryable::No => json!(false),
        Retryable::OnServerError => json!("depends"),
    };
    let mut documented = json!({"error_type": name, "status": row.status, "retryable": retryable, "title": row.title});
    if let Retryable::After(seconds) = row.retryable {
        documented["retry_after"] = json!(seconds);
    }
    documented
}

#[test]
fn every_error_class_is_documented_as_it_is_answered_and_no_other() {
    let other = ErrorType::Other("made_up".into());
    let mut expected: Vec<_> = TABLE.iter().map(|row| as_documented(row.name, row)).collect();
    expected.push(as_documented("*", other.row()));
    let mut documented = documented_rows();
    for row in &mut documented {
        row.as_object_mut().unwrap().shift_remove("message");
    }
    let by_name =
        |rows: Vec<Value>| rows.into_iter().map(|row| (row["error_type"].to_string(), row)).collect::<BTreeMap<_, _>>();
    assert_eq!(by_name(documented), by_name(expected));
}

#[test]
fn every_message_is_documented_in_the_words_that_a_person_reads() {
    let messages = openapi()["x-messages"].clone();
    for row in documented_rows() {
        let Some(name) = row["message"].as_str() else { continue };
        let error_type = match row["error_type"].as_str().unwrap() {
            "*" => ErrorType::Other("made_up".into()),
            name => TABLE.iter().find(|row| row.name == name).unwrap().error_type.clone(),
        };
        for (operation, id) in OPERATIONS {
            let text = messages[name].as_str().or(messages[name][id].as_str());
            assert_eq!(text, Some(error_type.message(operation).as_str()), "{error_type} of {id}");
        }
    }
}

#[test]
fn every_status_that_a_function_can_answer_is_documented() {
    let document = openapi();
    let statuses: BTreeSet<_> = TABLE.iter().map(|row| row.status).collect();
    for path in ["/decompose", "/generate", "/patch"] {
        let responses = &document["paths"][path]["post"]["responses"];
        for status in &statuses {
            // Only the gateway answers an unknown route or method, or a missing token, and `operations` a wish for a stream, and `library` a change without its version; and
            // what is decomposed is no operation that could have ended.
            let elsewhere =
                matches!(status, 401 | 404 | 405 | 406 | 412 | 428) || (*status == 409 && path == "/decompose");
            assert!(elsewhere || responses.get(status.to_string()).is_some(), "{path} {status}");
        }
    }
}
