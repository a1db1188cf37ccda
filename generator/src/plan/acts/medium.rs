//! Makes pictures, sound and other media of what is there.

use serde_json::json;

use crate::{
    catalogue::schema::Types,
    knowledge::{Class, is_text_model},
    plan::{
        clauses::act::{Act, names},
        model::{Binding, Reason},
        steps::{
            build::Builder,
            choose::{self, Want},
            draft::{Datum, Flow, once},
            fill::Fill,
        },
        wording::media::{is_medium, is_picture},
    },
    reading::{Determiner, Phrase},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// A text was written that is worth having by itself.
    pub(in crate::plan) fn makes_text(&self) -> bool {
        self.draft.data.iter().any(|datum| datum.made && datum.nouns.iter().any(|noun| self.known.is_product(noun)))
    }

    /// "Read it aloud", "narrate the script"
    pub(in crate::plan) fn reads_aloud(&self, act: &Act<'r>) -> bool {
        let aloud = act
            .clause
            .span
            .clone()
            .any(|at| matches!(self.reading.tokens.get(at).and_then(|token| token.word()), Some("aloud" | "loud")));
        // "read it to me"
        let heard = || {
            let me = |phrase: &&Phrase| matches!(phrase.head.as_str(), "me" | "us");
            act.frame
                .recipients
                .iter()
                .chain(act.arguments(&["to"]).map(|argument| &argument.phrase))
                .any(|phrase| me(&phrase))
        };
        // "read by a calm voice"
        let voice = || act.arguments(&["by", "with", "in"]).any(|argument| argument.phrase.head.ends_with("voice"));
        act.plain_lemma() == "read" && (aloud || heard() || voice())
            || matches!(act.plain_lemma(), "narrate" | "speak")
            || act.lemma() == "read out"
    }

    pub(in crate::plan) fn medium(&self, act: &Act<'r>) -> Option<&'k crate::catalogue::Block> {
        if self.reads_aloud(act) {
            return self.known.catalogue.by_name("UnrealTextToSpeechBlock");
        }
        let turns = matches!(act.plain_lemma(), "turn" | "convert" | "transform" | "make" | "render");
        // "Turn the video into a post": a text.
        let mut into = act.arguments(&["into", "to", "as"]).filter(|_| turns).peekable();
        if into.peek().is_some() && !into.any(|argument| names(&argument.phrase).iter().any(|name| is_medium(name))) {
            return None;
        }
        let turned = act.arguments(&["into", "to", "as"]).map(|argument| &argument.phrase).filter(|_| turns);
        let mut nouns: Vec<String> = act.frame.objects.iter().chain(turned).flat_map(names).collect();
        // "a video of my avatar" is an avatar video, one with a voice-over is a narrated one.
        if let Some(head) = act.frame.objects.first().map(|object| object.head.clone()) {
            let of: Vec<String> = act
                .arguments(&["of", "with"])
                .map(|argument| match argument.phrase.head.as_str() {
                    "voiceover" | "voice-over" | "voice over" | "narration" | "narrator" => format!("narrated {head}"),
                    other => format!("{other} {head}"),
                })
                .collect();
            // "a voice-over for a video"
            let film = act.arguments(&["for", "to", "over"]).any(|argument| argument.phrase.head == "video");
            // "make a video, add a voice-over"
            let made = || self.latest().and_then(|latest| self.draft.data.get(latest));
            let shown = || made().is_some_and(|datum| datum.nouns.iter().take(3).any(|noun| noun.ends_with("video")));
            let film = film || act.frame.arguments.is_empty() && shown();
            if film && matches!(head.as_str(), "voice over" | "voice-over" | "voiceover" | "narration") {
                return self.known.catalogue.by_name("VideoNarrationBlock");
            }
            // "a piece of music"
            let made_of = |phrase: &&Phrase| {
                matches!(head.as_str(), "piece" | "bit" | "set" | "series" | "variation") && is_medium(&phrase.head)
            };
            let stuff =
                act.arguments(&["of"]).map(|argument| &argument.phrase).find(made_of).map(|phrase| phrase.head.clone());
            nouns.splice(0..0, of.into_iter().chain(stuff));
        }
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
        // "remove its background": of the picture that was spoken of last.
        let own = act.frame.objects.iter().any(|phrase| phrase.determiner == Determiner::Theirs);
        let shown = shown.or_else(|| self.latest().filter(|_| own));
        // "Turns each quote into an image": there is none yet.
        let into = |phrase: &Phrase| {
            let made = act.arguments(&["into", "to"]).any(|argument| argument.phrase.span == phrase.span);
            made && phrase.determiner == Determiner::Some
                && !act.frame.objects.iter().any(|object| is_picture(&object.head))
        };
        let edits = act.frame.verb.is_some()
            && !self.known.composes(act.plain_lemma())
            && act.phrases().any(|phrase| is_picture(&phrase.head) && !into(phrase));
        let picture = edits
            || shown
                .and_then(|at| self.draft.data.get(at))
                .is_some_and(|datum| datum.nouns.iter().take(3).any(|noun| is_picture(noun)));
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
                    | "upscale"
                    | "enlarge"
                    | "enhance"
                    | "sharpen"
                    | "restore"
                    | "colourise"
                    | "blur"
                    | "erase"
                    | "replace"
                    | "remove"
                    | "add"
            )
        {
            return self.known.catalogue.by_name("AIImageEditorBlock");
        }
        // "with revid.ai": by the service that makes such things.
        let generates = |service: &&str| {
            let blocks = self.known.catalogue.blocks_of(service);
            let meanings = blocks.iter().map(|at| self.known.catalogue.meaning(*at));
            meanings.into_iter().any(|meaning| meaning.action == crate::catalogue::Action::Generate)
        };
        let service = act.services().into_iter().find(generates);
        let track = |noun: &str| act.plain_lemma() == "compose" && noun == "track";
        let kind = nouns.iter().find(|noun| is_medium(noun) || track(noun))?;
        // "an audio summary" is audio.
        let heard = matches!(kind.split(' ').next(), Some("audio" | "voice" | "spoken")).then(|| "audio".to_owned());
        nouns.extend(heard);
        let want = Want { lemma: &lemma, class: Class::Think, nouns: &nouns, service, many: false };
        choose::choose(self.known, &want).into_iter().map(|(block, _)| block).find(|block| {
            let meaning = self.known.meaning(block);
            let makes = matches!(
                meaning.action,
                crate::catalogue::Action::Generate
                    | crate::catalogue::Action::Create
                    | crate::catalogue::Action::Convert
            );
            let said = meaning.verbs.iter().any(|verb| *verb == lemma || verb == act.plain_lemma());
            let composed = makes && (turns || self.known.composes(&lemma));
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

    /// "Write a story, then draw a cover image": of the story, for nothing else is said of the picture.
    pub(in crate::plan) fn text_to_draw(&self, act: &Act<'r>, block: &'k crate::catalogue::Block) -> Option<usize> {
        let bare = |phrase: &Phrase| {
            let new = matches!(phrase.determiner, Determiner::Some | Determiner::None) && !phrase.plural;
            new && phrase.tail.is_none() && phrase.values.is_empty() && phrase.services.is_empty()
        };
        let [picture] = act.frame.objects.as_slice() else { return None };
        let plain = act.frame.arguments.is_empty() && act.frame.complement.is_none() && bare(picture);
        let image = picture.head.ends_with("image")
            || picture.head.ends_with("picture")
            || picture.head.ends_with("illustration");
        let draws = image && self.kinds_of(block).any(|kind| kind == "image");
        let text =
            self.latest().filter(|at| self.draft.data.get(*at).is_some_and(|datum| datum.made) && !self.is_media(*at));
        text.filter(|_| plain && draws)
    }

    /// Makes a thing for a service, and takes it nowhere.
    pub(in crate::plan) fn only_makes(&self, act: &Act<'r>) -> bool {
        self.known.composes(act.plain_lemma())
            && act.plain_lemma() != "post"
            && act.frame.recipients.is_empty()
            && act.places().iter().all(|place| place.services.is_empty() && place.values.is_empty())
    }

    /// "with ElevenLabs", where something else makes it.
    pub(in crate::plan) fn leave_maker(&mut self, act: &Act<'r>, block: &'k crate::catalogue::Block) {
        let own = self.known.meaning(block).service.clone();
        let other = |service: &&str| {
            let read = self.draft.data.iter().any(|datum| datum.service.as_deref() == Some(*service));
            own.as_deref() != Some(*service)
                && self.known.has_service(service)
                && self.known.channel(service).is_none()
                && !read
        };
        let others: Vec<String> = act.services().into_iter().filter(other).map(str::to_owned).collect();
        for service in others {
            let message = format!("{} makes it instead", own.as_deref().unwrap_or("another service"));
            self.leave(&service, Reason::NoBlock, &message);
        }
    }

    /// What is spoken is a text: it is written first, unless it is there.
    fn spoken_there(&self, datum: usize) -> bool {
        let texts = ["script", "text", "article", "blog post", "newsletter", "story", "speech", "document", "email"];
        self.draft.data.get(datum).is_some_and(|datum| {
            let text = datum.nouns.iter().any(|noun| texts.contains(&noun.as_str()));
            datum.made || text && self.draft.is_asked(datum.flow.step)
        })
    }

    pub(in crate::plan) fn spoken(
        &mut self,
        act: &Act<'r>,
        block: &'k crate::catalogue::Block,
        data: Vec<usize>,
    ) -> Vec<usize> {
        // "Illustrate it and read it aloud": a picture says nothing.
        let pictures = !data.is_empty() && data.iter().all(|at| self.is_media(*at)) && self.reads_aloud(act);
        let text = |datum: &Datum| datum.made && self.is_there(datum);
        let texts = (0..self.draft.data.len()).rev();
        let text =
            texts.filter(|_| pictures).find(|at| !self.is_media(*at) && self.draft.data.get(*at).is_some_and(text));
        let data = text.map_or(data, |text| vec![text]);
        let speaks =
            self.known.content_input(block).is_some() && block.input_schema().properties.get("prompt").is_none();
        // "Turn the article into a reel": the words of a film are not those of an article.
        let film = self.known.meaning(block).objects.iter().any(|object| object.ends_with("video"));
        let script = |at: &usize| {
            self.draft.data.get(*at).is_some_and(|datum| datum.nouns.iter().any(|noun| noun.ends_with("script")))
        };
        let turned = film && !data.is_empty() && self.recasts(act) && !data.iter().any(script);
        let worded = self.reads_aloud(act) && act.arguments(&["in"]).next().is_some();
        let new = (turned || worded || self.known.composes(act.plain_lemma())) && speaks && self.known.has_model();
        if !new || !turned && !worded && data.iter().any(|datum| self.spoken_there(*datum)) {
            return data;
        }
        let words = format!("Write the words that are spoken, and nothing else, for this: {}", act.instruction());
        let manners = self.manners(act);
        let step = self.ask_model(act, &words, &manners, &data, None);
        self.made(step, vec!["script".to_owned()], None, &data);
        vec![self.draft.data.len() - 1]
    }

    /// What people call that which a block makes.
    pub(in crate::plan) fn kinds_of(&self, block: &crate::catalogue::Block) -> impl Iterator<Item = String> + use<> {
        let objects = &self.known.meaning(block).objects;
        let kinds: &[&str] = match () {
            () if objects.iter().any(|object| object == "mp3" || object == "audio") => {
                &["audio", "mp3", "recording", "audio file"]
            }
            () if objects.iter().any(|object| object.contains("video")) => &["video"],
            () if objects.iter().any(|object| object == "image") => &["image"],
            () => &[],
        };
        kinds.iter().map(|kind| (*kind).to_owned())
    }

    pub(in crate::plan) fn make_medium(&mut self, act: &Act<'r>, block: &'k crate::catalogue::Block, data: &[usize]) {
        let mut given = Vec::new();
        let words = act.instruction();
        // A picture goes in as one, not into the words.
        let inputs: Vec<&str> = block.input_schema().properties.iter().map(|(name, _)| name).collect();
        let shown = inputs
            .iter()
            .find(|name| matches!(**name, "input_image" | "images" | "image" | "video_in" | "input_media_urls"));
        let seen = |at: &usize| {
            let kinds = ["image", "photo", "picture", "video", "file"];
            let kind = |noun: &String| kinds.iter().any(|kind| noun == kind || noun.ends_with(&format!(" {kind}")));
            self.draft.data.get(*at).is_some_and(|datum| datum.nouns.iter().take(3).any(kind))
        };
        let picture = shown.and_then(|name| Some((name, *data.iter().find(|at| seen(at))?)));
        if let Some((name, at)) = picture
            && let Some(flow) = self.take(at)
        {
            let types = block.input_type(name).unwrap_or(Types::ANY);
            given.push(((*name).to_owned(), self.draft.fit(&flow, types).binding()));
        }
        let flows: Vec<Flow> = data
            .iter()
            .filter(|at| picture.is_none_or(|(_, seen)| seen != **at))
            .filter_map(|at| self.take(*at))
            .collect();
        let flows = once(&flows);
        let content = match flows.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            several => Some(self.draft.render(several)),
        };
        let mut writer = None;
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
            writer = match &prompt {
                Binding::From { step, .. } => Some(*step),
                Binding::Value(_) => Some(self.draft.steps.len()),
            };
            given.push(("prompt".to_owned(), prompt));
        }
        let fill = Fill {
            act: Some(*act),
            phrase: act.frame.objects.first(),
            content,
            given,
            says: words,
            ..Default::default()
        };
        let step = self.apply(block, fill);
        // What is said of it later belongs to the words it is made from.
        let writer = writer.map(|writer| {
            if self.draft.steps.get(writer).is_some_and(|step| step.binding("format").is_some()) {
                writer
            } else {
                step
            }
        });
        self.thinker = writer.or(self.thinker);
        let into = act.arguments(&["into", "to", "as"]).map(|argument| &argument.phrase).filter(|_| self.recasts(act));
        let mut nouns: Vec<String> =
            into.chain(&act.frame.objects).filter(|phrase| !phrase.pronoun).flat_map(names).collect();
        if block.name == "AIImageEditorBlock" {
            nouns.insert(0, "edited image".to_owned());
        }
        nouns.splice(nouns.len().min(1)..nouns.len().min(1), self.kinds_of(block));
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
