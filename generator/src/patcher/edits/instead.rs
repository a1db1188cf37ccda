//! "X instead of Y": what Y is decides what changes.

use serde_json::Value;

use super::{Edit, change::same_type, family::is_model, value::amount_of};
use crate::{
    patcher::{
        find::{Among, Field, Holder, Wanted, bare},
        refused::Refused,
        wish::Act,
    },
    reading::{self, Token},
    text::shortened,
};

impl Edit<'_, '_> {
    pub(super) fn instead(&mut self, old: &str) -> Result<(), Refused> {
        let new = self.new_text();
        // "instead of a Doc I'd like to have it in Notion"
        let had =
            ["have it ", "get it ", "see it ", "receive it ", "it "].iter().find_map(|verb| new.strip_prefix(verb));
        let had = had.or_else(|| ["in ", "on "].iter().any(|lead| new.starts_with(lead)).then_some(new.as_str()));
        let had =
            had.filter(|rest| rest.split(' ').count() < 5 && matches!(self.operation.act, Act::Do(_) | Act::Add(_)));
        if let Some(rest) = had.filter(|rest| self.service_in(rest).is_some()) {
            let act = Act::Do(format!("put it {rest}"));
            let order = crate::patcher::wish::Operation { act, ..self.operation.clone() };
            return self.with(&order).instead(old);
        }
        let old = thing(old);
        // "Claude instead of GPT for the answer"
        let wider = [" for the ", " in the ", " when "].iter().find_map(|word| old.split_once(word));
        let (old, scope) = match wider {
            Some((inner, scope)) if !self.names_something(old) && self.names_something(inner) => (inner, Some(scope)),
            _ => (old, None),
        };
        if let Act::Use { value, what } = &self.operation.act
            && is_model(old)
        {
            return self.use_value(&value.clone(), what.as_deref().or(scope));
        }
        if old.is_empty() {
            return self.instead_alone(&new);
        }
        let lower = old.to_lowercase();
        if lower.starts_with("asking") || lower.contains("being asked") {
            return match &self.operation.act {
                Act::Use { value, what: Some(what) } => self.fix(&what.clone(), Some(&value.clone())),
                Act::Fix { what, value } => self.fix(&what.clone(), value.clone().as_deref()),
                _ => self.fix_value(&new),
            };
        }
        if ["by hand", "manually", "on demand", "starting it", "running it"].iter().any(|words| lower.contains(words)) {
            return self.start_by(&new);
        }
        let wanted = Wanted::of(self.canvas.known, old);
        if let Some(done) = self.in_many(&new, old).or_else(|| self.in_one(&new, old)) {
            return done;
        }
        // "instead of sending it"
        if wanted.is_agent() && old.len() < 6 && (self.service_in(&new).is_some() || self.sends(&new)) {
            let delivering = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
            let best = self.of_service(delivering, &new);
            return match self.canvas.one_of(best, self.context)? {
                Some(at) => self.replace_at(at, &new),
                None => Err(self.lost(&self.operation.said.clone())),
            };
        }
        let service = self.canvas.known.vocabulary.service(bare(old)).is_some();
        if let Some(done) = self.other_choice(&new, old) {
            return done;
        }
        let best = self.canvas.best(&wanted, Among::Everything);
        // "a text instead of a web page": what the agent begins with, not the words in a subject.
        let begins = |at: &usize| self.canvas.begins(*at) || self.canvas.is(*at, |block| block.is_agent_input());
        let opening: Vec<usize> = best.iter().copied().filter(begins).collect();
        // A step that goes on with the page has its name too.
        let told = !opening.is_empty() && (opening.len() == best.len() || is_source(&new));
        let source = self.canvas.holders_of(bare(old)).is_empty()
            && told
            && ["take ", "use ", "read ", "get ", "start "]
                .iter()
                .any(|verb| self.operation.said.to_lowercase().starts_with(verb));
        if !service && !source && self.swap_value("", old, &new).is_ok() {
            return Ok(());
        }
        let working: Vec<usize> = opening.iter().copied().filter(|at| !self.canvas.is_door(*at)).collect();
        let best = match () {
            () if source && !working.is_empty() => working,
            () if source => opening,
            () => best,
        };
        let best = if best.is_empty() { self.done_in(old) } else { best };
        let best = self.reader_of(self.told_by_act(best), &wanted);
        if let Some(at) = self.canvas.one_of(best, self.context)? {
            return match &self.operation.act {
                Act::Connect { .. } | Act::Move(_) => Err(self.lost(&self.operation.said.clone())),
                _ => self.replace_at(at, &new),
            };
        }
        if self.swap_value("", old, &new).is_ok() {
            return Ok(());
        }
        Err(self.canvas.no_step(old))
    }

