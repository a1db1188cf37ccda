//! Something gets another value: an input, a text, a prompt, a name, the schedule.

use serde_json::{Value, json};

use super::{
    Edit,
    filter::returns_only,
    naming::named,
    set::choice,
    turn::proposed,
    value::{UNITS, amount_of, quoted},
};
use crate::{
    catalogue::schema::Types,
    patcher::{
        find::{Among, Field, Wanted, bare},
        refused::Refused,
        wish::{Place, TABLES},
    },
    plan::model::Binding,
    reading::{self, Value as Typed},
};

impl Edit<'_, '_> {
    pub(super) fn change(&mut self, what: &str, from: Option<&str>, to: &str) -> Result<(), Refused> {
        // "X should only return records where Status is 'active'"
        if what.contains(" should only ")
            && let Some((step, condition)) = returns_only(&format!("{what} is {to}"))
        {
            return self.returns_only(&step, &condition);
        }
        // "change the subject to something better, like 'Hi'"
        let to = proposed(to).filter(|(head, _)| head.starts_with("some")).map_or(to, |(_, value)| value);
        if let Some(done) = self.written_in(what, to) {
            return done;
        }
        if let Some(done) = self.described(what, to) {
            return done;
        }
        // "the body is too much", "the subject is boring": a complaint is no value.
        if self.operation.told && (to.to_lowercase().starts_with("too ") || TABLES.is_complaint(to)) {
            return self.say_or_lose(&self.operation.said.clone());
        }
        let wanted = Wanted::of(self.canvas.known, what);
        if let Some(done) = self.lasting(&wanted, to) {
            return done;
        }
        if let Some(named) = named(what) {
            let fields = self.canvas.fields(&wanted);
            // The title of a page is no name of the agent.
            let own = fields.len() == 1 && fields.iter().all(|field| !self.canvas.is_door(field.at));
            if named.description && !named.whose.is_empty() || !own || named.whose.is_empty() && what.contains("name") {
                return self.rename(what, to);
            }
        }
        let says_time = ["schedule", "time", "interval", "frequency", "timing", "cron", "run"];
        // "from 0:30 to 1:00" is no time of day.
        let scheduled =
            !what.starts_with("from ") && wanted.words.iter().all(|word| says_time.contains(&word.as_str()));
        let rhythm = reading::schedule(to, &reading::tokens(to)).is_some();
        let clock = reading::tokens(to).iter().any(|token| matches!(token.value(), Some(Typed::Time(..))));
        let fields = if wanted.is_agent() { Vec::new() } else { self.canvas.fields(&wanted) };
        if scheduled && (rhythm || clock) && fields.is_empty() {
            return self.schedule(&format!("at {to}").replace("at at ", "at ").replace("at every", "every"));
        }
        if let Some(from) = from {
            // "change the destination from Google Docs to Notion"
            let services = [from, to].iter().all(|text| self.service_in(text).is_some());
            if services && !self.canvas.best(&Wanted::of(self.canvas.known, from), Among::Working).is_empty() {
                return self.replace(from, to);
            }
            if let Some(done) = self.other_hour(from, to) {
                return done;
            }
            return self.swap_value(what, from, to);
        }
        // "the mails should have the subject X"
        if let Some(text) = ["the ", "a ", "an "].iter().find_map(|article| to.strip_prefix(article))
            && text.contains(['"', '“', '\'', '‘'])
            && let Some(done) = self.give(what, text)
        {
            return done;
        }
        if let Some(field) = self.canvas.one_field(fields, self.context)? {
            return self.change_field(&field, what, to);
        }
        // A value that stands in the agent: "change #news to #general".
        if let Some(old) = self.written(what) {
            return self.swap_value("", &old, to);
        }
        if let Some(done) = self.sent_to(what, to) {
            return done;
        }
        let best = self.canvas.best(&wanted, Among::Everything);
        if let Some(done) = self.rework(what, to, &best) {
            return done;
        }
        match self.one_best(best)? {
            Some(at) => self.change_step(at, what, to),
            // "change the greeting to X", where one text is sent as it stands.
            None if quoted(to)
                && what
                    .split_whitespace()
                    .last()
                    .is_some_and(|last| TABLES.is_extra_thing(last) || last == "wording")
                && let Some(field) = self.fixed_text() =>
            {
                self.put(&field, to)
            }
            // "limit it to 10 posts"
            None if wanted.is_agent()
                && ["limit ", "cap ", "restrict "]
                    .iter()
                    .any(|verb| self.operation.said.to_lowercase().starts_with(verb)) =>
            {
                self.limit(to)
            }
            None if wanted.is_agent() && self.operation.instead.is_none() => {
                self.say_or_lose(&self.operation.said.clone())
            }
            None if self.operation.contrast.is_none()
                && let Some(done) = self.about(what, to) =>
            {
                done
            }
            None if let Some(done) = self.routed(what, to).or_else(|| self.routed_contrary(what, to)) => done,
            None => match self.say(&self.operation.said.clone()) {
                Ok(()) => Ok(()),
                Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(self.canvas.no_input(what)),
                Err(other) => Err(other),
            },
        }
    }

