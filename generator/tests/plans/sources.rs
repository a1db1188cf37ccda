//! Where things come from: what is named is read there, what is waited for starts the agent, what was there before is
//! remembered.

use crate::{links::check, planned};
use shared::port::Decomposition;

#[test]
fn what_is_listened_for_starts_the_agent() {
    check(&[
        (
            "Build a workflow that listens for new GitHub issues and posts them to Slack #dev",
            &["one GithubIssuesTrigger", "no SearchTheWeb", "SendSlackMessage.text <- GithubIssuesTrigger.issue"],
        ),
        (
            "Watch for new GitHub pull requests in acme/web and summarise each in Discord #prs",
            &[
                "GithubPullRequestTrigger.repo = acme/web",
                "no ReadDiscordMessages",
                "SendDiscordMessage.message_content <- AITextSummarizer.summary",
            ],
        ),
        (
            "Watch for new releases of acme/web and post the notes to Discord #releases",
            &["one GithubReleaseTrigger", "no GithubReadIssue"],
        ),
        (
            "Listens for incoming webhooks and posts the payload to Slack #hooks",
            &["SendSlackMessage.text <- GenericWebhookTrigger.payload", "no AITextGenerator"],
        ),
        (
            "Listen for new rows in my Google Sheet and create a Todoist task for each",
            &["ListDifference.list_a <- GoogleSheetsRead.result", "no AICondition"],
        ),
        (
            "Whenever there is a new issue in our repo acme/shop I want a message in Discord #dev with the title",
            &["GithubIssuesTrigger.repo = acme/shop", "no AgentShortTextInput"],
        ),
        (
            "When a Stripe payment comes in by webhook, write the payment to a Google Sheet",
            &["one GenericWebhookTrigger", "no StripeSubscriptionTrigger"],
        ),
    ]);
}

#[test]
fn a_bot_reads_the_page_behind_the_link_that_it_is_sent() {
    for goal in [
        "Would love a Telegram bot where I send a link to an article and it sends back a short summary",
        "A Telegram bot: I send it a link and it answers with a summary",
        "When I send a link to my Telegram bot, it replies with a summary of the page",
        "Create a Telegram bot that accepts a link and answers with a summary",
        "When someone sends my Telegram bot a link to a recipe, reply with the shopping list",
        "A Telegram bot: you send it a recipe link, it answers with the ingredients as a list",
    ] {
        check(&[(
            goal,
            &[
                "no GetTelegramFile",
                "ExtractWebsiteContent.url <- TelegramMessageTrigger.text",
                "AITextGenerator.prompt_values <- ExtractWebsiteContent.content",
                "SendTelegramMessage.chat_id <- TelegramMessageTrigger.chat_id",
            ],
        )]);
    }
    check(&[(
        "A Telegram bot that takes a YouTube link and sends back the main points",
        &["TranscribeYoutubeVideo.youtube_url <- TelegramMessageTrigger.text", "one SendTelegramMessage"],
    )]);
}

#[test]
fn a_service_that_is_named_is_read_and_the_web_is_not() {
    check(&[
        (
            "Feature request: show the current on-call person in Slack every morning at 8. We use All Quiet.",
            &["SendSlackMessage.text <- AllQuietGetOnCall.shifts", "no SearchTheWeb"],
        ),
        (
            "Every day at 8 show the current on-call person from All Quiet in Slack #ops",
            &["SendSlackMessage.text <- AllQuietGetOnCall.shifts", "no SearchTheWeb"],
        ),
        ("Every morning post the open incidents to Slack #ops. We use All Quiet.", &["one AllQuietListIncidents"]),
        (
            "Every morning at 8 mail me at a@b.example the products in Airtable whose quantity is under 5",
            &["one AirtableListRecords", "no AgentLongTextInput"],
        ),
        (
            "Take a keyword, get related keywords with DataForSEO and append them to a Google Sheet",
            &["DataForSeoRelatedKeywords.keyword <- AgentShortTextInput.result"],
        ),
        (
            "For each keyword in my Google Sheet get related keywords from DataForSEO",
            &["DataForSeoRelatedKeywords.keyword <- GoogleSheetsRead.result"],
        ),
        (
            "Every day count the open issues in acme/web and post it to Slack #dev",
            &["no GithubCompareBranches", "one GithubGetRepositoryInfo"],
        ),
        (
            "RSS entries from https://blog.example/feed should be translated into English and posted to Slack #news",
            &["one ReadRSSFeed", "SendSlackMessage.text <- AITextGenerator.response"],
        ),
    ]);
    for goal in [
        "Every morning post the open incidents to Slack #ops. We use PagerDuty.",
        "Every morning send me the Jira issues assigned to me on Telegram, chat id 5551234",
        "Create an agent that joins my Zoom meeting from a link, and afterwards emails the summary to the participants",
        "Record my Teams call and send me the minutes by mail to a@b.example",
    ] {
        assert!(matches!(planned(goal, None), Decomposition::UnachievableGoal { .. }), "{goal}");
    }
}

