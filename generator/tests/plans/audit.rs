//! The last look over a finished plan: what the steps do not do is told, and what they do is not.

use shared::port::Decomposition;

use crate::{planned, steps};

fn left(goal: &str) -> Vec<(String, String)> {
    match planned(goal, None) {
        Decomposition::Instructions { account, .. } => {
            account.left_out.into_iter().map(|left| (left.text, left.message)).collect()
        }
        other => panic!("{goal}: {other:?}"),
    }
}

/// Goals, the words that are told, and a piece of why.
fn told(rows: &[(&str, &str, &str)]) {
    let lost = rows.iter().filter_map(|(goal, text, why)| {
        let left = left(goal);
        let found = left.iter().any(|(said, message)| said.contains(text) && message.contains(why));
        (!found).then(|| format!("{goal}\n  {text}: {left:?}"))
    });
    let lost: Vec<String> = lost.collect();
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// Goals that are done as they were said: nothing is told.
fn done(goals: &[&str]) {
    let wrong: Vec<String> = goals
        .iter()
        .map(|goal| (goal, left(goal)))
        .filter(|(_, left)| !left.is_empty())
        .map(|(goal, left)| format!("{goal}: {left:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn posts_that_go_out_as_one_are_told() {
    told(&[
        ("Write five tweets about coffee and post them on X", "post them on X", "as one post"),
        ("Take the article I paste, make three tweets out of it and tweet them", "tweet them", "as one post"),
        ("I paste a text. Write four posts from it and publish them on LinkedIn", "publish them", "as one post"),
    ]);
    done(&["Write a tweet about coffee and post it on X"]);
}

#[test]
fn what_is_said_never_to_come_twice_needs_a_memory() {
    told(&[("Mail me a quote every morning, a different one each day", "different", "remembers")]);
    // A memory is built where it can be.
    done(&[
        "Post a joke in #random on Slack every Friday at 4, but never the same one twice",
        "Post a riddle in #fun on Slack every day. Do not use one twice.",
        "Each morning send one fun fact to #random on Slack. No duplicates please.",
    ]);
    done(&["Post a joke in #random on Slack every Friday at 4"]);
}

#[test]
fn what_the_entries_do_not_show_is_told() {
    told(&[
        ("Every Friday group the open issues of acme/api by label and mail me the result", "label", "does not show"),
        ("Get the closed issues of acme/web and put them into a Google Doc", "closed", "does not show"),
        (
            "Give me the five most upvoted posts from r/rust of last week, every Sunday, by mail",
            "upvoted",
            "does not show",
        ),
    ]);
    done(&["Every Friday sum up the open issues of acme/api and mail me the result"]);
}

#[test]
fn what_needs_all_entries_and_sees_one_is_told() {
    told(&[
        (
            "Collect the unread mails of today, extract sender and topic, and post a digest to Slack",
            "digest",
            "one entry at a time",
        ),
        (
            "Collect all mails with the label \"Receipts\", pull out vendor and amount, add them to my Google Sheet and mail \
                the total to tax@example.com",
            "the total",
            "one entry at a time",
        ),
    ]);
}

#[test]
fn a_check_that_holds_nothing_back_is_told() {
    told(&[
        (
            "They are in a Google Sheet with name and date. Every morning check if it's somebody's birthday and send me a \
                message in Telegram",
            "somebody's birthday",
            "in every case",
        ),
        (
            "Every morning check whether the weather in Berlin is rainy and send me a Telegram message",
            "rainy",
            "in every case",
        ),
        ("Every day check if https://example.com is down and mail me", "down", "in every case"),
    ]);
}

#[test]
fn an_answer_to_some_of_the_entries_that_goes_to_all_is_told() {
    told(&[(
        "Look at the unread mails, and reply to each that asks for a price with our price list",
        "asks for a price",
        "each goes on",
    )]);
    told(&[(
        "Once a week go through the Google Sheet \"Clients\", and write a short check-in mail to everyone we have not \
            contacted for 60 days",
        "we have not contacted",
        "each goes on",
    )]);
}

#[test]
fn a_number_is_compared_where_it_was_found() {
    told(&[(
        "When a new row is added to the sheet \"Applicants\", ask AI to score the CV from 1 to 10, and mail HR if it is 8 or \
            more",
        "if it is 8 or more",
        "another step finds",
    )]);
    done(&[
        "When a new row is added to my Google Sheet, rate the lead from 1 to 100 and tell me on Slack if it is above 70",
    ]);
}

#[test]
fn files_and_pictures_that_are_missing_are_told() {
    told(&[
        ("Compare two contracts that I upload and list what differs", "two contracts", "one file"),
        (
            "Take a photo I upload, remove the background, and post it on Instagram with a nice caption",
            "Instagram",
            "no picture",
        ),
    ]);
}

#[test]
fn what_no_block_measures_is_told() {
    told(&[
        (
            "Look up the weather in Hamburg each morning and only send me a Telegram if the wind is stronger than 60 km/h",
            "wind",
            "does not show",
        ),
        (
            "If my site https://acme.io is slower than 3 seconds, tell me in Slack. Check it every five minutes.",
            "slower",
            "does not show",
        ),
    ]);
}

#[test]
fn where_something_lies_that_no_step_reads_is_told() {
    told(&[(
        "Write a cover letter for the job ad that I paste, based on my CV which lies in a Google Doc",
        "Google Doc",
        "no step works with Google Docs",
    )]);
}

#[test]
fn a_scale_is_no_time_of_day() {
    let goal = "Every Sunday read my calendar, rate each event from 1 to 10, and mail me the result";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
    assert_eq!(account.requirements.schedule.as_deref(), Some("0 9 * * 0"));
}

#[test]
fn a_rhythm_that_no_schedule_has_is_told() {
    told(&[
        (
            "Turn the blog posts of https://blog.example.com/feed into LinkedIn posts. One a day, not all at once.",
            "One a day",
            "schedule",
        ),
        ("Turn my notes into tweets and post two a day", "two a day", "schedule"),
    ]);
    done(&["Write a diet plan with 3 meals a day"]);
}

#[test]
fn a_subject_that_nothing_looks_for_is_told() {
    told(&[(
        "From the RSS feed https://blog.rust-lang.org/feed.xml take only posts about releases and post them with a summary \
            to #rust on Discord",
        "releases",
        "all of it is taken",
    )]);
}

#[test]
fn a_sending_in_the_middle_of_a_sentence_is_told() {
    told(&[(
        "Read my Google Sheet of invoices every Monday, and for each one that is overdue mail the client a polite reminder",
        "mail the client",
        "sentence of its own",
    )]);
}

#[test]
fn what_the_agent_does_is_not_called_left_out() {
    done(&[
        "When somebody fills in the form on our website, save it in Airtable",
        "Get the list of users from https://api.example.com/users and mail each a greeting. Their address is in the column \
            email.",
        "Every weekday at 8 send me my calendar for today by mail. Keep it short.",
        "Take the mails in my inbox and summarise them in one text",
        "Send my mum a joke by email every day. Her address is mum@example.com.",
    ]);
    told(&[("New Tally submissions should be added to my Google Sheet", "Tally", "have that service call it")]);
}

#[test]
fn a_channel_is_nobodys_name() {
    for goal in ["Each morning send one fun fact to #random on Slack", "When a mail arrives, send it to #boss on Slack"]
    {
        let steps = steps(goal, None);
        let sends = steps.iter().find(|step| step["block_name"] == "SendSlackMessageBlock").unwrap();
        let names: Vec<&str> =
            sends["inputs"].as_array().unwrap().iter().filter_map(|input| input["name"].as_str()).collect();
        assert!(names.contains(&"channel") && !names.contains(&"username"), "{goal}: {names:?}");
    }
}

#[test]
fn an_address_behind_at_is_that_of_the_person() {
    done(&["Read https://example.com/news every day and mail me the summary at a@example.com"]);
    told(&[("Mail the summary of https://example.com/news to me and anna@example.com", "me", "one address")]);
}

#[test]
fn what_no_language_model_can_know_or_read_is_told() {
    told(&[
        ("Convert the amount I type from euros into dollars with today's rate", "today's rate", "looks this up"),
        (
            "Score the leads in my HubSpot from 1 to 10 and post the best five in #sales on Slack",
            "my HubSpot",
            "HubSpot",
        ),
        ("Generate an image for each line of a poem I paste", "each line", "one is made"),
    ]);
    done(&[
        "Look up today's rate of the euro and mail it to a@example.com",
        "Reply politely to the negative reviews in the text I paste",
        "If the site https://example.com is down, text me on Telegram (chat 99)",
    ]);
}

#[test]
fn what_is_entered_once_is_not_that_of_each() {
    told(&[(
        "Look up the LinkedIn profile of each attendee of today's meetings in my Google Calendar and mail a short briefing \
            to a@example.com",
        "each attendee",
        "used once",
    )]);
    done(&["For each company in my sheet, find its website and mail it to a@example.com"]);
}

#[test]
fn mails_that_stay_unread_come_again() {
    told(&[
        ("Every hour, check my unread emails and draft a reply to each", "unread emails", "stays unread"),
        ("Check new emails and post them to Slack #inbox", "new emails", "stays unread"),
    ]);
    done(&["Every morning, post a summary of my unread emails to Slack #inbox"]);
}

#[test]
fn what_no_step_puts_back_is_told() {
    told(&[(
        "Translate the rows of my Google Sheet to French so that they are easier to read and save them back",
        "save them back",
        "where it stands",
    )]);
}

#[test]
fn what_nothing_holds_back_is_told() {
    told(&[(
        "Check https://status.example.com and open a GitHub issue in acme/ops if it is down",
        "if it is down",
        "done each time",
    )]);
    done(&["Check https://status.example.com and tell me on Slack #ops if it is down"]);
}

#[test]
fn what_is_read_less_of_or_only_spoken_of_is_told() {
    told(&[
        ("Show the weather of the next five days in Oslo", "five days", "no block has a forecast"),
        ("Sum up what I finished in Todoist each evening", "finished", "does not show this"),
        ("Checks a website's SSL certificate daily and posts it to Slack #ops", "certificate", "cannot look there"),
        ("Five feeds side by side, merged into one digest each evening", "Five feeds", "no step takes this up"),
        ("Google Form for feedback -> a line in the channel #feedback", "#feedback", "only mentioned"),
        (
            "When I name a recipe, make a shopping list of it and add the items to my Todoist project Groceries",
            "Groceries",
            "takes an id",
        ),
    ]);
    done(&[
        "Go through my unread mails and tag each mail as urgent or normal",
        "Monitor a YouTube channel for new videos and post each to Slack #videos",
        "Write a LinkedIn post about remote work",
    ]);
}

#[test]
fn what_a_page_does_not_tell_by_itself_is_told() {
    told(&[
        ("Read these three web pages every day and mail me what is new", "what is new", "compares"),
        ("Every morning check my competitor's page and mail me what's new", "what's new", "compares"),
        (
            "Check a list of URLs that I give every hour and alert me on Discord if one does not answer",
            "does not answer",
            "cannot be read",
        ),
        ("Reply to new mentions on Twitter", "Reply to new mentions", "by itself"),
    ]);
    done(&["Read the emails labelled \"receipts\" of this month, sum up the amounts, and mail me the total"]);
}
