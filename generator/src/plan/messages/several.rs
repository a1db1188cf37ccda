//! Texts for several services at once: each is written by itself, and each goes to its own service.

use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::act::{Act, names},
        model::Reason,
        starts::pause::DECIDES,
        steps::build::Builder,
        wording::{english, media},
    },
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Turn it into a LinkedIn post and a tweet": makes another text of a text.
    pub(in crate::plan) fn recasts(&self, act: &Act<'r>) -> bool {
        let turns = matches!(
            act.plain_lemma(),
            "turn" | "convert" | "transform" | "repurpose" | "rewrite" | "adapt" | "rework" | "translate"
        );
        let mut into = act.arguments(&["into", "to", "as"]).map(|argument| &argument.phrase);
        let medium = into.any(|phrase| names(phrase).iter().any(|name| media::is_medium(name)));
        turns && (medium || self.texts_of(act).next().is_some())
    }

    /// The texts that an act makes.
    fn texts_of(&self, act: &Act<'r>) -> impl Iterator<Item = &'r Phrase> {
        let composes = self.known.composes(&act.lemma()) || act.frame.verb.is_none();
        let into =
            act.frame.arguments.iter().filter(|argument| matches!(argument.preposition.as_str(), "into" | "to" | "as"));
        let objects = act.frame.objects.iter().filter(move |_| composes);
        let texts = objects.chain(into.map(|argument| &argument.phrase).filter(move |_| !composes));
        texts.filter(|phrase| {
            !phrase.head.is_empty()
                && !matches!(phrase.determiner, Determiner::The | Determiner::Mine | Determiner::Each)
                && names(phrase).iter().any(|name| self.known.is_product(name) || is_post(name))
        })
    }

    /// The service that a text is for.
    fn meant_for(&self, act: &Act<'r>, phrase: &Phrase) -> Option<String> {
        let behind = act.arguments(&["for", "on"]).find(|argument| argument.phrase.span.start == phrase.span.end + 1);
        let own = phrase.services.iter().chain(behind.iter().flat_map(|argument| &argument.phrase.services));
        let own = own.into_iter().find(|service| self.known.channel(service).is_some()).cloned();
        let tweet = names(phrase).iter().any(|name| name.split(' ').any(|word| word == "tweet"));
        own.or_else(|| tweet.then(|| "Twitter".to_owned()))
    }

    /// The services that what an act makes is for: "a LinkedIn post", "rewrite it for Medium".
    pub(in crate::plan) fn targets(&self, act: &Act<'r>) -> Vec<String> {
        let text = self.texts_of(act).find_map(|phrase| self.meant_for(act, phrase));
        let mut told = act.arguments(&["for"]).flat_map(|argument| &argument.phrase.services);
        let told = told.find(|service| self.known.channel(service).is_some()).cloned();
        text.or(told).map(|service| target(&service)).into_iter().collect()
    }

    /// The channel that the newest text was written for.
    pub(in crate::plan) fn meant_channel(&self) -> Option<&'k Block> {
        let made = self.draft.data.iter().rev().find(|datum| datum.made && !datum.receipt && self.is_there(datum))?;
        self.target_of(&made.nouns)
    }

    /// Writes each of several texts for several services by itself.
    pub(in crate::plan) fn think_severally(&mut self, act: &Act<'r>, data: &[usize]) -> bool {
        let texts = self.texts_of(act).chain(act.frame.objects.iter().filter(|phrase| {
            // "a tweet, a LinkedIn post and a newsletter intro": that one too.
            let open = phrase.determiner == Determiner::Some || phrase.determiner == Determiner::None && phrase.plural;
            let new = open && !phrase.pronoun && self.known.composes(&act.lemma());
            new && self.texts_of(act).all(|text| text.span != phrase.span)
        }));
        let texts: Vec<(&'r Phrase, Option<String>)> =
            texts.map(|phrase| (phrase, self.meant_for(act, phrase))).collect();
        // "Translate it into German and Spanish": one text for each.
        let tongues: Vec<&Phrase> = act.arguments(&["into", "to"]).map(|argument| &argument.phrase).collect();
        if act.plain_lemma() == "translate"
            && tongues.len() > 1
            && tongues.iter().all(|phrase| phrase.services.is_empty())
        {
            return self.translate_severally(act, data, &tongues);
        }
        let mut services: Vec<&String> = texts.iter().filter_map(|(_, service)| service.as_ref()).collect();
        services.sort();
        services.dedup();
        if services.len() < 2 || self.medium(act).is_some() {
            return false;
        }
        let manners = self.manners(act);
        for (phrase, service) in texts {
            let said = self.text(&phrase.span);
            let words = format!("{}. Write only this one: {said}", act.instruction());
            let step = self.ask_model(act, &words, &manners, data, None);
            if let Some(step) = self.draft.steps.get_mut(step) {
                let what = format!("Write {said}");
                (step.title, step.says) = (english::cut(&what, 60), what);
            }
            let mut nouns = names(phrase);
            if let Some(service) = service {
                nouns.insert(nouns.len().min(1), target(&service));
            }
            self.made(step, nouns, None, data);
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    fn translate_severally(&mut self, act: &Act<'r>, data: &[usize], tongues: &[&Phrase]) -> bool {
        let manners = self.manners(act);
        for phrase in tongues {
            let tongue = self.text(&phrase.span).to_owned();
            let step = self.ask_model(act, &format!("Translate this into {tongue}"), &manners, data, None);
            self.made(step, vec!["translation".to_owned(), tongue.to_lowercase()], None, data);
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "Post both": each of the texts over the service that it was written for.
    pub(in crate::plan) fn posts_severally(&mut self, act: &Act<'r>) -> bool {
        let publishes = matches!(act.plain_lemma(), "post" | "publish" | "share" | "send" | "schedule");
        let all = act.frame.objects.iter().all(|phrase| phrase.pronoun || phrase.plural);
        // "publish the tweet and the LinkedIn post": each where it was written for.
        let named = self.named_texts(act);
        let bare = all && act.services().is_empty() || named.len() > 1;
        if !publishes || !bare || self.is(act, Class::Fetch) {
            return false;
        }
        let open: Vec<(usize, &'k Block)> = self
            .draft
            .data
            .iter()
            .enumerate()
            .filter(|(at, datum)| datum.made && !datum.receipt && (named.len() < 2 || named.contains(at)))
            .filter_map(|(at, datum)| Some((at, self.target_of(&datum.nouns)?)))
            .collect();
        let mut blocks: Vec<&str> = open.iter().map(|(_, block)| block.id.as_str()).collect();
        blocks.sort_unstable();
        blocks.dedup();
        if blocks.len() < 2 {
            return false;
        }
        // A picture that was made for them goes with none.
        let seen = (0..self.draft.data.len())
            .rev()
            .find(|at| self.is_media(*at) && self.draft.data.get(*at).is_some_and(|datum| datum.made && !datum.used));
        if let Some(noun) = seen.and_then(|at| self.draft.data.get(at)).and_then(|datum| datum.nouns.first()).cloned() {
            self.leave(&noun, Reason::NotSupported, "it is given out, and goes with none of the posts");
        }
        // What waits for a person waits in each of them.
        let awaits = self.awaits.take();
        let asked = awaits.or_else(|| self.scope.filter(|_| self.approval.is_some()).map(|_| DECIDES.to_owned()));
        let gate = self.approval;
        for (at, block) in open {
            let waits = gate.is_some_and(|gate| gate.yes == at || gate.no == at);
            if waits {
                continue;
            }
            let approved = gate.map(|gate| gate.yes).filter(|yes| {
                let same = |index: usize| self.draft.data.get(index).map(|datum| datum.nouns.clone());
                same(*yes) == same(at)
            });
            let content = match (approved, &asked) {
                (Some(yes), _) => Some(yes),
                (None, Some(says)) if self.ask_person(says, Some(at)) => self.approval.map(|branch| branch.yes),
                _ => Some(at),
            };
            let flow = content.and_then(|content| self.take(content));
            self.deliver(act, block, None, content, flow);
        }
        self.cover.add(&act.clause.span);
        true
    }

    /// The texts that an act names one by one, each of which was written for a service; none if it names a place.
    fn named_texts(&self, act: &Act<'r>) -> Vec<usize> {
        let objects = &act.frame.objects;
        let placed = act.frame.arguments.iter().any(|argument| !argument.phrase.services.is_empty());
        let there = |phrase: &Phrase| phrase.determiner == Determiner::The && !phrase.pronoun;
        if objects.len() < 2 || placed || !objects.iter().all(there) {
            return Vec::new();
        }
        let written = |phrase: &Phrase| {
            let meant = self.meant_for(act, phrase).map(|service| target(&service));
            let called = names(phrase);
            self.draft.data.iter().rposition(|datum| {
                let own = called.iter().any(|name| datum.nouns.contains(name));
                datum.made && own && meant.as_ref().is_none_or(|meant| datum.nouns.contains(meant))
            })
        };
        let found: Option<Vec<usize>> = objects.iter().map(written).collect();
        found.unwrap_or_default()
    }

    fn target_of(&self, nouns: &[String]) -> Option<&'k Block> {
        nouns.iter().find_map(|noun| self.known.channel(noun.strip_prefix(FOR)?))
    }
}

const FOR: &str = "for ";

/// A name of a text that says where it goes.
fn target(service: &str) -> String {
    format!("{FOR}{service}")
}

fn is_post(name: &str) -> bool {
    matches!(name, "post" | "tweet" | "thread" | "announcement" | "status" | "update" | "copy" | "ad")
}
