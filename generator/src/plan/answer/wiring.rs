//! What the links of the finished steps do not do: hold an act back, do it for each of several, fill a value that is named.

use serde_json::Value as Json;

use crate::{
    catalogue::{Action, Block, schema::Types},
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, core, names},
            approval,
            itemised::is_text,
        },
        model::{Binding, Reason, Step},
        steps::build::Builder,
    },
    reading::{Determiner, Phrase, Role, Token},
};

impl<'k, 'r> Builder<'k, 'r> {
    pub(in crate::plan) fn leave_unwired(&mut self) {
        self.leave_unguarded();
        self.leave_swallowed();
        self.leave_one_of_many();
        self.leave_once();
        self.leave_unread();
        self.leave_unset();
    }

    /// "If it is over 1000, forward it": forwarded whatever it is.
    fn leave_unguarded(&mut self) {
        let mut texts: Vec<&str> = Vec::new();
        for (index, steps) in &self.built {
            let Some(act) = Act::of(self.reading, *index).filter(|act| !approval::is_sign_off(act.clause)) else {
                continue;
            };
            let waits =
                |guard: &usize| *guard < *index || self.delivers(*index) && !self.makes_what_is_tested(*index, *guard);
            let Some(gate) = self.gate_of(act.clause.under.filter(waits)) else { continue };
            let free = |at: usize| self.sends(at) && !self.waits_for(&[at], &gate);
            if steps.clone().any(free) {
                texts.push(act.text());
            }
        }
        for text in texts {
            self.leave(text, Reason::NotSupported, "no step holds this back: it is done in every case");
        }
    }

    fn sends(&self, at: usize) -> bool {
        self.draft.block(at).is_some_and(|block| self.known.delivers(block))
    }

    /// "Create issues for the action items": one is made, of all of them.
    fn leave_one_of_many(&mut self) {
        let mut spans = Vec::new();
        for (index, steps) in &self.built {
            let Some(act) = Act::of(self.reading, *index) else { continue };
            let Some(last) = steps.clone().rfind(|at| self.sends(*at)) else { continue };
            let Some(block) = self.draft.block(last) else { continue };
            let makes = self.is(&act, Class::Make) || self.is(&act, Class::Store);
            let one = matches!(self.known.meaning(block).action, Action::Create) && !self.takes_several(block);
            let several = |phrase: &&Phrase| {
                let many = phrase.plural && !phrase.pronoun && phrase.determiner != Determiner::Count(1);
                many && names(phrase).iter().any(|noun| self.known.meaning(block).objects.contains(noun))
            };
            let found = act.frame.objects.iter().find(several).filter(|_| makes && one);
            if let Some(phrase) = found.filter(|_| !self.is_repeated(last)) {
                spans.push(core(phrase));
            }
        }
        for span in spans {
            let told = "one is made of all of it, not one for each";
            self.leave(self.text(&span), Reason::NotSupported, told);
        }
    }

    /// "Find the website for each": found once, whatever the entry is.
    fn leave_once(&mut self) {
        let mut spans = Vec::new();
        let schedule = self.reading.schedule.as_ref();
        let timed = |phrase: &Phrase| {
            schedule.is_some_and(|schedule| schedule.spans.iter().any(|span| span.contains(&phrase.span.start)))
        };
        for (index, steps) in &self.built {
            let Some(act) = Act::of(self.reading, *index) else { continue };
            let each = |phrase: &Phrase| phrase.determiner == Determiner::Each || phrase.head == "each";
            let mut named = act.arguments(&["for", "of"]).map(|argument| &argument.phrase);
            // "a list of the clauses with an explanation for each": said of the text, and no step of its own.
            let held = |phrase: &Phrase| {
                act.arguments(&["with"]).any(|with| {
                    let (end, start) = (with.phrase.span.end, phrase.span.start);
                    (end..end + 2).contains(&start) && with.phrase.span.start > act.clause.span.start
                })
            };
            let Some(phrase) = named.find(|phrase| each(phrase) && !timed(phrase) && !held(phrase)) else { continue };
            let works = |at: &usize| {
                let block = self.draft.block(*at).filter(|block| !block.is_agent_input());
                block.is_some_and(|block| self.known.delivers(block) || self.known.serves(block, Class::Fetch))
            };
            // Each of several that the goal names has a step of its own.
            let working: Vec<usize> = steps.clone().filter(works).collect();
            if let [only] = working.as_slice()
                && !steps.clone().any(|at| self.is_repeated(at))
                && !self.draft.block(*only).is_some_and(|block| self.takes_several(block) || block.trigger)
            {
                spans.push(phrase.span.start.saturating_sub(1)..phrase.span.end);
            }
        }
        for span in spans {
            self.leave(self.text(&span), Reason::NotSupported, "it is done once, not for each");
        }
    }

