//! Conditions, approvals, and what happens when a step fails.

use serde_json::json;

use super::{Edit, approve, collective::CARRIERS, past::is_media, sound::GENERIC};
use crate::{
    catalogue::{ERROR_OUTPUT, special},
    patcher::{
        canvas::{Link, Portion},
        find::{Among, Wanted, outer},
        refused::Refused,
        wish::{Act, bare_condition, is_idle, ruled, spelt},
    },
    plan::{
        self, Gate,
        model::{Binding, Input, Step},
    },
};

/// Orders that keep something from going on.
const STOPS: [&str; 10] =
    ["reject", "drop", "ignore", "skip", "discard", "filter", "exclude", "remove", "stop", "don't"];

impl Edit<'_, '_> {
    /// Something is done only in one case.
    pub(super) fn only_if(&mut self, condition: &str) -> Result<(), Refused> {
        let text = self.act_text();
        if approve::is_consent(bare_condition(condition)) {
            return self.approve_order(&text);
        }
        if let Some(what) = self.missing_result(condition) {
            return self.on_failure(&what);
        }
        let (text, forbidden) = match ruled(&text) {
            Some((text, forbidden)) => (text, forbidden),
            None => (text, false),
        };
        let ruled =
            forbidden || self.operation.act != Act::Do(text.clone()) && matches!(self.operation.act, Act::Do(_));
        // "Add a decision to check if …": the condition is all that comes.
        let bare_check = Wanted::of(self.canvas.known, &text);
        let idle = is_idle(&text);
        let check = idle
            || bare_check.words.iter().all(|word| {
                matches!(
                    word.as_str(),
                    "decision"
                        | "condition"
                        | "check"
                        | "add"
                        | "filter"
                        | "go"
                        | "continue"
                        | "run"
                        | "proceed"
                        | "do"
                        | "step"
                        | "put"
                )
            });
        let stops = STOPS.contains(&text.split_whitespace().next().unwrap_or_default().to_lowercase().as_str());
        let negated = matches!(self.operation.act, Act::Remove(_)) || stops || idle || forbidden;
        if let Some(done) = self.reworked(&text, condition) {
            return done;
        }
        let target = if check { self.first_work() } else { self.governed(&text)?.or_else(|| self.timer_of(&text)) };
        if (negated || self.operation.only) && !check && self.is_any_delivery(&text) {
            return self.guard_all(condition, negated);
        }
        // "skip the wait if it is urgent": what comes after it is done all the same.
        if let (Some(at), true, Act::Remove(_)) = (target, negated, &self.operation.act)
            && self.hands_on(at)
        {
            return self.pass_by(at, condition);
        }
        match target {
            Some(at) if self.operation.only || ruled || !self.operation.also => self.guard(at, condition, negated),
            _ if ruled => Err(self.canvas.no_step(&text)),
            // "if something is down, name the component": told to what writes.
            _ => match self.worded_by(&text) {
                Some(at) => self.say_to(at, &self.operation.said.clone()),
                None => self.add_under(&self.as_order(&text), condition),
            },
        }
    }

    /// The one step that writes, where an order only says what is written.
    fn worded_by(&self, text: &str) -> Option<usize> {
        let first = text.split_whitespace().next()?.to_lowercase();
        let says = ["name", "mention", "list", "say", "explain", "highlight", "include", "quote"];
        let goes = self.service_in(text).is_some() || self.other_place(text) || self.operation.place.is_some();
        let mut writing = self.canvas.working();
        writing.retain(|at| self.canvas.is(*at, crate::knowledge::is_text_model) && self.canvas.thinks(*at));
        let [at] = *writing.as_slice() else { return None };
        (says.contains(&first.as_str()) && !goes).then_some(at)
    }

    /// "post it", "send me anything": whatever goes out.
    fn is_any_delivery(&self, text: &str) -> bool {
        let mut wanted = Wanted::of(self.canvas.known, text);
        wanted.words.retain(|word| !GENERIC.contains(&word.as_str()));
        self.sends(text) && wanted.words.len() == 1 && wanted.values.is_empty()
    }

