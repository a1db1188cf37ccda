//! Agents, lists of them, and their histories.

use agent_library::{
    cursor::{Place, number_to_text, parse_number},
    profile::bounded,
    saver::unavailable,
    search::Search,
};
use lambda::condition::is_known;
use lambda_http::http::{HeaderValue, header::CONTENT_TYPE};
use serde::Serialize;
use shared::{bad_request::BadRequest, refusal::Refusal, reply::Reply};

use crate::{
    Agents, Asked,
    answer::{self, Listed, Opened, Told, Typed, with_etag},
};

const MERMAID: HeaderValue = HeaderValue::from_static("text/vnd.mermaid; charset=utf-8");
const DEFAULT_LIMIT: usize = 20;
const MOST: usize = 100;
/// Of a search, in Unicode characters.
const LONGEST_Q: usize = 200;
const BAD_CURSOR: BadRequest =
    BadRequest::WrongForm { what: "parameter cursor", form: "the field next of an earlier answer" };

#[derive(Serialize)]
struct AgentsPage<'a> {
    r#type: &'static str,
    agents: Vec<Listed<'a>>,
    next: Option<String>,
}

#[derive(Serialize)]
struct HistoryPage<'a> {
    r#type: &'static str,
    id: &'a str,
    versions: Vec<Told<'a>>,
    next: Option<String>,
}

impl Agents {
    pub(crate) async fn list(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        let q = asked.http.query.get("q").unwrap_or_default();
        if q.chars().nth(LONGEST_Q).is_some() {
            return Err(BadRequest::WrongForm { what: "parameter q", form: "at most 200 characters long" }.into());
        }
        let after = asked.http.query.get("cursor").map(|text| Place::parse(text).ok_or(BAD_CURSOR)).transpose()?;
        let search = Search::new(q, limit(asked)?, after);
        let page = self.library.heads(asked.owner, &search).await.map_err(unavailable)?;
        let agents = page.items.iter().map(Listed::new).collect();
        let body = AgentsPage { r#type: "agents", agents, next: page.next.map(|place| place.to_text()) };
        answer::reply(200, "agents", &body)
    }

    pub(crate) async fn read(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        let is_drawn = match asked.http.query.get("format") {
            None | Some("json") => false,
            Some("mermaid") => true,
            Some(_) => return Err(BadRequest::WrongForm { what: "parameter format", form: "json or mermaid" }.into()),
        };
        let head = self.head(asked).await?;
        if is_drawn {
            let agent = self.text(asked.owner, &head.agent_id, &head.body).await?;
            let mut reply = Reply::new(200, "agent_drawn", self.keeper.flowchart(&agent));
            reply.headers.insert(CONTENT_TYPE, MERMAID);
            return Ok(reply);
        }
        let etag = head.etag();
        if is_known(asked.http.headers, &etag) {
            return Ok(not_modified(&etag));
        }
        let agent = self.text(asked.owner, &head.agent_id, &head.body).await?;
        let account = self.keeper.account(&agent);
        let opened = Opened { requirements: None, explanation: &account.explanation, agent_json: &agent };
        let body = Typed { r#type: "agent", id: None, rest: Listed::new(&head), opened: Some(opened) };
        Ok(with_etag(answer::reply(200, "agent", &body)?, &etag))
    }

    pub(crate) async fn history(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        let before = asked.http.query.get("cursor").map(|text| parse_number(text).ok_or(BAD_CURSOR)).transpose()?;
        let limit = limit(asked)?;
        let head = self.head(asked).await?;
        let page = self.library.versions(asked.owner, &head.agent_id, before, limit).await.map_err(unavailable)?;
        let versions = page.items.iter().map(Told::new).collect();
        let next = page.next.map(number_to_text);
        let body = HistoryPage { r#type: "agent_versions", id: &head.agent_id, versions, next };
        answer::reply(200, "agent_versions", &body)
    }

    pub(crate) async fn read_version(&self, asked: Asked<'_>) -> Result<Reply, Refusal> {
        let number = asked.version()?;
        let head = self.head(asked).await?;
        let version = self.version(asked, &head, number).await?;
        let etag = agent_library::head::etag(version.number, &version.digest);
        if is_known(asked.http.headers, &etag) {
            return Ok(not_modified(&etag));
        }
        let agent = self.text(asked.owner, &head.agent_id, &version.body).await?;
        let account = self.keeper.account(&agent);
        let requirements = bounded(&account.requirements);
        let opened =
            Opened { requirements: Some(&requirements), explanation: &account.explanation, agent_json: &agent };
        let rest = Told::new(&version);
        let body = Typed { r#type: "agent_version", id: Some(&head.agent_id), rest, opened: Some(opened) };
        Ok(with_etag(answer::reply(200, "agent_version", &body)?, &etag))
    }
}

fn limit(asked: Asked<'_>) -> Result<usize, BadRequest> {
    let wrong = BadRequest::WrongForm { what: "parameter limit", form: "a whole number from 1 to 100" };
    let Some(limit) = asked.http.query.get("limit") else { return Ok(DEFAULT_LIMIT) };
    limit.parse().ok().filter(|limit| (1..=MOST).contains(limit)).ok_or(wrong)
}

fn not_modified(etag: &str) -> Reply {
    with_etag(Reply::new(304, "not_modified", String::new()), etag)
}
