//! Sources, the order of the steps, and the agent as a whole.

use super::*;

const NO_STEP: &str = "not the number of an earlier step";

pub(super) const MISTAKES: &[Mistake] = &[
    (
        "an output that the block does not have",
        |plan| plan["steps"][2]["inputs"][0]["source"]["output"] = json!("text"),
        &[[
            "steps[2].inputs[0].source.output",
            "Read the page (step 2) has no output `text`",
            "The outputs of ExtractWebsiteContentBlock are content (string).",
        ]],
    ),
    (
        "no output where there are two",
        |plan| drop(plan["steps"][3]["inputs"][1]["source"].as_object_mut().unwrap().remove("output")),
        &[[
            "steps[3].inputs[1].source.output",
            "missing",
            "Name one of the outputs of AITextSummarizerBlock: summary (string), prompt (array).",
        ]],
    ),
    (
        "a step that there is not",
        |plan| plan["steps"][2]["inputs"][0]["source"]["step"] = json!(9),
        &[[
            "steps[2].inputs[0].source.step",
            NO_STEP,
            "No step is called 9. Write the number of an earlier step: 2 (Read the page), 1 (Page).",
        ]],
    ),
    (
        "steps counted from 0",
        |plan| plan["steps"][1]["inputs"][0]["source"]["step"] = json!(0),
        &[[
            "steps[1].inputs[0].source.step",
            NO_STEP,
            "No step is called 0. Write the number of an earlier step: 1 (Page).",
        ]],
    ),
    (
        "numbers in tens, sources in ones",
        |plan| plan["steps"][0]["number"] = json!(10),
        &[[
            "steps[1].inputs[0].source.step",
            NO_STEP,
            "No step is called 1. Write the number of an earlier step: 10 (Page).",
        ]],
    ),
    (
        "a source before the first step",
        |plan| plan["steps"][0]["inputs"][0] = json!({"name": "name", "source": {"step": 7, "output": "result"}}),
        &[[
            "steps[0].inputs[0].source.step",
            NO_STEP,
            "Nothing comes before the first step: give it a value instead of a source.",
        ]],
    ),
    (
        "a step that takes its own output",
        |plan| plan["steps"][2]["inputs"][0]["source"]["step"] = json!(3),
        &[[
            "steps[2].inputs[0].source.step",
            NO_STEP,
            "A step cannot take its own output. Take that of an earlier step, or give a value.",
        ]],
    ),
    (
        "steps in the wrong order",
        |plan| plan["steps"].as_array_mut().unwrap().swap(1, 2),
        &[["steps[1].inputs[0].source.step", NO_STEP, "Put steps[2] before steps[1]: data flows forwards."]],
    ),
    (
        "a cycle",
        |plan| plan["steps"][1]["inputs"][0]["source"] = json!({"step": 3, "output": "summary"}),
        &[[
            "steps[1].inputs[0].source.step",
            NO_STEP,
            "steps[2] itself waits for steps[1]: the sources run in a circle. Leave out one of them.",
        ]],
    ),
    (
        "two steps of one number",
        |plan| plan["steps"][2]["number"] = json!(2),
        &[
            [
                "steps[2].inputs[0].source.step",
                NO_STEP,
                "Several steps are called 2. Number the steps 1 to 4 in their order, each once.",
            ],
            [
                "steps[3].inputs[1].source.step",
                NO_STEP,
                "No step is called 3. Write the number of an earlier step: 2 (Sum it up), 2 (Read the page), 1 (Page).",
            ],
        ],
    ),
    (
        "nothing that starts the agent",
        |plan| {
            plan["steps"][1]["inputs"][0] = json!({"name": "url", "value": "https://example.com"});
            drop(plan["steps"].as_array_mut().unwrap().remove(0));
        },
        &[[
            "steps",
            "the agent has neither an input nor a trigger",
            r#"Add {"block": "AgentInputBlock", "inputs": [{"name": "name", "value": "Topic"}]} for what the person supplies, or begin with a trigger."#,
        ]],
    ),
    (
        "no output of the agent",
        |plan| drop(plan["steps"].as_array_mut().unwrap().pop()),
        &[[
            "steps",
            "the agent has no output",
            r#"Add {"block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Result"}, {"name": "value", "source": {"step":3,"output":"summary"}}]} at the end."#,
        ]],
    ),
    (
        "a step that is linked to nothing",
        |plan| {
            let alone =
                json!({"number": 5, "block": "GetCurrentTimeBlock", "inputs": [{"name": "trigger", "value": "now"}]});
            plan["steps"].as_array_mut().unwrap().push(alone);
        },
        &[[
            "steps[4]",
            "Get Current Time (step 5) is linked to nothing",
            "Link an output of what comes before to one of its inputs, or leave it out. Inputs: trigger* (string), format_type (object).",
        ]],
    ),
];
