//! A search in plain words finds the right blocks: a language model cannot use a block that it does not see.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::time::{Duration, Instant};

use generator::knowledge::Knowledge;

fn knowledge() -> Knowledge {
    Knowledge::embedded().unwrap()
}

fn found<'k>(knowledge: &'k Knowledge, wish: &str, most: usize) -> Vec<&'k str> {
    knowledge.search(wish, most).into_iter().map(|block| block.name.as_str()).collect()
}

#[rustfmt::skip]
const WISHES: &[(&str, &[&str])] = &[
    ("watch a blog's RSS feed for new articles", &["ReadRSSFeedBlock"]),
    ("tweet about my newest post", &["TwitterPostTweetBlock"]),
    ("what is on my calendar tomorrow?", &["GoogleCalendarReadEventsBlock"]),
    ("put a meeting into my Google calendar", &["GoogleCalendarCreateEventBlock"]),
    ("condense a long article", &["AITextSummarizerBlock"]),
    ("draw a picture of a cat", &["AIImageGeneratorBlock"]),
    ("read it aloud as an mp3", &["UnrealTextToSpeechBlock"]),
    ("get the subtitles of a YouTube video", &["TranscribeYoutubeVideoBlock"]),
    ("let the team know on Slack", &["SendSlackMessageBlock"]),
    ("ping me on Telegram", &["SendTelegramMessageBlock"]),
    ("post in our Discord server", &["SendDiscordMessageBlock"]),
    ("go through my Gmail inbox", &["GmailReadBlock"]),
    ("e-mail the report to my boss", &["SendEmailBlock"]),
    ("open a ticket in Linear", &["LinearCreateIssueBlock"]),
    ("file a bug on GitHub", &["GithubMakeIssueBlock"]),
    ("when somebody opens a pull request", &["GithubPullRequestTriggerBlock"]),
    ("comment on a GitHub issue", &["GithubCommentBlock"]),
    ("add a row to a spreadsheet", &["GoogleSheetsAppendRowBlock"]),
    ("parse an Excel file", &["ReadSpreadsheetBlock"]),
    ("scrape a website", &["ExtractWebsiteContentBlock", "FirecrawlScrapeBlock"]),
    ("look something up on the internet", &["SearchTheWebBlock"]),
    ("look up a person on Wikipedia", &["GetWikipediaSummaryBlock"]),
    ("call a REST endpoint", &["SendWebRequestBlock"]),
    ("ask a human to approve the draft", &["HumanInTheLoopBlock"]),
    ("wait ten minutes", &["CountdownTimerBlock"]),
    ("multiply two numbers", &["CalculatorBlock"]),
    ("run a Python script", &["ExecuteCodeBlock"]),
    ("today's date", &["GetCurrentDateBlock"]),
    ("find phone numbers with a regular expression", &["ExtractTextInformationBlock"]),
    ("a new customer record in HubSpot", &["HubSpotContactBlock"]),
    ("top posts of a subreddit", &["GetRedditPostsBlock"]),
    ("publish on my WordPress blog", &["WordPressCreatePostBlock"]),
    ("translate a text into German", &["AITextGeneratorBlock"]),
    ("a new page in Notion", &["NotionCreatePageBlock"]),
    ("a Todoist task", &["TodoistCreateTaskBlock"]),
    ("remember the value for the next run", &["PersistInformationBlock"]),
];

#[test]
fn a_search_ranks_the_right_block_among_the_first() {
    let knowledge = knowledge();
    let missed: Vec<String> = WISHES
        .iter()
        .filter_map(|(wish, wanted)| {
            let found = found(&knowledge, wish, 5);
            (!wanted.iter().all(|name| found.contains(name))).then(|| format!("{wish}: {found:?}"))
        })
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn the_same_search_gives_the_same_blocks_in_the_same_order() {
    let (one, other) = (knowledge(), knowledge());
    for (wish, _) in WISHES {
        let all = found(&one, wish, usize::MAX);
        assert_eq!(all, found(&other, wish, usize::MAX), "{wish}");
        assert_eq!(all[..3.min(all.len())], found(&one, wish, 3), "{wish}");
    }
}

#[test]
fn a_text_about_no_block_finds_none() {
    let knowledge = knowledge();
    for text in ["", " ", "\u{0}", "}{", "🦀", "the of and", "zzzzqqqq"] {
        assert_eq!(found(&knowledge, text, 5), Vec::<&str>::new(), "{text:?}");
    }
    assert_eq!(found(&knowledge, "rss", 0), Vec::<&str>::new());
}

#[test]
fn a_search_for_the_longest_goal_takes_no_time() {
    let knowledge = knowledge();
    let goal = WISHES.iter().map(|(wish, _)| *wish).collect::<Vec<_>>().join(", then ").repeat(20);
    let goal: String = goal.chars().take(20_000).collect();
    knowledge.search(&goal, 16);
    let begun = Instant::now();
    assert_eq!(knowledge.search(&goal, 16).len(), 16);
    // A debug build takes a tenth of this; a quadratic search takes seconds.
    assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
}
