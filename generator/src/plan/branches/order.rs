//! The order in which the clauses are built, and the conditions that they wait behind.

use super::judge::JUDGES;
use crate::{
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, names},
            approval,
        },
        model::Reason,
        steps::build::{Branch, Builder, Part},
    },
    reading::{Determiner, Mark, Phrase, Role},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// A condition that stands behind an act only holds back what goes out, not what is read for it.
    pub(in crate::plan) fn delivers(&self, index: usize) -> bool {
        Act::of(self.reading, index).is_none_or(|act| {
            if self.weighs(&act) || self.watches_page(&act) {
                return false;
            }
            let goes_out =
                |act: &Act<'_>| [Class::Tell, Class::Store, Class::Change].iter().any(|class| self.is(act, *class));
            let read = |phrase: &Phrase| self.fetchable(&act, phrase);
            let reads = act.frame.objects.iter().any(read) && self.channel(&act).is_none();
            if self.is(&act, Class::Fetch) {
                // "open a ticket" makes one, "open the page" reads it.
                let makes = self.is(&act, Class::Make)
                    && act.frame.objects.iter().any(|phrase| phrase.determiner == Determiner::Some);
                return !reads && (goes_out(&act) || makes);
            }
            // "Compare the prices of … and tell me when …": the telling waits.
            let later = |next: Act<'_>| next.clause.under == act.clause.under && goes_out(&next);
            goes_out(&act)
                || self.channel(&act).is_some()
                || !reads && !act.origins().into_iter().any(read)
                || !self.next_acts(&act).take(4).any(later)
        })
    }

    /// "Score it, and mail me if the score is over 7": the score is there before it is looked at.
    pub(in crate::plan) fn makes_what_is_tested(&self, index: usize, guard: usize) -> bool {
        let (Some(act), Some(test)) = (Act::of(self.reading, index), Act::of(self.reading, guard)) else {
            return false;
        };
        let made = self.known.results(act.plain_lemma());
        self.is(&act, Class::Think) && test.frame.subject.iter().flat_map(names).any(|noun| made.contains(&noun))
    }

    /// "Compare the prices and tell me if one is low": the condition is about what comes out of it.
    fn weighs(&self, act: &Act<'_>) -> bool {
        let weighs = JUDGES.contains(&act.lemma().as_str())
            || matches!(act.plain_lemma(), "compare" | "calculate" | "count" | "measure" | "compute");
        let later = self.reading.clauses.iter().skip(act.index + 1).take(4);
        weighs
            && later.filter(|next| next.role == Role::Act && next.under == act.clause.under).any(|next| {
                let lemma = next.frame.as_ref().and_then(|frame| frame.verb.as_ref()).map(|verb| verb.lemma.as_str());
                lemma.is_some_and(|lemma| self.known.is(lemma, Class::Tell))
            })
    }

    /// The clauses in the order in which they are built: what a person lets through stands behind the approval.
    pub(in crate::plan) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.reading.clauses.len()).collect();
        for at in 1..order.len() {
            let Some(clause) = self.reading.clauses.get(at).filter(|clause| approval::is_sign_off(clause)) else {
                continue;
            };
            let first = clause.span.clone().any(|token| {
                self.reading
                    .tokens
                    .get(token)
                    .and_then(|token| token.word())
                    .is_some_and(|word| matches!(word, "first" | "before" | "beforehand"))
            });
            let before = (0..at).rev().find(|before| {
                first
                    && Act::of(self.reading, *before).is_some_and(|act| {
                        let answers = matches!(act.plain_lemma(), "answer" | "reply" | "respond");
                        let sends = self.delivers(*before) && self.channel(&act).is_some();
                        act.clause.role == Role::Act && (sends || answers)
                    })
            });
            if let Some(before) = before {
                let moved = order.remove(at);
                order.insert(before, moved);
            }
        }
        // "Write a changelog: read the issues, send it by mail": written when they are read.
        for at in 0..order.len() {
            let same = |next: &usize| {
                let here = self.reading.clauses.get(at).map(|clause| clause.sentence);
                self.reading.clauses.get(*next).map(|clause| clause.sentence) == here
            };
            let acts = || (at + 1..order.len()).take(8).take_while(same).filter_map(|next| Act::of(self.reading, next));
            let writes = |act: &Act<'_>| {
                self.known.composes(act.plain_lemma())
                    && act.frame.objects.iter().any(|phrase| self.is_product(act, phrase))
            };
            let headline = Act::of(self.reading, at).is_some_and(|act| {
                let last = act.clause.span.clone().next_back().and_then(|at| self.reading.tokens.get(at)?.mark());
                act.clause.role == Role::Act && last == Some(Mark::Colon) && writes(&act)
            });
            let reads =
                |act: &Act<'_>| self.is(act, Class::Fetch) && act.phrases().any(|phrase| self.fetchable(act, phrase));
            let last = acts().filter(reads).last().map(|act| act.index);
            if let Some(last) =
                last.filter(|_| headline && order.get(at) == Some(&at) && !acts().any(|act| writes(&act)))
            {
                order.get_mut(at..=last).into_iter().for_each(|part| part.rotate_left(1));
            }
        }
        // "Find subscriptions by going through my statement": gone through first.
        for at in 1..order.len() {
            let by = self.reading.clauses.get(at).is_some_and(|clause| {
                let mut words = clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
                clause.role == Role::Act
                    && words.next() == Some("by")
                    && clause.frame.as_ref().is_some_and(|frame| frame.verb.is_some())
            });
            let reads = Act::of(self.reading, at)
                .is_some_and(|act| self.is(&act, Class::Fetch) && !act.frame.objects.is_empty());
            let before = Act::of(self.reading, at - 1).is_some_and(|act| act.clause.role == Role::Act);
            if by && reads && before && order.get(at) == Some(&at) {
                order.swap(at - 1, at);
            }
        }
        // "One message with: the weather, my calendar": what is in it is read first.
        for at in 0..order.len() {
            let entry = |at: usize| {
                let clause = self.reading.clauses.get(at)?;
                let verbless = clause.frame.as_ref().is_some_and(|frame| frame.verb.is_none());
                (clause.role == Role::Act && verbless).then_some(())
            };
            let entries = (at + 1..order.len()).take_while(|next| entry(*next).is_some()).count();
            let holds = Act::of(self.reading, at).is_some_and(|act| self.holds_list(&act));
            if holds && entries > 0 && order.get(at) == Some(&at) {
                order.get_mut(at..=at + entries).into_iter().for_each(|part| part.rotate_left(1));
            }
        }
        order
    }

    /// "Send me a mail with:"
    fn holds_list(&self, act: &Act<'_>) -> bool {
        let last = act.clause.span.clone().rev().find_map(|at| {
            let token = self.reading.tokens.get(at)?;
            token.word().map(|word| matches!(word, "with" | "containing" | "of" | "including"))
        });
        let carrier = act.frame.objects.iter().any(|phrase| self.known.is_carrier(&phrase.head));
        act.clause.role == Role::Act && carrier && last == Some(true)
    }

    /// An act under a guard that could not be built is said to be left out.
    pub(in crate::plan) fn hold_back(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(act) = Act::of(self.reading, index) {
            if self.out_of_reach(&act) {
                return;
            }
            if let Some(name) = self.foreign_service(&act) {
                return self.unknown_service(&act, &name, Part::Source);
            }
        }
        let text = self.text(&clause.span).to_owned();
        self.leave(&text, Reason::NeedsData, "nothing here tells when it is to be done");
        self.cover.add(&clause.span);
    }

    /// What a guard does not let through.
    pub(in crate::plan) fn way_past(&self, guard: usize) -> Option<usize> {
        self.branches.get(&guard).map(|branch| branch.no)
    }

    /// An act that a step of another one does.
    pub(in crate::plan) fn pass_over(&mut self, index: usize) {
        self.entered.push(index);
        if let Some(clause) = self.reading.clauses.get(index) {
            self.cover.add(&clause.span);
        }
    }

    pub(in crate::plan) fn branch(&mut self, guard: usize, branch: Branch) {
        self.branches.insert(guard, branch);
    }

    /// The datum that the guard of the present act lets through.
    pub(in crate::plan) fn gate(&self) -> Option<usize> {
        let mut guard = self.scope;
        while let Some(index) = guard {
            if let Some(branch) = self.branches.get(&index) {
                return Some(branch.yes);
            }
            guard = self.reading.clauses.get(index).and_then(|clause| clause.under);
        }
        None
    }
}
