//! What a server has been found to take. A request begins with all that is wanted; what the server refuses is given up,
//! one thing at a time, and remembered for a while if the request was taken without it.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::{refusal::Refusal, troubles::Trouble};

/// After this time everything is wanted again: servers are updated, and models behind one address change.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);
/// In tokens. A plan of five steps has about a thousand.
const LEAST_TOKENS: u32 = 256;

/// How much of structured output is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Structure {
    /// Nothing: the schema stands in the prompt.
    None,
    /// Any JSON object: the schema stands in the prompt as well.
    Object,
    Schema,
    StrictSchema,
}

/// How the limit of tokens is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitName {
    MaxTokens,
    MaxCompletionTokens,
}

/// What a request asks of the server besides an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) structure: Structure,
    /// Instructions as a system message; else they open the first turn.
    pub(super) system: bool,
    /// `None` sends no limit.
    pub(super) limit: Option<(LimitName, u32)>,
    pub(super) streaming: bool,
    /// Token counts at the end of a stream.
    pub(super) usage: bool,
    pub(super) temperature: bool,
    pub(super) effort: bool,
}

impl Wanted {
    pub(super) const fn everything(name: LimitName, max_tokens: u32) -> Self {
        Self {
            structure: Structure::StrictSchema,
            system: true,
            limit: Some((name, max_tokens)),
            streaming: true,
            usage: true,
            temperature: true,
            effort: true,
        }
    }

    /// What to ask for instead; `None` if the refusal has another cause. The second is whether to remember it.
    pub(super) fn without(self, refusal: &Refusal) -> Option<(Self, bool)> {
        let less = match refusal.trouble {
            Some(Trouble::SystemRole) => Self { system: false, ..self },
            Some(Trouble::OtherLimit) => self.with_other_limit(),
            Some(Trouble::Limit) => Self { limit: self.limit.and_then(|limit| lowered(limit, refusal.limit)), ..self },
            Some(Trouble::Usage) => Self { usage: false, ..self },
            Some(Trouble::Streaming) => Self { streaming: false, usage: false, ..self },
            Some(Trouble::Temperature) => Self { temperature: false, ..self },
            Some(Trouble::Effort) => Self { effort: false, ..self },
            Some(Trouble::Strictness) => Self { structure: self.structure.less(), ..self },
            Some(Trouble::Form) if self.structure == Structure::StrictSchema => {
                Self { structure: Structure::Object, ..self }
            }
            Some(Trouble::Form) => Self { structure: self.structure.less(), ..self },
            // The model failed at the form this time: it may not the next time.
            Some(Trouble::Misshapen) => return self.plain().map(|less| (less, false)),
            None if matches!(refusal.status, 400 | 422) => return self.plain().map(|less| (less, true)),
            _ => return None,
        };
        (less != self).then_some((less, true))
    }

    /// With the limit of tokens under its other name.
    pub(super) fn with_other_limit(self) -> Self {
        Self { limit: self.limit.map(|(name, tokens)| (name.other(), tokens)), ..self }
    }

    /// Without any structured output.
    fn plain(self) -> Option<Self> {
        (self.structure != Structure::None).then_some(Self { structure: Structure::None, ..self })
    }
}

impl Structure {
    fn less(self) -> Self {
        match self {
            Self::StrictSchema => Self::Schema,
            Self::Schema => Self::Object,
            Self::Object | Self::None => Self::None,
        }
    }
}

impl LimitName {
    fn other(self) -> Self {
        match self {
            Self::MaxTokens => Self::MaxCompletionTokens,
            Self::MaxCompletionTokens => Self::MaxTokens,
        }
    }
}

/// The limit that the server names, or else half of the refused one; none at all if that would be too little.
fn lowered((name, tokens): (LimitName, u32), named: Option<u32>) -> Option<(LimitName, u32)> {
    let lower = named.filter(|named| *named < tokens).unwrap_or(tokens / 2);
    (lower >= LEAST_TOKENS).then_some((name, lower))
}

/// What to ask this server for. One per process and server.
#[derive(Debug)]
pub(super) struct Learnt {
    everything: Wanted,
    less: Mutex<Option<(Wanted, Instant)>>,
    /// Answers in a row that were not JSON although a schema was asked for, and when the last of them came.
    unheeded: Mutex<Option<(u32, Instant)>>,
}

