//! The form of a plan, of a schedule and of a template.

use super::*;

const WHOLE: &str = r#"Write {"name": "Echo", "steps": [{"number": 1, "block": "AgentInputBlock", "inputs": [{"name": "name", "value": "Text"}]}, {"number": 2, "block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Result"}, {"name": "value", "source": {"step": 1, "output": "result"}}]}]}."#;
const INPUTS: &str = r#"Write [{"name": "url", "value": "https://example.com"}, {"name": "text", "source": {"step": 1, "output": "result"}}]."#;
const SOURCE: &str =
    r#"Write {"step": 1, "output": "result"}: the number of an earlier step and the name of its output."#;
const STEP: &str = r#"Write {"number": 2, "block": "ExtractWebsiteContentBlock", "title": "Read the page", "inputs": [{"name": "url", "source": {"step": 1, "output": "result"}}]}."#;

pub(super) const MISTAKES: &[Mistake] = &[
    (
        "a schedule in words",
        |plan| plan["recommended_schedule_cron"] = json!("every day at 8"),
        &[[
            "recommended_schedule_cron",
            "not a cron expression of five fields",
            r#"Write minute, hour, day, month and weekday: "0 8 * * 1-5" is every weekday at 8:00. Leave it out if no time is wanted."#,
        ]],
    ),
    (
        "spaces in the name of a template",
        |plan| {
            plan["steps"][2] = json!({"number": 3, "block": "AITextGeneratorBlock", "title": "Sum it up", "inputs": [
                {"name": "prompt", "value": "Sum up {{the text}}"},
                {"name": "prompt_values_#_text", "source": {"step": 2, "output": "content"}},
            ]});
            plan["steps"][3]["inputs"][1]["source"]["output"] = json!("response");
        },
        &[[
            "steps[2].inputs[0].value",
            "`{{the text}}` in the prompt of Sum it up (step 3) has spaces",
            "Write the name without spaces: {{topic}}.",
        ]],
    ),
    (
        "inputs as a text: the other problems are told all the same",
        |plan| {
            plan["steps"][1]["inputs"] = json!("url");
            plan["steps"][3]["inputs"][1]["source"]["output"] = json!("text");
        },
        &[
            ["steps[1].inputs", "a string instead of an array", INPUTS],
            [
                "steps[3].inputs[1].source.output",
                "Sum it up (step 3) has no output `text`",
                "The outputs of AITextSummarizerBlock are summary (string), prompt (array).",
            ],
        ],
    ),
    (
        "a source in words",
        |plan| plan["steps"][2]["inputs"][0]["source"] = json!("the page content"),
        &[["steps[2].inputs[0].source", "a string instead of an object or null", SOURCE]],
    ),
    (
        "a step in words",
        |plan| plan["steps"][1] = json!("Read the page"),
        &[["steps[1]", "a string instead of an object", STEP]],
    ),
    (
        "steps in words",
        |plan| plan["steps"] = json!("read, sum up, answer"),
        &[["steps", "a string instead of an array or null", WHOLE]],
    ),
    ("no steps", |plan| plan["steps"] = json!([]), &[["", "there are no steps", WHOLE]]),
    ("nothing", |plan| *plan = json!({}), &[["", "there are no steps", WHOLE]]),
    ("a wish", |plan| *plan = json!("please"), &[["", "it is not a JSON object", WHOLE]]),
    (
        "an agent in place of a plan",
        |plan| *plan = json!({"nodes": [{"id": "1", "block_id": "x"}], "links": []}),
        &[["", "this is an agent, not a plan", "Write steps; an agent is checked, not built."]],
    ),
    (
        "questions in place of a plan",
        |plan| *plan = json!({"type": "clarifying_questions", "questions": [{"question": "Which?"}]}),
        &[
            ["type", "only instructions can be built", r#"Write "type": "instructions", and the steps."#],
            ["steps", "there are no steps", WHOLE],
        ],
    ),
    (
        "a number for what is left out",
        |plan| plan["left_out"] = json!(7),
        &[[
            "left_out",
            "a number instead of an array or null",
            r#"Write [{"text": "the part", "reason": "no_block", "message": "No block does this."}], or leave it out."#,
        ]],
    ),
];
