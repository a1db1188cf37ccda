//! A wish in words, as operations on an agent. Its texts are the person's own; what in the agent they mean is not known yet.

mod acts;
mod against;
mod asked;
mod clauses;
mod cut;
mod ended;
mod forms;
mod fragment;
mod joined;
mod lead;
mod peel;
mod person;
mod phrases;
mod questions;
mod read;
mod rest;
mod scope;
mod show;
mod split;
mod tables;
mod when;

pub(super) use self::{
    clauses::{bare_condition, is_idle, ruled, spelt},
    phrases::{AT_ONCE, asks, asks_other, hastens, is_schedule, of_one, saying, wording},
    read::{read, tells},
    show::show,
    tables::TABLES,
};

use crate::reading;

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::patcher) struct Operation {
    /// The words that ask for it.
    pub(in crate::patcher) said: String,
    /// The person's own words, where `said` puts them as an order.
    pub(in crate::patcher) asked: Option<String>,
    pub(in crate::patcher) act: Act,
    pub(in crate::patcher) place: Option<Place>,
    /// "In step X, …": the step that it is about.
    pub(in crate::patcher) scope: Option<String>,
    /// "only if it mentions Rust": from the opener on.
    pub(in crate::patcher) condition: Option<String>,
    /// What went wrong: "the HTTP request fails".
    pub(in crate::patcher) failure: Option<String>,
    /// "instead of Y"; empty where only "instead" is said.
    pub(in crate::patcher) instead: Option<String>,
    /// "…, not with Y": Y goes if the agent has it.
    pub(in crate::patcher) contrast: Option<String>,
    /// "also", "too", "another": something comes, nothing goes.
    pub(in crate::patcher) also: bool,
    /// A statement, not an order: it may only tell why.
    pub(in crate::patcher) told: bool,
    /// "only": something is narrowed.
    pub(in crate::patcher) only: bool,
    /// "then": it comes after what the one before asks for.
    pub(in crate::patcher) then: bool,
}

impl Operation {
    /// What the person wrote.
    pub(in crate::patcher) fn own(&self) -> &str {
        self.asked.as_deref().unwrap_or(&self.said)
    }

    /// "First A", where another follows by "then B".
    pub(in crate::patcher) fn begins(&self, next: &Self) -> bool {
        let orders = |operation: &Self| {
            matches!(operation.act, Act::Do(_) | Act::Add(_))
                && operation.condition.is_none()
                && operation.failure.is_none()
        };
        // "translate first and sum up afterwards"
        let afterwards = next.place == Some(Place::End) && next.said.ends_with(" afterwards");
        let follows = next.then && next.place.is_none() || afterwards;
        follows && self.place == Some(Place::First) && orders(self) && orders(next)
    }

    /// "if it is invalid": a case that something said before decides.
    pub(in crate::patcher) fn rests_on_it(&self) -> bool {
        let clause = self.condition.as_deref().map(|text| text.to_lowercase().replace(['\'', '’'], ""));
        let subject = |clause: &String| {
            clause.split(' ').nth(1).is_some_and(|word| matches!(word, "it" | "its" | "they" | "theyre" | "not"))
        };
        clause.as_ref().is_some_and(subject)
    }

    /// Whether it asks for a look that decides something.
    pub(in crate::patcher) fn judges(&self) -> bool {
        let first = self.said.split(' ').next().unwrap_or_default().to_lowercase();
        matches!(
            first.as_str(),
            "validate" | "verify" | "check" | "test" | "compare" | "classify" | "judge" | "rate" | "score"
        )
    }

    /// Whether it names a value: an address, a number, a text in quotation marks.
    pub(in crate::patcher) fn gives_value(&self) -> bool {
        // "Every 15 minutes is too often": the value is what is spoken of.
        let said = if let Act::Change { to, .. } = &self.act { to } else { &self.said };
        reading::tokens(said).iter().any(|token| token.value().is_some())
    }
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::patcher) enum Act {
    /// The schedule becomes another: the words that say it.
    Schedule(String),
    /// It no longer runs by itself.
    Pause,
    /// On some days something is not to happen; the agent itself where nothing is named.
    Rest {
        what: String,
        days: String,
    },
    /// Something from outside starts it: "when a webhook is called".
    Start(String),
    Rename {
        what: String,
        to: String,
    },
    Describe(Option<String>),
    Remove(String),
    Replace {
        old: String,
        new: String,
    },
    /// Something gets a value. `from` is what it has now.
    Change {
        what: String,
        from: Option<String>,
        to: String,
    },
    /// "make X Y": where the one ends and the other begins shows only in the agent.
    Make(String),
    /// "give X a Y of Z"
    Give(String),
    /// A value, or a block, is used; for what, if that is said.
    Use {
        value: String,
        what: Option<String>,
    },
    Limit(String),
    Clear(String),
    /// A value comes into a list or a text.
    AddTo {
        value: String,
        what: String,
    },
    Move(String),
    /// Two steps change places.
    Swap {
        one: String,
        other: String,
    },
    /// One comes before the other.
    Order {
        first: String,
        then: String,
    },
    /// A person looks before it goes on: at what, if that is said.
    Approve(Option<String>),
    /// A condition lets more through: what, and the clause.
    Widen {
        what: String,
        clause: String,
    },
    /// "treat neutral feedback as negative": a condition holds for more.
    CountAs {
        what: String,
        kind: String,
    },
    Connect {
        from: String,
        to: String,
    },
    Split {
        what: String,
        into: String,
    },
    Copy(String),
    Each(String),
    /// What runs for each entry runs once for all.
    Together(String),
    Input(String),
    Fix {
        what: String,
        value: Option<String>,
    },
    Output(String),
    /// This comes out, and nothing is sent.
    OnlyOutput(String),
    /// A step comes: what it is.
    Add(String),
    /// A clause of its own: a step that does it, or how a step should do what it does.
    Do(String),
    /// Something stays: nothing is to be done.
    Keep,
    Question,
    Restart,
    /// The agent is to be as it was before.
    Undo,
}

/// Where in the flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::patcher) enum Place {
    Before(String),
    After(String),
    Between(String, String),
    /// Before what goes out.
    First,
    /// At the very beginning.
    Start,
    End,
    /// "25 minutes later".
    Later(String),
}
