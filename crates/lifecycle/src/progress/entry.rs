//! An entry of the log. None holds a goal, an agent or a result.

use serde::{Deserialize, Serialize};
use shared::{json::Object, progress::Step, timestamp::Timestamp};

use crate::record::{Logged, OperationRecord, Outcome};

/// In characters: `detail`, and the name of an agent.
const LONGEST_TEXT: usize = 100;
/// In characters: words that tell of the agent.
const LONGEST_DELTA: usize = 1_000;
/// In characters: the message of a failure.
const LONGEST_MESSAGE: usize = 500;

/// As it is stored and sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1 on, without gaps.
    pub seq: u32,
    /// RFC 3339.
    pub at: String,
    /// Which worker tells: 1 is the first one, 0 is before it.
    pub attempt: u64,
    #[serde(flatten)]
    pub told: Told,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Told {
    Accepted,
    /// A worker has begun.
    Started,
    Step {
        name: Step,
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
    /// The agent has got a node.
    BlockAdded {
        node: String,
        block: String,
        name: String,
    },
    /// A rule of the platform has been mended in the agent.
    Fixed {
        rule: String,
    },
    /// Goes on with the words that tell of the agent.
    Text {
        delta: String,
    },
    /// A failure that may pass: the job comes again.
    AttemptFailed {
        error_type: String,
        /// RFC 3339.
        retry_at: String,
    },
    /// The generator has the job.
    HandedOver,
    /// The last entry. The fields are absent if the result is not an agent.
    Completed {
        #[serde(skip_serializing_if = "Option::is_none")]
        node_count: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        link_count: Option<u64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        agent_name: Option<String>,
    },
    /// The last entry.
    Failed {
        error_type: String,
        message: String,
    },
    /// The last entry: its caller has stopped it.
    Cancelled,
}

impl Told {
    /// The name of its type on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Started => "started",
            Self::Step { .. } => "step",
            Self::BlockAdded { .. } => "block_added",
            Self::Fixed { .. } => "fixed",
            Self::Text { .. } => "text",
            Self::AttemptFailed { .. } => "attempt_failed",
            Self::HandedOver => "handed_over",
            Self::Completed { .. } => "completed",
            Self::Failed { .. } => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it is the last entry.
    #[must_use]
    pub fn is_end(&self) -> bool {
        matches!(self, Self::Completed { .. } | Self::Failed { .. } | Self::Cancelled)
    }

    pub(crate) fn step(name: Step, detail: Option<&str>) -> Self {
        Self::Step { name, detail: detail.map(|detail| plain(detail, LONGEST_TEXT)) }
    }

    /// Like [`Self::step`], with a detail by somebody else.
    pub(crate) fn foreign_step(name: Step, detail: Option<&str>) -> Self {
        Self::Step { name, detail: detail.map(|detail| sanitise::sanitise(detail, LONGEST_TEXT)) }
    }

    pub(crate) fn block_added(node: &str, block: &str, name: &str) -> Self {
        let [node, block, name] = [node, block, name].map(|text| plain(text, LONGEST_TEXT));
        Self::BlockAdded { node, block, name }
    }

    /// Like [`Self::block_added`], by somebody else.
    pub(crate) fn foreign_block(node: &str, block: &str, name: &str) -> Self {
        let [node, block, name] = [node, block, name].map(|text| sanitise::sanitise(text, LONGEST_TEXT));
        Self::BlockAdded { node, block, name }
    }

    pub(crate) fn text(delta: &str) -> Self {
        Self::Text { delta: sanitise::sanitise(delta, LONGEST_DELTA) }
    }

    pub(crate) fn fixed(rule: &str) -> Self {
        Self::Fixed { rule: plain(rule, LONGEST_TEXT) }
    }

    /// What the agent does, if an operation ended with one that explains itself.
    pub(crate) fn closing_words(outcome: &Outcome) -> Option<Self> {
        #[derive(Deserialize)]
        struct Body {
            explanation: String,
        }
        let Outcome::Completed(body) = outcome else { return None };
        let Body { explanation } = serde_json::from_str(body).ok()?;
        (!explanation.is_empty()).then(|| Self::Text { delta: plain(&explanation, LONGEST_DELTA) })
    }

    /// How an operation ended.
    fn end(outcome: &Outcome) -> Self {
        // One level deep: the agent in it may be large.
        let body = outcome.body().and_then(|body| Object::parse(body).ok()).unwrap_or_default();
        let text = |key: &str, most| body.string(key).map(|text| plain(&text, most));
        let number = |key: &str| body.get(key).and_then(|number| serde_json::from_str(number.get()).ok());
        match outcome {
            Outcome::Completed(_) => Self::Completed {
                node_count: number("node_count"),
                link_count: number("link_count"),
                agent_name: text("agent_name", LONGEST_TEXT),
            },
            Outcome::Failed { error_type, .. } => Self::Failed {
                error_type: error_type.clone(),
                message: text("message", LONGEST_MESSAGE).unwrap_or_default(),
            },
            Outcome::Cancelled => Self::Cancelled,
        }
    }
}

impl Entry {
    pub(crate) fn accepted(operation: &OperationRecord) -> Self {
        Self { seq: Logged::FIRST, at: operation.created_at.rfc3339(), attempt: 0, told: Told::Accepted }
    }

    /// The closing words, if there are any, and the last entry of an operation that ended `at` this time.
    pub(crate) fn ends(
        operation: &OperationRecord,
        words: Option<Told>,
        outcome: &Outcome,
        at: Timestamp,
    ) -> impl Iterator<Item = Self> {
        let (at, attempt) = (at.rfc3339(), operation.claims);
        let numbers = operation.logged.last.saturating_add(1)..;
        let told = words.into_iter().chain([Told::end(outcome)]);
        numbers.zip(told).map(move |(seq, told)| Self { seq, at: at.clone(), attempt, told })
    }
}

/// One line of at most `most` characters.
fn plain(text: &str, most: usize) -> String {
    text.chars().take(most).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_tells_the_size_of_an_agent_but_nothing_of_what_is_in_it() {
        let body = r#"{"type":"agent_preview","agent_name":"News\nat 8","node_count":3,"link_count":2,
            "agent_json":{"nodes":["hunter2"]},"explanation":"hunter2"}"#;
        let told = serde_json::to_string(&Told::end(&Outcome::Completed(body.to_owned()))).unwrap();
        assert_eq!(told, r#"{"type":"completed","node_count":3,"link_count":2,"agent_name":"News at 8"}"#);
        for other in ["null", "[1]", r#"{"questions":["hunter2"]}"#, "not JSON"] {
            let told = serde_json::to_string(&Told::end(&Outcome::Completed(other.to_owned()))).unwrap();
            assert_eq!(told, r#"{"type":"completed"}"#, "{other}");
        }
    }

    #[test]
    fn a_stream_names_each_event_as_json_does() {
        let all = [
            Told::Accepted,
            Told::Started,
            Told::step(Step::Planning, None),
            Told::block_added("n", "b", "t"),
            Told::fixed("rule"),
            Told::Text { delta: "words".to_owned() },
            Told::AttemptFailed { error_type: "timeout".to_owned(), retry_at: "soon".to_owned() },
            Told::HandedOver,
            Told::end(&Outcome::Completed("{}".to_owned())),
            Told::end(&Outcome::Failed { error_type: "timeout".to_owned(), body: "{}".to_owned() }),
            Told::Cancelled,
        ];
        for told in all {
            assert_eq!(serde_json::to_value(&told).unwrap()["type"], told.name());
        }
    }

    #[test]
    fn a_text_from_outside_is_bounded_and_shows_no_secret() {
        let long = "x".repeat(5_000);
        let failed = Outcome::Failed { error_type: "timeout".to_owned(), body: format!(r#"{{"message":"{long}"}}"#) };
        let Told::Failed { message, .. } = Told::end(&failed) else { panic!("it failed") };
        assert_eq!(message.len(), LONGEST_MESSAGE);
        let Told::Step { detail, .. } = Told::foreign_step(Step::Planning, Some("asks http://10.0.0.7/x of a\nb"))
        else {
            panic!("it is a step")
        };
        let detail = detail.unwrap();
        assert!(!detail.contains("10.0.0.7") && !detail.contains('\n'), "{detail}");
        for step in [Told::step, Told::foreign_step] {
            let Told::Step { detail: Some(detail), .. } = step(Step::Planning, Some(&long)) else { panic!("a detail") };
            assert!(detail.chars().count() <= LONGEST_TEXT, "{detail}");
        }
    }
}
