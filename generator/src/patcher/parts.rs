//! "Keep every question and answer": of two things that are to be stored or sent, none is passed over.

use std::collections::HashSet;

use super::{
    canvas::{Canvas, words::words},
    find::outer,
    wish::{Act, Operation},
};
use crate::{
    knowledge::Class,
    plan::model::Binding,
    reading::{self, Token},
};

/// What ends the things that are spoken of.
const PLACES: [&str; 12] = ["in", "into", "to", "on", "onto", "as", "via", "by", "with", "at", "for", "of"];
/// What may stand before them.
const BEFORE: [&str; 10] = ["every", "each", "the", "both", "all", "its", "a", "an", "my", "our"];

/// The first of two things that an order speaks of and that nothing brings to what was added for it.
pub(super) fn left_behind(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Option<String> {
    let (Act::Do(text) | Act::Add(text)) = &operation.act else { return None };
    let old: HashSet<&str> = before.ids.iter().map(String::as_str).collect();
    let new = |at: &usize| after.ids.get(*at).is_some_and(|id| !old.contains(id.as_str()));
    let made = (0..after.steps.len()).filter(new).find(|at| after.delivers(*at))?;
    let parts = parts(after, text)?;
    let up = after.upstream(made);
    let rests: Vec<usize> = (0..after.steps.len()).filter(|at| up.get(*at) == Some(&true)).collect();
    let mut said: HashSet<String> = HashSet::new();
    for at in &rests {
        said.extend(words(after.known, &after.title(*at)));
        let Some(step) = after.steps.get(*at) else { continue };
        for input in &step.inputs {
            match &input.binding {
                Binding::From { output, .. } => said.extend(words(after.known, output)),
                Binding::Value(value) => {
                    said.extend(
                        value.as_str().into_iter().flat_map(|text| words(after.known, &text.replace('.', " "))),
                    );
                }
            }
            said.extend(words(after.known, outer(&input.name)));
        }
    }
    let names = after.names();
    let there = |word: &String| {
        said.contains(word)
            || rests.iter().any(|at| *at != made && names.get(*at).is_some_and(|names| names.fit(word) > 0))
    };
    parts.into_iter().find(|part| !words(after.known, part).iter().any(there))
}

/// The two things between the verb and the place.
fn parts(canvas: &Canvas<'_>, text: &str) -> Option<Vec<String>> {
    let tokens = reading::tokens(text);
    let verb = canvas.known.vocabulary.canonical(tokens.first()?.word()?);
    let delivers = [Class::Tell, Class::Store, Class::Hand].iter().any(|class| canvas.known.is(&verb, *class));
    if !delivers && !matches!(verb.as_str(), "keep" | "log" | "record" | "add" | "put") {
        return None;
    }
    let end = tokens.iter().position(|token| token.word().is_some_and(|word| PLACES.contains(&word)))?;
    let object = tokens.get(1..end)?;
    if object.iter().any(|token| token.value().is_some()) {
        return None;
    }
    let plain: Vec<&str> = object.iter().filter_map(Token::word).collect();
    let and = plain.iter().position(|word| *word == "and")?;
    let (one, other) = (plain.get(..and)?, plain.get(and + 1..)?);
    let bare = |words: &[&str]| {
        let named: Vec<&str> = words.iter().copied().filter(|word| !BEFORE.contains(word)).collect();
        (1..3).contains(&named.len()).then(|| named.join(" "))
    };
    (!other.contains(&"and")).then(|| Some(vec![bare(one)?, bare(other)?])).flatten()
}
