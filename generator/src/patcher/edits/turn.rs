//! "Make X Y", "give X a Y": where the one ends and the other begins shows only in the agent.

use serde_json::json;

use super::value::amount_of;
use super::{
    Edit,
    value::{number, quoted},
};
use crate::{
    patcher::{
        find::{Among, Field, Wanted},
        refused::Refused,
        wish::TABLES,
    },
    plan::model::{Binding, Input, Step},
    reading::{self, Value as Typed},
};

impl Edit<'_, '_> {
    /// "due in 3 days": the date is worked out when the agent runs.
    pub(super) fn due(&mut self, at: usize, to: &str) -> Option<Result<(), Refused>> {
        let name = self
            .canvas
            .inputs_of(at)
            .into_iter()
            .find(|name| matches!(name.as_str(), "due_date" | "deadline" | "due"))?;
        let (amount, unit) = amount_of(to).or_else(|| amount_of(&to.replace("week", "days")))?;
        if !to.to_lowercase().starts_with("due") || unit != "days" {
            return None;
        }
        let days = if to.contains("week") { amount * 7.0 } else { amount };
        let block = self.canvas.known.catalogue.by_name("GetCurrentDateBlock")?;
        let clock = self.canvas.steps.len();
        // The block subtracts its offset from today.
        let inputs = [("trigger", json!("go")), ("offset", json!(-(days as i64)))];
        self.canvas.add(vec![Step {
            block: block.id.clone(),
            title: format!("Find the date in {} day{}", days as i64, if days == 1.0 { "" } else { "s" }),
            says: String::new(),
            inputs: inputs
                .into_iter()
                .map(|(name, value)| Input { name: name.to_owned(), binding: Binding::Value(value) })
                .collect(),
        }]);
        self.canvas.bind(at, &name, Binding::From { step: clock, output: "date".to_owned() });
        Some(Ok(()))
    }

