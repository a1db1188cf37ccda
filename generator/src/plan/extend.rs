//! Adds to an agent that is there: its steps are data that the clauses may speak of, and what no clause adds stays as it
//! is.

use std::collections::HashSet;

use serde_json::Value as Json;
use shared::{failure::Failure, port::Question};

use super::model::{Binding, LeftOut, Step};
use crate::{
    Watch,
    catalogue::{Action, Block, NESTED, schema::Types, singular, special},
    knowledge::{Class, Knowledge, is_text_model},
    plan::{
        clauses::act::{Act, names},
        steps::{
            build::Builder,
            draft::{self, Draft, Flow},
            fill, main_output,
        },
    },
    reading::{self, Reading},
};

/// Blocks that only stand between two others.
pub(crate) const BETWEEN: [&str; 4] = [special::TEMPLATE, special::CONVERTER, special::EACH_ITEM, special::ADD_TO_LIST];

/// What becomes of a wish to add something.
#[derive(Debug)]
pub(crate) enum Extended {
    /// The steps to add, those that ask first; their bindings name places in the longer list.
    Steps(Vec<Step>, Vec<LeftOut>),
    /// At most five.
    Questions(Vec<Question>),
    /// The part that no block does, as a sentence.
    Unserved(String),
    /// Nothing that could be added is spoken of.
    Nothing,
}