    /// "shorten each entry to two sentences before it is translated": a step that does it, at its place.
    fn rework(&mut self, what: &str, to: &str, best: &[usize]) -> Option<Result<(), Refused>> {
        let place =
            self.operation.place.clone().filter(|place| matches!(place, Place::Before(_) | Place::Between(..)))?;
        let verb = self.operation.said.split_whitespace().next()?.to_lowercase();
        let works = matches!(verb.as_str(), "shorten" | "cut" | "extend" | "convert" | "reduce");
        // What makes the thing is told how long it is to be; what comes after the place is another step.
        let there = match &place {
            Place::Before(of) => self.placed(of).ok()?,
            _ => None,
        };
        let other = best.is_empty() || there.is_some_and(|there| best.contains(&there));
        (works && other && TABLES.measures(to)).then(|| self.insert(&format!("{verb} {what} to {to}"), &place))
    }

    /// One step; those that a language model does rather than what brings something in or takes it out.
    fn one_best(&self, best: Vec<usize>) -> Result<Option<usize>, Refused> {
        let working: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_door(*at)).collect();
        self.canvas.one_of(if working.is_empty() { best } else { working }, self.context)
    }

    /// A value of this text that stands in the agent exactly, as it is written there.
    fn written(&self, text: &str) -> Option<String> {
        let tokens = reading::tokens(text);
        let values =
            tokens.iter().filter(|token| token.value().is_some()).map(|token| bare(token.raw(text)).to_owned());
        let whole = std::iter::once(bare(text).trim_start_matches("the ").to_owned());
        whole.chain(values).find(|text| !text.is_empty() && !self.canvas.holders_of(text).is_empty())
    }

    pub(super) fn change_field(&mut self, field: &Field, what: &str, to: &str) -> Result<(), Refused> {
        let name = field.name.as_str();
        if matches!(name, "prompt" | "sys_prompt" | "condition") {
            return self.put_prompt(field, to);
        }
        // "cap the tweet at 240 characters": said to what writes it.
        if self.is_given(field) && TABLES.measures(to) && self.say(&self.operation.said.clone()).is_ok() {
            return Ok(());
        }
        if let Some(writer) = self.lister_of(field, to) {
            return self.say_to(writer, &self.operation.said.clone());
        }
        if self.is_given(field) && !quoted(to) && !self.refers(field, to) {
            return Err(Refused::unsupported(format!(
                "`{}` of {} is what another step gives, not a value.",
                field.name,
                self.canvas.title(field.at)
            )));
        }
        if let Some(done) = self.refer(field, to) {
            return done;
        }
        if let Some(unit) = UNITS.iter().position(|(unit, _)| *unit == name)
            && let Some((amount, other)) = amount_of(to)
            && UNITS.get(unit).is_some_and(|(unit, _)| *unit != other)
        {
            return self.put_duration(field.at, amount, other);
        }
        let schema = self.canvas.schema_of(&self.canvas.keeper(field));
        let choices = schema.is_some_and(|schema| !schema.choices.is_empty());
        if !choices && self.canvas.fitting(&self.canvas.keeper(field), to).is_err() {
            // "high" of a priority that is a number: which one, only the person knows.
            let title = self.canvas.title(field.at);
            let number = schema.is_some_and(|schema| {
                schema.kind().is_within(Types::NUMBER) || schema.kind().is_within(Types::INTEGER)
            });
            let word = bare(to).split_whitespace().count() < 3 && !bare(to).chars().any(|c| c.is_ascii_digit());
            if number && word && what.split_whitespace().count() < 6 {
                let takes = schema.map(|schema| schema.description.clone()).filter(|text| !text.is_empty());
                let takes = takes.map_or_else(String::new, |takes| format!(" ({takes})"));
                if matches!(
                    bare(to).to_lowercase().as_str(),
                    "high" | "low" | "medium" | "urgent" | "normal" | "higher" | "lower"
                ) {
                    return Err(Refused::ask(
                        format!("`{name}` of {title} is a number{takes}: which number is \"{}\"?", bare(to)),
                        "value",
                        Some("2".to_owned()),
                    ));
                }
            }
        }
        self.put(field, to)
    }

    fn refers(&self, field: &Field, to: &str) -> bool {
        let lower = to.trim().to_lowercase();
        (lower.starts_with("the ") || lower.starts_with("its ")) && self.given_before(to, field.at).is_some()
    }

    /// Whether the matter of a step comes from another.
    pub(super) fn is_given(&self, field: &Field) -> bool {
        let content = self.text_of(field.at).is_some_and(|text| text.name == field.name);
        let given = |link: crate::patcher::canvas::Link| {
            crate::patcher::find::outer(&link.input) == field.name && !self.canvas.is_door(link.from)
        };
        content && self.canvas.links_into(field.at).any(given)
    }

    /// "the title of the page", "today's date": what a step gives, not the words.
    fn refer(&mut self, field: &Field, to: &str) -> Option<Result<(), Refused>> {
        let lower = to.trim().to_lowercase();
        let field = self.canvas.keeper(field);
        if self.canvas.is_door(field.at) || quoted(to) || lower.split(' ').count() > 6 {
            return None;
        }
        if ["today's date", "the current date", "today", "the date of today", "the date"].contains(&lower.as_str()) {
            return Some(
                self.clock("GetCurrentDateBlock")
                    .map(|(step, output)| self.canvas.route((step, &output), field.at, &field.name)),
            );
        }
        let named = lower.starts_with("the ") || lower.starts_with("its ");
        let (step, output) = self.given_before(to, field.at).filter(|_| named)?;
        let serving = self.canvas.serving();
        self.canvas.route((step, &output), field.at, &field.name);
        Some(self.canvas.sweep(&serving))
    }

    /// "change the wait to 5 seconds", "switch the API call to POST", "the report should be short".
    fn change_step(&mut self, at: usize, what: &str, to: &str) -> Result<(), Refused> {
        if self.canvas.is(at, |block| block.is_agent_input()) {
            return self.put(&Field { at, name: "value".to_owned() }, to);
        }
        if let Some((amount, unit)) = amount_of(to)
            && self.canvas.inputs_of(at).iter().any(|name| name == unit)
        {
            return self.put_duration(at, amount, unit);
        }
        if let Some((field, value)) = self.choice_of(at, to) {
            return self.put_value(&field, value);
        }
        if let Some(done) = self.about(what, to) {
            return done;
        }
        // "16:9 and photo-realistic" of a picture: choices, and what is said to the one that draws it.
        if self.shows(at)
            && let Some(field) = self.prompt_field(at)
            && !self.canvas.links_into(at).any(|link| link.input == field.name)
        {
            for part in to.split(" and ").flat_map(|part| part.split(", ")) {
                match self.choice_of(at, part) {
                    Some((field, value)) => self.put_value(&field, value)?,
                    None => self.say_to(at, &format!("it should be {part}"))?,
                }
            }
            return Ok(());
        }
        if self.canvas.thinks(at) {
            let said = self.operation.said.clone();
            return self.say_to(at, &said);
        }
        let tokens = reading::tokens(to);
        let typed: Vec<_> = tokens.iter().filter(|token| token.value().is_some()).collect();
        if let [only] = typed.as_slice() {
            let raw = bare(only.raw(to)).to_owned();
            let alike = |holder: &crate::patcher::find::Holder| {
                holder.value.as_str().is_some_and(|old| same_type(old, only.raw(to)))
            };
            let holders: Vec<Field> = self
                .canvas
                .holders(at)
                .into_iter()
                .filter(alike)
                .map(|holder| Field { at: holder.at, name: holder.name })
                .collect();
            if let [field] = holders.as_slice() {
                return self.put(&field.clone(), &raw);
            }
            // The address or the channel, where the step has room for one.
            let slots = self.slots_for(at, only.raw(to));
            if let [field] = slots.as_slice() {
                return self.put(&field.clone(), &raw);
            }
        }
        // The message itself.
        if let Some(name) =
            self.canvas.block(at).and_then(|block| self.canvas.known.content_input(block)).map(str::to_owned)
        {
            let field = Field { at, name };
            let is_text = bare(to) != to.trim().trim_end_matches('.') || to.split_whitespace().count() > 2;
            if is_text && self.canvas.value(at, &field.name).is_some() {
                return self.put(&field, to);
            }
            if is_text && quoted(to) {
                return self.put(&field, to);
            }
        }
        match self.say(&self.operation.said.clone()) {
            Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(self.canvas.no_input(what)),
            other => other,
        }
    }

    /// The inputs of a step that take a value of this kind, by what they are called.
    pub(super) fn slots_for(&self, at: usize, raw: &str) -> Vec<Field> {
        let names: &[&str] = match raw.chars().next() {
            Some('#') => &["channel", "channel_name", "channel_identifier"],
            _ if raw.contains('@') => &["to", "to_email", "recipient"],
            _ if raw.starts_with("r/") => &["subreddit"],
            _ if raw.starts_with("http") => &["url", "rss_url", "page_url", "website_url"],
            _ => &[],
        };
        let has = self.canvas.inputs_of(at);
        has.into_iter().filter(|name| names.contains(&name.as_str())).map(|name| Field { at, name }).collect()
    }

    /// An input of a step with this choice, or that says yes or no to it.
    pub(super) fn choice_of(&self, at: usize, text: &str) -> Option<(Field, Value)> {
        let block = self.canvas.block(at)?;
        let text = bare(text).trim_start_matches("a ").trim_start_matches("an ").trim_start_matches("the ");
        let words: Vec<&str> = text.split_whitespace().collect();
        let properties = || block.input_schema().properties.iter().filter(|(name, _)| !block.is_credential(name));
        let found = properties().filter(|(_, schema)| !schema.choices.is_empty()).find_map(|(name, schema)| {
            let value = choice(schema, text)
                .or_else(|| (words.len() < 5).then(|| words.iter().find_map(|word| choice(schema, word)))?)?;
            Some((Field { at, name: name.to_owned() }, value))
        });
        found.or_else(|| {
            let word = words.last()?.to_lowercase();
            if word.len() < 4 || words.len() > 3 {
                return None;
            }
            properties()
                .filter(|(_, schema)| schema.kind().is_within(Types::BOOLEAN) && !schema.kind().is_any())
                .find_map(|(name, schema)| {
                    let field = Field { at, name: name.to_owned() };
                    if name.split('_').any(|part| part == word) {
                        return Some((field, json!(true)));
                    }
                    // "temperature in Celsius instead of Fahrenheit"
                    schema.description.to_lowercase().contains(&word).then(|| (field, json!(false)))
                })
        })
    }

    /// A time in one unit; the other units go.
    pub(super) fn put_duration(&mut self, at: usize, amount: f64, unit: &str) -> Result<(), Refused> {
        for (other, _) in UNITS.iter().filter(|(other, _)| *other != unit) {
            self.canvas.unbind(at, other);
        }
        let value = if amount.fract() == 0.0 { json!(amount as i64) } else { json!(amount) };
        self.canvas.bind(at, unit, Binding::Value(value));
        Ok(())
    }

    /// The input with the text of a step.
    pub(super) fn text_of(&self, at: usize) -> Option<Field> {
        let name = self.canvas.known.content_input(self.canvas.block(at)?)?.to_owned();
        Some(Field { at, name })
    }
}

/// Whether two texts are values of one kind: addresses, channels, links.
pub(super) fn same_type(old: &str, new: &str) -> bool {
    let kind = |text: &str| {
        let tokens = reading::tokens(text);
        match tokens.as_slice() {
            [only] => only.value().map(std::mem::discriminant),
            _ => None,
        }
    };
    kind(old).is_some() && kind(old) == kind(bare(new))
}
