//! What is read of a wish, before anything in the agent is thought of.

use std::sync::LazyLock;

use generator::{knowledge::Knowledge, patcher};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());

/// The operations, without the words that ask for them.
fn read(wish: &str) -> Vec<String> {
    let shown = patcher::show(&KNOWLEDGE, wish).unwrap();
    shown.lines().filter(|line| line.starts_with("       ")).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_wish_in_plain_words_is_read_as_the_operation_it_means() {
    for (wish, operations) in [
        ("Please call it \"News and More\".", vec!["RENAME [it] to [\"News and More\"]"]),
        ("rename it to Find and Replace", vec!["RENAME [it] to [Find and Replace]"]),
        ("change the subject to \"Hi, and set sail\"", vec!["CHANGE [the subject] to [\"Hi, and set sail\"]"]),
        ("replace Slack with Discord", vec!["REPLACE [Slack] with [Discord]"]),
        ("I don't need the Bluesky post any more", vec!["REMOVE [the Bluesky post]"]),
        ("use gpt-4o for the review", vec!["USE [gpt-4o] for [the review]"]),
        ("Connect Read web page to Send e-mail", vec!["CONNECT [Read web page] to [Send e-mail]"]),
        ("Add an input for the focus of the summary", vec!["INPUT [the focus of the summary]"]),
        ("always use Berlin as the city instead of asking", vec!["FIX [the city] to [Berlin] instead of [asking]"]),
        ("pause it", vec!["PAUSE"]),
    ] {
        assert_eq!(read(wish), operations, "{wish}");
    }
}

#[test]
fn what_stands_beside_an_order_is_no_part_of_it() {
    for (wish, operations) in [
        (
            "Translate the transcript to English before summarising",
            vec!["DO [Translate the transcript to English] before [summarising]"],
        ),
        ("only post it if it mentions Rust", vec!["DO [post it] if [if it mentions Rust] <only>"]),
        ("25 minutes later, send a note", vec!["DO [send a note] later by [25 minutes]"]),
        ("post it in #b instead of #a", vec!["DO [post it in #b] instead of [#a]"]),
        ("In the Slack step, mention the author", vec!["DO [mention the author] in [Slack step]"]),
        ("In 20 minutes, mention the author", vec!["DO [In 20 minutes]", "DO [mention the author]"]),
        ("when the HTTP request fails, alert #ops", vec!["DO [alert #ops] on failure [the HTTP request fails]"]),
    ] {
        assert_eq!(read(wish), operations, "{wish}");
    }
}

#[test]
fn several_wishes_in_one_request_are_all_heard() {
    assert_eq!(
        read("Rename it to News, set the subject to \"Hi, and set sail\" and remove the Slack step"),
        ["RENAME [it] to [News]", "CHANGE [the subject] to [\"Hi, and set sail\"]", "REMOVE [the Slack step]"]
    );
    assert_eq!(
        read("I don't want Slack messages. Send me an email instead."),
        ["REPLACE [Slack messages] with [Send me an email]"]
    );
    assert_eq!(
        read("if posting to Slack fails, carry on and post a note to #alerts"),
        ["DO [post a note to #alerts] on failure [posting to Slack fails]"]
    );
    assert!(read("").is_empty() && read("please").is_empty());
}
