//! Answers that are nearly JSON.

use serde_json::{Value, json};

use super::{is_the_patch, is_the_plan, patch, plan, pretty, steps};

/// What is wrong with a text, and how it comes to be.
type Slip = (&'static str, fn(&str) -> String);

const SLIPS: [Slip; 30] = [
    ("trailing commas", |text| {
        text.replace("\n      }", ",\n      }").replace("\n}", ",\n}").replace("\n  ]", ",\n  ]")
    }),
    ("doubled commas", |text| text.replace(",\n", ",,\n")),
    ("no commas between lines", |text| text.replace(",\n", "\n")),
    ("no commas between objects", |text| text.replace("},\n", "}\n")),
    ("comments of a line", |text| text.replace(",\n", ", // it's {so}\n")),
    ("comments of Python", |text| text.replace(",\n", ", # \"so\"\n")),
    ("comments in between", |text| text.replace(": ", ": /* {\"a\": [ */ ")),
    ("a comment before all", |text| text.replacen('{', "{\n// the answer\n", 1)),
    ("literals of Python", |text| text.replace("null", "None").replace("false", "False").replace("true", "True")),
    ("undefined", |text| text.replace("null", "undefined")),
    ("NaN", |text| text.replace("null", "NaN")),
    ("single quotes", |text| text.replace('\'', "\\'").replace('"', "'")),
    ("curly quotes", |text| curly(text, '“', '”')),
    ("curly quotes, one way", |text| text.replace('"', "”")),
    ("low quotes", |text| curly(text, '„', '“')),
    ("backticks", |text| text.replace('"', "`")),
    ("raw line breaks in texts", |text| text.replace("\\n", "\n")),
    ("keys without quotes", unquoted),
    ("keys with single quotes", |text| unquoted(text).replace(" number:", " 'number':").replace(" name:", " 'name':")),
    ("no-break spaces", |text| text.replace("  ", "\u{A0}\u{A0}")),
    ("wide and narrow blanks", |text| text.replace("  ", "\u{3000}\u{2009}").replace(": ", ":\u{200B}")),
    ("a byte order mark within", |text| text.replacen('{', "{\u{FEFF}", 1)),
    ("wide colons and commas", |text| text.replace("\": ", "\"：").replace(",\n", "，\n")),
    ("numbers with a plus", |text| text.replace("1440", "+1440").replace("300", "3_00")),
    ("no last brace", |text| text.trim_end_matches('}').to_owned()),
    ("no last brace in a fence", |text| format!("```json\n{}\n```\nDone.", text.trim_end().trim_end_matches('}'))),
    ("no last brace before a mark", |text| format!("{}<|im_end|>", text.trim_end().trim_end_matches('}'))),
    ("a brace too many", |text| format!("{text}}}")),
    ("form feeds and tabs between", |text| text.replace("  ", "\t\u{C}")),
    ("escapes that JSON does not know", |text| text.replace("#news", "\\#news").replace("@", "\\@")),
];

/// Replaces straight quotes, which in the examples are never within a value.
fn curly(text: &str, open: char, close: char) -> String {
    let parts: Vec<&str> = text.split('"').collect();
    let mut curly = String::new();
    for (at, part) in parts.iter().enumerate() {
        curly.push_str(part);
        if at + 1 < parts.len() {
            curly.push(if at % 2 == 0 { open } else { close });
        }
    }
    curly
}

fn unquoted(text: &str) -> String {
    let lines =
        text.lines().map(|line| match line.trim_start().strip_prefix('"').and_then(|rest| rest.split_once("\": ")) {
            Some((key, value)) if key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => {
                format!("{key}: {value}")
            }
            _ => line.to_owned(),
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_plan_that_is_nearly_json_is_used_at_once() {
    let text = pretty(&plan());
    for (what, slip) in SLIPS {
        let slipped = slip(&text);
        assert!(slipped != text || what.starts_with("escapes"), "{what} changes nothing");
        is_the_plan(what, &slipped);
        is_the_plan(&format!("{what}, in prose"), &format!("Sure:\n\n{slipped}"));
    }
}

#[test]
fn patches_that_are_nearly_json_are_used_at_once() {
    let text = pretty(&patch().1);
    for (what, slip) in SLIPS {
        is_the_patch(what, &slip(&text));
    }
}

#[test]
fn several_slips_in_one_answer_are_read() {
    let mut text = pretty(&plan());
    for name in [
        "no last brace",
        "trailing commas",
        "comments of a line",
        "literals of Python",
        "single quotes",
        "raw line breaks in texts",
    ] {
        text = SLIPS.iter().find(|(what, _)| *what == name).unwrap().1(&text);
    }
    is_the_plan("all at once", &text);
}

/// The name of the agent in a plan whose name is written as `name`.
fn named(name: &str) -> Value {
    let text = pretty(&plan()).replacen("\"name\": \"Feed to Slack\"", &format!("\"name\": {name}"), 1);
    let steps = steps(&text).unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
    steps[0]["agent"]["name"].clone()
}

#[test]
fn a_text_says_what_was_written() {
    for (written, said) in [
        (r#""Feed\'s Slack""#, "Feed's Slack"),
        (r#"'Feed "to" Slack'"#, "Feed \"to\" Slack"),
        (r#"“Feed "to" Slack”"#, "Feed \"to\" Slack"),
        (r#""Feed “to” Slack""#, "Feed “to” Slack"),
        (r#""\ud83d Feed""#, "\u{FFFD} Feed"),
        (r#""\ude00\ud83d Feed""#, "\u{FFFD}\u{FFFD} Feed"),
        (r#""\ud83d\ude00 Feed""#, "😀 Feed"),
        (r#""\ud83d\u0041 Feed""#, "\u{FFFD}A Feed"),
        (r#""\d+ of \w""#, "\\d+ of \\w"),
        (r#""C:\Users""#, "C:\\Users"),
        ("\"Feed\tto\nSlack\"", "Feed to Slack"),
        ("\"Feed \u{0} to Slack\"", "Feed to Slack"),
        (r#""Feed // to Slack""#, "Feed // to Slack"),
        (r#""Feed, } ] to Slack",,"#, "Feed, } ] to Slack"),
        (r#""""Feed "to" Slack""""#, "Feed \"to\" Slack"),
        ("\"Feed \\\nto Slack\"", "Feed to Slack"),
        (r#""First", "name": "Last""#, "Last"),
    ] {
        assert_eq!(named(written), said, "{written}");
    }
}

#[test]
fn what_cannot_be_read_without_a_guess_is_asked_for_again() {
    let text = pretty(&plan());
    for (what, wrong) in [
        ("a quote within a text", text.replacen("Feed to Slack", "Feed \"to\" Slack", 1)),
        ("a step that does not end", text.replacen("        }\n      ]\n    },", "        }\n      ]\n", 1)),
        ("a list that does not end", text.replacen("      ]\n    },", "    },", 1)),
        ("steps left out by a comment", text.replacen("\"steps\": [", "\"steps\": [ // ... as before", 1)),
        ("steps left out by dots", text.replacen("\"steps\": [", "\"steps\": [ ...", 1)),
        ("a word for a value", text.replacen("\"AgentInputBlock\"", "AgentInputBlock", 1)),
    ] {
        assert_ne!(wrong, text, "{what} changes nothing");
        let failure = steps(&wrong).err().unwrap_or_else(|| panic!("{what}"));
        assert_eq!(failure.error_type, shared::error_type::ErrorType::LlmParseError, "{what}");
        assert!(failure.service_error.contains("not a JSON object: it breaks in"), "{what}: {failure:?}");
    }
}

#[test]
fn a_key_that_serde_json_would_interpret_is_refused() {
    for key in ["$serde_json::private::RawValue", "\\u0024serde_json::private::Number"] {
        let text = plan().to_string().replacen("\"name\":\"name\"", &format!("\"value\":{{\"{key}\":\"1\"}}"), 1);
        assert!(steps(&text).is_err(), "{key}");
        assert!(steps(&format!("{text},")).is_err(), "{key}");
    }
}

#[test]
fn what_is_json_is_read_as_json() {
    // A comma after it makes it the lenient reader's.
    for value in [
        json!(0.1),
        json!(-1e30),
        json!(12_345_678_901_234_567_890_u64),
        json!(["a", [1, {"b": null}]]),
        json!("\u{1}\"\\/é"),
    ] {
        let mut plain = plan();
        plain["steps"][1]["inputs"][0]["value"] = value.clone();
        let text = plain.to_string();
        let lenient = text.replacen('{', "{,", 1);
        assert_eq!(
            steps(&text).map_err(|failure| failure.service_error),
            steps(&lenient).map_err(|failure| failure.service_error),
            "{value}"
        );
    }
}
