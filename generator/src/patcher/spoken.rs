//! What a wish names stands in the changed agent: a channel, an address, a text in quotation marks, a service.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::{
    canvas::Canvas,
    edits::is_model,
    find::bare,
    wish::{Act, Operation},
};
use crate::{
    plan::model::Binding,
    reading::{self, Token, TokenKind, Value},
};

/// The first thing that an operation names, and that neither agent has.
pub(super) fn passed_over(before: &Canvas<'_>, after: &Canvas<'_>, operation: &Operation) -> Option<String> {
    let said = operation.said.as_str();
    let tokens = reading::tokens(said);
    let named: Vec<&str> = tokens
        .iter()
        .enumerate()
        .filter(|(at, token)| names(after, said, *at, token))
        .map(|(_, token)| token.raw(said))
        .collect();
    if named.is_empty() {
        return None;
    }
    let texts = [before, after].map(texts);
    let services: HashSet<&str> = [before, after].into_iter().flat_map(services).collect();
    let known = &after.known;
    // "Claude instead of GPT": what goes need not stand there.
    let gone = match &operation.act {
        Act::Replace { old, .. } => old,
        _ => operation.instead.as_deref().unwrap_or_default(),
    };
    let missing = named.into_iter().filter(|raw| gone != *raw || !is_model(raw)).find(|raw| {
        let plain =
            bare(raw).trim_start_matches(['#', '@']).trim_start_matches("r/").trim_end_matches('.').to_lowercase();
        let service =
            known.vocabulary.service(raw).map(|service| service.name.as_str()).or_else(|| known.catalogue.service(raw));
        !plain.is_empty()
            && !service.is_some_and(|service| services.contains(service))
            && !texts.iter().any(|text| text.contains(&plain))
    });
    missing.map(str::to_owned)
}

fn names(after: &Canvas<'_>, said: &str, at: usize, token: &Token) -> bool {
    match &token.kind {
        TokenKind::Value(value) => matches!(value, Value::Channel(_) | Value::Email(_) | Value::Quoted(_)),
        // The name of a service is written like a name; the first word of a sentence always is.
        TokenKind::Word(_) => {
            let raw = token.raw(said);
            at > 0 && raw.starts_with(char::is_uppercase) && after.known.vocabulary.service(raw).is_some()
        }
        TokenKind::Mark(_) => false,
    }
}

/// All texts of an agent, in small letters.
fn texts(canvas: &Canvas<'_>) -> String {
    let mut all = String::new();
    canvas.agent.values().for_each(|value| take(value, &mut all));
    for step in &canvas.steps {
        all.push_str(&step.title.to_lowercase());
        all.push('\n');
        for input in &step.inputs {
            if let Binding::Value(value) = &input.binding {
                take(value, &mut all);
            }
        }
    }
    all
}

fn take(value: &Json, all: &mut String) {
    match value {
        Json::String(text) => {
            all.push_str(&text.to_lowercase());
            all.push('\n');
        }
        Json::Array(list) => list.iter().for_each(|entry| take(entry, all)),
        Json::Object(map) => map.values().for_each(|entry| take(entry, all)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn services<'c>(canvas: &'c Canvas<'_>) -> impl Iterator<Item = &'c str> {
    let service = |at: usize| canvas.block(at).and_then(|block| canvas.known.meaning(block).service.as_deref());
    (0..canvas.steps.len()).filter_map(service)
}
