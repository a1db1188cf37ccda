//! Brings what is nearly of a form into it, directed by the JSON Schema of the form and the names in [`super::names`].
//!
//! * A value is wrapped ({"plan": {…}}, {"type": "object", "properties": {…}}, a list of one, JSON as text): the one value
//!   that has what an answer consists of is taken, and what stands beside it under keys of the form is kept.
//! * A key is spelt otherwise or has another name: the likeliest one counts, what it holds is not changed.
//! * A list is one entry, an object with a number or a name for each entry, or wrapped once more. Entries keep their
//!   order; an object numbered in full is ordered by number.
//! * `type` is missing or unknown: what is there tells, if it tells one kind.
//! * A text is optional and says "None" or "N/A": it is absent.
//!
//! A key that means nothing here is lost, and said to be; if it is near one that is not given it is a fault, since it
//! probably holds what was asked for.

use serde_json::{Map, Value, json};

use super::{
    entries::{kind_of, linked, part_ids, set, split_ends, standing_for},
    keys::{CONTENT, choices, decoded, holds, keyed, properties},
    lists::{entries, is_numbered, numbered},
    names,
    wrapped::unwrapped,
};
use crate::catalogue::letters;

/// At most this many lost and near keys are listed.
const LISTED: usize = 20;
/// The keys of an object that stands for a text, the likeliest first.
const TEXTS: [&str; 8] = ["value", "text", "cron", "expression", "cronexpression", "id", "name", "default"];

#[derive(Debug)]
pub(super) struct Coerced {
    pub(super) value: Value,
    /// It names its own `type`.
    pub(super) typed: bool,
    /// It has what its `type` promises.
    pub(super) full: bool,
    /// Keys that mean nothing, with their places: for the model alone.
    pub(super) lost: Vec<String>,
    /// Keys of the form that were probably meant by others, by their places.
    pub(super) near: Vec<String>,
}

/// `None` if the value has nothing of the form.
pub(super) fn coerce(schema: &Value, value: Value) -> Option<Coerced> {
    let mut found = unwrapped(schema, value)?;
    let kinds = choices(schema.pointer("/properties/type"));
    let said = found.get("type").and_then(Value::as_str).and_then(|text| names::named(kinds.iter().copied(), text));
    let kind = said.or_else(|| told(&found, &kinds));
    if let Some(kind) = kind {
        found.insert("type".to_owned(), kind.into());
    }
    let mut work = Work::default();
    let value = work.shaped("", "", schema, Value::Object(found));
    let full = CONTENT.iter().any(|(key, of)| {
        (kind == Some(of) || (kind == Some("unachievable_goal") && *key == "suggested_goal")) && holds(value.get(*key))
    });
    Some(Coerced { value, typed: said.is_some(), full, lost: work.lost, near: work.near })
}

/// The kind that the content tells, if it is one kind's.
fn told(found: &Map<String, Value>, kinds: &[&str]) -> Option<&'static str> {
    let mut told =
        CONTENT.iter().filter(|(key, kind)| kinds.contains(kind) && holds(found.get(*key))).map(|(_, kind)| *kind);
    let first = told.next()?;
    // A plan with questions beside it may be either.
    (first == "unachievable_goal" || !told.any(|kind| kind == "clarifying_questions")).then_some(first)
}

#[derive(Debug, Default)]
struct Work {
    lost: Vec<String>,
    near: Vec<String>,
}

impl Work {
    /// `of` is the property that the value belongs to, `place` its path.
    fn shaped(&mut self, of: &str, place: &str, schema: &Value, value: Value) -> Value {
        if of == "patches" {
            return self.patch(place, schema, value);
        }
        let alternatives = schema.get("anyOf").and_then(Value::as_array);
        let is_of = |one: &Value, kind: &str| {
            one.get("type").is_some_and(|types| {
                types == kind || types.as_array().is_some_and(|types| types.iter().any(|one| one == kind))
            })
        };
        let nullable =
            alternatives.map_or_else(|| is_of(schema, "null"), |all| all.iter().any(|one| is_of(one, "null")));
        if nullable && value.as_str().is_some_and(names::is_nothing) && of != "value" {
            return Value::Null;
        }
        let object = alternatives
            .and_then(|all| all.iter().find(|one| is_of(one, "object")))
            .or(is_of(schema, "object").then_some(schema));
        if let Some(schema) = object {
            return self.object(of, place, schema, value);
        }
        if alternatives.is_some() {
            return value;
        }
        if is_of(schema, "array") {
            return self.list(of, place, schema, value);
        }
        if is_of(schema, "string") { text(of, schema, value) } else { value }
    }

    fn object(&mut self, of: &str, place: &str, schema: &Value, value: Value) -> Value {
        let object = match decoded(value) {
            Value::Object(object) => object,
            other => match (of, standing_for(of, other)) {
                (_, Value::Object(object)) => object,
                (_, other) => return other,
            },
        };
        let properties = properties(schema);
        if properties.is_empty() {
            // Any keys may be in it.
            return Value::Object(object);
        }
        let (mut known, mut others) = keyed(of, &properties, object);
        match of {
            "inputs" => linked(&mut known, &mut others),
            "changes" | "new_nodes" => set(&properties, of, &mut known, &mut others),
            "new_links" => split_ends(&mut known),
            "patches" if properties.contains(&"changes") && !known.contains_key("changes") && !others.is_empty() => {
                known.insert("changes".to_owned(), Value::Object(std::mem::take(&mut others)));
            }
            _ => {}
        }
        let mut shaped = Map::new();
        for (key, value) in known {
            let inner = schema.pointer(&format!("/properties/{key}")).unwrap_or(&Value::Null);
            let place = format!("{place}.{key}");
            shaped.insert(key.clone(), self.shaped(&key, &place, inner, value));
        }
        self.report(place, &properties, &shaped, &others);
        shaped.extend(others);
        Value::Object(shaped)
    }

