//! Blocks, inputs, and what is given to them.

use super::*;

const SUMMARIZER_INPUTS: &str = "The inputs of AITextSummarizerBlock are text* (string), model (string), focus (string), \
                                 style (string), max_tokens (integer), chunk_overlap (integer), ollama_host (string).";
const EXTRACT_INPUTS: &str = "The inputs of ExtractWebsiteContentBlock are url* (string), raw_content (boolean).";
const NO_BLOCK: &str = "not the name of a block to build with";
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

pub(super) const MISTAKES: &[Mistake] = &[
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
        "an input given twice",
        |plan| give(plan, 1, "url", json!("https://example.com")),
        &[[
            "steps[1].inputs[1].name",
            "given twice",
            "Leave out one of the two: `url` takes one value, or one source.",
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
