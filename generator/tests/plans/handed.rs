//! What the person hands over, what is to be found out about it, and what goes with what is made.

use shared::port::Decomposition;

use crate::{links::check, planned, told};

#[test]
fn a_text_that_the_person_pastes_is_an_input() {
    for goal in [
        "Answer questions about our refund policy (I'll paste it).",
        "Answer questions about the refund policy that I paste.",
        "Answer questions about our refund policy (I paste the text) in a friendly manner.",
    ] {
        check(&[(
            goal,
            &[
                "one AITextGenerator",
                "AITextGenerator.prompt_values <- AgentLongTextInput.result",
                "AITextGenerator.prompt_values <- AgentShortTextInput.result",
            ],
        )]);
        told(&[(goal, "")]);
    }
    for goal in [
        "I want to paste a job ad and get a cover letter.",
        "I paste a job ad and get a cover letter.",
        "An agent that drafts cover letters. I paste the job ad and get a cover letter.",
    ] {
        check(&[(goal, &["one AITextGenerator", "no SearchTheWeb", "one AgentOutput"])]);
        told(&[(goal, "")]);
    }
    let goal = "I want to upload a PDF contract and get a list of risky clauses with an explanation for each.";
    check(&[(
        goal,
        &["FileRead.file_input <- AgentFileInput.result", "AITextGenerator.prompt_values <- FileRead.content"],
    )]);
    told(&[(goal, "")]);
}

#[test]
fn the_points_behind_a_colon_are_for_whoever_writes() {
    for goal in [
        "Research a company by its name: what it does, its size, its funding. Give me a one-page brief.",
        "Write a profile of a person by name: who they are, what they do, and where they work.",
        "Tell me about a city that I name: what it is known for, its best restaurants, how to get around.",
        "Write an overview of a company.",
    ] {
        check(&[(
            goal,
            &[
                "SearchTheWeb.query <- AgentShortTextInput.result",
                "one AITextGenerator",
                "AITextGenerator.prompt_values <- SearchTheWeb.results",
            ],
        )]);
        told(&[(goal, "")]);
    }
    check(&[(
        "Compare two products that I name, using reviews from the web, and say which one to buy.",
        &["SearchTheWeb.query <- AgentLongTextInput.result", "AITextGenerator.prompt_values <- SearchTheWeb.results"],
    )]);
}

#[test]
fn each_entry_of_a_list_that_the_person_gives_is_looked_for() {
    for goal in [
        "For every competitor in my list, search the web for news and write a summary.",
        "Take a list of competitors, search the web for news about each, and write a summary of each.",
        "For each keyword in my list, search Google, take the top 3 results, and write an outline.",
        "Take a list of keywords, search Google for each, and write an outline.",
        "Go through a list of companies that I paste and find the CEO of each.",
    ] {
        check(&[(
            goal,
            &["StepThroughItems.items <- AgentInput.result", "SearchTheWeb.query <- StepThroughItems.item"],
        )]);
        told(&[(goal, "")]);
    }
    check(&[(
        "For each URL in a list that I give, read the page and summarise it.",
        &["ExtractWebsiteContent.url <- StepThroughItems.item", "one ExtractWebsiteContent"],
    )]);
}

#[test]
fn an_amount_that_is_compared_without_a_verb_holds_back_what_is_said_of_it_alone() {
    check(&[
        (
            "When an order comes in by webhook, if amount > 500 mail me at me@shop.example, else append it to Google Sheets",
            &[
                "AICondition.condition = amount > 500",
                "SendEmail.to_email = me@shop.example",
                "SendEmail.body <- AICondition.yes_output",
                "GoogleSheetsAppendRow.row <- AICondition.no_output",
            ],
        ),
        (
            "Webhook receives an order -> if total > 500 ask me for approval -> append to Google Sheets",
            &[
                "one GenericWebhookTrigger",
                "no SearchTheWeb",
                "HumanInTheLoop.data <- AICondition.yes_output",
                "GoogleSheetsAppendRow.row <- HumanInTheLoop.approved_data",
            ],
        ),
    ]);
}

