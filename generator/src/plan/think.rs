//! Acts that a language model does: the clause verbatim over the data that is there.

use serde_json::json;

use super::{
    act::{Act, names},
    build::Builder,
    decide::is_text_model,
    draft::{Flow, distinct, slug},
    know::Class,
    model::{Binding, Input, Step},
};
use crate::{
    catalogue::{NESTED, schema::Types},
    reading::{Determiner, Phrase, Role},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// A step of a language model that does what the clause says.
    pub(super) fn think(&mut self, act: &Act<'r>) {
        if self.only_named(act) || self.is_headline(act) {
            return;
        }
        let mut data = self.thought_about(act);
        let people =
            act.phrases()
                .any(|phrase| phrase.determiner == Determiner::Each && self.known.is_item_person(&phrase.head))
                || act.frame.objects.iter().any(|phrase| {
                    phrase.plural
                        && phrase.modifiers.iter().any(|word| {
                            matches!(word.as_str(), "personalised" | "personal" | "individual" | "tailored")
                        })
                });
        if (self.goes_on_per_item(act) || people)
            && let Some(last) = data.last_mut()
        {
            *last = self.single(*last);
        }
        if let Some(block) = self.medium(act) {
            let content = data.last().copied().and_then(|datum| self.take(datum));
            return self.make_medium(act, block, content);
        }
        if !self.known.has_model() {
            return self.think_by_block(act, &data);
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
        let words = act.instruction();
        let keys = self.keys(act);
        let many = self.makes_many(act);
        let keys = if many { keys.or_else(|| Some(self.item_keys(act))) } else { keys };
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &data, keys.as_deref());
        let mut nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        nouns.splice(0..0, self.known.results(act.plain_lemma()));
        if act.frame.objects.iter().any(|phrase| phrase.plural) {
            nouns.push("list".to_owned());
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

    /// "Take the text I paste in": nothing is done with it yet.
    fn only_named(&mut self, act: &Act<'r>) -> bool {
        let fetches = self.is(act, Class::Fetch)
            && matches!(act.plain_lemma(), "take" | "get" | "read" | "receive" | "look" | "open" | "load" | "fetch");
        let asked: Vec<Phrase> =
            act.frame.objects.iter().filter(|phrase| self.refer(phrase).is_none()).cloned().collect();
        let given = |phrase: &Phrase| {
            !phrase.pronoun
                && phrase.services.is_empty()
                && names(phrase).iter().any(|name| self.known.is_askable(name))
                && !self.fetchable(act, phrase)
        };
        if !fetches || self.next_acts(act).next().is_none() || asked.is_empty() || !asked.iter().all(given) {
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
    fn is_headline(&mut self, act: &Act<'r>) -> bool {
        let colon = act.clause.span.clone().next_back().and_then(|at| self.reading.tokens.get(at)?.mark())
            == Some(crate::reading::Mark::Colon);
        let follows = self.next_acts(act).next().is_some_and(|next| next.clause.sentence == act.clause.sentence);
        if !colon || !follows || self.draft.has_data() {
            return false;
        }
        self.cover.add(&act.clause.span);
        true
    }

    /// Several things come out, and each of them is handled by itself after this.
    fn makes_many(&self, act: &Act<'r>) -> bool {
        let deliver =
            |next: &Act<'_>| self.is(next, Class::Tell) || self.is(next, Class::Store) || self.is(next, Class::Make);
        let own: Vec<String> = act.frame.objects.iter().filter(|phrase| phrase.plural).flat_map(names).collect();
        let open = act.frame.complement.is_some() && act.frame.objects.is_empty();
        self.next_acts(act).take(2).any(|next| {
            deliver(&next)
                && next.phrases().any(|phrase| {
                    // "group them, and keep each group"
                    let same = names(phrase).iter().any(|name| own.contains(name) || name == act.plain_lemma());
                    let each = phrase.determiner == Determiner::Each || phrase.head == "each";
                    each && (open || same || !own.is_empty()) || same && phrase.plural && !self.is(&next, Class::Tell)
                })
        })
    }

    /// Parts of each of several things: what the acts after it speak of.
    fn item_keys(&self, act: &Act<'r>) -> Vec<String> {
        let mut keys = vec!["title".to_owned()];
        for next in self.next_acts(act).take(1) {
            keys.extend(
                next.frame
                    .arguments
                    .iter()
                    .filter(|argument| argument.preposition == "with")
                    .map(|argument| slug(&argument.phrase.head)),
            );
        }
        keys.retain(|key| !key.is_empty());
        if keys.len() == 1 {
            keys.push("text".to_owned());
        }
        keys.dedup();
        keys
    }

    /// Records what a model step gives.
    pub(super) fn made(&mut self, step: usize, nouns: Vec<String>, keys: Option<Vec<String>>, data: &[usize]) {
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

    /// What the act thinks about: what it names, read first if need be; else what is pending.
    pub(super) fn thought_about(&mut self, act: &Act<'r>) -> Vec<usize> {
        let mut data: Vec<usize> = Vec::new();
        let services = act.services();
        let phrases: Vec<&Phrase> = act.phrases().collect();
        for phrase in &phrases {
            if self.known.is_person(&phrase.head) && phrase.services.is_empty()
                || phrase.pronoun
                || self.sends_from(act, phrase)
            {
                continue;
            }
            // "a briefing on Telegram": where it goes is not read.
            let way =
                phrase.head.is_empty() && phrase.services.iter().any(|service| self.known.channel(service).is_some());
            let place = act
                .arguments(&["on", "via", "in", "to", "over", "by", "through"])
                .any(|argument| argument.phrase.span == phrase.span);
            if way && place && self.is(act, Class::Tell) {
                continue;
            }
            // "a strategy for TikTok": what it is for is not read.
            let aside = is_aside(act, phrase);
            let reply = aside
                && act
                    .frame
                    .objects
                    .iter()
                    .any(|object| matches!(object.head.as_str(), "answer" | "reply" | "response"));
            if reply && self.refer(phrase).is_none() && !phrase.head.is_empty() {
                // What is answered has to be there.
                if let Some(datum) = self.fetch(act, phrase, &[]) {
                    data.push(datum);
                } else if phrase.plural {
                    let text = self.text(&phrase.span).to_owned();
                    self.leave(&text, super::model::Reason::NeedsData, "no step here reads them");
                } else {
                    data.push(self.ask_for(phrase));
                }
                continue;
            }
            if aside {
                continue;
            }
            if let Some(datum) = self.part(phrase) {
                data.push(datum);
                continue;
            }
            if let Some(datum) = self.refer(phrase).filter(|_| !self.known.is_generic(&phrase.head)) {
                if !data.contains(&datum) {
                    data.push(datum);
                }
                continue;
            }
            // "a Gmail message for each": what is to be sent is not read.
            let sent = self.known.is_carrier(&phrase.head)
                && (self.is(act, Class::Tell) || self.known.composes(&act.lemma()))
                && !matches!(phrase.determiner, Determiner::Mine | Determiner::The)
                && act.frame.objects.iter().any(|object| object.span == phrase.span);
            if sent {
                continue;
            }
            let named = !phrase.services.is_empty() || !phrase.values.is_empty();
            let product = self.is_product(act, phrase) && !named;
            let reads = if product { None } else { self.source_of(act, phrase, &[]) };
            let from =
                act.arguments(&["from", "of", "out of", "across"]).any(|argument| argument.phrase.span == phrase.span)
                    || act.frame.objects.iter().any(|object| object.span == phrase.span);
            let foreign = phrase.services.iter().find(|service| {
                from && !self.known.has_service(service)
                    && !self.known.is_passive(service)
                    && !self.known.is_kind(service, crate::reading::Kind::Builder)
            });
            if let Some(service) = foreign.cloned() {
                self.unknown_service(act, &service, super::build::Part::Source);
                continue;
            }
            let from = act.arguments(&["from", "out of", "across"]).any(|argument| argument.phrase.span == phrase.span);
            if reads.is_none()
                && !product
                && from
                && let Some(service) = self.unreadable(act, phrase)
            {
                self.unknown_service(act, &service, super::build::Part::Source);
                continue;
            }
            if let Some(source) = reads {
                // A web search is not made for every noun that could be searched for.
                let vague = !source.named
                    && !matches!(phrase.head.as_str(), "news" | "headline")
                    && (matches!(
                        source.block.name.as_str(),
                        "GoogleMapsSearchBlock" | "SQLQueryBlock" | "GetCurrentDateBlock"
                    ) || self.draft.has_data()
                        && matches!(
                            source.block.name.as_str(),
                            "SearchTheWebBlock" | "ExtractWebsiteContentBlock" | "FileReadBlock"
                        ));
                if !vague {
                    data.push(self.read_with(source.block, act, phrase));
                }
            }
        }
        let _ = services;
        for phrase in &phrases {
            let Some(tail) = phrase.tail.clone().filter(|_| data.is_empty() && self.pending().is_empty()) else {
                continue;
            };
            if let Some(block) = self.source_in(&tail) {
                data.push(self.read_with(block, act, phrase));
            }
        }
        if data.is_empty() {
            data = self.pending();
        } else if act.phrases().any(|phrase| phrase.pronoun && !self.known.is_person(&phrase.head)) {
            for pending in self.pending() {
                if !data.contains(&pending) {
                    data.push(pending);
                }
            }
        }
        if data.is_empty() {
            data.extend(self.asked_about(act));
        }
        data.sort_unstable();
        data.dedup();
        data.into_iter().map(|datum| self.in_full(datum)).collect()
    }

    /// What an event only names is read in full before anything is thought about it: the changes of a pull request.
    fn in_full(&mut self, index: usize) -> usize {
        let Some(datum) = self.draft.data.get(index).cloned().filter(|datum| !datum.made && !datum.flow.is_list())
        else {
            return index;
        };
        let known = self.known;
        let Some(detail) =
            self.draft.block(datum.flow.step).and_then(|block| known.of(block)).and_then(|knows| knows.detail.as_ref())
        else {
            return index;
        };
        let (Some(find), Some(block)) =
            (known.catalogue.by_name("FindInDictionaryBlock"), known.catalogue.by_name(&detail.block))
        else {
            return index;
        };
        let noun = datum.nouns.first().cloned().unwrap_or_default();
        let says = format!("Take the address of the {noun}");
        let address = self.step_of(find, &says, &[("key", json!(detail.key))], &[("input", datum.flow.clone())]);
        let given = vec![(detail.input.clone(), self.draft.flow(address, "output").binding())];
        let says = format!("Read the {noun} in full");
        let step = self.apply(block, super::fill::Fill { given, says, ..Default::default() });
        let Some(read) = self.draft.gives(step, &datum.nouns, datum.service.as_deref()) else { return index };
        if let Some(read) = self.draft.data.get_mut(read) {
            (read.single, read.under) = (true, datum.under);
        }
        read
    }

    /// "write a mail to them from Gmail": Gmail sends it.
    fn sends_from(&self, act: &Act<'r>, phrase: &Phrase) -> bool {
        let from = act.arguments(&["from", "by", "via", "with"]).any(|argument| argument.phrase.span == phrase.span);
        let mail = act.frame.objects.iter().any(|object| object.head == "email" || object.head.ends_with(" email"));
        from && mail
            && self.known.composes(act.plain_lemma())
            && phrase.services.iter().any(|service| self.known.channel(service).is_some())
    }

    /// What only the person can give: "the lecture notes", "a topic".
    fn asked_about(&mut self, act: &Act<'r>) -> Vec<usize> {
        let wanted: Vec<Phrase> = act
            .phrases()
            .filter(|phrase| {
                !phrase.pronoun
                    && !is_aside(act, phrase)
                    && phrase.values.iter().all(|at| {
                        matches!(
                            self.reading.tokens.get(*at).map(|token| &token.kind),
                            Some(crate::reading::TokenKind::Value(crate::reading::Value::Number(_)))
                        )
                    })
                    && phrase.services.is_empty()
                    && !self.known.is_person(&phrase.head)
                    && names(phrase).iter().any(|name| self.known.is_askable(name))
                    && !(phrase.determiner == Determiner::Some
                        && act.arguments(&["about", "on"]).next().is_some()
                        && names(phrase).iter().any(|name| self.known.is_writable(name)))
                    && !(self.is_product(act, phrase)
                        && matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_)))
            })
            .cloned()
            .collect();
        // Nobody is there to paste orders into an agent that runs by itself.
        let alone = self.reading.schedule.is_some() || self.polls;
        if alone
            && let Some(phrase) =
                wanted.iter().find(|phrase| !names(phrase).iter().any(|name| self.known.is_setting(name)))
        {
            let what = self.text(&super::act::core(phrase)).to_owned();
            self.question(
                &format!("Where does this come from, and how can it be read: {what}?"),
                &phrase.head,
                "From the web page https://example.com/news",
            );
        }
        wanted.iter().take(5).map(|phrase| self.ask_for(phrase)).collect()
    }

    /// The step itself. `keys`: the answer has parts of these names.
    pub(super) fn ask_model(
        &mut self,
        act: &Act<'r>,
        instruction: &str,
        manners: &[String],
        data: &[usize],
        keys: Option<&[String]>,
    ) -> usize {
        let mut prompt = format!("{instruction}.");
        for manner in manners {
            prompt.push('\n');
            prompt.push_str(manner);
            prompt.push('.');
        }
        let mut flows: Vec<Flow> = Vec::new();
        for index in data {
            let open = self.draft.data.get_mut(*index).map(|datum| std::mem::take(&mut datum.open)).unwrap_or_default();
            for span in open {
                let text = self.text(&span).to_owned();
                // "the posts": that is what they are.
                let called = self
                    .draft
                    .data
                    .get(*index)
                    .is_some_and(|datum| datum.nouns.contains(&text.trim_end_matches('s').to_lowercase()));
                if !prompt.contains(&text) && !text.is_empty() && !called {
                    prompt.push_str(&format!("\nOnly mind what fits this: {text}."));
                }
            }
            if let Some(flow) = self.take(*index) {
                flows.push(flow);
            }
        }
        let flows = distinct(&flows);
        let name = match keys {
            Some(_) => "AIStructuredResponseGeneratorBlock",
            None => "AITextGeneratorBlock",
        };
        let plain = keys.is_none()
            && manners.is_empty()
            && flows.len() == 1
            && prompt.lines().count() == 1
            && is_plain_summary(act);
        let block = self.known.catalogue.by_name(name);
        let summariser = self.known.catalogue.by_name("AITextSummarizerBlock").filter(|_| plain);
        let title = super::say::cut(&super::say::thought(instruction), 60);
        if let (Some(block), [flow]) = (summariser, flows.as_slice()) {
            let text = self.draft.fit(flow, Types::STRING);
            let inputs = vec![Input { name: "text".to_owned(), binding: text.binding() }];
            return self.draft.push(Step {
                block: block.id.clone(),
                title,
                says: super::say::thought(instruction),
                inputs,
            });
        }
        let mut inputs = Vec::new();
        for flow in &flows {
            let text = self.draft.fit(flow, Types::STRING);
            prompt.push_str(&format!("\n\n{{{{{}}}}}", flow.name));
            inputs.push(Input { name: format!("prompt_values{NESTED}{}", flow.name), binding: text.binding() });
        }
        inputs.push(Input { name: "prompt".to_owned(), binding: Binding::Value(json!(prompt)) });
        if let Some(keys) = keys {
            let format: serde_json::Map<_, _> =
                keys.iter().map(|key| (key.clone(), json!(key.replace('_', " ")))).collect();
            inputs.push(Input { name: "expected_format".to_owned(), binding: Binding::Value(format.into()) });
        }
        let id = block.map_or_else(|| crate::catalogue::special::AI_TEXT.to_owned(), |block| block.id.clone());
        self.draft.push(Step { block: id, title, says: super::say::thought(instruction), inputs })
    }

    /// The parts that are asked for, when later steps need them apart: "the amount, the date and the vendor".
    fn keys(&self, act: &Act<'r>) -> Option<Vec<String>> {
        let objects = &act.frame.objects;
        let splits = matches!(
            act.lemma().as_str(),
            "extract"
                | "pull out"
                | "pick out"
                | "classify"
                | "categorise"
                | "score"
                | "rate"
                | "identify"
                | "detect"
                | "get"
                | "pull"
                | "prioritise"
                | "label"
                | "tag"
                | "take"
                | "sort"
                | "judge"
                | "determine"
                | "parse"
                | "enrich"
                | "flag"
                | "generate"
                | "write"
                | "assign"
        );
        let stored = self.next_acts(act).filter(|next| self.channel(next).is_none()).any(|next| {
            let store = Class::Store;
            self.is(&next, store) || self.is(&next, Class::Change) || self.is(&next, Class::Make)
        });
        // "… and give each its label and assignee": that is what has to come out.
        let given: Vec<String> = self
            .next_acts(act)
            .take(1)
            .filter(|next| {
                self.is(next, Class::Change) && next.frame.objects.len() > 1
                    || matches!(next.plain_lemma(), "assign" | "label" | "tag")
            })
            .flat_map(|next| {
                next.frame
                    .objects
                    .iter()
                    .filter(|phrase| !phrase.pronoun)
                    .map(|phrase| slug(&phrase.head))
                    .collect::<Vec<_>>()
            })
            .filter(|key| !key.is_empty())
            .collect();
        if splits && given.len() > 1 {
            return Some(given);
        }
        let mut keys: Vec<String> = objects
            .iter()
            .filter(|phrase| !phrase.pronoun && !phrase.head.is_empty() && !self.known.is_generic(&phrase.head))
            .filter(|phrase| self.refer(phrase).is_none())
            .map(|phrase| slug(&names(phrase).first().cloned().unwrap_or_default()))
            .filter(|key| !key.is_empty())
            .collect();
        keys.dedup();
        let one = matches!(act.plain_lemma(), "write" | "generate") && keys.len() < 2;
        if !splits || one || !(stored || keys.len() > 1) {
            return None;
        }
        let classes = self.classes(act);
        if !classes.is_empty() {
            keys.retain(|key| !classes.contains(key));
            keys.push("category".to_owned());
            return Some(keys);
        }
        let aspects: Vec<String> = act
            .frame
            .arguments
            .iter()
            .filter(|argument| argument.preposition == "by")
            .map(|argument| slug(&argument.phrase.head))
            .filter(|key| !key.is_empty())
            .collect();
        keys.extend(aspects);
        match act.lemma().as_str() {
            "classify" | "categorise" | "sort" | "label" | "tag" if keys.is_empty() => keys.push("category".to_owned()),
            // What is scored is there already.
            "score" | "rate" | "grade" => keys = vec!["score".to_owned()],
            _ => {}
        }
        keys.dedup();
        (!keys.is_empty()).then_some(keys)
    }

    /// "as bug, question or praise": several names of one thing.
    fn classes(&self, act: &Act<'r>) -> Vec<String> {
        let named: Vec<String> = act.arguments(&["as", "into"]).map(|argument| slug(&argument.phrase.head)).collect();
        if named.len() > 1 { named } else { Vec::new() }
    }

    /// The acts that follow.
    pub(super) fn next_acts(&self, act: &Act<'r>) -> impl Iterator<Item = Act<'r>> + use<'r> {
        let reading = self.reading;
        (act.index + 1..reading.clauses.len())
            .filter(move |at| reading.clauses.get(*at).is_some_and(|clause| clause.role == Role::Act))
            .filter_map(move |at| Act::of(reading, at))
    }

    /// From here on every entry is handled by itself: "a personal mail to each".
    fn goes_on_per_item(&self, act: &Act<'r>) -> bool {
        let deliver = |act: &Act<'_>| {
            self.is(act, Class::Tell)
                || self.is(act, Class::Store)
                || self.is(act, Class::Make)
                || self.is(act, Class::Change)
        };
        let one = |phrase: &Phrase| {
            let new = !phrase.head.is_empty() && names(phrase).iter().any(|name| name == act.plain_lemma());
            phrase.determiner == Determiner::Each && !new
                || (self.known.is_item_person(&phrase.head) && !matches!(phrase.determiner, Determiner::Mine))
        };
        let own = act.phrases().any(|phrase| phrase.determiner == Determiner::Each || phrase.head == "each")
            && self.next_acts(act).take(4).any(|next| deliver(&next));
        own || self.next_acts(act).take(3).any(|next| {
            deliver(&next) && next.frame.recipients.iter().chain(next.places()).chain(&next.frame.objects).any(one)
        })
    }

    /// What narrows a result that goes straight to the person is minded before it does.
    pub(super) fn mind_the_rest(&mut self) {
        for index in 0..self.draft.data.len() {
            let Some(datum) = self.draft.data.get(index) else { break };
            let Some(clause) = datum.open.first().and_then(|span| {
                self.reading
                    .clauses
                    .iter()
                    .position(|clause| clause.span.start <= span.start && span.start < clause.span.end)
            }) else {
                continue;
            };
            if datum.receipt {
                continue;
            }
            let Some(act) = Act::of(self.reading, clause) else { continue };
            if datum.used || !self.known.has_model() {
                // Its reader is built already: tell the model that reads it, or say that it was left out.
                let open =
                    self.draft.data.get_mut(index).map(|datum| std::mem::take(&mut datum.open)).unwrap_or_default();
                for span in open {
                    let text = self.text(&span).to_owned();
                    match self.thinker {
                        Some(thinker) if !text.is_empty() => {
                            self.remark(thinker, &format!("Only mind what fits this: {text}."))
                        }
                        _ => self.leave(
                            &text,
                            super::model::Reason::NotSupported,
                            "no step can narrow it down like this",
                        ),
                    }
                }
                continue;
            }
            let words = format!("Keep only what fits this, and leave out the rest: {}", act.instruction());
            let step = self.ask_model(&act, &words, &[], &[index], None);
            let nouns = self.draft.data.get(index).map(|datum| datum.nouns.clone()).unwrap_or_default();
            self.made(step, nouns, None, &[index]);
        }
    }

    /// Pages of search results are no answer: what was asked for is picked out of them.
    pub(super) fn digest_searches(&mut self) {
        for index in 0..self.draft.data.len() {
            let Some(datum) = self.draft.data.get(index) else { break };
            let raw = self.draft.block(datum.flow.step).is_some_and(|block| block.name == "SearchTheWebBlock");
            if !raw || datum.used {
                continue;
            }
            let clause = self.reading.clauses.iter().position(|clause| clause.role == Role::Act);
            let Some(act) = clause.and_then(|clause| Act::of(self.reading, clause)) else { return };
            let words = format!("From what was found, do this and name the sources: {}", act.instruction());
            let step = self.ask_model(&act, &words, &[], &[index], None);
            self.made(step, vec!["finding".to_owned()], None, &[index]);
        }
    }

    /// "What is 12 times 34?"
    fn computes(&mut self) -> bool {
        use crate::reading::{TokenKind, Value};
        let tokens = &self.reading.tokens;
        let number = |at: usize| match &tokens.get(at)?.kind {
            TokenKind::Value(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let found = (0..tokens.len()).find_map(|at| {
            let TokenKind::Word(word) = &tokens.get(at + 1)?.kind else { return None };
            let (operation, second) = match word.as_str() {
                "times" | "x" => ("Multiply", at + 2),
                "plus" => ("Add", at + 2),
                "minus" => ("Subtract", at + 2),
                "divided" => ("Divide", at + 3),
                "multiplied" => ("Multiply", at + 3),
                _ => return None,
            };
            Some((operation, number(at)?, number(second)?))
        });
        let (Some((operation, a, b)), Some(block)) = (found, self.known.catalogue.by_name("CalculatorBlock")) else {
            return false;
        };
        let step = self.step_of(
            block,
            "Calculate it",
            &[("operation", json!(operation)), ("a", json!(a)), ("b", json!(b))],
            &[],
        );
        self.draft.gives(step, &["result".to_owned()], None);
        self.cover.add(&(0..tokens.len()));
        self.done += 1;
        true
    }

    /// A goal that only asks something is looked up and answered.
    pub(super) fn answer_question(&mut self) {
        let asking = |word: &str| matches!(word, "which" | "what" | "who" | "where" | "when" | "how" | "why");
        let words: Vec<&str> = self.reading.tokens.iter().filter_map(crate::reading::Token::word).collect();
        let asks = words.first().is_some_and(|word| asking(word.trim_end_matches('s').trim_end_matches('\'')))
            || self.reading.text.contains('?') && words.iter().any(|word| asking(word));
        let about_us = self.reading.tokens.iter().any(|token| {
            matches!(&token.kind, crate::reading::TokenKind::Word(word) if matches!(word.as_str(), "you" | "your") || self.known.is_agent(word.trim_end_matches('s')))
        });
        let (true, false, Some(search)) = (asks, about_us, self.known.catalogue.by_name("SearchTheWebBlock")) else {
            return;
        };
        if self.computes() {
            return;
        }
        let all = 0..self.reading.tokens.len();
        if let Some(block) = self
            .source_in(&all)
            .filter(|block| matches!(block.name.as_str(), "GetCurrentDateBlock" | "GetWeatherInformationBlock"))
        {
            let says = super::act::sentence(&super::say::shortened(&self.reading.text, 80));
            let step = self.apply(block, super::fill::Fill { name: Some(says.clone()), says, ..Default::default() });
            self.draft.gives(step, &[], None);
            self.cover.add(&all);
            self.done += 1;
            return;
        }
        let text = super::say::shortened(&self.reading.text, 1000);
        let step = self.step_of(
            search,
            &format!("Search the web: {}", super::say::shortened(&text, 80)),
            &[("query", json!(super::say::shortened(&text, 300)))],
            &[],
        );
        let Some(found) = self.draft.gives(step, &["result".to_owned()], None) else { return };
        let Some(flow) = self.take(found) else { return };
        let Some(block) = self.known.catalogue.by_name("AITextGeneratorBlock") else { return };
        let prompt = format!("Answer this from what was found, and name the sources: {text}\n\n{{{{{}}}}}", flow.name);
        let text_flow = self.draft.fit(&flow, Types::STRING);
        let name = format!("prompt_values{NESTED}{}", flow.name);
        let step = self.step_of(
            block,
            "Answer the question from what was found",
            &[("prompt", json!(prompt))],
            &[(name.as_str(), text_flow)],
        );
        self.made(step, vec!["answer".to_owned()], None, &[found]);
        for clause in &self.reading.clauses {
            self.cover.add(&clause.span);
        }
        self.done += 1;
    }

    /// A text was written that is worth having by itself.
    pub(super) fn makes_text(&self) -> bool {
        self.draft.data.iter().any(|datum| datum.made && datum.nouns.iter().any(|noun| self.known.is_product(noun)))
    }

    // ----- pictures, sound, film

    pub(super) fn medium(&self, act: &Act<'r>) -> Option<&'k crate::catalogue::Block> {
        let turns = matches!(act.plain_lemma(), "turn" | "convert" | "transform" | "make" | "render");
        let turned = act.arguments(&["into", "to", "as"]).map(|argument| &argument.phrase).filter(|_| turns);
        let nouns: Vec<String> = act.frame.objects.iter().chain(turned).flat_map(names).collect();
        let lemma = act.lemma();
        // "make it look like an oil painting": the picture that is there.
        let shown = act
            .frame
            .objects
            .iter()
            .chain(&act.frame.recipients)
            .chain(&act.frame.subject)
            .filter(|phrase| phrase.pronoun || matches!(phrase.determiner, Determiner::The))
            .find_map(|phrase| self.refer(phrase));
        let picture = shown.and_then(|at| self.draft.data.get(at)).is_some_and(|datum| {
            datum.nouns.iter().take(3).any(|noun| matches!(noun.as_str(), "image" | "photo" | "picture"))
        });
        if picture
            && matches!(
                act.plain_lemma(),
                "make"
                    | "turn"
                    | "edit"
                    | "change"
                    | "restyle"
                    | "transform"
                    | "convert"
                    | "crop"
                    | "colour"
                    | "retouch"
                    | "brighten"
                    | "remove"
                    | "add"
            )
        {
            return self.known.catalogue.by_name("AIImageEditorBlock");
        }
        let want =
            super::choose::Want { lemma: &lemma, class: Class::Think, nouns: &nouns, service: None, many: false };
        let media = [
            "image",
            "picture",
            "photo",
            "illustration",
            "song",
            "music",
            "video",
            "voice",
            "audio",
            "speech",
            "logo",
            "reel",
            "clip",
            "narration",
            "thumbnail",
            "mp3",
            "voice-over",
        ];
        if !nouns.iter().any(|noun| media.contains(&noun.as_str()) || media.iter().any(|word| noun.ends_with(word))) {
            return None;
        }
        super::choose::choose(self.known, &want).into_iter().map(|(block, _)| block).find(|block| {
            let meaning = self.known.meaning(block);
            let makes = matches!(
                meaning.action,
                crate::catalogue::Action::Generate
                    | crate::catalogue::Action::Create
                    | crate::catalogue::Action::Convert
            );
            let said = meaning.verbs.iter().any(|verb| *verb == lemma || verb == act.plain_lemma());
            let composed = makes && self.known.composes(&lemma);
            if !composed && !said && !lemma.is_empty() {
                return false;
            }
            let action = self.known.meaning(block).action;
            // What is edited has to be there.
            let edits = matches!(
                action,
                crate::catalogue::Action::Transform | crate::catalogue::Action::Update | crate::catalogue::Action::Add
            );
            !(is_text_model(block) || block.trigger || edits && self.known.composes(&lemma))
        })
    }

    pub(super) fn make_medium(&mut self, act: &Act<'r>, block: &'k crate::catalogue::Block, content: Option<Flow>) {
        let mut given = Vec::new();
        let words = act.instruction();
        // A picture goes in as one, not into the words.
        let inputs: Vec<&str> = block.input_schema().properties.iter().map(|(name, _)| name).collect();
        let shown = inputs
            .iter()
            .find(|name| matches!(**name, "input_image" | "images" | "image" | "video_in" | "input_media_urls"));
        let picture = content.as_ref().is_some_and(|flow| {
            self.draft.data.iter().any(|datum| {
                datum.flow.step == flow.step
                    && datum.flow.output == flow.output
                    && datum
                        .nouns
                        .iter()
                        .take(3)
                        .any(|noun| matches!(noun.as_str(), "image" | "photo" | "picture" | "video" | "file"))
            })
        });
        let mut content = content;
        if let (Some(name), true) = (shown, picture)
            && let Some(flow) = content.take()
        {
            let types = block.input_type(name).unwrap_or(Types::ANY);
            given.push(((*name).to_owned(), self.draft.fit(&flow, types).binding()));
        }
        if block.input_schema().properties.get("prompt").is_some() {
            let prompt = match &content {
                Some(flow) => {
                    let text = self.draft.fit(flow, Types::STRING);
                    self.draft
                        .fill_in(
                            std::slice::from_ref(&text),
                            &format!("{words}.\n\n{{{{{}}}}}", text.name),
                            "Say what to make of the {}",
                        )
                        .binding()
                }
                None => Binding::Value(json!(words)),
            };
            given.push(("prompt".to_owned(), prompt));
        }
        let fill = super::fill::Fill {
            act: Some(*act),
            phrase: act.frame.objects.first(),
            content,
            given,
            says: words,
            ..Default::default()
        };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        if let Some(datum) = self.draft.gives(step, &nouns, None) {
            let scope = self.scope;
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.made = true;
                datum.under = scope;
            }
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
    }
}

/// What the result is for or what becomes of it is not thought about: "as a list", "into Spanish".
fn is_aside(act: &Act<'_>, phrase: &Phrase) -> bool {
    act.frame.arguments.iter().any(|argument| {
        argument.phrase.span == phrase.span
            && matches!(
                argument.preposition.as_str(),
                "for" | "to" | "as" | "by" | "like" | "into" | "using" | "via" | "such as" | "than"
            )
    })
}

/// "Summarise it": nothing more is said than that.
fn is_plain_summary(act: &Act<'_>) -> bool {
    matches!(act.lemma().as_str(), "summarise" | "sum up" | "condense" | "digest" | "recap")
        && act.frame.objects.len() == 1
        && act.frame.arguments.iter().all(|argument| argument.preposition == "from" || argument.preposition == "of")
        && act.frame.complement.is_none()
        && act.frame.recipients.is_empty()
        && act.frame.objects.iter().all(|phrase| {
            phrase.tail.is_none() && phrase.modifiers.iter().all(|word| word == "new" || word == "unread")
        })
}
