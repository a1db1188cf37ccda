//! Something comes into a list, or into a text; or a value is taken away.

use serde_json::{Value, json};

use super::Edit;
use super::value::quoted;
use crate::{
    catalogue::schema::Types,
    patcher::{
        find::{Among, Field, Wanted, bare},
        refused::Refused,
        wish::wording,
    },
    plan::model::Binding,
    reading::{self, Value as Typed},
};

impl Edit<'_, '_> {
    pub(super) fn clear(&mut self, what: &str) -> Result<(), Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        let fields = self.canvas.fields(&wanted);
        let Some(field) = self.canvas.one_field(fields, self.context)? else { return Err(self.canvas.no_input(what)) };
        self.empty(&field)
    }

    /// Takes the value of an input away.
    pub(super) fn empty(&mut self, field: &Field) -> Result<(), Refused> {
        let Field { at, name } = self.canvas.keeper(field);
        let required = self.canvas.is(at, |block| block.required_inputs().any(|required| required == name));
        let schema = self.canvas.schema_of(field);
        let text = schema.is_some_and(|schema| schema.choices.is_empty() && schema.kind().is_within(Types::STRING));
        if required && text && self.canvas.value(at, &name).is_some() {
            // An empty text is what was asked for; without one the block would not run.
            self.canvas.bind(at, &name, Binding::Value(json!("")));
            return Ok(());
        }
        if required {
            return Err(Refused::impossible(format!(
                "The input `{name}` of {} is required; set it to something else instead.",
                self.canvas.title(at)
            )));
        }
        let served = self.canvas.serving();
        self.canvas.unbind(at, &name);
        self.canvas.sweep(&served)
    }

    /// A value comes into a list, or into a text.
    pub(super) fn add_to(&mut self, value: &str, what: &str) -> Result<(), Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        let mut fields = if wanted.words.is_empty() { Vec::new() } else { self.canvas.fields(&wanted) };
        // "a title \"Weekly\" to the mail": no address to mail to.
        if wording(value).is_some() {
            fields.retain(|field| !self.says_where(field));
        }
        if fields.is_empty()
            && let Some(cc) = what.strip_prefix("cc of ")
        {
            let mail = if matches!(cc, "it" | "them") { "the mail" } else { cc };
            return Err(Refused::unserved(format!(
                "The step that sends {mail} has no cc: \"{}\" can be one more of its recipients.",
                bare(value)
            )));
        }
        // "put the digest into bullet points"
        if let Some((field, value)) = self.chosen(&format!("{value} in {what}")) {
            return self.put_value(&field, value);
        }
        let typed: Vec<String> = {
            let tokens = reading::tokens(value);
            let is = |token: &&reading::Token| {
                matches!(
                    token.value(),
                    Some(Typed::Email(_) | Typed::Channel(_) | Typed::Handle(_) | Typed::Quoted(_) | Typed::Url(_))
                )
            };
            tokens.iter().filter(is).map(|token| bare(token.raw(value)).to_owned()).collect()
        };
        // "put the tasks into the project \"Work\"": what the input of this name gets.
        if let Some(start) =
            what.find(['"', '“']).filter(|start| *start > 0 && quoted(what.get(*start..).unwrap_or("")))
            && typed.is_empty()
            && let (name, text) = what.split_at(start)
            && let [field] = self.canvas.fields(&Wanted::of(self.canvas.known, name)).as_slice()
            && !self.is_given(field)
        {
            return self.change_field(&field.clone(), name.trim(), text);
        }
        if !typed.is_empty() {
            let best = self.canvas.best(&wanted, Among::Working);
            let field = match self.canvas.one_field(fields, self.context)? {
                Some(field) => Some(field),
                None => match self.canvas.one_of(best, self.context)? {
                    Some(at) => self
                        .slots_for(at, typed.first().map_or("", String::as_str))
                        .pop()
                        .filter(|_| !quoted(value))
                        .or_else(|| self.text_of(at)),
                    None if wanted.is_agent() => None,
                    None => None,
                },
            };
            if let Some(field) = field {
                if self.headed(&field, value) {
                    return Ok(());
                }
                return self.append(&field, &typed);
            }
        }
        // "only mention facts that are in the text" says it all.
        let said = self.operation.said.clone();
        let tells = ["only mention ", "only include "].iter().any(|lead| said.to_lowercase().starts_with(lead));
        if self.operation.only && tells && self.say(&said).is_ok() {
            return Ok(());
        }
        if self.operation.only {
            return self.narrow(&format!("{value} {what}"));
        }
        // What is data, not a value: the step that gives it, or a prompt that speaks of it.
        let best = self.canvas.best(&wanted, Among::Working);
        if best.is_empty() && fields_empty(&wanted) {
            return self.add(&format!("{value} to {what}"));
        }
        // "put the result in Slack too"
        if best.is_empty() && self.service_in(what).is_some() {
            let verb = if self.other_place(what) { "send" } else { "put" };
            let lead = if verb == "send" { "to" } else { "in" };
            return self.perform(&format!("{verb} {value} {lead} {what}"));
        }
        if let [at] = best.as_slice()
            && self.canvas.thinks(*at)
        {
            let said = self.operation.said.clone();
            return self.say_to(*at, &said);
        }
        self.add_data(value, &wanted, what)
    }

    pub(super) fn append(&mut self, field: &Field, values: &[String]) -> Result<(), Refused> {
        let keeper = self.canvas.keeper(field);
        let old = self.canvas.value(keeper.at, &keeper.name).cloned();
        let new = match old {
            Some(Value::Array(mut list)) => {
                list.extend(
                    values
                        .iter()
                        .filter(|value| !list.contains(&json!(value)))
                        .map(|value| json!(value))
                        .collect::<Vec<_>>(),
                );
                Value::Array(list)
            }
            Some(Value::String(text)) if !text.is_empty() => {
                let apart =
                    if values.iter().all(|value| value.contains('@') && value.contains('.')) { ", " } else { " " };
                json!(format!("{text}{apart}{}", values.join(apart)))
            }
            _ => {
                let linked = self
                    .canvas
                    .links_into(keeper.at)
                    .any(|link| crate::patcher::find::outer(&link.input) == keeper.name);
                if linked {
                    let title = self.canvas.title(keeper.at);
                    return Err(Refused::unsupported(format!(
                        "`{}` of {title} is what another step gives, so nothing can be added to it as a value.",
                        keeper.name
                    )));
                }
                let list = self.canvas.schema_of(&keeper).is_some_and(|schema| schema.kind().is_within(Types::ARRAY));
                if list { json!(values) } else { json!(values.join(", ")) }
            }
        };
        self.canvas.bind(keeper.at, &keeper.name, Binding::Value(new));
        Ok(())
    }
}

fn fields_empty(wanted: &Wanted) -> bool {
    wanted.words.is_empty()
}
