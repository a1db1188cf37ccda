//! What a generator says in an error reaches the caller and the log: nothing of its insides may, and its sense must.
//!
//! `cargo test -p shared --test sanitise -- --nocapture figures` prints how many texts of each corpus come out right.

#![allow(clippy::unwrap_used, reason = "a broken row of a corpus is a failure of the test that reads it")]

mod cut;
mod figures;
mod properties;

use serde_json::Value;

/// The two lengths that are used: the caller's and the log's.
const LIMITS: [usize; 2] = [200, 2_000];

/// Texts with parts that must not be shown: `needles`.
fn hostile() -> Vec<Value> {
    rows(include_str!("../data/hostile.jsonl"))
}

/// Texts that must stay as they are, or whose `keeps` must.
fn harmless() -> Vec<Value> {
    rows(include_str!("../data/harmless.jsonl"))
}

/// Every row of a corpus. A marker keeps the fake keys in it from looking real to scanners of this repository.
fn rows(corpus: &str) -> Vec<Value> {
    corpus.replace("{{split}}", "").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn strings(row: &Value, key: &str) -> Vec<String> {
    row[key].as_array().into_iter().flatten().map(|value| value.as_str().unwrap().to_owned()).collect()
}
