//! New steps that run only in one case.

use serde_json::Value;

use super::Edit;
use crate::{
    catalogue::special,
    patcher::{
        canvas::Link,
        find::{Among, Wanted, outer},
        refused::Refused,
        wish::{TABLES, bare_condition},
    },
    plan::model::{Binding, Input, Step},
};

impl Edit<'_, '_> {
    /// A new step that runs only in one case: of what the step before what goes out gives.
    pub(super) fn add_under(&mut self, text: &str, condition: &str) -> Result<(), Refused> {
        self.add_from(text, condition, self.canvas.order().to_vec())
    }

    /// The same, over some of the steps.
    pub(super) fn add_from(&mut self, text: &str, condition: &str, list: Vec<usize>) -> Result<(), Refused> {
        let from = self.canvas.steps.len();
        let fresh = self.plan(text, list.clone())?;
        let Some(made) = self.newest(fresh.clone()) else { return Err(self.lost(text)) };
        let content = self.text_of(made).map(|field| field.name);
        let works_on = |link: &Link| {
            let given = !self.canvas.is(link.from, |block| block.is_agent_input());
            // What only puts together what was read is of this order.
            (link.from < from || self.canvas.is_helper(link.from))
                && (given || content.as_deref() == Some(outer(&link.input)))
        };
        let source = self.canvas.main_link(made).filter(works_on).map(|link| self.behind_fixed(link, from));
        // "answer it": what the steps before it work on.
        let opening = || {
            let mut links = (from..self.canvas.steps.len()).flat_map(|at| self.canvas.links_into(at));
            let given = |link: &Link| link.from < from && !self.canvas.is_door(link.from);
            links.find(|link| given(link) && self.canvas.leads(link.to, made))
        };
        // The id of a mail tells nothing of it: what it was taken from is looked at.
        let id =
            |link: &Link| link.from >= from && self.canvas.is(link.from, |block| block.name == "FindInDictionaryBlock");
        let source = match source {
            Some(link) if id(&link) => opening().or(Some(link)),
            other => other.or_else(opening),
        };
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
        let link = self.not_from_a_place(link, from);
        if let Some(way) = self.same_condition(condition) {
            self.lead_by(made, &link, way)?;
            return self.settle(from, None);
        }
        // Another case of what a condition looks at already: its matter, not a way out of it.
        let link = self.looked_at_by(link);
        let list: Vec<usize> = {
            let mut list: Vec<usize> = list.into_iter().filter(|at| *at != link.from).collect();
            list.push(link.from);
            list
        };
        let verdict = self.verdict_on(&link);
        let (yes, _) = match self.written_from(condition, &link) {
            Some(given) => self.judged_by(condition, given, &link)?,
            None => self.condition(condition, &link, list)?,
        };
        // "if the label is bug, create an issue": of what was labelled.
        if let (Some(matter), Binding::From { step, .. }) = (verdict, &yes) {
            self.canvas.bind(*step, "yes_value", Binding::From { step: matter.from, output: matter.output });
        }
        self.lead_by(made, &link, yes)?;
        self.settle(from, None)
    }

    /// A new text without a gap says the same whatever comes: what it waits for is looked at, and lets it go out.
    fn behind_fixed(&self, link: Link, from: usize) -> Link {
        let fixed = |at: usize| {
            let format = self.canvas.value(at, "format").and_then(Value::as_str);
            at >= from && format.is_some_and(|format| !format.contains("{{"))
        };
        match self.canvas.main_link(link.from).filter(|_| fixed(link.from)) {
            Some(before) => before,
            None => link,
        }
    }

    /// Where a new step would take what only says where something goes: what the agent works on.
    fn not_from_a_place(&mut self, link: Link, from: usize) -> Link {
        let content = |name: &str| {
            matches!(name, "prompt_values" | "values" | "input_value" | "items" | "text")
                || self.canvas.known.is_content(name)
        };
        let old: Vec<Link> = self.canvas.links_out(link.from).into_iter().filter(|other| other.to < from).collect();
        let place =
            self.canvas.is_door(link.from) && !old.is_empty() && !old.iter().any(|other| content(outer(&other.input)));
        let Some(source) = self.first_work().filter(|_| place).and_then(|at| self.canvas.main_link(at)) else {
            return link;
        };
        if !link.input.is_empty() {
            self.canvas.route((source.from, &source.output), link.to, &link.input);
        }
        Link { from: source.from, output: source.output, ..link }
    }

    /// Where a new step would take from one way out of a condition of the agent: what this looks at.
    fn looked_at_by(&mut self, link: Link) -> Link {
        let judges = self.canvas.is(link.from, |block| block.id == special::AI_CONDITION);
        let source = self.canvas.links_into(link.from).find(|other| judges && outer(&other.input) == "input_value");
        let Some(source) = source else { return link };
        if !link.input.is_empty() {
            self.canvas.route((source.from, &source.output), link.to, &link.input);
        }
        Link { from: source.from, output: source.output, ..link }
    }

