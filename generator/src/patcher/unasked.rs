//! Compares an agent before and after an operation: what nobody asked for must not have happened.

use std::collections::{HashMap, HashSet};

use super::{
    canvas::{Canvas, Link},
    edits::{is_address, is_sound},
    find::outer,
    parts,
    refused::Refused,
    spoken,
    twice::{again, doubled, old_in, same_for_each},
    wish::{Act, Operation, Place},
};
use crate::{
    catalogue::{Block, special},
    knowledge::is_text_model,
    plan::model::{Binding, Input, Step},
    text::shortened,
};

/// Verbs that ask for something to be read.
const READS: [&str; 24] = [
    "read",
    "get",
    "fetch",
    "load",
    "pull",
    "look",
    "search",
    "find",
    "check",
    "list",
    "take",
    "collect",
    "download",
    "scrape",
    "google",
    "ask",
    "use",
    "import",
    "retrieve",
    "query",
    "watch",
    "compare",
    "screenshot",
    "transcribe",
];

/// The id of the step that an operation changed or added: the last one that does something.
pub(super) fn touched(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let old: HashMap<&str, usize> = before.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let changes = |at: &usize| {
        let id = after.ids.get(*at).map_or("", String::as_str);
        let was = old.get(id).and_then(|at| before.steps.get(*at));
        was.zip(after.steps.get(*at)).is_none_or(|(was, is)| differs(was, is))
    };
    let changed: Vec<usize> = after.working().into_iter().filter(changes).collect();
    let own = changed.iter().rev().find(|at| !after.is_helper(**at)).or(changed.last());
    own.and_then(|at| after.ids.get(*at).cloned())
}

/// Whether all that is new joins one step to another.
fn only_joins(before: &Canvas<'_>, after: &Canvas<'_>) -> bool {
    let old: HashMap<&str, usize> = before.ids.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let (mut joins, mut works) = (false, before.agent != after.agent || before.ids.len() > after.ids.len());
    for (at, id) in after.ids.iter().enumerate() {
        match old.get(id.as_str()).and_then(|at| before.steps.get(*at)) {
            None if after.is_helper(at) => joins = true,
            None => works = true,
            Some(was) => works |= after.steps.get(at).is_some_and(|is| differs(was, is)),
        }
    }
    joins && !works
}

/// A new step that takes a text for a picture or a file.
fn text_as_file(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    const FILES: [&str; 7] = ["file", "media_urls", "image_url", "image", "photo", "video", "audio"];
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    // Through what only puts it into a list.
    let source = |step: usize| {
        let helper = after.is_helper(step).then(|| after.main_link(step)).flatten();
        helper.map_or(step, |link| link.from)
    };
    let written = |input: &Input| match &input.binding {
        Binding::From { step, .. } => {
            let writes = |block: &Block| is_text_model(block) && block.id != special::STORE_VALUE;
            let words = |block: &Block| {
                block
                    .output_schema()
                    .properties
                    .iter()
                    .any(|(name, _)| matches!(name, "transcript" | "summary" | "content"))
            };
            let from = source(*step);
            FILES.contains(&input.name.as_str())
                && after.block(from).is_some_and(|block| writes(block) || from != *step && words(block))
        }
        Binding::Value(_) => false,
    };
    let new = |at: &usize| after.ids.get(*at).is_some_and(|id| !old.contains(id.as_str()));
    let takes = |at: &usize| after.steps.get(*at).is_some_and(|step| step.inputs.iter().any(written));
    (0..after.steps.len()).filter(new).find(takes).map(|at| after.title(at))
}

/// A new condition that says nothing of what flows.
fn unsound(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let is_old = old_in(before, after);
    let new = |at: &usize| !is_old(*at);
    let judges = |at: &usize| after.is(*at, |block| block.id == special::AI_CONDITION);
    let mut conditions =
        (0..after.steps.len()).filter(new).filter(judges).filter_map(|at| after.value(at, "condition")?.as_str());
    conditions.find(|condition| !is_sound(after.known, condition)).map(str::to_owned)
}

/// A new step that brings something in, of which nothing reaches what was there.
fn loose(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let is_old: Vec<bool> = after.ids.iter().map(|id| old.contains(id.as_str())).collect();
    let delivers = |at: usize| after.delivers(at) && !after.is_door(at);
    let begins = |at: &usize| is_old.get(*at) == Some(&false) && after.begins(*at) && !after.is_door(*at);
    let used = |at: usize| {
        let down = after.downstream(at);
        down.iter()
            .enumerate()
            .any(|(other, reached)| *reached && (is_old.get(other) == Some(&true) || other != at && delivers(other)))
    };
    (0..after.steps.len())
        .filter(begins)
        .find(|at| !after.is(*at, |block| block.trigger) && !used(*at))
        .map(|at| after.title(at))
}