    /// Says which keys are lost.
    fn report(&mut self, place: &str, properties: &[&str], shaped: &Map<String, Value>, others: &Map<String, Value>) {
        const KEPT: [&str; 2] = ["metadata", "position"];
        let open: Vec<&str> = properties.iter().copied().filter(|property| !holds(shaped.get(*property))).collect();
        for (key, _) in others
            .iter()
            .filter(|(key, value)| holds(Some(value)) && !names::is_comment(key) && !KEPT.contains(&key.as_str()))
        {
            if self.lost.len() >= LISTED {
                return;
            }
            self.lost.push(format!("{}: not a key of the form", format!("{place}.{key}").trim_start_matches('.')));
            if let Some(near) = names::nearest(&open, key) {
                self.near
                    .push(format!("{}: given under another key", format!("{place}.{near}").trim_start_matches('.')));
            }
        }
    }

    fn list(&mut self, of: &str, place: &str, schema: &Value, value: Value) -> Value {
        let items = schema.get("items").unwrap_or(&Value::Null);
        let value = decoded(value);
        let entries = match value {
            Value::Array(entries) => match <[Value; 1]>::try_from(entries) {
                // [[…]]
                Ok([Value::Array(inner)]) => inner,
                Ok([one]) => vec![one],
                Err(entries) => entries,
            },
            Value::Object(object) => entries(of, items, object),
            Value::String(text)
                if ["questions", "left_out"].contains(&of)
                    || items.get("type").is_some_and(|kind| kind == "string") =>
            {
                if names::is_nothing(&text) {
                    Vec::new()
                } else {
                    vec![text.into()]
                }
            }
            other => return other,
        };
        let shaped = |(at, entry)| self.shaped(of, &format!("{place}[{at}]"), items, entry);
        Value::Array(entries.into_iter().enumerate().map(shaped).collect())
    }

    fn patch(&mut self, place: &str, schema: &Value, value: Value) -> Value {
        // The list itself.
        let Some(kinds) = schema.get("anyOf").and_then(Value::as_array) else {
            let mut list = match self.list_of_patches(value) {
                Value::Array(list) => list,
                other => return other,
            };
            let items = schema.get("items").unwrap_or(&Value::Null);
            for (at, patch) in list.iter_mut().enumerate() {
                *patch = self.patch(&format!("{place}[{at}]"), items, patch.take());
            }
            return Value::Array(list);
        };
        let Value::Object(mut object) = decoded(value.clone()) else { return value };
        let known: Vec<&str> = kinds.iter().flat_map(|one| choices(one.pointer("/properties/type"))).collect();
        let said = ["type", "kind", "action", "op", "operation"]
            .iter()
            .find_map(|key| Some((*key, object.get(*key)?.as_str()?)));
        let kind = match said {
            Some((key, text)) => names::named(known, text).map(|kind| (Some(key.to_owned()), kind)),
            None => kind_of(&object).map(|kind| (None, kind)),
        };
        let Some((key, kind)) = kind else { return Value::Object(object) };
        let Some(schema) = kinds.iter().find(|one| choices(one.pointer("/properties/type")).contains(&kind)) else {
            return value;
        };
        if let Some(key) = key {
            object.shift_remove(&key);
        }
        let mut shaped = self.object("patches", place, schema, Value::Object(object));
        if let Some(patch) = shaped.as_object_mut() {
            patch.insert("type".to_owned(), kind.into());
            part_ids(patch);
        }
        shaped
    }

    fn list_of_patches(&self, value: Value) -> Value {
        match decoded(value) {
            Value::Object(object) if !is_numbered(&object) => Value::Array(vec![Value::Object(object)]),
            Value::Object(object) => Value::Array(numbered(object, false)),
            other => other,
        }
    }
}

/// A text, or what stands for one.
fn text(of: &str, schema: &Value, value: Value) -> Value {
    let value = match value {
        Value::Number(number) => number.to_string().into(),
        Value::Array(entries) => match <[Value; 1]>::try_from(entries) {
            Ok([Value::String(text)]) => text.into(),
            Ok([other]) => json!([other]),
            Err(entries) => entries.into(),
        },
        Value::Object(object) => {
            let said = TEXTS
                .iter()
                .find_map(|name| object.iter().find(|(key, value)| letters(key) == *name && value.is_string()));
            match said.map(|(_, value)| value.clone()) {
                Some(text) => text,
                None => object.into(),
            }
        }
        other => other,
    };
    let choices = choices(Some(schema));
    // Why a part is left out may be told in words; what the answer is may not.
    if of == "reason"
        && !choices.is_empty()
        && value.as_str().is_none_or(|text| names::named(choices.iter().copied(), text).is_none())
    {
        return Value::Null;
    }
    match value.as_str().filter(|_| !choices.is_empty()).and_then(|text| names::named(choices, text)) {
        Some(name) => name.into(),
        None => value,
    }
}
