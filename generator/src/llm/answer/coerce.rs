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
    super::references::{label, reference},
    names::{self, property},
    tree,
};
use crate::catalogue::letters;

/// How often a value may be wrapped.
const WRAPPED: usize = 4;
/// At most this many lost and near keys are listed.
const LISTED: usize = 20;
/// What an answer consists of, and the `type` that it tells, in this order.
const CONTENT: [(&str, &str); 5] = [
    ("steps", "instructions"),
    ("patches", "patch"),
    ("questions", "clarifying_questions"),
    ("reason", "unachievable_goal"),
    ("suggested_goal", "vague_goal"),
];
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
    let mut found = unwrapped(schema, value, WRAPPED)?;
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

fn holds(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !names::is_nothing(text),
        Some(Value::Array(entries)) => !entries.is_empty(),
        Some(Value::Object(entries)) => !entries.is_empty(),
        Some(_) => true,
    }
}

/// The object in a value that is the answer, with the keys of the form; `None` if there is none or more than one.
fn unwrapped(schema: &Value, value: Value, left: usize) -> Option<Map<String, Value>> {
    match decoded(value) {
        Value::Object(object) => {
            if is_patch(schema, &object) {
                return Some(Map::from_iter([("patches".to_owned(), json!([object]))]));
            }
            unwrapped_object(schema, object, left)
        }
        Value::Array(mut entries) => {
            if let Some(list) = list_of(schema, &entries) {
                return Some(Map::from_iter([(list.to_owned(), Value::Array(entries))]));
            }
            let left = left.checked_sub(1)?;
            // The last of several.
            (0..8).find_map(|_| unwrapped(schema, entries.pop()?, left))
        }
        _ => None,
    }
}

fn unwrapped_object(schema: &Value, object: Map<String, Value>, left: usize) -> Option<Map<String, Value>> {
    let properties = properties(schema);
    let (mut known, others) = keyed("", &properties, object);
    let kinds = choices(schema.pointer("/properties/type"));
    let is_typed = known.get("type").and_then(Value::as_str).is_some_and(|text| names::named(kinds, text).is_some());
    // {"plan": {"steps": […]}}: "plan" is another name of the steps.
    if let Some(left) = left.checked_sub(1) {
        for (list, _) in CONTENT {
            let inner = match known.get(list).map(|value| decoded(value.clone())) {
                Some(Value::Object(inner)) if has_content(&properties, &inner) && !is_patch(schema, &inner) => {
                    unwrapped_object(schema, inner, left)
                }
                _ => None,
            };
            if let Some(inner) = inner {
                known.shift_remove(list);
                return Some(merged(inner, known, is_typed));
            }
        }
    }
    if is_typed || CONTENT.iter().any(|(key, _)| holds(known.get(*key))) {
        known.extend(others);
        return Some(known);
    }
    let is_open = |value: &Value| match value {
        Value::Object(_) | Value::Array(_) => left > 0,
        Value::String(text) => left > 0 && text.trim_start().starts_with(['{', '[']),
        _ => false,
    };
    let inner = others.iter().chain(&known).filter(|(key, value)| is_open(value) && !names::is_comment(key));
    let mut inner = inner.filter_map(|(_, value)| unwrapped(schema, value.clone(), left.saturating_sub(1)));
    match (inner.next(), inner.next()) {
        (Some(first), None) => Some(merged(first, known, false)),
        // It is told what is wrong with it.
        (None, None) if known.contains_key("type") => Some(known),
        _ => None,
    }
}

/// What stands beside a wrapped answer counts where the answer is silent.
fn merged(mut inner: Map<String, Value>, outer: Map<String, Value>, is_typed: bool) -> Map<String, Value> {
    for (key, value) in outer {
        if (key != "type" || is_typed) && !inner.contains_key(&key) && !(value.is_object() || value.is_array()) {
            inner.insert(key, value);
        }
    }
    inner
}

fn has_content(properties: &[&str], object: &Map<String, Value>) -> bool {
    object.keys().any(|key| {
        property("", properties, key).is_some_and(|(_, name)| ["steps", "patches", "questions"].contains(&name))
    })
}

