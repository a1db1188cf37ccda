//! Values that stand in an agent.

use serde_json::Value;

use crate::{catalogue::NESTED, patcher::canvas::Canvas, plan::model::Binding};

/// Where a value stands: an input of a step.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::patcher) struct Holder {
    pub(in crate::patcher) at: usize,
    pub(in crate::patcher) name: String,
    pub(in crate::patcher) value: Value,
}

/// Whether two texts say the same value.
pub(in crate::patcher) fn same(value: &Value, text: &str) -> bool {
    let text = text.trim();
    match value {
        Value::String(value) => {
            let value = value.trim();
            value.eq_ignore_ascii_case(text)
                || text.strip_prefix("r/").is_some_and(|text| value.eq_ignore_ascii_case(text))
        }
        Value::Number(number) => text.parse::<f64>().is_ok_and(|wanted| number.as_f64() == Some(wanted)),
        Value::Bool(value) => text.eq_ignore_ascii_case(if *value { "true" } else { "false" }),
        Value::Array(list) => list.iter().any(|entry| same(entry, text)),
        _ => false,
    }
}

/// Whether a text has these words, not only their letters.
pub(in crate::patcher) fn contains(text: &str, words: &str) -> bool {
    position(text, words).is_some()
}

/// Where a text has these words, in whatever letters: bytes of the text.
pub(in crate::patcher) fn position(text: &str, words: &str) -> Option<std::ops::Range<usize>> {
    let words: Vec<char> = words.trim().chars().flat_map(char::to_lowercase).collect();
    if words.is_empty() {
        return None;
    }
    let letters: Vec<(usize, char)> =
        text.char_indices().flat_map(|(at, c)| c.to_lowercase().map(move |c| (at, c))).collect();
    let is_word = |at: Option<&(usize, char)>| at.is_some_and(|(_, c)| c.is_alphanumeric());
    let found = letters.windows(words.len()).enumerate().find(|(start, window)| {
        window.iter().map(|(_, c)| c).eq(words.iter())
            && !(words.first().is_some_and(|c| c.is_alphanumeric())
                && start.checked_sub(1).is_some_and(|before| is_word(letters.get(before))))
            && !(words.last().is_some_and(|c| c.is_alphanumeric()) && is_word(letters.get(start + words.len())))
    })?;
    let start = found.1.first()?.0;
    let end = letters.get(found.0 + words.len()).map_or(text.len(), |(at, _)| *at);
    Some(start..end)
}

impl Canvas<'_> {
    /// The values of a step, those that an input of the agent has for it included.
    pub(in crate::patcher) fn holders(&self, at: usize) -> Vec<Holder> {
        let Some(step) = self.steps.get(at) else { return Vec::new() };
        let mut all = Vec::new();
        for input in &step.inputs {
            match &input.binding {
                Binding::Value(value) => all.push(Holder { at, name: input.name.clone(), value: value.clone() }),
                Binding::From { step: from, .. } if self.is(*from, |block| block.is_agent_input()) => {
                    if let Some(value) = self.value(*from, "value") {
                        all.push(Holder { at: *from, name: "value".to_owned(), value: value.clone() });
                    }
                }
                Binding::From { .. } => {}
            }
        }
        all
    }

    /// Whether a step has this value.
    pub(in crate::patcher) fn holds(&self, at: usize, text: &str) -> bool {
        let stands = |value: &Value| {
            same(value, text) || value.as_str().is_some_and(|value| value.len() < 2_000 && contains(value, text))
        };
        self.holders(at).iter().any(|holder| stands(&holder.value))
            || self.is(at, |block| block.is_agent_input()) && self.value(at, "value").is_some_and(stands)
    }

    /// Every place where exactly this value stands; each once.
    pub(in crate::patcher) fn holders_of(&self, text: &str) -> Vec<Holder> {
        let mut all: Vec<Holder> = Vec::new();
        for at in self.order() {
            for holder in self.holders(*at) {
                let declared = self.is_door(holder.at) && holder.name != "value";
                if same(&holder.value, text) && !declared && !all.contains(&holder) {
                    all.push(holder);
                }
            }
        }
        all
    }
}

/// The outer name of an input: `values` for `values_#_text`.
pub(in crate::patcher) fn outer(name: &str) -> &str {
    name.split(NESTED).next().unwrap_or(name)
}
