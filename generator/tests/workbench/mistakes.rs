//! What models typically get wrong in a plan, and the exact answer that says what to write instead.

use super::*;

/// What is spoilt in [`plan`], and the path, the message and the remedy of each problem.
type Mistake = (&'static str, fn(&mut Value), &'static [[&'static str; 3]]);
/// What is done to a plan, and what is told of its repair.
type Slip = (&'static str, fn(&mut Value), &'static [[&'static str; 2]]);

const SUMMARIZER_INPUTS: &str = "The inputs of AITextSummarizerBlock are text* (string), model (string), focus (string), \
                                 style (string), max_tokens (integer), chunk_overlap (integer), ollama_host (string).";
const EXTRACT_INPUTS: &str = "The inputs of ExtractWebsiteContentBlock are url* (string), raw_content (boolean).";
const NO_BLOCK: &str = "not the name of a block to build with";
const NO_STEP: &str = "not the number of an earlier step";
const URL_MISSING: [&str; 3] = [
    "steps[1].inputs",
    "the required input `url` of Read the page (step 2) is neither set nor linked",
    r#"Give {"name": "url", "value": "https://example.com"}, or {"name": "url", "source": {"step":1,"output":"result"}}. It takes a value of type string."#,
];
const PAGE_ALONE: [&str; 3] = [
    "steps[0]",
    "Page (step 1) is linked to nothing",
    "Link one of its outputs to what comes next, or leave it out. Outputs: result (string).",
];
const WHOLE: &str = r#"Write {"name": "Echo", "steps": [{"number": 1, "block": "AgentInputBlock", "inputs": [{"name": "name", "value": "Text"}]}, {"number": 2, "block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Result"}, {"name": "value", "source": {"step": 1, "output": "result"}}]}]}."#;
const INPUTS: &str = r#"Write [{"name": "url", "value": "https://example.com"}, {"name": "text", "source": {"step": 1, "output": "result"}}]."#;
const SOURCE: &str =
    r#"Write {"step": 1, "output": "result"}: the number of an earlier step and the name of its output."#;
const STEP: &str = r#"Write {"number": 2, "block": "ExtractWebsiteContentBlock", "title": "Read the page", "inputs": [{"name": "url", "source": {"step": 1, "output": "result"}}]}."#;

fn give(plan: &mut Value, step: usize, name: &str, value: Value) {
    plan["steps"][step]["inputs"].as_array_mut().unwrap().push(json!({"name": name, "value": value}));
}

const MISTAKES: &[Mistake] = &[
    (
        "a block that is called otherwise",
        |plan| plan["steps"][1]["block"] = json!("WebScraperBlock"),
        &[[
            "steps[1].block",
            NO_BLOCK,
            r#"Write one of "FirecrawlScrapeBlock", "StagehandExtractBlock", "TavilyExtractBlock"; or look for another block by what it does."#,
        ]],
    ),
    (
        "an id of its own for a block: its title tells what was meant",
        |plan| plan["steps"][1]["block"] = json!("5fcd3bcb-8e1b-4e69-903d-32d3d4a92158"),
        &[[
            "steps[1].block",
            NO_BLOCK,
            r#"Write one of "NotionReadPageMarkdownBlock", "NotionReadPageBlock", "FirecrawlScrapeBlock"; or look for another block by what it does."#,
        ]],
    ),
    (
        "no block at all",
        |plan| drop(plan["steps"][1].as_object_mut().unwrap().remove("block")),
        &[[
            "steps[1].block",
            NO_BLOCK,
            r#"Write one of "NotionReadPageMarkdownBlock", "NotionReadPageBlock", "FirecrawlScrapeBlock"; or look for another block by what it does."#,
        ]],
    ),
    (
        "an output block that is called otherwise: the agent's missing output is not told besides",
        |plan| plan["steps"][3]["block"] = json!("OutputBlock"),
        &[[
            "steps[3].block",
            NO_BLOCK,
            r#"Write one of "AgentOutputBlock", "IfInputMatchesBlock", "ConditionBlock"; or look for another block by what it does."#,
        ]],
    ),
    (
        "the block that runs agents by itself",
        |plan| plan["steps"][1]["block"] = json!("AgentExecutorBlock"),
        &[[
            "steps[1].block",
            NO_BLOCK,
            "Give the person's agent in `library_agents`, and write its name as the block.",
        ]],
    ),
    (
        "an input that the block does not have",
        |plan| plan["steps"][1]["inputs"][0]["name"] = json!("link"),
        &[["steps[1].inputs[0].name", "Read the page (step 2) has no input `link`", EXTRACT_INPUTS], URL_MISSING],
    ),
    (
        "an input that is nearly another: that one is not told as missing",
        |plan| plan["steps"][1]["inputs"][0]["name"] = json!("web_url"),
        &[[
            "steps[1].inputs[0].name",
            "Read the page (step 2) has no input `web_url`",
            "Did you mean `url`? The inputs of ExtractWebsiteContentBlock are url* (string), raw_content (boolean).",
        ]],
    ),
    (
        "a value for an input that the block does not have",
        |plan| give(plan, 2, "length", json!(3)),
        &[["steps[2].inputs[1].name", "Sum it up (step 3) has no input `length`", SUMMARIZER_INPUTS]],
    ),
    (
        "a key as a value",
        |plan| give(plan, 2, "api_key", json!("sk-1")),
        &[["steps[2].inputs[1].name", "Sum it up (step 3) has no input `api_key`", SUMMARIZER_INPUTS]],
    ),
    ("a required input is missing", |plan| plan["steps"][1]["inputs"] = json!([]), &[URL_MISSING, PAGE_ALONE]),
    (
        "a text for a number",
        |plan| give(plan, 2, "max_tokens", json!("many")),
        &[[
            "steps[2].inputs[1].value",
            "the input `max_tokens` of Sum it up (step 3) takes integer, not \"many\"",
            "Write a value of type integer, such as 4096.",
        ]],
    ),
    (
        "a list for a boolean",
        |plan| give(plan, 1, "raw_content", json!([1])),
        &[[
            "steps[1].inputs[1].value",
            "the input `raw_content` of Read the page (step 2) takes boolean, not [1]",
            "Write a value of type boolean, such as false.",
        ]],
    ),
    (
        "a choice that there is not",
        |plan| give(plan, 2, "style", json!("haiku")),
        &[[
            "steps[2].inputs[1].value",
            "the input `style` of Sum it up (step 3) has no choice \"haiku\"",
            r#"Write one of "concise", "detailed", "bullet points", "numbered list"."#,
        ]],
    ),
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
    (
        "an input given twice",
        |plan| give(plan, 1, "url", json!("https://example.com")),
        &[[
            "steps[1].inputs[1].name",
            "given twice",
            "Leave out one of the two: `url` takes one value, or one source.",
        ]],
    ),
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
    (
        "several at once",
        |plan| {
            plan["steps"][1]["block"] = json!("Scrape");
            plan["steps"][3]["inputs"][0]["name"] = json!("titel");
        },
        &[
            [
                "steps[1].block",
                NO_BLOCK,
                r#"Write one of "FirecrawlScrapeBlock", "TavilyCrawlBlock", "FirecrawlCrawlBlock"; or look for another block by what it does."#,
            ],
            [
                "steps[3].inputs[0].name",
                "Summary (step 4) has no input `titel`",
                "Did you mean `title`? The inputs of AgentOutputBlock are name* (string), value (any type), title (string), description (string), format (string), escape_html (boolean), advanced (boolean).",
            ],
        ],
    ),
];

#[tokio::test]
async fn a_model_that_errs_is_told_exactly_what_to_write_instead() {
    assert!(MISTAKES.len() >= 30);
    for (what, spoil, expected) in MISTAKES {
        let mut plan = plan();
        spoil(&mut plan);
        let Built::Misfits { problems, more_problems: 0 } = built(&plan).await else { panic!("{what}: not told") };
        let told: Vec<[&str; 3]> = problems
            .iter()
            .map(|problem| {
                [problem.path.as_str(), problem.message.as_str(), problem.fix.as_deref().unwrap_or_default()]
            })
            .collect();
        assert_eq!(told, *expected, "{what}");
    }
}

/// What is mended in silence or told as mended: it has exactly one right form.
#[tokio::test]
async fn small_mistakes_are_mended_and_said_to_be() {
    let rows: [Slip; 9] = [
        ("a name without Block", |plan| plan["steps"][1]["block"] = json!("extract website content"), &[]),
        ("a plan within another", |plan| *plan = json!({"plan": plan.clone()}), &[]),
        ("a plan as text", |plan| *plan = json!(plan.to_string()), &[]),
        ("an unknown type", |plan| plan["type"] = json!("poem"), &[]),
        (
            "inputs as an object",
            |plan| plan["steps"][3]["inputs"] = json!({"name": "Summary", "value": {"step": 3, "output": "summary"}}),
            &[],
        ),
        ("a number as text", |plan| give(plan, 2, "max_tokens", json!("60")), &[]),
        (
            "a model that there is not",
            |plan| give(plan, 2, "model", json!("gpt-99")),
            &[["steps[2].inputs[1].value", r#""gpt-99" became "gpt-5.6-terra""#]],
        ),
        (
            "credentials, which are not repeated",
            |plan| give(plan, 2, "credentials", json!({"key": "hunter2"})),
            &[["steps[2].inputs[1].value", "removed"]],
        ),
        (
            "two outputs of one name",
            |plan| {
                let again = json!({"number": 5, "block": "AgentOutputBlock", "inputs": [
                    {"name": "name", "value": "Summary"}, {"name": "value", "source": {"step": 3, "output": "summary"}},
                ]});
                plan["steps"].as_array_mut().unwrap().push(again);
            },
            &[["steps[4].inputs[0].value", r#""Summary" became "Summary 2""#]],
        ),
    ];
    for (what, spoil, expected) in rows {
        let mut plan = plan();
        spoil(&mut plan);
        let Built::Agent { agent, fixed, .. } = built(&plan).await else { panic!("{what}: not built") };
        let told: Vec<[&str; 2]> = fixed.iter().map(|repair| [repair.path.as_str(), repair.message.as_str()]).collect();
        assert_eq!(told, expected, "{what}");
        assert!(!agent.get().contains("hunter2"), "{what}");
        holds(&agent);
    }
}

#[tokio::test]
async fn a_plan_in_order_becomes_an_agent() {
    let Built::Agent { agent, account, fixed } = built(&plan()).await else { panic!("not built") };
    assert_eq!(serde_json::from_str::<Value>(agent.get()).unwrap()["name"], "Page digest");
    assert_eq!(account.requirements.inputs[0].name, "Page");
    assert_eq!(fixed, []);
    holds(&agent);
}

#[tokio::test]
async fn agents_of_the_person_become_steps_and_are_told_what_they_lack() {
    let agents = json!([{
        "graph_id": "7c4b5d1e-2222-4aaa-8bbb-000000000001", "graph_version": 1, "name": "Lead scorer", "description": "Scores a lead",
        "input_schema": {"type": "object", "properties": {"lead": {"type": "string"}}, "required": ["lead"]},
        "output_schema": {"type": "object", "properties": {"score": {"type": "number"}}},
    }]);
    let build = async |inputs: Value, output: &str| {
        let plan = json!({"name": "Score", "steps": [
            {"number": 1, "block": "AgentShortTextInputBlock", "inputs": [{"name": "name", "value": "Lead"}]},
            {"number": 2, "block": "Lead scorer", "title": "Score the lead", "inputs": inputs},
            {"number": 3, "block": "AgentOutputBlock", "inputs": [{"name": "name", "value": "Score"}, {"name": "value", "source": {"step": 2, "output": output}}]},
        ]});
        workbench().build(&to_raw(&plan).unwrap(), Some(&to_raw(&agents).unwrap()), end()).await.unwrap()
    };
    let lead = json!([{"name": "lead", "source": {"step": 1, "output": "result"}}]);
    assert!(matches!(build(lead, "score").await, Built::Agent { .. }));
    let Built::Misfits { problems, .. } = build(json!([{"name": "led", "value": "Ada"}]), "points").await else {
        panic!()
    };
    let told: Vec<&str> =
        problems.iter().filter(|problem| problem.rule == "sub_agents").map(|problem| problem.path.as_str()).collect();
    assert_eq!(told, ["steps[1].inputs[0].name", "steps[1].inputs", "steps[2].inputs[1].source.output"]);
}

/// Sums up a sum, again and again, in this many steps; `focus` makes each as long as is wanted.
fn long_plan(count: usize, focus: &str) -> Value {
    let sum = |number: usize| {
        let output = if number == 3 { "content" } else { "summary" };
        let text = json!({"name": "text", "source": {"step": number - 1, "output": output}});
        json!({"number": number, "block": "AITextSummarizerBlock", "inputs": [text, {"name": "focus", "value": focus}]})
    };
    let mut plan = plan();
    let steps = plan["steps"].as_array_mut().unwrap();
    let mut last = steps.remove(3);
    last["number"] = json!(count);
    last["inputs"][1]["source"]["step"] = json!(count - 1);
    steps.truncate(2);
    steps.extend((3..count).map(sum));
    steps.push(last);
    plan
}

#[tokio::test]
async fn a_plan_of_300_steps_and_nearly_a_mebibyte_is_built_or_told_in_50_problems() {
    let long = long_plan(300, &"x".repeat(3_000));
    assert!((900_000..1_048_576).contains(&long.to_string().len()));
    assert!(matches!(built(&long).await, Built::Agent { .. }));
    let mut wrong = long;
    for step in wrong["steps"].as_array_mut().unwrap() {
        step["block"] = json!("Scrape the web");
    }
    let Built::Misfits { problems, more_problems } = built(&wrong).await else { panic!("built") };
    // Each step, and that the agent has no start and no end.
    assert_eq!((problems.len(), more_problems), (50, 252));
}

#[tokio::test]
async fn a_plan_that_is_too_much_is_refused_by_its_number() {
    let many_values = json!({"steps": [{"block": "x", "inputs": [{"name": "y", "value": vec![1; 100_001]}]}]});
    for (plan, message) in [
        (long_plan(501, ""), "The instructions have 501 steps. The limit is 500."),
        (long_plan(500, &"x".repeat(3_000)), "The plan is too large. The limit is 1 MiB."),
        (many_values, "The request has 100,008 values in its agent or steps. The limit is 100,000."),
    ] {
        let refused = workbench().build(&to_raw(&plan).unwrap(), None, end()).await.unwrap_err();
        assert_eq!((refused.error_type.name(), refused.service_error.as_str()), ("request_too_large", message));
    }
}
