//! What kind of work an act is: reading, thinking, telling somebody, storing, or an operation of a service.

use super::tell::Channel;
use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, names},
            approval,
        },
        model::Reason,
        steps::build::{Builder, Part, Unserved},
        wording::media,
    },
    reading::{Argument, Determiner, Phrase},
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
        if act.frame.verb.is_none() {
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
        } else if self.done == done && self.questions.is_empty() && self.goes_unheard(&act) {
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
            || self.uses_tool(act)
            || self.answers_questions(act)
        {
            return;
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
        if self.looks_up(act)
            || self.writes_back(act)
            || self.updates_record(act)
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
        if self.quotes(act) || self.builder_tool(act) {
            return;
        }
        // "grow my account": a wish, and nothing to do.
        let wish =
            matches!(act.plain_lemma(), "grow" | "boost" | "scale" | "monetise" | "dominate") || self.dreams(act);
        if wish && !self.draft.has_data() {
            return;
        }
        let product = objects.iter().any(|phrase| self.is_product(act, phrase));
        let texts = product && self.known.composes(act.plain_lemma());
        if let Some(service) = self.closed_place(act) {
            return self.unknown_service(act, &service, Part::Work);
        }
        let channel = self.channel(act);
        let tells = self.is(act, Class::Tell);
        let carries = objects.iter().any(|phrase| self.known.is_carrier(&phrase.head));
        let told = act.arguments(&["to", "for", "with", "at", "in", "on", "via"]).map(|argument| &argument.phrase);
        // "put them in a sheet": what is there.
        let things = |phrase: &&Phrase| {
            let stored = self.is(act, Class::Store) && self.draft.has_data();
            !(stored && phrase.pronoun && matches!(phrase.head.as_str(), "them" | "they"))
        };
        let people = objects
            .iter()
            .copied()
            .filter(things)
            .chain(&act.frame.recipients)
            .chain(&act.frame.subject)
            .chain(told)
            .any(|phrase| self.known.is_person(&phrase.head));
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
        // "Read our Slack messages": Slack can only be written to.
        if self.is(act, Class::Fetch) && !tells {
            let mut phrases = act.frame.objects.iter().chain(act.origins());
            if let Some(service) = phrases.find_map(|phrase| self.unreadable(act, phrase)) {
                return self.unknown_service(act, &service, Part::Source);
            }
        }
        if self.posts_to_address(act) || self.runs_code(act) || self.asks_people(act) || self.asks_where(act) {
            return;
        }
        // "Reply with the translation": to where the message came from.
        if matches!(act.plain_lemma(), "reply" | "answer" | "respond")
            && !self.next_acts(act).take(1).any(|next| self.channel(&next).is_some())
            && self.draft.data.iter().any(|datum| datum.chat.is_some())
        {
            return self.tell(act, None, None);
        }
        if let Some(block) = self.draft_reply(act) {
            return self.operate(act, block);
        }
        if self.recasts(act) {
            return self.think(act);
        }
        // "write a LinkedIn post": a text for LinkedIn, not yet a post on it.
        let for_service = texts
            && self.only_drafts(act)
            && act.phrases().all(|phrase| {
                let origin = act.origins().iter().any(|origin| origin.span == phrase.span);
                phrase.services.is_empty() || origin || self.is_product(act, phrase)
            });
        if let Some(service) = self.lacking(act) {
            return self.unknown_service(act, &service, Part::Source);
        }
        if let Some(name) = self.foreign_target(act) {
            return self.unknown_service(act, &name, Part::Delivery);
        }
        // "Create a GitHub report": a text about what is there.
        let kept = |argument: &Argument| argument.phrase.services.iter().any(|service| self.keeper(service).is_some());
        let about = matches!(act.plain_lemma(), "create" | "make" | "prepare" | "build" | "produce")
            && !act.arguments(&["in", "into", "to"]).any(kept)
            && objects.iter().any(|phrase| {
                matches!(phrase.head.as_str(), "report" | "digest" | "summary" | "overview" | "analysis" | "recap")
            });
        let for_service = for_service || about;
        let films = act.services().contains(&"YouTube") && act.phrases().any(|phrase| self.is_channel(act, phrase));
        if let Some(block) = self.service_block(act).filter(|_| !for_service && !films) {
            // "Create a GitHub release": an issue is none.
            if self.makes_other(act, block) {
                return self.unserved.push(Unserved {
                    text: act.text().to_owned(),
                    what: self.known.meaning(block).service.clone(),
                    kind: Part::Work,
                    span: act.clause.span.clone(),
                });
            }
            return self.operate(act, block);
        }
        if act.services().is_empty() && self.asks_service(act) {
            return;
        }
        if let Some(name) = self.foreign_service(act) {
            let part = if self.is(act, Class::Fetch) && !tells { Part::Source } else { Part::Work };
            return self.unknown_service(act, &name, part);
        }
        if self.answers_caller(act) {
            return;
        }
        // "Write a tweet": nobody is told yet.
        let drafts = texts
            && !people
            && (act.services().is_empty() || for_service)
            && matches!(act.plain_lemma(), "write" | "draft" | "compose");
        if tells
            && (people || carries)
            && !drafts
            && !self.is_answering(act)
            && (!product || carries || people || !self.is(act, Class::Think))
        {
            return self.tell(act, None, None);
        }
        if self.reads_listed(act) {
            return;
        }
        if act.watches() && act.frame.objects.iter().any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        if self.is(act, Class::Remember) {
            for phrase in act.phrases().filter(|_| !self.draft.has_data()).collect::<Vec<_>>() {
                if self.fetchable(act, phrase) {
                    self.fetch(act, phrase, &[]);
                }
            }
            if !self.draft.has_data() {
                for phrase in &act.frame.objects {
                    self.ask_for(phrase);
                }
            }
            return self.remember(act);
        }
        // "Find the cheapest": something that is there already is thought about.
        let mut sources = objects.iter().copied().chain(act.origins());
        let there = objects.iter().any(|phrase| self.refer(phrase).is_some());
        if act.services().is_empty() && self.medium(act).is_some() {
            return self.think(act);
        }
        // "Open a pull request" makes one.
        let creates = self.is(act, Class::Make) && objects.iter().any(|phrase| phrase.determiner == Determiner::Some);
        if creates
            && !there
            && let Some(block) = self.maker(act)
        {
            return self.operate(act, block);
        }
        if self.is(act, Class::Fetch) && !there && !product && sources.any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        // "look at what our competitors published"
        if self.is(act, Class::Fetch)
            && objects.is_empty()
            && act.services().is_empty()
            && act.frame.complement.is_some()
            && !self.draft.has_data()
        {
            return self.search(act);
        }
        let reserves = matches!(act.plain_lemma(), "block" | "book" | "reserve" | "schedule")
            && act.values().any(|(_, value)| matches!(value, crate::reading::Value::Duration(_)));
        if self.worked_in(act).is_some() && self.pretends(act) {
            return;
        }
        // "upload it to my channel": of the only service that was spoken of.
        if act.plain_lemma() == "upload"
            && let Some(block) = self.usual_channel(act)
        {
            return self.tell(act, Some(block), None);
        }
        if reserves && let Some(block) = self.known.catalogue.by_name("GoogleCalendarCreateEventBlock") {
            return self.operate(act, block);
        }
        if let Some(block) = self.maker(act) {
            return self.operate(act, block);
        }
        if self.pretends(act) {
            return;
        }
        let only_asked = self.draft.data.iter().all(|datum| datum.receipt || self.draft.is_asked(datum.flow.step));
        // "collect facts on a topic"
        let facts = matches!(act.plain_lemma(), "collect" | "gather" | "find" | "get" | "fetch" | "compile")
            && objects.iter().any(|phrase| FACTS.contains(&phrase.head.as_str()) && !self.handed(phrase))
            && act.arguments(&["about", "on", "for", "of", "regarding"]).next().is_some();
        let looks = facts
            || matches!(
                act.lemma().as_str(),
                "research" | "look up" | "look into" | "google" | "investigate" | "search" | "search for"
            );
        let first = objects.first().is_some_and(|phrase| !self.is_product(act, phrase));
        if looks && !there && product && first && objects.len() + act.frame.arguments.len() > 1 {
            // "Research the competitors, then a strategy": looked up first, then written.
            self.search(act);
            return self.think(act);
        }
        // "mistakes in my essay": the essay is what the person has.
        let own = |phrase: &Phrase| {
            phrase.determiner == Determiner::Mine
                && phrase.services.is_empty()
                && names(phrase).iter().any(|name| self.known.is_askable(name))
                && !self.fetchable(act, phrase)
        };
        if self.is(act, Class::Search) && !there && act.origins().into_iter().any(own) {
            return self.think(act);
        }
        // "For each row, find out what the company does": a row does not say.
        let row = self.latest().and_then(|at| self.draft.data.get(at)).is_some_and(|datum| {
            datum.single
                && !datum.made
                && !datum.receipt
                && datum.nouns.iter().any(|noun| ROWS.contains(&noun.as_str()))
        });
        let outside = row && matches!(act.lemma().as_str(), "find out" | "find") && act.frame.complement.is_some();
        if outside {
            return self.search_entry(act);
        }
        // "Research easy recipes": they are there to be found.
        let sought = match facts {
            true => !product,
            false => looks && !(product && first),
        };
        if sought && !there
            || self.is(act, Class::Search)
                && !product
                && only_asked
                && !matches!(act.lemma().as_str(), "find" | "find out" | "work out")
            || self.is(act, Class::Search) && !there && !product && !self.draft.has_data()
        {
            return self.search(act);
        }
        if self.is(act, Class::Think) || product {
            return self.think(act);
        }
        if tells {
            return self.tell(act, None, None);
        }
        if self.keeps_somewhere(act) {
            return;
        }
        // A model only writes: it puts nothing anywhere.
        let puts = self.is(act, Class::Store) && !act.places().is_empty() || self.is(act, Class::Change);
        if self.draft.has_data() && !puts {
            return self.think(act);
        }
        if !(puts && self.draft.has_data()) && act.phrases().any(|phrase| self.fetchable(act, phrase)) {
            return self.gather(act);
        }
        // "reads contracts and flags …": whose they are, the person knows.
        if self.only_named(act) {
            return;
        }
        let what = act.services().into_iter().find(|service| !self.known.is_passive(service)).map(str::to_owned);
        let text = act.text().to_owned();
        self.unserved.push(Unserved { text, what, kind: Part::Work, span: act.clause.span.clone() });
    }

    /// "Make money", "build something that makes me rich": no step comes of it.
    fn dreams(&self, act: &Act<'_>) -> bool {
        let money = |phrase: &Phrase| {
            matches!(
                phrase.head.as_str(),
                "money" | "income" | "profit" | "cash" | "passive income" | "fortune" | "living"
            )
        };
        let earns = matches!(act.plain_lemma(), "make" | "earn" | "generate" | "get" | "create");
        let open = act.frame.objects.first().is_some_and(|phrase| {
            matches!(phrase.head.as_str(), "something" | "anything" | "thing" | "stuff") && phrase.values.is_empty()
        });
        let vague = open && self.is(act, Class::Make) && act.services().is_empty() && !self.writes_of(act);
        earns && act.frame.objects.iter().any(money) || vague
    }

    /// "Write something about cats": a text has a matter.
    fn writes_of(&self, act: &Act<'_>) -> bool {
        act.plain_lemma() == "write" || act.arguments(&["about", "on", "from", "out of"]).next().is_some()
    }

    /// A text that is to be made, not one that is there.
    pub(in crate::plan) fn is_product(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        if phrase.pronoun || matches!(phrase.determiner, Determiner::Mine | Determiner::Each) {
            return false;
        }
        // "Translate a report": it is there already.
        if (act.reworks() || self.recasts(act)) && act.frame.objects.iter().any(|object| object.span == phrase.span) {
            return false;
        }
        let names = names(phrase);
        // "a tagline and 5 tweets": each is written.
        let beside = act.frame.verb.is_none()
            && act.frame.objects.iter().flat_map(self::names).any(|name| self.known.is_product(&name));
        names.iter().any(|name| self.known.is_product(name) || beside && self.known.is_writable(name))
            || self.known.composes(&act.lemma()) && names.iter().any(|name| self.known.is_writable(name))
    }

    /// "Write a script" about what is there: to be read, not to be run.
    fn is_read_out(&self, phrase: &Phrase) -> bool {
        phrase.head == "script" && (self.draft.has_data() || !phrase.modifiers.is_empty())
    }

    /// What an act makes out of other things, a text, a picture or a film, is not there to be read or asked for.
    pub(in crate::plan) fn is_made_by(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        // "make a plan, then the shopping list"
        let later = phrase.determiner == Determiner::The
            && act.frame.objects.first().is_some_and(|first| first.span != phrase.span);
        let new = later || matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_));
        new && self.known.composes(&act.lemma())
            && act.frame.objects.iter().any(|object| object.span == phrase.span)
            && (self.is_product(act, phrase) || names(phrase).iter().any(|name| media::is_medium(name)))
    }

    pub(in crate::plan) fn is_answering(&self, act: &Act<'_>) -> bool {
        matches!(act.plain_lemma(), "answer" | "reply" | "respond")
            && act.frame.objects.iter().any(|phrase| phrase.head == "question")
    }
}

/// Entries that name a thing and tell little of it.
const ROWS: [&str; 6] = ["row", "record", "lead", "company", "contact", "spreadsheet row"];
/// What is looked up on the web if nobody says where.
const FACTS: [&str; 11] = [
    "fact",
    "information",
    "info",
    "data",
    "material",
    "reference",
    "statistic",
    "example",
    "detail",
    "background",
    "source",
];
