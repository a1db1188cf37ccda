//! Conditions: what goes on in which case.

use serde_json::json;

use super::judge::is_case;
use crate::{
    catalogue::schema::Types,
    numbers,
    plan::{
        clauses::{
            act::{self, Act, names},
            narrowed::CROWD,
            occasion::CHANGES,
        },
        steps::{
            build::{Branch, Builder},
            draft::{self, Datum, Flow, NOWHERE},
        },
        wording::english,
    },
    reading::{Clause, Determiner, Phrase, Value},
};

/// Words of a condition about everything at once, not about one entry.
const ALL: [&str; 9] = ["any", "anything", "none", "nothing", "empty", "all", "there", "something", "no"];
const OPENERS: [&str; 19] = [
    "whether ",
    "should ",
    "as soon as ",
    "once ",
    "the moment ",
    "but only if ",
    "only if ",
    "but only when ",
    "only when ",
    "and if ",
    "but if ",
    "if ",
    "unless ",
    "when ",
    "whenever ",
    "in case ",
    "provided that ",
    "as long as ",
    "and only if ",
];

/// What a condition looks at, and what goes on through it.
#[derive(Debug, Clone, Copy)]
struct Test {
    looks_at: usize,
    carries: usize,
}

/// Without "if".
pub(super) fn bare(text: &str) -> &str {
    let text = text.strip_prefix("and ").unwrap_or(text);
    let lower = text.to_lowercase();
    let opener = OPENERS.iter().find(|opener| lower.starts_with(**opener));
    opener.and_then(|opener| text.get(opener.len()..)).unwrap_or(text)
}