    /// Nothing goes out unless the condition lets it.
    fn guard_all(&mut self, condition: &str, negated: bool) -> Result<(), Refused> {
        let delivering = self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at));
        let mut links: Vec<Link> = delivering.filter_map(|at| self.canvas.main_link(at)).collect();
        if links.is_empty() {
            return Err(self.lost(&self.operation.said.clone()));
        }
        // A picture tells less of it than what a model says.
        let thinks = |link: &&Link| self.canvas.thinks(link.from);
        let verdict = links.iter().find(thinks).map(|link| (link.from, link.output.clone()));
        // What the same goes into stands behind one condition.
        links.sort_by(|one, other| (one.from, &one.output).cmp(&(other.from, &other.output)));
        let mut way: Option<(usize, String, Binding)> = None;
        for link in links {
            let same = way.take().filter(|(from, output, _)| (*from, output) == (link.from, &link.output));
            let binding = match same {
                Some((.., binding)) => binding,
                None => match verdict.clone().filter(|_| is_media(&link.output)) {
                    Some(verdict) => {
                        let (yes, no) = self.judged_by(condition, verdict, &link)?;
                        if negated { no } else { yes }
                    }
                    None => self.way_out(link.to, condition, negated, &link)?,
                },
            };
            self.rebind(&link, binding.clone());
            way = Some((link.from, link.output, binding));
        }
        Ok(())
    }

    /// "there is no transcript": what a step that tells when it fails would have given.
    fn missing_result(&self, condition: &str) -> Option<String> {
        let lower = bare_condition(condition).to_lowercase();
        let what = ["there is no ", "there's no ", "it has no ", "it finds no ", "it gets no ", "it gives no "]
            .iter()
            .find_map(|opener| lower.strip_prefix(opener))?;
        let wanted = Wanted::of(self.canvas.known, what);
        let best = self.canvas.best(&wanted, Among::Working);
        let [at] = best.as_slice() else { return None };
        let list = |output: &str| {
            let types = self.canvas.block(*at).and_then(|block| block.output_type(output));
            types.is_none_or(|types| types.is_any() || types.is_within(crate::catalogue::schema::Types::ARRAY))
        };
        let tells = self.canvas.is(*at, |block| block.output_schema().properties.get(ERROR_OUTPUT).is_some());
        let single = self.canvas.gives(*at).is_some_and(|output| !list(&output));
        let adds = matches!(self.operation.act, Act::Do(_) | Act::Add(_)) && !is_idle(&self.act_text());
        (tells && single && adds && !self.canvas.delivers(*at) && !self.canvas.thinks(*at)).then(|| what.to_owned())
    }

    /// The order itself, without what stands beside it.
    pub(super) fn act_text(&self) -> String {
        match &self.operation.act {
            Act::Do(text)
            | Act::Add(text)
            | Act::Output(text)
            | Act::Make(text)
            | Act::Remove(text)
            | Act::Each(text) => text.clone(),
            Act::Change { what, to, .. } => format!("{what} {to}"),
            Act::AddTo { value, what } => format!("{value} to {what}"),
            Act::Use { value, .. } => value.clone(),
            _ => self.operation.said.clone(),
        }
    }

    /// The step that an order such as "post it", "create the contact" or "message me" names.
    pub(super) fn governed(&self, text: &str) -> Result<Option<usize>, Refused> {
        let known = self.canvas.known;
        let mut wanted = Wanted::of(known, text);
        // "send me anything"
        wanted.words.retain(|word| !GENERIC.contains(&word.as_str()));
        if wanted.is_agent() {
            return Ok(self.first_work());
        }
        if self.other_values(text) || self.service_in(text).is_some_and(|service| !self.has_service(&service)) {
            return Ok(None);
        }
        let best = self.canvas.best(&wanted, Among::Working);
        let best =
            if best.is_empty() && self.operation.only && self.sends(text) { self.told_there(&wanted) } else { best };
        let best: Vec<usize> = if best.is_empty() && !self.operation.also { self.spoken_of(&wanted) } else { best };
        let best: Vec<usize> = if best.is_empty() {
            // "send it": one thing goes out; no other way than "mail it" names.
            let mails = wanted.words.iter().any(|word| matches!(word.as_str(), "mail" | "email" | "e-mail"));
            // "only bother me if …"
            let tells = self.operation.only && wanted.words.iter().all(|word| CARRIERS.contains(&word.as_str()));
            let sends = (self.sends(text) || tells) && wanted.words.len() < 2 && (self.operation.only || !mails);
            self.canvas.working().into_iter().filter(|at| sends && self.canvas.delivers(*at)).collect()
        } else {
            best
        };
        let delivering: Vec<usize> = best.iter().copied().filter(|at| self.canvas.delivers(*at)).collect();
        let best = if best.len() > 1 && !delivering.is_empty() { delivering } else { best };
        if best.len() > 1 && !self.operation.only {
            return Ok(None);
        }
        self.canvas.one_of(best, self.context)
    }

    /// "sales get a message": what takes something out and is named by some of the words.
    fn spoken_of(&self, wanted: &Wanted) -> Vec<usize> {
        let words: Vec<String> =
            wanted.words.iter().filter(|word| !CARRIERS.contains(&word.as_str())).cloned().collect();
        if words.is_empty() || words.len() == wanted.words.len() {
            return Vec::new();
        }
        let wanted = Wanted { words, exact: String::new(), ..wanted.clone() };
        let best = self.canvas.best(&wanted, Among::Working);
        best.into_iter().filter(|at| self.canvas.delivers(*at)).collect()
    }

    /// Whether an order has an address or a channel that the agent does not have.
    fn other_values(&self, text: &str) -> bool {
        let wanted = Wanted::of(self.canvas.known, text);
        wanted.values.iter().any(|value| !self.canvas.working().into_iter().any(|at| self.canvas.holds(at, value)))
    }

    fn has_service(&self, service: &str) -> bool {
        let known = self.canvas.known;
        self.canvas
            .working()
            .into_iter()
            .any(|at| self.canvas.is(at, |block| known.meaning(block).service.as_deref() == Some(service)))
    }

    /// The first step that works on something.
    pub(super) fn first_work(&self) -> Option<usize> {
        self.canvas
            .working()
            .into_iter()
            .find(|at| !self.canvas.begins(*at) && !self.canvas.is_helper(*at) && self.canvas.main_link(*at).is_some())
    }

    /// A condition between a step and what it works on. `negated`: it keeps things from going on.
    pub(super) fn guard(&mut self, at: usize, condition: &str, negated: bool) -> Result<(), Refused> {
        let Some(link) = self.canvas.main_link(at) else {
            return Err(Refused::unsupported(format!(
                "{} works on nothing that could be looked at.",
                self.canvas.title(at)
            )));
        };
        let way = self.way_out(at, condition, negated, &link)?;
        self.rebind(&link, way);
        Ok(())
    }

    fn way_out(&mut self, at: usize, condition: &str, negated: bool, link: &Link) -> Result<Binding, Refused> {
        let given = self.given_for(condition, at)?.or_else(|| self.written_from(condition, link));
        let (yes, no) = match given {
            Some(given) => self.judged_by(condition, given, link)?,
            None => self.condition(condition, link, self.upto(at, false))?,
        };
        Ok(if negated { no } else { yes })
    }

    /// What a link brought is what a way out of a condition gives, made to fit.
    pub(super) fn rebind(&mut self, link: &Link, way: Binding) {
        let links: Vec<Link> = self
            .canvas
            .links_into(link.to)
            .filter(|other| (other.from, &other.output) == (link.from, &link.output))
            .collect();
        for link in links {
            match &way {
                Binding::From { step, output } => {
                    self.canvas.bind(link.to, &link.input, Binding::From { step: *step, output: output.clone() })
                }
                Binding::Value(_) => {}
            }
        }
    }

    /// The steps that look, and the two ways out.
    pub(super) fn condition(
        &mut self,
        condition: &str,
        link: &Link,
        list: Vec<usize>,
    ) -> Result<(Binding, Binding), Refused> {
        self.check_sound(condition)?;
        self.check_data(condition, link)?;
        let spelt = spelt(condition);
        let lower = spelt.to_lowercase();
        // "only when something has changed" of a comparison that a model made: the model says whether.
        let compared = lower.contains("chang") || lower.contains("differ") || lower.contains(" new");
        if compared && self.canvas.thinks(link.from) {
            return Ok(self.judged(bare_condition(&spelt), link));
        }
        // A page tells nothing of what it was yesterday.
        let remembers = |at: usize| {
            self.canvas.thinks(at) || self.canvas.is(at, |block| block.name == "ListDifferenceBlock" || block.trigger)
        };
        let now = lower.ends_with(" changed")
            && !self.canvas.upstream(link.from).iter().enumerate().any(|(at, rests)| *rests && remembers(at));
        let memory = self.canvas.known.catalogue.by_name("RetrieveInformationBlock").map(|block| block.id.clone());
        // What is remembered is what the link brings, not another source.
        let own = self.canvas.upstream(link.from);
        let list = if now { list.into_iter().filter(|at| own.get(*at) == Some(&true)).collect() } else { list };
        let portion = Portion::of(self.canvas, list);
        match plan::gate(self.canvas.known, &portion.steps, &spelt, self.watch)? {
            Gate::Built { steps: mut fresh, mut yes, mut no } => {
                portion.place_all(&mut fresh);
                portion.place(&mut yes);
                portion.place(&mut no);
                let looks = |fresh: &Vec<Step>| {
                    let mut inputs = fresh.iter().flat_map(|step| &step.inputs);
                    // One post is looked at, not all of them.
                    let other = |output: &str| self.hands_out_one(link) && outer(output) != outer(&link.output);
                    inputs.any(|input| {
                        matches!(&input.binding, Binding::From { step, output } if *step == link.from && !other(output))
                    })
                };
                // It looks at something else than what goes on: a model judges what goes on.
                if now && !fresh.iter().any(|step| Some(&step.block) == memory.as_ref()) {
                    return Err(self.only_now(link.from));
                }
                if fresh.is_empty() || !looks(&fresh) {
                    return Ok(self.judged(bare_condition(&spelt), link));
                }
                self.canvas.add(fresh);
                self.carry(&yes, link);
                Ok((yes, no))
            }
            Gate::Nothing if now => Err(self.only_now(link.from)),
            Gate::Nothing => Ok(self.judged(bare_condition(&spelt), link)),
        }
    }

    fn only_now(&self, from: usize) -> Refused {
        let title = self.canvas.title(from);
        Refused::unsupported(format!("{title} gives what there is now: nothing there tells whether it has changed."))
    }

    /// A condition hands on what the link brought, not what was looked at.
    fn carry(&mut self, way: &Binding, link: &Link) {
        let Binding::From { step, output } = way else { return };
        if !matches!(output.as_str(), "yes_output" | "no_output") {
            return;
        }
        let same = Binding::From { step: link.from, output: link.output.clone() };
        let looked = self
            .canvas
            .steps
            .get(*step)
            .is_some_and(|step| ["input_value", "value1"].iter().any(|name| step.binding(name) == Some(&same)));
        let carried = self.canvas.steps.get(*step).is_some_and(|step| step.binding("yes_value") == Some(&same));
        if !looked && !carried {
            for name in ["yes_value", "no_value"] {
                self.canvas.bind(*step, name, same.clone());
            }
        }
    }

    /// A language model judges what one step gives, and what a link brings goes on.
    pub(super) fn judged_by(
        &mut self,
        condition: &str,
        (from, output): (usize, String),
        link: &Link,
    ) -> Result<(Binding, Binding), Refused> {
        self.check_sound(condition)?;
        let looked = Link { from, output, ..link.clone() };
        let lower = condition.to_lowercase();
        let (yes, no) = self.judged(bare_condition(&spelt(condition)), &looked);
        let Binding::From { step, .. } = yes else { return Ok((yes, no)) };
        for name in ["yes_value", "no_value"] {
            let brought = Binding::From { step: link.from, output: link.output.clone() };
            self.canvas.bind(step, name, brought);
        }
        Ok(if lower.starts_with("unless ") { (no, yes) } else { (yes, no) })
    }

    /// A language model judges what a link brings.
    fn judged(&mut self, condition: &str, link: &Link) -> (Binding, Binding) {
        let at = self.canvas.steps.len();
        let mut letters = condition.chars();
        let title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        self.canvas.add(vec![Step {
            block: special::AI_CONDITION.to_owned(),
            title: crate::text::shortened(&format!("{title}?"), 60),
            says: String::new(),
            inputs: vec![Input { name: "condition".to_owned(), binding: Binding::Value(json!(condition)) }],
        }]);
        self.canvas.route((link.from, &link.output), at, "input_value");
        let whole = Binding::From { step: link.from, output: link.output.clone() };
        if self.canvas.steps.get(at).is_some_and(|step| step.binding("input_value") != Some(&whole)) {
            self.canvas.bind(at, "yes_value", whole.clone());
            self.canvas.bind(at, "no_value", whole);
        }
        let way = |output: &str| Binding::From { step: at, output: output.to_owned() };
        (way("yes_output"), way("no_output"))
    }
}
