//! Which step, and which input, a person means.

use std::collections::{HashMap, HashSet};

use shared::port::Question;

use super::{Refused, draft::Draft, edits::is};
use crate::{
    catalogue::ERROR_OUTPUT,
    knowledge::Knowledge,
    plan::{self, BETWEEN},
    text::{plain_words, shortened},
};

/// Words that name no step in particular.
const EMPTY: &str = "the a an of in on to for from step block node input field value my its it that which this agent and with at by \
    default ai parameter setting option sending any more";

/// So many words of what a person added are looked at where two steps are meant alike.
const ADDED: usize = 300;

/// The telling words of a text, in their plain form.
pub(super) fn telling(text: &str) -> Vec<String> {
    plain_words(text).into_iter().filter(|word| !EMPTY.split(' ').any(|empty| empty == word)).collect()
}

/// Whether two words are forms of one: "summary", "summarise", "summariser".
fn alike(left: &str, right: &str) -> u32 {
    if left == right {
        return 3;
    }
    let same = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    let shorter = left.len().min(right.len());
    match () {
        () if same >= 5 => 2,
        () if same == shorter && shorter >= 3 && left.len().abs_diff(right.len()) <= 3 => 2,
        () => 0,
    }
}

/// How well `words` name what `names` says.
fn score(words: &[String], names: &[String]) -> u32 {
    words.iter().map(|word| names.iter().map(|name| alike(word, name)).max().unwrap_or(0)).sum()
}

/// The words that a step is known by: its title, its block, and what its block is known for.
fn names_of(knowledge: &Knowledge, draft: &Draft, at: usize) -> Vec<String> {
    let Some(step) = draft.steps.get(at) else { return Vec::new() };
    let mut names = plain_words(&step.title);
    if let Some(block) = knowledge.catalogue.by_id(&step.block) {
        names.extend(plain_words(&block.title()));
        names.extend(knowledge.names_of(block).iter().flat_map(|name| plain_words(name)));
    }
    names
}

/// The working steps, left to right: neither inputs nor outputs of the agent.
pub(super) fn working(knowledge: &Knowledge, draft: &Draft) -> Vec<usize> {
    let io = |at: &usize| {
        let block = draft.steps.get(*at).and_then(|step| knowledge.catalogue.by_id(&step.block));
        block.is_some_and(|block| block.is_agent_input() || block.is_agent_output())
    };
    (0..draft.steps.len()).filter(|at| !io(at)).collect()
}

/// Whether the first telling word, what is done, is one that a step is known by: "summarise" in "summarise it".
pub(super) fn is_named(knowledge: &Knowledge, draft: &Draft, words: &str) -> bool {
    let wanted = telling(words);
    let Some(first) = wanted.first() else { return false };
    let mut steps = working(knowledge, draft).into_iter();
    steps.any(|at| score(std::slice::from_ref(first), &names_of(knowledge, draft, at)) > 0)
}

/// The output of a step that `words` name whole, its name and perhaps its step, where there is just one.
pub(super) fn output(knowledge: &Knowledge, draft: &Draft, words: &str) -> Option<(usize, String)> {
    let wanted = telling(words);
    let mut found = Vec::new();
    for at in working(knowledge, draft) {
        let Some(block) = draft.steps.get(at).and_then(|step| knowledge.catalogue.by_id(&step.block)) else { continue };
        let step_names = names_of(knowledge, draft, at);
        for (name, _) in block.output_schema().properties.iter().filter(|(name, _)| *name != ERROR_OUTPUT) {
            let names = plain_words(&name.replace('_', " "));
            let said = names.iter().filter(|name| wanted.contains(name)).count();
            let foreign =
                wanted.iter().any(|word| !names.contains(word) && score(std::slice::from_ref(word), &step_names) == 0);
            if said == names.len() && said > 0 && !foreign {
                found.push((at, name.to_owned()));
            }
        }
    }
    let only = found.pop()?;
    found.is_empty().then_some(only)
}

/// The step that `words` mean. Refused where there is no such step; asked where two are meant alike.
pub(super) fn step(knowledge: &Knowledge, draft: &Draft, words: &str, context: Option<&str>) -> Result<usize, Refused> {
    among(knowledge, draft, (0..draft.steps.len()).collect(), words, context)
}

/// The same, among the steps that do something.
pub(super) fn worker(
    knowledge: &Knowledge,
    draft: &Draft,
    words: &str,
    context: Option<&str>,
) -> Result<usize, Refused> {
    among(knowledge, draft, working(knowledge, draft), words, context)
}

