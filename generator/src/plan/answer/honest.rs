//! What a language model could only pretend: to change something outside, to work in a service, to read what nobody gave.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{Act, core, names},
        steps::{
            build::{Builder, Part, Unserved},
            say,
        },
    },
    reading::{Determiner, Kind, Phrase, Value},
};

/// Places that several services have.
const SITES: [&str; 8] = ["blog", "website", "web page", "social media", "media", "account", "profile", "channel"];

/// What a thing is marked as where it is kept.
const STATES: [&str; 16] = [
    "read",
    "unread",
    "done",
    "complete",
    "completed",
    "paid",
    "processed",
    "seen",
    "spam",
    "sent",
    "handled",
    "resolved",
    "closed",
    "answered",
    "contacted",
    "finished",
];
/// What a language model cannot change.
const FILES: [&str; 9] = ["pdf", "file", "document", "photo", "picture", "image", "video", "presentation", "slide"];

impl<'k, 'r> Builder<'k, 'r> {
    /// Notes an act that no block does and of which a language model could only say that it did it.
    pub(in crate::plan) fn pretends(&mut self, act: &Act<'r>) -> bool {
        let place = self.worked_in(act);
        let other = act.services().into_iter().any(|service| self.known.alias(service).is_some());
        if act.frame.verb.is_none() || other || !self.known.has_model() || place.is_none() && !self.goes_out(act) {
            return false;
        }
        let kind = if place.is_some() || act.asks() { Part::Work } else { Part::Outside };
        let text = act.text().to_owned();
        self.unserved.push(Unserved { text, what: place, kind, span: act.clause.span.clone() });
        self.cover.add(&act.clause.span);
        true
    }

    fn goes_out(&self, act: &Act<'_>) -> bool {
        // "assign it to @kim", not "assign a score"
        let someone = |phrase: &Phrase| {
            let handle = |at: &usize| {
                self.reading
                    .tokens
                    .get(*at)
                    .is_some_and(|token| matches!(token.value(), Some(Value::Handle(_) | Value::Email(_))))
            };
            self.known.is_person(&phrase.head) || phrase.values.iter().any(handle)
        };
        // "mark it as paid", "highlight them in the PDF"
        let state = || act.arguments(&["as"]).any(|argument| STATES.contains(&argument.phrase.head.as_str()));
        let file = || {
            act.arguments(&["in", "inside", "on"]).any(|argument| {
                argument.phrase.determiner == Determiner::The && FILES.contains(&argument.phrase.head.as_str())
            })
        };
        match act.plain_lemma() {
            "assign" if act.phrases().any(someone) => return true,
            "mark" | "flag" | "set" if state() => return true,
            "highlight" | "mark" | "redact" | "underline" | "annotate" if file() => return true,
            _ => {}
        }
        self.is(act, Class::Outside) && !self.is(act, Class::Tell) && !self.known.is(&act.lemma(), Class::Think)
    }

    /// What a language model is to think about and cannot read: what lies in a service that is only written to.
    pub(in crate::plan) fn unseen(&self, act: &Act<'r>, data: &[usize]) -> Option<(String, Part)> {
        let own = |phrase: &&Phrase| !phrase.head.is_empty() && phrase.determiner == Determiner::Mine;
        let mut objects = act.frame.objects.iter().filter(own).filter(|_| data.is_empty());
        objects.find_map(|phrase| self.unreadable(act, phrase)).map(|service| (service, Part::Source))
    }

    /// Changes what a service has, and sends nothing.
    pub(in crate::plan) fn alters(&self, act: &Act<'_>) -> bool {
        let lets_in = act.plain_lemma() == "invite" && act.places().iter().any(|phrase| !phrase.services.is_empty());
        lets_in || self.goes_out(act) && self.is(act, Class::Change) && !self.is(act, Class::Make)
    }

    /// The service in which the act is to be done: "into Drive" of anything, "in Drive" unless it is only thought about.
    pub(in crate::plan) fn worked_in(&self, act: &Act<'r>) -> Option<String> {
        let outside = self.goes_out(act);
        let changes = [Class::Store, Class::Make, Class::Change].iter().any(|class| self.is(act, *class))
            && !self.is(act, Class::Fetch);
        let written = act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        let there = |phrase: &Phrase| {
            self.draft.data.iter().any(|datum| datum.service.as_ref().is_some_and(|own| phrase.services.contains(own)))
        };
        let places = act.frame.arguments.iter().filter(|argument| match argument.preposition.as_str() {
            _ if outside => true,
            // "remove him from my Google Sheet"
            "from" => matches!(act.plain_lemma(), "remove" | "delete" | "clear" | "drop" | "erase"),
            "to" | "into" | "onto" => !written,
            "in" | "inside" | "on" | "via" | "through" | "over" => changes && !written,
            _ => false,
        });
        let objects = act.frame.objects.iter().filter(|_| outside || changes && !written);
        let phrases = places.map(|argument| &argument.phrase).chain(objects).filter(|phrase| outside || !there(phrase));
        let told = |service: &&String| {
            let is = |kind| self.known.is_kind(service, kind);
            // "Share research on Google News"
            let site = self.is(act, Class::Tell) && is(Kind::Site);
            let other = is(Kind::Model) || is(Kind::Builder) || site;
            !other && self.known.alias(service).is_none()
        };
        phrases.flat_map(|phrase| &phrase.services).find(told).cloned()
    }

