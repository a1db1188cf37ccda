//! "When somebody mentions our product on Reddit": the places are searched for it, again and again.

use serde_json::json;

use crate::{
    catalogue::{Action, Block},
    plan::{
        clauses::act::Act,
        model::Binding,
        steps::{
            build::Builder,
            draft::{AskKind, Flow},
            fill::Fill,
        },
    },
    reading::{Determiner, Phrase, Role, Span, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Searches for what the event says that somebody speaks of. Returns what was found.
    pub(in crate::plan) fn mentions(&mut self, act: &Act<'r>) -> Option<usize> {
        let speaks = matches!(act.plain_lemma(), "mention" | "talk" | "discuss" | "name");
        let own = |phrase: &&Phrase| {
            let handle = |at: &usize| {
                matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Handle(_)))
            };
            let called = act.clause.role == Role::Trigger || !phrase.values.iter().any(handle);
            !phrase.pronoun && !self.known.is_person(&phrase.head) && called
        };
        let about = act.arguments(&["about", "of"]).map(|argument| &argument.phrase);
        let subject = act.frame.subject.iter().filter(|_| act.frame.passive);
        let what = act.frame.objects.iter().chain(about).chain(subject).find(own).filter(|_| speaks)?;
        let services = act.services();
        // In a chat a message comes by itself.
        let chats = |service: &&str| {
            let channel = self.known.channel(service);
            channel.is_some_and(|block| self.known.meaning(block).action == Action::Send)
        };
        if services.is_empty() || services.iter().any(chats) {
            return None;
        }
        let words = self.sought_words(what);
        let search = services.first().and_then(|service| self.searcher(service)).filter(|_| services.len() == 1);
        let places = services.join(" OR ");
        let block = search.or_else(|| self.known.catalogue.by_name("SearchTheWebBlock"))?;
        let on = if search.is_some() { String::new() } else { format!(" {places}") };
        let query = match words {
            Sought::Said(words) => Binding::Value(json!(format!("{words}{on}"))),
            Sought::Asked(flow) if on.is_empty() => flow.binding(),
            Sought::Asked(flow) => {
                let format = format!("{{{{{}}}}}{on}", flow.name);
                self.draft.fill_in(&[flow], &format, "Say what to look for").binding()
            }
        };
        let says = crate::plan::clauses::act::sentence(&format!("Search {} for mentions", services.join(" and ")));
        let given = vec![("query".to_owned(), query)];
        let step = self.apply(block, Fill { act: Some(*act), says, given, ..Fill::default() });
        self.cover.close(&act.clause.span);
        self.done += 1;
        self.draft.gives(step, &["mention".to_owned()], None)
    }

    /// "my project's name": words that people write, whatever they are.
    pub(in crate::plan) fn is_spoken_word(&self, phrase: &Phrase) -> bool {
        let written = |word: &str| matches!(word, "name" | "term" | "topic" | "hashtag" | "phrase");
        let owned = phrase.modifiers.is_empty() || phrase.determiner == Determiner::Mine;
        owned && phrase.head.rsplit(' ').next().is_some_and(written)
    }

    /// The block that searches what is written on a service.
    pub(in crate::plan) fn searcher(&self, service: &str) -> Option<&'k Block> {
        let catalogue = &self.known.catalogue;
        let blocks = catalogue.blocks_of(service).iter().filter_map(|at| catalogue.blocks().get(*at));
        blocks.filter(|block| !block.trigger).find(|block| {
            let meaning = self.known.meaning(block);
            let posts = |object: &String| matches!(object.rsplit(' ').next(), Some("post" | "tweet" | "discussion"));
            meaning.action == Action::Search
                && meaning.objects.iter().any(posts)
                && block.required_inputs().any(|name| name == "query")
        })
    }

    /// The words to look for: those in quotation marks, those that the goal calls keywords, its name, else asked for.
    fn sought_words(&mut self, what: &Phrase) -> Sought {
        let quoted = |span: Span| -> Vec<(usize, String)> {
            let text = |at: usize| match self.reading.tokens.get(at)?.value() {
                Some(Value::Quoted(text)) => Some((at, format!("\"{text}\""))),
                _ => None,
            };
            span.filter_map(text).collect()
        };
        let own = quoted(what.span.clone());
        let keywords = || {
            let told =
                self.reading.clauses.iter().filter(|clause| matches!(clause.role, Role::Value | Role::Background));
            told.flat_map(|clause| quoted(clause.span.clone())).collect::<Vec<_>>()
        };
        let found = if own.is_empty() { keywords() } else { own };
        if !found.is_empty() {
            found.iter().for_each(|(at, _)| self.cover.close(&(*at..*at + 1)));
            self.cover_labels(&found);
            return Sought::Said(found.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" OR "));
        }
        let handle =
            what.values.iter().copied().find(|at| {
                matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Handle(_)))
            });
        if let Some(handle) = handle {
            return Sought::Said(self.text(&(handle..handle + 1)).to_owned());
        }
        let bare = matches!(what.determiner, Determiner::Mine | Determiner::The | Determiner::Some);
        if bare && what.services.iter().all(|service| self.known.has_service(service) || self.known.is_passive(service))
        {
            let label = format!("{} to look for", self.name_of(what));
            return Sought::Asked(self.draft.ask(&label, "As people write it", AskKind::Text, None));
        }
        Sought::Said(self.text(&what.span).to_owned())
    }

    /// "Keywords:" says no more than that these are the words.
    fn cover_labels(&mut self, found: &[(usize, String)]) {
        let near = |span: &Span| found.iter().any(|(at, _)| (span.start..span.end + 2).contains(at));
        let labels = self.reading.clauses.iter().filter(|clause| clause.role == Role::Value && near(&clause.span));
        let spans: Vec<Span> = labels.map(|clause| clause.span.clone()).collect();
        spans.iter().for_each(|span| self.cover.close(span));
    }
}

/// What a search looks for.
enum Sought {
    Said(String),
    Asked(Flow),
}