fn among(
    knowledge: &Knowledge,
    draft: &Draft,
    everything: Vec<usize>,
    words: &str,
    context: Option<&str>,
) -> Result<usize, Refused> {
    let working = working(knowledge, draft);
    let wanted = telling(words);
    let place = |word: &str| match word {
        "first" => Some(0),
        "second" => Some(1),
        "third" => Some(2),
        "last" => working.len().checked_sub(1),
        number => number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)),
    };
    if let [only] = wanted.as_slice()
        && let Some(at) = place(only).and_then(|at| working.get(at))
    {
        return Ok(*at);
    }
    let helps = |at: &usize| is(knowledge, draft, *at, |block| BETWEEN.contains(&block.id.as_str()));
    let works: HashSet<usize> = working.iter().copied().filter(|at| !helps(at)).collect();
    let scored = |words: &[String]| -> Vec<(u32, usize)> {
        // Steps of one block and title are called alike.
        let mut known: HashMap<(&str, &str), u32> = HashMap::new();
        let mut of = |at: usize| {
            let key = draft.steps.get(at).map_or(("", ""), |step| (step.block.as_str(), step.title.as_str()));
            let named = known.entry(key).or_insert_with(|| score(words, &names_of(knowledge, draft, at)));
            (*named * 2 + u32::from(works.contains(&at)), at)
        };
        let mut all: Vec<(u32, usize)> = everything.iter().map(|at| of(*at)).filter(|(score, _)| *score > 1).collect();
        all.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        all
    };
    let mut best = scored(&wanted);
    if best.len() > 1
        && let Some(context) = context
    {
        let mut more = wanted.clone();
        more.extend(telling(&said_first(context)));
        best = scored(&more);
    }
    match best.as_slice() {
        [] => Err(Refused::Impossible(format!(
            "There is no step \"{}\" in the agent. Its steps are: {}.",
            shortened(words, 80),
            list(knowledge, draft, &working)
        ))),
        [(first, at), (second, other), ..]
            if first == second
                && draft.title(&knowledge.catalogue, *at) != draft.title(&knowledge.catalogue, *other) =>
        {
            let alike: Vec<usize> = best.iter().filter(|(score, _)| score == first).map(|(_, at)| *at).collect();
            Err(Refused::Open(vec![Question {
                question: format!("Which step do you mean: {}?", list(knowledge, draft, &alike)),
                keyword: "step".to_owned(),
                example: Some(draft.title(&knowledge.catalogue, *at)),
            }]))
        }
        [(_, at), ..] => Ok(*at),
    }
}

/// The beginning of what a person added.
fn said_first(context: &str) -> String {
    context.split_whitespace().take(ADDED).collect::<Vec<_>>().join(" ")
}

fn list(knowledge: &Knowledge, draft: &Draft, steps: &[usize]) -> String {
    let titles: Vec<String> =
        steps.iter().take(20).map(|at| shortened(&draft.title(&knowledge.catalogue, *at), 60)).collect();
    if titles.is_empty() { "none".to_owned() } else { titles.join(", ") }
}

/// The input that `words` mean: the step and the name of the input.
pub(super) fn input(
    knowledge: &Knowledge,
    draft: &Draft,
    words: &str,
    context: Option<&str>,
) -> Result<(usize, String), Refused> {
    let wanted = telling(words);
    let mut found: Vec<(u32, usize, String)> = Vec::new();
    for (at, step) in draft.steps.iter().enumerate() {
        let Some(block) = knowledge.catalogue.by_id(&step.block) else { continue };
        let step_names = names_of(knowledge, draft, at);
        if block.is_agent_input() && !wanted.is_empty() {
            // An input of the agent is meant by its own name, and its value is what is set.
            let covered =
                wanted.iter().filter(|word| score(std::slice::from_ref(word), &plain_words(&step.title)) > 0).count();
            if covered == wanted.len() {
                found.push((score(&wanted, &step_names) * 2, at, "value".to_owned()));
            }
            continue;
        }
        for (name, _) in block.input_schema().properties.iter().filter(|(name, _)| !block.is_credential(name)) {
            let own = plain_words(&name.replace('_', " "));
            let names = plain_words(&format!("{} {name}", plan::label(knowledge, block, name)).replace('_', " "));
            let hits = score(&wanted, &names);
            // Every word has to be accounted for, by the input or by its step.
            let foreign = wanted.iter().any(|word| {
                score(std::slice::from_ref(word), &names) == 0 && score(std::slice::from_ref(word), &step_names) == 0
            });
            let whole = own.iter().filter(|name| wanted.iter().any(|word| alike(word, name) > 0)).count();
            if hits > 0 && whole > 0 && !foreign {
                let missed = own.len() - whole;
                let set = u32::from(step.inputs.iter().any(|input| input.name == name));
                found.push((
                    (hits * 4 + score(&wanted, &step_names) * 2 + set)
                        .saturating_sub(u32::try_from(missed).unwrap_or(0) * 3),
                    at,
                    name.to_owned(),
                ));
            }
        }
    }
    found.sort_by_key(|(score, at, _)| (std::cmp::Reverse(*score), *at));
    match found.as_slice() {
        [] => Err(Refused::Impossible(format!(
            "There is no input \"{}\" in the agent. {}",
            shortened(words, 80),
            inputs(knowledge, draft)
        ))),
        [(first, at, name), (second, other, _), ..] if first == second && at != other => {
            let alike: Vec<usize> = found.iter().filter(|(score, ..)| score == first).map(|(_, at, _)| *at).collect();
            if let Some(context) = context
                && let Ok(meant) = step(knowledge, draft, &said_first(context), None)
                && alike.contains(&meant)
            {
                return Ok((
                    meant,
                    found
                        .iter()
                        .find(|(_, at, _)| *at == meant)
                        .map_or_else(|| name.clone(), |(_, _, name)| name.clone()),
                ));
            }
            Err(Refused::Open(vec![Question {
                question: format!("The input `{name}` of which step do you mean: {}?", list(knowledge, draft, &alike)),
                keyword: "step".to_owned(),
                example: Some(draft.title(&knowledge.catalogue, *at)),
            }]))
        }
        [(_, at, name), ..] => Ok((*at, name.clone())),
    }
}

/// The inputs that could have been meant.
fn inputs(knowledge: &Knowledge, draft: &Draft) -> String {
    let lines = working(knowledge, draft).into_iter().take(12).filter_map(|at| {
        let block = knowledge.catalogue.by_id(&draft.steps.get(at)?.block)?;
        let names: Vec<&str> = block
            .input_schema()
            .properties
            .iter()
            .map(|(name, _)| name)
            .filter(|name| !block.is_credential(name))
            .take(12)
            .collect();
        Some(format!("{}: {}", shortened(&draft.title(&knowledge.catalogue, at), 60), names.join(", ")))
    });
    format!("Inputs by step: {}.", lines.collect::<Vec<_>>().join("; "))
}
