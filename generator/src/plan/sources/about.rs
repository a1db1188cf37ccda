//! What a thought is about: the data that an act of a language model reads.

use serde_json::json;

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, names},
        model::{Binding, Reason},
        steps::{
            build::{Builder, Part},
            draft::Datum,
            fill::Fill,
        },
    },
    reading::{Determiner, Kind, Phrase, Token, TokenKind, Value},
};

/// What has columns.
const ROWS: [&str; 6] = ["csv", "csv file", "row", "spreadsheet", "sheet", "excel file"];

/// "of about 80 words", "of four lines": how long a text is.
fn is_measure(phrase: &Phrase) -> bool {
    const UNITS: &str = "word character sentence paragraph line minute page slide stanza";
    UNITS.split(' ').any(|unit| unit == phrase.head)
        && (!phrase.values.is_empty() || matches!(phrase.determiner, Determiner::Count(_)))
}

impl<'k, 'r> Builder<'k, 'r> {
    /// What the act thinks about: what it names, read first if need be; else what is pending.
    pub(in crate::plan) fn thought_about(&mut self, act: &Act<'r>) -> Vec<usize> {
        let mut data: Vec<usize> = Vec::new();
        let (mut matter, mut beside): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let services = act.services();
        let mut phrases: Vec<&Phrase> = act.phrases().collect();
        // "Each page in a list of addresses": the list has them.
        phrases.sort_by_key(|phrase| !phrase.given);
        for phrase in &phrases {
            // "for the product that I type in"
            if is_aside(act, phrase)
                && self.handed(phrase)
                && !self.known.is_person(&phrase.head)
                && self.refer(phrase).is_none()
            {
                beside.push(self.ask_for(phrase));
                continue;
            }
            if self.known.is_person(&phrase.head) && phrase.services.is_empty()
                || phrase.pronoun
                || self.is_file(phrase) && self.known.composes(act.plain_lemma())
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
            let room = phrase
                .values
                .iter()
                .any(|at| matches!(self.reading.tokens.get(*at).and_then(Token::value), Some(Value::Channel(_))));
            if (way || room) && place && self.is(act, Class::Tell) {
                continue;
            }
            // "a strategy for TikTok": what it is for is not read.
            let aside = is_aside(act, phrase);
            let reply = aside
                && self.known.composes(act.plain_lemma())
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
                    self.leave(&text, Reason::NeedsData, "no step here reads them");
                } else {
                    data.push(self.ask_for(phrase));
                }
                continue;
            }
            if aside {
                continue;
            }
            if let Some(datum) = self.transcript_of(phrase).or_else(|| self.part(phrase)) {
                data.push(datum);
                continue;
            }
            if let Some(datum) = self.refer(phrase).filter(|_| !self.known.is_generic(&phrase.head)) {
                let all = if phrase.plural { self.siblings(datum) } else { vec![datum] };
                data.extend(all.into_iter().filter(|datum| !data.contains(datum)).collect::<Vec<_>>());
                continue;
            }
            // "an article that I paste"
            if self.handed(phrase) && !self.is_made_by(act, phrase) {
                data.push(self.ask_for(phrase));
                self.cover.add(&phrase.span);
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
            // "the PRs on GitHub that were merged": the place of what is read already, and what narrows it.
            let there = |at: &usize| {
                let own = self.draft.data.get(*at).and_then(|datum| datum.service.as_ref());
                phrase.head.is_empty() && own.is_some_and(|own| phrase.services.contains(own))
            };
            if let Some(datum) = data.iter().copied().find(there) {
                self.cover.add(&phrase.span);
                phrase.tail.iter().for_each(|tail| self.narrow_to(datum, tail.clone()));
                continue;
            }
            let count =
                |at: &usize| matches!(self.reading.tokens.get(*at).and_then(Token::value), Some(Value::Number(_)));
            let named = !phrase.services.is_empty() || !phrase.values.iter().all(count);
            if self.is_manner(phrase) || self.is_made_by(act, phrase) || is_measure(phrase) {
                continue;
            }
            let reads = self.source_of(act, phrase, &[]);
            let product = self.is_product(act, phrase) && !named && !reads.as_ref().is_some_and(|source| source.named);
            let reads = reads.filter(|_| !product);
            // "Captions from a product description", "against a job description": nothing else has it.
            let behind = act.arguments(&["from", "out of", "against", "based on"]);
            let one = matches!(phrase.determiner, Determiner::Some | Determiner::Mine);
            let open = one && !phrase.plural && !phrase.head.is_empty() && !named;
            if open && reads.is_none() && behind.into_iter().any(|argument| argument.phrase.span == phrase.span) {
                matter.push(self.ask_for(phrase));
                continue;
            }
            let from =
                act.arguments(&["from", "of", "out of", "across"]).any(|argument| argument.phrase.span == phrase.span)
                    || act.frame.objects.iter().any(|object| object.span == phrase.span);
            let foreign = phrase.services.iter().find(|service| {
                from && !self.known.has_service(service)
                    && !self.known.is_passive(service)
                    && !self.known.is_kind(service, Kind::Builder)
            });
            if let Some(service) = foreign.cloned() {
                self.unknown_service(act, &service, Part::Source);
                continue;
            }
            let from = act.arguments(&["from", "out of", "across"]).any(|argument| argument.phrase.span == phrase.span);
            if reads.is_none()
                && !product
                && from
                && let Some(service) = self.unreadable(act, phrase)
            {
                self.unknown_service(act, &service, Part::Source);
                continue;
            }
            // "prices of a product on Amazon and eBay": looked for on the sites, and nowhere else.
            let site = |other: &&Phrase| other.services.iter().any(|service| self.known.is_kind(service, Kind::Site));
            if !named && phrases.iter().any(site) {
                continue;
            }
            if let Some(source) = reads {
                // A web search is not made for every noun that could be searched for.
                // "Read the CSV, lowercase the emails": a column of it.
                let rows = |datum: &Datum| datum.nouns.iter().any(|noun| ROWS.contains(&noun.as_str()));
                let column = source.block.name == "GmailReadBlock"
                    && phrase.determiner == Determiner::The
                    && self.draft.data.iter().any(rows);
                let vague = column
                    || !source.named
                        && !matches!(phrase.head.as_str(), "news" | "headline")
                        && (matches!(
                            source.block.name.as_str(),
                            "GoogleMapsSearchBlock" | "SQLQueryBlock" | "GetCurrentDateBlock"
                        ) || (self.draft.has_data() || self.recasts(act))
                            && matches!(
                                source.block.name.as_str(),
                                "SearchTheWebBlock" | "ExtractWebsiteContentBlock" | "FileReadBlock"
                            ));
                if !vague {
                    data.extend(self.read_all(source.block, act, phrase));
                }
            }
        }
        let _ = services;
        for phrase in &phrases {
            let Some(tail) = phrase.tail.clone().filter(|_| data.is_empty() && self.pending().is_empty()) else {
                continue;
            };
            // "a script that renames files": made, not read.
            let made = self.is_made_by(act, phrase);
            if let Some(block) = self.source_in(&tail).filter(|block| !made || block.name != "FileReadBlock") {
                data.extend(self.read_all(block, act, phrase));
            }
        }
        let told = act.frame.complement.iter().cloned().chain(phrases.iter().filter_map(|phrase| phrase.tail.clone()));
        for at in told.flatten().collect::<Vec<_>>() {
            data.extend(self.read_address(act, at));
        }
        // "Read the mails, answer from our handbook": them.
        let replies = matches!(act.plain_lemma(), "answer" | "reply" | "respond") && act.frame.objects.is_empty();
        if replies && !data.is_empty() {
            let asked: Vec<usize> = self.pending().into_iter().map(|asked| self.single(asked)).collect();
            data.splice(0..0, asked);
        }
        if data.is_empty() && matter.is_empty() {
            data = self.pending().into_iter().map(|at| self.judged_thing(at)).collect();
        } else if act.phrases().any(|phrase| phrase.pronoun && !self.known.is_person(&phrase.head)) {
            for pending in self.pending() {
                if !data.contains(&pending) {
                    data.push(pending);
                }
            }
        }
        if data.is_empty() && beside.is_empty() && self.known.usual_verb(&act.lemma()) == "extract" {
            data.extend(self.elsewhere());
        }
        if data.is_empty() && beside.is_empty() {
            data.extend(self.asked_about(act));
        }
        data.append(&mut matter);
        data.append(&mut beside);
        data = self.with_inputs(act, data);
        data = self.with_siblings(data);
        data.sort_unstable();
        data.dedup();
        let mut read: Vec<usize> = data.into_iter().map(|datum| self.in_full(datum)).collect();
        let mut seen = std::collections::HashSet::new();
        read.retain(|datum| seen.insert(*datum));
        read
    }

    /// "Choose a label, set it, and post a summary": of what was labelled.
    fn judged_thing(&self, at: usize) -> usize {
        let judged =
            |noun: &String| matches!(noun.as_str(), "label" | "tag" | "category" | "score" | "priority" | "sentiment");
        let done =
            self.draft.data.get(at).is_some_and(|datum| datum.made && datum.used && datum.nouns.iter().any(judged));
        self.origin(at).filter(|_| done).unwrap_or(at)
    }

    /// "whether https://… says anything about it": the page is read.
    fn read_address(&mut self, act: &Act<'r>, at: usize) -> Option<usize> {
        let block = self.of_value(at, &[]).filter(|_| !self.cover.has(at))?;
        let input = block.required_inputs().find(|name| name.contains("url"))?.to_owned();
        let Some(Token { kind: TokenKind::Value(Value::Url(url)), .. }) = self.reading.tokens.get(at) else {
            return None;
        };
        let says = format!("Read {url}");
        let given = vec![(input, Binding::Value(json!(url)))];
        let step = self.apply(block, Fill { act: Some(*act), given, says, ..Default::default() });
        self.cover.add(&(at..at + 1));
        self.draft.gives(step, &["page text".to_owned()], None)
    }

    /// What the person gives is for every text that is written: nothing of it stays unused, and a picture says nothing.
    fn with_inputs(&mut self, act: &Act<'r>, data: Vec<usize>) -> Vec<usize> {
        let given = |at: &usize| {
            let datum = self.draft.data.get(*at);
            datum.is_some_and(|datum| self.draft.is_asked(datum.flow.step) && self.is_there(datum))
        };
        let all: Vec<usize> = (0..self.draft.data.len()).filter(given).collect();
        let new = act.frame.objects.iter().any(|phrase| self.is_made_by(act, phrase))
            && act.phrases().all(|phrase| !phrase.pronoun);
        let seen = |at: &usize| self.is_media(*at) && self.draft.data.get(*at).is_some_and(|datum| datum.made);
        if new && !all.is_empty() && !data.is_empty() && data.iter().all(|at| seen(at) || all.contains(at)) {
            return all;
        }
        let unused = all.into_iter().filter(|at| self.draft.data.get(*at).is_some_and(|datum| !datum.used));
        let more: Vec<usize> = unused.filter(|at| !data.contains(at)).collect();
        data.into_iter().chain(more).collect()
    }

    /// What an event only names is read in full before anything is thought about it: the changes of a pull request.
    pub(in crate::plan) fn in_full(&mut self, index: usize) -> usize {
        if let Some(read) = self.read_listed(index) {
            return read;
        }
        let Some(datum) = self.draft.data.get(index).cloned().filter(|datum| !datum.made && !datum.flow.is_list())
        else {
            return index;
        };
        let known = self.known;
        // "Give it a URL, it reads the article": what stands on the page.
        if let Some(page) = self.page_of(&datum) {
            return page;
        }
        // "Upload a CSV": what stands in the file.
        let file = self.draft.block(datum.flow.step).is_some_and(|block| block.name == "AgentFileInputBlock");
        let reader = datum.nouns.iter().find_map(|noun| known.source(noun));
        if let Some(reader) = reader.or_else(|| known.source("file").filter(|_| !self.is_media(index))).filter(|_| file)
        {
            let same = |other: &Datum| {
                let step = self.draft.step(other.flow.step).filter(|step| step.block == reader.id);
                step.and_then(|step| step.binding("file_input")) == Some(&datum.flow.binding())
            };
            if let Some(read) = self.draft.data.iter().position(same) {
                return read;
            }
            let noun = datum.nouns.first().cloned().unwrap_or_default();
            let given = vec![("file_input".to_owned(), datum.flow.binding())];
            let fill = Fill { given, says: format!("Read the {noun}"), ..Default::default() };
            let step = self.apply(reader, fill);
            return self.draft.gives(step, &datum.nouns, None).unwrap_or(index);
        }
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
        let step = self.apply(block, Fill { given, says, ..Default::default() });
        let Some(read) = self.draft.gives(step, &datum.nouns, datum.service.as_deref()) else { return index };
        if let Some(read) = self.draft.data.get_mut(read) {
            (read.single, read.under) = (true, datum.under);
        }
        read
    }

    /// The text of the page whose address the person gives.
    fn page_of(&mut self, datum: &Datum) -> Option<usize> {
        const PAGES: [&str; 6] = ["url", "link", "website", "webpage", "web page", "landing page"];
        let page = datum.nouns.iter().take(2).any(|noun| PAGES.contains(&noun.as_str()));
        let film = self.draft.step(datum.flow.step).is_some_and(|step| step.title.starts_with("YouTube"));
        let (block, input) = match film {
            true => ("TranscribeYoutubeVideoBlock", "youtube_url"),
            false => ("ExtractWebsiteContentBlock", "url"),
        };
        let block = self.known.catalogue.by_name(block)?;
        if !page || !self.draft.is_asked(datum.flow.step) {
            return None;
        }
        let same = |other: &Datum| {
            let step = self.draft.step(other.flow.step).filter(|step| step.block == block.id);
            step.and_then(|step| step.binding(input)) == Some(&datum.flow.binding())
        };
        if let Some(read) = self.draft.data.iter().position(same) {
            return Some(read);
        }
        let (says, noun) = if film { ("Get its transcript", "transcript") } else { ("Read the page", "page text") };
        let step = self.step_of(block, says, &[], &[(input, datum.flow.clone())]);
        self.draft.gives(step, &[noun.to_owned()], None)
    }

    /// "in a funny tone": how it is written, if it is said how.
    pub(in crate::plan) fn is_manner(&self, phrase: &Phrase) -> bool {
        let how = matches!(phrase.head.as_str(), "tone" | "style" | "voice" | "format" | "layout" | "way" | "manner");
        how && (!phrase.modifiers.is_empty() || phrase.determiner == Determiner::Mine)
    }

    /// "write a mail to them from Gmail": Gmail sends it.
    fn sends_from(&self, act: &Act<'r>, phrase: &Phrase) -> bool {
        let from = act.arguments(&["from", "by", "via", "with"]).any(|argument| argument.phrase.span == phrase.span);
        let mail = act.frame.objects.iter().any(|object| object.head == "email" || object.head.ends_with(" email"));
        from && mail
            && (self.known.composes(act.plain_lemma()) || self.is(act, Class::Tell))
            && phrase.services.iter().any(|service| self.known.channel(service).is_some())
    }

    /// "for a product", "for my article": which one only the person knows.
    fn is_bare(&self, phrase: &Phrase) -> bool {
        phrase.modifiers.is_empty()
            && phrase.tail.is_none()
            && matches!(phrase.determiner, Determiner::Some | Determiner::Mine)
            && self.known.is_askable(&phrase.head)
    }

    /// What only the person can give: "the lecture notes", "a topic".
    fn asked_about(&mut self, act: &Act<'r>) -> Vec<usize> {
        // "Rate my pitch", "the cover letter below": what is judged or changed has to be there.
        let works =
            self.is(act, Class::Think) && !self.known.composes(act.plain_lemma()) && !self.is(act, Class::Fetch);
        let worked_on = |phrase: &Phrase| {
            let object = act.frame.objects.iter().any(|object| object.span == phrase.span);
            works
                && !phrase.head.is_empty()
                && (phrase.determiner == Determiner::The
                    || object && matches!(phrase.determiner, Determiner::Mine | Determiner::Count(_)))
                && !names(phrase).iter().any(|name| self.known.is_generic(name) || self.known.is_vague(name))
        };
        let wanted: Vec<Phrase> = act
            .phrases()
            .filter(|phrase| {
                let manner = self.known.is_setting(&phrase.head)
                    && act.arguments(&["in", "with"]).any(|argument| argument.phrase.span == phrase.span);
                !phrase.pronoun
                    && (!is_aside(act, phrase) || self.handed(phrase) || self.is_bare(phrase))
                    && !manner
                    && phrase.determiner != Determiner::No
                    && !self.is_manner(phrase)
                    && !self.is_made_by(act, phrase)
                    // "slides with speaker notes": they are written too.
                    && !((self.known.composes(act.plain_lemma()) || self.recasts(act))
                        && !self.handed(phrase)
                        && matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_))
                        && act.arguments(&["with", "each with", "including"]).any(|with| with.phrase.span == phrase.span))
                    && !self.is_taken_out(act, phrase)
                    && phrase.values.iter().all(|at| {
                        matches!(
                            self.reading.tokens.get(*at).map(|token| &token.kind),
                            Some(TokenKind::Value(Value::Number(_) | Value::Placeholder(_)))
                        )
                    })
                    && phrase.services.is_empty()
                    && !self.known.is_person(&phrase.head)
                    && (names(phrase).iter().any(|name| self.known.is_askable(name))
                        || self.handed(phrase)
                        || worked_on(phrase)
                        || (act.reworks() || self.recasts(act))
                            && act.frame.objects.iter().any(|object| object.span == phrase.span)
                        || self.known.composes(act.plain_lemma())
                            && phrase.determiner == Determiner::The
                            && act.origins().iter().any(|origin| origin.span == phrase.span)
                        || phrase.values.iter().any(|at| {
                            let value = self.reading.tokens.get(*at).and_then(Token::value);
                            matches!(value, Some(Value::Placeholder(_)))
                        }))
                    && !(phrase.determiner == Determiner::Some
                        && act.arguments(&["about", "on"]).next().is_some()
                        && names(phrase).iter().any(|name| self.known.is_writable(name)))
                    && !(self.is_product(act, phrase)
                        && !act.origins().iter().any(|origin| origin.span == phrase.span)
                        && matches!(phrase.determiner, Determiner::Some | Determiner::None | Determiner::Count(_)))
                    && !is_measure(phrase)
            })
            .cloned()
            .collect();
        // "based on my age, weight and goal": what stands beside what is asked for.
        let mut wanted: Vec<Phrase> = wanted;
        for pair in act.frame.arguments.windows(2) {
            let [one, other] = pair else { continue };
            let beside = one.preposition == other.preposition && other.phrase.span.start <= one.phrase.span.end + 2;
            let plain = other.phrase.services.is_empty() && other.phrase.values.is_empty() && !other.phrase.pronoun;
            let asked = |phrase: &Phrase| wanted.iter().any(|known| known.span == phrase.span);
            let listed = one.phrase.determiner == Determiner::Mine || other.phrase.determiner == Determiner::None;
            if beside && plain && listed && asked(&one.phrase) && !asked(&other.phrase) {
                wanted.push(other.phrase.clone());
            }
        }
        // "Extract the name and the company from a text": the text is what the person has.
        let held: Vec<Phrase> = act
            .arguments(&["from", "out of"])
            .map(|argument| &argument.phrase)
            .filter(|phrase| phrase.services.is_empty() && phrase.values.is_empty())
            .filter(|phrase| !self.known.is_person(&phrase.head) && !phrase.head.is_empty())
            .cloned()
            .collect();
        let takes_out = self.known.usual_verb(&act.lemma()) == "extract" && !held.is_empty();
        let wanted = if takes_out { held } else { wanted };
        // Nobody is there to paste orders into an agent that runs by itself.
        let alone = self.reading.schedule.is_some() || self.polls;
        if alone
            && let Some(phrase) =
                wanted.iter().find(|phrase| !names(phrase).iter().any(|name| self.known.is_setting(name)))
        {
            let what = self.text(&act::core(phrase)).to_owned();
            self.question(
                &format!("Where does this come from, and how can it be read: {what}?"),
                &phrase.head,
                "From the web page https://example.com/news",
            );
        }
        wanted.iter().take(5).flat_map(|phrase| self.ask_each(phrase)).collect()
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
