//! Whatever a person's words are, they come through a way of writing unchanged, and stay out of errors.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{decomposition, plan, steps};

/// How an answer is written.
#[derive(Debug, Clone, Copy)]
struct Style {
    quote: (char, char),
    bare_keys: bool,
    python: bool,
    trailing: bool,
    comment: &'static str,
    raw_lines: bool,
}

const PLAIN: Style =
    Style { quote: ('"', '"'), bare_keys: false, python: false, trailing: false, comment: "", raw_lines: false };

const STYLES: [Style; 9] = [
    PLAIN,
    Style { quote: ('\'', '\''), python: true, ..PLAIN },
    Style { quote: ('“', '”'), ..PLAIN },
    Style { quote: ('`', '`'), raw_lines: true, ..PLAIN },
    Style { bare_keys: true, trailing: true, ..PLAIN },
    Style { comment: " // it's {\"so\": [\n", ..PLAIN },
    Style { comment: " /* \" } */ ", trailing: true, ..PLAIN },
    Style { comment: " # {'\n", python: true, ..PLAIN },
    Style { raw_lines: true, ..PLAIN },
];

impl Style {
    fn text(&self, text: &str) -> String {
        let mut written = String::from(self.quote.0);
        for c in text.chars() {
            match c {
                '\\' => written.push_str("\\\\"),
                '\n' if !self.raw_lines => written.push_str("\\n"),
                // The escapes of JSON that a text in other quotes needs as well.
                '"' | '\'' | '`' | '“' | '”' if self.quote != ('"', '"') || c == '"' => written.extend(['\\', c]),
                c if c.is_control() && c != '\n' => written.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => written.push(c),
            }
        }
        written.push(self.quote.1);
        written
    }

    fn value(&self, value: &Value) -> String {
        let comma = format!(",{}", self.comment);
        let last = if self.trailing { "," } else { "" };
        match value {
            Value::Null if self.python => "None".to_owned(),
            Value::Bool(true) if self.python => "True".to_owned(),
            Value::Bool(false) if self.python => "False".to_owned(),
            Value::String(text) => self.text(text),
            Value::Array(all) => {
                let all: Vec<String> = all.iter().map(|one| self.value(one)).collect();
                let last = if all.is_empty() { "" } else { last };
                format!("[{}{last}]", all.join(&comma))
            }
            Value::Object(all) => {
                let entry = |(key, value): (&String, &Value)| {
                    let key = if self.bare_keys && !key.is_empty() && !key.contains('#') {
                        key.clone()
                    } else {
                        self.text(key)
                    };
                    format!("{key}: {}", self.value(value))
                };
                let all: Vec<String> = all.iter().map(entry).collect();
                format!("{{{}{}{last}}}", self.comment, all.join(&comma))
            }
            other => other.to_string(),
        }
    }
}

fn said() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "[\\[\\]{}\",:'`“”\\\\/#*<>|a \n\t-]{0,40}",
        prop::sample::select(vec![
            "null",
            "None",
            "{\"type\": \"vague_goal\"}",
            "<think>",
            "</think> {",
            "```json",
            "// no",
            "it's \"so\"",
            "[1, 2"
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_is_the_same_in_every_way_of_writing(title in said(), value in said()) {
        let mut plan = plan();
        plan["steps"][0]["title"] = json!(title);
        plan["steps"][3]["inputs"][0]["value"] = json!(value);
        let right = steps(&plan.to_string()).map_err(|failure| failure.service_error);
        for style in STYLES {
            let written = style.value(&plan);
            let read = steps(&written).map_err(|failure| failure.service_error);
            prop_assert_eq!(&read, &right, "{:?}: {}", style, written);
            let read = steps(&format!("So:\n```json\n{written}\n```")).map_err(|failure| failure.service_error);
            prop_assert_eq!(&read, &right, "in a fence, {:?}: {}", style, written);
        }
    }
}

#[test]
fn no_word_of_the_answer_is_in_an_error() {
    const MARK: &str = "Kestrel4711";
    let marked = |text: String| text.replace("channel", MARK).replace("Slack", MARK).replace("entry", MARK);
    let whole = plan().to_string();
    let mut wrong: Vec<String> =
        (10..whole.len()).step_by(23).filter_map(|at| whole.get(..at).map(str::to_owned)).collect();
    wrong.extend(["\"", "{", "]", " x "].iter().flat_map(|put| {
        let whole = &whole;
        (10..whole.len())
            .step_by(211)
            .filter_map(move |at| Some(format!("{}{put}{}", whole.get(..at)?, whole.get(at..)?)))
    }));
    let mut keys = plan();
    keys[MARK] = json!(MARK);
    keys[format!("schedule {MARK}")] = json!(MARK);
    keys["steps"][0][MARK] = json!([MARK]);
    keys["recommended_schedule_cron"] = json!(null);
    wrong.push(keys.to_string());
    wrong.push(json!({MARK: {"type": "instructions", "steps": {MARK: {MARK: 1}}}}).to_string());
    let mut failed = 0;
    for answer in wrong.into_iter().map(marked) {
        if let Err(failure) = decomposition(&answer) {
            failed += 1;
            assert!(!failure.service_error.contains("4711"), "{answer}: {failure:?}");
        }
    }
    assert!(failed > 100, "{failed}");
}
