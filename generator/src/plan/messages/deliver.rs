//! Hands data to a channel: as text, or as a file.

use serde_json::json;

use crate::{
    catalogue::{Action, Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::act::Act,
        model::{Binding, Reason},
        steps::{
            build::Builder,
            choose::{Want, choose},
            draft::{Datum, Flow},
            fill::Fill,
        },
        wording::media,
    },
    reading::Phrase,
};

/// Texts that are published with their picture.
const POSTS: [&str; 8] = ["post", "article", "newsletter", "tweet", "thread", "press release", "story", "announcement"];

impl<'k, 'r> Builder<'k, 'r> {
    /// The input of a channel that takes pictures or films.
    pub(in crate::plan) fn media_input(&self, block: &Block) -> Option<String> {
        let names = block.input_schema().properties.iter().map(|(name, _)| name);
        names
            .into_iter()
            .find(|name| {
                matches!(*name, "media_urls" | "media" | "image_url" | "photo" | "images" | "audio" | "video" | "file")
            })
            .map(str::to_owned)
    }

    /// The block of the same service that sends a picture, a film or a recording as such.
    pub(in crate::plan) fn sender_of(&self, block: &'k Block, index: usize) -> Option<&'k Block> {
        let service = self.known.meaning(block).service.as_deref()?;
        let nouns = &self.draft.data.get(index)?.nouns;
        let heads: Vec<String> =
            nouns.iter().take(4).map(|noun| noun.rsplit(' ').next().unwrap_or(noun).to_owned()).collect();
        let want = Want { lemma: "send", class: Class::Tell, nouns: &heads, service: Some(service), many: false };
        // A tweet with a picture is a post on X.
        if service == "Twitter" && self.media_input(block).is_none() {
            return self.known.catalogue.by_name("PostToXBlock").filter(|other| self.media_input(other).is_some());
        }
        choose(self.known, &want).into_iter().map(|(block, _)| block).find(|other| {
            !other.trigger
                && self.media_input(other).is_some()
                && heads.iter().any(|head| self.known.meaning(other).objects.contains(head))
        })
    }

    pub(in crate::plan) fn is_media(&self, index: usize) -> bool {
        self.draft.data.get(index).is_some_and(|datum| {
            let screenshot = |noun: &String| noun.ends_with("screenshot") || noun.ends_with("graphic");
            // Entries about films and what is said in one are no films, and no language model makes one.
            let model = [
                "AITextGeneratorBlock",
                "AITextSummarizerBlock",
                "AIStructuredResponseGeneratorBlock",
                "TranscribeYoutubeVideoBlock",
            ];
            let written = self.draft.block(datum.flow.step).is_some_and(|block| model.contains(&block.name.as_str()));
            datum.flow.fields.is_empty()
                && !written
                && datum.nouns.iter().take(3).any(|noun| media::is_medium(noun) || screenshot(noun))
        })
    }

    /// "post it to Instagram with a short caption": the picture beside the words.
    pub(in crate::plan) fn deliver_media(
        &mut self,
        act: &Act<'r>,
        block: &'k Block,
        place: Option<&'r Phrase>,
        index: usize,
        input: &str,
    ) {
        let Some(picture) = self.take(index) else { return };
        let types = block.input_type(input).unwrap_or(Types::ANY);
        let media = self.draft.fit(&picture, types).binding();
        let said = act
            .phrases()
            .any(|phrase| self.is_product(act, phrase) || phrase.head.contains("caption") || phrase.head == "text");
        // "The caption should contain …": said in a sentence of its own.
        let told = self.next_acts(act).find(|next| {
            let subject = next.frame.subject.as_ref();
            subject.is_some_and(|subject| matches!(subject.head.as_str(), "caption" | "description" | "text"))
        });
        let said = said || told.is_some();
        let written = self
            .draft
            .data
            .iter()
            .rposition(|datum| datum.made && datum.nouns.iter().any(|noun| noun.contains("caption")));
        // "write a post, draw a picture for it and publish it": the words and the picture.
        let post =
            |datum: &Datum| datum.made && datum.nouns.iter().any(|noun| POSTS.iter().any(|post| noun.ends_with(post)));
        let written = written.or_else(|| self.draft.data.iter().rposition(post));
        let both = act.frame.objects.iter().any(|phrase| matches!(phrase.head.as_str(), "both" | "all" | "everything"));
        let text = |at: &usize| {
            *at != index && self.draft.data.get(*at).is_some_and(|datum| datum.made) && !self.is_media(*at)
        };
        let written = written.or_else(|| (0..self.draft.data.len()).rev().find(text).filter(|_| both));
        let content = match (written, said) {
            (Some(written), _) => self.take(written),
            (None, true) => {
                let mut words = format!("Write the words for this: {}", act.instruction());
                if let Some(told) = told {
                    words = format!("{words}. {}", self.text(&told.clause.span));
                    self.pass_over(told.index);
                    self.cover.close(&told.clause.span);
                }
                let manners = self.manners(act);
                // What it shows stands in the text that it was made of, not at its address.
                let shown = self.origin(index).unwrap_or(index);
                let step = self.ask_model(act, &words, &manners, &[shown], None);
                self.made(step, vec!["caption".to_owned()], None, &[shown]);
                self.take(self.draft.data.len() - 1)
            }
            // "Draw a picture for each post of the feed and share both": the post that it was drawn for.
            (None, false) => self.origin(index).filter(|_| both).and_then(|entry| self.take(entry)),
        };
        let title = self.subject(act, Some(index));
        let mut given = vec![(input.to_owned(), media)];
        if let (None, Some(name)) = (&content, self.known.content_input(block)) {
            given.push((name.to_owned(), Binding::Value(json!(title))));
        }
        let says = self.says_told(act, block, place);
        let fill = Fill { act: Some(*act), phrase: place, content, title: Some(title), given, says, ..Fill::default() };
        let step = self.apply(block, fill);
        self.sent(step);
        self.cover.add(&act.clause.span);
    }

    /// One message over one channel.
    pub(in crate::plan) fn deliver(
        &mut self,
        act: &Act<'r>,
        block: &'k Block,
        place: Option<&'r Phrase>,
        content: Option<usize>,
        flow: Option<Flow>,
    ) {
        // "schedule a post for the next day": it goes out at once.
        let later = act.plain_lemma() == "schedule"
            && self
                .reading
                .schedule
                .as_ref()
                .is_none_or(|schedule| !schedule.spans.iter().any(|span| act.clause.span.contains(&span.start)));
        if later {
            let at = act.arguments(&["for", "at", "on"]).map(|argument| argument.phrase.span.clone());
            let at = at.chain(act.frame.objects.iter().filter_map(|phrase| phrase.tail.clone())).next();
            let text = at.map_or(act.text(), |span| self.text(&span)).to_owned();
            self.leave(&text, Reason::NotSupported, "it goes out when the agent runs, not at another time");
        }
        // "Upload a PDF and mail it": a message holds what stands in the file.
        let file = |at: &usize| {
            let step = self.draft.data.get(*at).map(|datum| datum.flow.step);
            step.and_then(|step| self.draft.block(step)).is_some_and(|block| block.name == "AgentFileInputBlock")
        };
        let (content, flow) = match content.filter(file).filter(|_| self.media_input(block).is_none()) {
            Some(at) => {
                let read = self.in_full(at);
                (Some(read), self.take(read).or(flow))
            }
            None => (content, flow),
        };
        let to = self.address_of(act, content, block);
        let title = self.subject(act, content);
        let says = self.says_told(act, block, place);
        let mut given = Vec::new();
        if self.known.meaning(block).action == Action::Publish {
            given.extend(self.entry_title(act, block, content));
        }
        if let (Some(name), Some(flow)) = (self.known.content_input(block), &flow)
            && flow.step == usize::MAX
        {
            given.push((name.to_owned(), Binding::Value(json!(flow.output))));
        }
        let flow = flow.filter(|flow| flow.step != usize::MAX);
        let fill = Fill {
            act: Some(*act),
            phrase: place,
            content: flow,
            title: Some(title),
            to,
            given,
            says,
            ..Fill::default()
        };
        let step = self.apply(block, fill);
        self.sent(step);
    }

    /// What `step` gives only says that it was sent.
    fn sent(&mut self, step: usize) {
        if let Some(datum) = self.draft.gives(step, &[], None) {
            let scope = self.scope;
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.receipt = true;
                datum.under = scope;
                datum.nouns.insert(0, "status".to_owned());
            }
        }
        self.done += 1;
        self.delivered += 1;
    }
}
