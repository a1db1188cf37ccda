//! New agents: saved by a caller, or forked from another of the same caller's.

use agent_library::{
    head::{NewAgent, Source, id_from},
    ports::Created,
    saver::unavailable,
    version::{AgentText, Origin, Story, Version},
};
use lambda::REPLAYED;
use lambda_http::http::{HeaderValue, header::LOCATION};
use lifecycle::headers::idempotency_key;
use serde_json::value::RawValue;
use shared::{bad_request::BadRequest, json::digest, refusal::Refusal, reply::Reply, request_log::RequestLog};
use uuid::Uuid;

use crate::{Agents, Asked, answer};

impl Agents {
    pub(crate) async fn create(&self, asked: Asked<'_>, log: &mut RequestLog) -> Result<Reply, Refusal> {
        let sent = asked.sent(log)?;
        let key = idempotency_key(asked.http.headers)?;
        self.check(None, sent.agent)?;
        let request = key.is_some().then(|| digest("create", asked.body));
        self.begin(asked, sent.agent, (sent.story(Origin::Created), None), (key, request)).await
    }

    pub(crate) async fn fork(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        let key = idempotency_key(asked.http.headers)?;
        let head = self.head(asked).await?;
        let agent = self.text(asked.owner, &head.agent_id, &head.body).await?;
        let request = key.is_some().then(|| format!("fork {}", head.agent_id));
        let source = Source { agent_id: head.agent_id, version: head.version };
        self.begin(asked, &agent, (Story::new(Origin::Forked), Some(source)), (key, request)).await
    }

    /// Refuses an agent that breaks rules.
    pub(crate) fn check(&self, before: Option<&RawValue>, agent: &RawValue) -> Result<(), Refusal> {
        let failed = |failure| Refusal::Failed { action: shared::action::Action::Library, failure };
        let faults = self.keeper.faults(before, agent).map_err(failed)?;
        if faults.is_empty() { Ok(()) } else { Err(Refusal::Invalid { faults }) }
    }

    /// A request with an `Idempotency-Key` makes an agent whose id is that key's, so a repeat finds it.
    async fn begin(
        &self,
        asked: Asked<'_>,
        agent: &RawValue,
        (story, forked_from): (Story, Option<Source>),
        (key, request): (Option<String>, Option<String>),
    ) -> Result<Reply, Refusal> {
        let agent_id = key.map_or_else(|| Uuid::new_v4().to_string(), |key| id_from(asked.owner, &key));
        let first = self.new_version(agent, AgentText::new(agent.get().to_owned()), story, asked.now);
        let new = NewAgent { agent_id, first, forked_from, request };
        let mut created = self.library.create(asked.owner, &new).await.map_err(unavailable)?;
        if matches!(created, Created::Expired) {
            self.library.purge(asked.owner, &new.agent_id, asked.now).await.map_err(unavailable)?;
            created = self.library.create(asked.owner, &new).await.map_err(unavailable)?;
        }
        let (version, is_replayed) = match created {
            Created::New(_) => (Version::new(1, &new.first), false),
            Created::Existing { request } if request == new.request => {
                let version = self.library.version(asked.owner, &new.agent_id, 1).await.map_err(unavailable)?;
                (version.ok_or(BadRequest::NoSuchAgent)?, true)
            }
            Created::Existing { .. } | Created::Expired => return Err(BadRequest::IdempotencyMismatch.into()),
        };
        let mut reply = answer::saved(201, &new.agent_id, &version)?;
        let location = asked.http.base.map(|base| format!("{base}/agents/{}", new.agent_id));
        reply.headers.extend(location.and_then(|text| Some((LOCATION, HeaderValue::from_str(&text).ok()?))));
        reply.headers.extend(is_replayed.then_some(REPLAYED));
        Ok(reply)
    }
}
