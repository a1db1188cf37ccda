//! What a thought is about: the data that an act of a language model reads.

use super::asked::is_aside;
use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{Act, names},
        model::Reason,
        steps::{
            build::{Builder, Part},
            draft::Datum,
        },
    },
    reading::{Determiner, Kind, Phrase, Token, Value},
};

/// What has columns.
pub(super) const ROWS: [&str; 6] = ["csv", "csv file", "row", "spreadsheet", "sheet", "excel file"];

/// What is made of several of one kind.
const SERIES: [&str; 8] = ["thread", "series", "carousel", "set", "sequence", "deck", "slideshow", "storyboard"];

impl<'k, 'r> Builder<'k, 'r> {
    /// What the act thinks about: what it names, read first if need be; else what is pending.
    pub(in crate::plan) fn thought_about(&mut self, act: &Act<'r>) -> Vec<usize> {
        let mut data: Vec<usize> = Vec::new();
        let (mut matter, mut beside): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
        let services = act.services();
        let mut phrases: Vec<&Phrase> = act.phrases().collect();
        // "Each page in a list of addresses": the list has them.
        phrases.sort_by_key(|phrase| !phrase.given);
        // "the prices of three flights that I list": what is given has them.
        let inside = act.arguments(&["of", "in", "from"]).any(|argument| self.handed(&argument.phrase));
        for phrase in &phrases {
            let object = || act.frame.objects.iter().any(|object| object.span == phrase.span);
            if inside && object() && phrase.services.is_empty() && phrase.values.is_empty() && !self.handed(phrase) {
                continue;
            }
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
            let drafts = act.arguments(&["as"]).any(|argument| argument.phrase.head.ends_with("draft"));
            if (way || room) && place && (self.is(act, Class::Tell) || drafts) {
                continue;
            }
            // "a strategy for TikTok": what it is for is not read.
            let aside = is_aside(act, phrase);
            let reply = aside
                && phrase.head != "draft"
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
            // "a thread of five tweets": how long it is.
            let counted = matches!(phrase.determiner, Determiner::Count(_)) && phrase.services.is_empty();
            let of = act.arguments(&["of", "with"]).any(|argument| argument.phrase.span == phrase.span);
            let ahead = phrase.span.start.checked_sub(2).and_then(|at| self.reading.tokens.get(at)?.word());
            if counted && of && ahead.is_some_and(|word| SERIES.contains(&word)) {
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
                let place =
                    matches!(phrase.head.as_str(), "" | "base" | "table" | "sheet" | "spreadsheet" | "database");
                place && own.is_some_and(|own| phrase.services.contains(own))
            };
            if let Some(datum) = data.iter().copied().find(there) {
                self.cover.add(&phrase.span);
                phrase.tail.iter().for_each(|tail| self.narrow_to(datum, tail.clone()));
                continue;
            }
            let count =
                |at: &usize| matches!(self.reading.tokens.get(*at).and_then(Token::value), Some(Value::Number(_)));
            let named = !phrase.services.is_empty() || !phrase.values.iter().all(count);
            if self.is_manner(phrase) || self.is_made_by(act, phrase) || self.is_measure(phrase) {
                continue;
            }
            // "the answers of the survey in my Google Sheet": read there, not waited for.
            let lies = act
                .arguments(&["in", "on", "from"])
                .any(|place| place.phrase.span.start == phrase.span.end + 1 && !place.phrase.services.is_empty());
            let reads = self.source_of(act, phrase, &[]).filter(|source| !lies || !source.block.trigger);
            let product = self.is_product(act, phrase) && !named && !reads.as_ref().is_some_and(|source| source.named);
            let reads = reads.filter(|_| !product);
            // "Captions from a product description", "against a job description": nothing else has it.
            let behind: &[&str] = match act.plain_lemma() {
                // "my CV with a job ad"
                "compare" | "match" | "contrast" => &["from", "out of", "against", "based on", "with", "to"],
                _ => &["from", "out of", "against", "based on"],
            };
            let behind = act.arguments(behind);
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
                                "SearchTheWebBlock" | "ExaSearchBlock" | "ExtractWebsiteContentBlock" | "FileReadBlock"
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
        // "Compare it to last week's version": what was there before.
        let compares = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).any(|word| {
            matches!(word, "version" | "before" | "previous" | "changed" | "diff" | "difference" | "differences")
        });
        let old = self.draft.data.iter().rposition(|datum| datum.nouns.iter().any(|noun| noun == "before"));
        if let Some(old) = old.filter(|_| compares) {
            if data.is_empty() {
                data = self.pending();
            }
            data.push(old);
        }
        // "Read the mails, answer from our handbook": them.
        let replies = matches!(act.plain_lemma(), "answer" | "reply" | "respond") && act.frame.objects.is_empty();
        if replies && !data.is_empty() {
            let asked: Vec<usize> = self.pending().into_iter().map(|asked| self.single(asked)).collect();
            data.splice(0..0, asked);
        }
        if data.is_empty() && matter.is_empty() {
            data = self.pending().into_iter().map(|at| self.judged_thing(at)).collect();
        } else if act.phrases().any(|phrase| phrase.pronoun && !self.known.is_person(&phrase.head))
            // "score each against the description that I enter"
            || act.frame.objects.iter().any(|phrase| phrase.head == "each")
        {
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
        // "Compare my resume with a job posting": nothing else has it.
        let works = act.reworks() || matches!(act.plain_lemma(), "compare" | "match" | "score" | "rate" | "check");
        for phrase in act.frame.objects.iter().filter(|_| works && !data.is_empty()) {
            let mine = phrase.determiner == Determiner::Mine && !phrase.plural && phrase.services.is_empty();
            let asked = mine && names(phrase).iter().any(|name| self.known.is_askable(name));
            if asked && self.refer(phrase).is_none() && self.source_of(act, phrase, &[]).is_none() {
                matter.push(self.ask_for(phrase));
            }
        }
        data.extend(self.reference_works(act));
        data.append(&mut matter);
        data.append(&mut beside);
        data = self.with_inputs(act, data);
        data = self.with_siblings(data);
        data.sort_unstable();
        data.dedup();
        let mut read: Vec<usize> = data.into_iter().map(|datum| self.in_full(datum)).collect();
        let mut seen = std::collections::HashSet::new();
        read.retain(|datum| seen.insert(*datum));
        self.alongside(act, read)
    }

    /// "Choose a label, set it, and post a summary": of what was labelled.
    fn judged_thing(&self, at: usize) -> usize {
        let judged =
            |noun: &String| matches!(noun.as_str(), "label" | "tag" | "category" | "score" | "priority" | "sentiment");
        let done =
            self.draft.data.get(at).is_some_and(|datum| datum.made && datum.used && datum.nouns.iter().any(judged));
        self.origin(at).filter(|_| done).unwrap_or(at)
    }

    /// "in a funny tone": how it is written, if it is said how.
    pub(in crate::plan) fn is_manner(&self, phrase: &Phrase) -> bool {
        let how = matches!(phrase.head.as_str(), "tone" | "style" | "voice" | "format" | "layout" | "way" | "manner");
        how && (!phrase.modifiers.is_empty() || phrase.determiner == Determiner::Mine)
    }

    /// "of about 80 words", "of four lines": how long a text is.
    pub(in crate::plan) fn is_measure(&self, phrase: &Phrase) -> bool {
        const UNITS: &str = "word character sentence paragraph line minute page slide stanza";
        let number = |at: &usize| matches!(self.reading.tokens.get(*at).and_then(Token::value), Some(Value::Number(_)));
        let counted = !phrase.values.is_empty() && phrase.values.iter().all(number);
        UNITS.split(' ').any(|unit| unit == phrase.head)
            && (counted || matches!(phrase.determiner, Determiner::Count(_)))
    }

    /// "write a mail to them from Gmail": Gmail sends it.
    fn sends_from(&self, act: &Act<'r>, phrase: &Phrase) -> bool {
        let from = act.arguments(&["from", "by", "via", "with"]).any(|argument| argument.phrase.span == phrase.span);
        let mail = act.frame.objects.iter().any(|object| object.head == "email" || object.head.ends_with(" email"));
        from && mail
            && (self.known.composes(act.plain_lemma()) || self.is(act, Class::Tell))
            && phrase.services.iter().any(|service| self.known.channel(service).is_some())
    }
}
