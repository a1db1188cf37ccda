//! Where the answer stands in what a model says.

use serde_json::json;
use shared::port::Decomposition;

use super::{decomposition, is_the_patch, is_the_plan, patch, plan, pretty};

/// What stands around an answer: `@` is the answer, `#` the answer in a fence.
const AROUND: [&str; 44] = [
    "\u{FEFF}@",
    " \n\u{A0}@\u{3000}\n",
    "Here you are:\n#\nIs that {{good}}?",
    "```\n@\n```",
    "```JSON\r\n@\r\n```",
    "~~~json\n@\n~~~",
    "```json @```",
    "`@`",
    "**Plan**\n\n> note\n\n@\n\n---",
    "I link {{entry}} to {topic}, see [1]. The plan:\n@",
    "The form is {type: string, steps: [...]}, so:\n@",
    "It could be {\"type\": \"vague_goal\"}, but it is clear enough:\n@",
    "{\"thought\": \"use the feed\"}\n@",
    "{}\n[]\n@",
    "@\n\n{\"confidence\": 0.9}",
    "@\n\nNote: {\"type\": \"vague_goal\"} would be wrong here.",
    "<think>\nMaybe {\"type\": \"vague_goal\"}?\n</think>\n@",
    "<think>{\"type\": \"unachievable_goal\", \"reason\": \"draft\"}</think>@",
    "<think>\n```json\n{\"type\": \"clarifying_questions\", \"questions\": [\"Which?\"]}\n```\n</think>#",
    "Okay, {\"type\": \"unachievable_goal\", \"reason\": \"draft\"} is one way.\n</think>\n\n@",
    "<think></think>\n\n@",
    "<think>a</think><think>{\"type\": \"unachievable_goal\", \"reason\": \"draft\"}</think>@",
    "<thinking>{\"a\": {</thinking>#",
    "<reasoning>[[[</reasoning>@",
    "<thought>{'</thought>@",
    "<reflection>{\"steps\": [</reflection>@",
    "[THINK]{\"type\": \"unachievable_goal\", \"reason\": \"draft\"}[/THINK]@",
    "<seed:think>{\"steps\": \"</seed:think>@",
    "◁think▷{◁/think▷@",
    "<|START_THINKING|>{\"steps\":<|END_THINKING|><|START_RESPONSE|>@<|END_RESPONSE|>",
    "<|channel>thought\n{\"type\": \"unachievable_goal\", \"reason\": \"draft\"}<channel|>@",
    "<|begin_of_thought|>{<|end_of_thought|>@",
    "<|channel|>analysis<|message|>{\"type\": \"unachievable_goal\", \"reason\": \"draft\"}<|end|><|start|>assistant<|channel|>final<|message|>@<|return|>",
    "<|channel|>final <|constrain|>json<|message|>@",
    "<|channel|>commentary to=functions.plan <|constrain|>json<|message|>@<|call|>",
    "analysisWe need {{topic}} linked.assistantfinal@",
    "<answer>@</answer>",
    "<tool_call>\n{\"name\": \"plan\", \"arguments\": @}\n</tool_call>",
    "[TOOL_CALLS][{\"name\": \"plan\", \"arguments\": @}]",
    "{\"type\": \"function\", \"function\": {\"name\": \"plan\", \"parameters\": @}}",
    "@<|im_end|>",
    "@</s>",
    // All of it is reasoning: better than nothing.
    "<think>So the answer is\n@",
    "<think>So the answer is\n@\n</think>\n\nDone.",
];

fn around(frame: &str, answer: &str) -> String {
    frame.replace('#', &format!("```json\n{answer}\n```")).replace('@', answer)
}

#[test]
fn a_plan_is_found_whatever_stands_around_it() {
    for frame in AROUND {
        for answer in [plan().to_string(), pretty(&plan())] {
            is_the_plan(frame, &around(frame, &answer));
        }
    }
}

#[test]
fn patches_are_found_whatever_stands_around_them() {
    for frame in AROUND {
        is_the_patch(frame, &around(frame, &pretty(&patch().1)));
    }
}

#[test]
fn json_in_a_json_string_is_read_however_often_it_was_encoded() {
    let mut answer = plan().to_string();
    for times in 1..=3 {
        answer = json!(answer).to_string();
        is_the_plan(&format!("{times} times"), &answer);
    }
    let inner = json!(plan().to_string()).to_string();
    is_the_plan("without its quotes", inner.trim_matches('"'));
    is_the_plan("in an object", &json!({"plan": plan().to_string()}).to_string());
}

#[test]
fn of_two_whole_plans_the_last_one_counts() {
    let mut draft = plan();
    draft["steps"][0]["title"] = json!("Draft");
    is_the_plan("a draft before it", &format!("{draft}\nOr better:\n{}", plan()));
}

#[test]
fn a_marker_of_reasoning_within_a_value_cuts_nothing_off() {
    let mut told = plan();
    told["steps"][3]["inputs"][0]["value"] = json!("Take out what stands before </think>, {{entry}}.");
    let Ok(Decomposition::Instructions { steps, .. }) = decomposition(&told.to_string()) else { panic!() };
    assert!(steps.get().contains("before </think>, "), "{}", steps.get());
}

#[test]
fn a_draft_in_the_reasoning_does_not_win_over_a_broken_answer() {
    let whole = plan().to_string();
    for rest in
        [whole.get(..whole.len() / 2).unwrap(), "{\"type\": \"poem\"}", "{\"type\": \"instructions\", \"steps\": 7}"]
    {
        assert!(decomposition(&format!("<think>{whole}</think>{rest}")).is_err(), "{rest}");
    }
}
