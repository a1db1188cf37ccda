//! "In step X, …": what is asked for is done in this one step.

use super::{Edit, prompt::replaced, value};
use crate::{
    patcher::{
        find::{Among, Field, Wanted, bare},
        refused::Refused,
        wish::{Act, TABLES},
    },
    reading::{self, Value as Typed},
};

impl Edit<'_, '_> {
    pub(super) fn within(&mut self, scope: &str) -> Result<(), Refused> {
        let at = self.canvas.step(scope, Among::Working, self.context)?;
        if let Some(old) = &self.operation.instead {
            return self.swap_within(at, bare(old), &self.new_text());
        }
        match self.operation.act.clone() {
            Act::Change { what, from: Some(from), to } => {
                self.swap_within(at, bare(&from), &to).map_err(|_| self.canvas.no_input(&what))
            }
            Act::Change { what, to, .. } => match self.field_within(at, &what)? {
                Some(field) => self.change_field(&field, &what, &to),
                None => self.say_within(at),
            },
            Act::Replace { old, new } => self.swap_within(at, bare(&old), &new),
            Act::Limit(text) => match self.field_within(at, "limit")? {
                Some(field) => self.change_field(
                    &field,
                    "limit",
                    text.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty()).unwrap_or(&text),
                ),
                None => self.say_within(at),
            },
            Act::Input(what) => match self.field_within(at, &what)? {
                Some(field) => self.expose(&field, bare(&what)),
                None => self.say_within(at),
            },
            Act::Clear(what) => match self.field_within(at, &what)? {
                Some(field) => self.clear(&format!("{} of {}", field.name, self.canvas.title(at))),
                None => Err(self.canvas.no_input(&what)),
            },
            Act::Use { value, what: None } => {
                let words: Vec<&str> = value.trim_start_matches("the ").split(' ').collect();
                for length in 1..words.len() {
                    let (name, to) = words.split_at(length);
                    if let Some(field) = self.field_within(at, &name.join(" "))? {
                        return self.change_field(&field, &name.join(" "), &to.join(" "));
                    }
                }
                self.say_within(at)
            }
            _ => self.say_within(at),
        }
    }

    fn field_within(&self, at: usize, what: &str) -> Result<Option<Field>, Refused> {
        let mut fields = self.canvas.fields(&Wanted::of(self.canvas.known, what));
        fields.retain(|field| field.at == at);
        self.canvas.one_field(fields, self.context)
    }

    /// What cannot be a value can be told to a language model.
    fn say_within(&mut self, at: usize) -> Result<(), Refused> {
        let said = self.operation.said.clone();
        if self.canvas.thinks(at) { self.say_to(at, &said) } else { Err(self.lost(&said)) }
    }

    /// "search for X", "read https://…": the value of the step that does this already.
    pub(super) fn value_by_verb(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let adds = self.operation.also || matches!(self.operation.act, Act::Add(_));
        if adds || self.operation.place.is_some() || self.operation.told {
            return None;
        }
        let tokens = reading::tokens(text);
        let mut values = tokens.iter().filter(|token| {
            matches!(token.value(), Some(Typed::Quoted(_) | Typed::Url(_) | Typed::Subreddit(_) | Typed::Repository(_)))
        });
        let value = values.next().filter(|_| values.next().is_none())?;
        let rest = text.replacen(value.raw(text), " ", 1).replace(" by default", "");
        let wanted = Wanted::of(self.canvas.known, &rest);
        let [at] = *self.canvas.best(&wanted, Among::Working).as_slice() else { return None };
        if !self.canvas.begins(at) {
            return None;
        }
        let raw = value.raw(text).to_owned();
        let names: &[&str] = match value.value()? {
            Typed::Url(_) => &["url", "rss_url", "website_url", "page_url", "feed_url", "repo_url"],
            Typed::Subreddit(_) => &["subreddit"],
            Typed::Repository(_) => &["repo", "repository", "repo_url"],
            _ => &["query", "search_query", "topic", "keyword", "prompt", "question"],
        };
        let name = self.canvas.inputs_of(at).into_iter().find(|name| names.contains(&name.as_str()))?;
        Some(self.put(&Field { at, name }, &raw))
    }

    /// Other words in the texts of the step.
    fn swap_within(&mut self, at: usize, old: &str, new: &str) -> Result<(), Refused> {
        let mut swapped = false;
        for holder in self.canvas.holders(at) {
            let Some(text) = holder.value.as_str().and_then(|text| replaced(text, old, bare(new))) else { continue };
            self.put(&Field { at: holder.at, name: holder.name }, &text)?;
            swapped = true;
        }
        if swapped {
            return Ok(());
        }
        self.say_within(at)
    }

    /// "print two copies", "fetch 25 orders", "60 orders per run": how many, where a step has an input for that.
    pub(super) fn quantity(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let adds = self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_));
        let tokens = reading::tokens(text);
        let mut numbers = tokens.iter().enumerate().filter_map(|(at, token)| match token.value() {
            Some(Typed::Number(number)) => Some((at, *number)),
            _ => None,
        });
        let (at, number) = numbers.next().filter(|_| numbers.next().is_none() && !adds)?;
        let (verbs, rest) = (tokens.get(..at)?, tokens.get(at + 1..)?);
        let noun = rest.iter().find_map(|token| token.word())?;
        if verbs.len() > 2 || tokens.iter().enumerate().any(|(other, token)| other != at && token.value().is_some()) {
            return None;
        }
        let whole = number.fract() == 0.0;
        let takes = |edit: &Self, field: &Field| {
            let schema = edit.canvas.schema_of(&edit.canvas.keeper(field));
            schema.is_some_and(|schema| !schema.kind().is_any() && schema.kind().admits(&serde_json::json!(1)))
                || edit.canvas.value(field.at, &field.name).is_some_and(serde_json::Value::is_number)
        };
        let mut fields = self.canvas.fields(&Wanted::of(self.canvas.known, noun));
        fields.retain(|field| takes(self, field));
        let verb = verbs.iter().find_map(|token| token.word()).unwrap_or_default();
        let reads = matches!(
            verb,
            "" | "fetch"
                | "get"
                | "read"
                | "take"
                | "load"
                | "pull"
                | "find"
                | "list"
                | "process"
                | "handle"
                | "only"
                | "look"
        );
        if fields.is_empty() && reads {
            fields = self.canvas.fields(&Wanted::of(self.canvas.known, &format!("limit {noun}")));
            fields.retain(|field| takes(self, field));
        }
        let [field] = fields.as_slice() else { return None };
        let value = if whole { format!("{number:.0}") } else { number.to_string() };
        Some(self.put(&field.clone(), &value))
    }

    /// "'Is it about us?' should check whether …", "the report should start with …": said to the step that it names.
    pub(super) fn should(&mut self, text: &str) -> Option<Result<(), Refused>> {
        if self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_)) {
            return None;
        }
        let (subject, told) =
            [" should ", " must ", " has to ", " needs to "].iter().find_map(|modal| text.split_once(modal))?;
        // "the subject line should mention Acme: 'Acme invoice overdue'"
        let told_as = reading::tokens(told);
        let mut quoted = told_as.iter().filter(|token| matches!(token.value(), Some(Typed::Quoted(_))));
        if let Some(value) = quoted.next().filter(|_| quoted.next().is_none())
            && let [field] =
                self.canvas.fields(&Wanted::of(self.canvas.known, &subject.replace(" line", ""))).as_slice()
            && !self.is_given(field)
            && !self.canvas.is_door(field.at)
        {
            return Some(self.put(&field.clone(), value.raw(told)));
        }
        // "the bot should say \"Hi\"": the one text that is sent as it stands.
        let told_text = ["say ", "post ", "send ", "write "].iter().find_map(|verb| told.strip_prefix(verb));
        if let Some(text) = told_text.filter(|text| value::is_quote(text))
            && ["it", "the bot", "the agent", "this", "this bot", "the message"]
                .contains(&subject.to_lowercase().as_str())
            && let Some(field) = self.fixed_text()
        {
            return Some(self.put(&field, text));
        }
        let wanted = Wanted::of(self.canvas.known, subject);
        if wanted.is_agent() || subject.split_whitespace().count() > 7 {
            return None;
        }
        let thinking = self.canvas.best(&wanted, Among::Thinking);
        let best = if thinking.is_empty() { self.canvas.best(&wanted, Among::Working) } else { thinking };
        let [at] = *best.as_slice() else { return None };
        let checks = TABLES.looks().chain(["ask whether ", "only let through what "]);
        let condition = checks.filter_map(|opener| told.strip_prefix(opener)).next().map(str::trim_start);
        if let Some(condition) = condition
            && self.canvas.inputs_of(at).iter().any(|name| name == "condition")
        {
            return Some(self.put(&Field { at, name: "condition".to_owned() }, condition));
        }
        // "the mail should go to …" is where it goes, not what it says.
        let moved = ["be ", "go ", "come ", "get ", "receive ", "run ", "happen ", "wait ", "read ", "take ", "stop "]
            .iter()
            .any(|verb| told.starts_with(verb));
        let writes = self.prompt_field(at).is_some_and(|field| field.name == "prompt");
        let valued = reading::tokens(told).iter().any(|token| token.value().is_some());
        (writes && self.canvas.thinks(at) && !moved && !valued).then(|| self.say_to(at, text))
    }

    /// "it should say \"Hi\"", of which the end is left: the one text that is sent as it stands.
    pub(super) fn says_now(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let adds = self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_));
        let said = ["say ", "read "].iter().find_map(|verb| text.strip_prefix(verb));
        // "say \"Hi\" on Mondays": more than the text is said.
        let said = said.filter(|said| value::is_quote(said) && !adds)?;
        let field = self.fixed_text()?;
        Some(self.put(&field, said))
    }

    /// The one text that goes out as it stands.
    pub(super) fn fixed_text(&self) -> Option<Field> {
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let [at] = *sends.as_slice() else { return None };
        self.text_of(at).filter(|field| self.canvas.value(at, &field.name).is_some())
    }

    /// "post it to #news": elsewhere, if one step posts to a channel and nothing says that another comes.
    pub(super) fn elsewhere(&mut self, text: &str) -> Option<Result<(), Refused>> {
        if self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_)) {
            return None;
        }
        let tokens = reading::tokens(text);
        let (last, before) = tokens.split_last()?;
        let bare_words = |word: &str| {
            matches!(
                word,
                "post"
                    | "send"
                    | "publish"
                    | "announce"
                    | "it"
                    | "this"
                    | "them"
                    | "to"
                    | "in"
                    | "into"
                    | "the"
                    | "channel"
            )
        };
        let named = before.last().and_then(|token| token.word()) == Some("channel");
        let channel = matches!(last.value(), Some(Typed::Channel(_))) || named && last.word().is_some();
        if !channel || !before.iter().all(|token| token.word().is_some_and(bare_words)) {
            return None;
        }
        let working = self.canvas.working();
        let slots: Vec<Field> = working.into_iter().flat_map(|at| self.slots_for(at, "#")).collect();
        let [field] = slots.as_slice() else { return None };
        Some(self.put(&field.clone(), last.raw(text)))
    }

    /// Gmail is searched for what is newer than some whole days.
    fn newer_than(&mut self, minutes: u32) -> Option<Result<(), Refused>> {
        minutes.is_multiple_of(1440).then_some(())?;
        let mut reads = self.canvas.working();
        reads.retain(|at| self.canvas.is(*at, |block| block.name == "GmailReadBlock"));
        let [at] = *reads.as_slice() else { return None };
        let old = self.canvas.value(at, "query").and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let kept = old.split_whitespace().filter(|part| !part.starts_with("newer_than:"));
        let age = format!("newer_than:{}d", minutes / 1440);
        let query: Vec<&str> = kept.chain([age.as_str()]).collect();
        let query = query.join(" ");
        Some(self.put_value(&Field { at, name: "query".to_owned() }, serde_json::json!(query)))
    }

    /// "look at the last 48 hours": how far back the one step looks that can.
    pub(super) fn window(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let tokens = reading::tokens(text);
        let minutes = tokens.iter().find_map(|token| match token.value() {
            Some(Typed::Duration(minutes)) => Some(*minutes),
            _ => None,
        })?;
        // "skip entries older than 12 hours"
        let lower = text.to_lowercase();
        let aged = [" older than ", " newer than ", " not older than "].iter().any(|word| lower.contains(word));
        let aged = aged && !lower.contains(" if ") && text.split_whitespace().count() < 10;
        let back = aged || tokens.iter().any(|token| matches!(token.word(), Some("last" | "past" | "next" | "coming")));
        let adds = self.operation.also || self.operation.place.is_some() || matches!(self.operation.act, Act::Add(_));
        let units = [("_minutes", 1), ("_hours", 60), ("_days", 1440), ("time_period", 1)];
        let unit = |name: &str| units.iter().find(|(unit, _)| name.ends_with(unit)).map(|(_, length)| *length);
        let working = self.canvas.working().into_iter().filter(|_| back && !adds);
        let fields: Vec<(Field, u32)> = working
            .flat_map(|at| self.canvas.inputs_of(at).into_iter().map(move |name| (at, name)))
            .filter_map(|(at, name)| unit(&name).map(|length| (Field { at, name }, length)))
            .collect();
        let past = aged || tokens.iter().any(|token| matches!(token.word(), Some("last" | "past")));
        if fields.is_empty() && past && !adds {
            return self.newer_than(minutes);
        }
        let [(field, length)] = fields.as_slice() else { return None };
        (minutes % length == 0).then(|| self.put(&field.clone(), &(minutes / length).to_string()))
    }
}
