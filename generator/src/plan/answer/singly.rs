//! What goes to each, is made of each, or comes next, and is done in another way by the finished steps.

use crate::{
    catalogue::special,
    knowledge::{Class, is_text_model},
    plan::{
        clauses::act::{Act, core},
        model::{Binding, Reason},
        steps::build::Builder,
        wording::media::is_medium,
    },
    reading::{Determiner, Phrase},
};

impl<'r> Builder<'_, 'r> {
    /// "Read the next idea": every entry that fits is taken.
    pub(super) fn leave_next(&mut self) {
        let next = |phrase: &&Phrase| !phrase.plural && phrase.modifiers.iter().any(|word| word == "next");
        let read = |act: &Act<'r>| act.frame.objects.iter().find(next).filter(|_| self.is(act, Class::Fetch));
        let items = |at: usize| self.draft.block(at).is_some_and(|block| block.id == special::EACH_ITEM);
        let looped = (0..self.draft.steps.len()).any(items);
        let found = self.acts_built().into_iter().filter(|_| looped).find_map(|(act, _)| read(&act));
        if let Some(phrase) = found {
            let text = self.text(&core(phrase));
            self.leave(text, Reason::NotSupported, "every entry that fits is taken, not only the next one");
        }
    }

    /// "Finds tweets and replies": a reply that only a model writes answers nobody.
    pub(super) fn leave_unanswered(&mut self) {
        let read = self.draft.data.iter().any(|datum| !datum.made && !datum.receipt && datum.service.is_some());
        let delivers = |at: &usize| self.draft.block(*at).is_some_and(|block| self.known.delivers(block));
        let sent = (0..self.draft.steps.len())
            .any(|at| delivers(&at) && self.draft.block(at).is_some_and(|block| !block.is_agent_output()));
        let acts = self.acts_built().into_iter().filter(|(act, _)| matches!(act.plain_lemma(), "reply" | "respond"));
        let texts: Vec<&str> = acts.filter(|_| read && !sent).map(|(act, _)| act.text()).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "it is written, and no step sends it as an answer");
        }
    }

    /// "Turn each quote into an image": one is made of all of them.
    pub(super) fn leave_each_seen(&mut self) {
        let seen = |at: usize| {
            let block = self.draft.block(at).filter(|block| !is_text_model(block));
            block.is_some_and(|block| {
                let meaning = self.known.meaning(block);
                meaning.gives.iter().chain(&meaning.objects).any(|noun| is_medium(noun))
            })
        };
        let each = |phrase: &&Phrase| phrase.determiner == Determiner::Each && !phrase.pronoun;
        let built = self.acts_built().into_iter().filter_map(|(act, steps)| {
            let phrase = act.frame.objects.iter().find(each)?;
            let last = steps.clone().rfind(|at| seen(*at))?;
            (!self.runs_per_entry(last)).then_some(phrase)
        });
        let texts: Vec<&str> = built.map(|phrase| self.text(&core(phrase))).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "one is made of all of them, not one for each");
        }
    }

    /// "Send each assignee a Slack direct message": it goes to the one place that the person gives.
    pub(super) fn leave_private(&mut self) {
        let asked = |at: usize| {
            let chat = self.draft.block(at).is_some_and(|block| block.name == "SendSlackMessageBlock");
            let channel = self.draft.step(at).and_then(|step| step.binding("channel"));
            chat && matches!(channel, Some(Binding::From { step, .. }) if self.draft.is_asked(*step))
        };
        let private = |phrase: &Phrase| matches!(phrase.head.as_str(), "direct message" | "dm" | "private message");
        let built = self.built.iter().filter(|(_, steps)| steps.clone().any(asked));
        let acts = built.filter_map(|(index, _)| Act::of(self.reading, *index));
        let found = acts.filter(|act| act.plain_lemma() == "dm" || act.phrases().any(private)).filter_map(|act| {
            let to = act.arguments(&["to"]).map(|argument| &argument.phrase);
            let people = act.frame.objects.iter().filter(|phrase| self.known.is_person(&phrase.head));
            let mut whom = act.frame.recipients.iter().chain(to).chain(people);
            whom.find(|phrase| !matches!(phrase.head.as_str(), "me" | "us") && phrase.values.is_empty())
        });
        let texts: Vec<&str> = found.map(|phrase| self.text(&core(phrase))).collect();
        for text in texts {
            self.leave(text, Reason::NotSupported, "it goes to one chat, which you give");
        }
    }
}
