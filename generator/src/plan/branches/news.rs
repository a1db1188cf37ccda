//! What kind of news a trigger waits for: "a new remote position shows up" is not any change of the page.

use serde_json::json;

use crate::{
    catalogue::schema::Types,
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, names},
            occasion::CHANGES,
        },
        model::Binding,
        steps::{
            build::{Branch, Builder},
            draft::{self, Flow, NOWHERE},
        },
        wording::english,
    },
    reading::{Argument, Determiner, Phrase, Value},
};

/// Words of any news.
const ANY: [&str; 8] = ["new", "newest", "latest", "fresh", "recent", "another", "next", "more"];

impl<'r> Builder<'_, 'r> {
    /// Narrows what the guard lets through to what its clause names: of a text only what is new in it is named first.
    pub(in crate::plan) fn only_those(&mut self, guard: usize, act: &Act<'r>, phrases: &[&'r Phrase]) {
        let Some(yes) = self.branches.get(&guard).map(|branch| branch.yes) else { return };
        let Some(datum) = self.draft.data.get(yes).cloned() else { return };
        let Some(phrase) = phrases.iter().copied().find(|phrase| !phrase.head.is_empty()) else { return };
        if CHANGES.contains(&act.plain_lemma()) || self.known.is_generic(&phrase.head) && !self.tells_more(phrase) {
            return;
        }
        let text = english::tidy(self.text(&phrase.span)).to_owned();
        let text = if act.plain_lemma() == "mention" { format!("mention of {text}") } else { text };
        let bare = ["a ", "an ", "the ", "any "].iter().find_map(|word| text.strip_prefix(word)).unwrap_or(&text);
        let scope = self.scope.replace(guard);
        if datum.flow.is_list() {
            if self.tells_more(phrase) {
                let single = self.single(yes);
                self.check(guard, single, &format!("it is {}", english::with_article(bare)), None);
            }
        } else {
            let old = self
                .draft
                .data
                .iter()
                .rposition(|datum| datum.under == Some(guard) && datum.nouns.iter().any(|noun| noun == "before"));
            let bare = bare.strip_prefix("new ").unwrap_or(bare);
            let words = format!(
                "Name every {bare} that the new version has and the one before had not, with its link if it has one. Answer \"none\" if there is none"
            );
            let data: Vec<usize> = old.into_iter().chain([yes]).collect();
            let step = self.ask_model(act, &words, &[], &data, None);
            let made = self.draft.data.len();
            self.made(step, names(phrase), None, &data);
            self.check(guard, made, &format!("this names at least one {bare}"), None);
        }
        self.scope = scope;
    }

    /// Whether a datum is read from a file that the person gives.
    pub(in crate::plan) fn is_uploaded(&self, datum: usize) -> bool {
        let step = self.draft.data.get(datum).and_then(|datum| self.draft.step(datum.flow.step));
        step.is_some_and(|step| {
            step.inputs.iter().any(|input| match &input.binding {
                Binding::From { step, .. } => {
                    self.draft.block(*step).is_some_and(|block| block.name == "AgentFileInputBlock")
                }
                Binding::Value(_) => false,
            })
        })
    }

    /// Whether a phrase says more than that something is new.
    fn tells_more(&self, phrase: &Phrase) -> bool {
        phrase.tail.is_some() || phrase.modifiers.iter().any(|word| !ANY.contains(&word.as_str()))
    }

    /// "if it moves more than 5 %", "drops by 10 dollars": tested against what was there at the last run.
    pub(in crate::plan) fn moves(&mut self, guard: usize, act: &Act<'r>, datum: usize, question: &str) -> bool {
        let percent = |value: &Value| matches!(value, Value::Amount(amount) if amount.contains('%'));
        let by = act.arguments(&["by"]).any(|argument| !argument.phrase.values.is_empty());
        let moves = matches!(
            act.plain_lemma(),
            "move"
                | "drop"
                | "fall"
                | "rise"
                | "jump"
                | "increase"
                | "decrease"
                | "change"
                | "grow"
                | "shrink"
                | "dip"
                | "climb"
        );
        if !(moves && (by || act.values().any(|(_, value)| percent(value)))) {
            return false;
        }
        if !self.is_compared(datum) {
            self.only_new(guard, datum, true);
        }
        let now = self.branches.get(&guard).map_or(datum, |branch| branch.yes);
        let before = self.draft.data.iter().rposition(|datum| datum.nouns.iter().any(|noun| noun == "before"));
        let Some((before, flow)) = before.and_then(|before| self.take(before)).zip(self.take(now)) else {
            return false;
        };
        let flow = self.draft.fit(&flow, Types::STRING);
        let flows = draft::distinct(&[before, flow]);
        let lines: Vec<String> = flows
            .iter()
            .zip(["At the last run", "Now"])
            .map(|(flow, when)| format!("{when}: {{{{{}}}}}", flow.name))
            .collect();
        let both = self.draft.fill_in(&flows, &lines.join("\n\n"), "Put side by side what was there and what is there");
        self.check(guard, now, &format!("from the last run to now: {question}"), Some(both));
        self.done += 1;
        true
    }

    /// "those that mention a refund", "the ones about Rust": what was read before, and not all of it.
    pub(in crate::plan) fn picks(&mut self, act: &Act<'r>) {
        let some = |phrase: &&Phrase| matches!(phrase.head.as_str(), "those" | "one" | "ones");
        // "find duplicates and stale ones": not of one entry alone.
        let Some(phrase) = act.frame.objects.iter().find(some).filter(|_| act.frame.objects.len() < 2) else { return };
        let narrows = |argument: &&Argument| {
            argument.phrase.span.start <= phrase.span.end + 1
                && argument.phrase.services.is_empty()
                && !matches!(argument.preposition.as_str(), "to" | "into" | "via" | "by" | "on" | "of")
                // "sum up each one in a sentence" says how.
                && (phrase.determiner != Determiner::Each || argument.preposition == "about")
        };
        let argument = act.frame.arguments.iter().find(narrows);
        let end = match (&phrase.tail, argument) {
            (Some(tail), _) => tail.end,
            (None, Some(argument)) => argument.phrase.span.end,
            (None, None) => return,
        };
        let Some(at) = self.latest() else { return };
        let Some(datum) = self.draft.data.get_mut(at).filter(|datum| datum.flow.is_list() || datum.single) else {
            return;
        };
        datum.open.push(phrase.span.start..end);
        if self.is(act, Class::Tell) && self.forward(act).is_none() {
            return;
        }
        let single = self.single(at);
        self.only_fitting(single);
        self.cover.add(&(phrase.span.start..end));
    }

    /// "Check who has their birthday today, and send them a mail": each entry is checked by itself.
    pub(in crate::plan) fn picks_who(&mut self, act: &Act<'r>) -> bool {
        let looks =
            matches!(act.lemma().as_str(), "check" | "see" | "find" | "find out" | "look" | "determine" | "identify");
        let Some(who) = act.frame.complement.clone().filter(|_| looks && act.frame.objects.is_empty()) else {
            return false;
        };
        let asks = self.reading.tokens.get(who.start).and_then(crate::reading::Token::word);
        let goes_on = self.next_acts(act).take(1).any(|next| {
            let mut told = next.phrases();
            self.is(&next, Class::Tell) && told.any(|phrase| matches!(phrase.head.as_str(), "them" | "each" | "they"))
        });
        if asks != Some("who") || !goes_on {
            return false;
        }
        let list = if self.draft.has_data() { self.latest() } else { self.elsewhere() };
        let Some(list) = list.filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.flow.is_list())) else {
            return false;
        };
        let single = self.single(list);
        let scope = self.scope;
        if let Some(datum) = self.draft.data.get_mut(single) {
            datum.open.push(who.clone());
            datum.under = scope;
        }
        self.only_fitting(single);
        self.cover.close(&act.clause.span);
        self.done += 1;
        true
    }

    /// Lets a datum through the guard only if a model says that the condition holds for it, or for `of`.
    pub(in crate::plan) fn check(&mut self, guard: usize, carries: usize, condition: &str, of: Option<Flow>) {
        let Some(block) = self.known.catalogue.by_name("AIConditionBlock") else { return };
        let Some(through) = self.take(carries) else { return };
        let Some(carried) = self.draft.data.get(carries).cloned() else { return };
        let text = of.unwrap_or_else(|| self.draft.fit(&through, Types::STRING));
        let says = format!("Check if {condition}");
        let flows = [("input_value", text), ("yes_value", through.clone()), ("no_value", through)];
        let step = self.step_of(block, &says, &[("condition", json!(condition))], &flows);
        let (yes, no) = (self.way(step, "yes_output", &carried, guard), self.way(step, "no_output", &carried, NOWHERE));
        if let Some(no) = self.draft.data.get_mut(no) {
            no.made = false;
        }
        self.branch(guard, Branch { yes, no });
    }
}
