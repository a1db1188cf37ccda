//! Deletion, and the way back.

use agent_library::saver::unavailable;
use shared::{bad_request::BadRequest, refusal::Refusal, reply::Reply};

use crate::{
    Agents, Asked,
    answer::{self, Listed, Typed, with_etag},
};

impl Agents {
    pub(crate) async fn delete(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        if self.library.delete(asked.owner, asked.agent_id()?, asked.now).await.map_err(unavailable)? {
            return Ok(Reply::new(204, "agent_deleted", String::new()));
        }
        Err(BadRequest::NoSuchAgent.into())
    }

    pub(crate) async fn undelete(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        let head = self.library.undelete(asked.owner, asked.agent_id()?, asked.now).await.map_err(unavailable)?;
        let head = head.ok_or(BadRequest::NoSuchAgent)?;
        let body = Typed { r#type: "agent_undeleted", id: None, rest: Listed::new(&head), opened: None };
        Ok(with_etag(answer::reply(200, "agent_undeleted", &body)?, &head.etag()))
    }
}