/// "contains “sold out”": words that the text has to have as they stand.
fn written_out<'r>(act: &Act<'r>) -> Option<&'r str> {
    let has = matches!(act.plain_lemma(), "contain" | "mention" | "include") && !act.frame.negated;
    let mut values = act.values();
    match (values.next(), values.next()) {
        (Some((_, Value::Quoted(text))), None) if has => Some(text),
        _ => None,
    }
}

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn condition(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        let act = Act::of(self.reading, index);
        self.cover.add(&clause.span);
        if let Some(branch) = self.decision(clause) {
            return self.branch(index, branch);
        }
        // "if it is not assigned within 24 hours": nothing tells how long it was so.
        let lasts = |act: &Act<'_>| act.values().any(|(_, value)| matches!(value, Value::Duration(_)));
        let mails = |act: &Act<'_>| act.phrases().any(|phrase| self.is_mail(act, phrase));
        if act.is_some_and(|act| act.frame.negated && lasts(&act) && !mails(&act)) && !self.draft.has_data() {
            return self.block(index);
        }
        if act.is_some_and(|act| self.compares_count(index, &act)) {
            return;
        }
        let Some(test) = self.tested(index, act) else { return self.block(index) };
        let changes = act.is_some_and(|act| CHANGES.contains(&act.plain_lemma()) || act.lemma() == "be different");
        // "only on a state change"
        let named = act
            .is_some_and(|act| act.frame.verb.is_none() && act.phrases().any(|phrase| phrase.head.ends_with("change")));
        if changes || named {
            // "Watch the page, and when it changes …": looked at already.
            if self.is_compared(test.looks_at) {
                return self.branch(index, Branch { yes: test.looks_at, no: test.looks_at });
            }
            return self.only_new(index, test.looks_at, true);
        }
        let bare = bare(self.text(&clause.span)).to_owned();
        if let Some(act) = act
            && self.moves(index, &act, test.looks_at, &bare)
        {
            return;
        }
        if let Some(branch) = self.fails(index, test.looks_at) {
            return self.branch(index, branch);
        }
        let list = self.draft.data.get(test.carries).is_some_and(|datum| datum.flow.is_list());
        let whole = self.words(clause).any(|word| ALL.contains(&word))
            || act.is_some_and(|act| {
                act.frame
                    .subject
                    .iter()
                    .any(|phrase| matches!(phrase.determiner, Determiner::Count(_) | Determiner::All))
            });
        // "when more than 5 rows are overdue": all of them together.
        let many = |phrase: &Phrase| matches!(phrase.determiner, Determiner::Count(_)) && phrase.plural;
        let several = |act: Act<'_>| self.operator(&act).is_some() && act.phrases().any(many);
        let whole = whole || act.is_some_and(several);
        // "for each order whose total is above 200": looked at one by one, whatever the answer of an API is.
        let each = act.is_some_and(|act| {
            act.frame.verb.is_none() && act.frame.objects.iter().any(|phrase| phrase.determiner == Determiner::Each)
        });
        let list = list || each && !self.draft.data.get(test.carries).is_some_and(|datum| datum.single);
        let test = if list && !whole && test.looks_at == test.carries {
            let single = self.changed_alone(index, test.carries);
            let single = self.single(single);
            Test { looks_at: single, carries: single }
        } else {
            test
        };
        let (Some(looked), Some(carried)) =
            (self.draft.data.get(test.looks_at).cloned(), self.draft.data.get(test.carries).cloned())
        else {
            return;
        };
        let (Some(flow), Some(mut through)) = (self.take(test.looks_at), self.take(test.carries)) else { return };
        if carried.nouns.iter().any(|noun| noun == "count") && carried.flow.types.is_within(Types::INTEGER) {
            through = self.said_number(&through);
        }
        let carried = Datum { flow: through.clone(), ..carried };
        let text = self.text(&clause.span);
        let question = self.question_of(clause, &carried, text);
        let question = self.of_watched(index, &looked, question);
        let says = act::sentence(&format!("Check if {question}"));
        let pattern = self.known.catalogue.by_name("MatchTextPatternBlock").zip(act.as_ref().and_then(written_out));
        let pattern = pattern.filter(|_| flow.types.is_within(Types::STRING));
        let (met, missed) = if pattern.is_some() { ("positive", "negative") } else { ("yes_output", "no_output") };
        let numeric = if pattern.is_some() { None } else { self.numeric(&act, &looked) };
        let step = match numeric {
            Some((number, operator, against)) => {
                let Some(block) = self.known.catalogue.by_name("ConditionBlock") else { return self.block(index) };
                let values = [("operator", json!(operator)), ("value2", numbers::plain(against))];
                self.step_of(block, &says, &values, &[("value1", number)])
            }
            None if let Some((block, text)) = pattern => self.step_of(
                block,
                &says,
                &[("match", json!(crate::text::escaped(text)))],
                &[("text", flow), ("data", through.clone())],
            ),
            None => {
                let Some(block) = self.known.catalogue.by_name("AIConditionBlock") else { return self.block(index) };
                let entry = if looked.flow.fields.is_empty() && !flow.is_list() {
                    flow.clone()
                } else {
                    self.draft.fit(&flow, Types::STRING)
                };
                self.step_of(block, &says, &[("condition", json!(question))], &[("input_value", entry)])
            }
        };
        // What goes on is the entry itself, not what was looked at.
        if let Some(step) = self.draft.steps.get_mut(step)
            && !["input_value", "value1", "data"].iter().any(|name| step.binding(name) == Some(&through.binding()))
        {
            step.bind("yes_value", through.binding());
            step.bind("no_value", through.binding());
        }
        let (yes, no) = if text.to_lowercase().starts_with("unless") { (missed, met) } else { (met, missed) };
        let (yes, no) = (self.way(step, yes, &carried, index), self.way(step, no, &carried, NOWHERE));
        // Looked at again and again: told once, not each time.
        let again = self.polls && !list && !carried.single && !carried.made;
        let (yes, no) = if again { self.told_once(index, yes, no) } else { (yes, no) };
        self.branch(index, Branch { yes, no });
        self.cases.push((index, test.looks_at));
        self.done += 1;
    }

    pub(in crate::plan) fn way(&mut self, step: usize, output: &str, of: &Datum, under: usize) -> usize {
        let mut out = self.draft.flow(step, output);
        (out.fields, out.types, out.name) = (of.flow.fields.clone(), of.flow.types, of.flow.name.clone());
        self.draft.data.push(Datum {
            flow: out,
            each: None,
            used: true,
            open: Vec::new(),
            under: Some(under),
            ..of.clone()
        });
        self.draft.data.len() - 1
    }

    /// What a condition is about: what the case before let by, what it names (read if need be), else what was made last.
    fn tested(&mut self, index: usize, act: Option<Act<'r>>) -> Option<Test> {
        if let Some((before, looked)) = self.case_before(index) {
            let carries = self.way_past(before)?;
            let judged = self.judged.iter().any(|(made, _)| *made == looked);
            return Some(Test { looks_at: if judged { looked } else { carries }, carries });
        }
        let both = |looks_at: usize| Test { looks_at, carries: looks_at };
        // "if there are more than 10 of them": of the list, not of what was written about it.
        let counts = act.is_some_and(|act| {
            let them = act.frame.arguments.iter().any(|of| of.preposition == "of" && of.phrase.head == "them");
            them && act.plain_lemma() == "be"
        });
        let list = |datum: &Datum| datum.flow.is_list() && !datum.receipt && !datum.made;
        if counts
            && let Some(carries) = self.latest()
            && let Some(looks_at) = self.draft.data.iter().rposition(list)
        {
            return Some(Test { looks_at, carries });
        }
        let phrases: Vec<&'r Phrase> = act.iter().flat_map(|act| act.phrases().collect::<Vec<_>>()).collect();
        let mut found =
            phrases.iter().find_map(|phrase| self.refer(phrase).filter(|_| !phrase.head.is_empty() || phrase.pronoun));
        if found.is_none()
            && let Some(act) = act
        {
            let services = act.services();
            // "If a pull request has more than 20 files": looked at when it is opened.
            let one = act.frame.subject.iter().any(|phrase| phrase.determiner == Determiner::Some);
            if one
                && !self.draft.has_data()
                && self.reading.schedule.is_none()
                && !self.triggered()
                && let Some(block) = self.trigger_block(&act, &self.event_phrases(&act))
            {
                found = self.start(&act, block, &self.event_phrases(&act));
            }
            let source = phrases.iter().copied().find(|phrase| {
                self.source_of(&act, phrase, &services).is_some_and(|source| source.named || !self.draft.has_data())
            });
            if found.is_none()
                && let Some(phrase) = source
            {
                let polls = self.polls;
                // "for every row that is late": those that are there.
                let waits = act.frame.verb.is_some() || phrase.determiner != Determiner::Each;
                self.polls = polls || waits && self.reading.schedule.is_none();
                found = self.fetch(&act, phrase, &services);
                // What a person uploads is not there again and again.
                self.polls = polls || self.polls && !found.is_some_and(|found| self.is_uploaded(found));
            }
            // "If the PDF that I upload …"
            let handed = || phrases.iter().copied().find(|phrase| phrase.services.is_empty() && self.handed(phrase));
            if found.is_none()
                && let Some(phrase) = handed()
            {
                found = Some(self.ask_for(phrase));
            }
        }
        let found = found.or_else(|| act.and_then(|act| self.own_answer(&act))).or_else(|| self.undelivered());
        let found = found.or_else(|| self.elsewhere());
        let found = found.or_else(|| act.and_then(|act| self.looked_up(&act)));
        let found = found.or_else(|| {
            let asked =
                phrases.iter().find(|phrase| !phrase.pronoun && self.known.is_askable(&phrase.head)).copied()?;
            Some(self.ask_for(asked))
        })?;
        let file = self.draft.data.get(found).and_then(|datum| self.draft.block(datum.flow.step));
        let file = file.is_some_and(|block| block.name == "AgentFileInputBlock");
        let found = if file { self.in_full(found) } else { found };
        let step = self.draft.data.get(found)?.flow.step;
        let judged = self
            .judged
            .iter()
            .rev()
            .find(|(made, _)| self.draft.data.get(*made).is_some_and(|made| made.flow.step == step))
            .copied();
        // "Classify the ticket. If it is urgent, …": the ticket goes on, not its class.
        let about = judged.or_else(|| self.judged.iter().rev().find(|(_, origin)| *origin == found).copied());
        Some(about.map_or_else(|| both(found), |(made, origin)| Test { looks_at: made, carries: origin }))
    }

    /// What was made last; a message that went out tells nothing more of what it was about.
    fn undelivered(&self) -> Option<usize> {
        let latest = self.latest()?;
        let data = &self.draft.data;
        let sent =
            data.get(latest).is_some_and(|datum| datum.made) && data.iter().skip(latest).any(|datum| datum.receipt);
        let read = |datum: &Datum| !datum.made && !datum.receipt && self.is_there(datum);
        let read = data.iter().take(latest).rposition(read).filter(|_| sent);
        Some(read.unwrap_or(latest))
    }

    fn words(&self, clause: &Clause) -> impl Iterator<Item = &'r str> + use<'r, 'k> {
        let reading = self.reading;
        clause.span.clone().filter_map(move |at| reading.tokens.get(at)?.word())
    }

    /// The condition as a statement for a model: without "if"; "bad ones" is said of the thing itself.
    fn question_of(&self, clause: &Clause, datum: &Datum, text: &str) -> String {
        let named = clause.frame.iter().filter(|_| is_case(clause)).find_map(|frame| frame.objects.first());
        let kind =
            named.filter(|phrase| phrase.head.is_empty() && !phrase.pronoun).map(|phrase| phrase.modifiers.join(" "));
        let text = kind.as_deref().or(named.map(|phrase| self.text(&phrase.span))).unwrap_or(text);
        let bare = bare(text);
        let noun = datum.nouns.iter().find(|noun| !self.known.is_generic(noun)).map_or("entry", String::as_str);
        let untold = clause.frame.as_ref().and_then(|frame| frame.subject.as_ref());
        if untold.is_some_and(|subject| subject.span.is_empty()) {
            let bare = bare.trim_start_matches("and ").trim_start_matches("but ");
            let link = if bare.split(' ').next().is_some_and(|word| word.ends_with("ing")) { "is " } else { "" };
            return format!("the {noun} {link}{bare}");
        }
        // "8 or higher:"
        let range = clause.frame.as_ref().is_some_and(|frame| {
            frame.verb.is_none()
                && frame.objects.first().is_some_and(|phrase| phrase.head.is_empty() && !phrase.values.is_empty())
        });
        if range && bare.len() == text.len() {
            return format!("the value is {}", bare.trim_end_matches(':'));
        }
        // "each customer whose invoice is overdue": a noun alone is no statement.
        let noun_alone = clause.frame.as_ref().is_some_and(|frame| {
            frame.verb.is_none() && frame.objects.iter().any(|phrase| !phrase.head.is_empty() && !phrase.pronoun)
        });
        if noun_alone && bare.len() == text.len() && !is_case(clause) {
            let crowd = bare.split_once(' ').filter(|(first, _)| CROWD.contains(first));
            let relative = crowd.map_or(bare, |(_, rest)| rest);
            if ["whose ", "who ", "that "].iter().any(|word| relative.starts_with(word)) {
                return format!("the {noun} is one {relative}");
            }
            let plain = bare.trim_start_matches("each ").trim_start_matches("every ");
            return format!("this is one of: {plain}");
        }
        if !is_case(clause) {
            return bare.to_owned();
        }
        let bare = bare.trim_start_matches("for ").trim_end_matches(" ones").trim_end_matches(" one");
        format!("the {noun} is {}", bare.to_lowercase())
    }

    /// "over 100": a number that is compared as one, with the value it is compared to.
    pub(super) fn numeric(&mut self, act: &Option<Act<'_>>, datum: &Datum) -> Option<(Flow, &'static str, f64)> {
        let act = act.as_ref()?;
        let against = act.values().find_map(|(_, value)| match value {
            Value::Number(number) => Some(*number),
            Value::Amount(amount) => {
                amount.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect::<String>().parse().ok()
            }
            _ => None,
        })?;
        let operator = self.operator(act)?;
        let types = datum.flow.types;
        let number = !types.is_any() && (types.is_within(Types::NUMBER) || types.is_within(Types::INTEGER));
        if number {
            return Some((datum.flow.clone(), operator, against));
        }
        // A part of a structured answer: "the score".
        let keys: Vec<String> = act.phrases().flat_map(names).map(|name| draft::slug(&name)).collect();
        let key =
            keys.into_iter().find(|key| datum.made && !datum.flow.is_list() && datum.flow.fields.contains(key))?;
        let block = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let says = format!("Take the {} out of it", key.replace('_', " "));
        let step = self.step_of(block, &says, &[("key", json!(key))], &[("input", datum.flow.clone())]);
        let part = self.draft.flow(step, "output");
        Some((self.draft.fit(&part, Types::NUMBER), operator, against))
    }

    /// Nothing tells whether the condition holds: what depends on it is not done unasked.
    pub(in crate::plan) fn block(&mut self, index: usize) {
        self.blocked.push(index);
        let Some(clause) = self.reading.clauses.get(index) else { return };
        let text = english::shortened(self.text(&clause.span), 90);
        self.done += 1;
        self.question(
            &format!("Where can the agent see whether this is so: \"{text}\"?"),
            "condition",
            "In the newest row of my Google Sheet",
        );
    }

    /// Whether something that the clause depends on could not be built.
    pub(in crate::plan) fn is_blocked(&self, index: usize) -> bool {
        let mut guard = Some(index);
        for _ in 0..self.reading.clauses.len() {
            let Some(at) = guard else { return false };
            if self.blocked.contains(&at) {
                return true;
            }
            guard = self.reading.clauses.get(at).and_then(|clause| clause.under);
        }
        false
    }
}
