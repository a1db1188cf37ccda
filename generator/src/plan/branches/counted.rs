//! "if the number of open issues goes over 100", "there are more than 20 open pull requests": counted, and compared as a
//! number.

use serde_json::json;

use crate::{
    catalogue::{Action, Block, schema::Types},
    knowledge::{Class, Slot},
    plan::{
        acts::prompt::is_state,
        clauses::act::{self, Act, names},
        model::{Binding, Input, Reason},
        steps::{
            build::{Branch, Builder},
            draft::{self, Flow, NOWHERE},
            fill::Fill,
        },
        wording::english,
    },
    reading::{Determiner, Phrase},
};

/// Words for how many there are.
const NUMBERS: [&str; 3] = ["number", "count", "amount"];

impl<'k, 'r> Builder<'k, 'r> {
    /// Goes on only if there are so many. Returns whether the clause asks for that, and it can be counted.
    pub(in crate::plan) fn compares_count(&mut self, index: usize, act: &Act<'r>) -> bool {
        let Some(thing) = self.counted(act).filter(|_| !act.frame.negated) else { return false };
        let Some(block) = self.known.catalogue.by_name("ConditionBlock") else { return false };
        if self.operator(act).is_none() || self.counter(act, thing).is_none() && !self.fetchable_list(act, thing) {
            return false;
        }
        self.polls |= self.reading.schedule.is_none() && !self.triggered();
        let Some(number) = self.count_of(act, thing) else { return false };
        let Some(looked) = self.draft.data.get(number).cloned() else { return false };
        let against = match thing.determiner {
            Determiner::Count(count) => Some(f64::from(count)),
            _ => self.numeric(&Some(*act), &looked).map(|(_, _, against)| against),
        };
        let Some((operator, against)) = self.operator(act).zip(against) else { return false };
        let said = self.said_number(&looked.flow);
        let carried = self.draft.given(said.clone(), looked.nouns.clone());
        let Some(carried) = self.draft.data.get(carried).cloned() else { return false };
        let says = act::sentence(&format!("Check if {}", super::condition::bare(act.text())));
        let values = [("operator", json!(operator)), ("value2", crate::numbers::plain(against))];
        let flows = [("value1", looked.flow.clone()), ("yes_value", said.clone()), ("no_value", said)];
        let step = self.step_of(block, &says, &values, &flows);
        let (yes, no) = (self.way(step, "yes_output", &carried, index), self.way(step, "no_output", &carried, NOWHERE));
        let (yes, no) = if self.polls { self.told_once(index, yes, no) } else { (yes, no) };
        self.branch(index, Branch { yes, no });
        self.cases.push((index, number));
        self.done += 1;
        true
    }

    /// "check the number of open issues": counted before anything is done with it. Returns whether that is all.
    pub(in crate::plan) fn counts_first(&mut self, act: &Act<'r>) -> bool {
        let head = |phrase: &&Phrase| NUMBERS.contains(&phrase.head.as_str()) && self.refer(phrase).is_none();
        let of = act.frame.objects.iter().find(head).and_then(|number| counted_by(act, number));
        // "count the open issues"
        let all = |phrase: &&Phrase| act.plain_lemma() == "count" && phrase.plural && phrase.tail.is_none();
        let of = of.or_else(|| act.frame.objects.first().filter(all).filter(|_| act.frame.objects.len() == 1));
        let reads = (self.is(act, Class::Fetch) || act.plain_lemma() == "count") && act.frame.objects.len() == 1;
        let Some(thing) = of.filter(|thing| self.counter(act, thing).is_some() || self.fetchable_list(act, thing))
        else {
            return false;
        };
        if self.count_of(act, thing).is_none() {
            return false;
        }
        self.done += usize::from(reads);
        if reads && !self.is(act, Class::Tell) {
            self.cover.add(&act.clause.span);
        }
        reads && !self.is(act, Class::Tell)
    }

    /// What a count says: "Number of open issues: 12".
    pub(in crate::plan) fn said_number(&mut self, flow: &Flow) -> Flow {
        let label = crate::knowledge::capitalised(&flow.name.replace('_', " "));
        let format = format!("{label}: {{{{{}}}}}", flow.name);
        self.draft.fill_in(std::slice::from_ref(flow), &format, "Say how many there are")
    }

