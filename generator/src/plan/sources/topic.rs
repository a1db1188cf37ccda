//! What a search is for, in the words of the goal.

use super::{fetch::Source, window::is_period};
use crate::{
    catalogue::{Block, schema::Types},
    knowledge::capitalised,
    plan::{
        clauses::act::{Act, is_web, names},
        model::Binding,
        steps::{
            build::Builder,
            cover,
            draft::{Datum, Flow},
            fill::Fill,
        },
    },
    reading::{Argument, Determiner, Kind, Phrase, Reading, Role, Span, Token, TokenKind, Value},
};

/// Services whose pages everybody sees.
pub(super) const PUBLIC: [&str; 7] = ["Instagram", "TikTok", "LinkedIn", "Facebook", "Pinterest", "Threads", "Medium"];

impl Builder<'_, '_> {
    /// The subject matter of a search: "about X", else the phrase itself without its verb.
    pub(in crate::plan) fn about(&self, act: &Act<'_>, phrase: &Phrase) -> Option<Span> {
        // "posts about Rust on Hacker News": all of it is searched for.
        let finds = matches!(act.plain_lemma(), "find" | "search" | "look" | "discover");
        let site = |phrase: &Phrase| {
            let listed = |service: &String| self.known.is_kind(service, Kind::Site);
            phrase.services.iter().any(|service| listed(service) || finds && PUBLIC.contains(&service.as_str()))
        };
        let by_words =
            !matches!(act.lemma().as_str(), "search" | "search for" | "google" | "look up" | "look for" | "watch for");
        let object = act.frame.objects.iter().any(|object| object.span == phrase.span);
        // "tweets about AI", of a search that finds nothing but tweets: what they are about is searched for.
        let own = |source: &Source<'_>| {
            let finds = names(phrase).iter().any(|noun| self.known.concerns(source.block, noun));
            finds
                && self.known.channel(self.known.meaning(source.block).service.as_deref().unwrap_or_default()).is_some()
        };
        let about = act.arguments(&["about"]).any(|about| about.phrase.span.start == phrase.span.end + 1);
        let topic = about && self.source_of(act, phrase, &[]).is_some_and(|source| own(&source));
        let web = by_words
            && !topic
            && object
            && phrase.services.is_empty()
            && phrase.values.iter().all(|at| {
                matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Number(_)))
            })
            && self
                .source_of(act, phrase, &[])
                .is_none_or(|source| self.known.meaning(source.block).action == crate::catalogue::Action::Search);
        if web || act.phrases().any(site) || self.is_on_site(act) {
            let told = |phrase: &Phrase| {
                !self.known.is_person(&phrase.head)
                    && phrase.head != "email"
                    && !phrase.pronoun
                    && !self.is_manner(phrase)
                    && !is_length(phrase)
                    && !phrase.services.iter().any(|service| self.known.channel(service).is_some())
            };
            let start = act.frame.objects.iter().filter(|phrase| told(phrase)).map(|phrase| phrase.span.start).min();
            let all = act.frame.objects.iter().chain(act.frame.arguments.iter().map(|argument| &argument.phrase));
            let end = all.filter(|phrase| told(phrase)).map(|phrase| phrase.span.end).max();
            if let (Some(start), Some(end)) = (start.or(Some(phrase.span.start)), end) {
                return Some(start..end.max(phrase.span.end));
            }
        }
        if let Some(span) = self.found_in(act, phrase).filter(|_| !object) {
            return Some(span);
        }
        // "look for grants for nonprofits": the grants.
        let sought = act.frame.objects.iter().any(|object| {
            object.span == phrase.span
                && !object.head.is_empty()
                && !self.known.is_generic(&object.head)
                && !by_words
                && !matches!(object.head.as_str(), "web" | "internet" | "google" | "net" | "site" | "page")
        });
        let whole = phrase.head.is_empty() || self.known.is_generic(&phrase.head);
        let argument = act
            .arguments(&["about", "on", "for", "regarding", "around", "into", "of"])
            .filter(|argument| match argument.preposition.as_str() {
                "for" => !sought,
                // "the price of gold": of gold, the price.
                "of" => whole,
                _ => true,
            })
            .map(|argument| &argument.phrase)
            .find(|about| {
                // "search for the news of the past week": when is not what.
                let when = is_period(&about.head) && phrase.span.start < about.span.start;
                !when
                    && about.span != phrase.span
                    && (!about.pronoun || about.tail.is_some())
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
        let mut span = argument.or(own)?.span.clone();
        // "search for clinics in Nairobi": where, and what for, belong to it.
        for place in act.frame.arguments.iter().filter(|_| !by_words) {
            let next = (span.end + 1..=span.end + 2).contains(&place.phrase.span.start);
            let apart = place.phrase.pronoun || !place.phrase.services.is_empty() || !place.phrase.values.is_empty();
            // "jobs for Rust developers"
            let somebody = self.known.is_person(&place.phrase.head)
                && !(place.phrase.plural && place.phrase.determiner == Determiner::None);
            if next && !apart && !somebody && !self.fetchable(act, &place.phrase) {
                span.end = place.phrase.span.end;
            }
        }
        Some(span)
    }

    /// Whether a block that searches a service is told by this input alone what for: its schema calls every input optional.
    pub(in crate::plan) fn is_only_search(&self, block: &Block, name: &str) -> bool {
        let meaning = self.known.meaning(block);
        let searches = meaning.action == crate::catalogue::Action::Search && meaning.service.is_some();
        searches && name == "q_keywords" && block.required_inputs().all(|name| block.is_credential(name))
    }

    /// "Search Apollo for 5 fintech CTOs in Berlin": who is looked for, and how many.
    pub(super) fn people_sought(&self, fill: &Fill<'_>) -> Option<Span> {
        let act = fill.act?;
        let sought = act.arguments(&["for"]).map(|argument| &argument.phrase).find(|phrase| !phrase.pronoun)?;
        let number = |at: &usize| self.reading.tokens.get(*at).is_some_and(|token| token.value().is_some());
        let start = sought.span.clone().find(|at| !number(at))?;
        let mut end = sought.span.end;
        for place in act.arguments(&["in", "at", "from", "with"]).map(|argument| &argument.phrase) {
            if place.span.start == end + 1 && place.services.is_empty() {
                end = place.span.end;
            }
        }
        Some(start..end)
    }

    /// "that match "CTO Berlin"": the quoted words, and those that only lead to them.
    pub(super) fn quoted_search(&self, at: usize) -> Span {
        const LEADS: [&str; 10] =
            ["that", "which", "who", "match", "matches", "matching", "fit", "fits", "for", "with"];
        let leads =
            |at: &usize| self.reading.tokens.get(*at).and_then(Token::word).is_some_and(|word| LEADS.contains(&word));
        let first = (0..at).rev().take(2).take_while(leads).last().unwrap_or(at);
        first..at + 1
    }

    /// "the tweets that mention our brand": what it is called only the person knows.
    pub(super) fn spoken_of(&self, block: &Block, fill: &Fill<'_>) -> Option<String> {
        self.known.meaning(block).service.as_ref()?;
        let tail = fill.phrase?.tail.clone()?;
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        let mention = |at: &usize| {
            word(*at).is_some_and(|word| {
                matches!(
                    word,
                    "mention" | "mentions" | "mentioning" | "about" | "name" | "contain" | "contains" | "tag"
                )
            })
        };
        let own = tail.clone().find(mention)? + 1;
        let mine = matches!(word(own), Some("my" | "our")) && own + 1 < tail.end && tail.end - own < 5;
        mine.then(|| capitalised(self.text(&(own + 1..tail.end))))
    }

    /// "a keyword on Google News": where it is looked for is no part of it.
    pub(super) fn without_site(&mut self, block: &Block, fill: &Fill<'_>, span: Span) -> Span {
        let known = self.known;
        let own = self.known.meaning(block).service.clone();
        let site = |on: &&Argument| {
            if matches!(on.preposition.as_str(), "with" | "using" | "via" | "through") {
                return own.as_ref().is_some_and(|own| on.phrase.services.contains(own));
            }
            is_web(&on.phrase) || on.phrase.services.iter().any(|service| known.is_kind(service, Kind::Site))
        };
        let on = fill
            .act
            .and_then(|act| act.arguments(&["on", "in", "with", "using", "via", "through"]).find(site))
            .map(|on| on.phrase.span.clone());
        let on = on.filter(|on| on.end == span.end && on.start > span.start + 1);
        let Some(topic) = on.map(|on| span.start..on.start - 1) else { return span };
        if own.is_some() {
            self.cover.add(&span);
            return topic;
        }
        if block.name != "SearchTheWebBlock"
            || !is_open_topic(self.reading, &topic, |word| known.is_askable(word) || known.is_generic(word))
        {
            return span;
        }
        self.cover.add(&span);
        topic
    }

    /// "Research three competitors that I name": those.
    pub(super) fn named_by_person(&mut self, block: &Block, fill: &Fill<'_>) -> Option<Flow> {
        let handed = |phrase: &&Phrase| self.handed(phrase) && self.refer(phrase).is_none() && !phrase.given;
        // "the web for a topic I enter": nothing else is said of it.
        let about = fill.act.and_then(|act| {
            let mut about = act.arguments(&["for", "about", "on"]).map(|argument| &argument.phrase);
            about.next().filter(|_| about.next().is_none())
        });
        let whole = about.filter(|about| fill.query.as_ref().is_some_and(|query| query.start + 1 >= about.span.start));
        let mut named = fill.phrase.into_iter().chain(whole).filter(handed);
        let phrase = named.next().filter(|_| block.name == "SearchTheWebBlock")?.clone();
        self.cover.close(&phrase.span);
        let asked = self.ask_for(&phrase);
        self.take(asked)
    }

    /// "all tweets that mention @acme this week": the words that they are found by.
    pub(super) fn mentioned_word(&self, phrase: &Phrase) -> Option<Span> {
        let tail = phrase.tail.clone()?;
        let word = |at: usize| self.reading.tokens.get(at).and_then(Token::word);
        matches!(word(tail.start), Some("that" | "which" | "mentioning")).then_some(())?;
        let says =
            |at: &usize| matches!(word(*at), Some("mention" | "mentions" | "mentioning" | "contain" | "contains"));
        let start = tail.clone().take(2).find(says)? + 1;
        let value = |at: usize| {
            matches!(self.reading.tokens.get(at).and_then(Token::value), Some(Value::Handle(_) | Value::Quoted(_)))
        };
        value(start).then_some(start..start + 1)
    }

    /// "its latest news": of what was given, or was read last.
    pub(super) fn of_owner(&mut self, span: &Span) -> Option<Flow> {
        if let Some(flow) = self.own_named(span) {
            return Some(flow);
        }
        let Some(what) = without_owner(self.text(span)) else { return self.of_given(span) };
        let given = self.draft.data.iter().rposition(|datum| !datum.receipt && self.draft.is_asked(datum.flow.step));
        // What is written about it later may need its name too.
        let owner = given.or_else(|| self.latest()).and_then(|datum| self.draft.data.get(datum))?.flow.clone();
        let format = format!("{{{{{}}}}} {what}", owner.name);
        let text = Flow { name: owner.name.clone(), ..self.draft.fit(&owner, Types::STRING) };
        Some(self.draft.fill_in(&[text], &format, "Say what to look for"))
    }

    /// "For each competitor in my list, search the web for news": about the one whose turn it is.
    pub(super) fn of_listed(&mut self, span: &Span) -> Option<Flow> {
        let entry = self.listed_entry()?;
        let flow = self.draft.data.get(entry)?.flow.clone();
        let what = self.text(span);
        let what = without_owner(what).unwrap_or(what);
        let about = [" about it", " on it", " of it", " for it"].iter().find_map(|about| what.strip_suffix(about));
        let format = format!("{{{{{}}}}} {}", flow.name, about.unwrap_or(what));
        self.take(entry);
        let text = Flow { name: flow.name.clone(), ..self.draft.fit(&flow, Types::STRING) };
        Some(self.draft.fill_in(&[text], &format, "Say what to look for"))
    }

    /// "Given a keyword, search for the top 5 articles": for those on the keyword.
    fn of_given(&mut self, span: &Span) -> Option<Flow> {
        const BARE: [&str; 12] = [
            "top",
            "best",
            "latest",
            "newest",
            "recent",
            "most",
            "relevant",
            "popular",
            "related",
            "good",
            "current",
            "important",
        ];
        let words = span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
        let told: Vec<&str> = words.filter(|word| !cover::is_empty(word) && !BARE.contains(word)).collect();
        let [only] = told.as_slice() else { return None };
        let found = only.ends_with('s')
            && !self.reading.tokens.get(span.end - 1)?.raw(&self.reading.text).starts_with(char::is_uppercase);
        let asked = |datum: &Datum| !datum.receipt && !datum.used && self.draft.is_asked(datum.flow.step);
        let given = self.draft.data.iter().rposition(asked).filter(|_| found)?;
        let flow = self.take(given)?;
        let format = format!("{} {{{{{}}}}}", self.text(span), flow.name);
        let text = Flow { name: flow.name.clone(), ..self.draft.fit(&flow, Types::STRING) };
        Some(self.draft.fill_in(&[text], &format, "Say what to look for"))
    }

    /// The entry whose turn it is of a list that the person gives.
    pub(super) fn listed_entry(&self) -> Option<usize> {
        let scope = self.scope.filter(|at| self.reading.clauses.get(*at).is_some_and(|at| at.role == Role::Loop))?;
        let entry = self.branches.get(&scope)?.yes;
        let flow = &self.draft.data.get(entry).filter(|entry| entry.single)?.flow;
        let list = self.draft.step(flow.step)?.binding("items")?;
        matches!(list, Binding::From { step, .. } if self.draft.is_asked(*step)).then_some(entry)
    }

    /// The table that an act names, read whole: "the orders table", "my table “orders”".
    pub(super) fn table_read(&mut self, act: &Act<'_>) -> Option<String> {
        const NO_NAME: [&str; 20] = [
            "the", "a", "my", "our", "this", "that", "of", "in", "from", "to", "and", "every", "each", "with", "into",
            "database", "sql", "db", "for", "on",
        ];
        let raw = |at: usize| self.reading.tokens.get(at).map(|token| token.raw(&self.reading.text));
        let plain = |text: &str| {
            let known =
                NO_NAME.contains(&text.to_lowercase().as_str()) || self.known.vocabulary.service(text).is_some();
            let named = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
            named && !known && text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        };
        let timed = |at: &usize| {
            self.reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(at))
        };
        let is_table =
            |at: &usize| matches!(self.reading.tokens.get(*at).and_then(Token::word), Some("table" | "tables"));
        let name = |at: usize| {
            let token = self.reading.tokens.get(at).filter(|_| act.clause.span.contains(&at) && !timed(&at))?;
            match token.value() {
                Some(Value::Quoted(text)) => Some(text.as_str()).filter(|text| plain(text)),
                Some(_) => None,
                None => raw(at).filter(|text| token.word().is_some() && plain(text)),
            }
        };
        let (span, name) = act.clause.span.clone().filter(is_table).find_map(|table| {
            let called = matches!(self.reading.tokens.get(table + 1).and_then(Token::word), Some("called" | "named"));
            let behind = table + 1 + usize::from(called);
            let ahead = || {
                table
                    .checked_sub(1)
                    .filter(|at| self.reading.tokens.get(*at).is_some_and(|token| token.word().is_some()))
            };
            name(behind).map(|name| (table..behind + 1, name)).or_else(|| Some((table - 1..table + 1, name(ahead()?)?)))
        })?;
        let sql = format!("SELECT * FROM {name}");
        self.cover.close(&span);
        Some(sql)
    }
}

