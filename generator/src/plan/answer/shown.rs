//! What a step is to mind and does not see: "the most upvoted", where no votes are read.

use std::collections::HashSet;

use crate::{
    catalogue::special,
    knowledge::is_text_model,
    plan::{
        clauses::act::{Act, core},
        model::{Binding, Reason},
        steps::{build::Builder, lost},
    },
    reading::{Role, Token, Value},
};

/// Words for something about an entry, and parts of the names under which an entry has it.
const SHOWN: [(&str, &str); 7] = [
    ("upvoted upvotes upvote popular voted votes top-rated trending karma hottest", "score ups vote rating karma"),
    ("label labels labelled labeled tag tags tagged", "label tag fields categor"),
    ("assignee assignees assigned unassigned milestone", "assign fields milestone"),
    ("closed merged archived", "state status closed merged archived fields"),
    ("commented comments replies", "comment repl fields body"),
    ("liked likes views viewed watched shares", "like view share fields"),
    ("oldest stale", "date time created updated fields _at"),
];

impl<'k, 'r> Builder<'k, 'r> {
    /// A word of an act that works on entries of which that is not read.
    pub(in crate::plan) fn leave_unshown(&mut self) {
        let asks = |role: Role| matches!(role, Role::Act | Role::Restriction | Role::Condition | Role::Loop);
        let mut found = Vec::new();
        for (index, clause) in self.reading.clauses.iter().enumerate().filter(|(_, clause)| asks(clause.role)) {
            // "Tag each mail as urgent": what is done, and not what is seen.
            let verb = clause.frame.as_ref().and_then(|frame| frame.verb.as_ref()).map(|verb| verb.span.clone());
            for at in clause.span.clone().filter(|at| verb.as_ref().is_none_or(|verb| !verb.contains(at))) {
                let Some(word) = self.reading.tokens.get(at).and_then(Token::word) else { continue };
                let Some((_, fields)) = SHOWN.iter().find(|(words, _)| words.split(' ').any(|known| known == word))
                else {
                    continue;
                };
                if self.is_unseen(index, word, fields) {
                    found.push(lost::around(self.reading, clause, at));
                    break;
                }
            }
        }
        for span in found {
            self.leave(self.text(&span), Reason::NotSupported, "what is read does not show this");
        }
        self.leave_ages();
        self.leave_subjects();
    }