    /// "the invoice is over 1000 euros" of a text that was written from `invoice`: this is looked at, not the text.
    pub(super) fn written_from(&self, condition: &str, link: &Link) -> Option<(usize, String)> {
        let clause = bare_condition(condition).to_lowercase();
        let mut words = clause.strip_prefix("the ")?.split_whitespace();
        let noun = words
            .next()
            .filter(|_| words.next().is_some_and(|next| matches!(next, "is" | "has" | "was" | "mentions")))?;
        // A verdict on the page is what is asked about.
        let prompt = self.canvas.value(link.from, "prompt").and_then(Value::as_str).unwrap_or_default();
        if prompt.to_lowercase().contains("whether") {
            return None;
        }
        let name = format!("prompt_values_#_{noun}");
        let source =
            self.canvas.links_into(link.from).find(|other| other.input == name && self.canvas.thinks(other.to))?;
        Some((source.from, source.output))
    }

    /// "tell Slack": what sends there, whatever it is called.
    pub(super) fn told_there(&self, wanted: &Wanted) -> Vec<usize> {
        let words: Vec<String> = wanted.words.iter().skip(1).cloned().collect();
        let place = Wanted { words, exact: String::new(), ..wanted.clone() };
        let best = if place.words.is_empty() { Vec::new() } else { self.canvas.best(&place, Among::Working) };
        best.into_iter().filter(|at| self.canvas.delivers(*at)).collect()
    }

    /// What a step judged that answers with a word or a label, and gives nothing else of it.
    fn verdict_on(&self, link: &Link) -> Option<Link> {
        let prompt = self.canvas.value(link.from, "prompt").and_then(Value::as_str)?.to_lowercase();
        let short = ["one word", "classify", "label", "category", "yes or no", "single word"];
        let verdict = self.canvas.thinks(link.from) && short.iter().any(|words| prompt.contains(words));
        self.canvas.main_link(link.from).filter(|_| verdict && !link.input.is_empty())
    }

    /// In one case something new is sent, in all others what is sent now.
    pub(super) fn otherwise(&mut self, condition: &str) -> Result<(), Refused> {
        let text = self.act_text();
        let mut sends = self.canvas.working();
        sends.retain(|at| self.canvas.delivers(*at));
        let [at] = *sends.as_slice() else { return Err(self.lost(&self.operation.said)) };
        if !self.sends(&text) {
            return Err(self.lost(&self.operation.said));
        }
        // "if it is positive", where a condition lets through what is negative: that stays as it is, and the same is looked at.
        let up = self.canvas.upstream(at);
        let contrary = |judge: &usize| {
            let there = self.canvas.value(*judge, "condition").and_then(Value::as_str);
            up.get(*judge) == Some(&true)
                && there.is_some_and(|there| TABLES.contrary(there, bare_condition(condition)))
        };
        if let Some(judge) = self.canvas.working().into_iter().find(contrary) {
            let down = self.canvas.downstream(judge);
            let beside = |at: &usize| *at != judge && down.get(*at) == Some(&false);
            let list = self.canvas.order().iter().copied().filter(beside).collect();
            return self.add_from(&text, condition, list);
        }
        self.guard(at, condition, true)?;
        self.add_under(&text, condition)
    }

    /// A new step runs only when this way out of a condition is taken.
    pub(super) fn lead_by(&mut self, made: usize, link: &Link, way: Binding) -> Result<(), Refused> {
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
    pub(super) fn same_condition(&self, condition: &str) -> Option<Binding> {
        let known = self.canvas.known;
        let wanted = crate::patcher::canvas::words::words(known, bare_condition(condition));
        let told: Vec<&String> =
            wanted.iter().filter(|word| !matches!(word.as_str(), "not" | "is" | "isnt" | "unless")).collect();
        let at = self.canvas.working().into_iter().find(|at| {
            let field = self.canvas.value(*at, "condition").and_then(Value::as_str).unwrap_or_default();
            let names = crate::patcher::canvas::words::words(known, field);
            let shared = names.iter().filter(|name| told.contains(name)).count();
            !names.is_empty() && shared == names.len()
        })?;
        let output = if condition.to_lowercase().starts_with("unless ") { "no_output" } else { "yes_output" };
        Some(Binding::From { step: at, output: output.to_owned() })
    }

    /// What `data` gives, once `comes` has come.
    pub(super) fn hold_until(&mut self, comes: Binding, data: Binding) -> Binding {
        let store = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: special::STORE_VALUE.to_owned(),
            title: "Wait for it".to_owned(),
            says: String::new(),
            inputs: vec![
                Input { name: "input".to_owned(), binding: comes },
                Input { name: "data".to_owned(), binding: data },
            ],
        }]);
        Binding::From { step: store, output: "output".to_owned() }
    }

    /// A step with a fixed text runs when this comes.
    pub(super) fn wait_on(&mut self, at: usize, way: &Binding) {
        let Some(field) = self.text_of(at) else { return };
        let Some(text) = self.canvas.value(at, &field.name).cloned() else { return };
        let held = self.hold_until(way.clone(), Binding::Value(text));
        self.canvas.bind(at, &field.name, held);
    }
}
