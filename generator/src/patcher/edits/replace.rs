//! A step goes and another takes its place, with the links that fit.

use serde_json::Value;

use super::{Edit, family::is_model};
use crate::{
    catalogue::{Action, Block},
    patcher::{
        canvas::Link,
        find::{Among, Field, Wanted, outer},
        refused::Refused,
    },
    plan::model::{Binding, Input, Step},
    text::shortened,
};

impl<'k> Edit<'_, 'k> {
    pub(super) fn replace(&mut self, old: &str, new: &str) -> Result<(), Refused> {
        let wanted = Wanted::of(self.canvas.known, old);
        // "swap the model for Claude"
        let model = wanted.words.iter().all(|word| matches!(word.as_str(), "model" | "ai" | "llm" | "language"));
        if is_model(new) && (is_model(old) || model && !wanted.words.is_empty()) {
            return self.use_value(new, None);
        }
        let mut best = self.canvas.best(&wanted, Among::Everything);
        if best.len() > 1 && self.sends(new) {
            best.retain(|at| self.canvas.delivers(*at));
        }
        let inner: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_door(*at)).collect();
        let best = self.writer_of(if inner.is_empty() { best } else { inner }, &wanted);
        // "mail me the digest": what is sent, by the way that it takes.
        let best = if best.is_empty() && self.sends(old) { self.sent_as(old) } else { best };
        let Some(at) = self.canvas.one_of(best, self.context)? else {
            // Not a step: a value, or words.
            return match self.swap_value("", old, new) {
                Err(Refused::Impossible(..) | Refused::Lost(_)) => Err(self.canvas.no_step(old)),
                other => other,
            };
        };
        self.replace_at(at, new)
    }

    /// Another step in the place of this one.
    pub(super) fn replace_at(&mut self, at: usize, new: &str) -> Result<(), Refused> {
        if let Some(name) = self.unknown_service(new) {
            return Err(self.unserved(&name, at));
        }
        if let Some(done) = self.by_model(at, new) {
            return done;
        }
        if let Some(block) = self.counterpart(at, new) {
            let before = self.canvas.clone();
            let done = self.put_in_place(at, block, new);
            // What takes no rows, or does not know which sheet: planned like any other, where that can be done.
            if done.is_ok() && self.knows_where(&before) {
                return done;
            }
            let made = std::mem::replace(self.canvas, before.clone());
            let plain = self.canvas.known.content_input(block).is_none();
            if (done.is_ok() || plain && matches!(done, Err(Refused::Impossible(..))))
                && self.planned_in_place(at, new).is_ok()
            {
                return Ok(());
            }
            *self.canvas = if done.is_ok() { made } else { before };
            return done;
        }
        self.planned_in_place(at, new)
    }

    /// The block that does the same with what `new` names.
    pub(super) fn counterpart(&self, at: usize, new: &str) -> Option<&'k Block> {
        let known = self.canvas.known;
        let block = self.canvas.block(at)?;
        let service = self.service_in(new);
        let mail = Wanted::of(known, new).words.iter().any(|word| word == "email");
        let (action, delivers) = (known.meaning(block).action, known.delivers(block));
        let candidates: Vec<&Block> = match &service {
            Some(service) => known
                .catalogue
                .blocks_of(service)
                .iter()
                .filter_map(|index| known.catalogue.blocks().get(*index))
                .collect(),
            None if mail => known.catalogue.by_name("SendEmailBlock").into_iter().collect(),
            None => Vec::new(),
        };
        let same = |other: &&&Block| other.id != block.id && !other.trigger && known.delivers(other) == delivers;
        let objects = |other: &Block| {
            known.meaning(other).objects.iter().filter(|object| known.meaning(block).objects.contains(object)).count()
        };
        let alike = |action: Action, other: Action| {
            action == other
                || matches!(
                    (action, other),
                    (Action::Search, Action::Ask)
                        | (Action::Ask, Action::Search)
                        | (Action::Send, Action::Publish)
                        | (Action::Publish, Action::Send)
                )
        };
        let words = Wanted::of(known, new).words;
        let named = |other: &Block| -> usize {
            let meaning = known.meaning(other);
            // "Linear issues" are issues, not comments on them.
            let fit = |object: &String, word: &String| match () {
                () if object == word => 2,
                () if object.split(' ').any(|part| part == *word) => 1,
                () => 0,
            };
            words.iter().map(|word| meaning.objects.iter().map(|object| fit(object, word)).max().unwrap_or(0)).sum()
        };
        let fit = |other: &&&Block| {
            let same_action = alike(known.meaning(other).action, action);
            (
                named(other),
                // An issue is the like of a task; a comment on one is not.
                objects(other) > 0,
                same_action,
                !matches!(known.meaning(other).action, Action::Update | Action::Delete),
                objects(other),
                known.is_channel(other),
                std::cmp::Reverse(other.required_inputs().count()),
            )
        };
        candidates
            .iter()
            .filter(same)
            .filter(|other| alike(known.meaning(other).action, action) || named(other) > 0 || delivers)
            .max_by_key(fit)
            .copied()
    }

    pub(super) fn unserved(&self, name: &str, at: usize) -> Refused {
        let near: Vec<&str> = self.canvas.known.instead_of(name).into_iter().take(3).collect();
        let near = if near.is_empty() { String::new() } else { format!(" There is {}.", near.join(", ")) };
        let title = self.canvas.title(at);
        Refused::unserved(format!("No available block works with {name}, so {title} stays as it is.{near}"))
    }

    pub(super) fn no_counterpart(&self, at: usize, new: &str) -> Refused {
        Refused::unserved(format!(
            "No available block can take the place of {}: \"{}\".",
            self.canvas.title(at),
            shortened(new, 80)
        ))
    }

    /// Another block in the place of a step: what it takes is given to the inputs that mean the same, and what takes from
    /// it takes from the new one.
    pub(super) fn put_in_place(&mut self, at: usize, block: &Block, new: &str) -> Result<(), Refused> {
        let known = self.canvas.known;
        let (block_id, title) = (block.id.clone(), block.title());
        let old_links: Vec<Link> = self.canvas.links_into(at).collect();
        let main = self.canvas.main_link(at);
        let old_content = self.canvas.block(at).and_then(|block| known.content_input(block)).map(str::to_owned);
        let content = known
            .content_input(block)
            .or_else(|| block.required_inputs().find(|name| known.is_content(name)))
            .map(str::to_owned);
        let takes = |name: &str| block.input_schema().properties.get(name).is_some() && !block.is_credential(name);
        let mut inputs: Vec<Input> = Vec::new();
        let values: Vec<(String, Value)> = self
            .canvas
            .steps
            .get(at)
            .into_iter()
            .flat_map(|step| &step.inputs)
            .filter_map(|input| match &input.binding {
                Binding::Value(value) => Some((input.name.clone(), value.clone())),
                Binding::From { .. } => None,
            })
            .collect();
        // The one thing that both cannot do without.
        let only = |block: &Block| {
            let mut required = block.required_inputs().filter(|name| !block.is_credential(name));
            required.next().filter(|_| required.next().is_none()).map(str::to_owned)
        };
        let (old_only, new_only) = (self.canvas.block(at).and_then(only), only(block));
        let same_name = |name: &str| -> Option<String> {
            if takes(name) {
                return Some(name.to_owned());
            }
            if old_only.as_deref() == Some(name) && new_only.is_some() {
                return new_only.clone();
            }
            let called: Vec<&str> = crate::patcher::wish::TABLES.called(name).collect();
            let all = block.input_schema().properties.iter().map(|(name, _)| name);
            all.filter(|other| !block.is_credential(other))
                .find(|other| {
                    crate::patcher::wish::TABLES.called(other).any(|word| called.contains(&word))
                        && known.slot(other) == known.slot(name)
                })
                .map(str::to_owned)
        };
        // "news" of a topic may be a choice that goes by another name.
        let offered = |name: &str, value: &Value| {
            let chosen = self.canvas.block(at).and_then(|old| old.input_schema().properties.get(name));
            let chosen = chosen.is_some_and(|schema| !schema.choices.is_empty());
            let mut all = block.input_schema().properties.iter().filter(|(name, _)| *name != "model");
            let (name, _) = all.find(|(_, schema)| chosen && schema.choices.contains(value))?;
            Some(name.to_owned())
        };
        let (exact, others): (Vec<_>, Vec<_>) = values.into_iter().partition(|(name, _)| takes(name));
        for (name, value) in exact.into_iter().chain(others) {
            let target = match () {
                () if Some(&name) == old_content.as_ref() => content.clone(),
                () => offered(&name, &value).filter(|_| !takes(&name)).or_else(|| same_name(&name)),
            };
            let Some(target) = target.filter(|target| inputs.iter().all(|input| input.name != *target)) else {
                continue;
            };
            let Some(schema) = block.input_schema().properties.get(&target) else { continue };
            let fits = schema.kind().admits(&value) && schema.offers(&value);
            let value = match (&value, fits) {
                (_, true) => value,
                (Value::Array(list), _)
                    if list.len() == 1 && list.first().is_some_and(|only| schema.kind().admits(only)) =>
                {
                    list.first().cloned().unwrap_or_default()
                }
                (Value::String(_), _)
                    if schema.kind().is_within(crate::catalogue::schema::Types::ARRAY) && !schema.kind().is_any() =>
                {
                    Value::Array(vec![value])
                }
                _ => continue,
            };
            if !is_address(&target) || !self.other_place(new) {
                inputs.push(Input { name: target, binding: Binding::Value(value) });
            }
        }
        // A prompt that searches, or an address that the new place has instead.
        let fresh = self.canvas.steps.len();
        self.canvas.add(vec![Step { block: block_id.clone(), title: title.clone(), says: String::new(), inputs }]);
        for link in &old_links {
            let name = outer(&link.input);
            let is_main = main.as_ref().is_some_and(|main| main.input == link.input && main.from == link.from);
            let target =
                if is_main || Some(name) == old_content.as_deref() { content.clone() } else { same_name(name) };
            let Some(target) = target else { continue };
            if is_address(&target)
                && (self.other_place(new)
                    || self.canvas.known.meaning(block).service
                        != self.canvas.block(at).and_then(|old| self.canvas.known.meaning(old).service.clone())
                        && !alike_address(name, &target))
            {
                continue;
            }
            let bound = self.canvas.steps.get(fresh).is_some_and(|step| step.binding(&target).is_some());
            if !bound {
                self.canvas.route((link.from, &link.output), fresh, &target);
            }
        }
        // The clip that was sent would be lost.
        if let Some(main) = main.as_ref().filter(|main| !self.canvas.is_door(main.from))
            && !self.canvas.leads(main.from, fresh)
        {
            let (one, other) = (self.canvas.title(fresh), self.canvas.title(main.from));
            return Err(Refused::unserved(format!("{one} does not take what {other} gives, so nothing has changed.")));
        }
        self.address(fresh, new)?;
        // What the block cannot run without is asked for.
        self.ask_missing(fresh)?;
        let output = self.canvas.gives(fresh);
        let (was, is) = (self.canvas.delivers(at), self.canvas.delivers(fresh));
        for link in self.canvas.links_out(at) {
            let receipt = was && is;
            if self.canvas.is(link.to, |block| block.is_agent_output()) && receipt {
                continue;
            }
            if let Some(output) = &output {
                self.canvas.route((fresh, output), link.to, &link.input);
            }
        }
        let id = self.canvas.ids.get(at).cloned().unwrap_or_default();
        let Some(at) = self.canvas.ids.iter().position(|other| *other == id) else { return Ok(()) };
        let mut gone = std::collections::HashSet::from([at]);
        let outputs: Vec<usize> = self
            .canvas
            .links_out(at)
            .into_iter()
            .map(|link| link.to)
            .filter(|to| self.canvas.is(*to, |block| block.is_agent_output()))
            .collect();
        let left = (0..self.canvas.steps.len())
            .any(|step| !outputs.contains(&step) && self.canvas.is(step, |block| block.is_agent_output()));
        if left {
            gone.extend(outputs);
        } else if let Some(output) = &output {
            // The only output of the agent tells what became of the new step.
            for to in outputs {
                self.canvas.route((fresh, output), to, "value");
                let name = format!("{} result", title_of(&title));
                self.canvas.bind(to, "name", Binding::Value(Value::from(name.as_str())));
            }
        }
        self.canvas.close_in(&mut gone);
        self.canvas.remove(&gone);
        self.start_again()
    }

    /// Whether a text names another address, channel or number to send to.
    pub(super) fn other_place(&self, text: &str) -> bool {
        use crate::reading::Value as Typed;
        crate::reading::tokens(text)
            .iter()
            .any(|token| matches!(token.value(), Some(Typed::Email(_) | Typed::Channel(_) | Typed::Handle(_))))
    }

    /// Puts the address or channel that a text names into a step.
    fn address(&mut self, at: usize, text: &str) -> Result<(), Refused> {
        use crate::reading::Value as Typed;
        let values: Vec<String> = crate::reading::tokens(text)
            .iter()
            .filter(|token| matches!(token.value(), Some(Typed::Email(_) | Typed::Channel(_) | Typed::Handle(_))))
            .map(|token| token.raw(text).to_owned())
            .collect();
        let Some(value) = values.first() else { return Ok(()) };
        let name = self.canvas.inputs_of(at).into_iter().find(|name| is_address(name));
        match name {
            Some(name) => self.put(&Field { at, name }, value),
            None => Ok(()),
        }
    }
}

pub(in crate::patcher) fn is_address(name: &str) -> bool {
    matches!(
        name,
        "to" | "to_email"
            | "recipient"
            | "recipients"
            | "channel"
            | "channel_name"
            | "channel_identifier"
            | "chat_id"
            | "user_id"
    )
}

/// Whether two inputs take addresses of one kind.
fn alike_address(one: &str, other: &str) -> bool {
    let mail = |name: &str| matches!(name, "to" | "to_email" | "recipient" | "recipients");
    mail(one) && mail(other)
}

fn title_of(title: &str) -> String {
    let mut letters = title.trim_start_matches("Send ").chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