#[test]
fn a_mail_that_goes_out_is_no_reason_to_read_the_inbox() {
    check(&[
        (
            "When an order comes in by webhook, confirm it to the customer by mail and log every order in Airtable",
            &["no GmailRead", "AirtableCreateRecords.records <- GenericWebhookTrigger.payload"],
        ),
        (
            "Webhook /orders: if the total is more than 500 send it to the manager for approval, otherwise confirm it to the \
                customer by mail. Log all orders in Airtable.",
            &["no GmailRead", "AirtableCreateRecords.records <- GenericWebhookTrigger.payload"],
        ),
    ]);
}

#[test]
fn how_many_there_are_is_counted() {
    for goal in [
        "Slack alert if the number of open issues in a repo goes over 100",
        "Every day check the number of open issues in acme/web and post to Slack #dev if it is more than 100",
        "Every day count the open issues in acme/web and post to Slack #dev if there are more than 100",
    ] {
        check(&[(
            goal,
            &["Condition.value1 <- GithubGetRepositoryInfo.open_issues", "Condition.value2 = 100", "no AICondition"],
        )]);
    }
    check(&[
        (
            "Mail me at a@b.example when the number of stars of acme/web passes 1000",
            &["Condition.value1 <- GithubGetRepositoryInfo.stars", "no GithubStarTrigger"],
        ),
        (
            "Tell me on Discord #ops when there are more than 20 open pull requests in acme/web",
            &["Condition.value1 <- CountItems.count", "Condition.value2 = 20", "no AICondition"],
        ),
        (
            "Every day check how many unread mails I have and tell me on Telegram",
            &["no SearchTheWeb", "one CountItems"],
        ),
        ("If my Todoist has over 20 tasks, send me a Telegram message", &["Condition.value1 <- CountItems.count"]),
        ("Post the number of unread mails to Slack #me every morning", &["SendSlackMessage.text <- CountItems.count"]),
    ]);
}

#[test]
fn what_was_there_before_does_not_come_again() {
    for goal in [
        "Every hour sync my Todoist tasks to a Google Sheet",
        "Every hour mirror my Airtable records to Notion",
        "Mirror my Notion tasks database to Todoist every 30 minutes",
        "We keep our leads in Airtable. Every Friday send me a list of the new ones by mail to me@acme.example",
        "Every hour look for mentions of \"acmedb\" on Twitter and post them to Slack #brand",
        "Mail me at a@b.example when someone mentions \"acmedb\" on Reddit",
        "When the quantity of a product in Airtable falls under 5 send a mail to purchasing@ourshop.example",
        "When the stock of a product in the Google Sheet drops below 10, post it to Slack #stock",
    ] {
        check(&[(goal, &["one ListDifference", "one PersistInformation"])]);
    }
    check(&[(
        "I'd like to get an email when somebody mentions our product on Reddit or Hacker News. Keywords: \"acmedb\"",
        &["SearchTheWeb.query = \\\"acmedb\\\" Reddit OR Hacker News", "one PersistInformation"],
    )]);
}

