//! Acts that tell somebody something.

use serde_json::json;

use crate::{
    catalogue::{Block, schema::Types},
    knowledge::{Class, capitalised},
    plan::{
        clauses::act::{Act, core},
        model::Step,
        starts::handed::is_handing_in,
        steps::{
            build::Builder,
            draft::{AskKind, Flow},
            say,
        },
    },
    reading::{Determiner, Frame, Phrase, Role},
};

/// Beside the first.
const RECIPIENTS: usize = 9;

/// By which way a message goes.
#[derive(Debug, Clone)]
pub(in crate::plan) enum Channel<'k, 'r> {
    Block(&'k Block, Option<&'r Phrase>),
    /// A service that nothing can be sent over.
    Foreign(String),
}

impl<'k, 'r> Builder<'k, 'r> {
    /// A message over `block`; if no channel is named: the one that the goal or an answer names, else a question, else
    /// the result of the agent.
    pub(in crate::plan) fn tell(&mut self, act: &Act<'r>, block: Option<&'k Block>, place: Option<&'r Phrase>) {
        if self.holds_back() {
            return self.think(act);
        }
        let block = block.or_else(|| self.usual_channel(act));
        if block.is_some_and(|block| self.is_private(act, block)) {
            return;
        }
        let personal = self.goes_to_each(act);
        if personal && !self.draft.has_data() {
            self.possession();
        }
        // Each is written to by itself: the entries come one by one before anything is written.
        if personal
            && let Some(list) =
                self.latest().filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.flow.is_list()))
        {
            self.single(list);
        }
        // "Post both", a text and a picture: where pictures go by themselves the text goes with them.
        if let Some(block) = block
            && act.frame.objects.iter().any(|phrase| phrase.head == "both")
            && let Some(input) = self.media_input(block)
            && let Some(seen) = self.pending().into_iter().rev().find(|at| self.is_media(*at))
        {
            return self.deliver_media(act, block, place, seen, &input);
        }
        // "Publish both": two posts.
        let both = act.frame.objects.iter().any(|phrase| phrase.head == "both");
        let posts = block.filter(|block| both && self.known.meaning(block).action != crate::catalogue::Action::Send);
        let texts: Vec<usize> = self.pending().into_iter().filter(|at| !self.is_media(*at)).collect();
        if let Some(block) = posts.filter(|_| texts.len() > 1) {
            for at in texts {
                let flow = self.take(at);
                self.deliver(act, block, place, Some(at), flow);
            }
            return self.cover.add(&act.clause.span);
        }
        self.read_asked(act);
        if !personal {
            let _ = block.and_then(|block| self.whole_again(act, block));
        }
        let content = self.told(act, personal);
        let content = (content.0.map(|datum| self.answered_with(act, datum)), content.1);
        let Some(block) = block else { return self.tell_nowhere(act, content) };
        let (mut content, mut literal) = content;
        if content.is_none() && literal.is_none() && !self.draft.has_data() {
            literal = self.said_in_title();
        }
        // Pages of search results are nothing to publish.
        let publishes = self.known.meaning(block).action == crate::catalogue::Action::Publish;
        if let Some(found) = content.filter(|at| publishes && self.is_search(*at) && self.known.has_model()) {
            let words =
                format!("From what was found, write what is published, and nothing else: {}", act.instruction());
            let manners = self.manners(act);
            let step = self.ask_model(act, &words, &manners, &[found], None);
            self.made(step, vec!["post".to_owned()], None, &[found]);
            content = self.latest();
        }
        if personal && content.is_none() {
            content = self.latest();
        }
        if personal && let Some(index) = content {
            content = Some(self.single(index));
        }
        if let (Some(span), Some(index)) = (self.only_if_any.take(), content) {
            content = Some(self.if_any(index, &span));
        }
        if literal.is_none() {
            content = self.approved_first(content);
        }
        if content.is_none() && literal.is_none() && !self.draft.has_data() {
            let given = act.frame.objects.iter().find(|phrase| {
                !phrase.pronoun
                    && self.known.is_askable(&phrase.head)
                    && !self.known.is_carrier(&phrase.head)
                    && phrase.determiner != Determiner::Some
            });
            content = given.cloned().map(|phrase| self.ask_for(&phrase));
        }
        if content.is_none() && literal.is_none() {
            content = self.last_receipt().filter(|_| !self.draft.has_data());
        }
        // "We keep our leads in Airtable. Send me the new ones."
        let spoken = |phrase: &Phrase| matches!(phrase.head.as_str(), "one" | "ones" | "them");
        if content.is_none() && literal.is_none() && !self.draft.has_data() && act.phrases().any(spoken) {
            content = self.elsewhere();
            self.news_in(act);
            content = content.and(self.latest());
        }
        if content.is_none() && literal.is_none() && !self.draft.has_data() {
            content = self.fact_of(act);
        }
        if content.is_none() && literal.is_none() && !self.draft.has_data() {
            let what = self.text(&act.clause.span);
            self.cover_frame(act);
            self.done += 1;
            return self.question(
                &format!("What should go into this, and where does it come from: {}?", say::said(what)),
                "content",
                "The news about electric cars, from the web",
            );
        }
        let sender = content.filter(|index| literal.is_none() && self.is_media(*index));
        let sender = sender.filter(|_| self.media_input(block).is_none());
        let block = sender.and_then(|index| self.sender_of(block, index)).unwrap_or(block);
        if let (Some(index), None) = (content, &literal)
            && let Some(media) = self.media_input(block)
            && self.is_media(index)
        {
            self.deliver_media(act, block, place, index, &media);
            for (other, phrase) in self.other_channels(act, block) {
                match self.media_input(other) {
                    Some(media) => self.deliver_media(act, other, phrase, index, &media),
                    None => {
                        let flow = self.take(index);
                        self.deliver(act, other, phrase, content, flow);
                    }
                }
            }
            return;
        }
        let said = literal.clone();
        let flow = match (literal, content) {
            (Some(text), Some(datum)) => {
                let gate = self.take(datum);
                gate.map(|gate| self.draft.after(&gate, &text))
            }
            (Some(text), None) => Some(self.literal(&text)),
            (None, Some(datum)) => self.body(act, datum),
            (None, None) => None,
        };
        let literal = said;
        self.deliver(act, block, place, content, flow.clone());
        let failures = content.and_then(|datum| self.failures.iter().find(|(failed, _)| *failed == datum));
        for other in failures.map(|(_, others)| others.clone()).unwrap_or_default() {
            let other = literal.as_ref().map_or_else(|| other.clone(), |text| self.draft.after(&other, text));
            self.deliver(act, block, place, content, Some(other));
        }
        for _ in 0..RECIPIENTS {
            if !self.has_more_recipients(act, block) {
                break;
            }
            self.deliver(act, block, place, content, flow.clone());
        }
        for (other, phrase) in self.other_channels(act, block) {
            self.deliver(act, other, phrase, content, flow.clone());
        }
        self.cover_frame(act);
        self.cover_carriers(act);
    }

    /// "Reminder for the water bill: on the 3rd at 10 post in #home": the title is all that is to be said.
    fn said_in_title(&mut self) -> Option<String> {
        let title = self.reading.clauses.first().filter(|clause| clause.role == Role::Title)?;
        let reminds = |phrase: &Phrase| phrase.head.rsplit(' ').next() == Some("reminder");
        title.frame.as_ref()?.objects.iter().any(reminds).then_some(())?;
        self.cover.close(&title.span);
        Some(capitalised(self.text(&title.span)))
    }

    /// A fixed text, told by a flow that is no step.
    pub(in crate::plan) fn literal(&self, text: &str) -> Flow {
        Flow {
            step: usize::MAX,
            output: text.to_owned(),
            types: Types::STRING,
            fields: Vec::new(),
            first: None,
            name: "text".to_owned(),
        }
    }

    /// No way is named: the agent gives it out, unless it runs while nobody looks.
    pub(in crate::plan) fn tell_nowhere(&mut self, act: &Act<'r>, content: (Option<usize>, Option<String>)) {
        let alone = self.reading.schedule.is_some()
            || self.polls
            || self.draft.data.iter().any(|datum| datum.single && !datum.made) && !self.has_list();
        // "Given two numbers, tell me …": whoever gives them waits for the answer.
        // "When I paste a job ad, tell me …": so does who pastes it.
        let mine = |frame: &Frame| frame.subject.as_ref().is_some_and(|who| matches!(who.head.as_str(), "i" | "we"));
        let given = |frame: &Frame| {
            frame.verb.as_ref().is_some_and(|verb| verb.lemma == "give" || mine(frame) && is_handing_in(&verb.lemma))
        };
        let guarded = self.reading.clauses.iter().any(|clause| {
            let handed = clause.frame.as_ref().is_some_and(given) || self.is_handed_over(clause);
            clause.role == Role::Trigger && !handed
        });
        let calls = matches!(
            act.plain_lemma(),
            "notify"
                | "alert"
                | "remind"
                | "ping"
                | "inform"
                | "let"
                | "tell"
                | "warn"
                | "message"
                | "text"
                | "contact"
                | "escalate"
                | "share"
                | "send"
                | "update"
                | "confirm"
                | "announce"
        ) || act.frame.objects.iter().any(|phrase| {
            matches!(phrase.head.as_str(), "notification" | "alert" | "reminder" | "message" | "confirmation")
        });
        let others = self.goes_to_others(act);
        // "comment politely and ask them to add one": said in the comment.
        let them = |phrase: &Phrase| matches!(phrase.head.as_str(), "them" | "him" | "her");
        let people = act.frame.recipients.iter().chain(&act.frame.objects);
        let sent = self.draft.data.last().is_some_and(|datum| datum.receipt);
        let writer = self.thinker.filter(|thinker| sent && *thinker + 4 > self.draft.steps.len());
        if let (true, Some(writer)) = (people.into_iter().any(them) && act.services().is_empty(), writer) {
            self.remark(writer, &format!("Also do this in it: {}.", act.instruction()));
            self.done += 1;
            return self.cover.add(&act.clause.span);
        }
        self.cover_frame(act);
        self.cover_carriers(act);
        if self.publishes(act) {
            return;
        }
        // The same thing said again: it is sent already.
        let sent =
            |step: &Step| self.known.catalogue.by_id(&step.block).is_some_and(|block| self.known.is_channel(block));
        if calls && !others && self.draft.steps.iter().any(sent) {
            return self.cover.add(&act.clause.span);
        }
        self.done += 1;
        let must = matches!(act.plain_lemma(), "alert" | "notify" | "ping" | "warn");
        if calls
            && (must || alone || guarded || others || act.plain_lemma() == "remind" || act.plain_lemma() == "share")
        {
            let what = self.text(&act.clause.span);
            self.question(
                &format!("How should this be sent, by e-mail, Slack, Telegram or Discord: {}?", say::said(what)),
                "channel",
                "By e-mail to me@example.com",
            );
            return;
        }
        self.draft.told.extend(content.0.and_then(|datum| self.draft.data.get(datum)).map(|datum| datum.flow.step));
        // "put it on a dashboard": no text does that.
        let put = self.is(act, Class::Store) && !act.places().is_empty();
        if let (None, Some(text)) = &content {
            let flow = self.draft.ask("Text", "", AskKind::Long, Some(json!(text)));
            self.draft.output("Message", &flow);
            return;
        }
        if let (Some(datum), None) = content
            && self.draft.data.get(datum).is_some_and(|datum| !datum.open.is_empty() && !put)
        {
            let words = act.instruction();
            let step = self.ask_model(act, &words, &[], &[datum], None);
            self.made(step, Vec::new(), None, &[datum]);
        }
    }

    /// "a message", "as a notification": the words for the thing itself say nothing more.
    pub(in crate::plan) fn cover_carriers(&mut self, act: &Act<'_>) {
        let spans: Vec<_> = act
            .phrases()
            .filter(|phrase| {
                self.known.is_carrier(&phrase.head) || self.known.is_person(&phrase.head) || !phrase.services.is_empty()
            })
            .map(core)
            .collect();
        for span in spans {
            self.cover.add(&span);
        }
    }
}
