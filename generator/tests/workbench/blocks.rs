//! Blocks to choose from, in few bytes.

use generator::workbench::{FIELDS, FindBlocks};

use super::*;

const PAGE: usize = 8_192;

fn wanted<'a>(query: &'a str, fields: &'a [&'a str]) -> FindBlocks<'a> {
    FindBlocks { query, limit: 5, after: 0, fields, most: PAGE }
}

#[test]
fn an_assistant_finds_blocks_by_what_they_do_page_by_page() {
    let bench = workbench();
    let page = bench.find_blocks(&wanted("post to slack", &[])).unwrap().unwrap();
    assert_eq!((page.blocks.len(), page.next), (5, Some(5)));
    assert_eq!(
        page.blocks[0],
        json!({"name": "SendSlackMessageBlock", "description": "Posts a message to a Slack channel, person or thread"})
    );
    // All pages together are all that was found, each once.
    let (mut names, mut after) = (Vec::new(), Some(0));
    while let Some(at) = after {
        let page = bench
            .find_blocks(&FindBlocks { after: at, limit: 100, fields: &FIELDS, ..wanted("post to slack", &[]) })
            .unwrap()
            .unwrap();
        assert!(json!(page.blocks).to_string().len() <= PAGE);
        names.extend(page.blocks.iter().map(|block| block["name"].as_str().unwrap().to_owned()));
        after = page.next;
    }
    assert_eq!(names.len(), page.found);
    names.sort();
    names.dedup();
    assert_eq!(names.len(), page.found);
}

#[test]
fn any_list_stays_small_and_has_the_fields_that_were_asked_for() {
    let bench = workbench();
    let all = bench.find_blocks(&FindBlocks { limit: 1_000, ..wanted(" ", &["name"]) }).unwrap().unwrap();
    assert!(all.found > 500 && all.next.is_some() && json!(all.blocks).to_string().len() <= PAGE);
    let one = bench
        .find_blocks(&FindBlocks { most: 1, ..wanted("slack", &["id", "inputs", "credentials"]) })
        .unwrap()
        .unwrap();
    assert_eq!(one.blocks.len(), 1);
    assert_eq!(one.blocks[0]["credentials"], json!(["slack"]));
    assert!(one.blocks[0].get("name").is_none());
    let fault = bench.find_blocks(&wanted("slack", &["colour"])).unwrap().unwrap_err();
    assert_eq!(
        fault.to_string(),
        "colour is not a field of a block. The fields are name, description, id, service, starts_agent, inputs, outputs, credentials."
    );
    let none = bench.find_blocks(&FindBlocks { after: 10_000, ..wanted("slack", &[]) }).unwrap().unwrap();
    assert_eq!((none.blocks.len(), none.next), (0, None));
}

#[test]
fn a_card_has_what_a_plan_needs_and_an_example_of_a_step() {
    let bench = workbench();
    let described =
        bench.describe_blocks(&["send_slack_message", "WebScraper", "SendSlackMessageBlock"], PAGE).unwrap();
    assert_eq!(described.blocks.len(), 1);
    let card = &described.blocks[0];
    assert_eq!(card["block"], "SendSlackMessageBlock");
    assert_eq!(
        card["inputs"][0],
        json!({"name": "channel", "type": "string", "required": true, "says": "channel id or name, or member id"})
    );
    assert_eq!(
        card["example"]["inputs"],
        json!([{"name": "channel", "value": "text"}, {"name": "text", "value": "text"}])
    );
    assert_eq!(described.problems[0].path, "names[1]");
    assert_eq!(
        described.problems[0].fix.as_deref(),
        Some(
            r#"Write one of "FirecrawlScrapeBlock", "StagehandExtractBlock", "TavilyExtractBlock"; or look for another block by what it does."#
        )
    );
}

/// A card that shows a step which the workbench then refuses would teach the mistake.
#[tokio::test]
async fn the_example_of_every_block_has_inputs_that_the_block_takes() {
    let bench = workbench();
    let all =
        bench.find_blocks(&FindBlocks { limit: 1_000, most: 1_000_000, ..wanted("", &["name"]) }).unwrap().unwrap();
    let names: Vec<&str> = all.blocks.iter().map(|block| block["name"].as_str().unwrap()).collect();
    let described = bench.describe_blocks(&names, 10_000_000).unwrap();
    assert_eq!((described.blocks.len(), described.left.len()), (names.len(), 0));
    for cards in described.blocks.chunks(100) {
        let steps: Vec<Value> = cards
            .iter()
            .enumerate()
            .map(|(at, card)| {
                let mut step = card["example"].clone();
                step["number"] = json!(at + 1);
                step
            })
            .collect();
        let Built::Misfits { problems, .. } = built(&json!({"steps": steps})).await else { continue };
        let wrong: Vec<_> = problems
            .iter()
            .filter(|problem| !["connected", "starts_and_ends", "tools"].contains(&problem.rule))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn many_cards_are_shortened_and_the_rest_is_named() {
    let bench = workbench();
    let names = [
        "AITextSummarizer",
        "AITextGenerator",
        "SendSlackMessage",
        "ReadRSSFeed",
        "GmailRead",
        "Condition",
        "AIConditional",
        "ExecuteCode",
        "SendWebRequest",
        "CreateRedditPost",
    ];
    let described = bench.describe_blocks(&names, 4_000).unwrap();
    assert!(json!(described.blocks).to_string().len() <= 4_000);
    assert!(!described.blocks.is_empty() && !described.left.is_empty());
}
