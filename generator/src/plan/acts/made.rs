//! What is done with a thing that a step before has made: "create an issue and assign it to octocat", "embed the chunks and
//! store them".

use serde_json::json;

use crate::{
    catalogue::{Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::Act,
        model::{Binding, Reason},
        steps::{
            build::Builder,
            choose::{Want, best, choose},
            draft::{AskKind, Datum, Flow},
            fill::Fill,
        },
    },
    reading::{Phrase, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Assign it to octocat": the issue that was made just now, by the address that its step gives.
    pub(in crate::plan) fn changes_made(&mut self, act: &Act<'r>) -> bool {
        let them = !act.frame.objects.is_empty() && act.frame.objects.iter().all(|phrase| phrase.pronoun);
        let changes = self.is(act, Class::Change) && !self.is(act, Class::Fetch) && !self.is(act, Class::Store);
        if !(them && changes && act.services().is_empty()) {
            return false;
        }
        let Some(made) = self.draft.data.last().filter(|datum| datum.receipt).cloned() else { return false };
        let lemma = act.lemma();
        let want = Want {
            lemma: &lemma,
            class: Class::Change,
            nouns: &made.nouns,
            service: made.service.as_deref(),
            many: false,
        };
        let own = |block: &&Block| self.known.meaning(block).verbs.contains(&lemma) && !block.trigger;
        let Some(block) = best(self.known, &want).filter(own).filter(|_| made.service.is_some()) else { return false };
        let Some((input, output)) = self.handle_of(block, made.flow.step) else { return false };
        let given = vec![(input, self.draft.flow(made.flow.step, output).binding())];
        let fill = Fill { given, act: Some(*act), says: act.instruction(), ..Fill::default() };
        let step = self.apply(block, fill);
        self.receipt(step, &made.nouns);
        self.done += 1;
        self.delivered += 1;
        self.cover_frame(act);
        true
    }

    /// "Summarise each article and assess its relevance. The results are stored …": all that was made of it, as one text.
    pub(in crate::plan) fn results(&mut self, act: &Act<'r>, block: &Block) -> Option<usize> {
        let named = |phrase: &Phrase| phrase.plural && matches!(phrase.head.as_str(), "result" | "finding" | "output");
        let bare = |phrase: &Phrase| phrase.modifiers.is_empty() && phrase.tail.is_none() && phrase.services.is_empty();
        let all = matches!(act.frame.objects.as_slice(), [only] if named(only) && bare(only));
        (all && self.is(act, Class::Store) && self.known.content_input(block).is_some()).then_some(())?;
        let text = |at: &usize| {
            let text = |datum: &Datum| datum.made && !datum.receipt && !datum.flow.is_list();
            self.draft.data.get(*at).is_some_and(text) && !self.is_media(*at)
        };
        let made: Vec<usize> = (0..self.draft.data.len()).filter(text).filter(|at| self.is_there_now(*at)).collect();
        (made.len() > 1).then(|| self.as_one(&made))
    }

    fn is_there_now(&self, at: usize) -> bool {
        self.draft.data.get(at).is_some_and(|datum| self.is_there(datum))
    }

    /// The input of a block that says what it works on, and the output of a step that names it.
    fn handle_of(&self, block: &Block, step: usize) -> Option<(String, &'static str)> {
        let maker = self.draft.block(step)?;
        let handle =
            |name: &str| ["url", "id"].into_iter().find(|end| name == *end || name.ends_with(&format!("_{end}")));
        block.required_inputs().filter(|name| !block.is_credential(name)).find_map(|name| {
            let output = handle(name).filter(|output| maker.output_type(output).is_some())?;
            Some((name.to_owned(), output))
        })
    }

    /// "Find tweets and like them": each by the id that its reader gives beside the texts.
    pub(in crate::plan) fn marks_read(&mut self, act: &Act<'r>) -> bool {
        let lemma = act.lemma();
        let read = |datum: &Datum| {
            let step = self.draft.block(datum.flow.step);
            let ids =
                step.and_then(|block| ["tweet_ids", "ids"].into_iter().find(|ids| block.output_type(ids).is_some()));
            Some((datum.flow.step, ids.filter(|_| !datum.made && !datum.receipt)?, datum.service.clone()?))
        };
        let Some((at, (step, ids, service))) =
            self.draft.data.iter().enumerate().rev().find_map(|(at, datum)| Some((at, read(datum)?)))
        else {
            return false;
        };
        let nouns = ["tweet".to_owned()];
        let want = Want { lemma: &lemma, class: Class::Change, nouns: &nouns, service: Some(&service), many: false };
        let one = |block: &&Block| {
            let needs = block.required_inputs().filter(|name| !block.is_credential(name));
            // "Save the result in a document" bookmarks nothing.
            let verb = self.known.meaning(block).verbs.first();
            needs.eq(["tweet_id"]) && verb == Some(&lemma) && act.frame.arguments.is_empty()
        };
        let found = choose(self.known, &want).into_iter().map(|(block, _)| block).find(one);
        let Some(block) = found.filter(|_| !act.frame.objects.is_empty()) else { return false };
        let them = act.frame.objects.iter().all(|phrase| phrase.pronoun);
        let picked = self.draft.data.iter().skip(at + 1).any(|datum| datum.made);
        self.done += 1;
        self.cover.add(&act.clause.span);
        if picked || !them {
            self.leave(act.text(), Reason::NotSupported, "no step knows by their ids which of them are meant");
            return true;
        }
        let list = self.draft.flow(step, ids);
        let id = self.draft.one_by_one(&list);
        let given = vec![("tweet_id".to_owned(), id.binding())];
        let step = self.apply(block, Fill { given, act: Some(*act), says: act.instruction(), ..Fill::default() });
        self.receipt(step, &nouns);
        self.delivered += 1;
        true
    }

    /// "Store the chunks in Pinecone": an index takes the vectors beside the texts, whoever makes them.
    pub(in crate::plan) fn keeps_vectors(&mut self, act: &Act<'r>, block: &'k Block) -> bool {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (Some(index), Some(embed)) = (by("PineconeInitBlock"), by("JinaEmbeddingBlock")) else { return false };
        if block.name != "PineconeInsertBlock" {
            return false;
        }
        let made = self.draft.data.iter().filter(|datum| !datum.receipt).map(|datum| datum.flow.step);
        let vectors = made.into_iter().rfind(|step| self.draft.step(*step).is_some_and(|step| step.block == embed.id));
        let texts = match vectors {
            Some(step) => self.draft.step(step).and_then(|step| match step.binding("texts")? {
                Binding::From { step, output } => Some(self.draft.flow(*step, output)),
                Binding::Value(_) => None,
            }),
            None => self.latest().and_then(|latest| self.take(latest)).map(|flow| self.pieces(&flow)),
        };
        let Some(texts) = texts else { return false };
        let name = act.values().find_map(|(at, value)| match value {
            Value::Quoted(text) => Some((at, text.clone())),
            _ => None,
        });
        let says = "Prepare the index in Pinecone";
        let index = match name {
            Some((at, name)) => {
                self.cover.add(&(at..at + 1));
                self.step_of(index, says, &[("index_name", json!(name))], &[])
            }
            None => {
                let asked = self.draft.ask("Index name", "", AskKind::Text, None);
                self.step_of(index, says, &[], &[("index_name", asked)])
            }
        };
        let says = "Turn the texts into vectors with Jina";
        let vectors = vectors.unwrap_or_else(|| self.step_of(embed, says, &[], &[("texts", texts.clone())]));
        let flows = [
            ("index", self.draft.flow(index, "index")),
            ("chunks", texts),
            ("embeddings", self.draft.flow(vectors, "embeddings")),
        ];
        let step = self.step_of(block, &act.instruction(), &[], &flows);
        for datum in self.draft.data.iter_mut().filter(|datum| datum.flow.step == vectors) {
            datum.used = true;
        }
        self.record_receipt(step, act);
        true
    }

    /// A list of texts as it is, anything else as the only text of one.
    fn pieces(&mut self, flow: &Flow) -> Flow {
        if flow.is_list() && flow.fields.is_empty() {
            return flow.clone();
        }
        let text = self.draft.fit(flow, Types::STRING);
        self.draft.fit(&text, Types::ARRAY)
    }
}
