//! Yes or no, this or that: an input that goes off by its name, another choice, the events that start the agent.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    catalogue::schema::{Schema, Types},
    patcher::{
        canvas::words::words,
        find::{Field, Holder, Wanted},
        refused::Refused,
        wish::{Act, TABLES},
    },
};

/// What only says that something is done with what the input names.
const CARRIES: [&str; 8] = ["include", "use", "take", "capture", "add", "show", "do", "make"];
/// How people say that the agent starts.
const STARTS: [&str; 12] =
    ["react", "run", "start", "trigger", "fire", "work", "listen", "watch", "respond", "handle", "cover", "launch"];

fn is_flag(schema: &Schema) -> bool {
    schema.kind().is_within(Types::BOOLEAN) && !schema.kind().is_any()
}

impl Edit<'_, '_> {
    /// "not the full page", "don't include the transcripts": the one input of this name that is on goes off.
    pub(super) fn switch_off(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let known = self.canvas.known;
        let plain = |mut words: Vec<String>| {
            words.retain(|word| !CARRIES.contains(&word.as_str()));
            words
        };
        let said = plain(Wanted::of(known, text).words);
        let mut found: Vec<Field> = Vec::new();
        for at in self.canvas.working() {
            let (Some(block), Some(names)) = (self.canvas.block(at), self.canvas.names().get(at)) else { continue };
            for (name, schema) in block.input_schema().properties.iter().filter(|(_, schema)| is_flag(schema)) {
                let parts = plain(words(known, name));
                let named = !parts.is_empty() && parts.iter().all(|part| said.contains(part));
                let covered = said.iter().all(|word| parts.contains(word) || names.fit(word) > 0);
                let on = self.canvas.value(at, name).or(schema.default.as_ref()) == Some(&json!(true));
                if named && covered && on {
                    found.push(Field { at, name: name.to_owned() });
                }
            }
        }
        let [field] = found.as_slice() else { return None };
        Some(self.put_value(&field.clone(), json!(false)))
    }

    /// "also react when an issue is reopened": an event that the trigger of the agent tells too.
    pub(super) fn other_event(&mut self) -> Option<Result<(), Refused>> {
        let starts = match &self.operation.act {
            Act::Start(_) => true,
            Act::Do(text) | Act::Add(text) => {
                let mut words = text.split_whitespace().map(str::to_lowercase);
                // "start a thread in Slack when …" starts no agent.
                let other = |word: String| matches!(word.as_str(), "a" | "an");
                let starts = words.next().is_some_and(|first| STARTS.contains(&first.as_str()))
                    && !words.next().is_some_and(other);
                let more = self.operation.also || matches!(self.operation.act, Act::Add(_));
                (starts || more && self.of_trigger(text)) && self.service_in(text).is_none()
            }
            _ => false,
        };
        let (at, name) = self.canvas.working().into_iter().filter(|_| starts).find_map(|at| {
            let block = self.canvas.block(at).filter(|block| block.trigger)?;
            let mut inputs = block.input_schema().properties.iter();
            let flags = |schema: &Schema| schema.properties.iter().any(|(_, part)| is_flag(part));
            inputs.find(|(_, schema)| flags(schema)).map(|(name, _)| (at, name.to_owned()))
        })?;
        let said = self.operation.said.to_lowercase();
        let (new, old) = ["instead of", "rather than", "instead", ", not "]
            .iter()
            .find_map(|word| said.split_once(word))
            .map_or((said.as_str(), None), |(new, old)| (new, Some(old)));
        let tells = |text: &str, event: &str| {
            let spoken: Vec<String> = text
                .split(|c: char| !c.is_alphanumeric())
                .map(|word| word.replace("ll", "l"))
                .filter(|word| !word.is_empty())
                .collect();
            let has = |part: &str| spoken.iter().any(|word| *word == part.replace("ll", "l"));
            event.split('_').all(has) || TABLES.everyday(event).any(|word| word.split(' ').all(has))
        };
        let block = self.canvas.block(at)?;
        let events: Vec<String> = block
            .input_schema()
            .properties
            .get(&name)?
            .properties
            .iter()
            .filter(|(_, part)| is_flag(part))
            .map(|(event, _)| event.to_owned())
            .collect();
        let named: Vec<&String> = events.iter().filter(|event| tells(new, event)).collect();
        if named.is_empty() {
            return None;
        }
        let mut value = self.canvas.value(at, &name).and_then(Value::as_object).cloned().unwrap_or_default();
        if let Some(old) = old {
            value.retain(|event, _| !old.trim().is_empty() && !tells(old, event));
        }
        value.extend(named.into_iter().map(|event| (event.clone(), json!(true))));
        Some(self.put_value(&Field { at, name }, Value::Object(value)))
    }

    /// "the issues that get reopened", "look at pull requests": what starts the agent, and nothing that is done with it.
    fn of_trigger(&self, text: &str) -> bool {
        let looks = ["look", "review", "check", "get", "see", "include", "take", "consider", "want", "new", "one"];
        let names = self.canvas.names();
        let begins = |at: &usize| self.canvas.is(*at, |block| block.trigger);
        let Some(at) = self.canvas.working().into_iter().find(begins) else { return false };
        let known = self.canvas.known;
        let event = |word: &str| {
            let block = self.canvas.block(at);
            let mut flags = block
                .into_iter()
                .flat_map(|block| block.input_schema().properties.iter())
                .flat_map(|(_, schema)| schema.properties.iter());
            flags.any(|(name, _)| words(known, name).iter().any(|part| part == word))
        };
        let said = words(known, text);
        !said.is_empty()
            && said.iter().all(|word| {
                looks.contains(&word.as_str()) || event(word) || names.get(at).is_some_and(|names| names.fit(word) > 0)
            })
    }

    /// "update the contact instead of creating a new one": the one choice that goes by the verb.
    pub(super) fn other_choice(&mut self, new: &str, old: &str) -> Option<Result<(), Refused>> {
        let vocabulary = &self.canvas.known.vocabulary;
        let verb = |text: &str| text.split_whitespace().next().map(|word| word.to_lowercase());
        let (new, old) = (verb(new)?, verb(old)?);
        let stem = old.strip_suffix("ing")?;
        let holds = |holder: &Holder| {
            let value = holder.value.as_str().unwrap_or_default();
            value.len() > 2 && (value == stem || value.strip_suffix('e') == Some(stem))
        };
        let holders: Vec<Holder> =
            self.canvas.working().into_iter().flat_map(|at| self.canvas.holders(at)).filter(holds).collect();
        let [holder] = holders.as_slice() else { return None };
        let field = Field { at: holder.at, name: holder.name.clone() };
        let schema = self.canvas.schema_of(&field)?;
        // "create, update or get": choices that only the description lists.
        let listed = |word: &str| {
            schema.description.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|listed| listed == word)
        };
        let told = || listed(&new) && holder.value.as_str().is_some_and(listed);
        let choice = super::set::choice(schema, &new).or_else(|| told().then(|| Value::from(new.as_str())));
        let choice = choice.filter(|_| vocabulary.orders(&new))?;
        Some(self.put_value(&field, choice))
    }
}
