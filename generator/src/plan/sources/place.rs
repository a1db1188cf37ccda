//! Where a step works: addresses, folders, sheets, and what it searches for.

use serde_json::{Value as Json, json};

use super::topic::is_open_topic;
use crate::{
    catalogue::{Block, schema::Types},
    plan::{
        clauses::act::{self, Act, names, words},
        model::Binding,
        steps::{
            build::Builder,
            cover,
            draft::{AskKind, Datum, Flow},
            fill::{Fill, sheet_id},
        },
    },
    reading::{Argument, Clause, Determiner, Kind, Phrase, Role, Span, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Where: "in Zurich", a city that the person gives, else asked for.
    fn place_of(&mut self, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        let said = fill.act.and_then(|act| {
            act.arguments(&["in", "for", "at", "near", "of", "around"]).map(|argument| &argument.phrase).find(
                |phrase| {
                    !phrase.pronoun
                        && phrase.services.is_empty()
                        && !self.known.is_person(&phrase.head)
                        && (!self.cover.has(phrase.span.start) || act.clause.role != Role::Act)
                        && !matches!(
                            phrase.head.as_str(),
                            "morning" | "evening" | "day" | "week" | "weather" | "calendar"
                        )
                        && self.known.source(&phrase.head).is_none()
                },
            )
        });
        let known = ["city", "location", "place", "town"]
            .into_iter()
            .find_map(|noun| self.named(noun))
            .and_then(|datum| self.take(datum));
        if let Some(flow) = known {
            return Some(self.draft.fit(&flow, types).binding());
        }
        let span = said.map(|phrase| phrase.span.clone())?;
        let span = span.start..act::core(said?).end;
        self.cover.add(&span);
        let known = self.known;
        if is_open_topic(self.reading, &span, |word| known.is_askable(word) || known.is_generic(word)) {
            return None;
        }
        Some(Binding::Value(json!(self.text(&span))))
    }

    /// The words to search for; an open topic is asked for.
    pub(in crate::plan) fn query(
        &mut self,
        block: &Block,
        name: &str,
        fill: &Fill<'r>,
        types: Types,
    ) -> Option<Binding> {
        if block.name == "SQLQueryBlock"
            && let Some(sql) = fill.act.and_then(|act| self.table_read(&act))
        {
            return Some(Binding::Value(json!(sql)));
        }
        let quoted = fill.act.and_then(|act| {
            act.values().find_map(|(at, value)| match value {
                Value::Quoted(text) if !self.cover.has(at) => Some((at, text.clone())),
                _ => None,
            })
        });
        if let Some((at, text)) = quoted.filter(|_| matches!(name, "query" | "q_keywords")) {
            self.cover.close(&self.quoted_search(at));
            return Some(Binding::Value(json!(text)));
        }
        if matches!(name, "location" | "city" | "place") {
            if let Some(flow) = self.entry_given(fill, types) {
                return Some(self.draft.fit(&flow, types).binding());
            }
            return self.place_of(fill, types);
        }
        let sought = fill.query.clone().or_else(|| self.people_sought(fill))?;
        let span = self.without_site(block, fill, sought);
        let span = self.without_period(block, span);
        let known = self.known;
        // "the sales of yesterday from our database": which tables it has the person knows.
        if block.name == "SQLQueryBlock" {
            self.cover.close(&span);
            let about = format!("SQL that reads {}", self.text(&span));
            let flow = self.draft.ask("SQL query", &about, AskKind::Long, None);
            return Some(self.draft.fit(&flow, types).binding());
        }
        // "mentions of our brand": what it is called the person says.
        let mention = fill.act.filter(|act| act.phrases().any(|phrase| phrase.head == "mention"));
        let own = mention.and_then(|act| act.arguments(&["of"]).next()).map(|of| of.phrase.clone());
        let own = own.or_else(|| fill.phrase.filter(|phrase| self.is_spoken_word(phrase)).cloned());
        let open = |phrase: &Phrase| phrase.determiner == Determiner::Mine && phrase.values.is_empty();
        let called = own.filter(open).map(|phrase| self.name_of(&phrase));
        if let Some(name) = called.or_else(|| self.spoken_of(block, fill)) {
            self.cover.close(&span);
            let label = format!("{name} to look for");
            let flow = self.draft.ask(&label, "As people write it", AskKind::Text, None);
            return Some(self.draft.fit(&flow, types).binding());
        }
        if let Some(said) = fill.phrase.and_then(|phrase| self.mentioned_word(phrase)) {
            self.cover.close(&span);
            self.cover.close(&said);
            return Some(Binding::Value(json!(self.text(&said))));
        }
        if let Some(flow) = self.named_by_person(block, fill).or_else(|| self.sought_by(block, name, fill)) {
            self.cover.add(&span);
            return Some(self.draft.fit(&flow, types).binding());
        }
        // "takes a topic, searches the web": the web is where, the topic is what.
        let place = self.reading.tokens.get(span.clone()).is_some_and(|tokens| {
            tokens.iter().filter_map(crate::reading::Token::word).all(|word| {
                cover::is_empty(word) || matches!(word, "web" | "internet" | "google" | "online" | "source" | "sources")
            })
        });
        if place {
            self.cover.add(&span);
            let given =
                self.draft.data.iter().rposition(|datum| !datum.receipt && self.draft.is_asked(datum.flow.step));
            let given = self.listed_entry().or(given);
            let flow = match given.or_else(|| self.latest()).and_then(|datum| self.take(datum)) {
                Some(flow) => flow,
                None => self.draft.ask("Search words", "What to look for", AskKind::Text, None),
            };
            return Some(self.draft.fit(&flow, types).binding());
        }
        let open = is_open_topic(self.reading, &span, |word| known.is_askable(word) || known.is_generic(word));
        let about = fill.act.and_then(|act| {
            act.phrases()
                .find(|phrase| phrase.span == span || (phrase.span.start >= span.start && phrase.span.end <= span.end))
                .cloned()
        });
        self.cover.add(&span);
        if let (true, Some(phrase)) = (open, about) {
            if let Some(datum) = self.refer(&phrase).filter(|_| !phrase.pronoun || self.draft.has_data())
                && let Some(flow) = self.take(datum)
            {
                return Some(self.draft.fit(&flow, types).binding());
            }
            let datum = self.ask_for(&phrase);
            let flow = self.take(datum)?;
            return Some(self.draft.fit(&flow, types).binding());
        }
        if let Some(filled) = self.of_listed(&span).filter(|_| block.name == "SearchTheWebBlock") {
            return Some(self.draft.fit(&filled, types).binding());
        }
        // "what people say about it": about what the person gave.
        let it = span.clone().next_back().filter(|at| {
            self.reading
                .tokens
                .get(*at)
                .and_then(crate::reading::Token::word)
                .is_some_and(|word| matches!(word, "it" | "them"))
        });
        let given = self.draft.data.iter().rposition(|datum| !datum.receipt && self.draft.is_asked(datum.flow.step));
        if let Some(flow) = it.and(given).and_then(|given| self.take(given)) {
            let words = span.start..span.end - 1;
            let format = format!("{} {{{{{}}}}}", self.text(&words), flow.name);
            let filled = self.draft.fill_in(&[flow], &format, "Say what to look for");
            return Some(self.draft.fit(&filled, types).binding());
        }
        if let Some(filled) = self.of_owner(&span) {
            return Some(self.draft.fit(&filled, types).binding());
        }
        // "competitors of the company": what the person gives goes into the words.
        let part = fill.act.and_then(|act| self.open_part(&act, &span));
        // "Look on eBay for cameras": there, and nowhere else.
        let listed = |service: &&String| self.known.is_kind(service, Kind::Site);
        let site = fill
            .act
            .iter()
            .flat_map(|act| act.arguments(&["on"]))
            .find_map(|on| on.phrase.services.iter().find(listed));
        let said = self.text(&span);
        let text = match site.filter(|site| !said.contains(site.as_str()) && block.name == "SearchTheWebBlock") {
            Some(site) => format!("{said} {site}"),
            None => said.to_owned(),
        };
        if let Some((phrase, flow)) = part {
            let words = words(self.reading, &phrase.span);
            let format = text.replacen(words, &format!("{{{{{}}}}}", flow.name), 1);
            let filled = self.draft.fill_in(&[flow], &format, "Say what to look for");
            return Some(self.draft.fit(&filled, types).binding());
        }
        if matches!(name, "keyword" | "keywords") && types.is_within(Types::ARRAY) {
            return Some(Binding::Value(json!([text])));
        }
        Some(Binding::Value(json!(text)))
    }

    /// "Take a keyword, get related keywords with X": what a service finds says nothing of what it is to look for.
    fn sought_by(&mut self, block: &Block, name: &str, fill: &Fill<'r>) -> Option<Flow> {
        let (meaning, phrase) = (self.known.meaning(block), fill.phrase?);
        let fresh = |word: &String| matches!(word.as_str(), "new" | "latest" | "recent" | "newest" | "related");
        let bare = phrase.modifiers.iter().all(fresh) && meaning.objects.contains(&phrase.head);
        let itself = bare || names(phrase).first().is_some_and(|noun| meaning.objects.contains(noun));
        let each = |about: &Argument| about.phrase.determiner == Determiner::Each || about.phrase.pronoun;
        let topic =
            fill.act.is_some_and(|act| act.arguments(&["about", "for", "on", "regarding"]).any(|about| !each(about)));
        if meaning.service.is_none() || !itself || topic || !phrase.values.is_empty() || phrase.tail.is_some() {
            return None;
        }
        if let Some(flow) = self.entry_given(fill, Types::STRING).or_else(|| self.part_of_entry(name)) {
            return Some(flow);
        }
        let noun = name.replace('_', " ");
        let given = |datum: &Datum| !datum.receipt && self.draft.is_asked(datum.flow.step);
        let called = self.named(&noun).filter(|at| self.draft.data.get(*at).is_some_and(given));
        let given = called.or_else(|| self.draft.data.iter().rposition(given));
        // "for each keyword in my sheet": its row.
        let row = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| datum.single && !datum.made);
        match given.or_else(|| self.latest().filter(row)) {
            Some(datum) => self.take(datum),
            None => Some(self.draft.ask(&noun, "What to look for", AskKind::Text, None)),
        }
    }

    /// "the address of restaurants in Berlin": of those in Berlin.
    pub(super) fn found_in(&self, act: &Act<'_>, phrase: &Phrase) -> Option<Span> {
        let places = act.arguments(&["in", "near", "around", "at"]).map(|argument| &argument.phrase);
        let mut places = places.filter(|place| place.services.is_empty() && place.span.start == phrase.span.end + 1);
        let source = self.source_of(act, phrase, &[])?;
        let searches = self.known.meaning(source.block).action == crate::catalogue::Action::Search;
        places.next().filter(|_| searches).map(|place| phrase.span.start..place.span.end)
    }

    /// A phrase within a text that only the person can fill: "the company", "a topic that I give it".
    fn open_part(&mut self, act: &Act<'r>, span: &Span) -> Option<(Phrase, Flow)> {
        let phrases: Vec<Phrase> = act.phrases().cloned().collect();
        // "the top stories with a link": a part of each that is found.
        let part = |phrase: &Phrase| {
            let before = phrase.span.start.checked_sub(1).and_then(|at| self.reading.tokens.get(at)?.word());
            phrase.determiner == Determiner::Some && matches!(before, Some("with" | "including" | "plus"))
        };
        let inside = phrases.into_iter().find(|phrase| {
            phrase.span.start > span.start
                && !part(phrase)
                && phrase.span.end <= span.end
                && !phrase.plural
                && phrase.values.is_empty()
                && phrase.services.is_empty()
                && self.known.is_askable(&phrase.head)
                && !self.is_manner(phrase)
        })?;
        let datum = self.refer(&inside).unwrap_or_else(|| self.ask_for(&inside));
        let flow = self.take(datum)?;
        Some((inside, flow))
    }

    pub(in crate::plan) fn address(&mut self, name: &str, fill: &Fill<'r>, types: Types) -> Option<Binding> {
        let wanted = fill.phrase.into_iter().flat_map(|phrase| phrase.values.clone());
        let mut tokens: Vec<usize> = wanted.collect();
        if let Some(act) = fill.act {
            tokens.extend(act.values().map(|(at, _)| at));
        }
        for at in tokens {
            if let Some(TokenKind::Value(Value::Url(url))) = self.reading.tokens.get(at).map(|token| token.kind.clone())
            {
                self.cover.add(&(at..at + 1));
                return Some(Binding::Value(json!(url)));
            }
        }
        // An address that stands elsewhere in the goal or in an answer.
        let urls: Vec<String> = self
            .values()
            .filter_map(|value| match value {
                Value::Url(url) => Some(url.clone()),
                _ => None,
            })
            .collect();
        if let [url] = urls.as_slice() {
            let at =
                self.reading.tokens.iter().position(|token| token.kind == TokenKind::Value(Value::Url(url.clone())));
            if at.is_none_or(|at| !self.cover.has(at)) {
                if let Some(at) = at {
                    self.cover.add(&(at..at + 1));
                }
                return Some(Binding::Value(json!(url)));
            }
        }
        let given = fill.phrase.and_then(|phrase| names(phrase).iter().find_map(|noun| self.named(noun)));
        let link = given.or_else(|| self.named("url")).or_else(|| self.named("link"));
        // A link to a film is no other address.
        let other = |step: usize| self.draft.step(step).is_some_and(|step| step.title.starts_with("YouTube"));
        let fits = |datum: &Datum| name.contains("youtube") || !other(datum.flow.step);
        let text = link
            .and_then(|link| self.draft.data.get(link))
            .filter(|datum| datum.service.is_none() && !datum.made && fits(datum));
        if text.is_some()
            && let Some(flow) = link.and_then(|link| self.take(link))
        {
            return Some(self.draft.fit(&flow, types).binding());
        }
        None
    }

    /// Where something is or goes: a channel, a repository, a sheet, a chat.
    pub(in crate::plan) fn place(
        &mut self,
        block: &Block,
        name: &str,
        fill: &Fill<'r>,
        types: Types,
    ) -> Option<Binding> {
        // An answer goes back to the channel that the message came from.
        let back = name == "channel_name"
            && fill.act.is_some_and(|act| matches!(act.plain_lemma(), "answer" | "reply" | "respond"));
        let service = self.known.meaning(block).service.as_deref();
        let from = |datum: &Datum| name == "chat_id" || datum.service.as_deref() == service;
        if (name == "chat_id" || back)
            && let Some(chat) =
                self.draft.data.iter().rev().filter(|datum| from(datum)).find_map(|datum| datum.chat.clone())
        {
            return Some(chat.binding());
        }
        let mut act_values: Vec<(usize, Value)> = fill
            .act
            .iter()
            .flat_map(|act| act.values().map(|(at, value)| (at, value.clone())).collect::<Vec<_>>())
            .collect();
        // "from r/rust and r/programming": each is read by itself.
        let own = |at: &usize| fill.phrase.is_some_and(|phrase| phrase.values.contains(at));
        act_values.sort_by_key(|(at, _)| !own(at));
        let all: Vec<(Option<usize>, Value)> = act_values
            .into_iter()
            .map(|(at, value)| (Some(at), value))
            .chain(self.reading.tokens.iter().enumerate().filter_map(|(at, token)| match &token.kind {
                TokenKind::Value(value) => Some((Some(at), value.clone())),
                _ => None,
            }))
            .chain(self.context.into_iter().flat_map(|context| &context.tokens).filter_map(|token| match &token.kind {
                TokenKind::Value(value) => Some((None, value.clone())),
                _ => None,
            }))
            .collect();
        let fit = |value: &Value| -> Option<Json> {
            match (name, value) {
                ("channel" | "channel_name" | "channel_identifier", Value::Channel(channel)) => {
                    Some(json!(if service == Some("Discord") { channel.trim_start_matches('#') } else { channel }))
                }
                ("chat_id", Value::Identifier(id)) => id.parse::<i64>().ok().map(|id| json!(id)),
                #[expect(clippy::cast_possible_truncation, reason = "a chat id is a whole number")]
                ("chat_id", Value::Number(number)) if number.abs() > 9999.0 => Some(json!(*number as i64)),
                ("repo", Value::Repository(repo)) => Some(json!(repo)),
                ("repo_url", Value::Repository(repo)) => Some(json!(format!("https://github.com/{repo}"))),
                ("repo_url", Value::Url(url)) if url.contains("github.com") => Some(json!(url)),
                ("subreddit", Value::Subreddit(sub)) => Some(json!(sub)),
                ("spreadsheet", Value::Identifier(id)) => Some(json!({"id": id})),
                ("spreadsheet", Value::Url(url)) if url.contains("spreadsheets") => {
                    Some(json!({"id": sheet_id(url), "url": url}))
                }
                (
                    "parent_database_id" | "database_id" | "base_id" | "page_id" | "project_id",
                    Value::Identifier(id),
                ) => Some(json!(id)),
                _ => None,
            }
        };
        // "my chat id is 4711": a number that is called so may be short.
        let called = |at: &Option<usize>, value: &Value| match (name, at, value) {
            #[expect(clippy::cast_possible_truncation, reason = "a chat id is a whole number")]
            ("chat_id", Some(at), Value::Number(number)) => (at.saturating_sub(3)..*at)
                .filter_map(|before| self.reading.tokens.get(before)?.word())
                .any(|word| matches!(word, "id" | "chat" | "group"))
                .then(|| json!(*number as i64)),
            _ => None,
        };
        // "above 10000": what a condition compares with is no chat.
        let tested = |at: &Option<usize>| {
            let guard = |clause: &Clause| at.is_some_and(|at| clause.span.contains(&at));
            let mut guards = self.reading.clauses.iter().filter(|clause| clause.role == Role::Condition);
            name == "chat_id" && guards.any(guard)
        };
        let named = all.iter().find_map(|(at, value)| Some((*at, called(at, value)?)));
        let fitting = || all.iter().filter(|(at, _)| !tested(at)).find_map(|(at, value)| Some((*at, fit(value)?)));
        if let Some((at, found)) = named.or_else(fitting) {
            at.iter().for_each(|at| self.cover.add(&(*at..*at + 1)));
            return Some(Binding::Value(found));
        }
        let _ = types;
        // A sheet's name tells the person which one to choose: see `ask_input`.
        if matches!(name, "spreadsheet" | "document") {
            return None;
        }
        // "tab X", "the list called X"
        self.by_words(name, fill)
    }
}