    /// "Make issues from my notes": the notes are read by no step, and the person is not asked for them.
    fn leave_unread(&mut self) {
        let acts = (0..self.reading.clauses.len()).filter_map(|index| Act::of(self.reading, index));
        let acts = acts.filter(|act| act.clause.role == Role::Act);
        let own =
            |phrase: &&Phrase| phrase.determiner == Determiner::Mine && is_text(phrase) && phrase.values.is_empty();
        let unread = |phrase: &&Phrase| !self.is_there_as(phrase) && !self.is_asked_for(phrase);
        let spans: Vec<_> =
            acts.flat_map(|act| act.phrases().filter(own).filter(unread).map(core).collect::<Vec<_>>()).collect();
        for span in spans {
            self.leave(
                self.text(&span),
                Reason::NeedsData,
                "no step reads this; say where it is, or that you paste it",
            );
        }
    }

    /// Whether something that is read, or that was made before it is spoken of, is called so.
    fn is_there_as(&self, phrase: &Phrase) -> bool {
        let spoken = |index: &usize| {
            self.reading.clauses.get(*index).is_some_and(|clause| clause.span.contains(&phrase.span.start))
        };
        let first = self.built.iter().find(|(index, _)| spoken(index)).map_or(usize::MAX, |(_, steps)| steps.start);
        self.draft.data.iter().any(|datum| {
            let before = !datum.made || datum.flow.step < first;
            before && names(phrase).iter().any(|name| datum.nouns.contains(name))
        })
    }

    /// Whether an input of the agent has the name of a thing.
    fn is_asked_for(&self, phrase: &Phrase) -> bool {
        let head = phrase.head.rsplit(' ').next().unwrap_or_default();
        self.draft.every_step().any(|step| {
            let asks = self.known.catalogue.by_id(&step.block).is_some_and(|block| block.is_agent_input());
            asks && step.title.to_lowercase().contains(head)
        })
    }

    /// Whether a block takes a list of what it makes.
    fn takes_several(&self, block: &Block) -> bool {
        let mut required = block.required_inputs();
        required.any(|name| block.input_type(name).is_some_and(|types| types.is_within(Types::ARRAY)))
    }

    /// Whether a step runs once for each entry: what feeds it comes one by one, or starts the agent.
    pub(in crate::plan) fn is_repeated(&self, step: usize) -> bool {
        self.draft.data.iter().any(|datum| datum.single && self.reaches(vec![step], datum.flow.step))
    }

    /// "With the tags X and Y": the step has an input of that name, and nothing is in it.
    fn leave_unset(&mut self) {
        let mut spans = Vec::new();
        for (index, steps) in &self.built {
            let Some(act) = Act::of(self.reading, *index) else { continue };
            let named = act.arguments(&["with", "under", "as"]).map(|argument| &argument.phrase);
            for phrase in named.filter(|phrase| !phrase.head.is_empty()) {
                let words =
                    || self.reading.tokens.get(phrase.span.clone()).unwrap_or_default().iter().filter_map(Token::word);
                let called = |name: &str| words().any(|word| is_name_of(word, name));
                let open = |step: &Step| {
                    let block = self.known.catalogue.by_id(&step.block).filter(|block| self.known.delivers(block));
                    let mut inputs = block.into_iter().flat_map(|block| block.input_schema().properties.iter());
                    inputs.any(|(name, _)| called(name) && step.binding(name).is_none_or(is_nothing))
                };
                // "with a subject": that it has one is all that is said.
                let says = phrase.determiner != Determiner::Some && phrase.span.len() > 1;
                if says
                    && !self.is_told(self.text(&phrase.span))
                    && steps.clone().filter_map(|at| self.draft.step(at)).any(open)
                {
                    spans.push(phrase.span.clone());
                }
            }
        }
        for span in spans {
            self.leave(self.text(&span), Reason::NotUnderstood, "no step is told this");
        }
    }

    /// Whether a prompt has these words.
    fn is_told(&self, text: &str) -> bool {
        self.draft.steps.iter().any(|step| {
            let prompt = step.binding("prompt");
            matches!(prompt, Some(Binding::Value(Json::String(prompt))) if prompt.contains(text))
        })
    }
}

/// "tags" of the input `tags`, "label" of `labels`.
fn is_name_of(word: &str, input: &str) -> bool {
    let one = |text: &str| text.strip_suffix('s').unwrap_or(text).to_owned();
    input.len() > 3 && one(word) == one(input)
}

fn is_nothing(binding: &Binding) -> bool {
    match binding {
        Binding::Value(Json::Array(parts)) => parts.is_empty(),
        Binding::Value(Json::Object(parts)) => parts.is_empty(),
        Binding::Value(Json::String(text)) => text.is_empty(),
        _ => false,
    }
}
