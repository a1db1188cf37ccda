//! Clauses that say how: titles, instructions, restrictions, manners.

use crate::{
    knowledge::capitalised,
    plan::{
        clauses::act::Act,
        model::{LeftOut, Reason},
        steps::{build::Builder, draft::Datum},
        wording::english,
    },
    reading::{Kind, Phrase, Role, Span},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Typeform to Slack:": where it starts and where it goes.
    pub(in crate::plan) fn title_clause(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        self.cover.add(&clause.span);
        let Some(act) = Act::of(self.reading, index) else { return };
        let form = act.services().into_iter().any(|service| self.known.is_kind(service, Kind::Form));
        let webhook = self.known.catalogue.by_name("GenericWebhookTriggerBlock");
        if let (true, false, Some(block)) = (form, self.triggered(), webhook)
            && let Some(phrase) = act.phrases().next()
        {
            self.read_with(block, &act, phrase);
        }
    }

    pub(in crate::plan) fn instruction(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        self.cover.add(&clause.span);
        let services = clause
            .frame
            .iter()
            .flat_map(|frame| frame.objects.iter().chain(frame.arguments.iter().map(|argument| &argument.phrase)));
        let foreign: Vec<String> = services
            .flat_map(|phrase| phrase.services.iter())
            .filter(|service| self.known.is_kind(service, Kind::Builder))
            .cloned()
            .collect();
        for name in foreign {
            self.leave(&name.clone(), Reason::NotSupported, &format!("this agent runs on its own, without {name}"));
        }
    }

    pub(in crate::plan) fn leave(&mut self, text: &str, reason: Reason, message: &str) {
        let text = english::tidy(text);
        if self.left.iter().any(|left| left.text.contains(text)) {
            return;
        }
        self.left.retain(|left| !text.contains(left.text.as_str()));
        if self.left.len() < LeftOut::MOST {
            let text = english::shortened(text, 300);
            self.left.push(LeftOut { text, reason, message: english::shortened(message, 300) });
        }
    }

    /// "Only unread ones": narrows what was read last, else goes to the prompt.
    pub(in crate::plan) fn restriction(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        let span = clause.span.clone();
        if self.covered(&span) || self.forbids(clause) {
            return;
        }
        if let Some(thinker) = self.thinker.filter(|_| self.draft.data.last().is_some_and(|datum| datum.made)) {
            let text = self.text(&span).to_owned();
            self.remark(thinker, &format!("Keep to this: {text}."));
            self.cover.add(&span);
        } else if let Some(datum) = self.latest() {
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.open.push(span.clone());
            }
            self.cover.add(&span);
        }
    }

    /// "In a friendly tone": for the text that is made before it in the sentence, else for the next.
    pub(in crate::plan) fn manner(&mut self, index: usize) {
        let Some(clause) = self.reading.clauses.get(index) else { return };
        if let Some(thinker) = self.thinker.filter(|_| !self.covered(&clause.span)) {
            let text = self.text(&clause.span).to_owned();
            self.remark(thinker, &format!("{}.", capitalised(&text)));
            self.cover.add(&clause.span);
        }
    }

    /// Manners and restrictions that stand next to an act and that nothing has taken up yet.
    pub(in crate::plan) fn manners(&mut self, act: &Act<'_>) -> Vec<String> {
        let sentence = act.clause.sentence;
        let mut found = Vec::new();
        for (at, clause) in self.reading.clauses.iter().enumerate() {
            let near = clause.sentence == sentence || clause.sentence == sentence + 1;
            let next_act = self
                .reading
                .clauses
                .get(act.index + 1..at)
                .unwrap_or_default()
                .iter()
                .any(|between| between.role == Role::Act && between.sentence != sentence);
            if near && !next_act && matches!(clause.role, Role::Manner) && !self.covered(&clause.span) {
                found.push(capitalised(self.text(&clause.span)));
                self.cover.add(&clause.span);
            }
        }
        found
    }

    pub(in crate::plan) fn covered(&self, span: &Span) -> bool {
        self.cover.open(self.reading, span).is_empty()
    }

    /// "Skip anything shorter than ten words", of entries that come one by one: whoever writes the message about one cannot drop
    /// it. Says so, and whether that is the case.
    pub(in crate::plan) fn drops_one(&mut self, act: &Act<'r>) -> bool {
        let drops = matches!(act.plain_lemma(), "skip" | "ignore" | "exclude" | "omit" | "disregard");
        let narrowed = |phrase: &&Phrase| {
            let open = matches!(phrase.head.as_str(), "anything" | "everything" | "one" | "ones" | "");
            let more = phrase.tail.is_some() || !phrase.modifiers.is_empty() || act.frame.objects.len() > 1;
            (open || self.known.is_generic(&phrase.head)) && (more || act.clause.span.end > phrase.span.end + 1)
        };
        let entry = |datum: &Datum| {
            !datum.made && !datum.receipt && !datum.flow.is_list() && !self.draft.is_asked(datum.flow.step)
        };
        let list = self.draft.data.iter().any(|datum| !datum.made && datum.flow.is_list() && !datum.single);
        let alone = !list && self.draft.data.iter().any(entry);
        let found = drops && alone && self.delivered > 0 && act.frame.objects.iter().any(|phrase| narrowed(&phrase));
        if found {
            self.leave(act.text(), Reason::NotSupported, "no step holds such an entry back: each goes on");
            self.cover.add(&act.clause.span);
        }
        found
    }

    /// "ignore punctuation", "tell me what is weak": said to the step that thinks about it already.
    pub(in crate::plan) fn minds(&mut self, act: &Act<'r>) -> bool {
        if self.drops_one(act) {
            return true;
        }
        let narrows = matches!(
            act.lemma().as_str(),
            "ignore"
                | "disregard"
                | "exclude"
                | "omit"
                | "avoid"
                | "leave out"
                | "leave away"
                | "focus"
                | "limit"
                | "skip"
        );
        // "leave names untouched"
        let last = act.clause.span.clone().rev().find_map(|at| self.reading.tokens.get(at)?.word());
        let untouched = matches!(act.plain_lemma(), "leave" | "keep")
            && last.is_some_and(|word| matches!(word, "untouched" | "unchanged" | "alone" | "are" | "is"));
        // "keep it short"
        let shaped = matches!(act.plain_lemma(), "keep" | "make")
            && matches!(act.frame.objects.as_slice(), [it, how] if it.pronoun && !self.known.is_person(&it.head) && is_manner(how));
        let narrows = narrows || untouched || shaped;
        // What was written before it went out can still mind what is narrowed.
        let minded = |datum: &Datum| datum.made || narrows && self.delivered > 0;
        let Some(thinker) = self.thinker.filter(|_| self.draft.data.last().is_some_and(minded)) else {
            return false;
        };
        let asks = act.frame.complement.clone().filter(|_| {
            matches!(act.plain_lemma(), "tell" | "say" | "show" | "explain" | "point")
                && act.frame.objects.is_empty()
                && self.channel(act).is_none()
                && self.reading.schedule.is_none()
                && !self.polls
                && !self.triggered()
                && self.next_acts(act).next().is_none()
        });
        let asks = asks.map(|span| self.text(&span)).filter(|text| {
            let first = text.split(' ').next().unwrap_or_default();
            matches!(first, "what" | "which" | "who" | "how" | "why" | "where" | "when")
        });
        match asks {
            Some(what) => self.remark(thinker, &format!("Also say {what}.")),
            None if narrows => self.remark(thinker, &format!("{}.", act.instruction())),
            None => return false,
        }
        self.cover.add(&act.clause.span);
        true
    }

    /// Adds a sentence to the prompt of a step.
    pub(in crate::plan) fn remark(&mut self, step: usize, text: &str) {
        use crate::plan::model::Binding;
        let focuses = self.draft.block(step).is_some_and(|block| block.input_type("focus").is_some());
        let Some(step) = self.draft.steps.get_mut(step) else { return };
        let bound = ["prompt", "format"].into_iter().find(|name| step.binding(name).is_some());
        let Some(name) = bound.or(focuses.then_some("focus")) else { return };
        let before = match step.binding(name) {
            Some(Binding::Value(serde_json::Value::String(text))) => text.clone(),
            Some(Binding::From { step, .. }) => {
                // What is filled in elsewhere is added to there.
                let at = *step;
                return if self.draft.steps.get(at).is_some_and(|step| step.binding("format").is_some()) {
                    self.remark(at, text);
                };
            }
            _ => String::new(),
        };
        if before.contains(text) {
            return;
        }
        let joined = match before.split_once("\n\n") {
            Some((words, data)) => format!("{words}\n{text}\n\n{data}"),
            None if before.is_empty() => text.to_owned(),
            None => format!("{before}\n{text}"),
        };
        step.bind(name, Binding::Value(serde_json::Value::from(joined)));
    }
}

/// "short", "as short as you can": a word that says how.
fn is_manner(phrase: &Phrase) -> bool {
    let bare = phrase.services.is_empty() && phrase.values.is_empty() && !phrase.plural && !phrase.pronoun;
    bare && phrase.determiner == crate::reading::Determiner::None
}