    /// "a web page instead of a file": what reads the file goes with the input that asks for it.
    fn reader_of(&self, best: Vec<usize>, wanted: &Wanted) -> Vec<usize> {
        let [at] = *best.as_slice() else { return best };
        let names = self.canvas.names();
        let source = is_source(&self.new_text());
        let fits = |to: usize, word: &String| names.get(to).is_some_and(|names| names.fit(word) > 0);
        let reads = |to: &usize| self.canvas.begins(*to) && (source || wanted.words.iter().all(|word| fits(*to, word)));
        let takers: Vec<usize> = self.canvas.links_out(at).into_iter().map(|link| link.to).collect();
        match takers.as_slice() {
            [to] if self.canvas.is(at, |block| block.is_agent_input()) && reads(to) => vec![*to],
            // "write it into Airtable instead of a Google Sheet": what writes, not the input that says where.
            [to] if self.canvas.is_door(at) && self.canvas.delivers(*to) => vec![*to],
            _ => best,
        }
    }

    /// Several that `old` may name: those that do what the order says.
    fn told_by_act(&self, mut best: Vec<usize>) -> Vec<usize> {
        // "rather than on Telegram" is no other start.
        if best.len() > 1 && matches!(self.operation.act, Act::Do(_)) {
            best.retain(|at| !self.canvas.is(*at, |block| block.trigger));
        }
        let delivering: Vec<usize> = best.iter().copied().filter(|at| self.canvas.delivers(*at)).collect();
        let sends = matches!(&self.operation.act, Act::Do(text) if self.sends(text));
        if best.len() > 1 && sends && !delivering.is_empty() { delivering } else { best }
    }

    /// Whether a step, a value or a service of the agent goes by a text.
    fn names_something(&self, text: &str) -> bool {
        let model = |at: usize| self.canvas.inputs_of(at).iter().any(|name| name == "model");
        self.has(text) || is_model(text) && self.canvas.working().into_iter().any(model)
    }

    /// Those that work with the service that a text names, if there are any.
    fn of_service(&self, best: Vec<usize>, text: &str) -> Vec<usize> {
        let known = self.canvas.known;
        let service = self.service_in(text);
        let own: Vec<usize> = best
            .iter()
            .copied()
            .filter(|at| self.canvas.is(*at, |block| known.meaning(block).service == service))
            .collect();
        if own.is_empty() { best } else { own }
    }

    /// Whether the agent has what "…, not with Y" speaks of: a step, or a value.
    pub(super) fn has(&self, text: &str) -> bool {
        let text = thing(text);
        let wanted = Wanted::of(self.canvas.known, text);
        !wanted.is_agent()
            && (!self.canvas.best(&wanted, Among::Working).is_empty() || !self.canvas.holders_of(bare(text)).is_empty())
    }

    /// What comes, as the order says it.
    pub(super) fn new_text(&self) -> String {
        match &self.operation.act {
            Act::Use { value, .. } => value.clone(),
            Act::Change { to, .. } => to.clone(),
            Act::Fix { value: Some(value), .. } => value.clone(),
            Act::Do(text) | Act::Add(text) | Act::Make(text) | Act::Limit(text) => text.clone(),
            Act::AddTo { value, what } => format!("put {value} into {what}"),
            Act::Connect { from, to } => format!("{from} to {to}"),
            Act::Output(text) | Act::Input(text) | Act::Copy(text) | Act::Remove(text) | Act::Move(text) => {
                text.clone()
            }
            _ => self.operation.said.clone(),
        }
    }

