//! Texts that are made to cost time or memory.

use std::time::Duration;

use nix::time::ClockId;

use super::{changed, decomposition, plan};

/// In bytes; a debug build reads it in well under a second if the time grows with the length alone.
const LONG: usize = 60_000;

/// Of this thread: what else the machine does is not counted.
fn processor_time() -> Duration {
    ClockId::CLOCK_THREAD_CPUTIME_ID.now().unwrap().into()
}

#[test]
fn a_hostile_text_costs_no_more_than_its_length() {
    let half = plan().to_string();
    let half = half.get(..half.len() / 2).unwrap();
    for unit in [
        "{",
        "[",
        "}",
        "{\"",
        "[\"",
        "{\"a\":",
        "{\"steps\":[",
        "[1,",
        "[/*",
        "{//\n",
        "['",
        "[`",
        "[“",
        "{{",
        "[{}",
        "{}",
        "[]",
        "{\"a\":1}",
        "{\"type\":\"vague_goal\"}",
        "<think>",
        "</think>",
        "<|channel|>",
        "[THINK]",
        "```",
        "```json\n{",
        "\\",
        "\\\"",
        "{\\\"",
        "\"{",
        "[\\u",
        "[-",
        "[1 ",
        "{a:1\n",
        "{\"plan\":{",
        "{'type':'x',",
        "[[\"\"\"",
        "\u{A0}",
        "{\u{200B}",
        half,
    ] {
        let text = unit.repeat(LONG / unit.len());
        for text in
            [text.clone(), format!("{text}{}", plan()), format!("{{\"type\":\"instructions\",\"steps\":[{text}")]
        {
            let begun = processor_time();
            drop(decomposition(&text));
            let took = processor_time() - begun;
            assert!(took < Duration::from_secs(5), "{unit:?} takes {took:?}");
        }
    }
}

#[test]
fn an_answer_nested_without_end_does_not_end_the_process() {
    for (open, close) in
        [("[", "]"), ("{\"a\":", "}"), ("{\"steps\":", "}"), ("{\"plan\":[", "]}"), ("{,\"patches\":", "}")]
    {
        for depth in [50, 99, 101, 5_000] {
            let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            assert!(decomposition(&text).is_err() && changed(&text).is_err(), "{open} {depth}");
        }
    }
}

#[test]
fn an_answer_of_more_than_a_mebibyte_does_not_fill_the_memory() {
    let of = |length: usize| {
        let mut plan = plan();
        plan["description"] = "x".repeat(length).into();
        plan.to_string()
    };
    assert!(decomposition(&of(1_000_000)).is_ok());
    assert!(decomposition(&of(1_100_000)).is_err());
}
