//! Puts values into inputs, with the types that these take.

use serde_json::Value;

use super::{
    Edit,
    value::{UNITS, amount_of, is_unit, typed},
};
use crate::{
    catalogue::schema::{Schema, Types},
    patcher::{
        canvas::Canvas,
        find::{Among, Field, Wanted, bare},
        refused::Refused,
        wish::TABLES,
    },
    plan::model::Binding,
    text::shortened,
};

/// Words that point to something.
const NO_VALUES: [&str; 12] =
    ["each", "every", "all", "both", "it", "them", "these", "those", "this", "that", "each one", "all of them"];

impl Canvas<'_> {
    /// The schema that a value of this input has to fit: of an input of the agent, that of what it gives its value to.
    pub(in crate::patcher) fn schema_of(&self, field: &Field) -> Option<&Schema> {
        if self.is(field.at, |block| block.is_agent_input()) {
            let link = self.links_out(field.at).into_iter().find(|link| self.block(link.to).is_some())?;
            return self.block(link.to)?.input_schema().properties.get(&link.input);
        }
        self.block(field.at)?.input_schema().properties.get(&field.name)
    }

    /// A text as a value of an input. Refused, with what the input takes, where it is none.
    pub(in crate::patcher) fn fitting(&self, field: &Field, text: &str) -> Result<Value, Refused> {
        let text = bare(text);
        // A subreddit goes without its mark.
        let subreddit = field.name == "subreddit"
            || self.is_door(field.at) && self.links_out(field.at).iter().any(|link| link.input == "subreddit");
        let text = if subreddit { text.strip_prefix("r/").unwrap_or(text) } else { text };
        let Some(schema) = self.schema_of(field) else {
            let old = self.value(field.at, &field.name);
            return Ok(like(old, text));
        };
        let wrong = |takes: &str| {
            Refused::impossible(format!(
                "The input `{}` of {} takes {takes}, not \"{}\".",
                field.name,
                self.title(field.at),
                shortened(text, 80)
            ))
        };
        if schema.choices.is_empty() {
            let types = schema.kind();
            return typed(text, types).ok_or_else(|| wrong(&types.to_string()));
        }
        choice(schema, text).ok_or_else(|| {
            let names = schema
                .choices
                .iter()
                .take(40)
                .map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned));
            wrong(&format!("one of {}", names.collect::<Vec<_>>().join(", ")))
        })
    }
}

impl Edit<'_, '_> {
    /// Sets an input to what a text says.
    pub(super) fn put(&mut self, field: &Field, text: &str) -> Result<(), Refused> {
        // "the recordings are in French": what they are like, not what they become.
        let led = |text: &str| {
            let first = text.split(' ').next().unwrap_or_default();
            matches!(first, "in" | "on" | "at" | "from" | "by" | "with" | "for" | "about" | "like")
        };
        if self.operation.told && led(text) {
            return Err(self.lost(&self.operation.said));
        }
        // "20 minutes" of an input in minutes
        if let Some((amount, unit)) = amount_of(text)
            && self.canvas.inputs_of(field.at).iter().any(|name| name == unit)
            && is_unit(&field.name)
        {
            return self.put_duration(field.at, amount, unit);
        }
        // "a page for each": what is spoken of, no value.
        if NO_VALUES.contains(&bare(text).to_lowercase().as_str()) {
            return Err(self.lost(&self.operation.said));
        }
        if points_to_person(text) {
            return self.expose(field, &field.name.clone().replace('_', " "));
        }
        let keeper = self.canvas.keeper(field);
        let value = self.canvas.fitting(&keeper, text)?;
        // "the project 'Work'" of an input with an id.
        let named =
            value.as_str().is_some_and(|id| id.chars().all(|c| c.is_alphabetic() || c == ' ') && !id.is_empty());
        if named && matches!(keeper.name.as_str(), "project_id" | "section_id" | "team_id" | "list_id" | "folder_id") {
            return Err(Refused::impossible(format!(
                "The input `{}` of {} takes an id, not the name \"{}\".",
                keeper.name,
                self.canvas.title(keeper.at),
                shortened(text, 60)
            )));
        }
        self.same_sort(&keeper, &value)?;
        self.put_value(field, value)
    }

    /// "cut the clip to 90 seconds": a step with a start and an end ends that much later than it starts.
    pub(super) fn lasting(&mut self, wanted: &Wanted, to: &str) -> Option<Result<(), Refused>> {
        let (amount, unit) = amount_of(to)?;
        let scale =
            UNITS.iter().position(|(name, _)| *name == unit).and_then(|at| [1.0, 60.0, 3600.0, 86400.0].get(at))?;
        let ends = |at: &usize| {
            let has = |name: &str| self.canvas.value(*at, name).is_some_and(Value::is_number);
            has("end_time")
                && (has("start_time") || !self.canvas.links_into(*at).any(|link| link.input == "start_time"))
        };
        let found: Vec<usize> = self.canvas.best(wanted, Among::Working).into_iter().filter(ends).collect();
        let [at] = *found.as_slice() else { return None };
        let start = self.canvas.value(at, "start_time").and_then(Value::as_f64).unwrap_or(0.0);
        let end = crate::numbers::plain(start + amount * scale);
        Some(self.put_value(&Field { at, name: "end_time".to_owned() }, end))
    }