    /// "scrape https://… instead": the same kind of value, of the step that does this.
    pub(super) fn instead_alone(&mut self, new: &str) -> Result<(), Refused> {
        // "wait ten minutes instead"
        if let Some(time) = new.strip_prefix("wait ").filter(|time| amount_of(time).is_some()) {
            return self.change("the wait", None, time);
        }
        let tokens = reading::tokens(new);
        let values: Vec<&Token> = tokens.iter().filter(|token| token.value().is_some()).collect();
        if let [value] = values.as_slice() {
            let raw = value.raw(new);
            let rest = new.replacen(raw, " ", 1);
            let wanted = Wanted::of(self.canvas.known, &rest);
            let steps = if wanted.words.is_empty() { Vec::new() } else { self.canvas.best(&wanted, Among::Working) };
            let steps = if steps.is_empty() { self.canvas.working() } else { steps };
            let mut found: Vec<Holder> = Vec::new();
            for holder in steps.into_iter().flat_map(|at| self.canvas.holders(at)) {
                if holder.value.as_str().is_some_and(|old| same_type(old, raw)) && !found.contains(&holder) {
                    found.push(holder);
                }
            }
            // One value, which may stand in several steps.
            if found.first().is_some_and(|first| found.iter().all(|other| other.value == first.value)) {
                let put = |holder: Holder| self.put(&Field { at: holder.at, name: holder.name }, raw);
                return found.into_iter().try_for_each(put);
            }
        }
        if let Some(done) = self.meant(new) {
            return done;
        }
        // One thing goes out: that is what goes.
        let delivering: Vec<usize> = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        if self.sends(new)
            && delivering.len() == 1
            && let Some(at) = delivering.first()
        {
            let title = self.canvas.title(*at);
            return self.replace(&title, new);
        }
        match &self.operation.act {
            Act::Use { value, what } => self.use_value(&value.clone(), what.clone().as_deref()),
            Act::Change { what, to, .. } => self.change(&what.clone(), None, &to.clone()),
            Act::Make(text) => self.turn(&text.clone()),
            Act::Do(text) => {
                let said = text.clone();
                match self.canvas.one_of(delivering, self.context)? {
                    Some(at) if self.sends(new) => {
                        let title = self.canvas.title(at);
                        self.replace(&title, &said)
                    }
                    _ => self.say_or_lose(&said),
                }
            }
            _ => Err(self.lost(&self.operation.said.clone())),
        }
    }

    /// A value that stands in the agent becomes another; in a text, or in a prompt, the words that say it.
    pub(super) fn swap_value(&mut self, scope: &str, old: &str, new: &str) -> Result<(), Refused> {
        let old_bare = bare(old).trim_start_matches("the ").trim_start_matches("a ").to_owned();
        let wanted = Wanted::of(self.canvas.known, scope);
        let in_scope = |edit: &Self, holder: &Holder| {
            if wanted.words.is_empty() {
                return true;
            }
            let at: Vec<usize> = if edit.canvas.is_door(holder.at) {
                edit.canvas.links_out(holder.at).iter().map(|link| link.to).chain([holder.at]).collect()
            } else {
                vec![holder.at]
            };
            let fields = edit.canvas.fields(&wanted);
            at.iter().any(|at| {
                wanted.words.iter().all(|word| edit.canvas.names().get(*at).is_some_and(|names| names.fit(word) > 0))
            }) || fields
                .iter()
                .any(|field| edit.canvas.keeper(field) == Field { at: holder.at, name: holder.name.clone() })
        };
        let written = [old.trim(), old_bare.as_str()];
        let mut holders: Vec<Holder> = written.iter().flat_map(|text| self.canvas.holders_of(text)).collect();
        holders.dedup();
        holders.retain(|holder| in_scope(self, holder));
        // "30 seconds instead of a minute", "limit of 10 instead of 5"
        if holders.is_empty()
            && let Some((amount, unit)) = amount_of(old)
        {
            return self.swap_duration(amount, unit, new);
        }
        if !holders.is_empty() {
            let fresh = self.value_in(new, &old_bare);
            for holder in holders {
                let field = Field { at: holder.at, name: holder.name.clone() };
                if let Value::Array(list) = &holder.value {
                    let swapped: Vec<Value> = list
                        .iter()
                        .map(|entry| {
                            if crate::patcher::find::same(entry, &old_bare) {
                                Value::from(fresh.as_str())
                            } else {
                                entry.clone()
                            }
                        })
                        .collect();
                    self.same_sort(&field, &Value::Array(vec![Value::from(fresh.as_str())]))?;
                    self.canvas.bind(field.at, &field.name, crate::plan::model::Binding::Value(swapped.into()));
                } else {
                    self.put(&field, &fresh)?;
                }
            }
            return Ok(());
        }
        let fresh = self.value_in(new, &old_bare);
        if self.reword(scope, &old_bare, &fresh) {
            return Ok(());
        }
        Err(Refused::impossible(format!("\"{}\" stands nowhere in the agent.", shortened(&old_bare, 80))))
    }

