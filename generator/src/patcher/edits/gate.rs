//! Conditions, approvals, and what happens when a step fails.

use serde_json::{Value, json};

use super::Edit;
use crate::{
    catalogue::{ERROR_OUTPUT, special},
    patcher::{
        Refused,
        canvas::{Link, Portion},
        find::{Among, Wanted, outer},
        wish::{Act, Place},
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
        // "Add a decision to check if …": the condition is all that comes.
        let bare_check = Wanted::of(self.canvas.known, &text);
        let check = bare_check.words.iter().all(|word| {
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
        let negated = matches!(self.operation.act, Act::Remove(_)) || stops;
        let target = if check { self.first_work() } else { self.governed(&text)? };
        match target {
            Some(at) if self.operation.only || !self.operation.also => self.guard(at, condition, negated),
            _ => self.add_under(&text, condition),
        }
    }

    /// The order itself, without what stands beside it.
    fn act_text(&self) -> String {
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
    fn governed(&self, text: &str) -> Result<Option<usize>, Refused> {
        let known = self.canvas.known;
        let wanted = Wanted::of(known, text);
        if wanted.is_agent() {
            return Ok(self.first_work());
        }
        if self.other_values(text) || self.service_in(text).is_some_and(|service| !self.has_service(&service)) {
            return Ok(None);
        }
        let best = self.canvas.best(&wanted, Among::Working);
        let best: Vec<usize> = if best.is_empty() {
            // "send it": one thing goes out.
            let sends = self.sends(text) && wanted.words.len() < 2;
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
    fn first_work(&self) -> Option<usize> {
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
        let (yes, no) = self.condition(condition, &link, self.upto(at, false))?;
        let way = if negated { no } else { yes };
        self.rebind(&link, way);
        Ok(())
    }

    /// What a link brought is what a way out of a condition gives, made to fit.
    fn rebind(&mut self, link: &Link, way: Binding) {
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
    fn condition(&mut self, condition: &str, link: &Link, list: Vec<usize>) -> Result<(Binding, Binding), Refused> {
        let spelt = spelt(condition);
        let lower = spelt.to_lowercase();
        // "only when something has changed" of a comparison that a model made: the model says whether.
        let compared = lower.contains("chang") || lower.contains("differ") || lower.contains(" new");
        if compared && self.canvas.thinks(link.from) {
            return Ok(self.judged(bare_condition(&spelt), link));
        }
        let portion = Portion::of(self.canvas, list);
        match plan::gate(self.canvas.known, &portion.steps, &spelt, self.watch)? {
            Gate::Built { steps: mut fresh, mut yes, mut no } => {
                portion.place_all(&mut fresh);
                portion.place(&mut yes);
                portion.place(&mut no);
                let looks = |fresh: &Vec<Step>| {
                    let mut inputs = fresh.iter().flat_map(|step| &step.inputs);
                    inputs.any(|input| matches!(&input.binding, Binding::From { step, .. } if *step == link.from))
                };
                // It looks at something else than what goes on: a model judges what goes on.
                if fresh.is_empty() || !looks(&fresh) {
                    return Ok(self.judged(bare_condition(&spelt), link));
                }
                self.canvas.add(fresh);
                self.carry(&yes, link);
                Ok((yes, no))
            }
            Gate::Nothing => Ok(self.judged(bare_condition(&spelt), link)),
        }
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

    /// A new step that runs only in one case: of what the step before what goes out gives.
    fn add_under(&mut self, text: &str, condition: &str) -> Result<(), Refused> {
        let list = self.canvas.order().to_vec();
        let from = self.canvas.steps.len();
        let fresh = self.plan(text, list.clone())?;
        let Some(made) = self.newest(fresh.clone()) else { return Err(self.lost(text)) };
        let content = self.text_of(made).map(|field| field.name);
        let works_on = |link: &Link| {
            let given = !self.canvas.is(link.from, |block| block.is_agent_input());
            link.from < from && (given || content.as_deref() == Some(outer(&link.input)))
        };
        let source = self.canvas.main_link(made).filter(works_on);
        let link = match source {
            Some(link) => link,
            None => {
                // A fixed text: the case decides when it is sent.
                let Some(before) = self
                    .canvas
                    .working()
                    .into_iter()
                    .rfind(|at| *at < from && !self.canvas.delivers(*at) && !self.canvas.is_helper(*at))
                else {
                    return Err(self.lost(text));
                };
                let Some(output) = self.canvas.gives(before) else { return Err(self.lost(text)) };
                Link { from: before, output, to: made, input: String::new() }
            }
        };
        if let Some(way) = self.looked_at(condition) {
            self.lead_by(made, &link, way)?;
            return self.settle(from, None);
        }
        let list: Vec<usize> = {
            let mut list: Vec<usize> = list.into_iter().filter(|at| *at != link.from).collect();
            list.push(link.from);
            list
        };
        let (yes, _) = self.condition(condition, &link, list)?;
        self.lead_by(made, &link, yes)?;
        self.settle(from, None)
    }

    /// A new step runs only when this way out of a condition is taken.
    fn lead_by(&mut self, made: usize, link: &Link, way: Binding) -> Result<(), Refused> {
        let Binding::From { step, .. } = way else { return Ok(()) };
        if link.input.is_empty() {
            self.wait_on(made, &way);
        } else {
            self.rebind(link, way);
        }
        if self.canvas.leads(step, made) {
            return Ok(());
        }
        let title = self.canvas.title(made);
        Err(Refused::unsupported(format!("{title} takes nothing that could be held back until then.")))
    }

    /// The way out of a condition of the agent that looks for the same.
    fn looked_at(&self, condition: &str) -> Option<Binding> {
        let known = self.canvas.known;
        let wanted = crate::patcher::canvas::words::words(known, bare_condition(condition));
        let told: Vec<&String> = wanted.iter().filter(|word| !matches!(word.as_str(), "not" | "is" | "isnt")).collect();
        let at = self.canvas.working().into_iter().find(|at| {
            let field = self.canvas.value(*at, "condition").and_then(Value::as_str).unwrap_or_default();
            let names = crate::patcher::canvas::words::words(known, field);
            let shared = names.iter().filter(|name| told.contains(name)).count();
            !names.is_empty() && shared == names.len()
        })?;
        Some(Binding::From { step: at, output: "yes_output".to_owned() })
    }

    /// A step with a fixed text runs when this comes.
    fn wait_on(&mut self, at: usize, way: &Binding) {
        let Binding::From { step, output } = way else { return };
        let Some(field) = self.text_of(at) else { return };
        let Some(text) = self.canvas.value(at, &field.name).cloned() else { return };
        let store = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::STORE_VALUE.to_owned(),
            title: "Wait for it".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: "input".to_owned(), binding: Binding::From { step: *step, output: output.clone() } },
                Input { name: "data".to_owned(), binding: Binding::Value(text) },
            ],
        }]);
        self.canvas.bind(at, &field.name, Binding::From { step: store, output: "output".to_owned() });
    }

    /// A step that decides about what goes out, or about what the wish says: a person approves it.
    pub(super) fn approval(&mut self) -> Result<(), Refused> {
        let Some(block) = self.canvas.known.catalogue.by_name("HumanInTheLoopBlock") else {
            return Err(Refused::unserved("No available block waits for a person.".to_owned()));
        };
        let before = match &self.operation.place {
            Some(Place::Before(of)) => self.placed(&of.clone())?,
            Some(Place::After(of)) => {
                let after = self.placed(&of.clone())?;
                after.and_then(|after| {
                    self.canvas
                        .working()
                        .into_iter()
                        .find(|at| self.canvas.links_into(*at).any(|link| link.from == after))
                })
            }
            Some(Place::Between(_, of)) => self.placed(&of.clone())?,
            _ => {
                let delivering: Vec<usize> =
                    self.canvas.working().into_iter().filter(|at| self.canvas.delivers(*at)).collect();
                // Several that send the same: one approval for all.
                delivering.first().copied()
            }
        };
        let Some(before) = before else { return Err(self.lost(&self.operation.said.clone())) };
        let Some(link) = self.canvas.main_link(before) else {
            return Err(Refused::unsupported(format!(
                "{} sends a fixed text: there is nothing to approve.",
                self.canvas.title(before)
            )));
        };
        let at = self.canvas.steps.len();
        let (id, title) = (block.id.clone(), "Wait for approval".to_owned());
        self.canvas.add(vec![Step {
            block: id,
            title,
            says: String::new(),
            inputs: vec![
                Input {
                    name: "data".to_owned(),
                    binding: Binding::From { step: link.from, output: link.output.clone() },
                },
                Input {
                    name: "name".to_owned(),
                    binding: Binding::Value(json!("Please check this before it goes on")),
                },
            ],
        }]);
        let followers: Vec<Link> = self
            .canvas
            .links_out(link.from)
            .into_iter()
            .filter(|other| {
                other.output == link.output
                    && other.to != at
                    && (other.to == before || self.canvas.delivers(other.to) && self.operation.place.is_none())
            })
            .collect();
        for other in followers {
            self.canvas.bind(other.to, &other.input, Binding::From { step: at, output: "approved_data".to_owned() });
        }
        Ok(())
    }

    /// Another step when one fails.
    pub(super) fn on_failure(&mut self, what: &str) -> Result<(), Refused> {
        let text = self.act_text();
        let failing = self.failing(what)?;
        let output = self.canvas.block(failing).and_then(|block| {
            let has = |name: &str| block.output_schema().properties.get(name).is_some();
            has(ERROR_OUTPUT).then(|| ERROR_OUTPUT.to_owned())
        });
        let Some(output) = output else {
            return Err(Refused::unsupported(format!("{} does not tell when it fails.", self.canvas.title(failing))));
        };
        if matches!(self.operation.act, Act::Keep) {
            return Ok(());
        }
        if text.to_lowercase().contains("retry") || text.to_lowercase().contains("try again") {
            let has = self
                .canvas
                .inputs_of(failing)
                .into_iter()
                .find(|name| matches!(name.as_str(), "retry" | "retries" | "max_retries"));
            let times = super::set::number(&text).or_else(|| {
                crate::reading::tokens(&text).iter().find_map(|token| super::set::number(token.raw(&text)))
            });
            return match has {
                Some(name) => {
                    let field = crate::patcher::find::Field { at: failing, name };
                    self.put_value(&field, times.unwrap_or_else(|| json!(3)))
                }
                None => Err(Refused::unserved(format!("{} cannot be told to try again.", self.canvas.title(failing)))),
            };
        }
        if let Some(name) = self.unknown_service(&text) {
            return Err(self.unserved(&name, failing));
        }
        let from = self.canvas.steps.len();
        let list = self.canvas.order().to_vec();
        let fresh = match self.plan(&self.as_order(&text), list.clone()) {
            // "post a short note to #alerts": what it says is what went wrong.
            Err(Refused::Impossible(..) | Refused::Lost(_) | Refused::Open(_)) if text.contains(['#', '@']) => {
                self.plan(&short_order(&text), list)?
            }
            other => other?,
        };
        let Some(made) = fresh.clone().rev().find(|at| self.canvas.delivers(*at)) else {
            return Err(Refused::unserved(format!("Nothing that could be done then: \"{text}\".")));
        };
        let Some(field) = self.text_of(made) else { return Err(self.lost(&text)) };
        let fixed = self.canvas.value(made, &field.name).cloned();
        match fixed {
            Some(Value::String(_)) => self.wait_on(made, &Binding::From { step: failing, output }),
            _ => self.canvas.bind(made, &field.name, Binding::From { step: failing, output }),
        }
        // What would have made the text of the message is not needed.
        let mut idle: std::collections::HashSet<usize> = std::collections::HashSet::new();
        loop {
            let unused =
                (from..self.canvas.steps.len()).find(|at| {
                    *at != made
                        && !idle.contains(at)
                        && !self.canvas.delivers(*at)
                        && self.canvas.steps.get(*at).is_none_or(|step| step.block != special::STORE_VALUE)
                        && !self.canvas.is(*at, |block| block.is_agent_output())
                        && self.canvas.links_out(*at).iter().all(|link| {
                            idle.contains(&link.to) || self.canvas.is(link.to, |block| block.is_agent_output())
                        })
                });
            let Some(unused) = unused else { break };
            idle.extend(self.canvas.links_out(unused).into_iter().map(|link| link.to));
            idle.insert(unused);
        }
        let outputs = self.canvas.links_out(made).into_iter().map(|link| link.to).filter(|at| *at >= from);
        idle.extend(outputs.collect::<Vec<_>>());
        self.canvas.remove(&idle);
        self.settle(from, None)
    }

    /// The step that may fail: the one that is named, else the one that reaches out.
    fn failing(&self, what: &str) -> Result<usize, Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        let words: Vec<String> = wanted
            .words
            .iter()
            .filter(|word| {
                !matches!(
                    word.as_str(),
                    "fail"
                        | "failure"
                        | "error"
                        | "break"
                        | "crash"
                        | "go"
                        | "wrong"
                        | "happen"
                        | "anything"
                        | "something"
                        | "unavailable"
                        | "unreachable"
                        | "down"
                        | "throw"
                        | "occur"
                        | "does"
                        | "not"
                        | "work"
                        | "time"
                )
            })
            .cloned()
            .collect();
        let wanted = Wanted { words, exact: String::new(), ..wanted };
        if wanted.is_agent() {
            let works: Vec<usize> =
                self.canvas.working().into_iter().filter(|at| !self.canvas.is_helper(*at)).collect();
            let (begins, delivers): (Vec<usize>, Vec<usize>) = (
                works
                    .iter()
                    .copied()
                    .filter(|at| self.canvas.begins(*at) && !self.canvas.is(*at, |block| block.trigger))
                    .collect(),
                works.iter().copied().filter(|at| self.canvas.delivers(*at)).collect(),
            );
            let best = if begins.len() == 1 {
                begins
            } else if delivers.len() == 1 {
                delivers
            } else {
                works
            };
            return self.canvas.one_of(best, self.context)?.ok_or_else(|| self.canvas.no_step(what));
        }
        let best = self.canvas.best(&wanted, Among::Working);
        let plain: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_helper(*at)).collect();
        self.canvas
            .one_of(if plain.is_empty() { best } else { plain }, self.context)?
            .ok_or_else(|| self.canvas.no_step(what))
    }
}