    /// "Publish it": where is asked, unless a place is named that no block reaches, as in "submit it to the tax office".
    pub(in crate::plan) fn publishes(&mut self, act: &Act<'r>) -> bool {
        if !self.is(act, Class::Outside) || act.frame.objects.iter().any(|phrase| self.carries(phrase)) {
            return false;
        }
        let open = |phrase: &&&Phrase| {
            let known = self.known;
            let other = phrase.pronoun || known.is_person(&phrase.head) || known.is_generic(&phrase.head);
            !other && !phrase.head.is_empty() && phrase.values.is_empty() && self.refer(phrase).is_none()
        };
        let places = act.places();
        let place = places.iter().find(open).filter(|phrase| !SITES.contains(&phrase.head.as_str()));
        self.done += 1;
        match place {
            Some(place) => {
                let name = self.text(&core(place)).to_owned();
                self.unknown_service(act, &name, Part::Delivery);
            }
            None => {
                let what = say::said(act.text());
                let asks = format!("Where should this go, to WordPress, LinkedIn, X, Slack or Discord: {what}?");
                self.question(&asks, "channel", "To WordPress");
            }
        }
        true
    }

    /// The first place of something that is put somewhere, if no block works with it: "in Evernote for each Todoist task".
    pub(in crate::plan) fn foreign_target(&self, act: &Act<'_>) -> Option<String> {
        let puts = [Class::Store, Class::Make, Class::Change].iter().any(|class| self.is(act, *class));
        let mut places = act.arguments(&["to", "into", "onto", "in", "on"]).map(|argument| &argument.phrase);
        let first =
            places.find(|phrase| !phrase.services.is_empty()).filter(|_| puts && !self.is(act, Class::Fetch))?;
        let foreign = |service: &&String| !self.known.has_service(service) && !self.known.is_passive(service);
        first.services.first().filter(foreign).cloned()
    }

    /// Notes an act that works on what a part of the goal was to give that no block serves: "join my Zoom meeting, and mail
    /// the summary". A language model would make it up.
    pub(in crate::plan) fn of_refused(&mut self, act: &Act<'r>, data: &[usize]) -> bool {
        if self.unserved.iter().all(|part| part.what.is_none()) {
            return false;
        }
        let spoken = |phrase: &Phrase| {
            phrase.pronoun
                || matches!(phrase.determiner, Determiner::The | Determiner::Theirs)
                || self.is_derived(phrase)
        };
        let given = act.values().any(|(_, value)| matches!(value, Value::Quoted(_) | Value::Url(_)));
        if !data.is_empty() || given || self.draft.has_data() || !act.frame.objects.iter().any(spoken) {
            return false;
        }
        self.cover.add(&act.clause.span);
        if let Some(part) = self.unserved.iter_mut().find(|part| part.what.is_some()) {
            part.kind = Part::Source;
        }
        true
    }

    /// "a summary", "the transcript": made of something that has to be there.
    pub(in crate::plan) fn is_derived(&self, phrase: &Phrase) -> bool {
        const DERIVED: [&str; 5] = ["summarise", "transcribe", "translate", "classify", "compare"];
        let results = || DERIVED.iter().flat_map(|verb| self.known.results(verb));
        names(phrase).iter().any(|name| results().any(|result| result == *name))
    }

    /// "mail me a summary": of nothing that is there, and of nothing that is named.
    pub(in crate::plan) fn of_nothing(&self, act: &Act<'_>, data: &[usize]) -> bool {
        let topic = ["of", "about", "on", "for", "from", "regarding", "in"];
        let given = |value: &Value| {
            matches!(value, Value::Quoted(_) | Value::Url(_) | Value::Repository(_) | Value::Subreddit(_))
        };
        let named = act.values().any(|(_, value)| given(value))
            || act
                .arguments(&topic)
                .any(|argument| !argument.phrase.head.is_empty() && !self.known.is_person(&argument.phrase.head));
        let nothing = data.is_empty() && !self.draft.has_data() && act.frame.complement.is_none();
        nothing && !named && act.frame.objects.iter().any(|phrase| self.is_derived(phrase))
    }

    /// Notes a reading act that got nothing to read: "download my statements".
    pub(in crate::plan) fn reads_nothing(&mut self, act: &Act<'r>, data: &[usize]) -> bool {
        let made = act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        let owned = act.phrases().any(|phrase| phrase.determiner == Determiner::Mine);
        let reads = self.is(act, Class::Fetch) && !self.known.composes(&act.lemma());
        let given = act.values().any(|(_, value)| matches!(value, Value::Quoted(_) | Value::Url(_)));
        // "Turn every new Medium article of mine into a post": what lies there is to be read first.
        let lies = |phrase: &Phrase| {
            let each = matches!(phrase.determiner, Determiner::Each | Determiner::All | Determiner::Mine);
            let service = phrase.services.first().is_some_and(|service| self.known.has_service(service));
            each && service && !phrase.head.is_empty() && phrase.values.is_empty()
        };
        let recasts = matches!(act.plain_lemma(), "turn" | "convert" | "transform" | "repurpose" | "rewrite");
        let unread = act.frame.objects.first().filter(|phrase| data.is_empty() && recasts && !given && lies(phrase));
        if let Some(service) = unread.and_then(|phrase| phrase.services.first()) {
            self.unknown_service(act, &service.clone(), Part::Source);
            return true;
        }
        if !data.is_empty() || given || !reads || self.is(act, Class::Think) && (made || !owned) {
            return false;
        }
        let text = act.text().to_owned();
        self.unserved.push(Unserved { text, what: None, kind: Part::Source, span: act.clause.span.clone() });
        self.cover.add(&act.clause.span);
        true
    }
}
