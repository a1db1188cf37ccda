//! A generator's error text reaches the caller and the log: secrets and addresses must be hidden, its sense must stay.
//!
//! `cargo test -p sanitise --test sanitise -- --nocapture figures` prints how many texts of each corpus pass.

#![allow(clippy::unwrap_used, reason = "a broken row of a corpus fails the test that reads it")]

mod cut;
mod figures;
mod properties;

use serde_json::Value;

/// The caller's and the log's.
const LIMITS: [usize; 2] = [200, 2_000];

/// Texts whose `needles` must be hidden.
fn hostile() -> Vec<Value> {
    rows(include_str!("../data/hostile.jsonl"))
}

/// Texts that must not change, or whose `keeps` must stay.
fn harmless() -> Vec<Value> {
    rows(include_str!("../data/harmless.jsonl"))
}

/// The marker `{{split}}` keeps secret scanners of this repository from reporting the fake keys.
fn rows(corpus: &str) -> Vec<Value> {
    corpus.replace("{{split}}", "").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn strings(row: &Value, key: &str) -> Vec<String> {
    row[key].as_array().into_iter().flatten().map(|value| value.as_str().unwrap().to_owned()).collect()
}
