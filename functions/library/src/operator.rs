//! What the operator asks for by direct invocation: whoever may invoke the function may do it, and nobody over HTTP.

use std::time::Duration;

use agent_library::saver::unavailable;
use lambda::function::Request;
use serde::Serialize;
use shared::{bad_request::BadRequest, caller::Owner, json::Object, refusal::Refusal, reply::Reply};
use tokio::time::Instant;

use crate::{Agents, answer};

const TRANSFER: &str = "agents/transfer";
const PAYLOAD: BadRequest = BadRequest::WrongForm {
    what: "payload of library",
    form: r#"{"sweep": true} or {"route": "agents/transfer", "from": an owner, "to": another}"#,
};
/// Before the invocation ends: a text whose copy is begun is finished.
const RESERVE: Duration = Duration::from_secs(5);
const LONGEST_SWEEP: Duration = Duration::from_secs(15);

#[derive(Serialize)]
struct Counts<T> {
    r#type: &'static str,
    #[serde(flatten)]
    counts: T,
}

impl Agents {
    pub(crate) async fn operate(&self, request: Request<'_>) -> Result<Reply, Refusal> {
        let payload = Object::parse_keys(request.body, &["sweep", "route", "from", "to"]).map_err(BadRequest::from)?;
        let now = request.clock.now();
        let end = request.end.checked_sub(RESERVE).unwrap_or(request.end);
        if payload.get("sweep").is_some_and(|sweep| sweep.get() == "true") {
            let end = Instant::now().checked_add(LONGEST_SWEEP).map_or(end, |sweep| sweep.min(end));
            let counts = self.library.sweep(now, end).await.map_err(unavailable)?;
            return answer::reply(200, "swept", &Counts { r#type: "swept", counts });
        }
        if payload.string("route").as_deref() != Some(TRANSFER) {
            return Err(PAYLOAD.into());
        }
        let owner = |key| payload.string(key).and_then(|name| Owner::new(name.into_owned())).ok_or(PAYLOAD);
        let (from, to) = (owner("from")?, owner("to")?);
        if from == to {
            return Err(PAYLOAD.into());
        }
        let counts = self.library.transfer(&from, &to, now, end).await.map_err(unavailable)?;
        answer::reply(200, "transferred", &Counts { r#type: "transferred", counts })
    }
}
