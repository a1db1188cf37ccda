//! Where the finished steps send what an act makes, and what they make it from: an act whose result goes astray is told.

use std::collections::HashSet;

use crate::{
    catalogue::{Action, Block},
    knowledge::{Class, is_text_model},
    plan::{
        clauses::act::{Act, core, names},
        model::{Reason, Step},
        steps::{build::Builder, draft::ASKED},
        wording::media::is_medium,
    },
    reading::{Determiner, Kind, Phrase, Role},
};

/// What is done to a picture or a film itself.
const EDITS: [&str; 14] = [
    "remove",
    "crop",
    "resize",
    "cut",
    "trim",
    "rotate",
    "blur",
    "compress",
    "upscale",
    "brighten",
    "colourise",
    "watermark",
    "convert",
    "save",
];

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn leave_astray(&mut self) {
        self.leave_blind();
        self.leave_unplaced();
        self.leave_unused();
        self.leave_bundled();
        self.leave_without_media();
        self.leave_pictures();
        self.leave_one_file();
        self.leave_one_for_each();
    }

    /// "The LinkedIn profile of each attendee": what a person enters once is that of one.
    fn leave_one_for_each(&mut self) {
        let mut spans = Vec::new();
        for (act, steps) in self.acts_built() {
            let of_each = |phrase: &&Phrase| {
                let plain = phrase.values.is_empty() && !phrase.given && !phrase.head.is_empty();
                phrase.determiner == Determiner::Each && plain
            };
            let each = act.arguments(&["of", "for", "from"]).map(|argument| &argument.phrase).find(of_each);
            let Some(phrase) = each.filter(|_| self.is(&act, Class::Fetch)) else { continue };
            let alone = |at: usize| {
                let mut fed = self.draft.step(at).into_iter().flat_map(Step::fed_by).peekable();
                fed.peek().is_some() && fed.all(|from| self.draft.is_asked(from))
            };
            // Where the entries themselves are read, what is entered says where that is.
            let read = |at: usize| self.lists(at) || self.runs_per_entry(at);
            if steps.clone().any(alone) && steps.clone().any(|at| !alone(at)) && !steps.clone().rev().take(1).any(read)
            {
                spans.push(core(phrase));
            }
        }
        for span in spans {
            let told = "what is entered for this is used once: no step has that of each";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    /// The steps that feed a step, itself included.
    pub(in crate::plan) fn behind(&self, step: usize) -> HashSet<usize> {
        let (mut seen, mut open) = (HashSet::new(), vec![step]);
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                open.extend(self.draft.step(at).into_iter().flat_map(Step::fed_by));
            }
        }
        seen
    }

    /// The acts that steps were made for.
    pub(in crate::plan) fn acts_built(&self) -> Vec<(Act<'r>, std::ops::Range<usize>)> {
        let built = self.built.iter().filter(|(_, steps)| !steps.is_empty());
        let acts = built.filter_map(|(index, steps)| Some((Act::of(self.reading, *index)?, steps.clone())));
        acts.filter(|(act, _)| act.clause.role == Role::Act).collect()
    }

    /// "Translate what comes into our channel": a model that nothing flows into translates nothing.
    fn leave_blind(&mut self) {
        let mut texts = Vec::new();
        for (act, steps) in self.acts_built() {
            let blind = |at: &usize| {
                self.draft.block(*at).is_some_and(is_text_model)
                    && self.draft.step(*at).is_some_and(|step| step.fed_by().next().is_none())
            };
            let own = |phrase: &Phrase| {
                let open = matches!(phrase.head.as_str(), "whatever" | "everything" | "each" | "one");
                open || phrase.pronoun && !self.known.is_person(&phrase.head)
                    || matches!(phrase.determiner, Determiner::Mine | Determiner::Each | Determiner::All)
                    || phrase.services.iter().any(|service| self.known.has_service(service))
            };
            let works = act.reworks() || act.judges() || self.is(&act, Class::Fetch);
            // "Say whether the person fits"
            let asked = act.frame.complement.clone().is_some_and(|span| {
                let first = span.clone().find_map(|at| self.reading.tokens.get(at)?.word());
                matches!(first, Some("whether" | "if")) && !self.is(&act, Class::Tell)
            });
            if asked && steps.clone().any(|at| blind(&at))
                || works && act.frame.objects.iter().any(own) && steps.clone().any(|at| blind(&at))
            {
                texts.push(act.text());
            }
        }
        for text in texts {
            self.leave(text, Reason::NeedsData, "nothing that is read or given goes into this step");
        }
    }

    /// "Save the question, and the answer to Airtable": the service is there, and this does not go to it.
    fn leave_unplaced(&mut self) {
        let mut found = Vec::new();
        for (act, steps) in self.acts_built() {
            let puts = [Class::Tell, Class::Store, Class::Make].iter().any(|class| self.is(&act, *class));
            let places = act.arguments(if puts { &["to", "into", "onto", "in", "on"] } else { &["to", "onto"] });
            let places: Vec<&Phrase> = places.map(|argument| &argument.phrase).collect();
            for service in places.into_iter().flat_map(|phrase| &phrase.services) {
                let other =
                    [Kind::Model, Kind::Builder, Kind::Site].iter().any(|kind| self.known.is_kind(service, *kind));
                if other || self.known.alias(service).is_some() || self.known.is_passive(service) {
                    continue;
                }
                let of = |at: usize| self.draft.block(at).is_some_and(|block| self.is_of(block, service));
                let there: Vec<usize> = (0..self.draft.steps.len()).filter(|at| of(*at)).collect();
                let last = steps.end.saturating_sub(1);
                let goes = |at: &usize| steps.contains(at) || *at > last && self.behind(*at).contains(&last);
                if !there.is_empty() && !there.iter().any(goes) {
                    found.push((act.text(), service.clone()));
                }
            }
        }
        for (text, service) in found {
            self.leave(text, Reason::NotSupported, &format!("this does not go to {service}: no step puts it there"));
        }
    }

    pub(in crate::plan) fn is_of(&self, block: &Block, service: &str) -> bool {
        let channel = self.known.channel(service).is_some_and(|channel| channel.id == block.id);
        channel || self.known.meaning(block).service.as_deref() == Some(service)
    }

    /// "Post the summary": what was made under that name is not in what goes out.
    fn leave_unused(&mut self) {
        let mut spans = Vec::new();
        for (act, steps) in self.acts_built() {
            let delivers = |at: &usize| self.draft.block(*at).is_some_and(|block| self.known.delivers(block));
            let outs: Vec<usize> = steps.clone().filter(delivers).collect();
            let Some(first) = outs.first().copied() else { continue };
            let behind: HashSet<usize> = outs.iter().flat_map(|at| self.behind(*at)).collect();
            let with = act.arguments(&["with", "including", "plus"]).map(|argument| &argument.phrase);
            for phrase in act.frame.objects.iter().chain(with) {
                let said = !phrase.pronoun && matches!(phrase.determiner, Determiner::The | Determiner::None);
                let plain =
                    phrase.services.is_empty() && phrase.values.is_empty() && !self.known.is_carrier(&phrase.head);
                let called = names(phrase);
                let named = |nouns: &[String]| nouns.first().is_some_and(|noun| called.contains(noun));
                let same = || self.draft.data.iter().filter(|datum| named(&datum.nouns));
                let made = same().any(|datum| datum.made && datum.flow.step < first);
                if said && plain && made && !same().any(|datum| behind.contains(&datum.flow.step)) {
                    spans.push(core(phrase));
                }
            }
        }
        for span in spans {
            self.leave(self.text(&span), Reason::NotSupported, "it is made, and does not go into this step");
        }
    }

    /// "Write three tweets and post them": they go out as one.
    fn leave_bundled(&mut self) {
        let several = |phrase: &Phrase| matches!(phrase.determiner, Determiner::Count(2..)) && phrase.plural;
        let acts = self.acts_built();
        let mut texts = Vec::new();
        for (act, steps) in &acts {
            let publishes = |at: &usize| {
                self.draft.block(*at).is_some_and(|block| {
                    self.known.meaning(block).action == Action::Publish && self.known.meaning(block).service.is_some()
                })
            };
            let Some(last) = steps.clone().rfind(publishes).filter(|at| !self.is_repeated(*at)) else { continue };
            let behind = self.behind(last);
            let many = |phrase: &&Phrase| {
                let them = phrase.pronoun && matches!(self.text(&phrase.span), "them" | "these" | "those" | "all");
                them || phrase.plural || matches!(phrase.determiner, Determiner::Each | Determiner::All)
            };
            let made = acts.iter().any(|(other, own)| {
                let writes = |at: usize| behind.contains(&at) && self.draft.block(at).is_some_and(is_text_model);
                other.index <= act.index
                    && self.known.composes(other.plain_lemma())
                    && other.frame.objects.iter().any(several)
                    && own.clone().any(writes)
            });
            let own = act.frame.objects.iter().any(several);
            if own || made && act.frame.objects.iter().any(|phrase| many(&phrase)) {
                texts.push(act.text());
            }
        }
        for text in texts {
            self.leave(text, Reason::NotSupported, "they go out as one post, not one by one");
        }
    }

    /// A post that cannot be without a picture or a film, and has none.
    fn leave_without_media(&mut self) {
        let mut texts = Vec::new();
        for (act, steps) in self.acts_built() {
            let bare = |at: usize| {
                self.draft.step(at).zip(self.draft.block(at)).is_some_and(|(step, block)| {
                    let meaning = self.known.meaning(block);
                    let shows = |noun: &String| matches!(noun.as_str(), "photo" | "video" | "pin");
                    meaning.action == Action::Publish
                        && meaning.objects.iter().any(shows)
                        && block.input_schema().properties.get("media_urls").is_some()
                        && !step.inputs.iter().any(|input| input.name.starts_with("media_urls"))
                })
            };
            if steps.clone().any(bare) {
                texts.push(act.text());
            }
        }
        for text in texts {
            self.leave(text, Reason::NeedsData, "only the text goes there: no picture or video is handed to this step");
        }
    }

    /// "Remove the background": a language model changes no picture.
    fn leave_pictures(&mut self) {
        let mut texts = Vec::new();
        for (act, steps) in self.acts_built() {
            let thinks = |at: usize| self.draft.block(at).is_some_and(is_text_model);
            let picture = |at: &usize| {
                let block = self.draft.block(*at).is_some_and(|block| block.name == "AgentFileInputBlock");
                let title = self.draft.step(*at).map(|step| step.title.to_lowercase()).unwrap_or_default();
                *at >= ASKED && block && is_medium(&title)
            };
            let last = steps.end.saturating_sub(1);
            let edits = EDITS.contains(&act.plain_lemma());
            if edits && steps.clone().all(thinks) && self.behind(last).iter().any(picture) {
                texts.push(act.text());
            }
        }
        for text in texts {
            self.leave(text, Reason::NoBlock, "no step changes the picture itself: only a text is written");
        }
    }

    /// "Compare two contracts": the person can hand in one file.
    fn leave_one_file(&mut self) {
        let file = |step: &&Step| {
            self.known.catalogue.by_id(&step.block).is_some_and(|block| block.name == "AgentFileInputBlock")
        };
        let files: Vec<String> = self.draft.every_step().filter(file).map(|step| step.title.to_lowercase()).collect();
        let [only] = files.as_slice() else { return };
        let acts = (0..self.reading.clauses.len()).filter_map(|index| Act::of(self.reading, index));
        let several = |phrase: &&Phrase| {
            let count = matches!(phrase.determiner, Determiner::Count(2..));
            count
                && phrase.plural
                && !phrase.head.is_empty()
                && only.contains(phrase.head.rsplit(' ').next().unwrap_or_default())
        };
        let found: Vec<_> = acts.filter_map(|act| act.phrases().find(several).map(core)).collect();
        for span in found {
            self.leave(self.text(&span), Reason::NotSupported, "you are asked for one file");
        }
    }
}
