//! What words have in common.

use serde::Deserialize;

use super::Determiner;

/// What a word that holds a sentence together may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Class {
    #[serde(skip)]
    Determiner(Determiner),
    Preposition,
    Pronoun,
    Modal,
    Not,
    And,
    Relative,
    Question,
    When,
    If,
    Else,
    Reason,
    While,
    Adverb,
    Polite,
}

/// Words with something in common that a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Group {
    Adjectives,
    /// What is to be built: "agent", "workflow", "script".
    Agents,
    /// Written with a capital and still not a name.
    Capitals,
    /// Verbs that say what happens, not what is.
    Events,
    /// Services that are spelled like a word.
    Everyday,
    /// Parts of a record: "the name and email".
    Fields,
    /// Take a person and a thing: "send me the list".
    Givers,
    /// Nouns that take an infinitive: "a way to".
    Hooks,
    /// What a person does to start the agent: "I paste a text".
    Inputs,
    /// End like a plural, a participle or a gerund, and are nouns.
    Invariable,
    /// "kept informed", "kept up to date"
    Kept,
    /// Are written or held by people: a mail, a call.
    Letters,
    /// Are somewhere: the weather, a restaurant.
    Placed,
    /// Go up or down.
    Moves,
    /// Build something.
    Makers,
    /// Labels of the form of a result: "tone: friendly".
    Manners,
    /// Take something to a place.
    Movers,
    People,
    /// Labels of who the agent is: "role: …".
    Personas,
    /// "the week", "the weekend"
    Periods,
    /// Say what for, not what to do: "to stay informed".
    Purposes,
    /// Verbs whose infinitive is a complement: "ask … to".
    Raising,
    /// Labels of what is not asked for: "aim: …".
    Reasons,
    /// What one saves: "time", "money".
    Savings,
    /// Labels of where something is: "table: Leads".
    Settings,
    /// What becomes of a case: "urgent ones go to support".
    Routes,
    /// Take a subordinate clause: "tell them that".
    Sayers,
    Secrets,
    /// Do nothing with what they take: "skip the rest".
    Skips,
    /// Nouns that something new comes from when they stand before a colon.
    Sources,
    /// Of the agent itself: "runs every day".
    Starters,
    States,
    /// Pronouns that are subjects.
    Subjects,
    Tasks,
    /// Take a person alone: "tell me".
    Tellers,
    Times,
    /// Look at something more than once: "watch the page".
    Watchers,
}
