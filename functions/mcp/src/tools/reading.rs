//! The tools for kept agents: list, read, keep, history, restore.

use agent_library::saver::conflict;
use serde_json::{Value, json, value::RawValue};
use shared::{
    json::{Object, elements},
    port::AgentGenerator,
    refusal::Refusal,
    request_log::RequestLog,
};

use super::{
    arguments::Arguments,
    kept::{Kept, check_version, if_match},
    making::{MORE, ended},
    outcome::Outcome,
    room::{Room, shortened},
    tool::Call,
};
use crate::{
    Mcp,
    answer::written,
    inner::{Inner, object, opened},
};

const DEFAULT_LIMIT: u32 = 10;
/// Of a text that a list shows, in bytes: a page of twenty stays under 25 KB.
const LONGEST_LISTED: usize = 120;

impl<G: AgentGenerator + ?Sized> Mcp<G> {
    pub(super) async fn list_agents(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let mut query = page(arguments);
        query.extend(arguments.text("query").map(|words| ("q", words.into_owned())));
        let inner = Inner { route: "agents", method: "GET", query, ..Inner::default() };
        let reply = inner.ask(self.library()?, call.asked, log).await?;
        listed(
            &opened(&reply.body)?,
            ("agents", None),
            &["id", "name", "description", "version", "node_count", "updated_at"],
        )
    }

    pub(super) async fn agent_history(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let (parameters, query) = (vec![id(arguments)], page(arguments));
        let inner = Inner { route: "agents/{agent_id}/versions", method: "GET", parameters, query, ..Inner::default() };
        let reply = inner.ask(self.library()?, call.asked, log).await?;
        let fields = ["version", "created_at", "origin", "restored", "wish", "summary", "name", "node_count"];
        listed(&opened(&reply.body)?, ("versions", Some(("agent_id", "id"))), &fields)
    }

    pub(super) async fn get_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let agent_id = id(arguments);
        let inner = match arguments.number("version") {
            None => Inner { route: "agents/{agent_id}", parameters: vec![agent_id], ..Inner::default() },
            Some(version) => Inner {
                route: "agents/{agent_id}/versions/{version}",
                parameters: vec![agent_id, version.to_string()],
                ..Inner::default()
            },
        };
        let reply = Inner { method: "GET", ..inner }.ask(self.library()?, call.asked, log).await?;
        let body = opened(&reply.body)?;
        let format = arguments.text("format");
        let mut room = Room::new(format.as_deref() == Some("json"));
        for (name, theirs) in [("agent_id", "id"), ("version", "version"), ("name", "name")] {
            room.fit(name, body.get(theirs));
        }
        let agent = body.get("agent_json");
        match format.as_deref() {
            Some("json") => room.fit("agent_json", agent),
            Some("mermaid") => {
                let drawn = agent.map(|agent| written(&self.keeper.flowchart(agent))).transpose()?;
                room.fit("mermaid", drawn.as_deref());
            }
            _ => {
                let outline = agent.and_then(|agent| self.keeper.outline(agent));
                room.fit("outline", outline.map(|outline| written(&outline)).transpose()?.as_deref());
            }
        }
        room.fit("requirements", body.get("requirements"));
        Ok(Outcome::Done(ended(room, "Read it with format: json.")?))
    }

    pub(super) async fn save_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let agent = arguments.raw("agent_json").unwrap_or(RawValue::NULL);
        let head = match arguments.text("agent_id") {
            None => None,
            Some(agent_id) => {
                let (head, _) = self.head(&agent_id, call.asked).await?;
                check_version(arguments, &head, true)?;
                Some(head)
            }
        };
        let kept = self.keep(agent, head.as_ref(), call.asked, log).await?;
        told(kept.told()?)
    }

    pub(super) async fn restore_agent(
        &self,
        call: Call<'_>,
        arguments: &Arguments<'_>,
        log: &mut RequestLog,
    ) -> Result<Outcome, Refusal> {
        let (head, _) = self.head(&id(arguments), call.asked).await?;
        if arguments.number("current_version") != Some(head.version) {
            return Err(conflict(&head).into());
        }
        let version = arguments.number("version").unwrap_or_default().to_string();
        let inner = Inner {
            route: "agents/{agent_id}/versions/{version}/restore",
            method: "POST",
            parameters: vec![head.agent_id.clone(), version],
            headers: vec![if_match(&head)?],
            ..Inner::default()
        };
        let reply = inner.ask(self.library()?, call.asked, log).await?;
        told(Kept { reply }.told()?)
    }
}

fn id(arguments: &Arguments<'_>) -> String {
    arguments.text("agent_id").unwrap_or_default().into_owned()
}

fn page(arguments: &Arguments<'_>) -> Vec<(&'static str, String)> {
    let limit = arguments.number("limit").unwrap_or(DEFAULT_LIMIT);
    let cursor = arguments.text("cursor").map(|cursor| ("cursor", cursor.into_owned()));
    [("limit", limit.to_string())].into_iter().chain(cursor).collect()
}

fn told(fields: Vec<(&'static str, Box<RawValue>)>) -> Result<Outcome, Refusal> {
    let mut room = Room::new(false);
    fields.iter().for_each(|(name, value)| room.put(name, value));
    Ok(Outcome::Done(ended(room, MORE)?))
}

/// A page of a list, with these fields of each entry. Long texts are cut.
fn listed(
    body: &Object<'_>,
    (list, holder): (&'static str, Option<(&'static str, &'static str)>),
    fields: &[&'static str],
) -> Result<Outcome, Refusal> {
    let entries = body.get(list).and_then(elements).unwrap_or_default();
    let short = |entry: &RawValue| -> Option<Box<RawValue>> {
        let entry = Object::of(entry)?;
        let values: Vec<_> = fields
            .iter()
            .map(|name| {
                let value = entry.get(name)?;
                let text = shared::json::string(value);
                Some(text.and_then(|text| shortened(&text, LONGEST_LISTED)).unwrap_or_else(|| value.to_owned()))
            })
            .collect();
        let pairs = fields.iter().zip(&values).map(|(name, value)| (*name, value.as_deref()));
        RawValue::from_string(object(pairs)).ok()
    };
    let entries: Vec<_> = entries.into_iter().filter_map(short).collect();
    let mut room = Room::new(true);
    if let Some((name, theirs)) = holder {
        room.fit(name, body.get(theirs));
    }
    room.put(list, &written(&entries)?);
    let next: Value = body.get("next").and_then(|next| serde_json::from_str(next.get()).ok()).unwrap_or(json!(null));
    room.put("next", &written(&next)?);
    Ok(Outcome::Done(ended(room, MORE)?))
}