#[test]
fn a_picture_beside_a_text_is_made_for_it_and_goes_out_with_it() {
    for (goal, sink, beside) in [
        (
            "Post a daily fun fact with a fitting picture to Discord",
            "SendDiscordMessage.message_content",
            "SendDiscordMessage.message_content",
        ),
        (
            "Every Monday tweet a quote together with an image.",
            "TwitterPostTweet.tweet_text",
            "TwitterPostTweet.tweet_text",
        ),
        (
            "Write a LinkedIn post about a topic with a matching image and post it.",
            "PostToLinkedIn.post",
            "PostToLinkedIn.media_urls",
        ),
    ] {
        let (text, picture) =
            (format!("{sink} <- AITextGenerator.response"), format!("{beside} <- IdeogramModel.result"));
        check(&[(goal, &["no AgentFileInput", "no ReplicateModel", &text, &picture])]);
        told(&[(goal, "")]);
    }
    check(&[(
        "Whenever a row is added to my Airtable base, write a product description plus a product photo",
        &["one AITextGenerator", "IdeogramModel.prompt <- AITextGenerator.response"],
    )]);
}

#[test]
fn what_a_message_is_to_have_is_told_to_whoever_wrote_it() {
    told(&[
        ("A GitHub bot: new issue -> AI triage -> comment with next steps.", ""),
        ("Read https://a.example/news each morning, sum it up and mail me the summary with the key figures.", ""),
    ]);
}

#[test]
fn a_rate_of_exchange_that_no_step_looks_up_is_told() {
    told(&[
        ("Convert 100 USD to EUR each day and mail me the result.", "Convert 100 USD to EUR"),
        ("Convert the amount I enter from dollars into euros.", "dollars into euros"),
        ("Convert the miles I enter into kilometres.", ""),
    ]);
}

#[test]
fn what_is_sent_to_a_bot_starts_it() {
    for goal in [
        "a telegram bot i can send a youtube link to and it sends back the summary",
        "A Telegram bot that I can send a YouTube link to, and it sends back the summary.",
    ] {
        check(&[(
            goal,
            &[
                "one TelegramMessageTrigger",
                "TranscribeYoutubeVideo.youtube_url <- TelegramMessageTrigger.text",
                "SendTelegramMessage.chat_id <- TelegramMessageTrigger.chat_id",
            ],
        )]);
        told(&[(goal, "")]);
    }
}

#[test]
fn what_a_feed_or_a_keyword_brings_is_read_there() {
    for goal in [
        "Every morning get the top 5 stories from TechCrunch's RSS and post a summary to #news on Slack.",
        "Read the 5 latest entries of the TechCrunch feed and post a summary to #news on Slack.",
    ] {
        check(&[(goal, &["one ReadRSSFeed", "no SearchTheWeb"])]);
        told(&[(goal, "")]);
    }
    for goal in [
        "Monitor a keyword on Google News and mail me.",
        "Track a keyword on the web and mail me.",
        "Monitor a keyword and mail me.",
    ] {
        check(&[(goal, &["one SearchTheWeb", "SearchTheWeb.query <- AgentShortTextInput.result"])]);
        // What it finds is sent anew each time.
        told(&[(goal, "a keyword")]);
    }
    check(&[(
        "Collect all tweets that mention @acme this week and give me a report with the sentiment.",
        &["TwitterSearchRecentTweets.query = @acme"],
    )]);
}

#[test]
fn a_likeness_is_no_case_and_a_model_is_no_label() {
    let goal = "Read https://a.example/text each day and explain it to me as if I was five, by mail.";
    check(&[(goal, &["no AICondition", "one SendEmail", "SendEmail.body <- AITextGenerator.response"])]);
    told(&[(goal, "")]);
    check(&[(
        "When a new issue is opened in our repo, label it with AI.",
        &["one GithubAddLabel", "GithubAddLabel.issue_url <- GithubIssuesTrigger.issue"],
    )]);
    let steps = crate::steps("When a new issue is opened in our repo, label it with AI.", None);
    assert!(!serde_json::to_string(&steps).unwrap().contains("\"AI\""), "{steps:?}");
}

