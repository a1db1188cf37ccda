//! New versions of an agent.

use agent_library::{
    head::Head,
    ports::Saved,
    saver::{conflict, unavailable},
    version::{AgentText, Origin, Story, Version},
};
use lambda::condition;
use serde_json::value::RawValue;
use shared::{bad_request::BadRequest, refusal::Refusal, reply::Reply, request_log::RequestLog};

use crate::{Agents, Asked, answer};

impl Agents {
    pub(crate) async fn replace(&self, asked: Asked<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let sent = asked.sent(log)?;
        condition::matches(asked.http.headers, "")?;
        let head = self.head(asked).await?;
        self.advance(asked, head, sent.agent, sent.story(Origin::Replaced)).await
    }

    pub(crate) async fn restore(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        let number = asked.version()?;
        condition::matches(asked.http.headers, "")?;
        let head = self.head(asked).await?;
        let version = self.version(asked, &head, number).await?;
        let agent = self.text(asked.owner, &head.agent_id, &version.body).await?;
        let story = Story { restored: Some(number), ..Story::new(Origin::Restored) };
        self.advance(asked, head, &agent, story).await
    }

    /// The same content makes no version: then the change is made already, whichever version it was meant for (RFC 9110,
    /// section 13.1.1), and a repeat whose answer was lost is told so.
    async fn advance(&self, asked: Asked<'_>, head: Head, agent: &RawValue, story: Story) -> Result<Reply, Refusal> {
        let text = AgentText::new(agent.get().to_owned());
        if text.digest == head.digest {
            return self.unchanged(asked, &head).await;
        }
        if !condition::matches(asked.http.headers, &head.etag())? {
            return Err(conflict(&head).into());
        }
        let before = self.text(asked.owner, &head.agent_id, &head.body).await?;
        // What was kept once may be kept again.
        if story.origin != Origin::Restored {
            self.check(Some(&before), agent)?;
        }
        let story = story.with_edit(&self.keeper.edit(&before, agent));
        let new = self.new_version(agent, text, story, asked.now);
        match self.library.save(asked.owner, &head, &new).await.map_err(unavailable)? {
            Saved::Now(saved) => answer::saved(200, &saved.agent_id, &Version::new(saved.version, &new)),
            Saved::Conflict(newest) if newest.digest == new.agent.digest => self.unchanged(asked, &newest).await,
            Saved::Conflict(newest) => Err(conflict(&newest).into()),
            // Only work that has a name is known again.
            Saved::Before(_) | Saved::Gone => Err(BadRequest::NoSuchAgent.into()),
        }
    }

    async fn unchanged(&self, asked: Asked<'_>, head: &Head) -> Result<Reply, Refusal> {
        let version = self.version(asked, head, head.version).await?;
        answer::saved(200, &head.agent_id, &version)
    }

    pub(crate) async fn version(&self, asked: Asked<'_>, head: &Head, number: u32) -> Result<Version, Refusal> {
        let version = self.library.version(asked.owner, &head.agent_id, number).await.map_err(unavailable)?;
        Ok(version.ok_or(BadRequest::NoSuchVersion { version: number })?)
    }
}
