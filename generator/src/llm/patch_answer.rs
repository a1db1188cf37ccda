//! An answer of the form `prompts/patch.schema.json`: replaces the model's short ids and block names by real ids.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{account::LeftOut, port::Question};

use super::{
    agent_view::View,
    cron,
    dialogue::Misfit,
    library::Library,
    names,
    said::{self, Asked, Omitted, Said},
    tasks,
};
use crate::{
    assembler::Identities,
    catalogue::{Catalogue, special},
    patcher::list::{self, Patch},
    validator,
};

#[derive(Debug)]
pub(super) enum Answer {
    Patches(Vec<Patch>, Vec<LeftOut>),
    Questions(Vec<Question>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Patch,
    ClarifyingQuestions,
}

#[derive(Debug, Deserialize)]
struct Form {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(default)]
    patches: Option<Vec<Value>>,
    #[serde(default)]
    left_out: Option<Vec<Omitted>>,
    #[serde(default)]
    questions: Option<Vec<Asked>>,
}

/// Fails with `llm_parse_error` if the answer does not match the schema, with `validation_error` if a block is unknown.
pub(super) fn parse(catalogue: &Catalogue, library: &Library, view: &View<'_>, text: &str) -> Result<Answer, Misfit> {
    let schema = tasks::PATCH.form.schema;
    let Said { form, value, misnamed } = said::parse::<Form>(text, schema)?;
    match form.kind {
        Kind::ClarifyingQuestions => Ok(Answer::Questions(said::questions(form.questions)?)),
        Kind::Patch => {
            let mut patches = form.patches.unwrap_or_default();
            if patches.is_empty() {
                return Err(said::unreadable("it says `patch` and has no patches").into());
            }
            let mut translation = Translation { catalogue, library, view, fresh: HashMap::new(), faults: misnamed };
            translation.name_new_nodes(&patches, text);
            for (at, patch) in patches.iter_mut().enumerate() {
                translation.translate(patch, &format!("patches[{at}]"));
            }
            if !translation.faults.is_empty() {
                return Err(validator::refusal(&translation.faults).into());
            }
            // Explained by the answer itself: the patches have other keys by now.
            let left_out = said::left_out(form.left_out);
            let patches = list::read(&Value::Array(patches)).map_err(|_| said::misfit(schema, &value))?;
            Ok(Answer::Patches(patches, left_out))
        }
    }
}

/// Replaces the model's names in patches. A malformed patch stays as it is; `list::read` refuses it.
struct Translation<'r> {
    catalogue: &'r Catalogue,
    library: &'r Library,
    view: &'r View<'r>,
    /// The model's name for a new node -> its id.
    fresh: HashMap<String, String>,
    faults: Vec<String>,
}

impl Translation<'_> {
    /// Gives new nodes UUIDs. A new node with the id of an existing one keeps it, and is refused later.
    fn name_new_nodes(&mut self, patches: &[Value], seed: &str) {
        let mut identities = Identities::of(seed);
        let nodes = patches.iter().filter_map(|patch| patch.get("new_nodes")?.as_array()).flatten();
        for id in nodes.filter_map(|node| node.get("id")?.as_str()) {
            if self.view.node(id).is_none() && !self.fresh.contains_key(id) {
                self.fresh.insert(id.to_owned(), identities.next_id());
            }
        }
    }

    /// `place` is the path of the patch.
    fn translate(&mut self, patch: &mut Value, place: &str) {
        self.replace(patch, "node_id", Self::node_id);
        for (key, real) in
            [("node_ids", Self::node_id as fn(&Self, &str) -> Option<String>), ("link_ids", Self::link_id)]
        {
            for id in patch.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
                if let Some(real) = id.as_str().and_then(|id| real(self, id)) {
                    *id = real.into();
                }
            }
        }
        let kind = patch.get("type").and_then(Value::as_str).map(str::to_owned);
        if let Some(changes) = patch.get_mut("changes").filter(|_| kind.as_deref() == Some("modify")) {
            self.node(changes, &format!("{place}.changes"));
        }
        if let Some(given) =
            patch.pointer_mut("/changes/recommended_schedule_cron").filter(|_| kind.as_deref() == Some("agent"))
            && let Some(text) = given.as_str()
        {
            match cron::five_fields(text) {
                Some(fields) => *given = fields.into(),
                None => self
                    .faults
                    .push(format!("{place}.changes.recommended_schedule_cron: not a cron expression of five fields")),
            }
        }
        let fresh = patch.get_mut("new_nodes").and_then(Value::as_array_mut).into_iter().flatten();
        for (at, node) in fresh.enumerate() {
            self.node(node, &format!("{place}.new_nodes[{at}]"));
        }
        for link in patch.get_mut("new_links").and_then(Value::as_array_mut).into_iter().flatten() {
            self.replace(link, "source_id", Self::node_id);
            self.replace(link, "sink_id", Self::node_id);
            // The model's id is not a UUID.
            link.as_object_mut().map(|link| link.shift_remove("id"));
        }
    }

    /// A node or changes to one: replaces `block` by `block_id` and moves `customized_name` into `metadata`.
    fn node(&mut self, node: &mut Value, place: &str) {
        self.replace(node, "id", Self::node_id);
        let Some(node) = node.as_object_mut() else { return };
        if let Some(name) = node.shift_remove("block").filter(|name| !name.is_null()) {
            let name = name.as_str().unwrap_or_default();
            match names::block(self.catalogue, name) {
                Some(block) => drop(node.insert("block_id".to_owned(), block.id.clone().into())),
                None if let Some(block) = self.library.block(name) => {
                    let values = self.library.node(block, node.shift_remove("input_default"));
                    node.insert("block_id".to_owned(), special::AGENT_EXECUTOR.into());
                    node.insert("input_default".to_owned(), values.unwrap_or_default());
                }
                None => self.faults.push(format!("{place}.block: not the name of a block to build with")),
            }
        }
        if let Some(title) = node.shift_remove("customized_name")
            && let Some(metadata) = node.entry("metadata").or_insert_with(|| Value::Object(Map::new())).as_object_mut()
        {
            let title = said::name(title.as_str()).map_or(Value::Null, Value::from);
            metadata.insert("customized_name".to_owned(), title);
        }
    }

    fn replace(&self, object: &mut Value, key: &str, real: impl Fn(&Self, &str) -> Option<String>) {
        if let Some(id) = object.get_mut(key)
            && let Some(real) = id.as_str().and_then(|id| real(self, id))
        {
            *id = real.into();
        }
    }

    fn node_id(&self, id: &str) -> Option<String> {
        self.view.node(id).map(str::to_owned).or_else(|| self.fresh.get(id).cloned())
    }

    fn link_id(&self, id: &str) -> Option<String> {
        self.view.link(id).map(str::to_owned)
    }
}
