//! Plain operations on what is there: they are meant only if a goal asks for exactly that ("split the text at commas"),
//! never because a block happens to work on texts.

use serde_json::json;

use crate::{
    catalogue::Block,
    knowledge::{Class, Tool},
    plan::{
        clauses::act::{Act, names},
        model::Binding,
        steps::{
            build::{Builder, Part, Unserved},
            choose::{Want, choose},
            draft::AskKind,
            fill::Fill,
        },
        wording::media,
    },
    reading::{Determiner, Phrase, TokenKind, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// Builds the step of a block that the act asks for by its own words.
    pub(in crate::plan) fn uses_tool(&mut self, act: &Act<'r>) -> bool {
        let (full, plain) = (act.lemma(), act.plain_lemma());
        // "a playlist from the songs": no song is made.
        let made = act.frame.objects.iter().chain(act.arguments(&["into", "as"]).map(|argument| &argument.phrase));
        let made = made.filter(|phrase| !phrase.pronoun && self.known.composes(plain));
        let made: Vec<String> = made.flat_map(names).collect();
        // "Transcribe it": what it is tells which tool.
        let it = act.phrases().filter(|phrase| phrase.pronoun).find_map(|phrase| self.refer(phrase));
        let it_is = it.and_then(|it| self.draft.data.get(it)).map(|datum| datum.nouns.clone());
        let nouns = match made.is_empty() {
            true => act.phrases().flat_map(names).chain(it_is.unwrap_or_default()).collect(),
            false => made,
        };
        let known = self.known;
        let tool = known.tools().iter().find(|tool| {
            let asked = tool.verbs.contains(full.as_str()) || tool.verbs.contains(plain);
            asked && (tool.nouns.is_empty() || nouns.iter().any(|noun| tool.nouns.contains(noun)))
        });
        let Some((tool, block)) = tool.and_then(|tool| Some((tool, known.catalogue.by_name(&tool.block)?))) else {
            return false;
        };
        if media::is_medium(act.frame.objects.first().map_or("", |object| &object.head)) {
            self.leave_maker(act, block);
        }
        let mut given = self.said_values(act, tool);
        given.extend(tool.set.iter().map(|(input, value)| (input.clone(), Binding::Value(value.clone()))));
        for (input, label) in &tool.ask {
            let there = act.phrases().find_map(|phrase| self.refer(phrase)).and_then(|datum| self.take(datum));
            let flow = there.unwrap_or_else(|| self.draft.ask(label, "", AskKind::Text, None));
            given.push((input.clone(), flow.binding()));
        }
        let object = act.frame.objects.first();
        let prompts = block.input_schema().properties.get("prompt").is_some();
        let there = act.phrases().find_map(|phrase| self.refer(phrase)).or_else(|| {
            let works = known.content_input(block).is_some();
            let reads = |phrase: &Phrase| {
                !phrase.pronoun && self.source_of(act, phrase, &[]).is_some_and(|source| source.block.id != block.id)
            };
            let source = act.phrases().find(|phrase| !prompts && phrase.values.is_empty() && works && reads(phrase));
            let read = source.and_then(|phrase| self.fetch(act, phrase, &[]));
            let new = |phrase: &Phrase| phrase.determiner == Determiner::Some || !phrase.values.is_empty();
            let latest = |builder: &Self| builder.latest().filter(|_| !object.is_some_and(new));
            read.or_else(|| latest(self)).or_else(|| self.text_to_draw(act, block))
        });
        // "illustrate it": a picture of what was written.
        if let (true, Some(datum), true) = (prompts, there, given.is_empty()) {
            self.draft.told.extend(self.draft.data.get(datum).map(|datum| datum.flow.step));
            self.make_medium(act, block, &[datum]);
            return true;
        }
        let content = there.and_then(|datum| self.take(datum));
        let says = act.instruction();
        let prompts = prompts && content.is_none();
        if prompts {
            given.push(("prompt".to_owned(), Binding::Value(json!(says))));
        }
        let fill = Fill { act: Some(*act), phrase: object, content, given, says, ..Fill::default() };
        let step = self.apply(block, fill);
        // "Screenshot the page": a screenshot.
        let made = tool.nouns.contains(plain).then(|| plain.to_owned());
        let into = act.arguments(&["into", "to", "as"]).map(|argument| &argument.phrase);
        let called = into.chain(object).filter(|phrase| !phrase.pronoun).flat_map(names);
        let nouns: Vec<String> = made.into_iter().chain(called).chain(self.kinds_of(block)).collect();
        let scope = self.scope;
        if let Some(datum) = self.draft.gives(step, &nouns, None)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.made = true;
            datum.under = scope;
        }
        if prompts {
            self.cover.add(&act.clause.span);
        } else {
            self.cover_frame(act);
        }
        self.done += 1;
        true
    }

    /// What a language model would do, done by the block that says so where the catalogue has no such model.
    pub(in crate::plan) fn think_by_block(&mut self, act: &Act<'r>, data: &[usize]) {
        let said = act.lemma();
        let lemma = self.known.usual_verb(&said);
        let mut nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        nouns.push("text".to_owned());
        let says = |block: &&'k Block| self.known.meaning(block).verbs.iter().any(|verb| verb == lemma);
        let fits = [Class::Think, Class::Change].into_iter().flat_map(|class| {
            let want = Want { lemma, class, nouns: &nouns, service: None, many: false };
            choose(self.known, &want)
        });
        let Some(block) = fits.map(|(block, _)| block).find(says) else {
            let text = act.text().to_owned();
            return self.unserved.push(Unserved { text, what: None, kind: Part::Work, span: act.clause.span.clone() });
        };
        let content = data.last().copied().and_then(|datum| self.take(datum));
        let fill = Fill {
            act: Some(*act),
            phrase: act.frame.objects.first(),
            content,
            says: act.instruction(),
            name: Some(self.think_title(act)),
            ..Fill::default()
        };
        let step = self.apply(block, fill);
        self.made(step, nouns, None, data);
        self.cover.add(&act.clause.span);
        self.done += 1;
    }

    /// The values that the act says, for the inputs that take them in this order.
    fn said_values(&mut self, act: &Act<'r>, tool: &Tool) -> Vec<(String, Binding)> {
        let reading = self.reading;
        let known = self.known;
        let tokens = act.clause.span.clone().filter_map(|at| Some((at, &reading.tokens.get(at)?.kind)));
        let values = tokens.filter_map(|(at, kind)| match kind {
            TokenKind::Value(Value::Quoted(text)) => Some((at, text.as_str())),
            TokenKind::Word(word) => Some((at, known.sign(word)?)),
            _ => None,
        });
        let given: Vec<(&String, (usize, &str))> = tool.values.iter().zip(values).collect();
        given.iter().for_each(|(_, (at, _))| self.cover.add(&(*at..*at + 1)));
        given.into_iter().map(|(input, (_, text))| (input.clone(), Binding::Value(json!(text)))).collect()
    }
}
