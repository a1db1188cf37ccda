//! What a person asks for, as types that hold valid values.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::fields::{Fields, LibraryAgents};
use crate::{
    bad_request::BadRequest,
    port::{Background, DecomposeCall},
};

/// What an agent should do, in the person's words: not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description<'a>(Cow<'a, str>);

impl<'a> Description<'a> {
    pub fn parse(text: Option<Cow<'a, str>>) -> Result<Self, BadRequest> {
        not_blank(text).map(Self).ok_or(BadRequest::MissingDescription)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A line of a description that begins so is followed by an answer: some clients append it there.
const ANSWER: &str = "Additional context from user:";

/// Input of decompose, and of generate if it has no instructions.
#[derive(Debug)]
pub struct Goal<'a> {
    description: Description<'a>,
    context: Option<Cow<'a, str>>,
    library_agents: LibraryAgents<'a>,
}

impl<'a> Goal<'a> {
    pub fn parse(fields: &Fields<'a>) -> Result<Self, BadRequest> {
        Self::new(fields.text("description"), fields.text_with_content("context"), fields.library_agents())
    }

    /// Answers in the description go before the `context`.
    pub fn new(
        description: Option<Cow<'a, str>>,
        context: Option<Cow<'a, str>>,
        library_agents: LibraryAgents<'a>,
    ) -> Result<Self, BadRequest> {
        let description = Description::parse(description)?;
        let (goal, answers) = goal_and_answers(description.as_str());
        if answers.is_empty() {
            return Ok(Self { description, context, library_agents });
        }
        let all: Vec<&str> = answers.into_iter().chain(context.as_deref()).filter(|text| !text.is_empty()).collect();
        let context = (!all.is_empty()).then(|| all.join("\n").into());
        Ok(Self { description: Description(goal.to_owned().into()), context, library_agents })
    }

    #[must_use]
    pub fn description(&self) -> &str {
        self.description.as_str()
    }

    /// All that the person wrote.
    #[must_use]
    pub fn words(&self) -> Cow<'_, str> {
        let description = self.description.as_str();
        match &self.context {
            Some(context) => format!("{description}\n{context}").into(),
            None => description.into(),
        }
    }

    #[must_use]
    pub fn library_agents(&self) -> LibraryAgents<'a> {
        self.library_agents
    }

    #[must_use]
    pub fn call<'b>(
        &'b self,
        library_agents: Option<&'b RawValue>,
        operation: Option<Background<'b>>,
    ) -> DecomposeCall<'b> {
        let (description, context) = (self.description.as_str(), self.context.as_deref());
        DecomposeCall { description, context, library_agents, operation }
    }
}

/// What to change about an agent, in the person's words: not blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes<'a>(Cow<'a, str>);

impl<'a> Changes<'a> {
    pub fn parse(text: Option<Cow<'a, str>>) -> Result<Self, BadRequest> {
        not_blank(text).map(Self).ok_or(BadRequest::MissingChanges)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A goal, and the answers behind it. Without a goal there is nothing to answer.
fn goal_and_answers(text: &str) -> (&str, Vec<&str>) {
    let begins = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default();
        before.trim_end_matches([' ', '\t']).ends_with('\n')
    };
    let begin = text.match_indices(ANSWER).map(|(at, _)| at).filter(begins);
    let mut ends: Vec<usize> =
        begin.skip_while(|at| text.get(..*at).is_none_or(|goal| goal.trim().is_empty())).collect();
    let goal = text.get(..ends.first().copied().unwrap_or(text.len())).unwrap_or_default();
    ends.push(text.len());
    let answers = ends.windows(2).filter_map(|ends| text.get(*ends.first()?..*ends.last()?)?.get(ANSWER.len()..));
    (goal.trim_end(), answers.map(str::trim).collect())
}

fn not_blank(text: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    text.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_text_counts_as_missing() {
        for blank in [None, Some(""), Some(" \n\t\u{3000}")] {
            assert!(Description::parse(blank.map(Cow::Borrowed)).is_err());
            assert!(Changes::parse(blank.map(Cow::Borrowed)).is_err());
        }
        assert_eq!(Description::parse(Some(" x ".into())).unwrap().as_str(), " x ");
    }

    #[test]
    fn an_answer_that_a_client_appends_to_the_description_is_taken_for_one() {
        let heard = |description: &str, context: Option<&str>| {
            let goal = Goal::new(Some(description.into()), context.map(Cow::from), LibraryAgents::LeftOut).unwrap();
            let call = goal.call(None, None);
            (call.description.to_owned(), call.context.map(str::to_owned))
        };
        for (description, context, goal, answer) in [
            ("Tell me\n\nAdditional context from user:\nDiscord", None, "Tell me", Some("Discord")),
            ("Tell me \r\n Additional context from user: Discord ", Some("#news"), "Tell me", Some("Discord\n#news")),
            (
                "Tell me\n\nAdditional context from user:\nDiscord\n\nAdditional context from user:\n#news\nat 8",
                None,
                "Tell me",
                Some("Discord\n#news\nat 8"),
            ),
            ("Tell me\n\nAdditional context from user:\n ", None, "Tell me", None),
            ("Tell me\nAdditional context from user:", Some("here"), "Tell me", Some("here")),
            // Nothing to answer, or only spoken of.
            ("\nAdditional context from user:\nDiscord", None, "\nAdditional context from user:\nDiscord", None),
            (
                "Write \"Additional context from user:\" into it ",
                None,
                "Write \"Additional context from user:\" into it ",
                None,
            ),
            (" x ", Some(""), " x ", Some("")),
        ] {
            assert_eq!(heard(description, context), (goal.to_owned(), answer.map(str::to_owned)), "{description:?}");
        }
    }
}