    /// How a condition compares, as its words tell: "over", "at least".
    pub(super) fn operator(&self, act: &Act<'_>) -> Option<&'static str> {
        let words: Vec<&str> = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
        let said = |list: &[&str]| words.iter().any(|word| list.contains(word));
        Some(match () {
            () if words.windows(2).any(|two| matches!(two, ["at", "least"] | ["or", "more" | "higher" | "above"])) => {
                ">="
            }
            () if words
                .windows(2)
                .any(|two| matches!(two, ["at", "most"] | ["or", "less" | "lower" | "fewer" | "below"])) =>
            {
                "<="
            }
            () if said(&[
                "over", "above", "more", "exceeds", "exceed", "greater", "higher", "beyond", "passes", "pass",
            ]) =>
            {
                ">"
            }
            () if said(&["reaches", "reach"]) => ">=",
            () if said(&["under", "below", "less", "lower", "fewer"]) => "<",
            () if said(&["equals", "exactly"]) => "==",
            () => return None,
        })
    }

    /// The things that a condition counts.
    fn counted(&self, act: &Act<'r>) -> Option<&'r Phrase> {
        let subject = act.frame.subject.as_ref().filter(|subject| NUMBERS.contains(&subject.head.as_str()));
        if let Some(subject) = subject {
            return counted_by(act, subject);
        }
        let many = |phrase: &&Phrase| {
            matches!(phrase.determiner, Determiner::Count(_)) && !phrase.head.is_empty() && phrase.plural
        };
        let only = act.frame.objects.iter().all(|phrase| many(&phrase)) && act.frame.complement.is_none();
        let there = matches!(act.plain_lemma(), "be" | "have" | "exist" | "contain") && only;
        act.phrases().find(many).filter(|phrase| there && phrase.tail.is_none())
    }

    fn fetchable_list(&self, act: &Act<'_>, thing: &Phrase) -> bool {
        let source = self.source_of(act, thing, &act.services());
        self.refer(thing).is_some()
            || source.is_some_and(|source| !source.block.trigger && source.block.name != "SearchTheWebBlock")
    }

    /// The block that tells the number by itself, and by which output: "open_issues" of a repository.
    fn counter(&self, act: &Act<'_>, thing: &Phrase) -> Option<(&'k Block, String)> {
        let catalogue = &self.known.catalogue;
        let own = self.source_of(act, thing, &act.services()).and_then(|source| {
            let service = self.known.meaning(source.block).service.as_deref();
            service.map(str::to_owned)
        });
        let services = act.services().into_iter().map(str::to_owned).chain(own);
        let outputs: Vec<String> = names(thing).iter().map(|noun| draft::slug(&english::plural(noun))).collect();
        services.into_iter().find_map(|service| {
            let blocks = catalogue.blocks_of(&service).iter().filter_map(|at| catalogue.blocks().get(*at));
            let gets = blocks.filter(|block| self.known.meaning(block).action == Action::Get && !block.trigger);
            gets.into_iter().find_map(|block| {
                let number = |output: &&String| {
                    block.output_type(output).is_some_and(|types| !types.is_any() && types.is_within(Types::INTEGER))
                };
                Some((block, outputs.iter().find(number)?.clone()))
            })
        })
    }

    /// Counts what a phrase names.
    fn count_of(&mut self, act: &Act<'r>, thing: &'r Phrase) -> Option<usize> {
        let name = format!("number of {}", english::plural(names(thing).first()?));
        let list = self.refer(thing).filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.flow.is_list()));
        let number = match (list, self.counter(act, thing)) {
            (None, Some((block, output))) => {
                let says = format!("Get the {name}");
                let step = self.apply(block, Fill { act: Some(*act), says, ..Fill::default() });
                self.draft.flow(step, &output)
            }
            (list, _) => {
                let list = list.or_else(|| self.fetch(act, thing, &act.services()))?;
                self.all_of(list);
                // "more than 100 pending orders": a list is counted as it was read.
                let state = thing.modifiers.iter().find(|word| is_state(word) && !self.is_read_by(word)).cloned();
                if let Some(state) = state {
                    self.leave(&state, Reason::NotSupported, "all that was read is counted, in whatever state it is");
                }
                let flow = self.take(list).filter(Flow::is_list).map(|flow| self.read_whole(flow))?;
                let block = self.known.catalogue.by_name("CountItemsBlock")?;
                let step = self.step_of(block, &format!("Get the {name}"), &[], &[("collection", flow)]);
                self.draft.flow(step, "count")
            }
        };
        let flow = Flow { name: draft::slug(&name), ..number };
        self.cover.add(&act::core(thing));
        Some(self.draft.given(flow, vec![name, "number".to_owned(), "count".to_owned()]))
    }

    /// "Monitor the orders, and alert me when there are more than 100": of all of them, not of those that are new.
    fn read_whole(&self, flow: Flow) -> Flow {
        let from = |step: usize, input: &str| match self.draft.step(step)?.binding(input)? {
            Binding::From { step, output } => Some((*step, output.clone())),
            Binding::Value(_) => None,
        };
        let fresh = from(flow.step, "yes_value").filter(|(_, output)| output == "difference");
        match fresh.and_then(|(step, _)| from(step, "list_a")) {
            Some((step, output)) => Flow { name: flow.name, ..self.draft.flow(step, &output) },
            None => flow,
        }
    }

    /// A step that reads says the word itself.
    fn is_read_by(&self, word: &str) -> bool {
        let said = |input: &Input| matches!(&input.binding, Binding::Value(value) if value.to_string().contains(word));
        self.draft.steps.iter().any(|step| step.inputs.iter().any(said))
    }

    /// "more than 20": all of them are counted, not the first 20.
    fn all_of(&mut self, list: usize) {
        let Some(datum) = self.draft.data.get_mut(list) else { return };
        datum.flow.first = None;
        let step = datum.flow.step;
        let known = self.known;
        if let Some(step) = self.draft.steps.get_mut(step) {
            step.inputs.retain(|input| known.slot(&input.name) != Slot::Limit);
        }
    }
}

/// "the number **of open issues**"
fn counted_by<'r>(act: &Act<'r>, number: &Phrase) -> Option<&'r Phrase> {
    let of = act.arguments(&["of"]).map(|argument| &argument.phrase);
    of.filter(|of| of.span.start > number.span.start && !of.pronoun).min_by_key(|of| of.span.start)
}
