//! What a message says: a datum, a fixed text, or a text that is written for it first.

use crate::{
    knowledge::capitalised,
    plan::{
        acts::placed::is_everything,
        clauses::act::{self, Act, is_report, names},
        steps::{
            build::Builder,
            cover,
            draft::{self, Datum, Flow},
        },
        wording::person,
    },
    reading::{Determiner, Mark, Phrase, Role, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// What is told: the datum, or a fixed text.
    pub(in crate::plan) fn told(&mut self, act: &Act<'r>, personal: bool) -> (Option<usize>, Option<String>) {
        if let Some((at, text)) = self.said(act).filter(|(at, _)| !self.cover.has(*at)) {
            self.cover.add(&(at..at + 1));
            let gate = self.gate().or_else(|| self.latest());
            return (gate, Some(text));
        }
        if let Some(datum) = self.asked_receipt(act) {
            return (Some(datum), None);
        }
        // "the price before and the price now"
        let before = act.clause.span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "before" | "previous" | "old"))
        });
        if before
            && let Some(old) = self.draft.data.iter().rposition(|datum| datum.nouns.iter().any(|noun| noun == "before"))
        {
            let mut data: Vec<usize> = self.latest().into_iter().collect();
            data.push(old);
            data.sort_unstable();
            data.dedup();
            let words = format!("Write the message: {}", act.instruction());
            let step = self.ask_model(act, &words, &[], &data, None);
            self.made(step, vec!["message".to_owned()], None, &data);
            self.cover.add(&act.clause.span);
            return (self.latest(), None);
        }
        // "remind me that the rent is due"
        let of = act.arguments(&["to", "of", "about"]).next().filter(|_| act.plain_lemma() == "remind").filter(|of| {
            !self.draft.has_data() || self.refer(&of.phrase).is_none() && !self.fetchable(act, &of.phrase)
        });
        let of =
            of.filter(|argument| argument.phrase.services.is_empty() && !self.known.is_person(&argument.phrase.head));
        let of = of.map(|argument| {
            argument.phrase.span.start.saturating_sub(usize::from(argument.preposition == "to"))
                ..argument.phrase.span.end
        });
        let thing = of.clone();
        let told = act.frame.complement.clone().or(of).filter(|span| {
            let text = self.text(span);
            // "if it rains, tell me to take an umbrella"
            let bids = text.starts_with("to ") && !act.frame.recipients.is_empty() && act.plain_lemma() != "ask";
            let reminds = act.frame.objects.iter().all(|phrase| phrase.head == "reminder");
            let said = act.plain_lemma() == "remind" || reminds && (bids || !self.draft.has_data());
            let dictated =
                span.start.checked_sub(1).and_then(|at| self.reading.tokens.get(at)?.mark()) == Some(Mark::Colon);
            dictated || said && (thing.as_ref() == Some(span) || text.starts_with("that ") || text.starts_with("to "))
        });
        if let Some(complement) = told {
            let text = self.text(&self.untimed(&complement));
            let text = text.strip_prefix("that ").or_else(|| text.strip_prefix("to ")).unwrap_or(text);
            let text = text.trim_matches(['"', '“', '”', '«', '»', '„']);
            let others = act.frame.recipients.iter().any(|phrase| !matches!(phrase.head.as_str(), "me" | "us"));
            let text = if others { person::spoken_to(text) } else { text.to_owned() };
            let text = capitalised(&text);
            self.cover.add(&complement);
            let manners = self.manners(act);
            if !manners.is_empty() {
                let words = format!("Write a message that says: {text}");
                let step = self.ask_model(act, &words, &manners, &[], None);
                self.made(step, vec!["message".to_owned()], None, &[]);
                return (self.latest(), None);
            }
            return (self.gate(), Some(text));
        }
        // "tell me which is cheaper": what is there answers it.
        let asked = act.frame.complement.clone().filter(|span| {
            let first = self.reading.tokens.get(span.start).and_then(crate::reading::Token::word).unwrap_or_default();
            let asks = matches!(first, "what" | "which" | "who" | "why" | "how" | "whether" | "if" | "where");
            // "mail me what you find", "what differs": that is all of it.
            let next = self.reading.tokens.get(span.start + 1).and_then(crate::reading::Token::word);
            let all = first == "what" && (span.len() < 3 || matches!(next, Some("you" | "was" | "came" | "comes")));
            asks && !all && act.frame.objects.is_empty() && self.draft.has_data()
        });
        if let Some(complement) = asked {
            let data = self.pending();
            let words = format!("Say {}", self.text(&complement));
            let manners = self.manners(act);
            let step = self.ask_model(act, &words, &manners, &data, None);
            self.made(step, vec!["answer".to_owned()], None, &data);
            self.cover.add(&complement);
            return (self.latest(), None);
        }
        // "answer the sender": the answer is written first.
        let writes = matches!(
            act.plain_lemma(),
            "answer" | "reply" | "respond" | "thank" | "welcome" | "confirm" | "congratulate" | "apologise" | "greet"
        );
        let question = |phrase: &Phrase| matches!(phrase.head.as_str(), "question" | "message");
        let ready = !self.answers_found(act)
            && act.phrases().any(|phrase| !question(phrase) && self.refers_to_made(phrase))
            || !self.answers_found(act)
                && self.latest().and_then(|at| self.draft.data.get(at)).is_some_and(|datum| datum.made);
        // "answer from our docs at https://…": read as well.
        let from = act.arguments(&["from", "using", "with", "by", "based on", "according to"]);
        let sources = from.into_iter().any(|from| self.is_basis(act, from));
        if writes
            && !ready
            && sources
            && let Some(latest) = self.latest()
        {
            self.answer_from(act, latest);
            return (Some(self.draft.data.len() - 1), None);
        }
        if writes && !ready && self.draft.has_data() {
            let data: Vec<usize> = self.latest().map(|at| self.page_behind(at)).into_iter().collect();
            let (words, manners) = (self.answer_words(act), self.manners(act));
            let step = self.ask_model(act, &words, &manners, &data, None);
            self.made(step, vec!["reply".to_owned()], None, &data);
            return (Some(self.draft.data.len() - 1), None);
        }
        // "thank them by mail and tell #sales": of what came, not of the mail.
        let room = |phrase: &Phrase| self.is_room(phrase) || self.is_notice(phrase);
        let silent = act.frame.objects.iter().all(room) && act.frame.complement.is_none();
        let letter = |datum: &Datum| {
            datum.made
                && datum.used
                && datum.nouns.first().is_some_and(|noun| noun.ends_with("email") || noun == "reply")
        };
        if silent && self.latest().and_then(|at| self.draft.data.get(at)).is_some_and(letter) {
            let came = |datum: &Datum| {
                let event = self.draft.block(datum.flow.step).is_some_and(|block| block.trigger);
                event && datum.single && !datum.made && self.is_there(datum)
            };
            if let Some(event) = self.draft.data.iter().rposition(came) {
                return (Some(event), None);
            }
        }
        if let Some(datum) = self.parts_of(act) {
            return (Some(datum), None);
        }
        let mut phrases: Vec<&Phrase> = act.frame.objects.iter().collect();
        phrases.extend(
            act.arguments(&["with", "about", "of", "on", "containing", "including", "from", "for"])
                .map(|argument| &argument.phrase),
        );
        // "a poll question about AI": nobody has it yet.
        let about = act.arguments(&["about", "on"]).next().is_some();
        let invented = act.frame.objects.iter().any(|phrase| {
            // "five new words": nobody types them in first.
            let counted = matches!(phrase.determiner, Determiner::Count(_));
            let written = names(phrase).iter().any(|name| self.known.is_writable(name))
                || self.source_of(act, phrase, &[]).is_none() && (counted || !self.known.is_askable(&phrase.head));
            (about || !phrase.modifiers.is_empty())
                && (counted || phrase.determiner == Determiner::Some)
                && written
                && !self.draft.has_data()
                && !self.carries(phrase)
                && !self.known.is_record(&phrase.head)
        });
        let written = invented
            || act.frame.objects.iter().any(|phrase| {
                self.is_product(act, phrase) && !self.carries(phrase) && !self.refers_to_made(phrase) && !phrase.pronoun
            });
        let shaped = act.frame.objects.iter().any(|phrase| {
            self.carries(phrase)
                && phrase.modifiers.iter().any(|word| {
                    !cover::is_empty(word)
                        && !matches!(
                            word.as_str(),
                            "simple" | "short" | "new" | "quick" | "slack" | "telegram" | "discord" | "email"
                        )
                })
        });
        // "send a thank you message"
        let thanks = |phrase: &Phrase| self.text(&act::core(phrase)).to_lowercase().contains("thank");
        let shaped = shaped || act.frame.objects.iter().any(|phrase| self.carries(phrase) && thanks(phrase));
        // "send them an email": nobody gets what was read as it is.
        let raw = self.latest().and_then(|at| self.draft.data.get(at)).is_some_and(|datum| !datum.made && datum.single);
        let shaped = shaped
            || personal
                && raw
                && act.frame.objects.iter().any(|phrase| self.carries(phrase) && phrase.determiner == Determiner::Some);
        // "give me a short report with pros and cons": it has to be written.
        let parts = act.arguments(&["with", "including", "containing", "on", "about"]).next().is_some();
        let shaped = shaped
            || parts
                && act
                    .frame
                    .objects
                    .iter()
                    .any(|phrase| phrase.determiner == Determiner::Some && is_report(&phrase.head));
        let shaped = shaped || self.adds_words(act);
        let fields = self.fields(act);
        let described =
            act.frame.objects.iter().find_map(|phrase| phrase.tail.clone().filter(|_| self.carries(phrase)));
        if let Some(tail) = described {
            let text = self.text(&tail);
            // "a notification that I must hand in my timesheet"
            if let (Some(text), false, false) =
                (text.strip_prefix("that "), self.draft.has_data(), self.source_in(&tail).is_some())
            {
                self.cover.add(&tail);
                return (None, Some(capitalised(text)));
            }
            return (self.write_first(act), None);
        }
        if written || (shaped && self.draft.has_data()) {
            return (self.write_first(act), None);
        }
        if let Some(datum) = self.write_unmade(act).or_else(|| self.several(act, personal)) {
            return (Some(datum), None);
        }
        for phrase in phrases {
            if let Some(datum) = self.part(phrase) {
                return (Some(datum), None);
            }
            if self.carries(phrase)
                || phrase.head == "both"
                || picks_out(phrase) && self.draft.has_data()
                || self.known.is_person(&phrase.head) && !phrase.pronoun
                || !phrase.services.is_empty() && phrase.head.is_empty()
            {
                continue;
            }
            if let Some(datum) = self.refer(phrase).filter(|_| !phrase.pronoun || !self.known.is_person(&phrase.head)) {
                // "detect negative reviews and send each of them": what was picked out, not what it was picked from.
                let picked = |at: &usize| {
                    let one = |datum: &Datum| datum.made && datum.single && !datum.used;
                    *at > datum && self.draft.data.get(*at).is_some_and(one)
                };
                let each = phrase.determiner == Determiner::Each;
                let datum = self.latest().filter(|at| each && picked(at)).unwrap_or(datum);
                self.narrow_fields(datum, &fields);
                self.close_outcome(phrase, datum);
                // "the best ones": not all of them.
                let picky =
                    self.known.is_generic(&phrase.head) && phrase.modifiers.iter().any(|word| !cover::is_empty(word));
                let tested = self
                    .scope
                    .and_then(|scope| self.reading.clauses.get(scope))
                    .is_some_and(|guard| matches!(guard.role, Role::Condition | Role::Otherwise(_)));
                let narrows = |datum: &&mut Datum| picky && if datum.single { !tested } else { datum.flow.is_list() };
                if let Some(datum) = self.draft.data.get_mut(datum).filter(narrows) {
                    datum.open.push(phrase.span.clone());
                }
                return (Some(self.with_others(act, phrase, datum)), None);
            }
            let named = !phrase.services.is_empty() || !phrase.values.is_empty();
            let place = act.places().iter().any(|place| place.span == phrase.span);
            // "with links": a part of what is there, no page to read.
            let vague = self.draft.has_data()
                && self.source_of(act, phrase, &[]).is_some_and(|source| {
                    !source.named
                        && matches!(
                            source.block.name.as_str(),
                            "ExtractWebsiteContentBlock"
                                | "SearchTheWebBlock"
                                | "FileReadBlock"
                                | "GoogleMapsSearchBlock"
                        )
                });
            let reads = !vague && (!place || !self.draft.has_data());
            if reads
                && (named
                    || !self.draft.has_data()
                    || matches!(phrase.determiner, Determiner::Mine | Determiner::The | Determiner::None))
                && (self.known.channel(phrase.services.first().map_or("", String::as_str)).is_none()
                    || !place && self.source_of(act, phrase, &[]).is_some_and(|source| source.named))
                && let Some(datum) = self.fetch(act, phrase, &self.services_behind(act, phrase))
            {
                return (Some(self.with_others(act, phrase, datum)), None);
            }
        }
        // "the three best with links": picked out of what is there.
        let picks = act.frame.objects.iter().any(|phrase| {
            !phrase.pronoun
                && !phrase.head.is_empty()
                && !self.known.is_person(&phrase.head)
                && !self.known.is_carrier(&phrase.head)
                && !self.known.is_generic(&phrase.head)
                && self.refer(phrase).is_none()
                && phrase.services.is_empty()
        }) || act.frame.objects.iter().any(|phrase| {
            matches!(phrase.determiner, Determiner::Count(_))
                && phrase.values.len() < 2
                && self.known.is_generic(&phrase.head)
                || picks_out(phrase)
        });
        if picks && self.draft.has_data() {
            return (self.write_first(act), None);
        }
        // Entries that something made: several texts go as one.
        let mut pending = self.pending_for(act);
        if pending.len() < 2 && act.frame.objects.iter().any(|phrase| phrase.head == "both") {
            let made = self.draft.data.iter().enumerate().filter(|(_, datum)| datum.made && self.is_there(datum));
            let made: Vec<usize> = made.map(|(at, _)| at).collect();
            pending = made.get(made.len().saturating_sub(2)..).unwrap_or_default().to_vec();
        }
        if pending.len() > 1 && !personal {
            return (Some(self.as_one(&pending)), None);
        }
        (pending.last().copied(), None)
    }

    /// "the weather and my meetings", "both": all of it goes into one message.
    fn several(&mut self, act: &Act<'r>, personal: bool) -> Option<usize> {
        const ALL: [&str; 3] = ["them", "these", "those"];
        let objects: Vec<&'r Phrase> = act.frame.objects.iter().collect();
        let pending = self.pending();
        if let [phrase] = objects.as_slice() {
            let all = is_everything(phrase) || phrase.pronoun && ALL.contains(&phrase.head.as_str());
            let read = pending.iter().all(|at| self.draft.data.get(*at).is_some_and(|datum| !datum.made));
            return (all && pending.len() > 1 && !personal && (read || phrase.head != "them"))
                .then(|| self.as_one(&pending));
        }
        if objects.len() < 2 || personal {
            return None;
        }
        let mut found = Vec::new();
        for phrase in objects {
            let there = self.part(phrase).or_else(|| self.refer(phrase));
            let Some(datum) = there.or_else(|| self.fetch(act, phrase, &[])) else { continue };
            if !found.contains(&datum) {
                found.push(datum);
            }
        }
        (found.len() > 1).then(|| self.as_one(&found))
    }

    /// "the total": what was made holds it, whatever it is called there.
    fn close_outcome(&mut self, phrase: &Phrase, datum: usize) {
        let made = self.draft.data.get(datum).is_some_and(|datum| datum.made);
        if made && self.known.is_outcome(&phrase.head) {
            self.cover.close(&act::core(phrase));
        }
    }

    /// Several data as one text.
    pub(in crate::plan) fn as_one(&mut self, data: &[usize]) -> usize {
        let flows: Vec<Flow> = data.iter().filter_map(|datum| self.take(*datum)).collect();
        let text = self.draft.render(&draft::distinct(&flows));
        let datum = self.draft.given(text, vec!["text".to_owned(), "message".to_owned()]);
        let (scope, open) = (self.scope, data.iter().flat_map(|at| self.opened(*at)).collect());
        if let Some(datum) = self.draft.data.get_mut(datum) {
            (datum.under, datum.open) = (scope, open);
        }
        datum
    }

    /// What narrows a datum and is still to be minded.
    fn opened(&mut self, datum: usize) -> Vec<std::ops::Range<usize>> {
        self.draft.data.get_mut(datum).map(|datum| std::mem::take(&mut datum.open)).unwrap_or_default()
    }

    /// The text in quotation marks that is to be said: not a label, as in "with the subject X" or "tagged X".
    pub(in crate::plan) fn said(&self, act: &Act<'r>) -> Option<(usize, String)> {
        let says = |at: usize| {
            let mut before = (act.clause.span.start..at).rev().filter_map(|at| self.reading.tokens.get(at));
            let token = before.find(|token| token.mark().is_none_or(|mark| mark == Mark::Colon));
            let Some((token, word)) = token.and_then(|token| Some((token, token.word()?))) else { return true };
            let verb = act.frame.verb.as_ref().is_some_and(|verb| verb.span.end == at);
            let service = self.known.vocabulary.service(token.raw(&self.reading.text)).is_some();
            verb || service || self.known.is_saying(word) || self.known.is_carrier(word) || self.known.is_person(word)
        };
        act.values().find_map(|(at, value)| match value {
            Value::Quoted(text) if says(at) => Some((at, text.clone())),
            _ => None,
        })
    }

    pub(in crate::plan) fn carries(&self, phrase: &Phrase) -> bool {
        self.known.is_carrier(&phrase.head) && !self.refers_to_made(phrase)
    }

    pub(in crate::plan) fn refers_to_made(&self, phrase: &Phrase) -> bool {
        let called = |nouns: &[String]| names(phrase).first().is_some_and(|name| nouns.contains(name));
        self.refer(phrase)
            .and_then(|datum| self.draft.data.get(datum))
            .is_some_and(|datum| datum.made || called(&datum.nouns))
            && (matches!(phrase.determiner, Determiner::The | Determiner::Mine | Determiner::Theirs)
                || phrase.determiner == Determiner::None)
    }
}

/// "the five best": not all that is there.
fn picks_out(phrase: &Phrase) -> bool {
    let last = phrase.head.rsplit(' ').next().filter(|last| !last.is_empty());
    let last = last.or_else(|| phrase.modifiers.last().map(String::as_str));
    matches!(last, Some("best" | "top" | "rest" | "worst"))
}
