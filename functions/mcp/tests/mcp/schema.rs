//! Holds every result of a tool against what the tool promises: its schema, and its size.

use serde_json::{Value, json};

const TABLE: &str = include_str!("../../data/tools.json");
/// In bytes, unless the call asks for everything.
const LARGEST: usize = 25 * 1024;

/// The answer to any message: what a tool has given is held against its promises, also if a task has brought it.
pub(crate) fn check_answer(message: &Value, answer: &Value) {
    let result = &answer["result"];
    match message["method"].as_str() {
        Some("tools/call") if result.get("content").is_some() => {
            let tool = message["params"]["name"].as_str().unwrap();
            check(tool, result, &message["params"]["arguments"]);
        }
        // Which tool began it is not told.
        Some("tasks/get") if result["result"].is_object() => {
            check_told("tasks/get", &result["result"], &Value::Null);
        }
        _ => {}
    }
}

/// A result of `tools/call`.
fn check(tool: &str, result: &Value, arguments: &Value) {
    let told = check_told(tool, result, arguments);
    if result["isError"] == true {
        return;
    }
    let schema = &tools().into_iter().find(|entry| entry["name"] == tool).unwrap()["outputSchema"];
    assert_eq!(misfits(schema, &told, ""), Vec::<String>::new(), "{tool}: {told}");
    // A result has no field that the tool does not promise: a client may rely on the schema alone.
    for key in told.as_object().unwrap().keys() {
        assert!(schema["properties"].get(key).is_some(), "{tool}: {key} is not in its schema");
    }
}

/// What every result keeps: its size, and that its text tells the same as its structure. Returns that.
fn check_told(tool: &str, result: &Value, arguments: &Value) -> Value {
    let text = result["content"][0]["text"].as_str().unwrap_or_default();
    let told: Value = serde_json::from_str(text).unwrap_or_default();
    // What should be kept and is not comes along whole.
    let is_whole = arguments["full"] == true || arguments["format"] == "json" || told.get("save_error").is_some();
    let size = result.to_string().len();
    assert!(is_whole || size <= LARGEST, "{tool}: {size} bytes");
    if result["isError"] == true {
        assert!(result.get("structuredContent").is_none(), "{tool}: {result}");
        for key in ["error_type", "message", "retryable", "next"] {
            assert!(!told[key].is_null(), "{tool}: {key} is missing in {told}");
        }
    } else {
        assert_eq!(told, result["structuredContent"], "{tool}: its text tells something else");
    }
    told
}

/// As clients are told of them.
pub(crate) fn tools() -> Vec<Value> {
    serde_json::from_str(TABLE).unwrap()
}

/// The parts of JSON Schema that the table uses.
fn misfits(schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() || number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    if !types.contains(&json!(kind)) {
        return vec![format!("{path}: {kind} instead of {types:?}")];
    }
    let mut found = Vec::new();
    if let Some(choices) = schema["enum"].as_array().filter(|choices| !choices.contains(value)) {
        found.push(format!("{path}: {value} is not one of {choices:?}"));
    }
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(key).is_none() {
            found.push(format!("{path}.{key}: missing"));
        }
    }
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(value) = value.get(key) {
            found.extend(misfits(inner, value, &format!("{path}.{key}")));
        }
    }
    if let Some(items) = schema.get("items") {
        for (at, value) in value.as_array().into_iter().flatten().enumerate() {
            found.extend(misfits(items, value, &format!("{path}[{at}]")));
        }
    }
    found
}

#[test]
fn a_result_that_breaks_its_schema_is_noticed() {
    let schema = json!({"type": "object", "required": ["a"], "properties": {
        "a": {"type": ["integer", "null"]}, "b": {"type": "array", "items": {"type": "string", "enum": ["x"]}},
    }});
    assert_eq!(misfits(&schema, &json!({"a": null, "b": ["x"]}), ""), Vec::<String>::new());
    for broken in [json!([]), json!({}), json!({"a": 1.5}), json!({"a": 1, "b": "x"}), json!({"a": 1, "b": ["y"]})] {
        assert_ne!(misfits(&schema, &broken, ""), Vec::<String>::new(), "{broken}");
    }
}
