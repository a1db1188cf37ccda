//! Follows steps that somebody else wrote: each names a block, or says in words what to do.

use serde_json::Value as Json;
use shared::{failure::Failure, limits::STEPS, port::Question};

use super::model::{Binding, Plan};
use crate::{
    Watch,
    catalogue::{Block, NESTED, schema::Types},
    knowledge::Knowledge,
    plan::{
        clauses::act::{Act, names, sentence},
        steps::{
            build::Builder,
            draft::{Draft, distinct},
            fill::Fill,
        },
    },
    reading,
};

/// A step that somebody wrote.
#[derive(Debug)]
pub(crate) enum Given<'k> {
    /// The agent asks for this.
    Input {
        block: &'k Block,
        name: String,
        value: Option<Json>,
        says: String,
    },
    /// A block, what is said of it, and what goes into it.
    Block {
        block: &'k Block,
        says: String,
        inputs: Vec<(String, Source)>,
    },
    Words(String),
    /// Nothing to do: the outputs of the agent come by themselves.
    Nothing,
}

/// What goes into an input.
#[derive(Debug)]
pub(crate) enum Source {
    Value(Json),
    /// What this step gives, counted from 0.
    Step(usize),
}

/// What became of the steps.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) plan: Plan,
    /// The steps in words that no block does.
    pub(crate) unserved: Vec<usize>,
    pub(crate) questions: Vec<Question>,
}

/// Plans the steps in their order. Fails with `timeout` if `watch` says so, with `request_too_large` if they ask for too
/// much.
pub(crate) fn follow(
    knowledge: &Knowledge,
    (name, description): (String, String),
    steps: Vec<Given<'_>>,
    watch: Watch<'_>,
) -> Result<Followed, Failure> {
    let mut draft = Draft::new(knowledge);
    let (mut unserved, mut questions, mut cron) = (Vec::new(), Vec::<Question>::new(), None);
    // Given step -> step of the plan, for "the result of step 2".
    let mut became: Vec<Option<usize>> = Vec::new();
    for (at, step) in steps.into_iter().enumerate() {
        watch.check()?;
        // A step in words can be a goal of its own; all together have as many steps as steps may be given.
        STEPS.check(draft.steps.len())?;
        became.push(match step {
            Given::Nothing => None,
            Given::Input { block, name, value, says } => Some(draft.declare(block, &name, &says, value)),
            Given::Block { block, says, inputs } => {
                let inputs = inputs
                    .into_iter()
                    .filter_map(|(name, source)| {
                        let types = block.input_type(&name)?;
                        let binding = match source {
                            Source::Value(value) => Binding::Value(value),
                            Source::Step(step) => draft.output_of(became.get(step).copied().flatten()?, types)?,
                        };
                        Some((name, binding))
                    })
                    .collect();
                let read = super::understood(knowledge, &says)?;
                let mut builder = Builder::over(knowledge, &read, draft);
                let step = builder.wished(block, inputs, &says);
                draft = builder.released();
                Some(step)
            }
            Given::Words(text) => {
                let read = super::understood(knowledge, &text)?;
                let data = draft.data.len();
                let mut builder = Builder::over(knowledge, &read, draft);
                builder.run(watch)?;
                builder.mind_the_rest();
                if !builder.unserved.is_empty() || builder.done == 0 && builder.questions.is_empty() {
                    unserved.push(at);
                }
                questions.append(&mut builder.questions);
                cron = cron.or_else(|| read.schedule.as_ref().map(|schedule| schedule.cron.clone()));
                draft = builder.released();
                draft.data.get(data..).and_then(<[_]>::last).map(|datum| datum.flow.step)
            }
        });
    }
    questions.dedup_by(|a, b| a.keyword == b.keyword);
    questions.truncate(5);
    if draft.steps.is_empty() {
        draft.pass_through();
    } else {
        draft.outputs();
    }
    let nothing = super::understood(knowledge, "")?;
    let mut builder = Builder::over(knowledge, &nothing, draft);
    // What nothing starts is refused when it is checked.
    builder.ensure_start();
    let plan = Plan { cron, ..builder.draft.finish(name, description) };
    Ok(Followed { plan, unserved, questions })
}