/// "in two sentences": how long the text is that is written of what is found.
fn is_length(phrase: &Phrase) -> bool {
    let counted = matches!(phrase.determiner, Determiner::Count(_));
    let unit = phrase.head.rsplit(' ').next().unwrap_or_default();
    counted && matches!(unit, "sentence" | "paragraph" | "word" | "bullet" | "point" | "line")
}

/// Whether a phrase only holds a place: "a topic", "something", "the company".
pub(super) fn is_open_topic(reading: &Reading, span: &Span, askable: impl Fn(&str) -> bool) -> bool {
    let mut tells = reading.tokens.get(span.clone()).unwrap_or_default().iter().filter_map(|token| match &token.kind {
        TokenKind::Word(word) => (!cover::is_empty(word)).then_some(word.as_str()),
        TokenKind::Value(_) => Some("\u{1}"),
        TokenKind::Mark(_) => None,
    });
    match (tells.next(), tells.next()) {
        (None, _) => true,
        (Some(word), None) => askable(word) || askable(word.trim_end_matches('s')),
        _ => false,
    }
}

/// "its latest news" without whose they are.
pub(super) fn without_owner(what: &str) -> Option<&str> {
    let lower = what.to_lowercase();
    let owner = ["its ", "their ", "his ", "her "].into_iter().find(|owner| lower.starts_with(owner))?;
    what.get(owner.len()..)
}