/// The steps that the clauses of `text` add to `steps`. Fails with `timeout` if `watch` says so, with
/// `request_too_large` if there are too many clauses.
pub(crate) fn extend(
    knowledge: &Knowledge,
    steps: &[Step],
    text: &str,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<Extended, Failure> {
    watch.check()?;
    let read = super::understood(knowledge, text)?;
    let acts: Vec<Act<'_>> = (0..read.clauses.len()).filter_map(|at| Act::of(&read, at)).collect();
    let instead = read.tokens.iter().any(|token| token.word() == Some("instead"));
    if instead || !acts.iter().any(|act| says_something(knowledge, act)) {
        return Ok(Extended::Nothing);
    }
    let added = context.map(|context| reading::read(&knowledge.vocabulary, context));
    let mut builder = Builder::new(knowledge, &read, added.as_ref());
    builder.draft = Draft::over(knowledge, steps);
    builder.run(watch)?;
    let essential = builder.indispensable();
    if let Some(reason) = builder.refusal(&essential) {
        return Ok(Extended::Unserved(reason));
    }
    if !builder.questions.is_empty() {
        return Ok(Extended::Questions(builder.questions));
    }
    let thinks = acts.iter().any(|act| thinks(knowledge, act));
    let works = |block: &Block| {
        let helps = block.is_agent_output() || BETWEEN.contains(&block.id.as_str());
        !helps && (thinks || block.id == special::AGENT_EXECUTOR || !is_text_model(block))
    };
    if builder.done == 0
        || !(steps.len()..builder.draft.steps.len()).any(|at| builder.draft.block(at).is_some_and(works))
    {
        return Ok(Extended::Nothing);
    }
    builder.mind_the_rest();
    builder.digest_searches();
    builder.draft.outputs();
    builder.leave_the_rest();
    Ok(Extended::Steps(builder.draft.added(), builder.left))
}

/// Whether a clause speaks of anything in particular: "make it better" and "hmm" do not.
fn says_something(known: &Knowledge, act: &Act<'_>) -> bool {
    let is_known = |noun: &String| {
        known.is_product(noun)
            || known.is_carrier(noun)
            || known.source(noun).is_some()
            || !known.catalogue.blocks_about(noun).is_empty()
    };
    let mut phrases = act.phrases().filter(|phrase| !phrase.pronoun).peekable();
    let verb = act.frame.verb.is_some();
    let told = |noun: &String| !known.is_vague(noun) && (verb || is_known(noun));
    verb && phrases.peek().is_none()
        || phrases
            .any(|phrase| !phrase.services.is_empty() || !phrase.values.is_empty() || names(phrase).iter().any(told))
}

/// Whether a clause asks for a text. What changes something that is there does not: "use Fahrenheit", "make it shorter".
fn thinks(known: &Knowledge, act: &Act<'_>) -> bool {
    let verb = act.plain_lemma();
    let is = |class| known.is(&act.lemma(), class) || known.is(verb, class);
    let product = act.frame.objects.iter().flat_map(names).any(|noun| known.is_product(&noun));
    match act.frame.verb {
        Some(_) if product && (known.composes(verb) || is(Class::Make)) => true,
        // "write a short tweet about it" posts nothing.
        Some(_)
            if known.composes(verb)
                && act.frame.objects.iter().any(|object| matches!(object.head.as_str(), "tweet" | "post")) =>
        {
            true
        }
        Some(_) => is(Class::Think) && !known.composes(verb) && !is(Class::Store) && !is(Class::Change),
        None => product,
    }
}

/// An output of a step, made to fit an input of this type: the steps that this takes, and what goes into the input.
pub(crate) fn fitted(
    knowledge: &Knowledge,
    steps: &[Step],
    (from, output): (usize, &str),
    types: Types,
) -> (Vec<Step>, Binding) {
    let mut draft = Draft::over(knowledge, steps);
    let known = draft.data.iter().find(|datum| datum.flow.step == from && datum.flow.output == output);
    let flow = known.map_or_else(|| draft.flow(from, output), |datum| datum.flow.clone());
    let binding = draft.fit(&flow, types).binding();
    (draft.added(), binding)
}

/// The output with everything that a block gives.
pub(crate) fn given(knowledge: &Knowledge, block: &Block) -> Option<String> {
    let (all, each) = main_output::outputs(knowledge, block, knowledge.of(block))?;
    // All of them, if there is a list of what comes one by one.
    let mut outputs = block.output_schema().properties.iter();
    let list = outputs.find(|(name, schema)| schema.kind().is_within(Types::ARRAY) && each == Some(singular(name)));
    Some(list.map_or(all, |(name, _)| name.to_owned()))
}

/// What the person is asked for if nothing else goes into an input.
pub(crate) fn label(knowledge: &Knowledge, block: &Block, input: &str) -> String {
    fill::input_label(knowledge.meaning(block).service.as_deref().unwrap_or_default(), input, None)
}

impl<'k> Draft<'k> {
    /// Begins with the steps of an agent: what they give can be referred to, and the names of its inputs and outputs are
    /// taken.
    pub(in crate::plan) fn over(known: &'k Knowledge, steps: &[Step]) -> Self {
        let mut draft = Self::new(known);
        draft.steps = steps.to_vec();
        draft.old = steps.len();
        // What the person gives comes first: the newest datum is what was made last.
        for (at, step) in steps.iter().enumerate() {
            let Some(block) = draft.block(at).filter(|block| block.is_agent_input() || block.is_agent_output()) else {
                continue;
            };
            let Some(Binding::Value(Json::String(name))) = step.binding("name") else { continue };
            draft.names.push(name.clone());
            if block.is_agent_input() {
                let flow = Flow { name: draft::slug(name), ..draft.flow(at, "result") };
                let datum = draft.given(flow, vec![name.to_lowercase()]);
                draft.hand_out(datum);
            }
        }
        for (at, step) in steps.iter().enumerate() {
            let Some(block) = draft.block(at) else { continue };
            let decides = known.meaning(block).action == Action::Decide;
            if decides || block.is_agent_input() || block.is_agent_output() || BETWEEN.contains(&block.id.as_str()) {
                continue;
            }
            let nouns = called(known, block, &step.title);
            let Some(datum) = draft.gives(at, &nouns, None) else { continue };
            draft.hand_out(datum);
            if let Some(datum) = draft.data.get_mut(datum) {
                datum.receipt = known.delivers(block);
                datum.made = !datum.receipt && !known.begins(block);
                if datum.flow.fields.is_empty() {
                    datum.flow.fields = keys(step);
                }
            }
        }
        draft
    }

    /// Nobody waits for it.
    fn hand_out(&mut self, datum: usize) {
        if let Some(datum) = self.data.get_mut(datum) {
            datum.used = true;
        }
    }
}

/// What people call that which a step gives: by its title, else by its block.
fn called(known: &Knowledge, block: &Block, title: &str) -> Vec<String> {
    let title = if title.is_empty() { block.title() } else { title.to_owned() };
    let read: Reading = reading::read(&known.vocabulary, &title);
    let acts = (0..read.clauses.len()).filter_map(|at| Act::of(&read, at));
    let mut nouns: Vec<String> = acts
        .flat_map(|act| {
            let objects = act.frame.objects.iter().flat_map(names);
            known.results(act.plain_lemma()).into_iter().chain(objects).collect::<Vec<_>>()
        })
        .collect();
    nouns.extend(known.meaning(block).gives.iter().cloned());
    let mut seen = HashSet::new();
    nouns.retain(|noun| seen.insert(noun.clone()));
    nouns
}

/// The parts of a structured answer that a step is told to give.
fn keys(step: &Step) -> Vec<String> {
    let part = format!("expected_format{NESTED}");
    let parts = step.inputs.iter().filter_map(|input| input.name.strip_prefix(&part)).map(str::to_owned);
    match step.binding("expected_format") {
        Some(Binding::Value(Json::Object(format))) => format.keys().cloned().chain(parts).collect(),
        _ => parts.collect(),
    }
}
