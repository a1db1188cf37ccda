//! "Nothing is sent without me", "never publish on its own", "don't send anything": what must not happen is no act, and
//! where the agent does it all the same that is said.

use crate::{
    catalogue::{Action, Block},
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, sentence},
            approval::CONSENT,
            consent,
        },
        model::{Binding, Reason, Step},
        steps::{build::Builder, draft::Datum},
    },
    reading::{Clause, Determiner, Frame, Phrase, Role, Span, Token},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Nothing is sent without me": what a person says to it, if that is asked for.
    pub(in crate::plan) fn awaited_of_person(&self) -> Option<String> {
        const ALONE: [&str; 4] = ["automatically", "autonomously", "own", "itself"];
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        let asked = |(at, clause): &(usize, &Clause)| {
            let who = clause.span.clone().any(|at| match word(at) {
                Some("without") => word(at + 1)
                    .is_some_and(|word| matches!(word, "me" | "us" | "my" | "our") || CONSENT.contains(&word)),
                Some(word) => ALONE.contains(&word),
                None => false,
            });
            let acts = matches!(clause.role, Role::Act | Role::Restriction) && self.always(clause);
            let who = who || self.decided_behind(*at).is_some();
            who && acts && clause.frame.as_ref().is_some_and(|frame| frame.negated && self.speaks_of_all(frame))
        };
        let (at, clause) = self.reading.clauses.iter().enumerate().find(asked)?;
        let end = self.decided_behind(at).map_or(clause.span.end, |until| until.span.end);
        let text = self.text(&(clause.span.start..end));
        Some(sentence(["but ", "and "].iter().find_map(|joint| text.strip_prefix(joint)).unwrap_or(text)))
    }

    /// Said of every run, and not of a case.
    fn always(&self, clause: &Clause) -> bool {
        clause.under.and_then(|guard| self.reading.clauses.get(guard)).is_none_or(|guard| guard.role == Role::Trigger)
    }

    /// "… before I approve it": until when nothing goes out.
    fn decided_behind(&self, at: usize) -> Option<&'r Clause> {
        let next = self.reading.clauses.get(at + 1).filter(|next| next.role == Role::Restriction)?;
        let first = self.reading.tokens.get(next.span.start).and_then(Token::word);
        let frame = next.frame.as_ref().filter(|_| matches!(first, Some("before" | "until" | "unless")))?;
        consent::agrees(self.known, self.reading, next, frame).then_some(next)
    }

    /// Whether a clause says of everything that it is not to go out. Whoever writes a text has nothing to mind there.
    pub(in crate::plan) fn forbids(&mut self, clause: &Clause) -> bool {
        let Some(frame) = clause.frame.as_ref().filter(|frame| frame.negated && self.always(clause)) else {
            return false;
        };
        let lemma = frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str());
        let sends = self.known.is(lemma, Class::Tell)
            || matches!(lemma, "publish" | "post" | "release" | "deliver" | "go" | "leave");
        if !sends || !self.speaks_of_all(frame) {
            return false;
        }
        self.forbidden.push(clause.span.clone());
        let at = self.reading.clauses.iter().position(|known| std::ptr::eq(known, clause));
        if let Some(until) = at.and_then(|at| self.decided_behind(at)) {
            self.cover.close(&until.span);
        }
        self.cover.close(&clause.span);
        true
    }

    fn speaks_of_all(&self, frame: &Frame) -> bool {
        let all = |phrase: &Phrase| {
            let whole = phrase.pronoun || phrase.head == "nothing" || self.known.is_carrier(&phrase.head);
            whole && phrase.tail.is_none() && phrase.values.is_empty() && phrase.modifiers.is_empty()
        };
        let aside = ["without", "by", "on", "before", "until"];
        frame.complement.is_none()
            && frame.objects.iter().chain(&frame.subject).chain(&frame.recipients).all(all)
            && frame
                .arguments
                .iter()
                .all(|argument| aside.contains(&argument.preposition.as_str()) && argument.phrase.services.is_empty())
    }

    /// What goes out although the goal says that nothing does.
    pub(in crate::plan) fn leave_forbidden(&mut self) {
        let asks = self.draft.steps.iter().any(|step| self.block_is(step, |name| name == "HumanInTheLoopBlock"));
        if asks || !self.draft.steps.iter().any(|step| self.step_sends(step)) {
            return;
        }
        let spans: Vec<Span> = std::mem::take(&mut self.forbidden);
        for span in spans {
            self.leave(
                self.text(&span),
                Reason::NotSupported,
                "no step holds this back: the agent sends whenever it runs",
            );
        }
    }

    /// "Write me a mail once it is cheap", while nobody looks: what no step sends reaches nobody.
    pub(in crate::plan) fn leave_untold_person(&mut self) {
        let alone = self.reading.schedule.is_some() || self.polls || self.triggered();
        if !alone || !self.questions.is_empty() || self.draft.steps.iter().any(|step| self.step_sends(step)) {
            return;
        }
        let me = |phrase: &Phrase| matches!(phrase.head.as_str(), "me" | "us");
        let told = self.acts_built().into_iter().find(|(act, _)| {
            let writes = act.plain_lemma() == "write"
                && act.frame.objects.iter().any(|phrase| self.known.is_carrier(&phrase.head));
            let tells = writes
                || self.is(act, Class::Tell)
                    && matches!(
                        act.plain_lemma(),
                        "send" | "mail" | "email" | "message" | "tell" | "notify" | "alert" | "text" | "ping"
                    );
            tells && act.frame.recipients.iter().any(me)
        });
        if let Some((act, _)) = told {
            self.leave(act.text(), Reason::NotSupported, "no step sends this; say over which channel it goes");
        }
    }

    /// Whether a step tells somebody something, and not only drafts it.
    pub(in crate::plan) fn step_sends(&self, step: &Step) -> bool {
        let drafted = step.inputs.iter().any(|input| {
            let Binding::Value(value) = &input.binding else { return false };
            input.name.ends_with("_as_draft") && value.as_bool() == Some(true) || value.as_str() == Some("draft")
        });
        let out = [Action::Send, Action::Publish, Action::Reply, Action::Share];
        let block = self.known.catalogue.by_id(&step.block).filter(|block| !drafted && !block.name.contains("Draft"));
        block.is_some_and(|block| {
            out.contains(&self.known.meaning(block).action) && !block.is_agent_input() && !block.trigger
                || self.known.is_channel(block)
        })
    }

    /// A person decides about what goes out; a draft goes nowhere.
    pub(in crate::plan) fn approved_unless_drafted(
        &mut self,
        act: &Act<'r>,
        block: &Block,
        content: Option<usize>,
    ) -> Option<usize> {
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        let said = act.clause.span.clone().any(|at| matches!(word(at), Some("draft" | "drafts")));
        let draft =
            self.awaits.is_some() && self.awaits == self.awaited_of_person() && (said || block.name.contains("Draft"));
        if draft { content } else { self.approved_first(content) }
    }

    /// "… and saves them as drafts": the step before made drafts of them.
    pub(in crate::plan) fn is_drafted(&self, act: &Act<'r>) -> bool {
        let keeps = matches!(act.plain_lemma(), "save" | "keep" | "store" | "leave" | "put");
        let them = act.frame.objects.iter().all(|phrase| phrase.pronoun || phrase.head == "reply");
        let drafts = act
            .arguments(&["as", "in", "to", "into"])
            .any(|argument| argument.phrase.head == "draft" || argument.phrase.head.ends_with(" draft"));
        let other = act.services().iter().any(|service| *service != "Gmail");
        let last = self.draft.steps.last();
        keeps && them && drafts && !other && last.is_some_and(|step| self.block_is(step, |name| name.contains("Draft")))
    }

    /// Whether a text that was made waits for this act. "Summarise the mail and draft a reply": the summary is no reply.
    pub(in crate::plan) fn is_fresh_for(&self, act: &Act<'_>, datum: &Datum) -> bool {
        const REPLIES: [&str; 3] = ["reply", "response", "answer"];
        let reply = |phrase: &Phrase| {
            let new = matches!(phrase.determiner, Determiner::Some | Determiner::None);
            new && REPLIES.contains(&phrase.head.as_str())
        };
        let anew = matches!(act.plain_lemma(), "draft" | "write" | "compose" | "prepare" | "create")
            && !act.frame.objects.is_empty()
            && act.frame.objects.iter().all(reply);
        let summary = datum.nouns.iter().any(|noun| noun == "summary");
        datum.made && !datum.used && !datum.receipt && self.is_there(datum) && !(anew && summary)
    }

    /// "Draft a reply to my unread mails": one of them is answered at a time.
    pub(in crate::plan) fn answered_alone(
        &mut self,
        needs_id: bool,
        item: Option<usize>,
        data: &mut [usize],
    ) -> Option<usize> {
        let last = data.last_mut().filter(|_| needs_id && item.is_none());
        let read = |at: usize| {
            self.draft
                .data
                .get(at)
                .is_some_and(|datum| !datum.made && !datum.receipt && !self.draft.is_asked(datum.flow.step))
        };
        let Some(last) = last.filter(|last| read(**last)) else { return item };
        *last = self.single(*last);
        Some(*last)
    }
}
