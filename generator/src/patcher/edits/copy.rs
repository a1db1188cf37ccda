//! A step twice, and one step as two.

use super::{Edit, doors::label, replace::is_address};
use crate::{
    patcher::{
        find::{Among, Field, bare},
        refused::Refused,
        wish::{self, of_one},
    },
    reading::{self, Value as Typed},
    text::shortened,
};

/// What a text falls into.
const PARTS: [&str; 6] = ["parts", "sections", "chapters", "paragraphs", "pieces", "blocks"];

impl Edit<'_, '_> {
    /// The same step again, beside the first: it takes the same, and gives to nobody yet.
    pub(super) fn copy(&mut self, what: &str) -> Result<(), Refused> {
        let (what, rest) = parted(what);
        // "copy the Slack message to Discord": the same goes out there too.
        if rest.starts_with("to ") && self.service_in(rest).is_some() && self.service_in(rest) != self.service_in(what)
        {
            let also = wish::Operation { also: true, ..self.operation.clone() };
            return self.with(&also).perform(&format!("send it {rest}"));
        }
        let at = self.canvas.step(what, Among::Working, self.context)?;
        if self.canvas.is(at, |block| block.trigger) {
            return Err(Refused::unsupported(format!(
                "{} starts the agent: one start is enough.",
                self.canvas.title(at)
            )));
        }
        let Some(mut step) = self.canvas.steps.get(at).cloned() else { return Err(self.canvas.no_step(what)) };
        let title = self.canvas.title(at);
        let titles: Vec<String> = (0..self.canvas.steps.len()).map(|at| self.canvas.title(at)).collect();
        let mut number = 2_usize;
        while titles.contains(&format!("{title} {number}")) {
            number += 1;
        }
        step.title = format!("{title} {number}");
        let copy = self.canvas.steps.len();
        self.canvas.add(vec![step]);
        self.differ(copy, rest)?;
        // A fixed text in a fixed place hangs on nothing: what becomes of it comes out, as of the first.
        match self.canvas.gives(copy) {
            Some(output) if self.canvas.links_into(copy).next().is_none() => {
                // Called as what comes out of the first.
                let mut shown = self.canvas.links_out(at).into_iter().filter(|link| link.output == output);
                let name = shown.find(|link| self.canvas.is(link.to, |block| block.is_agent_output()));
                let name = name.map_or_else(|| label(&output), |link| self.canvas.title(link.to));
                self.show(copy, &output, &name);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// "do the same for #dev": what goes out goes there too. `None` where no such place is named.
    pub(super) fn same_for(&mut self, what: &str) -> Option<Result<(), Refused>> {
        let tokens = reading::tokens(what);
        let [token] = tokens.as_slice() else { return None };
        let kind = |typed: &Typed| matches!(typed, Typed::Email(_) | Typed::Channel(_));
        let (raw, channel) = (token.raw(what), matches!(token.value().filter(|typed| kind(typed))?, Typed::Channel(_)));
        let known = self.canvas.known;
        let takes = |at: &usize| {
            let address = self.canvas.inputs_of(*at).into_iter().find(|name| is_address(name));
            let mail = self.canvas.is(*at, |block| known.concerns(block, "email"));
            self.canvas.delivers(*at)
                && address.is_some_and(|name| name.contains("channel") == channel && mail != channel)
        };
        let mut sends = self.canvas.working();
        sends.retain(takes);
        let [at] = *sends.as_slice() else { return None };
        let title = self.canvas.title(at);
        let also = wish::Operation { act: wish::Act::Copy(title.clone()), also: true, ..self.operation.clone() };
        Some(self.with(&also).copy(&format!("\"{title}\" for {raw}")))
    }

    /// "… for #sales": where the second one differs.
    fn differ(&mut self, copy: usize, rest: &str) -> Result<(), Refused> {
        let values: Vec<String> = reading::tokens(rest)
            .iter()
            .filter(|token| matches!(token.value(), Some(Typed::Email(_) | Typed::Channel(_) | Typed::Handle(_))))
            .map(|token| token.raw(rest).to_owned())
            .collect();
        let name = self.canvas.inputs_of(copy).into_iter().find(|name| is_address(name));
        let called = super::channel::named(rest).map(str::to_owned);
        let names_place = name.as_ref().is_some_and(|name| name.contains("channel"));
        let value = values.first().cloned().or_else(|| called.filter(|_| names_place));
        if let (Some(value), Some(name)) = (value, name) {
            let value = self.as_written(copy, &name, &value);
            let value = self.canvas.fitting(&Field { at: copy, name: name.clone() }, &value)?;
            self.canvas.bind(copy, &name, crate::plan::model::Binding::Value(value));
        }
        Ok(())
    }

    /// One step as two: what each of them does has to be said.
    pub(super) fn split(&mut self, what: &str) -> Result<(), Refused> {
        let best = self.canvas.best(&crate::patcher::find::Wanted::of(self.canvas.known, what), Among::Working);
        let said = self.operation.said.clone();
        let parts = said.split_once(':').map(|(_, parts)| parts.trim().to_owned());
        let Some(at) = self.canvas.one_of(best, self.context)? else {
            return Err(Refused::ask(
                format!("Into which parts should \"{}\" be split, and what goes where?", shortened(bare(what), 60)),
                "parts",
                Some("First list the key facts, then write the text from them".to_owned()),
            ));
        };
        // "in three parts" is how it is written.
        if parts.is_none() && self.canvas.is(at, crate::knowledge::is_text_model) && self.operation.condition.is_none()
        {
            let into = said.rsplit_once(" in ").or_else(|| said.rsplit_once(" into ")).map_or("", |(_, into)| into);
            let counted = into
                .split(' ')
                .next()
                .is_some_and(|count| count.parse::<u32>().is_ok() || wish::TABLES.is_number(count));
            if counted && PARTS.iter().any(|part| into.ends_with(part)) {
                return self.say_to(at, &format!("Split it into {into}"));
            }
        }
        let parts = parts.and_then(|parts| two(&parts));
        if let Some(first) = self.two_named(&said).filter(|_| parts.is_none() && self.writes(at)) {
            return self.written_from_first(at, &first);
        }
        if let Some((first, second)) = &parts
            && self.canvas.thinks(at)
            && let Some(order) = of_one(self.canvas.known, second)
        {
            return self.two_stages(at, first, &order);
        }
        let Some((first, second)) = parts.filter(|_| self.canvas.thinks(at)) else {
            return Err(Refused::ask(
                format!("What should the first part of {} do, and what the second?", self.canvas.title(at)),
                "parts",
                Some("First list the key facts, then write the text from them".to_owned()),
            ));
        };
        // The first part works on what the step worked on; the step goes on with what it gives.
        let Some(link) = self.canvas.main_link(at) else { return Err(self.lost(&said)) };
        let list = self.upto(at, false);
        let order = format!("write down the result of this: {first}");
        let fresh = match self.plan(&first, list.clone()) {
            Ok(fresh) => fresh,
            Err(Refused::Impossible(..) | Refused::Lost(_)) => self.plan(&order, list)?,
            Err(other) => return Err(other),
        };
        let Some(made) = self.newest(fresh.clone()) else { return Err(self.lost(&first)) };
        let links: Vec<_> = self
            .canvas
            .links_into(at)
            .filter(|other| (other.from, &other.output) == (link.from, &link.output))
            .collect();
        self.lead_through(made, fresh.start, &links)?;
        self.say_to(at, &second)
    }

    /// "into an outline step and a writing step": what the first makes, where the second goes on as before.
    fn two_named(&self, said: &str) -> Option<String> {
        let (_, into) = said.split_once(" into ").or_else(|| said.split_once(" in "))?;
        let (first, second) = into.trim_end_matches('.').split_once(" and ")?;
        let made = |part: &str| {
            let part = part.trim().strip_suffix(" step").unwrap_or(part.trim()).to_owned();
            let (article, noun) = part.split_once(' ')?;
            let one = matches!(article, "a" | "an" | "one") && noun.split(' ').count() < 3;
            one.then(|| noun.to_lowercase())
        };
        let (first, second) = (made(first)?, made(second)?);
        let vocabulary = &self.canvas.known.vocabulary;
        let does = |noun: &str| noun.ends_with("ing") && vocabulary.orders(&vocabulary.canonical(noun));
        // "a research part" is nothing that is written.
        let other = does(&first) || matches!(first.as_str(), "research" | "search" | "lookup" | "fetch");
        (!other && does(&second)).then_some(first)
    }

    /// A new step writes the first part of the same matter, and the step works from both.
    fn written_from_first(&mut self, at: usize, first: &str) -> Result<(), Refused> {
        let order = format!("write {}", crate::plan::with_article(first));
        let fresh = self.plan(&order, self.upto(at, false))?;
        let made = self.newest(fresh.clone()).filter(|made| self.writes(*made));
        let given = made.and_then(|made| Some((made, self.canvas.gives(made)?)));
        let Some((made, output)) = given else { return Err(self.lost(&order)) };
        let name = super::text::plan_name(first);
        self.canvas.bind(
            at,
            &format!("prompt_values_#_{name}"),
            crate::plan::model::Binding::From { step: made, output },
        );
        self.say_to(at, &format!("Work from this {first}: {{{{{name}}}}}"))?;
        self.hide(made, fresh.start);
        self.settle(fresh.start, None)
    }

    /// "a literal one first, then one that polishes it": the step makes the first, a new one goes over it.
    fn two_stages(&mut self, at: usize, first: &str, order: &str) -> Result<(), Refused> {
        let list = self.upto(at, true);
        let links: Vec<_> = self
            .canvas
            .links_out(at)
            .into_iter()
            .filter(|link| link.output != crate::catalogue::ERROR_OUTPUT)
            .collect();
        let Some(output) = self.canvas.gives(at) else { return Err(self.lost(first)) };
        let fresh = self.plan(order, list)?;
        let Some(made) = self.newest(fresh.clone()) else { return Err(self.lost(order)) };
        self.canvas.feed(made, (at, &output));
        let links: Vec<_> = links.into_iter().filter(|link| link.output == output).collect();
        let stage = first.trim_end_matches(" first").trim_end_matches(" one").trim();
        self.say_to(at, &format!("this is the first of two steps: {stage}"))?;
        for link in &links {
            let Some(output) = self.canvas.gives(made) else { return Err(self.lost(order)) };
            self.canvas.route((made, &output), link.to, &link.input);
        }
        self.hide(made, fresh.start);
        self.settle(fresh.start, None)
    }
}

/// "first A, then B"
fn two(text: &str) -> Option<(String, String)> {
    let lower = text.to_lowercase();
    let cut = [", then ", " then ", ", and then ", " and then ", ", and "]
        .iter()
        .filter_map(|word| lower.find(word).map(|at| (at, word.len())))
        .min()?;
    let first = text.get(..cut.0)?.trim();
    let first = first.strip_prefix("first ").or_else(|| first.strip_prefix("First ")).unwrap_or(first);
    let second = text.get(cut.0 + cut.1..)?.trim().trim_end_matches('.');
    (!first.is_empty() && !second.is_empty()).then(|| (first.trim_end_matches(',').to_owned(), second.to_owned()))
}

/// What is copied, and how the copy differs: "the Slack step" "for #sales". Titles in quotation marks stay whole.
fn parted(what: &str) -> (&str, &str) {
    let tokens = reading::tokens(what);
    let cut = tokens
        .iter()
        .skip(1)
        .find(|token| matches!(token.raw(what).to_lowercase().as_str(), "with" | "for" | "but" | "and" | "to"));
    match cut.and_then(|token| Some((what.get(..token.start)?, what.get(token.start..)?))) {
        Some((what, rest)) => (what.trim(), rest),
        None => (what, ""),
    }
}
