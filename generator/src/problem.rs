//! A problem of a plan or an agent, as whoever made it can put it right.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The rule that is broken: one of [`crate::validator::RULES`], or one of the form that the plan has.
    pub rule: &'static str,
    /// In the JSON that was given: `steps[1].inputs[0].source.step`; empty for all of it.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What would be right, if that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

/// A repair that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// One of [`crate::fixer::FIXES`].
    pub rule: &'static str,
    pub path: String,
    /// What became of what.
    pub message: String,
}