impl Learnt {
    pub(super) fn new(everything: Wanted) -> Self {
        Self { everything, less: Mutex::default(), unheeded: Mutex::default() }
    }

    pub(super) fn wanted(&self) -> Wanted {
        let less = *self.less.lock().unwrap_or_else(PoisonError::into_inner);
        less.filter(|(_, since)| since.elapsed() < REMEMBERED).map_or(self.everything, |(wanted, _)| wanted)
    }

    /// Call this when a request that was refused first is taken with less.
    pub(super) fn remember(&self, wanted: Wanted) {
        *self.less.lock().unwrap_or_else(PoisonError::into_inner) = Some((wanted, Instant::now()));
    }

    /// Notes whether an answer was JSON although the prompt did not show the schema. After two that were not, the server
    /// does not enforce it, and the schema is to stand in the prompt.
    pub(super) fn note(&self, is_json: bool) {
        let mut unheeded = self.unheeded.lock().unwrap_or_else(PoisonError::into_inner);
        let before = unheeded.map_or(0, |(times, _)| times);
        *unheeded = (!is_json).then(|| (before.saturating_add(1), Instant::now()));
    }

    pub(super) fn enforces(&self) -> bool {
        let unheeded = *self.unheeded.lock().unwrap_or_else(PoisonError::into_inner);
        unheeded.is_none_or(|(times, last)| times < 2 || last.elapsed() >= REMEMBERED)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const WANTED: Wanted = Wanted::everything(LimitName::MaxTokens, 8192);

    fn refused(status: u16, message: &str) -> Refusal {
        Refusal::inside(&json!({"code": status, "message": message}), &reqwest::header::HeaderMap::new())
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_was_updated_is_asked_for_everything_again() {
        let learnt = Learnt::new(WANTED);
        let less = Wanted { streaming: false, ..WANTED };
        learnt.remember(less);
        tokio::time::advance(REMEMBERED / 2).await;
        assert_eq!(learnt.wanted(), less);
        tokio::time::advance(REMEMBERED / 2).await;
        assert_eq!(learnt.wanted(), WANTED);
    }

    #[test]
    fn one_thing_is_given_up_at_a_time_and_structured_output_in_steps() {
        let mut wanted = WANTED;
        let structures = std::iter::from_fn(|| {
            wanted = wanted.without(&refused(400, "json_schema is not supported"))?.0;
            Some(wanted.structure)
        });
        assert_eq!(structures.collect::<Vec<_>>(), [Structure::Object, Structure::None]);
        assert_eq!(wanted, Wanted { structure: Structure::None, ..WANTED });
        for status in [404, 424, 500, 501] {
            assert!(WANTED.without(&refused(status, "no such thing")).is_none(), "{status} without a cause");
            assert!(WANTED.without(&refused(status, "response_format is unknown")).is_some(), "{status}");
        }
    }

    #[test]
    fn a_limit_is_lowered_to_the_one_that_is_named() {
        let lowered = |message: &str| {
            let less = WANTED.without(&refused(400, message)).map(|(less, _)| less);
            less.and_then(|less| less.limit).map(|(_, tokens)| tokens)
        };
        assert_eq!(lowered("max_tokens: 8192 > 4096, the most for this model"), Some(4096));
        assert_eq!(lowered("max_tokens must be at most 2,048"), Some(2048));
        assert_eq!(lowered("invalid max_tokens"), Some(4096));
        assert_eq!(lowered("max_tokens must be at most 32"), Some(4096));
    }

    #[test]
    fn what_the_model_did_wrong_once_is_not_held_against_the_server() {
        let refusal = refused(400, "Failed to generate JSON. See 'failed_generation'");
        assert_eq!(
            WANTED.without(&refusal).map(|(less, lasts)| (less.structure, lasts)),
            Some((Structure::None, false))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_twice_ignores_the_schema_is_shown_it() {
        let learnt = Learnt::new(WANTED);
        learnt.note(false);
        learnt.note(true);
        learnt.note(false);
        assert!(learnt.enforces());
        learnt.note(false);
        assert!(!learnt.enforces());
        tokio::time::advance(REMEMBERED).await;
        assert!(learnt.enforces());
    }
}
