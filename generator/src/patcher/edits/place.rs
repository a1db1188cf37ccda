//! Where something comes: between which steps, and through which links.

use super::Edit;
use crate::{
    catalogue::ERROR_OUTPUT,
    knowledge::Class,
    patcher::{
        canvas::Link,
        find::{Among, Wanted},
        refused::Refused,
        wish::{Place, TABLES},
    },
    plan::model::Binding,
};

impl Edit<'_, '_> {
    /// Puts what an order makes into the flow.
    pub(super) fn insert(&mut self, text: &str, place: &Place) -> Result<(), Refused> {
        if let Some(name) = self.unknown_service(text) {
            return Err(self.no_block(text, &name));
        }
        if matches!(place, Place::After(_) | Place::End)
            && let Some(done) = self.with_link(text)
        {
            return done;
        }
        if text.to_lowercase().starts_with("wait")
            && let Some((amount, unit)) = super::value::amount_of(text)
            && !matches!(place, Place::Later(_))
        {
            return self.wait(amount, unit);
        }
        match place {
            Place::End => {
                // The last to go out, not what it is told of.
                let after = self.last();
                let list = self.canvas.order().to_vec();
                let from = self.plan(text, list)?.start;
                self.settle(from, after)
            }
            Place::Later(time) => self.later(text, &time.clone()),
            Place::After(of) => {
                let after = self.placed(&of.clone())?;
                let Some(after) = after else {
                    let list = self.canvas.order().to_vec();
                    let last = self.last();
                    let from = self.plan(text, list)?.start;
                    if let Some(last) = last {
                        self.follow(from, last, text);
                    }
                    return self.settle(from, last);
                };
                // "when all mails have been sent"
                let all = [" all ", " every "].iter().any(|word| self.operation.said.to_lowercase().contains(word));
                if all && self.operation.condition.is_none() && self.looped(after) && self.sends(text) {
                    return Err(Refused::unsupported(format!(
                        "{} runs once for each: no step tells when it has done the last of them.",
                        self.canvas.title(after)
                    )));
                }
                self.insert_after(text, after)
            }
            Place::Before(of) => {
                let Some(before) = self.placed(&of.clone())? else { return Err(self.canvas.no_step(of)) };
                self.insert_before(text, before)
            }
            Place::Between(one, other) => {
                let (one, other) = (self.placed(&one.clone())?, self.placed(&other.clone())?);
                let (Some(one), Some(other)) = (one, other) else {
                    return Err(self.lost(&self.operation.said.clone()));
                };
                let (first, second) = if self.canvas.leads(other, one) { (other, one) } else { (one, other) };
                if !self.canvas.leads(first, second) {
                    return Err(Refused::unsupported(format!(
                        "{} and {} are not linked, so nothing can stand between them.",
                        self.canvas.title(first),
                        self.canvas.title(second)
                    )));
                }
                self.insert_before(text, second)
            }
            Place::First | Place::Start => {
                let wanted = Wanted::of(self.canvas.known, text);
                let target = self.before_what(&wanted);
                match target {
                    Some(before) => self.insert_before(text, before),
                    None => Err(self.lost(&self.operation.said.clone())),
                }
            }
        }
    }

    pub(super) fn insert_after(&mut self, text: &str, after: usize) -> Result<(), Refused> {
        let list = self.upto(after, true);
        let fresh = self.plan(text, list)?;
        let made = self.newest(fresh.clone());
        if let Some(made) = made.filter(|made| !self.canvas.delivers(*made) && !self.canvas.begins(*made)) {
            let links: Vec<Link> = self
                .canvas
                .links_out(after)
                .into_iter()
                .filter(|link| link.to < fresh.start && link.output != ERROR_OUTPUT)
                .collect();
            return self.lead_through(made, fresh.start, &links);
        }
        self.follow(fresh.start, after, text);
        self.settle(fresh.start, Some(after))
    }

    /// What something comes first of: what takes what the order speaks of, else what goes out.
    fn before_what(&self, wanted: &Wanted) -> Option<usize> {
        let order = self.canvas.working();
        let sources = wanted.words.iter().filter_map(|word| {
            let one = Wanted { words: vec![word.clone()], ..Wanted::default() };
            match self.canvas.best(&one, Among::Working).as_slice() {
                [only] => Some(*only),
                _ => None,
            }
        });
        let source = sources.into_iter().find(|at| !self.canvas.delivers(*at));
        match source {
            Some(source) => order.into_iter().find(|at| self.canvas.links_into(*at).any(|link| link.from == source)),
            None => order.into_iter().find(|at| self.canvas.delivers(*at)),
        }
    }