/// An order without what is sent: to whom.
fn short_order(text: &str) -> String {
    let to = text
        .split_whitespace()
        .find(|word| word.contains(['#', '@']))
        .unwrap_or_default()
        .trim_end_matches(['.', ',', '!']);
    if to.contains('#') { format!("send a message to {to}") } else { format!("send an email to {to}") }
}

/// Signs as words: "age >= 18" is "age is at least 18".
fn spelt(condition: &str) -> String {
    [
        (">=", "is at least"),
        ("<=", "is at most"),
        ("==", "is exactly"),
        ("!=", "is not"),
        (">", "is over"),
        ("<", "is under"),
    ]
    .iter()
    .fold(
        condition.to_owned(),
        |text, (sign, words)| if outer(&text).contains(sign) { text.replace(sign, words) } else { text },
    )
}

/// Without "only if".
fn bare_condition(text: &str) -> &str {
    let lower = text.to_lowercase();
    let openers = [
        "but only if ",
        "and only if ",
        "only if ",
        "but only when ",
        "only when ",
        "if ",
        "when ",
        "whenever ",
        "in case ",
        "provided that ",
        "as long as ",
    ];
    openers
        .iter()
        .find(|opener| lower.starts_with(**opener))
        .and_then(|opener| text.get(opener.len()..))
        .unwrap_or(text)
}