    /// "Open for more than 3 days": what is read has no date.
    fn leave_ages(&mut self) {
        let asks = |role: Role| matches!(role, Role::Condition | Role::Trigger | Role::Restriction);
        let mut found = Vec::new();
        for (index, clause) in self.reading.clauses.iter().enumerate().filter(|(_, clause)| asks(clause.role)) {
            let lasts = clause.span.clone().find(|at| {
                let token = self.reading.tokens.get(*at);
                let before = (at.saturating_sub(3)..*at).filter_map(|at| self.reading.tokens.get(at)?.word());
                matches!(token.and_then(Token::value), Some(Value::Duration(_)))
                    && before.into_iter().any(|word| matches!(word, "for" | "than" | "over" | "least" | "since"))
            });
            let timed = |at: usize| {
                self.reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(&at))
            };
            if let Some(at) = lasts.filter(|at| !timed(*at))
                && self.is_unseen(index, "", "date time created updated fields _at")
            {
                found.push(lost::around(self.reading, clause, at));
            }
        }
        for span in found {
            self.leave(self.text(&span), Reason::NotSupported, "what is read does not show how long");
        }
    }

    /// "Only posts about releases": no search, filter or prompt has the word.
    fn leave_subjects(&mut self) {
        let mut said = String::new();
        for step in self.draft.every_step() {
            let gives = self.known.catalogue.by_id(&step.block).is_some_and(|block| block.is_agent_output());
            for input in step.inputs.iter().filter(|input| !gives && input.name != "format") {
                if let Binding::Value(value) = &input.binding {
                    said.push_str(&value.to_string().to_lowercase());
                }
            }
        }
        let asked: Vec<String> = self.draft.every_step().map(|step| step.title.to_lowercase()).collect();
        let mut found = Vec::new();
        for index in 0..self.reading.clauses.len() {
            let Some(act) = Act::of(self.reading, index) else { continue };
            let reads = act.clause.role == Role::Trigger
                || act.clause.role == Role::Act && self.known.is(&act.lemma(), crate::knowledge::Class::Fetch);
            let built = self.built.iter().any(|(at, steps)| *at == index && !steps.is_empty());
            if !reads || !built && act.clause.role == Role::Act {
                continue;
            }
            for argument in act.arguments(&["about", "regarding", "concerning", "mentioning", "containing"]) {
                let phrase = &argument.phrase;
                let words: Vec<&str> = core(phrase)
                    .filter_map(|at| self.reading.tokens.get(at))
                    .map(|token| token.raw(&self.reading.text))
                    .filter(|word| word.len() > 2)
                    .collect();
                let there = |word: &&str| {
                    let word = word.trim_matches('"').to_lowercase();
                    let stem: String = word.chars().take(word.chars().count().saturating_sub(1).max(3)).collect();
                    said.contains(&stem) || asked.iter().any(|title| title.contains(&stem))
                };
                if !phrase.pronoun && !words.is_empty() && !words.iter().any(there) {
                    found.push(phrase.span.start.saturating_sub(1)..phrase.span.end);
                }
            }
        }
        for span in found {
            self.leave(self.text(&span), Reason::NotSupported, "no step looks for this: all of it is taken");
        }
    }

    fn is_unseen(&self, index: usize, word: &str, fields: &str) -> bool {
        // What is to be put there is no part of what is read: "add the label bug".
        let act = Act::of(self.reading, index);
        let puts = act.is_some_and(|act| {
            let named = || {
                act.frame.objects.iter().any(|phrase| word.starts_with(phrase.head.as_str()) && !phrase.head.is_empty())
            };
            match act.plain_lemma() {
                "add" | "label" | "tag" | "assign" | "set" | "apply" => true,
                "give" | "suggest" | "propose" | "pick" | "choose" => named(),
                lemma => self.known.composes(lemma) && named(),
            }
        });
        if puts {
            return false;
        }
        let own = self.built.iter().filter(|(at, _)| *at == index).flat_map(|(_, steps)| steps.clone());
        let own: Vec<usize> = own.collect();
        let behind: HashSet<usize> = match own.as_slice() {
            [] => (0..self.draft.steps.len()).collect(),
            own => own.iter().flat_map(|at| self.behind(*at)).collect(),
        };
        let known = self.known;
        let mut seen = false;
        for at in &behind {
            let Some(block) = self.draft.block(*at) else { continue };
            let bridges = block.is_agent_input()
                || block.is_agent_output()
                || is_text_model(block)
                || known.delivers(block)
                || matches!(block.id.as_str(), special::TEMPLATE | special::CONVERTER)
                || ["ListDifference", "StepThroughItems", "Information", "Condition", "List", "FindInDictionary"]
                    .iter()
                    .any(|name| {
                        block.name.trim_end_matches("Block").ends_with(name) && !block.name.starts_with("Github")
                    });
            if bridges {
                continue;
            }
            let read: Vec<&String> = self
                .draft
                .data
                .iter()
                .filter(|datum| datum.flow.step == *at)
                .flat_map(|datum| &datum.flow.fields)
                .collect();
            let shows = |field: &&String| fields.split(' ').any(|part| field.contains(part));
            // "labelled receipts": asked for where it is read.
            let asked = self.draft.step(*at).is_some_and(|step| {
                let query =
                    |value: &Binding| matches!(value, Binding::Value(value) if value.to_string().contains("label:"));
                word.starts_with("label") && step.inputs.iter().any(|input| query(&input.binding))
            });
            if asked {
                return false;
            }
            // A page, a row: whatever is there is seen.
            if read.is_empty() || read.iter().any(shows) || !word.is_empty() && self.says(*at, word) {
                return false;
            }
            seen = true;
        }
        seen
    }

    /// Whether a fixed value of a step has the word: `label:"Receipts"`.
    pub(in crate::plan) fn says(&self, step: usize, word: &str) -> bool {
        let stem = word.trim_end_matches('s').trim_end_matches("ed");
        self.draft.step(step).is_some_and(|step| {
            step.inputs.iter().any(|input| {
                matches!(&input.binding, Binding::Value(value) if value.to_string().to_lowercase().contains(stem))
            })
        })
    }
}
