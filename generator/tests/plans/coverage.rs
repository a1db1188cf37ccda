//! Nothing that a goal asks for is dropped without a word.

use proptest::prelude::*;
use shared::port::Decomposition;

use crate::{PLANNER, planned, steps, texts};

/// Acts with a place for a detail, and whether something was read or made before them.
const ACTS: [&str; 12] = [
    "read the {} rows of my Google Sheet",
    "get the {} emails from Gmail",
    "read the RSS feed https://feeds.example.com/{}.xml",
    "search the web for {} news",
    "summarise the {} ones",
    "translate it into {} words",
    "write a {} report about it",
    "post it to #{} on Slack",
    "send it to {}@example.com",
    "save it in a {} Notion page",
    "create a Todoist task \"{}\" for it",
    "tell me on Telegram about {} things",
];
const DETAILS: [&str; 16] = [
    "overdue",
    "violet",
    "handwritten",
    "marbled",
    "bilingual",
    "fragile",
    "seasonal",
    "anonymous",
    "tropical",
    "medieval",
    "wooden",
    "nocturnal",
    "refundable",
    "municipal",
    "acoustic",
    "vintage",
];
const TAILS: [&str; 8] = [
    "",
    " in a {} tone",
    " with the {} parts first",
    " if it is {}",
    " every day at 7:30",
    " unless it is {}",
    ", but only {} ones",
    " using {} words",
];

fn goals() -> impl Strategy<Value = (String, Vec<&'static str>)> {
    let act = (prop::sample::select(&ACTS[..]), prop::sample::select(&DETAILS[..]));
    let tail = (prop::sample::select(&TAILS[..]), prop::sample::select(&DETAILS[..]));
    (prop::collection::vec(act, 1..4), tail, any::<bool>()).prop_map(|(acts, (tail, detail), apart)| {
        let mut said: Vec<&'static str> = acts.iter().map(|(_, detail)| *detail).collect();
        let acts: Vec<String> = acts.iter().map(|(act, detail)| act.replace("{}", detail)).collect();
        if tail.contains("{}") {
            said.push(detail);
        }
        let joined = acts.join(if apart { ". Then " } else { " and " });
        (format!("{joined}{}", tail.replace("{}", detail)), said)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_detail_of_a_goal_ends_up_in_a_step_or_is_told_to_be_left_out((goal, details) in goals()) {
        if let Decomposition::Instructions { steps, account } = PLANNER.decompose_now(&goal, None).unwrap() {
            // What a step says of itself does nothing: its inputs do.
            let steps: Vec<serde_json::Value> = serde_json::from_str(steps.get()).unwrap();
            let mut held: String = steps.iter().map(|step| step["inputs"].to_string().to_lowercase()).collect();
            account.left_out.iter().for_each(|left| held.push_str(&left.text.to_lowercase()));
            for detail in details {
                prop_assert!(held.contains(detail), "{detail} is lost: {goal}\n{:#?}\n{:?}", steps, account.left_out);
            }
        }
    }
}

#[test]
fn a_model_judges_what_was_looked_up_and_not_what_a_name_says() {
    let steps = steps("Take a city, check the air quality and write me a short health advice", None);
    let blocks = texts(&steps, "block_name");
    let search = blocks.iter().position(|block| *block == "SearchTheWebBlock");
    assert!(
        search < blocks.iter().position(|block| *block == "AITextGeneratorBlock") && search.is_some(),
        "{blocks:?}"
    );
}

#[test]
fn an_event_that_is_narrowed_is_checked_before_anything_is_changed() {
    let goal =
        "If someone opens an issue on our GitHub repo acme/api with the word 'crash' in the title, label it 'critical'";
    let steps = steps(goal, None);
    let blocks = texts(&steps, "block_name");
    let check = blocks.iter().position(|block| *block == "AIConditionBlock");
    assert!(check < blocks.iter().position(|block| *block == "GithubAddLabelBlock") && check.is_some(), "{blocks:?}");
}

fn left_out(goal: &str) -> String {
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}: no agent") };
    let texts: Vec<String> = account.left_out.iter().map(|left| left.text.clone()).collect();
    texts.join(" | ")
}

#[test]
fn what_a_language_model_only_could_pretend_is_told_to_be_left_out() {
    for (goal, told) in [
        // A record, and mails to many.
        ("I enter a line each evening, it stores it with date and mood", "it stores it with date"),
        ("Collect the posts from r/selfhosted and mail a digest to hello@me.example on the next Sunday", "next Sunday"),
        ("For every company in my spreadsheet, visit its website and write a description", "visit its website"),
        ("Get the current Bitcoin price and tell me whether it went up or down since yesterday", "since yesterday"),
        ("When a new email with an attachment arrives, save the attachment to Notion", "attachment"),
        // When an event is, what is to be kept of what is only thought of.
        ("Take a PDF I upload, extract the deadlines, and create calendar events for each of them", "calendar events"),
        ("Monitor r/selfhosted for posts and save the titles and links to a Google Sheet", "the titles and links"),
        // Nobody notices it, nothing is held back, and it is done once.
        (
            "When a customer leaves a comment on our Notion page, translate it and post it in the Slack channel #feedback, \
                but skip anything shorter than ten words",
            "a comment",
        ),
        (
            "When a customer leaves a comment on our Notion page, translate it and post it in the Slack channel #feedback, \
                but skip anything shorter than ten words",
            "skip anything shorter than ten words",
        ),
        (
            "Read the rows of my Google Sheet of leads, find the company's website for each and score them from 1 to 10",
            "for each",
        ),
        ("Write minutes of this transcript and email the minutes to all attendees", "all attendees"),
        ("Create a GitHub issue in acme/app for each task in my meeting notes", "my meeting notes"),
    ] {
        assert!(left_out(goal).contains(told), "{goal}: {}", left_out(goal));
    }
}

#[test]
fn of_a_sentence_one_piece_is_left_out_and_not_its_shreds() {
    let goal = "Turn a CSV of leads into personalised cold emails: for every lead look up the company's homepage, write \
        an opener and save the drafts in Gmail";
    assert_eq!(left_out(goal), "for every lead | a CSV of leads into personalised cold emails");
}

#[test]
fn what_is_done_is_not_told_to_be_left_out() {
    for goal in [
        "Extract the table from this page https://example.org/league, sort by points, and show the top 5 teams with goals",
        "Create Linear issues for the action items in this meeting transcript",
        "Whenever someone stars our repo acme/rocket on GitHub, send a thank you message on Discord",
        "Research the competitors of Basecamp and write a report",
        "Research a topic, write an article, and publish it on Medium with the tags ai and research",
        "As a teacher I want to paste a student's essay and get feedback on grammar, plus a mark from 1 to 10",
        "Add a task called Buy milk to Todoist",
        "Every hour check if my site https://shop.example.com is up, and if not send an email to ops@example.com",
        "Watch https://shop.example.com/pricing daily and alert me on Slack when anything changes",
    ] {
        assert_eq!(left_out(goal), "", "{goal}");
    }
}

#[test]
fn a_text_is_written_with_the_background_in_mind() {
    let goal = "I run a small bakery. Could you set something up that reads a review I paste and writes a kind reply?";
    let steps = steps(goal, None);
    assert!(steps.iter().any(|step| step["inputs"].to_string().contains("small bakery")), "{steps:#?}");
}