    /// "make X Y": X is the longest beginning that names something whose value Y can be.
    pub(super) fn turn(&mut self, text: &str) -> Result<(), Refused> {
        if let Some((what, due)) = text.split_once(" due ")
            && let [at] = self.canvas.best(&Wanted::of(self.canvas.known, what), Among::Working).as_slice()
            && let Some(done) = self.due(*at, &format!("due {due}"))
        {
            return done;
        }
        // "make those Linear issues"
        if let Some(thing) = ["those ", "these "].iter().find_map(|lead| text.strip_prefix(lead))
            && let Some(service) = self.service_in(thing)
            && let Some(done) = self.use_service(&service, None, thing)
        {
            return done;
        }
        if let Some(done) = self.turn_it(text) {
            return done;
        }
        // "make it a haiku": what the one step that writes makes.
        // "make it rhyme": the same, by a verb.
        let verb = text.strip_prefix("it ").filter(|rest| rest.split(' ').count() < 3);
        let does = verb.is_some_and(|rest| {
            let first = rest.split(' ').next().unwrap_or(rest);
            (self.canvas.known.vocabulary.orders(first) || first == rest) && !TABLES.is_quality(rest)
        });
        if does || ["it a ", "it an ", "it into "].iter().any(|lead| text.starts_with(lead)) {
            let mut writing = self.canvas.working();
            writing.retain(|at| self.canvas.thinks(*at) && self.canvas.is(*at, crate::knowledge::is_text_model));
            if let [at] = *writing.as_slice() {
                return self.say_to(at, &format!("make {text}"));
            }
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        if let Some(done) = self.lasting(&Wanted::of(self.canvas.known, &unmeasured(text)), text) {
            return done;
        }
        for length in (1..words.len().min(10)).rev() {
            let (Some(what), Some(to)) = (words.get(..length), words.get(length..)) else { continue };
            let (what, to) = (what.join(" "), to.join(" "));
            let wanted = Wanted::of(self.canvas.known, &what);
            if wanted.is_agent() {
                let time = reading::tokens(&to).iter().any(|token| matches!(token.value(), Some(Typed::Time(..))));
                if time {
                    return self.schedule(&format!("at {to}"));
                }
                continue;
            }
            let fields = self.canvas.fields(&wanted);
            if fields.len() == 1
                && let Some(field) = fields.first().cloned()
                && !self.is_given(&field)
                && self.canvas.fitting(&self.canvas.keeper(&field), &to).is_ok()
            {
                return self.change_field(&field, &what, &to);
            }
            let best = self.canvas.best(&wanted, Among::Working);
            if let [at] = best.as_slice() {
                let (head, tail) = to.split_once(" and ").unwrap_or((&to, ""));
                if let Some((field, value)) = self.choice_of(*at, head) {
                    let at = *at;
                    self.put_value(&field, value)?;
                    // "bullet points and in German"
                    return if tail.is_empty() {
                        Ok(())
                    } else {
                        self.say_to(at, &format!("{what} {}", with_verb(tail)))
                    };
                }
                if self.canvas.thinks(*at) {
                    let said = self.operation.said.clone();
                    return self.say_to(*at, &said);
                }
            }
        }
        // "I'd like it in Fahrenheit"
        if let Some(value) = text.strip_prefix("it in ").filter(|value| value.split(' ').count() < 3) {
            return self.use_value(value, None);
        }
        self.say_or_lose(&self.operation.said.clone())
    }

    /// "make it square and in the style of a watercolour": a choice of one step, and what is said to it.
    pub(super) fn turn_it(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let rest = ["it ", "them ", "that "].iter().find_map(|it| text.strip_prefix(it))?;
        let (head, tail) = rest.split_once(" and ").unwrap_or((rest, ""));
        if head.split_whitespace().count() > 3 {
            return None;
        }
        let found: Vec<(Field, serde_json::Value)> =
            self.canvas.working().into_iter().filter_map(|at| self.choice_of(at, head)).collect();
        let choices = |field: &Field| self.canvas.schema_of(field).is_some_and(|schema| !schema.choices.is_empty());
        let found: Vec<(Field, serde_json::Value)> = found.into_iter().filter(|(field, _)| choices(field)).collect();
        let [(field, value)] = found.as_slice() else { return None };
        let (field, value) = (field.clone(), value.clone());
        let at = field.at;
        if let Err(refused) = self.put_value(&field, value) {
            return Some(Err(refused));
        }
        Some(if tail.is_empty() { Ok(()) } else { self.say_to(at, tail) })
    }

    /// "give it a body with a test query", "give the mail the subject Hi"
    pub(super) fn provide(&mut self, text: &str) -> Result<(), Refused> {
        // "give me a detailed summary"
        if let Some((field, value)) = self.chosen(text) {
            return self.put_value(&field, value);
        }
        if let Some(thing) = ["me the ", "me my ", "us the "].iter().find_map(|opener| text.strip_prefix(opener))
            && self.comes_out(thing)
        {
            return Ok(());
        }
        let proposed = proposed(text).map(|(head, value)| format!("{} {value}", unpraised(head)));
        let text = proposed.as_deref().unwrap_or(text);
        for article in [" the ", " a ", " an "] {
            // An article in what is quoted begins nothing.
            let named = |(what, _): &(&str, &str)| !what.trim().is_empty() && !what.contains(['"', '“']);
            if let Some((what, to)) = text.split_once(article).filter(named)
                && let Some(done) = self.give(what, to)
            {
                return done;
            }
        }
        // "give them priority 4"
        let rest = ["it ", "them ", "each ", "both ", "all "].iter().find_map(|whom| text.strip_prefix(whom));
        if let Some((name, value)) = rest.and_then(|rest| rest.split_once(' '))
            && let [field] = self.canvas.fields(&Wanted::of(self.canvas.known, name)).as_slice()
        {
            return self.change_field(&field.clone(), name, value);
        }
        self.say_or_lose(&self.operation.said.clone())
    }

    /// Whether what the agent gives out already is what a thing names: "the text", "the report".
    fn comes_out(&self, thing: &str) -> bool {
        let wanted = Wanted::of(self.canvas.known, thing);
        let plain = ["text", "result", "output"];
        let shows = |at: usize| {
            self.canvas.links_out(at).iter().any(|link| self.canvas.is(link.to, |block| block.is_agent_output()))
        };
        match wanted.words.as_slice() {
            [] => false,
            [only] if plain.contains(&only.as_str()) => {
                (0..self.canvas.steps.len()).any(|at| self.canvas.is(at, |block| block.is_agent_output()))
            }
            _ => self.canvas.best(&wanted, Among::Working).into_iter().any(shows),
        }
    }

    /// "the mails should have the subject X": a name of an input, then what goes into it.
    pub(super) fn give(&mut self, what: &str, text: &str) -> Option<Result<(), Refused>> {
        let words: Vec<&str> = text.split_whitespace().collect();
        for length in (1..words.len()).rev() {
            let (name, value) = (words.get(..length)?.join(" "), words.get(length..)?.join(" "));
            // What is quoted is the value, not a part of it.
            if name.contains(['"', '“']) {
                continue;
            }
            let wanted = Wanted::of(self.canvas.known, &format!("{what} {name}"));
            let mut fields = self.canvas.fields(&wanted);
            if let Some(it) = self.it.filter(|_| matches!(what.trim(), "it" | "its" | "that")) {
                fields = self
                    .canvas
                    .inputs_of(it)
                    .into_iter()
                    .filter(|input| {
                        crate::patcher::canvas::words::words(self.canvas.known, input)
                            .iter()
                            .any(|word| wanted.words.contains(word))
                    })
                    .map(|name| Field { at: it, name })
                    .collect();
            } else if fields.is_empty() {
                fields = self.canvas.fields(&Wanted::of(self.canvas.known, &name));
            }
            fields.retain(|field| !self.canvas.is_door(field.at));
            let [field] = fields.as_slice() else { continue };
            let field = field.clone();
            let value = ["of ", "with ", "saying ", "that says ", "called "]
                .iter()
                .fold(value.as_str(), |text, word| text.strip_prefix(word).unwrap_or(text))
                .to_owned();
            let tokens = reading::tokens(&value);
            // "a body with a test query": what it is is told, not the value itself.
            let literal = tokens.len() == 1 || tokens.first().is_some_and(|token| token.value().is_some());
            if !literal {
                let title = self.canvas.title(field.at);
                return Some(Err(Refused::ask(
                    format!("What exactly should `{}` of {title} be?", field.name),
                    "value",
                    Some(format!("Set the {} to \"…\"", field.name)),
                )));
            }
            return Some(self.change_field(&field, what, &value));
        }
        None
    }

    /// "limit to 5 results", "only the 3 newest".
    pub(super) fn limit(&mut self, text: &str) -> Result<(), Refused> {
        if let Some(done) = self.inbox(text) {
            return done;
        }
        // "5 bullet points are plenty": of what is written, not of what is read.
        let writes =
            self.canvas.working().into_iter().any(|at| self.canvas.thinks(at) && self.prompt_field(at).is_some());
        if writes && TABLES.measures(text) {
            return self.say_or_lose(&self.operation.said.clone());
        }
        let tokens = reading::tokens(text);
        let count = tokens.iter().find_map(|token| match token.value() {
            Some(Typed::Number(number)) => Some(*number),
            _ => None,
        });
        if let Some((amount, unit)) = amount_of(text) {
            let waits = |at: &usize| {
                self.canvas.value(*at, unit).is_some()
                    || self
                        .canvas
                        .steps
                        .get(*at)
                        .is_some_and(|step| step.inputs.iter().any(|input| super::value::is_unit(&input.name)))
            };
            let steps: Vec<usize> = self.canvas.working().into_iter().filter(waits).collect();
            if let [at] = steps.as_slice() {
                return self.put_duration(*at, amount, unit);
            }
        }
        let Some(count) = count else { return self.say_or_lose(&self.operation.said.clone()) };
        let nouns: String = tokens
            .iter()
            .filter(|token| token.value().is_none())
            .map(|token| token.raw(text))
            .collect::<Vec<_>>()
            .join(" ");
        let wanted = Wanted::of(self.canvas.known, &format!("limit {nouns}"));
        let mut fields = self.canvas.fields(&wanted);
        if fields.is_empty() {
            // "to look at 5 mails": the words that name something.
            let names = self.canvas.names();
            let mut telling = wanted.clone();
            telling.words.retain(|word| word == "limit" || names.iter().any(|names| names.fit(word) > 0));
            fields = self.canvas.fields(&telling);
        }
        if fields.is_empty() {
            fields = self.canvas.fields(&Wanted::of(self.canvas.known, "limit"));
        }
        let is_number = |field: &Field| {
            self.canvas.schema_of(&self.canvas.keeper(field)).is_none_or(|schema| schema.kind().admits(&json!(1)))
        };
        fields.retain(is_number);
        match self.canvas.one_field(fields, self.context)? {
            Some(field) => self.put(&field, &number(&count.to_string()).unwrap_or_default().to_string()),
            None => self.say_or_lose(&self.operation.said.clone()),
        }
    }
}

/// "a better subject, like \"Hi\"": what is asked for, and the text that is proposed for it.
pub(super) fn proposed(text: &str) -> Option<(&str, &str)> {
    let leads = [" like ", " such as ", " for example ", " for instance ", " e.g. ", " maybe ", " say "];
    let (head, value) = leads.iter().filter_map(|lead| text.split_once(lead)).find(|(_, value)| quoted(value))?;
    Some((head.trim_end_matches([',', ':', ' ']), value))
}

/// Without what only says that it is to be another than now.
fn unpraised(text: &str) -> String {
    let praise = ["better", "nicer", "good", "new", "different", "other", "proper", "catchier", "shorter", "real"];
    text.split_whitespace().filter(|word| !praise.contains(word)).collect::<Vec<_>>().join(" ")
}

/// "the clip" of "the clip 90 seconds long".
fn unmeasured(text: &str) -> String {
    let counts =
        ["half", "one", "two", "three", "four", "five", "six", "eight", "ten", "fifteen", "twenty", "thirty", "sixty"];
    text.split_whitespace()
        .take_while(|word| !counts.contains(word))
        .take_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// "in German" is "should be in German".
fn with_verb(text: &str) -> String {
    format!("should be {text}")
}
