//! Does an operation of a service: once, or for each item.

use super::placed::is_everything;
use crate::{
    catalogue::{Action, Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, core, names},
            unlike::REPEATS,
        },
        model::{Binding, Reason},
        steps::{
            build::{Builder, Part, Unserved},
            choose::{Want, best},
            draft::Datum,
            fill::{self, Fill},
        },
    },
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// A step of `block`, with a text written for it first if the act asks for one.
    pub(in crate::plan) fn operate(&mut self, act: &Act<'r>, block: &'k Block) {
        if self.ends_others(act, block) {
            return self.unserved.push(Unserved {
                text: act.text().to_owned(),
                what: None,
                kind: Part::Work,
                span: act.clause.span.clone(),
            });
        }
        if self.keeps_vectors(act, block) {
            return;
        }
        // "extract the addresses": works on a text that is there.
        let works = self.known.meaning(block).service.is_none()
            && self.known.content_input(block).is_some_and(|input| block.required_inputs().any(|name| name == input));
        let only_reads = self.is(act, Class::Fetch)
            && ![Class::Store, Class::Make, Class::Change].iter().any(|class| self.is(act, *class));
        if self.known.serves(block, Class::Fetch) && (only_reads || !self.known.serves(block, Class::Store)) && !works {
            // "the weather and my Google Calendar events": those that the service has.
            let service = self.known.meaning(block).service.as_ref();
            let own =
                act.frame.objects.iter().find(|phrase| service.is_some_and(|name| phrase.services.contains(name)));
            let first =
                act.frame.objects.first().or_else(|| act.frame.arguments.first().map(|argument| &argument.phrase));
            let phrase = own.or(first);
            if let Some(phrase) = phrase {
                // "all the HubSpot contacts": nothing lists them.
                if let Some(service) = self.unreadable(act, phrase).filter(|_| phrase.plural) {
                    return self.unknown_service(act, &service, Part::Source);
                }
                let datum = self.read_with(block, act, phrase);
                self.watched(act, block, datum);
                for other in act.frame.objects.iter().filter(|other| other.span != phrase.span) {
                    if self.fetchable(act, other) {
                        self.fetch(act, other, &[]);
                    }
                }
                self.cover_frame(act);
                return;
            }
        }
        let each = act.phrases().any(|phrase| phrase.determiner == Determiner::Each || phrase.head.starts_with("each"))
            || block.required_inputs().any(|name| fill::id_key(name).is_some());
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
        // "log them": all that was read in several places.
        let them = act.frame.objects.iter().any(|phrase| {
            phrase.pronoun && matches!(phrase.head.as_str(), "them" | "all" | "both" | "these" | "those")
        });
        // "publish both": each of two texts by itself.
        let both = act.frame.objects.iter().any(|phrase| phrase.head == "both");
        // "save both in a document": one document, with both in it.
        let together = both && self.is(act, Class::Store) && self.known.content_input(block).is_some();
        let list = |at: &usize| {
            self.draft.data.get(*at).is_some_and(|datum| {
                let read = datum.flow.is_list() && !datum.made && !datum.single;
                read || both && datum.made && !datum.receipt && !self.is_media(*at)
            })
        };
        let lists: Vec<usize> = self.pending().into_iter().filter(list).collect();
        if !(them || both) || together || lists.len() < 2 || !self.known.serves(block, Class::Store) {
            return self.operate_with(act, block, each);
        }
        for at in lists {
            let Some(list) = self.draft.data.get(at).cloned() else { continue };
            self.take(at);
            self.draft.data.push(list);
            self.operate_with(act, block, each);
        }
    }

    /// "Delete duplicates from the tasks", "find the duplicates and delete them": whether a block that cannot be undone would
    /// take all of them, for no step knows by their ids which are meant.
    fn ends_others(&self, act: &Act<'r>, block: &Block) -> bool {
        let objects = &act.frame.objects;
        let meaning = self.known.meaning(block);
        if !matches!(meaning.action, Action::Delete | Action::Cancel) || objects.is_empty() {
            return false;
        }
        if objects.iter().any(|phrase| !phrase.pronoun) {
            return !objects.iter().any(|phrase| {
                let kind = names(phrase).iter().any(|noun| self.known.concerns(block, noun));
                phrase.pronoun || kind || self.refer(phrase).is_some()
            });
        }
        let read = self.draft.data.iter().rposition(|datum| !datum.made && datum.service == meaning.service);
        let told = |datum: &Datum| datum.made && !datum.receipt && !datum.used;
        let before = self.reading.clauses.iter().take(act.index).filter_map(|clause| clause.frame.as_ref());
        let twice = |phrase: &Phrase| REPEATS.iter().any(|word| phrase.head == word.trim_end_matches('s'));
        before.flat_map(|frame| &frame.objects).any(twice)
            || read.is_some_and(|read| self.draft.data.iter().skip(read + 1).any(told))
    }

    pub(in crate::plan) fn operate_with(&mut self, act: &Act<'r>, block: &'k Block, each: bool) {
        let (content, item) = match self.all_written(act, block).or_else(|| self.side_by_side(act, block)) {
            Some(record) => (Some(record), Some(record)),
            None if let Some(results) = self.results(act, block) => (Some(results), None),
            None => match self.text_with_picture(act, block) {
                Some(both) => (Some(both), None),
                None => self.content_for(act, block, each),
            },
        };
        // "put everything in a page": whatever there is went in.
        let all = act.frame.objects.iter().filter(|phrase| is_everything(phrase)).map(core);
        all.collect::<Vec<_>>().iter().for_each(|span| self.cover.close(span));
        self.operate_on(act, block, (content, item), each);
    }

    /// A step of `block` over what goes into it and the entry that it works on.
    pub(in crate::plan) fn operate_on(
        &mut self,
        act: &Act<'r>,
        block: &'k Block,
        (content, item): (Option<usize>, Option<usize>),
        each: bool,
    ) {
        let content = self.approved_unless_drafted(act, block, content);
        let mut given = Vec::new();
        let text = self.known.title_input(block).or(self.known.content_input(block));
        let placed = content.and_then(|datum| self.placed(block, datum));
        let whole = content.filter(|_| text.is_some() && placed.is_none());
        let titled = whole.and_then(|datum| self.titled(datum));
        if titled.is_none() && placed.is_none() {
            given.extend(self.entry_title(act, block, content));
        }
        let content_flow = match &titled {
            Some((title, body)) => {
                if let Some(name) = self.known.title_input(block) {
                    given.push((name.to_owned(), title.binding()));
                }
                Some(body.clone())
            }
            None if let Some((parts, rest)) = placed => {
                given.extend(parts);
                rest
            }
            None => content.and_then(|datum| self.take(datum)),
        };
        // The text of a task is its name; what is there describes it.
        let named = block.input_schema().properties.get("description").and(self.known.content_input(block));
        let named = named.filter(|_| self.known.title_input(block).is_none()).map(str::to_owned);
        let mut content_flow = content_flow;
        if let Some((input, name)) = named.and_then(|input| Some((input, self.name_given(act)?))) {
            given.push((input, Binding::Value(serde_json::json!(name))));
            if let Some(flow) = content_flow.take() {
                given.push(("description".to_owned(), self.draft.fit(&flow, Types::STRING).binding()));
            }
        }
        // "Label new issues with AI": what is to be labelled is no label.
        let raw = item.or(content).filter(|at| self.draft.data.get(*at).is_some_and(|datum| !datum.made));
        let labels =
            matches!(act.plain_lemma(), "label" | "tag") && block.required_inputs().any(|name| name == "label");
        if let Some(entry) = raw.filter(|_| labels && !given.iter().any(|(name, _)| name == "label")) {
            given.push(("label".to_owned(), self.label_of(act, Some(entry))));
            content_flow = None;
        }
        let title = self.subject(act, content);
        let to = self.drafted_to(act, block, item.or(content));
        let fill = Fill {
            given,
            to,
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
        // "an issue for each": of what no step tells apart.
        let apart = item.or(content).and_then(|at| self.draft.data.get(at)).is_none_or(|datum| datum.single);
        let per = act.arguments(&["for", "per"]).map(|argument| &argument.phrase);
        let per = per.into_iter().find(|phrase| phrase.determiner == Determiner::Each || phrase.head == "each");
        if let Some(phrase) = per.filter(|_| !apart) {
            let text = self.text(&phrase.span).to_owned();
            self.leave(&text, Reason::NotSupported, "one is made for all of them together, for they come as one text");
        }
        // The cells of a row are nothing to go on with.
        let cells = content.and_then(|datum| self.draft.data.get_mut(datum));
        if let Some(cells) = cells.filter(|datum| datum.nouns.first().is_some_and(|noun| noun == "values")) {
            cells.receipt = true;
        }
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
        // "to my expenses sheet": whatever the person calls it.
        let kept = |phrase: &&Phrase| matches!(phrase.head.as_str(), "spreadsheet" | "sheet" | "table" | "database");
        let places: Vec<_> = act.places().into_iter().filter(kept).map(core).collect();
        if self.known.serves(block, Class::Store) {
            places.iter().for_each(|span| self.cover.add(span));
        }
    }
}

/// What a service works on when the goal only names the service: "add it to Airtable".
pub(in crate::plan) fn default_objects(service: &str, class: Class) -> Vec<String> {
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