#[test]
fn a_text_that_is_not_to_repeat_is_written_with_the_earlier_ones_before_the_writer() {
    for goal in [
        "Each evening at ten ask an AI for three words in Spanish and send them to me by mail. They should not repeat.",
        "Every day at 9 send me a mail to a@b.example with a quote about patience that I have not had before",
        "Every morning send a fun fact about space to Slack #fun. Never send the same fact twice.",
        "Every week write a new LinkedIn post idea for our bakery and mail it to a@b.example; no repeats.",
        "Every evening write a riddle and post it to Discord #fun. Don't repeat earlier ones.",
    ] {
        check(&[(
            goal,
            &[
                "AITextGenerator.prompt_values <- RetrieveInformation.value",
                "PersistInformation.value <- AITextGenerator.response",
                "PersistInformation.value <- RetrieveInformation.value",
            ],
        )]);
        // Without a bound the prompt would grow with every run, until it is refused.
        let steps = serde_json::to_string(&crate::steps(goal, None)).unwrap();
        assert!(steps.contains("{{written_before[-8000:]}}"), "{steps}");
        let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
        let told = |word: &str| account.left_out.iter().any(|left| left.text.contains(word));
        assert!(!told("repeat") && !told("twice") && !told("before"), "{goal}: {:?}", account.left_out);
    }
}

#[test]
fn what_was_made_last_goes_out_and_not_what_it_is_about() {
    for (sent, goal) in [
        ("TwitterPostTweet.tweet_text", "Ask me for a topic, write a poem about it and tweet it"),
        ("SendEmail.body", "Ask me for a topic, write a poem about it and mail it to a@example.com"),
        ("GoogleDocsCreate.initial_content", "Take a topic, write an essay about it and save it in a Google Doc"),
        ("WordPressCreatePost.content", "Get the weather in Rome and write a post about it. Publish it on WordPress"),
    ] {
        check(&[(goal, &[&format!("{sent} <- AITextGenerator.response")])]);
    }
    let approved =
        "Ask me for a topic, write a blog post about it and publish it on WordPress after I have approved it";
    check(&[(approved, &["WordPressCreatePost.content <- HumanInTheLoop.approved_data"])]);
}

#[test]
fn a_feed_is_read_whoever_it_is_of() {
    for goal in [
        "Read the BBC feed and send it to me on Telegram, chat id 4711",
        "Check the Hacker News RSS feed every hour and post the new entries to Slack #news",
    ] {
        check(&[(goal, &["ReadRSSFeed.rss_url <- AgentShortTextInput.result", "no SearchTheWeb"])]);
    }
}

#[test]
fn whoever_is_paged_gets_a_message() {
    let goal = "If a new GitHub issue in acme/api mentions \"security\", page me on Discord, otherwise label it triage";
    check(&[(goal, &["one SendDiscordMessage", "GithubAddLabel.label = triage", "no ReadDiscordMessages"])]);
}

#[test]
fn a_search_is_for_all_that_was_asked() {
    check(&[
        (
            "Look up the current price of gold and mail it to a@example.com",
            &["SearchTheWeb.query = the current price of gold"],
        ),
        ("Find the opening hours of the Louvre and tell me", &["SearchTheWeb.query = the opening hours of the Louvre"]),
    ]);
    let both = "Take a topic, write a LinkedIn post and three tweets about it and save all of it in a Notion page";
    check(&[(both, &["NotionCreatePage.content <- FillTextTemplate.output"])]);
}

#[test]
fn a_bot_that_fetches_something_is_sent_nothing() {
    check(&[(
        "A Slack bot that gets my unread mails and posts them to #general",
        &["SendSlackMessage.text <- FillTextTemplate.output", "one GmailRead"],
    )]);
}

#[test]
fn a_condition_that_leaves_words_to_the_person_asks_for_them() {
    for goal in [
        "Post to Telegram when a new video on a YouTube channel has one of my keywords in its title",
        "Tell me in Slack #watch when an entry of the feed https://example.com/rss.xml mentions one of my keywords",
        "Check https://shop.example/desk every day and mail me at a@b.example if the price is below my limit",
        "Write to Telegram if the price on https://shop.example/desk drops under what I set",
    ] {
        check(&[(goal, &["AICondition.condition <- AgentShortTextInput.result"])]);
    }
}

#[test]
fn what_no_model_can_know_is_searched_for_first() {
    check(&[
        (
            "A weekly summary of what was new on bioRxiv about CRISPR",
            &["SearchTheWeb.query = what was new on bioRxiv about CRISPR"],
        ),
        ("A daily summary of what happened on arxiv that day would be cool", &["one SearchTheWeb"]),
        (
            "Write a report on the newest trends in sustainable packaging",
            &["SearchTheWeb.query = the newest trends in sustainable packaging"],
        ),
        ("Each evening a short poem about the sea to Slack #fun", &["no SearchTheWeb"]),
        (
            "Once a week search for jobs for Rust developers in Berlin",
            &["SearchTheWeb.query = jobs for Rust developers in Berlin"],
        ),
    ]);
}

