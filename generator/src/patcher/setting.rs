//! Setting and clearing the values of inputs.

use serde_json::Value;
use shared::{json, port::Question};

use super::{
    Refused,
    draft::Draft,
    edits::{add, is},
    order::{serving, sweep},
    target, what_to_change,
};
use crate::{Watch, catalogue::schema::Types, knowledge::Knowledge, plan::model::Binding, text::shortened};

/// Sets the value of an input.
pub(super) fn set(
    knowledge: &Knowledge,
    draft: &mut Draft,
    what: &str,
    value: &str,
    context: Option<&str>,
) -> Result<(), Refused> {
    let (at, name) = target::input(knowledge, draft, what, context)?;
    let served = serving(draft);
    set_at(knowledge, draft, at, &name, value)?;
    sweep(knowledge, draft, &served)
}

fn set_at(knowledge: &Knowledge, draft: &mut Draft, at: usize, name: &str, value: &str) -> Result<(), Refused> {
    // What an input of the agent asks for keeps being asked; the value becomes what stands there when nobody answers.
    let asked = draft.steps.get(at).and_then(|step| match step.binding(name) {
        Some(Binding::From { step, .. })
            if is(knowledge, draft, *step, |block| block.is_agent_input()) && draft.takers(*step).len() == 1 =>
        {
            Some(*step)
        }
        _ => None,
    });
    let Some(block) = draft.steps.get(at).and_then(|step| knowledge.catalogue.by_id(&step.block)) else {
        return Ok(());
    };
    let schema = block.input_schema().properties.get(name);
    let types = block.input_type(name).unwrap_or(Types::ANY);
    let choices = schema.map(|schema| schema.choices.as_slice()).unwrap_or_default();
    let wrong = |takes: &str| {
        let text = format!(
            "The input `{name}` of {} takes {takes}, not \"{}\".",
            draft.title(&knowledge.catalogue, at),
            shortened(value, 80)
        );
        Refused::Impossible(text)
    };
    let value = if choices.is_empty() {
        typed(value, types).ok_or_else(|| wrong(&types.to_string()))?
    } else {
        let same = |choice: &&Value| {
            choice.as_str().is_some_and(|choice| choice.eq_ignore_ascii_case(value.trim()))
                || (choice.is_number() && typed(value, Types::NUMBER).as_ref() == Some(*choice))
        };
        let names = || {
            choices
                .iter()
                .take(40)
                .map(|choice| choice.as_str().map_or_else(|| choice.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join(", ")
        };
        choices.iter().find(same).cloned().ok_or_else(|| wrong(&format!("one of {}", names())))?
    };
    match asked {
        Some(step) => draft.bind(knowledge, step, "value", Binding::Value(value)),
        None => draft.bind(knowledge, at, name, Binding::Value(value)),
    }
    Ok(())
}

/// A value of a type, from a text.
fn typed(text: &str, types: Types) -> Option<Value> {
    let text = text.trim();
    if types.is_any() || types.admits(&Value::from("")) {
        return Some(Value::from(text));
    }
    if types.admits(&Value::Bool(true)) {
        return match text.to_lowercase().as_str() {
            "true" | "yes" | "on" => Some(Value::Bool(true)),
            "false" | "no" | "off" => Some(Value::Bool(false)),
            _ => None,
        };
    }
    if let Some(value) = json::spelt(text)
        && types.admits(&value)
    {
        return Some(value);
    }
    // "60 seconds" is 60.
    let number = text.split_whitespace().next().and_then(json::spelt);
    if let Some(number) =
        number.filter(|value| value.is_number() && types.admits(value) && text.split_whitespace().count() <= 2)
    {
        return Some(number);
    }
    let list = types.admits(&Value::Array(Vec::new())) && !text.starts_with(['[', '{']);
    list.then(|| text.split(',').map(|part| Value::from(part.trim())).collect())
}

/// Takes the value of an input away.
pub(super) fn clear(
    knowledge: &Knowledge,
    draft: &mut Draft,
    what: &str,
    context: Option<&str>,
) -> Result<(), Refused> {
    let (at, name) = target::input(knowledge, draft, what, context)?;
    let by_hand = draft.steps.get(at).is_some_and(|step| !matches!(step.binding(&name), Some(Binding::From { .. })));
    let text = is(knowledge, draft, at, |block| {
        let schema = block.input_schema().properties.get(&name);
        schema.is_some_and(|schema| schema.choices.is_empty() && schema.kind().is_within(Types::STRING))
    });
    let required = is(knowledge, draft, at, |block| block.required_inputs().any(|required| required == name));
    if required && by_hand && text {
        // An empty text is what was asked for; without one the block would not run.
        draft.bind(knowledge, at, &name, Binding::Value(Value::from("")));
        return Ok(());
    }
    if required {
        return Err(Refused::Impossible(format!(
            "The input `{name}` of {} is required; set it to something else instead.",
            draft.title(&knowledge.catalogue, at)
        )));
    }
    let served = serving(draft);
    draft.unbind(at, &name);
    sweep(knowledge, draft, &served)
}

/// Uses a value wherever it is a choice: "use gpt-4o".
pub(super) fn use_value(
    knowledge: &Knowledge,
    draft: &mut Draft,
    value: &str,
    context: Option<&str>,
    watch: Watch<'_>,
) -> Result<(), Refused> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let (named, rest) = match words.as_slice() {
        ["the", "model", name, rest @ ..]
        | ["model", name, rest @ ..]
        | ["the", name, "model", rest @ ..]
        | [name, "model", rest @ ..] => (Some(*name), rest),
        [name, rest @ ..] => (Some(*name), rest),
        [] => (None, &[][..]),
    };
    let Some(named) = named else { return Err(Refused::Open(vec![what_to_change()])) };
    let mut holders = Vec::new();
    let mut with_model = Vec::new();
    for (at, step) in draft.steps.iter().enumerate() {
        let Some(block) = knowledge.catalogue.by_id(&step.block) else { continue };
        for (name, schema) in block.input_schema().properties.iter().filter(|(_, schema)| !schema.choices.is_empty()) {
            if name == "model" {
                with_model.push(at);
            }
            if schema
                .choices
                .iter()
                .any(|choice| choice.as_str().is_some_and(|choice| choice.eq_ignore_ascii_case(named)))
            {
                holders.push((at, name.to_owned()));
            }
        }
    }
    if !rest.is_empty() && holders.len() > 1 {
        let at = target::step(knowledge, draft, &rest.join(" "), context)?;
        holders.retain(|(holder, _)| *holder == at);
    }
    if holders.is_empty() {
        return match with_model.first() {
            Some(at) if value.contains("model") => set_at(knowledge, draft, *at, "model", named),
            _ => match add(knowledge, draft, &format!("send it to {value}"), context, watch) {
                Ok(()) => Ok(()),
                Err(Refused::Failed(failure)) => Err(Refused::Failed(failure)),
                Err(_) => Err(Refused::Open(vec![Question {
                    question: format!("What should \"{}\" be used for?", shortened(value, 60)),
                    keyword: "input".to_owned(),
                    example: Some("Set the model to gpt-4o".to_owned()),
                }])),
            },
        };
    }
    holders.iter().try_for_each(|(at, name)| set_at(knowledge, draft, *at, name, named))
}
