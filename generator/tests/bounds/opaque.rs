//! What planning does not need passes through as text, whatever it is and however much.

use generator::Builtin;
use proptest::prelude::*;
use serde_json::{Value, value::RawValue};
use shared::port::Draft;

use crate::{
    SHORT,
    worst::{agent, bulky, text},
};

fn renamed(agent: &RawValue) -> String {
    match Builtin::new().patch_now("rename it to Daily", agent).unwrap() {
        Draft::Agent(agent, _) => agent.get().to_owned(),
        Draft::ClarifyingQuestions(questions) => panic!("{questions:?}"),
    }
}

#[test]
fn an_agent_with_a_huge_table_is_changed_and_the_table_comes_back_byte_for_byte() {
    for (name, before) in bulky(SHORT) {
        let after = renamed(&before);
        let agent: Value = serde_json::from_str(before.get()).unwrap();
        let name_before = format!(r#""name":{}"#, agent["name"]);
        let at = before.get().find(&name_before).unwrap_or_else(|| panic!("{name}"));
        let end = at + before.get()[at + 8..].find('"').unwrap() + 9;
        let expected = format!(r#"{}"name":"Daily"{}"#, &before.get()[..at], &before.get()[end..]);
        assert!(after == expected, "{name}: {} bytes, not {}", after.len(), expected.len());
    }
}

/// JSON text with whatever a careless reader would change: spellings of numbers, escapes, keys given twice, blanks.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1e5".to_owned()),
        Just("-0.10E+07".to_owned()),
        Just("12345678901234567890123".to_owned()),
        "[a-z{}\\[\\]:, ]{0,12}".prop_map(|text| format!("\"{text}\"")),
        Just(r#""\u00e4\n\"{[\\""#.to_owned()),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|all| format!("[{}]", all.join(" , "))),
            prop::collection::vec(("[a-c]", inner), 0..6).prop_map(|all| {
                let entries: Vec<String> = all.into_iter().map(|(key, value)| format!("\"{key}\" :{value}")).collect();
                format!("{{{}}}", entries.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bulky_values_come_back_byte_for_byte_wherever_they_stand(parts in prop::collection::vec(any_json(), 3)) {
        // Long enough that the agent is not opened whole, and each value stays closed.
        let bulk = |part: &String| format!("[{}]", vec![part.as_str(); 30_000 / part.len() + 2].join(","));
        let values: Vec<String> = parts.iter().map(bulk).collect();
        let plain = agent("Summarise a web page and e-mail the summary").to_string();
        let before = plain
            .replacen('{', &format!(r#"{{"kept":{},"#, values[0]), 1)
            .replacen(r#""input_default":{"#, &format!(r#""input_default":{{"table":{},"#, values[1]), 1)
            .replacen(r#""metadata":{"#, &format!(r#""metadata":{{"mine":{},"#, values[2]), 1);
        let after = renamed(&text(&before));
        for value in &values {
            prop_assert!(after.contains(value.as_str()));
        }
        // Without them it is the agent that a small one becomes.
        let rest = values.iter().fold(after, |rest, value| rest.replacen(value.as_str(), "0", 1));
        let small = values.iter().fold(before, |rest, value| rest.replacen(value.as_str(), "0", 1));
        prop_assert_eq!(rest, renamed(&text(small)));
    }
}

#[test]
fn a_removed_step_takes_its_table_with_it_and_the_others_keep_theirs() {
    let plain = agent("Summarise a web page and e-mail the summary").to_string();
    let table = |at: usize| format!("[{}]", vec![format!("{at}.5e1"); 20_000].join(","));
    let mut at = 0;
    let mut before = String::new();
    for part in plain.split_inclusive(r#""metadata":{"#) {
        before.push_str(part);
        if part.ends_with(r#""metadata":{"#) {
            before.push_str(&format!(r#""table":{},"#, table(at)));
            at += 1;
        }
    }
    let Ok(Draft::Agent(after, _)) = Builtin::new().patch_now("remove the summary step", &text(&before)) else {
        panic!("the step is not removed")
    };
    let left = (0..at).filter(|at| after.get().contains(&table(*at))).count();
    let nodes: Value = serde_json::from_str(after.get()).unwrap();
    assert!(left < at && left == nodes["nodes"].as_array().unwrap().len(), "{left} of {at}");
}