#[test]
fn what_lies_in_a_service_is_read_there_however_it_is_said() {
    check(&[
        ("Weekdays at six sum up what I finished in Todoist and mail it to a@b.example", &["one TodoistGetTasks"]),
        ("Each Friday sum up what is planned in my Google Calendar", &["one GoogleCalendarReadEvents"]),
        ("List what is due in my Airtable table Orders", &["one AirtableListRecords"]),
        ("Check whether the contract I paste has a notice period", &["no SearchTheWeb", "one AgentLongTextInput"]),
        (
            "Check this feed: https://example.com/feed.xml every day and send me the posts about async on Telegram",
            &["one ReadRSSFeed", "SendTelegramMessage.text <- AITextGenerator.response"],
        ),
    ]);
}

#[test]
fn what_is_written_about_a_record_goes_back_into_it_or_is_kept_with_it() {
    check(&[
        (
            "Read the customers from my Airtable table, write a one-line note about each and write it back into the table",
            &["AirtableUpdateRecords.records <- JSONDecoder.data", "no GoogleSheetsAppendRow"],
        ),
        (
            "Classify each new Typeform response as complaint or praise and save it in Airtable",
            &["AirtableCreateRecords.records <- AddToDictionary.updated_dictionary"],
        ),
        (
            "Webhook /feedback: score the mood from 1 to 5. Log every one in a Google Sheet",
            &["AddToDictionary.dictionary <- GenericWebhookTrigger.payload"],
        ),
    ]);
}

#[test]
fn a_label_says_where_it_comes_from_or_goes() {
    check(&[
        (
            "Todoist: create a task for each starred mail in Gmail",
            &["one TodoistCreateTask", "one GmailRead", "no GmailSend"],
        ),
        (
            "GitHub: put new issues as items in a Notion database",
            &["NotionCreatePage.title <- StepThroughItems.item", "no GithubStarTrigger"],
        ),
        ("Google Sheets: post new rows to Discord", &["one GoogleSheetsRead"]),
        (
            "Telegram alerts: new GitHub releases of acme/web",
            &["SendTelegramMessage.text <- GithubReleaseTrigger.release"],
        ),
        ("Slack notifications: new pull requests in acme/web", &["one SendSlackMessage"]),
        (
            "A newsletter signup by webhook: add the person to the Airtable table \"Subscribers\" and tell #growth on Slack",
            &["one GenericWebhookTrigger", "SendSlackMessage.channel = #growth"],
        ),
        (
            "Reminder for the water bill: on the 3rd of every month at 10 in the morning post in #home on Slack",
            &["SendSlackMessage.text = Reminder for the water bill"],
        ),
        (
            "Lunch reminder: post into #team on Slack \"Lunch at the usual place\" at 11:45 each weekday",
            &["SendSlackMessage.text = Lunch at the usual place"],
        ),
    ]);
}

#[test]
fn an_event_ends_where_it_is_said_what_is_to_be_done() {
    check(&[
        (
            "Whenever somebody books a slot in Calendly our Discord channel must get a message with name and time",
            &["SendDiscordMessage.message_content <- GenericWebhookTrigger.payload", "no AITextGenerator"],
        ),
        (
            "Watch a GitHub repository for new issues, classify each as bug or question and add the label",
            &["one GithubIssuesTrigger", "GithubAddLabel.label <- AIStructuredResponseGenerator.response"],
        ),
        (
            "Monitor a YouTube channel for new videos, transcribe each one and save the transcript to Notion",
            &["NotionCreatePage.content <- TranscribeYoutubeVideo.transcript"],
        ),
        (
            "Look on eBay for vintage cameras each morning, to my mail",
            &["SearchTheWeb.query = vintage cameras eBay", "one SendEmail"],
        ),
        (
            "7 o'clock each day: read the sales of yesterday from our Postgres database and post them to #sales on Slack",
            &["SQLQuery.query <- AgentLongTextInput.result"],
        ),
    ]);
}
