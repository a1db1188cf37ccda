//! Operations of services: which block does one, and what goes into it.

use serde_json::json;

use super::{
    act::{Act, names},
    build::Builder,
    choose::{Want, best, choose},
    draft::Flow,
    fill::Fill,
};
use crate::{
    catalogue::Block,
    knowledge::Class,
    reading::{Determiner, Phrase, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "draft replies", to the mails that were read.
    /// "forward it", to whoever is named: the mail itself.
    pub(super) fn forward(&self, act: &Act<'_>) -> Option<&'k Block> {
        let mails = self
            .draft
            .data
            .iter()
            .any(|datum| !datum.receipt && !datum.made && datum.service.as_deref() == Some("Gmail"));
        // "forward a summary to Slack" forwards no mail.
        let other = act.places().iter().any(|phrase| phrase.services.iter().any(|service| service != "Gmail"))
            || act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        (act.plain_lemma() == "forward" && mails && !other)
            .then(|| self.known.catalogue.by_name("GmailForwardBlock"))
            .flatten()
    }

    pub(super) fn draft_reply(&self, act: &Act<'_>) -> Option<&'k Block> {
        let replies = act.frame.objects.iter().any(|phrase| {
            matches!(phrase.head.as_str(), "reply" | "response" | "answer" | "draft" | "reply draft" | "draft reply")
        });
        let drafts = act.plain_lemma() == "draft"
            || act
                .frame
                .objects
                .iter()
                .any(|phrase| phrase.head.contains("draft") || phrase.modifiers.iter().any(|word| word == "draft"));
        let mails = self
            .draft
            .data
            .iter()
            .any(|datum| !datum.receipt && !datum.made && datum.service.as_deref() == Some("Gmail"));
        (replies && drafts && mails).then(|| self.known.catalogue.by_name("GmailDraftReplyBlock")).flatten()
    }

    /// "ask Wolfram Alpha": a service that answers is asked, not told.
    pub(super) fn asked_service(&self, act: &Act<'r>) -> Option<&'k Block> {
        let nouns = self.work_nouns(act);
        act.services().into_iter().filter(|_| act.plain_lemma() == "ask").find_map(|service| {
            let want = Want { lemma: "ask", class: Class::Fetch, nouns: &nouns, service: Some(service), many: false };
            let answers = |block: &&Block| !block.trigger && self.known.serves(block, Class::Fetch);
            choose(self.known, &want).into_iter().map(|(block, _)| block).find(answers)
        })
    }

    /// The block of a service that the act names, or whose data it works on.
    pub(super) fn service_block(&self, act: &Act<'r>) -> Option<&'k Block> {
        let lemma = act.lemma();
        let nouns = self.work_nouns(act);
        let many = act.frame.objects.iter().any(|phrase| phrase.plural);
        let origins: Vec<&str> = act
            .arguments(&["from", "of", "out of", "across", "off"])
            .flat_map(|argument| argument.phrase.services.iter().map(String::as_str))
            .collect();
        // "to the end of the document": where it was read.
        let places: Vec<String> = act
            .arguments(&["to", "into", "in", "on", "at", "of"])
            .filter(|argument| argument.phrase.determiner == Determiner::The || argument.phrase.pronoun)
            .filter_map(|argument| self.draft.data.get(self.refer(&argument.phrase)?))
            .filter_map(|datum| datum.service.clone())
            .filter(|_| {
                act.services().is_empty()
                    && (self.is(act, Class::Store) || self.is(act, Class::Change))
                    && !self.is(act, Class::Fetch)
            })
            .collect();
        // "Create an issue", and the person said that it is Linear.
        let answered: Vec<String> = match self.known.choice(&nouns) {
            Some(choice) if act.services().is_empty() => {
                self.answered_services().into_iter().filter(|service| choice.services.contains(service)).collect()
            }
            _ => Vec::new(),
        };
        for service in act.services().into_iter().chain(places.iter().chain(&answered).map(String::as_str)) {
            for class in [Class::Change, Class::Make, Class::Store, Class::Fetch] {
                // What is read from a service is not written to it.
                if !self.is(act, class) || (class != Class::Fetch && origins.contains(&service)) {
                    continue;
                }
                let mut every = nouns.clone();
                // "comment on an issue" adds an issue comment.
                if class == Class::Change {
                    every.extend(nouns.iter().map(|noun| format!("{noun} {lemma}")));
                    every.push(lemma.clone());
                }
                every.extend(default_objects(service, class));
                let want = Want { lemma: &lemma, class, nouns: &every, service: Some(service), many };
                if let Some(block) = best(self.known, &want).filter(|block| !block.trigger) {
                    return Some(block);
                }
            }
        }
        // "Add the label", "assign it": to what came from the service.
        if self.is(act, Class::Change) && !self.is(act, Class::Fetch) {
            let service =
                self.draft.data.iter().rev().filter(|datum| !datum.receipt).find_map(|datum| datum.service.clone())?;
            let want =
                Want { lemma: &lemma, class: Class::Change, nouns: &nouns, service: Some(&service), many: false };
            return choose(self.known, &want)
                .into_iter()
                .find(|(block, score)| *score >= 6.5 && !block.trigger && !self.known.serves(block, Class::Fetch))
                .map(|(block, _)| block);
        }
        None
    }

    /// What an act works on, as the catalogue may call it.
    pub(super) fn work_nouns(&self, act: &Act<'_>) -> Vec<String> {
        let mut nouns: Vec<String> = Vec::new();
        let places = act.places();
        // "comment on the issue": an issue comment.
        let verb = act.plain_lemma();
        if places.iter().any(|phrase| phrase.pronoun || !phrase.head.is_empty())
            && self.known.is_carrier(verb)
            && !self.is(act, Class::Tell)
        {
            nouns.extend(places.iter().flat_map(|phrase| names(phrase)).map(|noun| format!("{noun} {verb}")));
            nouns.push(verb.to_owned());
        }
        for phrase in act.frame.objects.iter().chain(places) {
            nouns.extend(names(phrase));
        }
        nouns
    }

    /// "book an appointment", "draw a picture": the block that makes what the object names, no service being said.
    pub(super) fn maker(&self, act: &Act<'r>) -> Option<&'k Block> {
        let lemma = act.lemma();
        let mut nouns: Vec<String> =
            act.frame.objects.iter().filter(|phrase| !phrase.pronoun).flat_map(names).collect();
        let places: Vec<String> = act.places().into_iter().flat_map(names).collect();
        // "save it as a file"
        nouns.extend(act.arguments(&["as"]).flat_map(|argument| names(&argument.phrase)));
        if nouns.is_empty() && places.is_empty() {
            return None;
        }
        for class in [Class::Make, Class::Store, Class::Change] {
            if !self.is(act, class) {
                continue;
            }
            if let Some(block) = self.usual_place(class, &nouns, &places) {
                return Some(block);
            }
        }
        // A text that no service is named for is written, not posted.
        let texts = self.known.composes(&lemma) && act.frame.objects.iter().any(|phrase| self.is_product(act, phrase));
        let classes = [Class::Think, Class::Make, Class::Change];
        classes.into_iter().filter(|class| self.is(act, *class)).find_map(|class| {
            let want = Want { lemma: &lemma, class, nouns: &nouns, service: None, many: false };
            choose(self.known, &want)
                .into_iter()
                .find(|(block, score)| {
                    *score >= 4.2
                        && !block.trigger
                        && !self.known.is_plain(block)
                        && self.means(block, class, &lemma)
                        && (!texts || self.known.meaning(block).service.is_none())
                })
                .map(|(block, _)| block)
        })
    }

    /// A text is thought about by a language model, not by a block that reads such texts.
    fn means(&self, block: &Block, class: Class, lemma: &str) -> bool {
        class != Class::Think
            || self.known.meaning(block).verbs.iter().any(|verb| verb == lemma)
            || !self.known.serves(block, Class::Fetch)
    }

    /// Where such things go when nobody says where.
    pub(super) fn usual_place(&self, class: Class, nouns: &[String], places: &[String]) -> Option<&'k Block> {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let has = |words: &[&str]| nouns.iter().chain(places).any(|noun| words.contains(&noun.as_str()));
        let into = |words: &[&str]| places.iter().any(|noun| words.contains(&noun.as_str()));
        match class {
            Class::Make | Class::Store
                if into(&["calendar"]) || has(&["event", "calendar event", "appointment", "meeting"]) =>
            {
                by("GoogleCalendarCreateEventBlock")
            }
            Class::Make | Class::Store if has(&["to-do", "todo", "to-do list", "todo list", "task list", "task"]) => {
                by("TodoistCreateTaskBlock")
            }
            Class::Store if into(&["spreadsheet", "sheet", "google sheet", "row", "table", "excel"]) => {
                by("GoogleSheetsAppendRowBlock")
            }
            Class::Make | Class::Store if has(&["document", "google doc", "doc"]) && !has(&["pdf"]) => {
                by("GoogleDocsCreateBlock")
            }
            Class::Store if into(&["document", "doc"]) => by("GoogleDocsAppendMarkdownBlock"),
            _ => None,
        }
    }

    /// The operation of the channel's service that is meant instead of a message: a draft, a document, an issue.
    pub(super) fn operation(&self, act: &Act<'r>, channel: &'k Block) -> Option<&'k Block> {
        let service = self.known.meaning(channel).service.as_deref()?;
        let nouns = self.work_nouns(act);
        let lemma = act.lemma();
        let mut every: Vec<String> = nouns
            .iter()
            .map(|noun| match lemma.as_str() {
                "draft" => format!("{noun} draft"),
                _ => noun.clone(),
            })
            .collect();
        if lemma == "draft" {
            every.push("draft".to_owned());
            every.push("email draft".to_owned());
        }
        let drafts = lemma == "draft" || nouns.iter().any(|noun| noun.contains("draft"));
        let labels = nouns.iter().any(|noun| noun.contains("label")) || matches!(lemma.as_str(), "label" | "tag");
        if !drafts && !labels {
            return None;
        }
        if drafts {
            let reply = self.draft.data.iter().any(|datum| datum.service.as_deref() == Some(service) && !datum.receipt);
            let name = if reply { "GmailDraftReplyBlock" } else { "GmailCreateDraftBlock" };
            if service == "Gmail" {
                return self.known.catalogue.by_name(name);
            }
        }
        best(
            self.known,
            &Want { lemma: &lemma, class: Class::Change, nouns: &every, service: Some(service), many: false },
        )
    }

    /// A step of `block`, with a text written for it first if the act asks for one.
    pub(super) fn operate(&mut self, act: &Act<'r>, block: &'k Block) {
        // "extract the addresses": works on a text that is there.
        let works = self.known.meaning(block).service.is_none()
            && self.known.content_input(block).is_some_and(|input| block.required_inputs().any(|name| name == input));
        let only_reads = self.is(act, Class::Fetch)
            && ![Class::Store, Class::Make, Class::Change].iter().any(|class| self.is(act, *class));
        if self.known.serves(block, Class::Fetch) && (only_reads || !self.known.serves(block, Class::Store)) && !works {
            let phrase =
                act.frame.objects.first().or_else(|| act.frame.arguments.first().map(|argument| &argument.phrase));
            if let Some(phrase) = phrase {
                let datum = self.read_with(block, act, phrase);
                self.watched(act, block, datum);
                for other in act.frame.objects.iter().skip(1) {
                    if self.fetchable(act, other) {
                        self.fetch(act, other, &[]);
                    }
                }
                self.cover_frame(act);
                return;
            }
        }
        let each = act.phrases().any(|phrase| phrase.determiner == Determiner::Each || phrase.head.starts_with("each"))
            || block.required_inputs().any(|name| super::fill::id_key(name).is_some());
        // "give it a label and an assignee": each by its own block.
        if act.frame.objects.len() > 1 && self.is(act, Class::Change) {
            let service = self.known.meaning(block).service.clone();
            let lemma = act.lemma();
            let others: Vec<&'k Block> = act
                .frame
                .objects
                .iter()
                .filter_map(|phrase| {
                    let nouns = names(phrase);
                    let want = Want {
                        lemma: &lemma,
                        class: Class::Change,
                        nouns: &nouns,
                        service: service.as_deref(),
                        many: false,
                    };
                    best(self.known, &want).filter(|other| nouns.iter().any(|noun| self.known.concerns(other, noun)))
                })
                .filter(|other| other.id != block.id && !other.trigger && !self.known.serves(other, Class::Fetch))
                .collect();
            for other in others {
                self.operate_with(act, other, each);
            }
        }
        self.operate_with(act, block, each);
    }

    pub(super) fn operate_with(&mut self, act: &Act<'r>, block: &'k Block, each: bool) {
        let (content, item) = self.content_for(act, block, each);
        let content = self.approved_first(content);
        let mut given = Vec::new();
        let titled = content.and_then(|datum| self.titled(datum));
        let content_flow = match &titled {
            Some((title, body)) => {
                if let Some(name) = self.known.title_input(block) {
                    given.push((name.to_owned(), title.binding()));
                }
                Some(body.clone())
            }
            None => content.and_then(|datum| self.take(datum)),
        };
        let title = self.subject(act, content);
        let fill = Fill {
            given,
            act: Some(*act),
            phrase: act.frame.objects.first(),
            content: content_flow,
            item: item.or(content),
            query: act.frame.objects.first().map(|phrase| phrase.span.clone()),
            title: Some(title),
            says: act.instruction(),
            ..Fill::default()
        };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        if let Some(datum) = self.draft.gives(step, &nouns, None) {
            let reads = self.known.serves(block, Class::Fetch) && !self.known.serves(block, Class::Store);
            let thing = self.known.serves(block, Class::Think) || reads;
            let scope = self.scope;
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.receipt = !thing;
                datum.made = thing;
                datum.under = scope;
                datum.single = each;
            }
        }
        self.done += 1;
        self.delivered += 1;
        self.cover_frame(act);
    }

    /// Title and text of what was written with both.
    pub(super) fn titled(&mut self, datum: usize) -> Option<(Flow, Flow)> {
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

    /// What goes into an operation: the datum it names, written first if it is a text that nobody wrote yet.
    /// The parts of an entry that an act names, when the entry has no such parts yet.
    fn picked(&mut self, act: &Act<'r>, block: &'k Block, item: usize) -> Option<usize> {
        let datum = self.draft.data.get(item)?;
        let given = datum.service.is_none() && !datum.single;
        let wanted: Vec<&Phrase> = act
            .frame
            .objects
            .iter()
            .filter(|phrase| {
                !phrase.pronoun
                    && !phrase.head.is_empty()
                    && phrase.services.is_empty()
                    && !self.known.is_generic(&phrase.head)
            })
            .filter(|phrase| {
                !names(phrase)
                    .iter()
                    .any(|name| datum.nouns.iter().take(3).any(|noun| noun == name) || self.known.concerns(block, name))
            })
            .collect();
        if wanted.len() < 2
            || given && datum.flow.step != usize::MAX && datum.flow.fields.is_empty() && datum.nouns.len() < 2
        {
            return None;
        }
        let keys: Vec<String> = wanted
            .iter()
            .map(|phrase| super::draft::slug(&names(phrase).first().cloned().unwrap_or_default()))
            .collect();
        if keys.iter().all(|key| datum.flow.fields.contains(key)) {
            return None;
        }
        let list: Vec<&str> = wanted.iter().map(|phrase| self.text(&super::act::core(phrase))).collect();
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
            let words = format!("Take out {}", list.join(", "));
            let step = self.ask_model(act, &words, &[], &[item], Some(&keys));
            self.made(step, vec!["values".to_owned()], Some(keys), &[item]);
        }
        for phrase in &wanted {
            self.cover.add(&super::act::core(phrase));
        }
        Some(self.draft.data.len() - 1)
    }

    pub(super) fn content_for(
        &mut self,
        act: &Act<'r>,
        block: &'k Block,
        each: bool,
    ) -> (Option<usize>, Option<usize>) {
        let quoted = act.values().find_map(|(at, value)| match value {
            Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        });
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
        let body = self.known.content_input(block).is_some();
        let mut named: Option<usize> = None;
        let objects: Vec<&Phrase> = act.frame.objects.iter().collect();
        let makes = self.is(act, Class::Make) || self.is(act, Class::Store);
        let from = act.arguments(&["with", "from", "of", "containing"]).map(|argument| &argument.phrase);
        let per = act
            .arguments(&["for"])
            .map(|argument| &argument.phrase)
            .filter(|phrase| phrase.determiner == Determiner::Each);
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
                .any(|argument| argument.phrase.span.end + 1 == phrase.span.start);
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
            if from && let Some(service) = self.unreadable(act, phrase) {
                self.unknown_service(act, &service, super::build::Part::Source);
            }
            if let Some(datum) = self.refer(phrase) {
                named = Some(datum);
                break;
            }
            let source = self.source_of(act, phrase, &[]).filter(|source| source.block.id != block.id);
            let origin = act.origins().iter().any(|origin| origin.span == phrase.span);
            if source.is_some_and(|source| source.named || origin || object || phrase.determiner == Determiner::Each)
                && !act.places().iter().any(|place| place.span == phrase.span)
            {
                named = self.fetch(act, phrase, &[]);
                break;
            }
        }
        // The entry that the operation works on is the one that was read, not what was thought about it.
        let needs_id = block.required_inputs().any(|name| super::fill::id_key(name).is_some());
        let service = self.known.meaning(block).service.as_deref();
        let read = self.draft.data.iter().rposition(|datum| {
            !datum.receipt && !datum.made && datum.service.as_deref() == service && service.is_some()
        });
        if let (true, Some(read)) =
            (needs_id && named.is_none_or(|named| self.draft.data.get(named).is_some_and(|datum| !datum.made)), read)
        {
            named = Some(read);
        }
        let mut item = named.or_else(|| self.pending().last().copied());
        let list =
            item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.flow.is_list() && !datum.single);
        let takes_many = block.required_inputs().any(|name| matches!(name, "records" | "rows" | "entries"));
        // "review it and comment on it": the review is the comment.
        let fresh = self
            .draft
            .data
            .iter()
            .rposition(|datum| datum.made && !datum.used && !datum.receipt && self.is_there(datum));
        if let Some(fresh) = fresh.filter(|fresh| {
            quoted.is_none() && needs_id && body && item != Some(*fresh) && objects.iter().all(|phrase| phrase.pronoun)
        }) {
            return (Some(fresh), item);
        }
        let summary = objects.iter().any(|phrase| self.is_product(act, phrase) && !self.refers_to_made(phrase));
        let all = list && !takes_many && !summary && self.known.serves(block, Class::Store);
        if let (Some(index), true) = (item, each || all) {
            item = Some(self.single(index));
        }
        let made = item.and_then(|item| self.draft.data.get(item)).is_some_and(|datum| datum.made);
        let writes = writes || summary && !made;
        let new_text = summary
            || objects.iter().any(|phrase| self.is_product(act, phrase) || self.known.is_carrier(&phrase.head))
                && named.is_none();
        // "save the amount and the vendor": picked out of what was read.
        let store = self.is(act, Class::Store) && self.known.serves(block, Class::Store) && !made && !summary;
        if let (true, Some(item)) = (store, item)
            && let Some(picked) = self.picked(act, block, item)
        {
            return (Some(picked), Some(picked));
        }
        // The words of the person are the text.
        if quoted.is_some() && body && self.called(act).is_none() {
            return (None, item);
        }
        if quoted.is_none() && writes && body && (new_text || item.is_some()) && !made && self.known.has_model() {
            // "Review it and comment on it": what was made for this is there.
            let fresh = self
                .pending()
                .into_iter()
                .rev()
                .find(|at| self.draft.data.get(*at).is_some_and(|datum| datum.made && !datum.used));
            if let Some(fresh) = fresh {
                return (Some(fresh), item);
            }
            let data: Vec<usize> = item.into_iter().collect();
            let data = if data.is_empty() { self.thought_about(act) } else { data };
            let words = format!("Write what is needed for this: {}", act.instruction());
            let manners = self.manners(act);
            // A title is written with the text.
            let keys = self
                .known
                .title_input(block)
                .filter(|_| self.called(act).is_none())
                .map(|_| vec!["title".to_owned(), "text".to_owned()]);
            let step = self.ask_model(act, &words, &manners, &data, keys.as_deref());
            self.made(step, vec!["text".to_owned()], keys, &data);
            self.cover.add(&act.clause.span);
            return (Some(self.draft.data.len() - 1), item);
        }
        (item, item)
    }
}

/// What a service works on when the goal only names the service: "add it to Airtable".
pub(super) fn default_objects(service: &str, class: Class) -> Vec<String> {
    let words: &[&str] = match (service, class) {
        ("Google Sheets", Class::Store | Class::Make) => &["row", "line"],
        ("Airtable", _) => &["record"],
        ("Notion", Class::Store | Class::Make) => &["notion page", "page"],
        ("Todoist", _) => &["task"],
        ("Linear", _) | ("GitHub", Class::Make | Class::Store) => &["issue"],
        ("Google Docs", Class::Store) => &["document"],
        ("HubSpot", _) => &["contact"],
        ("Google Calendar", _) => &["calendar event"],
        ("Google Sheets", _) => &["cell range"],
        _ => &[],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}
