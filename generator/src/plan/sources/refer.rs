//! What the words of a goal refer to: data that is there, by its name, by "it", or by being the latest.

use crate::{
    catalogue::special,
    plan::{
        clauses::act::{is_report, names},
        model::Reason,
        steps::{
            build::{Branch, Builder},
            draft::{self, Datum, Flow},
        },
    },
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// A part of a structured result that a phrase speaks of: "the action items" of what was pulled out.
    pub(in crate::plan) fn part(&mut self, phrase: &Phrase) -> Option<usize> {
        // "a welcome mail" is none of what is there.
        if phrase.head.is_empty() || phrase.pronoun || phrase.determiner == Determiner::Some {
            return None;
        }
        let keys: Vec<String> = names(phrase).iter().map(|name| draft::slug(name)).collect();
        let index = self.draft.data.iter().rposition(|datum| {
            datum.made
                && self.is_there(datum)
                && !datum.flow.is_list()
                && datum.flow.fields.len() > 1
                && keys.iter().any(|key| datum.flow.fields.contains(key))
        })?;
        let block = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let datum = self.draft.data.get(index)?.clone();
        let key = keys.into_iter().find(|key| datum.flow.fields.contains(key))?;
        let says = format!("Take the {} out of it", key.replace('_', " "));
        let step = self.step_of(block, &says, &[("key", serde_json::json!(key))], &[("input", datum.flow.clone())]);
        let mut flow = self.draft.flow(step, "output");
        flow.name.clone_from(&key);
        if let Some(datum) = self.draft.data.get_mut(index) {
            datum.used = true;
        }
        self.draft.data.push(Datum { flow, nouns: vec![phrase.head.clone()], each: None, used: false, ..datum });
        Some(self.draft.data.len() - 1)
    }

    /// The datum that a phrase speaks of.
    pub(in crate::plan) fn refer(&self, phrase: &Phrase) -> Option<usize> {
        if phrase.pronoun {
            if !self.known.is_person(&phrase.head) {
                return self.latest();
            }
            // "When someone signs up, add them to the sheet": what came with them.
            let came = |datum: &Datum| {
                let event = self.draft.block(datum.flow.step).is_some_and(|block| block.trigger);
                event && datum.single && !datum.made && matches!(phrase.head.as_str(), "them" | "him" | "her")
            };
            return self.draft.data.iter().rposition(|datum| came(datum) && self.is_there(datum));
        }
        if phrase.head.is_empty() {
            return None;
        }
        let found = names(phrase).iter().find_map(|name| self.named(name));
        // "Get the issues and my events, and send a combined report": a new one of all of them, and no bug report.
        let report = phrase.determiner == Determiner::Some && is_report(&phrase.head);
        let found = found.filter(|found| {
            let datum = self.draft.data.get(*found);
            !report
                || datum.is_some_and(|datum| {
                    datum.made || names(phrase).first().is_some_and(|name| datum.nouns.contains(name))
                })
        });
        // "When an issue is opened, post the open issues": not the one that started it.
        let found = found.filter(|found| {
            let event = self
                .draft
                .data
                .get(*found)
                .and_then(|datum| self.draft.block(datum.flow.step))
                .is_some_and(|block| block.trigger);
            let asked = phrase.plural
                && phrase.modifiers.iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "open" | "other" | "latest" | "recent" | "last" | "existing" | "similar" | "previous"
                    )
                });
            !(event && asked)
        });
        // "count them and send the list": what the act before made, not what it was made of.
        let outcome = phrase.determiner == Determiner::The
            && phrase.modifiers.is_empty()
            && phrase.tail.is_none()
            && phrase.values.is_empty()
            && (self.known.is_outcome(&phrase.head) || self.known.is_generic(&phrase.head));
        let made = |at: usize| self.draft.data.get(at).is_some_and(|datum| datum.made);
        let newer = self
            .latest()
            .filter(|latest| outcome && made(*latest) && found.is_none_or(|found| found < *latest && !made(found)));
        newer.or(found).or_else(|| self.known.is_generic(&phrase.head).then(|| self.latest()).flatten())
    }

    /// "log all orders": whatever came in, each time that something does.
    pub(in crate::plan) fn every_event(&self, objects: &[&Phrase]) -> Option<usize> {
        let all = |phrase: &&&Phrase| {
            matches!(phrase.determiner, Determiner::All | Determiner::Each) && self.refer(phrase).is_none()
        };
        objects.iter().find(all)?;
        self.draft.data.iter().position(|datum| {
            let event = self.draft.block(datum.flow.step).is_some_and(|block| block.trigger);
            event && !datum.made && !datum.receipt && self.is_there(datum)
        })
    }

    /// The newest datum that is called so.
    pub(in crate::plan) fn named(&self, noun: &str) -> Option<usize> {
        let last = noun.rsplit(' ').next().unwrap_or(noun);
        let gate = self.gate().filter(|gate| self.is_called(*gate, noun) || self.is_called(*gate, last));
        gate.or_else(|| {
            let exact = |datum: &Datum| datum.nouns.iter().any(|known| known == noun);
            let near =
                |datum: &Datum| datum.nouns.iter().any(|known| known == last || known.rsplit(' ').next() == Some(last));
            let of = |test: &dyn Fn(&Datum) -> bool| {
                self.draft.data.iter().rposition(|datum| !datum.receipt && self.in_scope(datum) && test(datum))
            };
            // "today's meetings" are what the calendar gave.
            let source = self.known.source(noun).map(|block| &block.id);
            let read = |datum: &Datum| {
                !datum.made && source.is_some() && self.draft.block(datum.flow.step).map(|block| &block.id) == source
            };
            of(&exact).or_else(|| of(&near)).or_else(|| of(&read))
        })
    }

    fn is_called(&self, datum: usize, noun: &str) -> bool {
        self.draft.data.get(datum).is_some_and(|datum| datum.nouns.iter().any(|known| known == noun))
    }

    /// In scope, or what the present guard lets through.
    pub(in crate::plan) fn is_there(&self, datum: &Datum) -> bool {
        self.in_scope(datum)
            || self
                .gate()
                .and_then(|gate| self.draft.data.get(gate))
                .is_some_and(|gate| (gate.flow.step, &gate.flow.output) == (datum.flow.step, &datum.flow.output))
    }

    /// Everything that the block of `datum` read beside it: the other feeds, the other pages.
    pub(in crate::plan) fn siblings(&self, datum: usize) -> Vec<usize> {
        let of = |at: usize| {
            let datum: &Datum = self.draft.data.get(at)?;
            let step = self.draft.step(datum.flow.step)?;
            let read = !datum.receipt && !datum.made && !datum.single && datum.flow.step >= self.draft.old;
            read.then(|| (step.block.clone(), datum.under, datum.flow.output.clone()))
        };
        let Some(own) = of(datum) else { return vec![datum] };
        (0..self.draft.data.len()).filter(|at| of(*at).as_ref() == Some(&own)).collect()
    }

    /// A datum of another branch is not there in this one.
    fn in_scope(&self, datum: &Datum) -> bool {
        if self.is_refused_here(datum) {
            return false;
        }
        let Some(under) = datum.under else { return true };
        let mut guard = self.scope;
        while let Some(index) = guard {
            if index == under {
                return true;
            }
            guard = self.reading.clauses.get(index).and_then(|clause| clause.under);
        }
        false
    }

    /// "If it is rejected, …": what was approved is not there.
    fn is_refused_here(&self, datum: &Datum) -> bool {
        let Some((Branch { yes, no }, gate)) = self.approval.zip(self.gate()) else { return false };
        let other = match gate {
            gate if gate == yes => no,
            gate if gate == no => yes,
            _ => return false,
        };
        let place = |datum: &Datum| (datum.flow.step, datum.flow.output.clone());
        self.draft.data.get(other).is_some_and(|other| place(other) == place(datum))
    }

    /// What was made last, in the present branch.
    pub(in crate::plan) fn latest(&self) -> Option<usize> {
        let fresh = self
            .draft
            .data
            .iter()
            .rposition(|datum| !datum.receipt && self.in_scope(datum) && datum.under == self.scope);
        match (self.gate(), fresh) {
            (Some(gate), Some(fresh)) if self.scope.is_some() && fresh > gate => Some(fresh),
            (Some(gate), _) => Some(gate),
            (None, _) => self.draft.data.iter().rposition(|datum| !datum.receipt && self.in_scope(datum)),
        }
    }

    /// What no step took yet; else what was made last.
    pub(in crate::plan) fn pending(&self) -> Vec<usize> {
        let open: Vec<usize> = self
            .draft
            .data
            .iter()
            .enumerate()
            .filter(|(_, datum)| !datum.receipt && !datum.used && self.in_scope(datum))
            .map(|(at, _)| at)
            .collect();
        if let Some(gate) = self.gate() {
            let after: Vec<usize> = open.into_iter().filter(|at| *at > gate).collect();
            return if after.is_empty() { vec![gate] } else { after };
        }
        if open.is_empty() { self.latest().into_iter().collect() } else { open }
    }

    pub(in crate::plan) fn take(&mut self, datum: usize) -> Option<Flow> {
        let datum = self.draft.data.get_mut(datum)?;
        datum.used = true;
        Some(datum.flow.clone())
    }

    /// The same datum, one entry after the other.
    pub(in crate::plan) fn single(&mut self, index: usize) -> usize {
        let Some(datum) = self.draft.data.get(index).cloned() else { return index };
        if datum.single || datum.receipt {
            return index;
        }
        let flow = match &datum.each {
            Some(each) if datum.flow.first.is_none() => {
                let mut flow = self.draft.flow(datum.flow.step, each);
                flow.fields.clone_from(&datum.flow.fields);
                flow
            }
            // Another platform may have nothing that repeats.
            _ if self.known.catalogue.by_id(special::EACH_ITEM).is_none() => {
                let mut words =
                    self.reading.tokens.iter().filter(|token| matches!(token.word(), Some("each" | "every")));
                let said = words.next_back().map(|token| token.raw(&self.reading.text).to_owned());
                if let Some(said) = said {
                    self.leave(
                        &said,
                        Reason::NoBlock,
                        "no block takes the entries of a list one by one, so they go on together",
                    );
                }
                return index;
            }
            _ if datum.flow.is_list() || datum.flow.first.is_some() || datum.flow.types.is_any() => {
                self.draft.one_by_one(&datum.flow)
            }
            _ => return index,
        };
        if let Some(old) = self.draft.data.get_mut(index) {
            old.used = true;
        }
        let single = Datum { flow, each: None, single: true, used: false, under: self.scope, ..datum };
        self.draft.data.push(single);
        self.draft.data.len() - 1
    }
}