    /// An address takes the place of an address alone.
    pub(super) fn same_sort(&self, field: &Field, value: &Value) -> Result<(), Refused> {
        let is = |value: &Value| -> Option<&str> {
            let text = value.as_str().or_else(|| value.as_array()?.first()?.as_str())?;
            match crate::reading::tokens(text).first().and_then(|token| token.value()) {
                Some(crate::reading::Value::Email(_)) => Some("an e-mail address"),
                Some(crate::reading::Value::Url(_)) => Some("a web address"),
                _ => None,
            }
        };
        let feeds = |link: &crate::patcher::canvas::Link| super::replace::is_address(&link.input);
        let place = super::replace::is_address(&field.name)
            || self.canvas.is_door(field.at)
                && field.name == "value"
                && self.canvas.links_out(field.at).iter().any(feeds);
        // "the address in the sheet" of a list of addresses.
        let only = value.as_array().filter(|list| list.len() == 1).and_then(|list| list.first());
        let text = value.as_str().or_else(|| only?.as_str());
        let place = place && text.is_some_and(|text| !text.contains(['@', ',', '#']));
        let sort = self.canvas.value(field.at, &field.name).and_then(is).or(place.then_some("an address or a place"));
        let Some(sort) = sort else { return Ok(()) };
        if is(value).is_some() || text.is_none_or(|text| text.contains("{{") || text.split(' ').count() < 2) {
            return Ok(());
        }
        let text = text.unwrap_or_default();
        Err(Refused::impossible(format!(
            "The input `{}` of {} takes {sort}, not \"{}\".",
            field.name,
            self.canvas.title(field.at),
            shortened(text, 80)
        )))
    }

    /// Sets an input. What an input of the agent asks for keeps being asked; the value becomes what stands there when nobody
    /// answers.
    pub(super) fn put_value(&mut self, field: &Field, value: Value) -> Result<(), Refused> {
        let keeper = self.canvas.keeper(field);
        let served = self.canvas.serving();
        let value = as_kept(self.canvas.value(keeper.at, &keeper.name), value);
        self.canvas.bind(keeper.at, &keeper.name, Binding::Value(value));
        if keeper.name == "style" {
            self.count_points(keeper.at);
        }
        self.canvas.sweep(&served)
    }

    /// "five bullet points": the style does not say how many.
    fn count_points(&mut self, at: usize) {
        let said = self.operation.said.clone();
        let words: Vec<&str> = said.split_whitespace().collect();
        let counted = words.windows(2).position(|pair| TABLES.measures(&pair.join(" ")));
        let open =
            self.canvas.value(at, "focus").is_none() && self.canvas.inputs_of(at).iter().any(|name| name == "focus");
        let points =
            counted.and_then(|start| words.get(start..words.len().min(start + 3))).map(|points| points.join(" "));
        if let Some(points) = points.filter(|_| open) {
            let points = points.trim_end_matches(|c: char| !c.is_alphanumeric());
            self.canvas.bind(at, "focus", Binding::Value(format!("the key facts, in {points}").into()));
        }
    }
}

/// "something I enter": the person, not a value.
fn points_to_person(text: &str) -> bool {
    let lower = bare(text).to_lowercase();
    let thing =
        ["something ", "whatever ", "anything ", "what ", "a value "].iter().find_map(|word| lower.strip_prefix(word));
    thing.is_some_and(|rest| {
        let rest = rest.strip_prefix("that ").unwrap_or(rest);
        ["i ", "we ", "the user ", "you ask "].iter().any(|person| rest.starts_with(person))
    })
}

/// A single text where a list of texts stood.
fn as_kept(old: Option<&Value>, new: Value) -> Value {
    match (old, new) {
        (Some(Value::Array(_)), new @ Value::String(_)) => Value::Array(vec![new]),
        (_, new) => new,
    }
}

/// The choice that a text names.
pub(super) fn choice(schema: &Schema, text: &str) -> Option<Value> {
    let text = text.trim();
    let plain =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let same = |choice: &&Value| {
        choice.as_str().is_some_and(|choice| choice.eq_ignore_ascii_case(text) || plain(choice) == plain(text))
            || choice.is_number() && typed(text, Types::NUMBER).as_ref() == Some(*choice)
    };
    // "sonar-pro" of `perplexity/sonar-pro`, "gpt-5" of `gpt-5-2025-08-07`
    let short = |choice: &&Value| {
        let name = choice.as_str().map(|choice| choice.rsplit('/').next().unwrap_or(choice));
        name.is_some_and(|name| {
            let dated = name.len().checked_sub(11).and_then(|at| Some((name.get(..at)?, name.get(at..)?)));
            let bare = dated.filter(|(_, date)| date.starts_with("-20") && date.matches('-').count() == 3);
            text.len() > 2 && (plain(name) == plain(text) || bare.is_some_and(|(bare, _)| plain(bare) == plain(text)))
        })
    };
    let only = || {
        let mut all = schema.choices.iter().filter(short);
        all.next().filter(|_| all.next().is_none())
    };
    schema.choices.iter().find(same).or_else(only).cloned()
}

/// A value like the one before it.
fn like(old: Option<&Value>, text: &str) -> Value {
    let types = match old {
        Some(Value::Number(_)) => Types::NUMBER,
        Some(Value::Bool(_)) => Types::BOOLEAN,
        Some(Value::Array(_)) => Types::ARRAY,
        _ => Types::STRING,
    };
    typed(text, types).unwrap_or_else(|| Value::from(text))
}
