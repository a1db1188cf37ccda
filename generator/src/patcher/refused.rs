//! Why an operation was not made.

use shared::{account::Reason, failure::Failure, port::Question};

/// Why an operation was not made.
#[derive(Debug)]
pub(in crate::patcher) enum Refused {
    /// It cannot be made; the text says what there is.
    Impossible(Reason, String),
    /// Nothing in the agent is meant by it; the text says what there is.
    Lost(String),
    /// It is not clear what is meant.
    Open(Vec<Question>),
    /// It asks for too much, or the time is over.
    Failed(Failure),
}

impl Refused {
    pub(in crate::patcher) fn impossible(text: String) -> Self {
        Self::Impossible(Reason::NotUnderstood, text)
    }

    pub(in crate::patcher) fn unserved(text: String) -> Self {
        Self::Impossible(Reason::NoBlock, text)
    }

    pub(in crate::patcher) fn unsupported(text: String) -> Self {
        Self::Impossible(Reason::NotSupported, text)
    }

    pub(in crate::patcher) fn ask(question: String, keyword: &str, example: Option<String>) -> Self {
        Self::Open(vec![Question { question, keyword: keyword.to_owned(), example }])
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
