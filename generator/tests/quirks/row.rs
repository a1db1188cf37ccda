//! A row: what the server says, and what we make of it.

use std::{collections::BTreeMap, fmt::Write};

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) kind: String,
    pub(crate) says: String,
    #[serde(default)]
    pub(crate) bedrock: bool,
    /// Changes to the plan or patch of the prompt's example: JSON pointer -> value; null takes away.
    #[serde(default)]
    pub(crate) edit: BTreeMap<String, Value>,
    /// JSON pointer -> another key.
    #[serde(default)]
    pub(crate) rename: BTreeMap<String, String>,
    /// Replacements in the text of the plan or patch.
    #[serde(default)]
    pub(crate) replace: Vec<(String, String)>,
    /// The text that the model answers; `{plan}` or `{patch}` stands for the example.
    pub(crate) content: Option<String>,
    /// The message that holds it; `"{plan}"` as a value stands for the object.
    pub(crate) message: Option<Value>,
    pub(crate) finish: Option<String>,
    /// The whole body instead.
    pub(crate) body: Option<Value>,
    /// The frames of Bedrock's stream instead.
    pub(crate) frames: Option<Vec<Frame>>,
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) packed: Option<String>,
    /// What the second and later requests get: `good`, or the same again.
    pub(crate) then: Option<String>,
    #[serde(default)]
    pub(crate) settings: BTreeMap<String, String>,
    makes: Makes,
}

/// In a piece, `{half}` stands for the first half of the example, and `{rest}` for the other.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Frame {
    Start,
    /// A piece of what the tool is called with.
    Input(String),
    Text(String),
    Stop(String),
    Event(String, Value),
    /// A name and a message.
    Exception(String, String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Makes {
    answer: Option<String>,
    cron: Option<String>,
    error: Option<String>,
    retryable: Option<bool>,
    retry_after: Option<u32>,
    log: Option<String>,
    #[serde(default = "once")]
    calls: u32,
    /// JSON pointer into the last request -> the value there; null if it must have none.
    #[serde(default)]
    asks: BTreeMap<String, Value>,
}

fn once() -> u32 {
    1
}

#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) calls: u32,
    pub(crate) answer: Option<String>,
    pub(crate) cron: Option<String>,
    pub(crate) blocks: Option<Value>,
    pub(crate) error: Option<String>,
    pub(crate) retryable: Option<bool>,
    pub(crate) retry_after: Option<u32>,
    pub(crate) log: Option<String>,
    pub(crate) last: Option<Value>,
}

pub(crate) fn rows() -> Vec<Row> {
    let lines = include_str!("../data/quirks.jsonl").lines().enumerate();
    lines
        .map(|(at, line)| serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", at + 1)))
        .collect()
}

impl Row {
    pub(crate) fn is_patch(&self) -> bool {
        let holds = |text: &str| text.contains("{patch}");
        self.content.as_deref().is_some_and(holds)
            || self.message.as_ref().is_some_and(|message| holds(&message.to_string()))
    }

    /// What of `made` is not as it should be.
    pub(crate) fn misfit(&self, made: &Made, plan: &Value) -> Option<String> {
        let makes = &self.makes;
        if (&made.answer, &made.error, made.calls) != (&makes.answer, &makes.error, makes.calls) {
            return Some(format!("{:?} {:?} in {} calls expected", makes.answer, makes.error, makes.calls));
        }
        let names: Value = plan["steps"].as_array().unwrap().iter().map(|step| step["block"].clone()).collect();
        if made.blocks.as_ref().is_some_and(|blocks| *blocks != names) {
            return Some("other blocks".to_owned());
        }
        let wrong = |wanted: bool, what: &str| (!wanted).then(|| what.to_owned());
        wrong(makes.cron.is_none() || made.cron == makes.cron, "another schedule")
            .or_else(|| wrong(makes.retryable.is_none() || made.retryable == makes.retryable, "retryable"))
            .or_else(|| wrong(makes.retry_after.is_none() || made.retry_after == makes.retry_after, "retry after"))
            .or_else(|| {
                let text = made.log.as_deref().unwrap_or_default();
                wrong(makes.log.as_deref().is_none_or(|log| text.contains(log)), "the log does not say it")
            })
            .or_else(|| {
                makes.asks.iter().find_map(|(place, value)| {
                    let asked = made.last.as_ref().and_then(|last| last.pointer(place)).unwrap_or(&Value::Null);
                    wrong(asked == value, &format!("the last request has {asked} at {place}"))
                })
            })
    }

    fn outcome(&self) -> String {
        let Makes { answer, error, retryable, retry_after, log, calls, .. } = &self.makes;
        let calls = match calls {
            0 => " without asking",
            1 => "",
            2 => " in a second request",
            _ => " in a third request",
        };
        if let Some(error) = error {
            let mut text = format!("`{error}`{calls}");
            match (retryable, retry_after) {
                (_, Some(seconds)) => write!(text, ", again after {seconds} s").unwrap(),
                (Some(false), None) => text.push_str(", not to be tried again"),
                (Some(true), None) => text.push_str(", may be tried again"),
                (None, None) => {}
            }
            if let Some(log) = log {
                write!(text, "; the log: \"{log}\"").unwrap();
            }
            return text;
        }
        match answer.as_deref() {
            Some("steps" | "agent") => format!("used{}", if calls.is_empty() { " at once" } else { calls }),
            Some(other) => format!("`{other}`{calls}"),
            None => panic!("a row without an outcome"),
        }
    }
}

/// The rows as tables in Markdown, one for each kind.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut kind = "";
    for row in rows {
        if row.kind != kind {
            kind = &row.kind;
            write!(text, "\n### {kind}\n\n| what the server says | what comes of it |\n|---|---|\n").unwrap();
        }
        writeln!(text, "| {} | {} |", row.says.replace('|', "\\|"), row.outcome().replace('|', "\\|")).unwrap();
    }
    text.push('\n');
    text
}
