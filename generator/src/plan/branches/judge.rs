//! Cases: what an act said something is, and what is done with each kind.

use serde_json::Value as Json;

use crate::{
    plan::{
        clauses::{act::Act, kinds},
        model::Binding,
        steps::{build::Builder, draft::Datum},
    },
    reading::{Clause, Determiner, Phrase, Role},
};

impl Builder<'_, '_> {
    /// The case that was told before this one, and what it looked at.
    pub(in crate::plan) fn case_before(&self, index: usize) -> Option<(usize, usize)> {
        let clause = self.reading.clauses.get(index)?;
        if !is_case(clause) {
            return None;
        }
        let before = self.cases.iter().rev().find(|(guard, _)| {
            self.reading
                .clauses
                .get(*guard)
                .is_some_and(|before| *guard < index && before.under == clause.under && is_case(before))
        })?;
        Some(*before)
    }

    /// "if it cannot answer": seen in what it answered.
    pub(in crate::plan) fn own_answer(&self, act: &Act<'_>) -> Option<usize> {
        let none = |phrase: &Phrase| phrase.head == "answer" && phrase.determiner == Determiner::No;
        let able = matches!(act.plain_lemma(), "answer" | "know" | "help") && act.frame.negated
            || act.frame.objects.iter().any(none);
        let answer = |datum: &Datum| datum.made && datum.nouns.iter().any(|noun| noun == "answer");
        self.draft.data.iter().rposition(answer).filter(|_| able)
    }

    /// An act that says what something is, like a class or a score: later conditions ask for it.
    pub(in crate::plan) fn note_judgement(&mut self, index: usize, data: usize) {
        let Some(act) = Act::of(self.reading, index).filter(|act| JUDGES.contains(&act.lemma().as_str())) else {
            return;
        };
        let made =
            (data..self.draft.data.len()).rev().find(|at| self.draft.data.get(*at).is_some_and(|datum| datum.made));
        let Some(made) = made else { return };
        let origin = self.origin(made).filter(|_| act.clause.role == Role::Act);
        let Some(origin) = origin else { return };
        self.judged.push((made, origin));
    }

    /// Whether an act tells kinds apart that cases after it name.
    pub(in crate::plan) fn tells_kinds(&self, index: usize) -> bool {
        let cases = self.reading.clauses.iter().skip(index + 1).filter(|clause| is_case(clause)).take(2);
        cases.count() > 0 && kinds::kinds(self.reading, index).len() > 1
    }

    /// What a model's answer is about: the datum that went into its prompt.
    pub(in crate::plan) fn origin(&self, made: usize) -> Option<usize> {
        let mut steps = vec![self.draft.data.get(made)?.flow.step];
        for _ in 0..8 {
            let step = steps.pop()?;
            for input in &self.draft.step(step)?.inputs {
                let Binding::From { step, output } = &input.binding else { continue };
                let found = self
                    .draft
                    .data
                    .iter()
                    .position(|datum| datum.flow.step == *step && datum.flow.output == *output && !datum.receipt);
                if found.is_some() {
                    return found;
                }
                steps.push(*step);
            }
        }
        None
    }

    /// The classes that the cases after a judgement name, so that its answer uses the same words.
    pub(in crate::plan) fn name_cases(&mut self, index: usize) {
        let Some(thinker) = self.thinker else { return };
        if self.judged.is_empty() || self.case_before(index).is_some() {
            return;
        }
        let labels: Vec<String> = self
            .reading
            .clauses
            .iter()
            .skip(index)
            .filter(|clause| clause.role == Role::Condition && is_case(clause))
            .filter_map(|clause| clause.frame.as_ref()?.objects.first().map(|phrase| phrase.modifiers.join(" ")))
            .filter(|label| !label.is_empty())
            .collect();
        let bound = self.draft.steps.get(thinker).and_then(|step| step.binding("prompt"));
        if labels.len() > 1 && matches!(bound, Some(Binding::Value(Json::String(_)))) {
            let rest = self.reading.clauses.iter().skip(index).any(|clause| matches!(clause.role, Role::Otherwise(_)));
            let other = if rest { ", or: other" } else { "" };
            self.remark(thinker, &format!("Use these words: {}{other}.", labels.join(", ")));
        }
    }
}

/// Verbs whose answer says what kind a thing is.
pub(in crate::plan) const JUDGES: [&str; 20] = [
    "classify",
    "categorise",
    "sort",
    "prioritise",
    "score",
    "rate",
    "judge",
    "evaluate",
    "assess",
    "detect",
    "determine",
    "decide",
    "find out",
    "identify",
    "check",
    "validate",
    "verify",
    "analyse",
    "work out",
    "grade",
];

/// "Urgent:", "bad ones": a kind of thing, not a sentence.
pub(in crate::plan) fn is_case(clause: &Clause) -> bool {
    clause.role == Role::Condition
        && clause.frame.as_ref().is_some_and(|frame| {
            frame.verb.is_none()
                && frame.objects.iter().any(|phrase| {
                    matches!(phrase.head.as_str(), "" | "one" | "ones")
                        && (!phrase.modifiers.is_empty() || phrase.pronoun)
                        && phrase.values.is_empty()
                })
        })
}
