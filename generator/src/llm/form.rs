//! Says where an answer leaves its JSON Schema: by path and kind, never by value, since an answer repeats the person's
//! words. serde's errors quote values, and name types of this program.

use serde_json::Value;

/// At most this many misfits are listed.
const LISTED: usize = 20;

/// Lists what does not fit, such as `steps[0].inputs: a string instead of an array`. First what is of another kind, then
/// what is missing. Understands `type`, `enum`, `anyOf`, `required`, `properties` and `items`.
pub(super) fn misfits(schema: &str, answer: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(schema).unwrap_or_default();
    let mut found = Misfits::default();
    found.look("", &schema, answer);
    found.wrong.into_iter().chain(found.missing).take(LISTED).collect()
}

#[derive(Debug, Default)]
struct Misfits {
    wrong: Vec<String>,
    missing: Vec<String>,
}

impl Misfits {
    fn look(&mut self, path: &str, schema: &Value, value: &Value) {
        if self.wrong.len() >= LISTED {
            return;
        }
        let alternatives =
            schema.get("anyOf").and_then(Value::as_array).map_or(std::slice::from_ref(schema), Vec::as_slice);
        let mut fitting = alternatives.iter().filter(|one| types(one).any(|name| is_of(value, name))).peekable();
        let Some(first) = fitting.peek().copied() else {
            if alternatives.iter().any(|one| one.get("type").is_some()) {
                let mut names: Vec<&str> = alternatives.iter().flat_map(types).map(kind).collect();
                names.dedup();
                self.wrong.push(format!("{}: {} instead of {}", shown(path), kind_of(value), names.join(" or ")));
            }
            return;
        };
        // Alternatives of one kind are told apart by their `type`.
        let tagged = |one: &&Value| one.pointer("/properties/type").is_none_or(|tag| is_named(tag, value.get("type")));
        let Some(schema) = fitting.find(tagged).or(alternatives.get(1).is_none().then_some(first)) else {
            self.wrong.push(format!("{}: not one that is known", shown(&format!("{path}.type"))));
            return;
        };
        if !is_named(schema, Some(value)) {
            self.wrong.push(format!("{}: not one of {}", shown(path), names(schema).collect::<Vec<_>>().join(", ")));
        }
        for key in schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if value.get(key).is_none() && self.missing.len() < LISTED {
                self.missing.push(format!("{}: missing", shown(&format!("{path}.{key}"))));
            }
        }
        for (key, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if let Some(value) = value.get(key) {
                self.look(&format!("{path}.{key}"), inner, value);
            }
        }
        if let Some(inner) = schema.get("items") {
            for (at, value) in value.as_array().into_iter().flatten().enumerate() {
                self.look(&format!("{path}[{at}]"), inner, value);
            }
        }
    }
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "the answer" } else { path.strip_prefix('.').unwrap_or(path) }
}

/// The names in `type`, which is one or a list.
fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let named =
        schema.get("type").map_or(&[][..], |named| named.as_array().map_or(std::slice::from_ref(named), Vec::as_slice));
    named.iter().filter_map(Value::as_str)
}

/// The names in `enum`.
fn names(schema: &Value) -> impl Iterator<Item = &str> {
    schema.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Whether `enum`, if there is one, has the value.
fn is_named(schema: &Value, value: Option<&Value>) -> bool {
    schema.get("enum").is_none() || names(schema).any(|name| value.and_then(Value::as_str) == Some(name))
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    }
}

fn kind(name: &str) -> &'static str {
    match name {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "a boolean",
        "array" => "an array",
        "object" => "an object",
        _ => "null",
    }
}

fn kind_of(value: &Value) -> &'static str {
    ["string", "number", "boolean", "array", "object"].into_iter().find(|name| is_of(value, name)).map_or("null", kind)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PLAN: &str = include_str!("../../prompts/plan.schema.json");
    const PATCH: &str = include_str!("../../prompts/patch.schema.json");

    fn first(schema: &str, answer: Value) -> String {
        misfits(schema, &answer).swap_remove(0)
    }

    #[test]
    fn an_engineer_learns_the_place_and_the_kind_of_a_misfit() {
        let step = |key: &str, value: Value| json!({"type": "instructions", "steps": [{}, {key: value}]});
        for (answer, misfit) in [
            (json!([]), "the answer: an array instead of an object"),
            (
                json!({"type": "poem"}),
                "type: not one of instructions, clarifying_questions, unachievable_goal, vague_goal",
            ),
            (json!({"type": null}), "type: null instead of a string"),
            (json!({"type": "instructions", "steps": "[]"}), "steps: a string instead of an array or null"),
            (json!({"type": "instructions", "steps": {"0": {}}}), "steps: an object instead of an array or null"),
            (step("number", json!("2")), "steps[1].number: a string instead of an integer"),
            (step("number", json!(2.5)), "steps[1].number: a number instead of an integer"),
            (step("inputs", json!({"a": 1})), "steps[1].inputs: an object instead of an array"),
            (
                step("inputs", json!([{"source": "1"}])),
                "steps[1].inputs[0].source: a string instead of an object or null",
            ),
            (
                step("inputs", json!([{"source": {"step": true}}])),
                "steps[1].inputs[0].source.step: a boolean instead of an integer",
            ),
            (json!({}), "type: missing"),
        ] {
            assert_eq!(first(PLAN, answer.clone()), misfit, "{answer}");
        }
        for (patch, misfit) in [
            (json!("{}"), "patches[0]: a string instead of an object"),
            (json!({"type": "turn"}), "patches[0].type: not one that is known"),
            (json!({"type": "modify", "changes": {}}), "patches[0].node_id: missing"),
            (json!({"type": "remove", "node_ids": "n1"}), "patches[0].node_ids: a string instead of an array"),
        ] {
            let answer = json!({"type": "patch", "patches": [patch]});
            let found = misfits(PATCH, &answer);
            assert!(found.iter().any(|one| one.starts_with(misfit)), "{answer}: {found:?}");
        }
    }

    #[test]
    fn an_answer_of_many_misfits_is_told_in_few_lines() {
        let steps = vec![json!(7); 5_000];
        assert_eq!(misfits(PLAN, &json!({"type": "instructions", "steps": steps})).len(), LISTED);
    }
}
