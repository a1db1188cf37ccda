//! Makes pictures, sound and other media of what is there.

use serde_json::json;

use super::{
    act::{Act, names},
    build::Builder,
    draft::Flow,
    know::{Class, is_text_model},
    model::Binding,
};
use crate::{catalogue::schema::Types, reading::Determiner};

impl<'k, 'r> Builder<'k, 'r> {
    /// A text was written that is worth having by itself.
    pub(super) fn makes_text(&self) -> bool {
        self.draft.data.iter().any(|datum| datum.made && datum.nouns.iter().any(|noun| self.known.is_product(noun)))
    }

    pub(super) fn medium(&self, act: &Act<'r>) -> Option<&'k crate::catalogue::Block> {
        let turns = matches!(act.plain_lemma(), "turn" | "convert" | "transform" | "make" | "render");
        let turned = act.arguments(&["into", "to", "as"]).map(|argument| &argument.phrase).filter(|_| turns);
        let nouns: Vec<String> = act.frame.objects.iter().chain(turned).flat_map(names).collect();
        let lemma = act.lemma();
        // "make it look like an oil painting": the picture that is there.
        let shown = act
            .frame
            .objects
            .iter()
            .chain(&act.frame.recipients)
            .chain(&act.frame.subject)
            .filter(|phrase| phrase.pronoun || matches!(phrase.determiner, Determiner::The))
            .find_map(|phrase| self.refer(phrase));
        let picture = shown.and_then(|at| self.draft.data.get(at)).is_some_and(|datum| {
            datum.nouns.iter().take(3).any(|noun| matches!(noun.as_str(), "image" | "photo" | "picture"))
        });
        if picture
            && matches!(
                act.plain_lemma(),
                "make"
                    | "turn"
                    | "edit"
                    | "change"
                    | "restyle"
                    | "transform"
                    | "convert"
                    | "crop"
                    | "colour"
                    | "retouch"
                    | "brighten"
                    | "remove"
                    | "add"
            )
        {
            return self.known.catalogue.by_name("AIImageEditorBlock");
        }
        let want =
            super::choose::Want { lemma: &lemma, class: Class::Think, nouns: &nouns, service: None, many: false };
        if !nouns.iter().any(|noun| is_medium(noun)) {
            return None;
        }
        super::choose::choose(self.known, &want).into_iter().map(|(block, _)| block).find(|block| {
            let meaning = self.known.meaning(block);
            let makes = matches!(
                meaning.action,
                crate::catalogue::Action::Generate
                    | crate::catalogue::Action::Create
                    | crate::catalogue::Action::Convert
            );
            let said = meaning.verbs.iter().any(|verb| *verb == lemma || verb == act.plain_lemma());
            let composed = makes && self.known.composes(&lemma);
            if !composed && !said && !lemma.is_empty() {
                return false;
            }
            let action = self.known.meaning(block).action;
            // What is edited has to be there.
            let edits = matches!(
                action,
                crate::catalogue::Action::Transform | crate::catalogue::Action::Update | crate::catalogue::Action::Add
            );
            !(is_text_model(block) || block.trigger || edits && self.known.composes(&lemma))
        })
    }

    pub(super) fn make_medium(&mut self, act: &Act<'r>, block: &'k crate::catalogue::Block, content: Option<Flow>) {
        let mut given = Vec::new();
        let words = act.instruction();
        // A picture goes in as one, not into the words.
        let inputs: Vec<&str> = block.input_schema().properties.iter().map(|(name, _)| name).collect();
        let shown = inputs
            .iter()
            .find(|name| matches!(**name, "input_image" | "images" | "image" | "video_in" | "input_media_urls"));
        let picture = content.as_ref().is_some_and(|flow| {
            self.draft.data.iter().any(|datum| {
                datum.flow.step == flow.step
                    && datum.flow.output == flow.output
                    && datum
                        .nouns
                        .iter()
                        .take(3)
                        .any(|noun| matches!(noun.as_str(), "image" | "photo" | "picture" | "video" | "file"))
            })
        });
        let mut content = content;
        if let (Some(name), true) = (shown, picture)
            && let Some(flow) = content.take()
        {
            let types = block.input_type(name).unwrap_or(Types::ANY);
            given.push(((*name).to_owned(), self.draft.fit(&flow, types).binding()));
        }
        if block.input_schema().properties.get("prompt").is_some() {
            let prompt = match &content {
                Some(flow) => {
                    let text = self.draft.fit(flow, Types::STRING);
                    self.draft
                        .fill_in(
                            std::slice::from_ref(&text),
                            &format!("{words}.\n\n{{{{{}}}}}", text.name),
                            "Say what to make of the {}",
                        )
                        .binding()
                }
                None => Binding::Value(json!(words)),
            };
            given.push(("prompt".to_owned(), prompt));
        }
        let fill = super::fill::Fill {
            act: Some(*act),
            phrase: act.frame.objects.first(),
            content,
            given,
            says: words,
            ..Default::default()
        };
        let step = self.apply(block, fill);
        let nouns: Vec<String> = act.frame.objects.iter().flat_map(names).collect();
        if let Some(datum) = self.draft.gives(step, &nouns, None) {
            let scope = self.scope;
            if let Some(datum) = self.draft.data.get_mut(datum) {
                datum.made = true;
                datum.under = scope;
            }
        }
        self.cover.add(&act.clause.span);
        self.done += 1;
    }
}

/// A picture, a sound or a film.
pub(super) fn is_medium(noun: &str) -> bool {
    MEDIA.iter().any(|word| noun.ends_with(word))
}

const MEDIA: [&str; 19] = [
    "image",
    "picture",
    "photo",
    "illustration",
    "song",
    "music",
    "video",
    "voice",
    "audio",
    "speech",
    "logo",
    "reel",
    "clip",
    "narration",
    "thumbnail",
    "mp3",
    "voice-over",
    "voice over",
    "voiceover",
];
