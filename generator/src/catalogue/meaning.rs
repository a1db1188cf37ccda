//! What a block does, to what, and with which service.

use serde::{Deserialize, de::IntoDeserializer};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meaning {
    pub action: Action,
    /// What it acts on, singular, the nearest first: "pull request comment", "comment".
    pub objects: Vec<String>,
    /// "Google Sheets"; `None` if it needs none in particular.
    pub service: Option<String>,
    /// What people call the action, the nearest first: "look up".
    pub verbs: Vec<String>,
    /// What comes out of it: "issues", "email address".
    pub gives: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Add,
    Analyse,
    Append,
    /// Asks the person, or somebody who knows.
    Ask,
    Cancel,
    Connect,
    /// Steers the run: waits, repeats, has somebody approve.
    Control,
    Convert,
    Create,
    Decide,
    Delete,
    Download,
    Extract,
    Generate,
    Get,
    Label,
    List,
    Publish,
    Read,
    Reply,
    Run,
    Schedule,
    Search,
    Send,
    Share,
    Store,
    Transform,
    Update,
    Upload,
    /// Starts the agent when something happens.
    Watch,
    #[default]
    #[serde(other)]
    Other,
}

impl Action {
    /// The action that a verb is the name of.
    pub(super) fn named(verb: &str) -> Option<Self> {
        let name: serde::de::value::StrDeserializer<'_, serde::de::value::Error> = verb.into_deserializer();
        Self::deserialize(name).ok().filter(|action| *action != Self::Other)
    }
}
