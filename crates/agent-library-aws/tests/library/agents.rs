//! Agents and owners for the tests.

use std::time::Duration;

use agent_library::{
    head::{Head, NewAgent},
    ports::{Created, Library, Saved},
    profile::Profile,
    version::{AgentText, NewVersion, Origin, Story},
};
use shared::{account::Requirements, caller::Owner, json::parse, timestamp::Timestamp};
use tokio::time::Instant;

pub(crate) fn unique(kind: &str) -> String {
    format!("{kind}-{:016x}", fastrand::u64(..))
}

/// Of characters that no key of a table or bucket could have.
pub(crate) fn owner() -> Owner {
    Owner(format!("sub:https://issuer/#{}/\u{fc}", unique("owner")))
}

pub(crate) fn at(seconds: u64) -> Timestamp {
    Timestamp(2_000_000_000.0).after(Duration::from_secs(seconds))
}

pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

pub(crate) fn version_of(text: &str, seconds: u64) -> NewVersion {
    let profile = Profile::new(parse(text).unwrap(), &Requirements::default());
    let story = Story::new(Origin::Replaced).with_wish("post to #news");
    NewVersion { agent: AgentText::new(text.to_owned()), profile, story, work: None, at: at(seconds) }
}

pub(crate) fn named(name: &str, description: &str) -> String {
    serde_json::json!({"name": name, "description": description, "nodes": [{}]}).to_string()
}

pub(crate) fn new_agent(text: &str, seconds: u64) -> NewAgent {
    NewAgent { agent_id: unique("agent"), first: version_of(text, seconds), forked_from: None, request: None }
}

/// Saves a new agent.
pub(crate) async fn create(library: &dyn Library, owner: &Owner, new: &NewAgent) -> Head {
    let mut created = library.create(owner, new).await.unwrap();
    if matches!(created, Created::Expired) {
        library.purge(owner, &new.agent_id, new.first.at).await.unwrap();
        created = library.create(owner, new).await.unwrap();
    }
    match created {
        Created::New(head) => *head,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn save(library: &dyn Library, owner: &Owner, head: &Head, text: &str, seconds: u64) -> Head {
    match library.save(owner, head, &version_of(text, seconds)).await.unwrap() {
        Saved::Now(head) => *head,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn text(library: &dyn Library, owner: &Owner, agent_id: &str, body: &str) -> String {
    library.text(owner, agent_id, body).await.unwrap().unwrap()
}

/// An agent whose text cannot be compressed.
pub(crate) fn noisy(bytes: usize) -> String {
    let noise: String = std::iter::repeat_with(fastrand::alphanumeric).take(bytes).collect();
    format!("{{ \"name\":\"n\",\t\"n\": 1.50, \"noise\":\"{noise}\" }}")
}