#[test]
fn what_no_step_could_have_read_is_refused_or_told() {
    let goal = "Turn every new Medium article of mine into a LinkedIn post and publish it.";
    let Decomposition::UnachievableGoal { reason: Some(reason), .. } = planned(goal, None) else { panic!("{goal}") };
    assert!(reason.contains("No block reads this from Medium"), "{reason}");
    told(&[(
        "Generate five names for my startup, check which of them are free as .com domains.",
        "free as .com domains",
    )]);
}

#[test]
fn each_pull_request_that_is_open_gets_the_comment() {
    for goal in [
        "For every open pull request of acme/web, remind its author with a comment.",
        "List the open pull requests of acme/web and comment on each.",
    ] {
        check(&[(goal, &["one GithubListPullRequests", "one GithubComment", "no AICondition"])]);
    }
    check(&[(
        "Transcribe a YouTube interview, write an article from it, generate a cover image and save it as a WordPress draft.",
        &[
            "TranscribeYoutubeVideo.youtube_url <- AgentShortTextInput.result",
            "WordPressCreatePost.content <- AITextGenerator.response",
            "WordPressCreatePost.publish_as_draft = true",
        ],
    )]);
}

#[test]
fn a_report_about_what_a_service_has_is_written() {
    for (goal, reader) in [
        ("Every Friday write a report about my open GitHub issues and send it to Slack", "GithubListIssues.issues"),
        ("Write a report about my Todoist tasks and send it to Slack", "TodoistGetTasks.complete_data"),
        ("Every Friday write a report in Slack about my open GitHub issues", "GithubListIssues.issues"),
    ] {
        let read = format!("AITextGenerator.prompt_values <- {reader}");
        check(&[(goal, &[&read, "SendSlackMessage.text <- AITextGenerator.response", "no AICondition"])]);
        told(&[(goal, "")]);
    }
}

#[test]
fn what_is_asked_of_a_text_is_looked_for_in_the_text() {
    check(&[
        (
            "Explain a piece of code that I paste, and find bugs in it.",
            &["AITextGenerator.prompt_values <- AgentLongTextInput.result"],
        ),
        (
            "Summarise my calendar for next week and flag conflicts, by mail every Sunday at 18:00.",
            &["one SendEmail", "SendEmail.body <- AITextGenerator.response"],
        ),
        (
            "When a Linear issue is created, ask Claude for an estimate and post it as a comment on the issue.",
            &["one LinearCreateComment", "no LinearCreateIssue"],
        ),
        (
            "Read invoices from my Gmail, get vendor, amount and date, and append them to a sheet.",
            &["StepThroughItems.items <- AIStructuredResponseGenerator.response", "one GoogleSheetsAppendRow"],
        ),
    ]);
    // The three most important of more than three.
    let goal = "Send me the three most important unread emails on Slack each morning.";
    let steps = serde_json::to_string(&crate::steps(goal, None)).unwrap();
    assert!(!steps.contains("max_results"), "{steps}");
    // There is no photo to send.
    let goal = "Send Anna an email with a photo of the product";
    assert!(matches!(planned(goal, None), Decomposition::ClarifyingQuestions { .. }), "{goal}");
}

