//! What goes out only when a person agrees, and what is answered where it was asked.

use crate::links::check;

#[test]
fn nothing_is_published_before_the_person_agrees() {
    for agrees in [
        "publish it on Medium after my approval",
        "publish it on Medium after my OK",
        "publish it on Medium once I say yes",
        "publish it after my OK on Medium",
        "publish it on Medium with my permission",
        "publish it on Medium with my boss's OK",
        "publish it on Medium after approval by my boss",
        "publish it on Medium only after my boss has signed it off",
        "publish it on Medium as soon as Anna has approved it",
        "publish it on Medium, but only with my blessing",
        "publish it on Medium, but not without my okay",
        "publish it on Medium, but not before I have signed it off",
        "when I give the go-ahead, publish it on Medium",
        "after my OK, publish it on Medium",
        "let me check it, then publish it on Medium",
        "let me have a look at it, then publish it on Medium",
        "don't publish it on Medium until I approve it",
        "hold it back until my boss gives the OK, then publish it on Medium",
        "wait until I have approved it and publish it on Medium",
    ] {
        let goal = format!("Take a topic, write an article and {agrees}");
        let rules: &[&str] = &[
            "one HumanInTheLoop",
            "HumanInTheLoop.data <- AITextGenerator.response",
            "one PublishToMedium",
            "PublishToMedium.content <- HumanInTheLoop.approved_data",
        ];
        check(&[(&goal, rules)]);
    }
    for agrees in [
        "I must approve every tweet.",
        "Every tweet has to be approved by me first.",
        "Nothing is posted before I have seen it.",
        "Never post it without my permission.",
    ] {
        let goal = format!("Write a tweet about a topic and post it. {agrees}");
        check(&[(&goal, &["one TwitterPostTweet", "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data"])]);
    }
    for agrees in [
        "Nothing goes out without my okay.",
        "Nothing is posted without my permission:",
        "Never post anything without my approval.",
        "Don't post anything until I have seen it:",
        "Don't post anything before my boss has approved it.",
    ] {
        let goal = format!("{agrees} Write a tweet about a topic and post it");
        check(&[(&goal, &["one TwitterPostTweet", "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data"])]);
    }
    for agrees in ["It must not be posted until I say so. Then post it.", "Post it after I have checked it."] {
        let goal = format!("Write a tweet about a topic. {agrees}");
        check(&[(&goal, &["one TwitterPostTweet", "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data"])]);
    }
    check(&[(
        "Never send a mail without my approval. Read my unread mails and answer them.",
        &["GmailReply.body <- HumanInTheLoop.approved_data", "HumanInTheLoop.data <- AITextGenerator.response"],
    )]);
    check(&[(
        "Publish the article about a topic on Medium after my OK",
        &["PublishToMedium.content <- HumanInTheLoop.approved_data"],
    )]);
}

#[test]
fn a_word_that_sounds_like_consent_asks_nobody() {
    for goal in [
        "Read me my Todoist tasks of today as audio each morning, if that's okay",
        "Tell me on Slack when a pull request is approved",
        "Write me a poem with a friendly tone",
        "When an order comes in over a webhook, mail the customer after confirmation of the payment",
    ] {
        check(&[(goal, &["no HumanInTheLoop"])]);
    }
}

#[test]
fn mails_are_answered_with_what_was_drafted_and_approved() {
    for (goal, body) in [
        ("Read my unread Gmail messages, draft replies, and send them", "AITextGenerator.response"),
        (
            "Read my unread Gmail messages, draft replies, and send them with my approval",
            "HumanInTheLoop.approved_data",
        ),
    ] {
        check(&[(
            goal,
            &["one AITextGenerator", "no GmailSend", "no GmailDraftReply", &format!("GmailReply.body <- {body}")],
        )]);
    }
}

#[test]
fn issues_and_pull_requests_are_answered_in_a_comment() {
    for goal in [
        "Reply to new GitHub issues",
        "Answer new GitHub issues with a friendly text",
        "Comment on new GitHub issues with a friendly text",
        "When an issue is opened in acme/web, reply to it",
        "When an issue is opened in acme/web, answer it with AI",
        "When an issue is opened in acme/web, write an answer and comment it there",
        "When a pull request is opened in acme/web, answer with a review",
        "When an issue is opened in acme/web, look up the answer on the web and reply",
    ] {
        check(&[(goal, &["GithubComment.comment <- AITextGenerator.response", "no GithubAssignIssue"])]);
    }
    let approved = "When an issue is opened in acme/web, write an answer, let me approve it, and reply with it";
    check(&[(approved, &["GithubComment.comment <- HumanInTheLoop.approved_data"])]);
    let mailed = "When an issue is opened in acme/web, answer the questions in it and mail them to me@example.com";
    check(&[(mailed, &["no GithubComment", "SendEmail.body <- AITextGenerator.response"])]);
}

