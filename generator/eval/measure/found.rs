//! Finds names in texts, and values and inputs in agents.

use serde_json::Value;

use super::goal::Goal;

/// One word of `names` is in `text`: those with a capital letter, else the longer ones.
pub(super) fn names_one(names: &[String], text: &str) -> bool {
    let words = || names.iter().flat_map(|name| name.split_whitespace()).filter(|word| word.chars().count() > 2);
    let text = text.to_lowercase();
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    let found = |word: &str| text.contains(&word.to_lowercase());
    if words().any(|word| capital(&word)) { words().filter(capital).any(found) } else { words().any(found) }
}

/// Values of the goal that the agent does not have, and inputs that it does not ask for.
pub(super) fn lost(goal: &Goal, nodes: &[Value], asks: impl Fn(&Value) -> bool) -> Vec<String> {
    let defaults = || nodes.iter().filter_map(|node| node.get("input_default"));
    let values = goal.values.iter().filter(|value| !defaults().any(|inputs| holds(inputs, value)));
    let mut lost: Vec<String> = values.map(|value| format!("{value} is lost")).collect();
    let name = |node: &Value| Some(node.pointer("/input_default/name")?.as_str()?.to_lowercase());
    let mut asked: Vec<String> = nodes.iter().filter(|node| asks(node)).filter_map(name).collect();
    for wanted in &goal.inputs {
        match asked.iter().position(|asked| wanted.split('|').any(|word| asked.contains(word))) {
            Some(at) => drop(asked.swap_remove(at)),
            None => lost.push(format!("does not ask for {wanted}, but {asked:?}")),
        }
    }
    lost
}

fn holds(place: &Value, value: &Value) -> bool {
    match (place, value) {
        (Value::Object(parts), _) => parts.values().any(|part| holds(part, value)),
        (Value::Array(parts), _) => parts.iter().any(|part| holds(part, value)),
        (Value::String(text), Value::String(wanted)) => {
            wanted.split('|').any(|wanted| text.to_lowercase().contains(&wanted.to_lowercase()))
        }
        (Value::String(text), Value::Number(wanted)) => text.trim().parse::<f64>().ok() == wanted.as_f64(),
        (Value::Number(number), Value::Number(wanted)) => number.as_f64() == wanted.as_f64(),
        _ => false,
    }
}
