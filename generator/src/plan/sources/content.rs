//! What a step of a service is given to work on.

use serde_json::json;

use super::fetch::Source;
use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        acts::placed::is_everything,
        clauses::act::{self, Act, names},
        steps::{
            build::{Builder, Part},
            draft::{self, Datum, Flow},
            fill,
        },
    },
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Title and text of what was written with both.
    pub(in crate::plan) fn titled(&mut self, datum: usize) -> Option<(Flow, Flow)> {
        let datum = self
            .draft
            .data
            .get(datum)
            .filter(|datum| {
                datum.made && !datum.flow.is_list() && datum.flow.fields.iter().any(|field| field == "title")
            })?
            .clone();
        let block = self.known.catalogue.by_name("FindInDictionaryBlock")?;
        let text = if datum.flow.fields.iter().any(|field| field == "text") { "text" } else { "title" };
        let mut part = |key: &str| {
            let step = self.step_of(
                block,
                &format!("Take the {key} out of it"),
                &[("key", json!(key))],
                &[("input", datum.flow.clone())],
            );
            let mut flow = self.draft.flow(step, "output");
            key.clone_into(&mut flow.name);
            flow
        };
        let title = part("title");
        let text = if text == "title" { title.clone() } else { part(text) };
        Some((title, text))
    }

    /// The parts of an entry that an act names, when the entry has no such parts yet: "the vendor and the amount", "a row
    /// with name and message".
    fn picked(&mut self, act: &Act<'r>, block: &'k Block, item: usize) -> Option<usize> {
        let datum = self.draft.data.get(item)?;
        let given = datum.service.is_none() && !datum.single;
        let part = |phrase: &&Phrase| {
            !phrase.pronoun
                && !phrase.head.is_empty()
                && phrase.services.is_empty()
                && !self.known.is_generic(&phrase.head)
                && !names(phrase).iter().any(|name| self.known.concerns(block, name))
        };
        let whole =
            |phrase: &&Phrase| names(phrase).iter().any(|name| datum.nouns.iter().take(3).any(|noun| noun == name));
        let made = datum.made;
        let objects = act.frame.objects.iter().filter(part);
        let mut wanted: Vec<&Phrase> = objects.filter(|phrase| made || !whole(phrase)).collect();
        if wanted.is_empty() {
            let with = act.arguments(&["with", "including", "containing"]).map(|argument| &argument.phrase);
            wanted.extend(with.filter(|phrase| phrase.values.is_empty()).filter(part));
        }
        if wanted.len() < 2 && !wanted.iter().any(|phrase| self.is_address(phrase))
            || given && datum.flow.step != usize::MAX && datum.flow.fields.is_empty() && datum.nouns.len() < 2
        {
            return None;
        }
        let keys: Vec<String> =
            wanted.iter().map(|phrase| draft::slug(&names(phrase).first().cloned().unwrap_or_default())).collect();
        if keys.iter().all(|key| datum.flow.fields.contains(key)) {
            return None;
        }
        let list: Vec<&str> = wanted.iter().map(|phrase| self.text(&act::core(phrase))).collect();
        let row = block
            .required_inputs()
            .any(|name| name == "row")
            .then(|| self.known.catalogue.by_name("AIListGeneratorBlock"))
            .flatten();
        if let Some(block) = row {
            let flow = self.take(item)?;
            let text = self.draft.fit(&flow, crate::catalogue::schema::Types::STRING);
            let focus = format!("these values and nothing else, in this order: {}", list.join(", "));
            let step = self.step_of(
                block,
                &format!("Take out {}", list.join(", ")),
                &[("focus", json!(focus))],
                &[("source_data", text)],
            );
            let mut values = self.draft.flow(step, "generated_list");
            "values".clone_into(&mut values.name);
            self.made(step, vec!["values".to_owned()], None, &[item]);
            if let Some(datum) = self.draft.data.last_mut() {
                (datum.flow, datum.single) = (values, true);
            }
        } else {
            // What was written, beside what it was written from.
            let data: Vec<usize> = self.origin(item).filter(|_| made).into_iter().chain([item]).collect();
            let words = format!("Take out {}", list.join(", "));
            let step = self.ask_model(act, &words, &[], &data, Some(&keys));
            self.made(step, vec!["values".to_owned()], Some(keys), &data);
        }
        for phrase in &wanted {
            self.cover.add(&act::core(phrase));
        }
        Some(self.draft.data.len() - 1)
    }

    /// What goes into an operation: the datum it names, written first if it is a text that nobody wrote yet.
    pub(in crate::plan) fn content_for(
        &mut self,
        act: &Act<'r>,
        block: &'k Block,
        each: bool,
    ) -> (Option<usize>, Option<usize>) {
        // "Save everything in one document"
        let all = act.frame.objects.iter().any(is_everything);
        let texts: Vec<usize> = self
            .pending()
            .into_iter()
            .filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.made && !datum.flow.is_list()))
            .filter(|at| !self.is_media(*at))
            .collect();
        if all && texts.len() > 1 && self.known.serves(block, Class::Store) && self.known.content_input(block).is_some()
        {
            return (Some(self.as_one(&texts)), None);
        }
        if let Some(place) = self.asked_receipt(act).filter(|_| self.is(act, Class::Tell)) {
            return (Some(place), None);
        }
        let quoted = self.said(act);
        let writes = matches!(
            act.lemma().as_str(),
            "write"
                | "draft"
                | "create"
                | "generate"
                | "compose"
                | "make"
                | "file"
                | "reply"
                | "comment"
                | "respond"
                | "answer"
                | "open"
                | "raise"
        );
        // "a comment that asks for a test", "a note saying that it is done": its words are told.
        let described = act.arguments(&["with", "about"]).next().is_some();
        let told = |phrase: &Phrase| {
            let said = phrase.tail.is_some() || described && phrase.head == "comment";
            said && phrase.determiner == Determiner::Some && self.known.is_writable(&phrase.head)
        };
        let writes = writes || act.frame.objects.iter().any(told);
        let body = self.known.content_input(block).is_some();
        let mut named: Option<usize> = None;
        let objects: Vec<&Phrase> = act.frame.objects.iter().collect();
        let makes = self.is(act, Class::Make) || self.is(act, Class::Store);
        let from = act.arguments(&["with", "from", "of", "containing"]).map(|argument| &argument.phrase);
        let per = act
            .arguments(&["for"])
            .map(|argument| &argument.phrase)
            .filter(|phrase| phrase.determiner == Determiner::Each);
        // "Put date, shop and total into Airtable": parts of what is there.
        let part = |phrase: &Phrase| {
            matches!(phrase.determiner, Determiner::None | Determiner::The)
                && !phrase.plural
                && phrase.services.is_empty()
                && phrase.values.is_empty()
        };
        let parts = objects.len() > 1 && objects.iter().all(|phrase| part(phrase)) && self.draft.has_data();
        for phrase in per.chain(objects.iter().copied()).chain(from) {
            // What is to be made is not there yet: "create a task".
            let object = makes && objects.iter().any(|object| object.span == phrase.span);
            let new = phrase.determiner == Determiner::Some && !self.known.serves(block, Class::Fetch);
            if object && new {
                continue;
            }
            let there = phrase.determiner == Determiner::The && self.refers_to_made(phrase);
            // "the end of the document": where it goes.
            let place = act
                .arguments(&["to", "at", "into", "in"])
                .any(|argument| argument.phrase.span.end + 1 == phrase.span.start)
                && self.reading.tokens.get(phrase.span.start - 1).and_then(|token| token.word()) == Some("of");
            if place
                || object
                    && !there
                    && self.part(phrase).is_none()
                    && names(phrase).iter().any(|noun| self.known.concerns(block, noun))
            {
                continue;
            }
            if let Some(datum) = self.part(phrase) {
                named = Some(if phrase.plural { self.single(datum) } else { datum });
                break;
            }
            let from = act.origins().iter().any(|origin| origin.span == phrase.span);
            let lists = object && makes && phrase.plural && !phrase.services.is_empty();
            if (from || lists && !act.places().is_empty())
                && let Some(service) = self.unreadable(act, phrase)
            {
                self.unknown_service(act, &service, Part::Source);
            }
            if let Some(datum) = self.refer(phrase) {
                named = Some(datum);
                break;
            }
            // "put into Sheets, one row per transaction": rows that are added are not read.
            let own = |source: &Source<'_>| {
                let service = |block: &Block| self.known.meaning(block).service.clone();
                object && phrase.head == "row" && service(source.block) == service(block)
            };
            let source = self.source_of(act, phrase, &[]).filter(|source| source.block.id != block.id && !own(source));
            let source = source.filter(|_| !(parts && object));
            let origin = act.origins().iter().any(|origin| origin.span == phrase.span);
            if source.is_some_and(|source| source.named || origin || object || phrase.determiner == Determiner::Each)
                && !act.places().iter().any(|place| place.span == phrase.span)
            {
                named = self.fetch(act, phrase, &[]);
                break;
            }
        }
        // The entry that the operation works on is the one that was read, not what was thought about it.
        let needs_id = block.required_inputs().any(|name| fill::id_key(name).is_some());
        let service = self.known.meaning(block).service.as_deref();
        let own = |datum: &Datum| {
            !datum.receipt
                && !datum.made
                && datum.service.as_deref() == service
                && service.is_some()
                && self.is_there(datum)
        };
        let read = self.draft.data.iter().rposition(own);
        // "When an issue is opened, look for similar ones and post a comment": on the one that was opened.
        let comes = |at: &usize| {
            let datum = self.draft.data.get(*at).filter(|datum| own(datum));
            datum.and_then(|datum| self.draft.block(datum.flow.step)).is_some_and(|block| block.trigger)
        };
        let comments = objects.iter().any(|phrase| phrase.head == "comment" && !phrase.plural);
        // What a condition let by is the event itself.
        let same = |event: usize| {
            let of = |at: usize| self.draft.data.get(at).map(|datum| &datum.nouns);
            read.is_some_and(|read| of(read) == of(event))
        };
        let event = (0..self.draft.data.len()).find(comes).filter(|event| comments && !same(*event));
        let event = event.filter(|_| needs_id && named.is_none());
        if let Some(event) = event {
            let data: Vec<usize> = [event].into_iter().chain(read).collect();
            let words = format!("Write what is needed for this: {}", act.instruction());
            let step = self.ask_model(act, &words, &[], &data, None);
            self.made(step, vec!["comment".to_owned()], None, &data);
            self.cover.add(&act.clause.span);
            self.target = Some(event);
            return (Some(self.draft.data.len() - 1), Some(event));
        }
        if let (true, Some(read)) =
            (needs_id && named.is_none_or(|named| self.draft.data.get(named).is_some_and(|datum| !datum.made)), read)
        {
            named = Some(read);
        }
        let mut item = named.or_else(|| self.every_event(&objects)).or_else(|| self.pending().last().copied());
        // "Find dentists in Austin, put them in a sheet": each of them, not the page of results.
        let rows = block.required_inputs().any(|name| matches!(name, "row" | "records" | "rows"));
        let bare = |phrase: &&Phrase| phrase.determiner == Determiner::None && phrase.services.is_empty();
        let fields = objects.len() > 1 && objects.iter().all(|phrase| bare(phrase) && !phrase.pronoun);
        let told = |at: &usize| {
            let datum = self.draft.data.get(*at);
            fields && datum.is_some_and(|datum| datum.made && datum.flow.fields.is_empty() && datum.flow.is_text())
        };
        let found = item.filter(|at| self.is_search(*at) || told(at));
        if let (true, Some(found)) = (rows && self.is(act, Class::Store), found) {
            item = Some(self.entries_found(act, found));
        }
        let list =
            item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.flow.is_list() && !datum.single);
        let takes_many = block.required_inputs().any(|name| matches!(name, "records" | "rows" | "entries"));
        // "review it and comment on it": the review is the comment.
        let fresh = self.draft.data.iter().rposition(|datum| self.is_fresh_for(act, datum));
        if let Some(fresh) = fresh.filter(|fresh| {
            let said =
                |phrase: &&Phrase| phrase.pronoun || matches!(phrase.head.as_str(), "comment" | "reply" | "review");
            quoted.is_none() && needs_id && body && item != Some(*fresh) && objects.iter().all(said)
        }) {
            return (Some(fresh), item);
        }
        // "date, amount and description": parts of an entry.
        let part = |phrase: &Phrase| objects.len() > 2 && phrase.determiner == Determiner::None && !phrase.plural;
        let summary =
            objects.iter().any(|phrase| !part(phrase) && self.is_product(act, phrase) && !self.refers_to_made(phrase));
        // "Save the rows in a document": one with all of them.
        let page = self.known.concerns(block, "document");
        let all = list && (!takes_many || parts) && !summary && !page && self.known.serves(block, Class::Store);
        item.iter().for_each(|item| self.widen(act, block, *item));
        let open = item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| !datum.open.is_empty());
        let stores = self.known.serves(block, Class::Store) && !summary;
        if let (Some(index), true) = (item, each || all || open && stores) {
            item = Some(self.single(index));
        }
        // A step that stores minds nothing itself.
        if let (Some(index), true) = (item, open && stores) {
            item = Some(self.only_fitting(index));
        }
        let made = item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.made);
        let writes = writes || summary && !made;
        let new_text = summary
            || objects.iter().any(|phrase| self.is_product(act, phrase) || self.known.is_carrier(&phrase.head))
                && named.is_none();
        // "save the amount and the vendor": picked out of what was read.
        let parts = !body && !takes_many && self.takes_parts(block);
        if parts
            && makes
            && let Some(record) = self.record_given(item)
        {
            return (Some(record), Some(record));
        }
        let store = self.is(act, Class::Store) && self.known.serves(block, Class::Store);
        let store = store && (parts || !made && !summary);
        if let (true, Some(item)) = (store, item)
            && let Some(picked) = self.picked(act, block, item)
        {
            return (Some(picked), Some(picked));
        }
        if let (true, true, Some(item)) = (store, parts && self.known.concerns(block, "contact"), item)
            && self.draft.data.get(item).is_some_and(|datum| datum.flow.fields.is_empty() && datum.flow.is_text())
        {
            let keys = ["email", "first_name", "last_name", "company"].map(str::to_owned);
            let step = self.ask_model(act, "Take out what is known of the contact", &[], &[item], Some(&keys));
            self.made(step, vec!["values".to_owned()], Some(keys.to_vec()), &[item]);
            let values = self.draft.data.len() - 1;
            return (Some(values), Some(values));
        }
        // The words of the person are the text.
        let quoted = quoted.filter(|(at, _)| !self.cover.has(*at));
        if quoted.is_some() && body && self.called(act).is_none() {
            return (None, item);
        }
        let labelled = act.values().any(|(_, value)| matches!(value, crate::reading::Value::Quoted(_)));
        if !labelled && writes && body && (new_text || item.is_some()) && !made && self.known.has_model() {
            // "Review it and comment on it": what was made for this is there.
            let fresh = self
                .pending()
                .into_iter()
                .rev()
                .find(|at| self.draft.data.get(*at).is_some_and(|datum| self.is_fresh_for(act, datum)));
            if let Some(fresh) = fresh {
                return (Some(fresh), item);
            }
            let mut data: Vec<usize> = item.into_iter().collect();
            // "look up the order and draft a reply with its status": what was looked up for it.
            let looked_up = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| !datum.used && !datum.made);
            if needs_id {
                data.extend(
                    self.pending().into_iter().filter(|at| item.is_some_and(|item| *at > item)).filter(looked_up),
                );
            }
            let mut data = if data.is_empty() { self.thought_about(act) } else { data };
            let item = self.answered_alone(needs_id, item, &mut data);
            // "using our FAQ page https://…": read as well.
            let by: Vec<&Phrase> =
                act.arguments(&["using", "with", "from", "based on", "according to"]).map(|by| &by.phrase).collect();
            // "using the knowledge in our Notion page"
            let within = act.arguments(&["in", "on", "of"]).map(|argument| &argument.phrase).filter(|phrase| {
                // "from our feed as a draft in Gmail": nothing is read there.
                let way = |service: &String| phrase.head.is_empty() && self.known.channel(service).is_some();
                let next = by.iter().any(|by| by.span.end + 1 == phrase.span.start);
                next && !phrase.services.is_empty() && !phrase.services.iter().any(way)
            });
            let by: Vec<&Phrase> = by.iter().copied().chain(within).collect();
            for phrase in
                by.into_iter().filter(|phrase| !phrase.pronoun && !self.draft.data.is_empty()).collect::<Vec<_>>()
            {
                let named = |source: Source<'_>| source.named && source.block.id != block.id;
                if self.refer(phrase).is_none() && self.source_of(act, phrase, &[]).is_some_and(named) {
                    data.extend(self.fetch(act, phrase, &[]));
                }
            }
            let words = format!("Write what is needed for this: {}", act.instruction());
            let manners = self.manners(act);
            // A title is written with the text.
            let keys = self
                .known
                .title_input(block)
                .filter(|_| self.name_given(act).is_none())
                .map(|_| vec!["title".to_owned(), "text".to_owned()]);
            let step = self.ask_model(act, &words, &manners, &data, keys.as_deref());
            self.made(step, vec!["text".to_owned()], keys, &data);
            self.cover.add(&act.clause.span);
            return (Some(self.draft.data.len() - 1), item);
        }
        (item, item)
    }
}