/// The list of the form that bare entries belong to.
fn list_of(schema: &Value, entries: &[Value]) -> Option<&'static str> {
    let has = |keys: &[&str], entry: &Value| {
        entry.as_object().is_some_and(|entry| entry.keys().any(|key| keys.contains(&letters(key).as_str())))
    };
    let all = |fits: &dyn Fn(&Value) -> bool| !entries.is_empty() && entries.iter().all(fits);
    let is_ours = |list: &str| schema.get("properties").is_some_and(|properties| properties.get(list).is_some());
    if is_ours("steps") && all(&|entry| has(&["block", "blockname", "blockid"], entry)) {
        Some("steps")
    } else if is_ours("patches") && all(&|entry| entry.as_object().is_some_and(|entry| is_patch(schema, entry))) {
        Some("patches")
    } else {
        all(&|entry| has(&["question"], entry)).then_some("questions")
    }
}

fn patches(schema: &Value) -> &[Value] {
    schema.pointer("/properties/patches/items/anyOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether the object is a single patch: it says so, and has no list of patches.
fn is_patch(schema: &Value, object: &Map<String, Value>) -> bool {
    let kinds = patches(schema).iter().flat_map(|one| choices(one.pointer("/properties/type")));
    let kind = object.get("type").or(object.get("op")).or(object.get("action")).and_then(Value::as_str);
    let lists = ["patches", "changes", "operations", "edits"];
    kind.and_then(|kind| names::named(kinds, kind)).is_some()
        && !lists.iter().any(|list| object.get(*list).is_some_and(Value::is_array))
}

/// JSON in a text, if it is a list or an object.
fn decoded(value: Value) -> Value {
    match value {
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => match tree(text.trim()) {
            Some(tree) => tree,
            None => Value::String(text),
        },
        other => other,
    }
}

fn properties(schema: &Value) -> Vec<&str> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

fn choices(schema: Option<&Value>) -> Vec<&str> {
    let choices = schema.and_then(|schema| schema.get("enum")).and_then(Value::as_array);
    choices.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Splits an object into what it has under the keys of the form, and the rest. Of several keys for a property the
/// likeliest counts; of steps, which may have a number and an id, all.
fn keyed(of: &str, properties: &[&str], object: Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    let mut ranked: Vec<(usize, Option<&str>, String, Value)> = object
        .into_iter()
        .map(|(key, value)| match property(of, properties, &key) {
            Some((rank, property)) => (rank, Some(property), key, value),
            None => (usize::MAX, None, key, value),
        })
        .collect();
    // What is null yields to any other name.
    ranked.sort_by_key(|(rank, _, _, value)| (value.is_null(), *rank));
    let (mut known, mut others) = (Map::new(), Map::new());
    for (_, property, key, value) in ranked {
        match property {
            Some("number") if of == "steps" && !value.is_null() => match known.get_mut("number") {
                Some(Value::Array(labels)) => labels.push(value),
                _ => drop(known.insert("number".to_owned(), json!([value]))),
            },
            Some(property) if !known.contains_key(property) => drop(known.insert(property.to_owned(), value)),
            _ => drop(others.insert(key, value)),
        }
    }
    if let Some(Value::Array(labels)) =
        known.get_mut("number").filter(|labels| labels.as_array().is_some_and(|labels| labels.len() == 1))
    {
        let label = labels.pop().unwrap_or_default();
        known.insert("number".to_owned(), label);
    }
    (known, others)
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
        if is_of(schema, "string") { text(schema, value) } else { value }
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
            Value::String(text) if of == "questions" || items.get("type").is_some_and(|kind| kind == "string") => {
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

/// The entries of a list that came as an object.
fn entries(of: &str, items: &Value, object: Map<String, Value>) -> Vec<Value> {
    let properties = properties(items);
    let given = |name: &str| {
        object.keys().any(|key| property(of, &properties, key).is_some_and(|(_, property)| property == name))
    };
    if let [(_, Value::Array(_))] = object.iter().collect::<Vec<_>>().as_slice()
        && of != "inputs"
    {
        // Wrapped once more.
        return object.into_iter().filter_map(|(_, value)| value.as_array().cloned()).flatten().collect();
    }
    match of {
        // A block may have inputs called `name` and `value`, so only an entry in full is one.
        "inputs" if object.contains_key("name") && object.contains_key("source") => vec![object.into()],
        "inputs" => object.into_iter().map(|(name, value)| input(name, value)).collect(),
        "steps" if given("block") => vec![object.into()],
        "questions" if given("question") => vec![object.into()],
        "new_nodes" | "new_links" if object.contains_key("id") || given("source_id") => vec![object.into()],
        _ if object.values().all(Value::is_object) || is_numbered(&object) => {
            numbered(object, properties.contains(&"number") || properties.contains(&"id"))
        }
        _ => vec![object.into()],
    }
}

fn is_numbered(object: &Map<String, Value>) -> bool {
    !object.is_empty() && object.keys().all(|key| label(key).parse::<i64>().is_ok())
}

/// Entries by their numbers or names. `labelled`: an entry without a name of its own gets the key as `id`.
fn numbered(object: Map<String, Value>, labelled: bool) -> Vec<Value> {
    let in_order = is_numbered(&object);
    let mut entries: Vec<(String, Value)> = object.into_iter().collect();
    if in_order {
        entries.sort_by_key(|(key, _)| label(key).parse::<i64>().unwrap_or_default());
    }
    let entry = |(key, mut value): (String, Value)| {
        if let Some(entry) = value.as_object_mut().filter(|entry| labelled && !entry.contains_key("id")) {
            entry.insert("id".to_owned(), key.into());
        }
        value
    };
    entries.into_iter().map(entry).collect()
}

/// An input of a map from names to values, to sources or to both.
fn input(name: String, value: Value) -> Value {
    let only = |object: &Map<String, Value>, keys: &[&str]| {
        !object.is_empty() && object.keys().all(|key| keys.contains(&letters(key).as_str()))
    };
    match &value {
        Value::Object(object)
            if only(object, &["value", "source", "name", "from", "type", "description"])
                && (object.contains_key("value") || object.contains_key("source") || object.contains_key("from")) =>
        {
            let mut given = object.clone();
            given.insert("name".to_owned(), name.into());
            given.into()
        }
        _ => json!({"name": name, "value": value}),
    }
}

/// Makes a source of what refers to a step beside an input or as its value.
fn linked(known: &mut Map<String, Value>, others: &mut Map<String, Value>) {
    const SOURCE: [&str; 2] = ["step", "output"];
    let is_source = |value: &Value| {
        let Some(object) = value.as_object().filter(|object| object.len() == 2) else { return false };
        let mut means: Vec<&str> = object.keys().filter_map(|key| Some(property("source", &SOURCE, key)?.1)).collect();
        means.sort_unstable();
        means == ["output", "step"] && object.keys().any(|key| letters(key).contains("step"))
    };
    if holds(known.get("source")) {
        if known.get("source").is_some_and(|source| source.is_number() || source.is_string())
            && let Some((key, output)) =
                others.iter().find(|(key, _)| matches!(letters(key).as_str(), "output" | "outputname" | "fromoutput"))
        {
            let (key, output) = (key.clone(), output.clone());
            others.shift_remove(&key);
            let step = known.get("source").cloned();
            known.insert("source".to_owned(), json!({"step": step, "output": output}));
        }
        return;
    }
    if known.get("value").is_some_and(is_source) {
        let source = known.insert("value".to_owned(), Value::Null).unwrap_or_default();
        known.insert("source".to_owned(), source);
    } else if !holds(known.get("value")) {
        let (source, rest) = keyed("source", &SOURCE, std::mem::take(others));
        if source.len() == 2 {
            known.insert("source".to_owned(), source.into());
            *others = rest;
        } else {
            others.extend(source.into_iter().chain(rest));
        }
    }
}

/// The object that a text, a list or a number stands for.
fn standing_for(of: &str, value: Value) -> Value {
    let source = |step: Value, output: Option<String>| json!({"step": step, "output": output});
    match (of, value) {
        ("questions", Value::String(text)) => json!({"question": text}),
        ("source", Value::String(text)) => match reference(&text) {
            Some((step, output)) => source(step.into(), output),
            None => text.into(),
        },
        ("source", Value::Number(number)) => source(Value::Number(number), None),
        ("source", Value::Array(mut pair)) => match (pair.pop(), pair.pop(), pair.pop()) {
            (Some(Value::String(output)), Some(step), None) if !step.is_object() => source(step, Some(output)),
            // A list of one source.
            (Some(one @ Value::Object(_)), None, None) => one,
            (Some(last), first, further) => Value::Array(further.into_iter().chain(first).chain([last]).collect()),
            _ => Value::Null,
        },
        (_, Value::Array(mut entries)) if entries.len() == 1 && entries.first().is_some_and(Value::is_object) => {
            entries.pop().unwrap_or_default()
        }
        (_, other) => other,
    }
}

/// Values that stand beside `input_default` belong into it.
fn set(properties: &[&str], of: &str, known: &mut Map<String, Value>, others: &mut Map<String, Value>) {
    const NOT_VALUES: [&str; 5] = ["id", "metadata", "position", "type", "node_id"];
    if !properties.contains(&"input_default") || of != "changes" {
        return;
    }
    let (values, rest): (Map<_, _>, Map<_, _>) = std::mem::take(others)
        .into_iter()
        .partition(|(key, _)| !NOT_VALUES.contains(&key.as_str()) && !names::is_comment(key));
    *others = rest;
    if values.is_empty() {
        return;
    }
    match known.entry("input_default").or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(all) => all.extend(values),
        _ => others.extend(values),
    }
}

/// `"source": "n3.summary"` is a node and an output.
fn split_ends(link: &mut Map<String, Value>) {
    for (id, name) in [("source_id", "source_name"), ("sink_id", "sink_name")] {
        let split = link
            .get(id)
            .and_then(Value::as_str)
            .and_then(|text| text.split_once(['.', ':']))
            .filter(|_| !holds(link.get(name)));
        if let Some((node, end)) = split.map(|(node, end)| (node.trim().to_owned(), end.trim().to_owned())) {
            link.insert(id.to_owned(), node.into());
            link.insert(name.to_owned(), end.into());
        }
    }
}

/// What a patch does that does not say it.
fn kind_of(object: &Map<String, Value>) -> Option<&'static str> {
    let keys: Vec<String> = object.keys().map(|key| letters(key)).collect();
    let has = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
    if has(&["newnodes", "newlinks", "newnode", "newlink", "addnodes", "addlinks"]) {
        Some("add")
    } else if has(&["nodeids", "linkids", "removenodes", "removelinks", "linkid"]) {
        Some("remove")
    } else if has(&["nodeid", "node", "id"]) {
        (keys.len() > 1).then_some("modify")
    } else {
        has(&["recommendedschedulecron", "agentname"]).then_some("agent")
    }
}

/// Ids of links among those of nodes: the agent is shown with `n1`, `n2`, `l1`, `l2`.
fn part_ids(patch: &mut Map<String, Value>) {
    let is_link = |id: &Value| {
        id.as_str().and_then(|id| id.strip_prefix('l')).is_some_and(|number| number.parse::<u32>().is_ok())
    };
    let Some(ids) = patch.get_mut("node_ids").and_then(Value::as_array_mut) else { return };
    let links: Vec<Value> = ids.iter().filter(|id| is_link(id)).cloned().collect();
    ids.retain(|id| !is_link(id));
    if let (false, Some(all)) = (links.is_empty(), patch.entry("link_ids").or_insert_with(|| json!([])).as_array_mut())
    {
        all.extend(links.into_iter().filter(|link| !all.contains(link)).collect::<Vec<_>>());
    }
}

/// A text, or what stands for one.
fn text(schema: &Value, value: Value) -> Value {
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
    match value.as_str().filter(|_| !choices.is_empty()).and_then(|text| names::named(choices, text)) {
        Some(name) => name.into(),
        None => value,
    }
}