    /// The part of a text that takes the place of a value: one of its kind, else what follows the last preposition.
    fn value_in(&self, text: &str, old: &str) -> String {
        let tokens = reading::tokens(text);
        let values: Vec<&Token> = tokens.iter().filter(|token| token.value().is_some()).collect();
        if let Some(same) = values.iter().find(|token| same_type(old, token.raw(text))) {
            return bare(same.raw(text)).to_owned();
        }
        // "the rows with the status 'late'": the text in quotation marks.
        let mut quoted = values.iter().filter(|token| matches!(token.value(), Some(reading::Value::Quoted(_))));
        if let Some(only) = quoted.next().filter(|_| quoted.next().is_none()) {
            return bare(only.raw(text)).to_owned();
        }
        let whole = matches!(self.operation.act, Act::Use { .. } | Act::Change { .. } | Act::Fix { .. });
        let last = tokens.iter().rposition(|token| {
            matches!(
                token.word(),
                Some("to" | "in" | "as" | "into" | "with" | "at" | "on" | "of" | "about" | "for" | "from" | "by")
            )
        });
        match last.and_then(|at| tokens.get(at)).and_then(|token| text.get(token.end..)) {
            Some(rest) if !whole && !rest.trim().is_empty() => bare(rest.trim()).to_owned(),
            _ => {
                let words: Vec<&str> = bare(text).split_whitespace().collect();
                let verb = words.first().is_some_and(|word| self.canvas.known.vocabulary.orders(&word.to_lowercase()));
                let rest = if verb && !whole && words.len() > 1 {
                    words.get(1..).unwrap_or_default().join(" ")
                } else {
                    words.join(" ")
                };
                ["the ", "a ", "an "]
                    .iter()
                    .fold(rest.as_str(), |text, article| text.strip_prefix(article).unwrap_or(text))
                    .to_owned()
            }
        }
    }

    fn swap_duration(&mut self, amount: f64, unit: &str, new: &str) -> Result<(), Refused> {
        let seconds = |unit: &str| match unit {
            "seconds" => 1.0,
            "minutes" => 60.0,
            "hours" => 3600.0,
            _ => 86400.0,
        };
        let Some((fresh, fresh_unit)) = amount_of(new) else { return Err(self.lost(new)) };
        let (old, new_seconds) = (amount * seconds(unit), fresh * seconds(fresh_unit));
        let mut found: Vec<Holder> = Vec::new();
        for holder in self.canvas.working().into_iter().flat_map(|at| self.canvas.holders(at)) {
            let scale = match holder.name.as_str() {
                "minutes" => 60.0,
                "hours" => 3600.0,
                "days" => 86400.0,
                _ => 1.0,
            };
            if holder.value.as_f64().is_some_and(|value| value * scale == old) && !found.contains(&holder) {
                found.push(holder);
            }
        }
        match found.as_slice() {
            [only] => {
                let (at, name) = (only.at, only.name.clone());
                if matches!(name.as_str(), "seconds" | "minutes" | "hours" | "days") {
                    return self.put_duration(at, fresh, fresh_unit);
                }
                let value = if new_seconds.fract() == 0.0 {
                    serde_json::json!(new_seconds as i64)
                } else {
                    serde_json::json!(new_seconds)
                };
                self.put_value(&Field { at, name }, value)
            }
            [] => Err(self.lost(new)),
            several => {
                let steps: Vec<usize> = several.iter().map(|holder| holder.at).collect();
                Err(self.canvas.which(&steps))
            }
        }
    }
}

/// "a file instead of a web page": something to read.
fn is_source(text: &str) -> bool {
    let sources = ["file", "pdf", "document", "video", "page", "website", "feed", "sheet", "audio"];
    text.to_lowercase().split(' ').any(|word| sources.contains(&word))
}

/// "using Telegram", "with the web search": what is spoken of.
fn thing(text: &str) -> &str {
    let openers = [
        "using ", "sending ", "posting ", "mailing ", "writing ", "with ", "via ", "through ", "by ", "on ", "in ",
        "into ", "to ", "from ", "as ", "at ", "for ", "about ",
    ];
    let mut text = text.trim();
    while let Some(rest) = openers
        .iter()
        .find(|opener| text.get(..opener.len()).is_some_and(|start| start.eq_ignore_ascii_case(opener)))
        .and_then(|opener| text.get(opener.len()..))
    {
        text = rest.trim();
    }
    text
}
