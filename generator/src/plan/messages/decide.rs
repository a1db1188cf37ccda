//! What an act does: first what its words alone say, then what its channel does, then its work.

use super::{tell::Channel, work::Work};
use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::{act::Act, approval},
        model::Reason,
        steps::build::{Builder, Part, Unserved},
    },
    reading::{Determiner, Phrase, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Builds the steps of one act.
    pub(in crate::plan) fn act(&mut self, index: usize) {
        let Some(act) = Act::of(self.reading, index) else {
            return self.remark_or_leave(index);
        };
        if act.frame.negated {
            return self.not_done(&act);
        }
        if self.takes_list(&act) || self.heads_trigger(&act) {
            return;
        }
        let (steps, delivered, done) = (self.draft.steps.len(), self.delivered, self.done);
        let asked = std::mem::take(&mut self.listing_inputs);
        let problems = self.unserved.len();
        if self.runs_agents(&act) {
            self.listing_inputs = asked;
        } else if act.frame.verb.is_none() {
            self.listing_inputs = asked;
            self.verbless(&act);
        } else {
            self.picks(&act);
            self.reads_each(&act);
            if self.takes_others(&act) || self.is(&act, Class::Think) {
                self.decided(&act);
            } else {
                self.leave(act.text(), Reason::NotSupported, "no step tells the others apart");
                self.cover.add(&act.clause.span);
            }
        }
        self.foreign_aside(&act);
        let built = self.draft.steps.len() > steps;
        if built && self.delivered == delivered {
            self.answers_nobody(&act);
        }
        if built || self.unserved.len() > problems {
            self.settle(&act, built);
        } else if self.done == done
            && self.questions.is_empty()
            && self.goes_unheard(&act)
            && !self.covered(&act.clause.span)
        {
            let told = "no step does this; say it again in other words, or as a request of its own";
            self.leave(act.text(), Reason::NotUnderstood, told);
        }
    }

    pub(in crate::plan) fn decided(&mut self, act: &Act<'r>) {
        let objects: Vec<&Phrase> = act.frame.objects.iter().collect();
        if approval::is_sign_off(act.clause) && self.approves(act) {
            return;
        }
        if self.only_file(act)
            || self.hears(act)
            || self.codes(act)
            || self.programs(act)
            || self.changes_mail(act)
            || self.replies(act)
            || self.answers_issue(act)
            || self.uses_tool(act)
            || self.answers_questions(act)
        {
            return;
        }
        // "Make an image for each row in my sheet": where the rows are is no place to put it.
        let rows = |phrase: &Phrase| phrase.determiner == Determiner::Each || !phrase.services.is_empty();
        let per = act.arguments(&["for", "of", "from"]).any(|of| of.phrase.determiner == Determiner::Each);
        if per
            && self.only_makes(act)
            && objects.iter().all(|phrase| phrase.services.is_empty())
            && act.frame.arguments.iter().all(|argument| rows(&argument.phrase))
            && self.medium(act).is_some()
        {
            return self.think(act);
        }
        if let Some(block) = self.asked_service(act).or_else(|| self.named_operation(act)) {
            let service = |block: &Block| self.known.meaning(block).service.clone();
            if self.medium(act).is_some_and(|medium| service(medium) == service(block)) {
                return self.think(act);
            }
            return self.operate(act, block);
        }
        // "Create a YouTube thumbnail": it is made, not posted.
        let new = objects.iter().any(|phrase| phrase.determiner == Determiner::Some && !phrase.services.is_empty());
        if new && self.only_makes(act) && self.medium(act).is_some() {
            return self.think(act);
        }
        if self.counts_first(act)
            || self.looks_up(act)
            || self.looks_behind(act)
            || self.writes_back(act)
            || self.updates_record(act)
            || self.writes_record_back(act)
            || self.shares_file(act)
            || self.keeps_file(act)
        {
            return;
        }
        if self.posts_severally(act) {
            return;
        }
        if self.reads_aloud(act) {
            return self.think(act);
        }
        // "Make an agent", "build a bot": a lead-in that the reading left as an act.
        if objects.len() == 1
            && self.is(act, Class::Make)
            && objects.iter().any(|phrase| self.known.is_agent(&phrase.head) && !self.is_read_out(phrase))
            && act.frame.arguments.is_empty()
        {
            return self.cover.add(&act.clause.span);
        }
        if self.shapes(act) || self.waits(act) || self.approves(act) || self.takes_input(act) {
            return;
        }
        if self.out_of_reach(act) || self.calculates(act) || self.asks_chat(act) {
            return;
        }
        let nothing = matches!(act.plain_lemma(), "do")
            && act.frame.objects.iter().all(|phrase| phrase.head == "nothing")
            && !act.frame.objects.is_empty();
        let rest =
            act.frame.objects.iter().any(|phrase| {
                phrase.pronoun || matches!(phrase.head.as_str(), "rest" | "other" | "one" | "everything")
            });
        let drops = matches!(act.plain_lemma(), "discard" | "forget" | "stop" | "end")
            && act.frame.objects.iter().all(|phrase| phrase.pronoun || self.refer(phrase).is_some());
        if nothing || drops || matches!(act.plain_lemma(), "skip" | "ignore" | "disregard") && rest {
            return self.cover.add(&act.clause.span);
        }
        if self.minds(act) {
            return;
        }
        if self.gives_form(act) {
            return;
        }
        if self.quotes(act) || self.builder_tool(act) {
            return;
        }
        // "grow my account": a wish, and nothing to do.
        let wish =
            matches!(act.plain_lemma(), "grow" | "boost" | "scale" | "monetise" | "dominate") || self.dreams(act);
        if wish && !self.draft.has_data() {
            return;
        }
        let Work { tells, product, carries, .. } = self.work_of(act);
        // "Post new Shopify products to Facebook": nothing reads them.
        if let Some(service) = self.foreign_news(act) {
            return self.unknown_service(act, &service, Part::Source);
        }
        if let Some(service) = self.closed_place(act) {
            return self.unknown_service(act, &service, Part::Work);
        }
        // "Write a cold outreach email": whoever writes one has not sent it.
        let letter = |phrase: &Phrase| {
            let new = matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_));
            new && phrase.head.ends_with("email") && phrase.services.is_empty() && phrase.tail.is_none()
        };
        // "If it is urgent, write an email" sends one; "…, write an email and send it to them" says so later.
        let it = |next: &Act<'_>| matches!(next.frame.objects.as_slice(), [only] if only.pronoun);
        let sent = self.next_acts(act).next().is_some_and(|next| self.is(&next, Class::Tell) && it(&next));
        if matches!(act.plain_lemma(), "write" | "draft" | "compose")
            && objects.iter().all(|phrase| letter(phrase))
            && !objects.is_empty()
            && (act.clause.under.is_none() || sent)
            && act.frame.recipients.is_empty()
            && act.arguments(&["to", "in", "with", "via", "by", "from", "for"]).next().is_none()
        {
            return self.think(act);
        }
        // "Collect the newest posts of r/startups": taken from there, if nothing says where they go.
        let fetches = self.is(act, Class::Fetch) && self.is(act, Class::Store) && !tells;
        let placed = act.arguments(&["to", "into", "onto"]).next().is_some();
        let holds = |phrase: &Phrase| {
            let subreddit = |at: &usize| {
                let token = self.reading.tokens.get(*at);
                matches!(token.and_then(|token| token.value()), Some(Value::Subreddit(_)))
            };
            phrase.values.iter().any(subreddit)
        };
        let taken = fetches && !placed && act.phrases().any(holds) && !self.draft.has_data();
        let channel = self.channel(act).filter(|_| !taken);
        // "Forward every Slack message": nothing reads them.
        let theirs = |phrase: &&Phrase| {
            let many = phrase.plural || matches!(phrase.determiner, Determiner::Each | Determiner::All);
            many && phrase.head == "message" && !phrase.services.is_empty()
        };
        if tells
            && let Some(service) =
                act.frame.objects.iter().filter(theirs).find_map(|phrase| self.unreadable(act, phrase))
        {
            return self.unknown_service(act, &service, Part::Source);
        }
        if act.plain_lemma() == "forward" && !self.draft.has_data() {
            for phrase in act.frame.objects.iter().filter(|phrase| self.fetchable(act, phrase)).collect::<Vec<_>>() {
                self.fetch(act, phrase, &[]);
            }
        }
        if let Some(block) = self.forward(act) {
            return self.operate(act, block);
        }
        match channel {
            // "writes to a Slack channel", "post it to #news", "mail me"
            Some(Channel::Block(_, _))
                if !tells
                    && !self.is(act, Class::Store)
                    && !product
                    && !carries
                    && self.service_block(act).is_none() =>
            {
                // "Make a Telegram channel": no message.
                return self.unserved.push(Unserved {
                    text: act.text().to_owned(),
                    what: None,
                    kind: Part::Work,
                    span: act.clause.span.clone(),
                });
            }
            // "Archive the mails in Gmail": no message either.
            Some(Channel::Block(_, _)) if self.alters(act) && self.service_block(act).is_none() => {
                self.pretends(act);
                return;
            }
            Some(Channel::Block(block, phrase)) if tells || self.is(act, Class::Store) || self.is(act, Class::Make) => {
                // "Draft a reply in Gmail" is an operation of Gmail, not a mail.
                if let Some(operation) = self.operation(act, block) {
                    return self.operate(act, operation);
                }
                return self.tell(act, Some(block), phrase);
            }
            Some(Channel::Foreign(name)) => return self.unknown_service(act, &name, Part::Delivery),
            _ => {}
        }
        self.works(act);
    }
}