#[test]
fn what_others_wrote_is_looked_for_and_not_made_up() {
    for goal in [
        "Find five recent articles about electric cars and mail me the list.",
        "Find recent articles about electric cars, sum each up in two sentences and mail me the result.",
        "Find 5 articles about electric cars and summarise them.",
    ] {
        check(&[(goal, &["one SearchTheWeb"])]);
        told(&[(goal, "")]);
    }
    for goal in [
        "Research three competitors that I name and compare their pricing in a table.",
        "Search the web for a topic I enter and summarise it.",
    ] {
        let asks =
            ["SearchTheWeb.query <- AgentShortTextInput.result", "SearchTheWeb.query <- AgentLongTextInput.result"];
        // The person names them: the words of the goal stand in no input.
        let first = format!("{:?}", crate::links::planned(goal).steps.first());
        assert!(!first.contains("\"value\""), "{goal}: {first}");
        check(&[(goal, &[if goal.starts_with("Research") { asks[1] } else { asks[0] }])]);
    }
    check(&[(
        "Watch our inbox for job applications, score each against the job description that I enter and mail me the scores.",
        &[
            "AITextGenerator.prompt_values <- GmailRead.emails",
            "AITextGenerator.prompt_values <- AgentLongTextInput.result",
        ],
    )]);
}

#[test]
fn what_is_to_stay_as_it_is_is_left_alone_without_a_word() {
    let untouched: &[&str] = &["one GmailRemoveLabel", "no GmailForward", "no SendEmail", "no AITextGenerator"];
    for goal in [
        "Archive newsletters in Gmail but leave the rest in the inbox",
        "Archive newsletters in Gmail and leave all other mails untouched",
        "Archive newsletters in Gmail and leave the other mails as they are",
        "Archive newsletters in Gmail, but don't touch the rest",
        "Archive newsletters in Gmail; the rest stays in the inbox",
        "Go through my unread mails, archive newsletters and leave everything else in the inbox",
        "Go through my unread mails, archive newsletters and leave the rest in Gmail",
    ] {
        check(&[(goal, untouched)]);
        told(&[(goal, "")]);
    }
}

#[test]
fn what_is_written_for_each_is_sent_once() {
    check(&[
        (
            "For each lead on my list in Airtable, write a mail and send it to them",
            &[
                "one AirtableListRecords",
                "one AITextGenerator",
                "one SendEmail",
                "SendEmail.body <- AITextGenerator.response",
            ],
        ),
        (
            "For each customer in my Airtable, write an email and send it to the customer",
            &["one SendEmail", "SendEmail.to_email <- StepThroughItems.item", "no AirtableCreateRecords"],
        ),
        ("Write an article on Notion and mail it to me", &["one SendEmail", "no NotionCreatePage"]),
    ]);
}

#[test]
fn what_a_model_can_do_alone_needs_no_search_and_what_is_searched_keeps_its_words() {
    check(&[
        ("Search the web for companies with AI and mail me the results", &["SearchTheWeb.query = companies with AI"]),
        ("Get five headlines for my new product and post them to Slack", &["no SearchTheWeb", "one AITextGenerator"]),
        (
            "Scrape https://news.example.com/tech each hour and store the new headlines in Notion without duplicates",
            &["AIStructuredResponseGenerator.expected_format = {\"headline\":\"headline\"}"],
        ),
    ]);
    // The rate is given, and no price has to be found.
    told(&[("Convert the prices from dollars to euros at a rate of 0.92 in the text I paste", "")]);
}

#[test]
fn only_what_is_there_is_ordered_by_something() {
    let sorted: &[&str] = &["one AITextGenerator"];
    check(&[("Get my Todoist tasks, order the tasks by due date and mail me the list", sorted)]);
    for goal in [
        "When stock is low, order more paper by Thursday",
        "When a form is submitted, order more coffee by tomorrow",
        "Every month order new toner by weight",
    ] {
        let answer = planned(goal, None);
        assert!(matches!(answer, Decomposition::UnachievableGoal { .. }), "{goal}: {answer:?}");
    }
    // The stock is spoken of before; it is ordered by then, not in that order.
    let goal = "When stock is low, order new stock by next Friday";
    let left_out = crate::links::planned(goal).left_out;
    assert!(left_out.iter().any(|left| left.text == "order new stock by next Friday"), "{left_out:?}");
}