impl<'k, 'r> Builder<'k, 'r> {
    /// Goes on with what other texts have made.
    fn over(known: &'k Knowledge, reading: &'r reading::Reading, draft: Draft<'k>) -> Self {
        let mut builder = Self::new(known, reading, None);
        builder.draft = draft;
        builder
    }

    /// What was made, without what only this text knows of.
    fn released(self) -> Draft<'k> {
        let mut draft = self.draft;
        for datum in &mut draft.data {
            datum.under = None;
            datum.open.clear();
        }
        draft
    }

    /// A step of this block: what is given goes into it, then what the words and the steps before have for it.
    fn wished(&mut self, block: &'k Block, mut given: Vec<(String, Binding)>, says: &str) -> usize {
        let act = (0..self.reading.clauses.len()).find_map(|at| Act::of(self.reading, at));
        let begins = self.known.begins(block);
        if let (true, true, Some(act), Some(phrase)) =
            (begins, given.is_empty(), act, act.and_then(|act| act.frame.objects.first()))
        {
            let datum = self.read_with(block, &act, phrase);
            if let Some(datum) = self.draft.data.get(datum) {
                return datum.flow.step;
            }
        }
        let mut content: Vec<usize> = Vec::new();
        if !begins {
            let phrases = act.iter().flat_map(Act::phrases).filter(|phrase| !phrase.pronoun);
            content.extend(phrases.filter_map(|phrase| self.refer(phrase)));
            if content.is_empty() {
                content = self.pending();
            }
            content.sort_unstable();
            content.dedup();
        }
        let title = act.map(|act| self.subject(&act, content.last().copied()));
        let item = content.last().copied();
        let takes = |name: &str| block.input_schema().properties.get(name).is_some();
        let is_given = |given: &[(String, Binding)], name: &str| given.iter().any(|(known, _)| known == name);
        let prompts = takes("prompt") && !is_given(&given, "prompt");
        let named = self.known.content_input(block).filter(|name| is_given(&given, name));
        let mut flows = Vec::new();
        if prompts || self.known.content_input(block).is_some() && named.is_none() {
            flows.extend(content.iter().filter_map(|datum| self.take(*datum)));
        }
        let mut flows = distinct(&flows);
        let instruction = act.map_or_else(|| sentence(says), |act| act.instruction());
        let instruction = if instruction.is_empty() { block.description.clone() } else { instruction };
        if prompts {
            let places = flows.iter().map(|flow| format!("\n\n{{{{{}}}}}", flow.name)).collect::<String>();
            let prompt = format!("{}.{places}", instruction.trim_end_matches('.'));
            let binding = if takes("prompt_values") || flows.is_empty() {
                for flow in &flows {
                    let text = self.draft.fit(flow, Types::STRING);
                    given.push((format!("prompt_values{NESTED}{}", flow.name), text.binding()));
                }
                Binding::Value(Json::from(prompt))
            } else {
                let texts: Vec<_> = flows.iter().map(|flow| self.draft.fit(flow, Types::STRING)).collect();
                self.draft.fill_in(&texts, &prompt, "Say what to make").binding()
            };
            given.push(("prompt".to_owned(), binding));
            flows.clear();
        }
        let content = match flows.as_slice() {
            [_, _, ..] => Some(self.draft.render(&flows)),
            _ => flows.pop(),
        };
        let phrase = act.and_then(|act| act.frame.objects.first());
        let query = phrase.map(|phrase| phrase.span.clone());
        let says = if says.trim().is_empty() { block.title() } else { says.to_owned() };
        let step = self.apply(block, Fill { act, phrase, content, item, query, title, given, says, ..Fill::default() });
        let mut nouns: Vec<String> = act.iter().flat_map(|act| act.frame.objects.iter().flat_map(names)).collect();
        nouns.extend(self.known.results(act.map_or("", |act| act.plain_lemma())));
        let (made, receipt) = (!begins && !self.known.delivers(block), self.known.delivers(block));
        if let Some(datum) = self.draft.gives(step, &nouns, None).and_then(|datum| self.draft.data.get_mut(datum)) {
            (datum.made, datum.receipt) = (made, receipt);
        }
        step
    }
}