/// A new step that reads a service that the wish does not speak of: the agent has its matter already.
fn reads_unasked(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Option<String> {
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let lower = operation.said.to_lowercase();
    // "by email" is a way, no inbox.
    let said = ["by email", "by e-mail", "by mail", "via email", "via mail", "via e-mail"]
        .iter()
        .fold(lower, |text, way| text.replace(way, ""));
    let words: HashSet<String> = super::canvas::words::words(after.known, &said).into_iter().collect();
    let reads = READS.iter().any(|verb| words.contains(*verb) || said.split_whitespace().any(|word| word == *verb));
    let new = |at: &usize| after.ids.get(*at).is_some_and(|id| !old.contains(id.as_str()));
    // In one case only: what stands in the entry is looked up anew.
    let judges = |canvas: &Canvas<'_>| canvas.steps.iter().filter(|step| step.block == special::AI_CONDITION).count();
    let gated = judges(after) > judges(before);
    let foreign = |at: &usize| {
        after.begins(*at)
            && after.is(*at, |block| {
                let meaning = after.known.meaning(block);
                let named = |text: &String| {
                    super::canvas::words::words(after.known, text).iter().any(|word| words.contains(word))
                };
                // The inbox that is read already is not read a second time.
                let twice = || before.steps.iter().any(|step| step.block == block.id);
                let looked_up = gated && block.name == "FindInDictionaryBlock";
                !block.trigger && !block.is_agent_input() && !looked_up && twice()
                    || !block.trigger
                        && meaning.service.as_ref().is_some_and(|service| !named(service))
                        && !meaning.objects.iter().any(named)
            })
    };
    (0..after.steps.len()).filter(|_| !reads).filter(new).find(foreign).map(|at| after.title(at))
}

/// A new text of a language model whose only matter is where something goes: a team, an address, an id.
fn odd_matter(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let is_old = old_in(before, after);
    let place = |name: &str| {
        is_address(name) || name.ends_with("_id") || matches!(name, "team_name" | "smtp_server" | "repo" | "range")
    };
    let places = |door: usize| {
        if !after.is_door(door) || !is_old(door) {
            return false;
        }
        let mut links = after.links_out(door).into_iter().filter(|link| is_old(link.to)).peekable();
        links.peek().is_some() && links.all(|link| place(outer(&link.input)))
    };
    // An id that is looked up for another step is no text either.
    let id = |link: &Link| {
        let key = || after.value(link.from, "key").and_then(|key| key.as_str()) == Some("id");
        matches!(outer(&link.input), "text" | "body" | "message_content" | "input_value" | "prompt_values")
            && is_old(link.from)
            && key()
    };
    if let Some(at) =
        (0..after.steps.len()).filter(|at| !is_old(*at)).find(|at| after.links_into(*at).any(|link| id(&link)))
    {
        return Some(after.title(at));
    }
    let odd = |at: &usize| {
        let mut links = after.links_into(*at).peekable();
        after.is(*at, is_text_model) && links.peek().is_some() && links.all(|link| places(link.from))
    };
    (0..after.steps.len()).filter(|at| !is_old(*at)).find(odd).map(|at| after.title(at))
}

/// A new step that was to come in between, of which nothing reaches what was there.
fn beside(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Option<String> {
    let between = matches!(operation.place, Some(Place::Before(_) | Place::Between(..) | Place::First));
    if !between || operation.condition.is_none() || !matches!(operation.act, Act::Do(_) | Act::Add(_)) {
        return None;
    }
    let is_old = old_in(before, after);
    let made: Vec<usize> = after.working().into_iter().filter(|at| !is_old(*at) && !after.is_helper(*at)).collect();
    let in_vain =
        |at: &usize| {
            !after.delivers(*at)
                && !after.downstream(*at).iter().enumerate().any(|(other, reached)| {
                    *reached && !after.is_door(other) && (is_old(other) || after.delivers(other))
                })
        };
    made.last().filter(|at| in_vain(at)).map(|at| after.title(*at))
}

/// A new step that takes a video or a picture for the text that it puts on it.
fn file_as_text(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let is_old = old_in(before, after);
    let twice = |at: &usize| {
        let inputs = after.steps.get(*at).map(|step| step.inputs.as_slice()).unwrap_or_default();
        let text = inputs.iter().find(|input| matches!(input.name.as_str(), "text" | "caption" | "script"));
        text.is_some_and(|text| {
            let linked = matches!(text.binding, Binding::From { .. });
            linked && inputs.iter().any(|input| input.name != text.name && input.binding == text.binding)
        })
    };
    (0..after.steps.len()).filter(|at| !is_old(*at)).find(twice).map(|at| after.title(at))
}

/// A new step that stores something which nothing reads.
fn unread(before: &Canvas<'_>, after: &Canvas<'_>) -> Option<String> {
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let is = |at: &usize, name: &str| after.is(*at, |block| block.name == name);
    let reads = (0..after.steps.len()).any(|at| is(&at, "RetrieveInformationBlock"));
    let stores = |at: &usize| {
        is(at, "PersistInformationBlock") && after.ids.get(*at).is_some_and(|id| !old.contains(id.as_str()))
    };
    (0..after.steps.len()).find(stores).filter(|_| !reads).map(|at| after.title(at))
}

/// In its title or in a value.
fn differs(was: &Step, is: &Step) -> bool {
    let values = |step: &Step| -> Vec<Input> {
        step.inputs.iter().filter(|input| matches!(input.binding, Binding::Value(_))).cloned().collect()
    };
    was.title != is.title || values(was) != values(is)
}

/// Fails if the sentence names something that stands nowhere in the agent after all that it asks for was done.
pub(super) fn all_named(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Result<(), Refused> {
    let Some(named) = spoken::passed_over(before, after, operation) else { return Ok(()) };
    Err(Refused::Lost(format!(
        "I did not understand \"{}\": {} would stand nowhere in the agent.",
        shortened(operation.own(), 120),
        shortened(&named, 60)
    )))
}

/// Refuses an operation that took away work which it does not name, and one that does no work although it asks for some.
pub(super) fn check(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Result<(), Refused> {
    // "one mail with all instead of one for each" asks for no work.
    let asks = matches!(operation.act, Act::Add(_) | Act::Do(_)) && operation.instead.is_none();
    if asks && only_joins(before, after) {
        let said = shortened(operation.own(), 120);
        return Err(Refused::Lost(format!("I did not understand what \"{said}\" should do: no step would do it.")));
    }
    if let Some(title) = text_as_file(before, after) {
        return Err(Refused::unserved(format!(
            "No step makes the picture or file that {title} takes: a language model writes text."
        )));
    }
    if let Some(title) =
        reads_unasked(before, after, operation).filter(|_| matches!(operation.act, Act::Add(_) | Act::Do(_)))
    {
        return Err(Refused::Lost(format!(
            "I did not understand what \"{}\" should work on: {title} would read something of its own.",
            shortened(operation.own(), 120)
        )));
    }
    if let Some(part) = parts::left_behind(before, after, operation) {
        return Err(Refused::Lost(format!(
            "I did not understand \"{}\": nothing before it gives \"{}\".",
            shortened(operation.own(), 120),
            shortened(&part, 60)
        )));
    }
    if let Some(title) = odd_matter(before, after).or_else(|| beside(before, after, operation)) {
        return Err(Refused::Lost(format!(
            "I did not understand what \"{}\" should work on: {title} would stand beside the rest.",
            shortened(operation.own(), 120)
        )));
    }
    if let Some(title) = file_as_text(before, after) {
        return Err(Refused::unsupported(format!("No step writes the text that {title} takes.")));
    }
    let copies = matches!(operation.act, Act::Copy(_));
    if let Some(title) = again(before, after).filter(|_| !operation.also && operation.place.is_none() && !copies) {
        return Err(Refused::Lost(format!(
            "I did not understand what \"{}\" should change: {title} does this already.",
            shortened(operation.own(), 120)
        )));
    }
    if let Some(title) = doubled(before, after, operation) {
        return Err(Refused::Lost(format!(
            "I did not understand what \"{}\" should change: {title} sends something there already.",
            shortened(operation.own(), 120)
        )));
    }
    if let Some(title) = same_for_each(before, after) {
        return Err(Refused::unsupported(format!(
            "{title} would give the same for each of them: nothing that comes tells it what to take."
        )));
    }
    if let Some(title) = unread(before, after) {
        return Err(Refused::unsupported(format!(
            "\"{}\" would store something that no step reads: {title} alone changes nothing.",
            shortened(operation.own(), 120)
        )));
    }
    if let Some(condition) = unsound(before, after) {
        return Err(Refused::Lost(format!(
            "I did not understand the condition \"{}\": it says nothing of what the agent works on.",
            shortened(&condition, 120)
        )));
    }
    if let Some(title) = loose(before, after).filter(|_| !operation.also && !matches!(operation.act, Act::Add(_))) {
        return Err(Refused::Lost(format!(
            "I did not understand what \"{}\" should do: {title} would have nothing to do with the rest.",
            shortened(operation.own(), 120)
        )));
    }
    let takes = matches!(operation.act, Act::Do(_)) && operation.said.to_lowercase().contains("without ")
        || operation.instead.is_some()
        // "make those Linear issues"
        || matches!(&operation.act, Act::Make(text) if text.starts_with("those ") || text.starts_with("these "))
        || operation.contrast.is_some()
        || after.exchanged
        // "only mail me": what went out otherwise.
        || operation.only && matches!(operation.act, Act::Do(_)) && operation.condition.is_none()
        || matches!(
            operation.act,
            Act::Remove(_)
                | Act::OnlyOutput(_)
                | Act::Output(_)
                | Act::Replace { .. }
                | Act::Change { from: Some(_), .. }
                | Act::Use { .. }
                | Act::Start(_)
        );
    if takes {
        return Ok(());
    }
    let left: HashSet<&str> = after.ids.iter().map(String::as_str).collect();
    let lost = (0..before.steps.len()).find(|at| {
        let gone = before.ids.get(*at).is_some_and(|id| !left.contains(id.as_str()));
        gone && !before.is_door(*at) && !before.is_helper(*at)
    });
    match lost {
        Some(at) => {
            Err(Refused::unsupported(format!("This would take {} away, which was not asked for.", before.title(at))))
        }
        None => Ok(()),
    }
}