#[test]
fn what_an_answer_is_to_be_made_from_is_asked_for_and_never_made_up() {
    for (goal, input) in [
        ("Reply to new GitHub issues from our documentation", "documentation"),
        ("Answer questions on Discord from our handbook", "handbook"),
        ("A bot in our Discord that answers questions about our product from our documentation", "documentation"),
        ("When a support mail arrives in Gmail, answer it using our knowledge base", "knowledge_base"),
        ("Write a product description from our style guide", "style_guide"),
    ] {
        check(&[(goal, &[&format!("AITextGenerator.prompt_values_#_{input} <- AgentLongTextInput.result")])]);
    }
}

#[test]
fn questions_that_were_found_are_answered() {
    for goal in [
        "Extract the questions from this text and answer them",
        "Extract the questions from this text and answer each of them",
        "Get the questions from this spreadsheet and answer each of them",
        "Take the questions from this spreadsheet and answer each of them",
    ] {
        let plan = crate::links::planned(goal);
        let answers = plan.steps.iter().filter(|step| step.says.starts_with("Answer")).count();
        assert_eq!(answers, 1, "{goal}: {:?}", plan.steps);
    }
    check(&[(
        "Take a list of keywords from a Google Sheet, write a blog article for each and put it on WordPress as a draft",
        &[
            "StepThroughItems.items <- GoogleSheetsRead.result",
            "WordPressCreatePost.content <- AITextGenerator.response",
        ],
    )]);
    check(&[(
        "Get the topics from my Airtable base and write a LinkedIn post about each",
        &["StepThroughItems.items <- AirtableListRecords.records"],
    )]);
}

#[test]
fn answers_that_are_sent_are_written_first() {
    let sent = "Extract the questions from this text and mail me the answers";
    check(&[(sent, &["SendEmail.body <- AITextGenerator.response"])]);
    for goal in [sent, "Get the questions from this spreadsheet and write an answer to each of them"] {
        let answers = crate::links::planned(goal).steps.iter().filter(|step| step.says.starts_with("Answer")).count();
        assert_eq!(answers, 1, "{goal}");
    }
}

#[test]
fn a_picture_is_of_what_was_written_and_goes_out_with_it() {
    for goal in [
        "Write a short story about a topic, then draw a cover image",
        "Write a short story about a topic, then draw a picture",
        "Ask me for three keywords and write a short story that uses all of them, then draw an illustration",
    ] {
        check(&[(goal, &["AIImageGenerator.prompt <- AITextGenerator.response"])]);
    }
    check(&[(
        "Generate an image for the title of each new post in my blog's feed and post both to LinkedIn",
        &["PostToLinkedIn.post <- ReadRSSFeed.entry"],
    )]);
}

#[test]
fn the_length_of_a_thread_is_no_search_and_the_cheapest_is_picked() {
    check(&[(
        "Turn a blog post I paste into a Twitter thread of five tweets and post it",
        &["no TwitterSearchRecentTweets"],
    )]);
    check(&[(
        "Find the cheapest flight from Berlin to Lisbon next weekend and mail it to me",
        &["AITextGenerator.prompt_values <- SearchTheWeb.results", "SendEmail.body <- AITextGenerator.response"],
    )]);
}

#[test]
fn what_was_judged_goes_into_the_record_that_was_read() {
    for goal in [
        "Rate the applicants in my Airtable from 1 to 10 and write the score into the record",
        "Classify the records in my Airtable by sentiment and write the sentiment into each record",
    ] {
        check(&[(goal, &["one AirtableUpdateRecords", "StepThroughItems.items <- AirtableListRecords.records"])]);
    }
}

#[test]
fn the_latest_post_of_a_feed_is_one() {
    for goal in [
        "Make a podcast from the latest post of my blog and post the audio to Discord",
        "Every Monday tweet a summary of the latest article in the feed https://example.com/feed.xml",
    ] {
        let plan = crate::links::planned(goal);
        let one = |step: &&generator::plan::model::Step| {
            step.binding("format").is_some_and(|format| format!("{format:?}").contains("[:1]"))
        };
        assert_eq!(plan.steps.iter().filter(one).count(), 1, "{goal}: {:?}", plan.steps);
    }
}

#[test]
fn what_is_checked_decides_over_what_stands_before_the_answer() {
    for (goal, rules) in [
        (
            "Whenever someone opens a pull request, check whether it has tests, and comment if it doesn't",
            &[
                "one AICondition",
                "AICondition.condition = it has tests",
                "GithubComment.issue_url <- AICondition.no_output",
            ][..],
        ),
        (
            "When a new issue is opened in acme/web, check if it names a version and label it bug if it does",
            &["AICondition.condition = it names a version", "GithubAddLabel.issue_url <- AICondition.yes_output"],
        ),
        (
            "Read my unread mails, check whether they ask for a refund, and forward them to billing@example.com if they do",
            &["AICondition.condition = they ask for a refund", "GmailForward.messageId <- AICondition.yes_output"],
        ),
        (
            "Every morning check if my site https://example.com is up and mail me if it isn't",
            &["no AICondition", "SendEmail.body <- SendWebRequest.error"],
        ),
    ] {
        check(&[(goal, rules)]);
    }
}
