//! Acts that a language model does: the clause verbatim over the data that is there.

use serde_json::json;

use crate::{
    catalogue::schema::Types,
    knowledge::Class,
    plan::{
        clauses::act::{Act, names},
        model::Binding,
        steps::{
            build::{Builder, Part},
            draft::Datum,
        },
    },
    reading::{Determiner, Phrase, Role, Token, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// A step of a language model that does what the clause says.
    pub(in crate::plan) fn think(&mut self, act: &Act<'r>) {
        // "It for my boss", "be above 200": what is left of a sentence asks for nothing, and is told as not understood.
        let product = act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        // "… -> top 10 -> Slack" does, as a link of a chain.
        if act.frame.verb.is_none() && !product && !self.in_chain(act) || act.plain_lemma() == "be" {
            return;
        }
        if !self.reads_aloud(act) && self.only_named(act) || self.is_headline(act) || self.transcribes(act) {
            return;
        }
        if self.reads_rows(act) {
            return self.gather(act);
        }
        // "Tag the leads as hot or cold", where nothing has tags: sorted already.
        let tags = matches!(act.plain_lemma(), "label" | "tag" | "mark");
        if tags && !self.judged.is_empty() && act.frame.objects.iter().all(|phrase| phrase.pronoun) {
            return self.cover.add(&act.clause.span);
        }
        let mut data = self.thought_about(act);
        data.extend(self.listed_sources(act));
        if self.of_refused(act, &data) || self.reads_nothing(act, &data) || self.is_read_so(act, &data) {
            return;
        }
        if let Some(found) = self.looks_outside(act, &data) {
            data.push(found);
        }
        // "summarise each of them" speaks of no people.
        let things = act.frame.recipients.is_empty() && act.frame.objects.iter().any(|phrase| phrase.pronoun);
        let person = |phrase: &Phrase| phrase.determiner == Determiner::Each && self.known.is_item_person(&phrase.head);
        let people = !things && act.phrases().any(person)
            || act.frame.objects.iter().any(|phrase| {
                let mut words = phrase.modifiers.iter().map(String::as_str);
                phrase.plural
                    && words.any(|word| matches!(word, "personalised" | "personal" | "individual" | "tailored"))
            });
        let beside = self.goes_back(act);
        // "Sort them into bugs and questions. Bugs go …": each is of a kind of its own.
        let sorts = self.tells_kinds(act.index);
        // "A post for each keyword" of the person's list.
        let listed = self.has_list() && act.phrases().any(|phrase| phrase.determiner == Determiner::Each);
        // "Pull out the vendor and the total, and add it to the sheet": those of each.
        let row = self.known.usual_verb(&act.lemma()) == "extract"
            && act.frame.objects.len() > 1
            && self.next_acts(act).take(1).any(|next| self.is(&next, Class::Store));
        if (self.goes_on_per_item(act) || people || beside || sorts || listed || row)
            && let Some(last) = data.last_mut()
        {
            *last = self.single(*last);
            *last = self.in_full(*last);
        }
        if let Some(block) = self.medium(act) {
            self.leave_maker(act, block);
            // "illustrate it": what was written last.
            if data.is_empty() && act.frame.objects.iter().any(|phrase| phrase.pronoun) {
                data.extend(self.latest());
            }
            // What was asked for is given out, even if a picture is made of it.
            let texts: Vec<usize> = data.iter().copied().filter(|at| !self.is_media(*at)).collect();
            let steps = texts.into_iter().filter_map(|at| self.draft.data.get(at)).map(|datum| datum.flow.step);
            let steps: Vec<usize> = steps.collect();
            self.draft.told.extend(steps);
            let data = self.spoken(act, block, data);
            return self.make_medium(act, block, &data);
        }
        if let Some((what, part)) = self.unseen(act, &data) {
            return self.unknown_service(act, &what, part);
        }
        if !self.known.has_model() {
            return self.think_by_block(act, &data);
        }
        if self.sees(act, &data) || self.think_severally(act, &data) {
            return;
        }
        // "Make things better": nothing to go on.
        let says_nothing = data.is_empty()
            && act.frame.complement.is_none()
            && act.phrases().all(|phrase| {
                phrase.pronoun
                    || phrase.head.is_empty() && phrase.values.is_empty() && phrase.services.is_empty()
                    || names(phrase).iter().any(|name| self.known.is_vague(name) || self.known.is_person(name))
            });
        if says_nothing {
            return;
        }
        // "Extract the table from https://…": a language model opens no address.
        let addressed = |phrase: &&Phrase| {
            let token = |at: &usize| self.reading.tokens.get(*at).and_then(Token::value);
            phrase.values.iter().any(|at| matches!(token(at), Some(Value::Url(_))))
        };
        if let Some(phrase) = act.origins().into_iter().find(addressed).filter(|_| data.is_empty()) {
            data.extend(self.fetch(act, phrase, &[]));
        }
        if let Some(phrase) = self.works_on(act).filter(|_| data.is_empty()) {
            match phrase.services.first() {
                Some(service) if act.reworks() => return self.unknown_service(act, service, Part::Source),
                Some(_) => {}
                None => data.push(self.ask_for(phrase)),
            }
        }
        data.extend(self.searched_first(act, &data));
        data.extend(self.searched_about(act, &data));
        self.recall_last(act, &mut data);
        let words = self.corrected(act, act.instruction());
        let keys = self.keys(act);
        let many = (self.makes_many(act) || self.makes_rows(act, &data)) && !beside;
        let keys = if many { keys.or_else(|| Some(self.item_keys(act, &data))) } else { keys };
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &data, keys.as_deref());
        let mut nouns: Vec<String> =
            act.frame.objects.iter().filter(|phrase| !phrase.pronoun).flat_map(names).collect();
        nouns.splice(0..0, self.known.results(act.plain_lemma()));
        // "Check the jobs, filter those above 500": still the jobs.
        if !act.frame.objects.is_empty() && act.frame.objects.iter().all(|phrase| phrase.pronoun) {
            let same = data.last().and_then(|at| self.draft.data.get(*at));
            let list = |noun: &&String| *noun == "list";
            nouns.extend(same.iter().flat_map(|datum| datum.nouns.iter().take(3)).cloned());
            nouns.extend(same.iter().flat_map(|datum| datum.nouns.iter().filter(list)).cloned());
        }
        // "Translate the feed and publish the posts": the translated ones.
        if act.reworks() && act.plain_lemma() != "summarise" {
            let same = data.last().and_then(|at| self.draft.data.get(*at));
            nouns.extend(same.iter().flat_map(|datum| datum.nouns.iter()).cloned());
        }
        if act.frame.objects.iter().any(|phrase| phrase.plural) {
            nouns.push("list".to_owned());
        }
        nouns.extend(self.targets(act));
        // "Turn the transcript into minutes, and mail the minutes"
        if matches!(act.plain_lemma(), "turn" | "convert" | "transform") {
            nouns.extend(act.arguments(&["into", "to"]).flat_map(|argument| names(&argument.phrase)));
        }
        self.made(step, nouns, keys, &data);
        if many && let Some(step) = self.draft.steps.get_mut(step) {
            step.bind("list_result", Binding::Value(json!(true)));
            if let Some(datum) = self.draft.data.last_mut() {
                datum.flow.types = Types::ARRAY;
            }
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
    }

    /// "Sort the notes": what has to be there before a language model can do it.
    fn works_on(&self, act: &Act<'r>) -> Option<&'r Phrase> {
        let written = |phrase: &&Phrase| {
            let named = phrase.pronoun || phrase.head.is_empty() || !phrase.values.is_empty();
            !named && !self.is_product(act, phrase) && self.refer(phrase).is_none()
        };
        let works = act.reworks() || self.known.is(&act.lemma(), Class::Think);
        let writes = self.known.composes(act.plain_lemma()) || act.asks() || act.frame.subject.is_some();
        act.frame.objects.first().filter(written).filter(|_| works && !writes)
    }

    /// "Take a video and transcribe it": the block that reads it does that.
    fn is_read_so(&mut self, act: &Act<'r>, data: &[usize]) -> bool {
        let [datum] = data else { return false };
        let Some(block) = self.draft.data.get(*datum).and_then(|datum| self.draft.block(datum.flow.step)) else {
            return false;
        };
        let (lemma, only) = (act.plain_lemma(), act.frame.objects.iter().all(|phrase| phrase.pronoun));
        // "check whether https://… loads": the request tells.
        if self.asks_status(act) && block.name == "SendWebRequestBlock" {
            self.cover.add(&act.clause.span);
            self.done += 1;
            return true;
        }
        let so = only
            && act.frame.arguments.is_empty()
            && act.frame.complement.is_none()
            && self.is(act, Class::Think)
            && self.known.serves(block, Class::Fetch)
            && self.known.meaning(block).verbs.iter().any(|verb| verb == lemma);
        // "take the link of a video, get the transcript": that was read.
        let had = self.draft.data.get(*datum).is_some_and(|datum| {
            let [phrase] = act.frame.objects.as_slice() else { return false };
            let itself = phrase.modifiers.is_empty() && phrase.tail.is_none() && phrase.values.is_empty();
            let plain = phrase.services.is_empty() && act.frame.arguments.iter().all(|other| other.phrase.pronoun);
            !datum.made && itself && plain && phrase.head == datum.flow.output
        });
        // "The agent opens it": it was opened to be read.
        let page = |phrase: &Phrase| phrase.pronoun || matches!(phrase.head.as_str(), "page" | "web page" | "website");
        let opened = matches!(lemma, "read" | "open" | "visit" | "scrape" | "load" | "crawl")
            && block.name == "ExtractWebsiteContentBlock"
            && act.frame.arguments.is_empty()
            && act.frame.complement.is_none()
            && act.frame.objects.iter().all(page);
        if so || opened || had && self.is(act, Class::Fetch) && self.known.serves(block, Class::Fetch) {
            let results = self.known.results(lemma);
            if let Some(datum) = self.draft.data.get_mut(*datum) {
                datum.nouns.splice(0..0, results);
            }
            self.cover.add(&act.clause.span);
            self.done += 1;
            return true;
        }
        false
    }

    /// "Check it for typos and publish it": the text goes on, not what was found in it.
    fn corrected(&self, act: &Act<'r>, words: String) -> String {
        let corrects = matches!(
            act.plain_lemma(),
            "proofread" | "check" | "correct" | "edit" | "improve" | "polish" | "review" | "optimise"
        );
        let text = corrects
            && act.frame.objects.iter().any(|phrase| {
                let datum = self.refer(phrase).and_then(|at| self.draft.data.get(at));
                datum.is_some_and(|datum| datum.made && datum.nouns.iter().any(|noun| self.known.is_product(noun)))
            });
        let goes = self.next_acts(act).take(1).any(|next| {
            matches!(next.plain_lemma(), "publish" | "post" | "send" | "save" | "share" | "upload" | "email" | "mail")
        });
        if text && goes {
            format!("{words}. Give back the whole text with every correction made, and nothing else")
        } else {
            words
        }
    }

    /// "Take the text I paste in": nothing is done with it yet.
    pub(in crate::plan) fn only_named(&mut self, act: &Act<'r>) -> bool {
        let fetches = self.is(act, Class::Fetch)
            && matches!(
                act.plain_lemma(),
                "take" | "get" | "read" | "receive" | "look" | "open" | "load" | "fetch" | "go"
            );
        let asked: Vec<Phrase> =
            act.frame.objects.iter().filter(|phrase| self.refer(phrase).is_none()).cloned().collect();
        // "Find companies, get the CEO's name": found too, not asked for.
        let read = |datum: &Datum| !datum.receipt && !self.draft.is_asked(datum.flow.step);
        if act.plain_lemma() == "get" && self.draft.data.iter().any(read) {
            return false;
        }
        // "Take a PDF contract": whatever it is called.
        let first = act.plain_lemma() == "take" && !self.draft.has_data();
        let given = |phrase: &Phrase| {
            !phrase.pronoun
                && phrase.services.is_empty()
                && (first || names(phrase).iter().any(|name| self.known.is_askable(name)))
                && (first && phrase.head.ends_with("transcript") || !self.fetchable(act, phrase))
        };
        if !fetches
            || !act.services().is_empty()
            || self.next_acts(act).next().is_none()
            || asked.is_empty()
            || !asked.iter().all(given)
            || act.origins().into_iter().any(|origin| !asked.contains(origin) && self.is_table(origin))
        {
            return false;
        }
        for phrase in &asked {
            self.ask_for(phrase);
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
        true
    }

    /// "I want to watch the market: read the feed, …": what comes after the colon does it.
    /// "Create posts from new pages: when a page is ready, …": told in full behind the colon.
    pub(in crate::plan) fn heads_trigger(&mut self, act: &Act<'r>) -> bool {
        let last = act.clause.span.clone().next_back().and_then(|at| self.reading.tokens.get(at)?.mark());
        let next = self.reading.clauses.get(act.index + 1).map(|clause| clause.role);
        let heads = act.index == 0
            && last == Some(crate::reading::Mark::Colon)
            && match next {
                Some(Role::Trigger) => self.next_acts(act).count() > 1,
                // "send wishes: my sheet has names and birthdays. Every day check who …"
                Some(Role::Background | Role::Value | Role::Schedule) => {
                    self.next_acts(act).any(|next| next.plain_lemma() == act.plain_lemma())
                }
                _ => false,
            };
        if heads {
            self.cover.close(&act.clause.span);
        }
        heads
    }

    /// "Turn interviews into insights": of many, and none of them is named.
    fn recasts_all(&self, act: &Act<'r>) -> bool {
        let turns = matches!(act.plain_lemma(), "turn" | "convert" | "transform");
        let any =
            |phrase: &Phrase| phrase.determiner == Determiner::None && phrase.services.is_empty() && !phrase.pronoun;
        turns && act.frame.objects.iter().all(any)
    }

    fn is_headline(&mut self, act: &Act<'r>) -> bool {
        let colon = act.clause.span.clone().next_back().and_then(|at| self.reading.tokens.get(at)?.mark())
            == Some(crate::reading::Mark::Colon);
        let follows = self
            .next_acts(act)
            .next()
            .is_some_and(|next| next.clause.sentence == act.clause.sentence && next.frame.verb.is_some());
        let started = self
            .draft
            .data
            .iter()
            .all(|datum| datum.receipt || self.draft.block(datum.flow.step).is_some_and(|block| block.trigger));
        // "Turn interviews into insights. Upload a transcript, …": what is turned comes next.
        let given = |next: Act<'_>| {
            matches!(next.plain_lemma(), "upload" | "paste" | "enter" | "provide") && next.frame.subject.is_none()
        };
        let thinks = |next: Act<'_>| self.is(&next, Class::Think);
        let later = self.next_acts(act).next().is_some_and(given) && self.next_acts(act).skip(1).any(thinks);
        let heading = act.index == 0 && self.recasts_all(act) && later;
        if !heading && (!colon || !follows || self.draft.has_data() && !started) {
            return false;
        }
        self.cover.add(&act.clause.span);
        true
    }

    /// Several things come out, and each of them is handled by itself after this.
    fn makes_many(&self, act: &Act<'r>) -> bool {
        let deliver =
            |next: &Act<'_>| self.is(next, Class::Tell) || self.is(next, Class::Store) || self.is(next, Class::Make);
        // "scrape all names and prices and save them to a sheet": a row for each
        // "the date and the amount of every transaction"
        let each = act.arguments(&["of", "from", "for"]).any(|of| of.phrase.determiner == Determiner::Each);
        let kept = |next: &Act<'_>| self.is(next, Class::Store);
        if each && act.frame.objects.len() > 1 && self.next_acts(act).next().is_some_and(|next| kept(&next)) {
            return true;
        }
        let listed =
            act.frame.objects.first().is_some_and(|phrase| phrase.plural && phrase.determiner == Determiner::All);
        let kept =
            |next: &Act<'_>| self.is(next, Class::Store) && next.frame.objects.iter().all(|phrase| phrase.pronoun);
        if listed && self.next_acts(act).next().is_some_and(|next| kept(&next)) {
            return true;
        }
        let own: Vec<String> = act.frame.objects.iter().filter(|phrase| phrase.plural).flat_map(names).collect();
        let open = act.frame.complement.is_some() && act.frame.objects.is_empty();
        let listing = act.frame.objects.iter().any(|phrase| phrase.head == "list" || phrase.head.ends_with(" list"));
        self.next_acts(act).take(2).any(|next| {
            deliver(&next)
                && next.phrases().any(|phrase| {
                    // "group them, and keep each group"
                    let same = names(phrase).iter().any(|name| own.contains(name) || name == act.plain_lemma());
                    let items = listing && phrase.plural && matches!(phrase.head.as_str(), "item" | "entry" | "thing");
                    let each = phrase.determiner == Determiner::Each || phrase.head == "each" || items;
                    each && (open || same || listing || !own.is_empty())
                        || same && phrase.plural && (phrase.unseen || !self.is(&next, Class::Tell))
                })
        })
    }

    /// Records what a model step gives.
    pub(in crate::plan) fn made(&mut self, step: usize, nouns: Vec<String>, keys: Option<Vec<String>>, data: &[usize]) {
        let single = data.last().and_then(|datum| self.draft.data.get(*datum)).is_some_and(|datum| datum.single);
        let inherited =
            data.last().and_then(|datum| self.draft.data.get(*datum)).and_then(|datum| datum.service.clone());
        let address = data.last().and_then(|datum| self.draft.data.get(*datum)).and_then(|datum| datum.address.clone());
        let scope = self.scope;
        if let Some(datum) = self.draft.gives(step, &nouns, None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.made = true;
            datum.single = single;
            datum.under = scope;
            datum.service = inherited;
            datum.address = address;
            if let Some(keys) = keys {
                datum.flow.fields = keys;
            }
            datum.nouns.push("result".to_owned());
            datum.nouns.push("text".to_owned());
        }
        self.thinker = Some(step);
    }

    // ----- pictures, sound, film
}
