//! Blocks to choose from, in few bytes.

use generator::workbench::FindBlocks;

use super::*;

#[test]
fn an_assistant_finds_a_block_and_reads_how_to_use_it() {
    let bench = workbench();
    let wanted = FindBlocks { query: "post to slack", limit: 5, after: 0, fields: &[], most: 8_192 };
    let page = bench.find_blocks(&wanted).unwrap().unwrap();
    assert_eq!((page.blocks.len(), page.next), (5, Some(5)));
    assert_eq!(page.blocks[0]["name"], "SendSlackMessageBlock");
    let described = bench.describe_blocks(&["send_slack_message"], 8_192).unwrap();
    assert_eq!(described.blocks[0]["example"]["inputs"][0]["name"], "channel");
}