    /// The step that a place names: "the AI step", "sending", "the issue is labelled".
    pub(super) fn placed(&self, of: &str) -> Result<Option<usize>, Refused> {
        let wanted = Wanted::of(self.canvas.known, of);
        if wanted.is_agent() {
            return Ok(None);
        }
        // "they go out" is no "Take one by one".
        let out = |word: &String| matches!(word.as_str(), "go" | "out" | "leave" | "live" | "they");
        if wanted.words.iter().all(out) && wanted.values.is_empty() {
            return self.going_out(&Wanted { words: vec!["go".to_owned()], ..wanted }, of);
        }
        let mut best = self.canvas.best(&wanted, Among::Working);
        if best.is_empty() {
            // "it has answered", "posting it anywhere": the words that name something.
            let names = self.canvas.names();
            let telling: Vec<String> =
                wanted.words.iter().filter(|word| names.iter().any(|names| names.fit(word) > 0)).cloned().collect();
            if telling.is_empty() || telling.len() * 2 < wanted.words.len() {
                return self.going_out(&wanted, of);
            }
            best = self.canvas.best(&Wanted { words: telling, ..wanted }, Among::Working);
        }
        let plain: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_helper(*at)).collect();
        let best = if plain.is_empty() { best } else { plain };
        // "before posting" and "Write the post": what is named by what it does is meant as what goes out.
        let delivering: Vec<usize> = best.iter().copied().filter(|at| self.canvas.delivers(*at)).collect();
        let (first, last) = (of.split(' ').next().unwrap_or(of), of.rsplit(' ').next().unwrap_or(of).to_lowercase());
        let passive = matches!(
            first.to_lowercase().as_str(),
            "it" | "it's" | "it’s" | "they" | "they're" | "this" | "that" | "anything"
        ) && self.canvas.known.vocabulary.participle(&last).is_some();
        let acts = first.ends_with("ing") || passive;
        let best = if acts && best.len() > 1 && !delivering.is_empty() { delivering } else { best };
        self.canvas.one_of(best, self.context)
    }

    /// "it goes out", "saving it": what takes something out, if nothing is named.
    fn going_out(&self, wanted: &Wanted, of: &str) -> Result<Option<usize>, Refused> {
        let known = self.canvas.known;
        let out = |word: &String| {
            matches!(word.as_str(), "go" | "out" | "leave" | "live")
                || [Class::Tell, Class::Store, Class::Hand].iter().any(|class| known.is(word, *class))
        };
        if !wanted.words.iter().all(out) {
            return Err(self.canvas.no_step(of));
        }
        let delivering = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
        self.canvas.one_of(delivering, self.context)?.map(Some).ok_or_else(|| self.canvas.no_step(of))
    }

    pub(super) fn insert_before(&mut self, text: &str, before: usize) -> Result<(), Refused> {
        if self.canvas.begins(before) && self.canvas.main_link(before).is_none_or(|link| self.canvas.is_door(link.from))
        {
            return Err(Refused::unsupported(format!(
                "{} begins the work: nothing can come before it.",
                self.canvas.title(before)
            )));
        }
        let Some(link) = self.canvas.main_link(before) else {
            return Err(Refused::unsupported(format!(
                "{} works on nothing that could be changed before.",
                self.canvas.title(before)
            )));
        };
        let list = self.upto(before, false);
        let untouched = self.canvas.clone();
        let fresh = self.plan(text, list)?;
        let Some(made) = self.newest(fresh.clone()) else { return Err(self.lost(text)) };
        // A text is translated before a picture is drawn of it, not the address of the picture.
        let drawn = ["image", "video", "audio", "picture", "clip"].iter().any(|kind| link.output.contains(kind));
        if drawn && self.canvas.is(made, crate::knowledge::is_text_model) && !self.canvas.is_door(link.from) {
            *self.canvas = untouched;
            return self.insert_before(text, link.from);
        }
        if self.canvas.delivers(made) {
            return self.settle(fresh.start, None);
        }
        // It works on what the link brings, not on another output of the same step.
        // "search the web for the company": what is found may be put together by a step of its own.
        let seeks = fresh
            .clone()
            .find(|at| *at != made && !self.canvas.is_door(*at) && self.canvas.begins(*at) && self.finds_out(*at));
        let seeks = seeks.filter(|seeks| self.canvas.leads(*seeks, made));
        // What is found out first is for what writes the text, not for what sends it.
        if (seeks.is_some() || self.finds_out(made))
            && let Some(writer) = self.writer_behind(before).filter(|_| self.canvas.delivers(before))
        {
            *self.canvas = untouched;
            return self.insert_before(text, writer);
        }
        if let Some(seeks) = seeks {
            return self.beside((seeks, made), fresh.start, &link);
        }
        let main = self.canvas.main_link(made).filter(|main| (main.from, &main.output) != (link.from, &link.output));
        if main.is_some() && !self.canvas.begins(made) {
            self.canvas.feed(made, (link.from, &link.output));
            self.drop_idle(fresh.start, made);
        }
        let made = self.newest(fresh.start..self.canvas.steps.len()).unwrap_or(made);
        if self.finds_out(made) {
            return self.beside((made, made), fresh.start, &link);
        }
        let links: Vec<Link> = self
            .canvas
            .links_into(before)
            .filter(|other| (other.from, &other.output) == (link.from, &link.output))
            .collect();
        // "pick a headline for it before it is posted": it comes with the text, not in its place.
        if TABLES.is_extra(text)
            && self.writes(made)
            && let Some(prompt) = self.canvas.value(made, "prompt").and_then(|prompt| prompt.as_str())
            && let Some((order, rest)) = prompt.split_once("\n\n")
        {
            let whole = format!("{order} Give back the whole text with it.\n\n{rest}");
            self.canvas.bind(made, "prompt", Binding::Value(whole.into()));
        }
        self.lead_through(made, fresh.start, &links)
    }

    /// New helpers that nothing takes from go.
    pub(super) fn drop_idle(&mut self, from: usize, kept: usize) {
        let mut idle = std::collections::HashSet::new();
        loop {
            let unused = (from..self.canvas.steps.len()).find(|at| {
                *at != kept
                    && !idle.contains(at)
                    && self.canvas.is_helper(*at)
                    && self.canvas.links_out(*at).iter().all(|link| idle.contains(&link.to))
            });
            let Some(unused) = unused else { break };
            idle.insert(unused);
        }
        if !idle.is_empty() {
            self.canvas.remove(&idle);
        }
    }

    /// Links go through a new step from now on; its own output of the agent is not needed.
    pub(super) fn lead_through(&mut self, made: usize, from: usize, links: &[Link]) -> Result<(), Refused> {
        let Some(output) = self.canvas.gives(made) else { return Err(self.lost(&self.operation.said.clone())) };
        let outputs = links.iter().all(|link| self.canvas.is(link.to, |block| block.is_agent_output()));
        for link in links {
            let shown = self.canvas.is(link.to, |block| block.is_agent_output());
            if shown && !outputs {
                continue;
            }
            // A helper in between keeps its place: what goes into it is the new text.
            self.canvas.route((made, &output), link.to, &link.input);
        }
        // "clean up the phone number": the rest of the data would be lost.
        let packed = |at: usize| self.canvas.is(at, |block| block.name == "CreateDictionaryBlock");
        if (from..self.canvas.steps.len()).any(packed) {
            let taker = links.first().map(|link| self.canvas.title(link.to)).unwrap_or_default();
            return Err(Refused::unsupported(format!(
                "{taker} takes all of the data, and what a step makes of a part of it would come alone."
            )));
        }
        self.hide(made, from);
        self.settle(from, None)
    }

    /// Takes away the new outputs of the agent for what a new step gives: it comes out further on.
    pub(super) fn hide(&mut self, made: usize, from: usize) {
        let is_output =
            |canvas: &crate::patcher::canvas::Canvas<'_>, at: usize| canvas.is(at, |block| block.is_agent_output());
        let shown: std::collections::HashSet<usize> = self
            .canvas
            .links_out(made)
            .into_iter()
            .map(|link| link.to)
            .filter(|at| *at >= from && is_output(self.canvas, *at))
            .collect();
        let others = (0..self.canvas.steps.len()).any(|at| !shown.contains(&at) && is_output(self.canvas, at));
        let used = self.canvas.links_out(made).into_iter().any(|link| !shown.contains(&link.to));
        if others && used && !shown.is_empty() {
            self.canvas.remove(&shown);
        }
    }
}
