//! Reads what the goal speaks of: from the service it names, else from where such things usually are.

use super::{
    act::{Act, core, names},
    build::Builder,
    choose::{Want, choose},
    fill::Fill,
    know::Class,
};
use crate::{
    catalogue::Block,
    reading::{Determiner, Kind, Phrase, Reading, Role, Span, TokenKind, Value},
};

/// What can be read, found in a phrase.
#[derive(Debug)]
pub(super) struct Source<'k> {
    pub(super) block: &'k Block,
    /// How sure it is: a service or an address was named.
    pub(super) named: bool,
}

impl<'k, 'r> Builder<'k, 'r> {
    /// The block that reads what `phrase` names; `around` are services named elsewhere in the act.
    pub(super) fn source_of(&self, act: &Act<'_>, phrase: &Phrase, around: &[&str]) -> Option<Source<'k>> {
        let nouns = names(phrase);
        if let Some(block) = phrase.values.iter().find_map(|at| self.of_value(*at, &nouns)) {
            return Some(Source { block, named: true });
        }
        // What stands on a site is looked for there.
        if phrase
            .services
            .iter()
            .chain(around.iter().map(|service| (*service).to_owned()).collect::<Vec<_>>().iter())
            .any(|service| self.known.is_kind(service, Kind::Site))
        {
            return self.known.catalogue.by_name("SearchTheWebBlock").map(|block| Source { block, named: true });
        }
        // Forms call a webhook.
        if phrase.services.iter().any(|service| self.known.is_kind(service, Kind::Form)) {
            return self
                .known
                .catalogue
                .by_name("GenericWebhookTriggerBlock")
                .map(|block| Source { block, named: true });
        }
        let services = phrase.services.iter().map(String::as_str).chain(around.iter().copied());
        // "the commits of acme/shop"
        let repository = act.values().any(|(_, value)| matches!(value, Value::Repository(_))).then_some("GitHub");
        let changed = self.is(act, Class::Change) && !self.is(act, Class::Fetch);
        let services =
            services.chain(repository.filter(|_| !changed && !nouns.is_empty() && self.refer(phrase).is_none()));
        if let Some(block) = services.into_iter().find_map(|service| self.of_service(act, phrase, service)) {
            return Some(Source { block, named: true });
        }
        // What a service cannot give is not looked for elsewhere.
        if phrase.services.iter().any(|service| self.known.catalogue.service(service).is_some()) {
            return None;
        }
        // "pull out the name and the mail": parts of what is there.
        if self.known.usual_verb(&act.lemma()) == "extract" && self.draft.has_data() {
            return None;
        }
        // "a mail" is one to be sent.
        if self.known.is_carrier(&phrase.head)
            && matches!(phrase.determiner, Determiner::Some)
            && act.clause.role == Role::Act
        {
            return None;
        }
        let calls = matches!(act.plain_lemma(), "ping" | "call" | "hit" | "request");
        if calls
            && nouns.iter().any(|noun| {
                matches!(noun.as_str(), "url" | "endpoint" | "website" | "api" | "address" | "site" | "service")
            })
        {
            return self.known.catalogue.by_name("SendWebRequestBlock").map(|block| Source { block, named: false });
        }
        // "rows of a CSV file": what holds them tells more.
        let next =
            act.arguments(&["of", "in", "from"]).find(|argument| argument.phrase.span.start == phrase.span.end + 1);
        let holder = phrase.tail.as_ref().and_then(|tail| self.source_in(tail));
        let holder = holder.or_else(|| self.source_in(&next?.phrase.span));
        let holds = |block: &&Block| {
            let knows = self.known.of(block).map(|knows| &knows.nouns);
            let gives = &self.known.meaning(block).objects;
            nouns.iter().any(|noun| gives.contains(noun) || knows.is_some_and(|nouns| nouns.contains(noun)))
        };
        if let Some(block) = holder.filter(holds) {
            return Some(Source { block, named: false });
        }
        let single = !phrase.plural && phrase.determiner == Determiner::Some;
        let one = |noun: &String| self.known.source_of_one(noun).filter(|_| single);
        let usual = nouns.iter().find_map(|noun| {
            one(noun).or_else(|| self.known.source(noun)).or_else(|| self.reader_of(act, phrase, noun))
        });
        // Another platform's reader of the same thing.
        let usual = usual.or_else(|| {
            nouns.iter().flat_map(|noun| self.known.like(noun)).find_map(|noun| self.only_reader(act, phrase, noun))
        });
        usual
            .or_else(|| nouns.iter().find_map(|noun| self.known.trigger(noun)))
            .map(|block| Source { block, named: false })
    }

    /// The block that reads what a phrase names from a service.
    fn of_service(&self, act: &Act<'_>, phrase: &Phrase, service: &str) -> Option<&'k Block> {
        if let Some(block) = self.known.alias(service) {
            return Some(block);
        }
        // "new items of a Notion database": the place tells more than "items".
        let mut nouns = names(phrase);
        for other in act.phrases().filter(|other| other.services.iter().any(|name| name == service)) {
            nouns.extend(names(other));
        }
        // "my WordPress site": what is read from it stands elsewhere.
        if matches!(
            phrase.head.as_str(),
            "site" | "website" | "account" | "workspace" | "server" | "profile" | "blog" | "app" | "project"
        ) {
            nouns.extend(act.frame.objects.iter().filter(|object| object.span != phrase.span).flat_map(names));
        }
        nouns.retain(|noun| !self.known.is_generic(noun));
        let lemma = act.lemma();
        let want =
            Want { lemma: &lemma, class: Class::Fetch, nouns: &nouns, service: Some(service), many: phrase.plural };
        let about = |block: &Block| {
            phrase.head.is_empty() || nouns.is_empty() || nouns.iter().any(|noun| self.known.concerns(block, noun))
        };
        // "incoming Telegram messages": the service tells of each when it comes.
        let arrives = phrase.modifiers.iter().any(|word| matches!(word.as_str(), "incoming" | "arriving" | "new"));
        let starts = arrives && self.reading.schedule.is_none() && self.done == 0 && !self.triggered();
        if starts {
            let watched = Want { lemma: "watch", ..want };
            let trigger = choose(self.known, &watched)
                .into_iter()
                .map(|(block, _)| block)
                .find(|block| block.trigger && about(block));
            if trigger.is_some() {
                return trigger;
            }
        }
        let reads = |block: &&Block| !block.trigger && self.known.serves(block, Class::Fetch) && about(block);
        let want =
            Want { lemma: &lemma, class: Class::Fetch, nouns: &nouns, service: Some(service), many: phrase.plural };
        let found = choose(self.known, &want).into_iter().map(|(block, _)| block).find(reads);
        // "the leads in Google Sheets": whatever it is, it is a row.
        found.or_else(|| self.known.container(service))
    }

    /// The block that reads exactly what a noun of two words or a thing of only one service names, as in "bookmarked
    /// tweets"; what people make or give is not read.
    fn reader_of(&self, act: &Act<'_>, phrase: &Phrase, noun: &String) -> Option<&'k Block> {
        let known = self.known;
        let other = known.is_product(noun)
            || known.is_askable(noun)
            || known.is_generic(noun)
            || known.is_person(noun)
            || known.is_carrier(noun);
        if other || !self.is(act, Class::Fetch) || (phrase.determiner == Determiner::Some && self.is(act, Class::Make))
        {
            return None;
        }
        self.only_reader(act, phrase, noun)
    }

    fn only_reader(&self, act: &Act<'_>, phrase: &Phrase, noun: &String) -> Option<&'k Block> {
        let known = self.known;
        let lemma = act.lemma();
        let want = Want {
            lemma: &lemma,
            class: Class::Fetch,
            nouns: std::slice::from_ref(noun),
            service: None,
            many: phrase.plural,
        };
        let reads = |block: &&Block| {
            let meaning = known.meaning(block);
            !block.trigger
                && !known.is_plain(block)
                && known.serves(block, Class::Fetch)
                && meaning.objects.contains(noun)
        };
        let found: Vec<&Block> = choose(known, &want).into_iter().map(|(block, _)| block).filter(reads).collect();
        let service = |block: &Block| known.meaning(block).service.as_deref();
        let alone = found.windows(2).all(|pair| matches!(pair, [one, other] if service(one) == service(other)));
        found.first().copied().filter(|_| alone)
    }

    fn of_value(&self, at: usize, nouns: &[String]) -> Option<&'k Block> {
        let TokenKind::Value(value) = &self.reading.tokens.get(at)?.kind else { return None };
        let by = |name: &str| self.known.catalogue.by_name(name);
        match value {
            Value::Url(url) => {
                let has = |words: &[&str]| words.iter().any(|word| url.contains(word));
                let called = |words: &[&str]| nouns.iter().any(|noun| words.iter().any(|word| noun.contains(word)));
                if has(&["/rss", "rss.", "/feed", "feeds.", ".xml", ".atom", "atom.", "/atom"])
                    || called(&["feed", "rss"])
                {
                    by("ReadRSSFeedBlock")
                } else if has(&["youtube.com", "youtu.be"]) {
                    by("TranscribeYoutubeVideoBlock")
                } else if has(&["//api.", "/api/", ".json"]) || called(&["api", "endpoint", "status"]) {
                    by("SendWebRequestBlock")
                } else {
                    by("ExtractWebsiteContentBlock")
                }
            }
            Value::Subreddit(_) => by("GetRedditPostsBlock"),
            _ => None,
        }
    }

    /// Whether a phrase names something to be read, not a thing that is there already.
    pub(super) fn fetchable(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        !phrase.pronoun && self.source_of(act, phrase, &[]).is_some()
    }

    /// What is read according to the words that narrow a phrase: "a mail that sums up the news".
    pub(super) fn source_in(&self, span: &Span) -> Option<&'k Block> {
        self.reading.tokens.get(span.clone())?.iter().find_map(|token| match &token.kind {
            TokenKind::Word(word) => {
                let noun = word.strip_suffix('s').filter(|noun| noun.len() > 2 && !noun.ends_with('s')).unwrap_or(word);
                self.known.source(word).or_else(|| self.known.source(noun))
            }
            _ => None,
        })
    }

    /// Whether a phrase names a service that can be written to and not read from.
    pub(super) fn unreadable(&self, act: &Act<'_>, phrase: &Phrase) -> Option<String> {
        let service = phrase.services.iter().find(|service| self.known.has_service(service))?;
        self.source_of(act, phrase, &[]).is_none().then(|| service.clone())
    }

    /// Reads what `phrase` names. Returns what it gives.
    pub(super) fn fetch(&mut self, act: &Act<'r>, phrase: &'r Phrase, around: &[&str]) -> Option<usize> {
        let source = self.source_of(act, phrase, around)?;
        Some(self.read_with(source.block, act, phrase))
    }

    pub(super) fn read_with(&mut self, block: &'k Block, act: &Act<'r>, phrase: &'r Phrase) -> usize {
        // The same thing is read once.
        let again = self.draft.data.iter().position(|datum| {
            self.draft.step(datum.flow.step).is_some_and(|step| step.block == block.id)
                && !datum.receipt
                && datum.under.is_none()
                && phrase.values.is_empty()
                && (datum.flow.step >= self.draft.old || phrase.determiner != Determiner::Some)
        });
        if let Some(datum) = again {
            self.cover.add(&core(phrase));
            return datum;
        }
        let nouns = names(phrase);
        let asked = act.frame.complement.clone().filter(|_| act.plain_lemma() == "ask");
        let about = asked.or_else(|| self.about(act, phrase));
        let fresh = phrase
            .modifiers
            .iter()
            .any(|word| matches!(word.as_str(), "new" | "incoming" | "added" | "updated" | "arriving"));
        self.polls |= fresh && self.reading.schedule.is_none() && !self.triggered();
        let says = self.reads(block, phrase, about.as_ref().map(|span| self.text(span)));
        let mut given = Vec::new();
        // A block that writes as well finds a record by its address.
        if self.known.of(block).is_some_and(|knows| knows.reads)
            && block.input_schema().properties.get("email").is_some()
        {
            let label = format!("{}'s e-mail address", self.name_of(phrase));
            given.push((
                "email".to_owned(),
                self.draft.ask(&label, "Which one to look up", super::draft::AskKind::Text, None).binding(),
            ));
        }
        let fill = Fill { act: Some(*act), phrase: Some(phrase), query: about, says, given, ..Fill::default() };
        let step = self.apply(block, fill);
        self.cover.add(&core(phrase));
        if let Some(datum) = self.draft.read_before(step) {
            return datum;
        }
        let service = self.known.meaning(block).service.clone();
        let datum = self.draft.gives(step, &nouns, service.as_deref());
        self.done += 1;
        if block.trigger {
            self.polls = false;
        }
        let Some(datum) = datum else { return self.draft.data.len().saturating_sub(1) };
        if let Determiner::Count(count) = phrase.determiner
            && phrase.plural
            && !self.limits(step, count)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.flow.first = Some(count);
        }
        self.narrow(datum, block, step, phrase);
        self.news_of(act, block, datum, phrase)
    }

    /// Whether something from outside starts the agent.
    pub(super) fn triggered(&self) -> bool {
        (0..self.draft.steps.len()).any(|at| self.draft.block(at).is_some_and(|block| block.trigger))
    }

    fn limits(&mut self, step: usize, count: u32) -> bool {
        use super::{know::Slot, model::Binding};
        let Some(block) = self.draft.block(step) else { return false };
        let input = block
            .input_schema()
            .properties
            .iter()
            .map(|(name, _)| name)
            .find(|name| self.known.slot(name) == Slot::Limit);
        let Some(input) = input.map(str::to_owned) else { return false };
        if let Some(step) = self.draft.steps.get_mut(step) {
            step.bind(&input, Binding::Value(serde_json::json!(count)));
        }
        true
    }

    /// What narrows a phrase: turned into an input where the block has one, else kept for the next step.
    fn narrow(&mut self, datum: usize, block: &Block, step: usize, phrase: &Phrase) {
        let knows = self.known.of(block);
        let mut open: Vec<Span> = Vec::new();
        if let Some(input) = knows.and_then(|knows| knows.search.clone()) {
            let rest = self.gmail(step, &input, phrase);
            open.extend(rest);
        } else {
            // "important", "open", "merged": adjectives that no input took.
            for at in core(phrase) {
                let Some(TokenKind::Word(word)) = self.reading.tokens.get(at).map(|token| &token.kind) else {
                    continue;
                };
                let word_is_adjective = phrase.modifiers.contains(word)
                    && !self.known.meaning(block).objects.iter().any(|object| object.contains(word.as_str()))
                    && !super::cover::is_empty(word)
                    && !matches!(
                        word.as_str(),
                        "latest"
                            | "newest"
                            | "recent"
                            | "current"
                            | "top"
                            | "next"
                            | "upcoming"
                            | "following"
                            | "uploaded"
                            | "given"
                            | "attached"
                    );
                if word_is_adjective {
                    open.push(at..at + 1);
                }
            }
            open.extend(phrase.tail.clone());
        }
        if let Some(input) = knows.and_then(|knows| knows.window.clone()) {
            let minutes = self.window(phrase);
            if let Some(step) = self.draft.steps.get_mut(step) {
                step.bind(&input, super::model::Binding::Value(serde_json::json!(minutes)));
            }
        }
        for span in &open {
            self.cover.add(span);
        }
        // What stands in an input is minded by the step itself.
        open.retain(|span| {
            let text = self.text(span);
            let held = |binding: &super::model::Binding| matches!(binding, super::model::Binding::Value(serde_json::Value::String(held)) if held.contains(text));
            !self.draft.steps.get(step).is_some_and(|step| step.inputs.iter().any(|input| self.known.slot(&input.name) == super::know::Slot::Prompt && held(&input.binding)))
        });
        if let Some(datum) = self.draft.data.get_mut(datum) {
            datum.open.extend(open);
        }
    }

    /// How many minutes back: what the phrase says, else the time between two runs, else a day.
    fn window(&self, phrase: &Phrase) -> u32 {
        let said = phrase.span.clone().find_map(|at| match &self.reading.tokens.get(at)?.kind {
            TokenKind::Value(Value::Duration(minutes)) => Some(*minutes),
            _ => None,
        });
        said.unwrap_or_else(|| self.interval())
    }

    /// Minutes between two runs.
    pub(super) fn interval(&self) -> u32 {
        match self.reading.schedule.as_ref().map(|schedule| schedule.cron.as_str()) {
            Some(cron) => super::time::interval(cron),
            None if self.polls => 15,
            None => 1440,
        }
    }

    /// A Gmail search for what a phrase says; what it cannot say stays open.
    fn gmail(&mut self, step: usize, input: &str, phrase: &Phrase) -> Vec<Span> {
        let (query, mut open) =
            super::gmail::query(self.reading, phrase, self.reading.schedule.is_some() || self.polls);
        // "with a label", "that fit a search": which one the person says.
        let asked = open.iter().position(|span| span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "label" | "search" | "query" | "filter" | "keyword" | "keywords" | "senders"))
        }) && !span.clone().any(|at| matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Value(_)))));
        if let Some(at) = asked {
            open.remove(at);
            let flow = self.draft.ask(
                "Gmail search",
                "Which mails, as in Gmail's search box: label:customers",
                super::draft::AskKind::Text,
                None,
            );
            let format = format!("{} {{{{{}}}}}", query.clone().unwrap_or_default(), flow.name);
            let text = self.draft.fill_in(&[flow], format.trim(), "Say which mails");
            // The search is made before the mails are read.
            self.draft.swap_last(step);
            let text = super::draft::Flow { step, ..text };
            if let Some(read) = self.draft.steps.get_mut(step + 1) {
                read.bind(input, super::model::Binding::From { step, output: text.output });
            }
            return open;
        }
        if let (Some(step), Some(query)) = (self.draft.steps.get_mut(step), query) {
            step.bind(input, super::model::Binding::Value(serde_json::json!(query)));
        }
        open
    }

    /// The subject matter of a search: "about X", else the phrase itself without its verb.
    pub(super) fn about(&self, act: &Act<'_>, phrase: &Phrase) -> Option<Span> {
        // "posts about Rust on Hacker News": all of it is searched for.
        let site = |phrase: &Phrase| phrase.services.iter().any(|service| self.known.is_kind(service, Kind::Site));
        let by_words =
            !matches!(act.lemma().as_str(), "search" | "search for" | "google" | "look up" | "look for" | "watch for");
        let object = act.frame.objects.iter().any(|object| object.span == phrase.span);
        let web = by_words
            && object
            && phrase.services.is_empty()
            && phrase.values.is_empty()
            && self
                .source_of(act, phrase, &[])
                .is_none_or(|source| self.known.meaning(source.block).action == crate::catalogue::Action::Search);
        if web || act.phrases().any(site) {
            let told = |phrase: &Phrase| {
                !self.known.is_person(&phrase.head)
                    && phrase.head != "email"
                    && !phrase.pronoun
                    && !phrase.services.iter().any(|service| self.known.channel(service).is_some())
            };
            let start = act.frame.objects.iter().filter(|phrase| told(phrase)).map(|phrase| phrase.span.start).min();
            let all = act.frame.objects.iter().chain(act.frame.arguments.iter().map(|argument| &argument.phrase));
            let end = all.filter(|phrase| told(phrase)).map(|phrase| phrase.span.end).max();
            if let (Some(start), Some(end)) = (start.or(Some(phrase.span.start)), end) {
                return Some(start..end.max(phrase.span.end));
            }
        }
        let argument = act
            .arguments(&["about", "on", "for", "regarding", "around", "into", "of"])
            .map(|argument| &argument.phrase)
            .find(|about| {
                about.span != phrase.span
                    && !about.pronoun
                    && !self.known.is_person(&about.head)
                    && about.services.is_empty()
            });
        // "a city on Wikipedia": the place is no subject.
        let object = act
            .frame
            .objects
            .first()
            .filter(|object| phrase.head.is_empty() && !object.head.is_empty() && !object.pronoun);
        let own = object.or_else(|| (!phrase.head.is_empty()).then_some(phrase));
        argument.or(own).map(|about| about.span.clone())
    }
}

/// Whether a phrase only holds a place: "a topic", "something", "the company".
pub(super) fn is_open_topic(reading: &Reading, span: &Span, askable: impl Fn(&str) -> bool) -> bool {
    let mut tells = reading.tokens.get(span.clone()).unwrap_or_default().iter().filter_map(|token| match &token.kind {
        TokenKind::Word(word) => (!super::cover::is_empty(word)).then_some(word.as_str()),
        TokenKind::Value(_) => Some("\u{1}"),
        TokenKind::Mark(_) => None,
    });
    match (tells.next(), tells.next()) {
        (None, _) => true,
        (Some(word), None) => askable(word) || askable(word.trim_end_matches('s')),
        _ => false,
    }
}
