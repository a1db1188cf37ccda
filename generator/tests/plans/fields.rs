//! Parts of an entry, and what is made of all entries or looked up about one.

use crate::links::check;

#[test]
fn a_name_and_an_email_are_fields_and_nobody_is_mailed() {
    for (goal, kept) in [
        ("When a new lead comes in via webhook, save the name and email to Google Sheets", "one GoogleSheetsAppendRow"),
        (
            "When someone fills in my form, add their name and email to my Notion database Leads",
            "NotionCreatePage.parent_database_id = Leads",
        ),
        (
            "When a form is submitted, write the name, phone and email into my Airtable base",
            "one AirtableCreateRecords",
        ),
        ("Extract the company name and email from a PDF I upload and put them into HubSpot", "one HubSpotContact"),
    ] {
        check(&[(goal, &[kept, "no SendEmail"])]);
    }
    let replied = "Read my unread support mails, reply to those that ask about billing and forward the others to team@example.com";
    check(&[(replied, &["one GmailReply", "one GmailForward"])]);
    let mailed = "Get the title of https://example.com and email it to bob@example.com";
    check(&[(mailed, &["SendEmail.to_email = bob@example.com"])]);
}

#[test]
fn a_list_is_made_of_all_and_sent_once() {
    for goal in [
        "Read the top 10 posts on r/selfhosted, sum up each one in a sentence and email me the list",
        "Read the top 10 posts on r/selfhosted, summarise each of them in a sentence and email me the list",
        "Read the top 10 posts on r/selfhosted, summarise each in a sentence and email me a digest",
    ] {
        check(&[(goal, &["FillTextTemplate.values_#_top_post <- GetRedditPosts.posts", "no AICondition"])]);
    }
}

#[test]
fn what_a_row_does_not_say_is_searched_for_and_the_answer_goes_on() {
    for (goal, sent) in [
        ("For each company in my sheet, find its website and mail it to a@example.com", "SendEmail.body"),
        ("For each company in my sheet, find out what it does and post it to Slack #sales", "SendSlackMessage.text"),
        (
            "I give you a list of cities. For each city, look up its population and send me the results on Telegram chat 12",
            "SendTelegramMessage.text",
        ),
    ] {
        check(&[(
            goal,
            &["SearchTheWeb.query <- FillTextTemplate.output", &format!("{sent} <- AITextGenerator.response")],
        )]);
    }
    let kept = "For each row in my Google Sheet, summarise the notes and write it into the sheet";
    check(&[(kept, &["one GoogleSheetsAppendRow"])]);
    let came = "For each new form submission, look up the company and post a short profile to #sales on Slack";
    check(&[(came, &["one GenericWebhookTrigger", "no AgentShortTextInput"])]);
}

#[test]
fn what_was_read_is_not_read_again_by_a_language_model() {
    let goal =
        "Take a YouTube link, get the transcript and turn it into a Twitter thread, let me approve it, then post it";
    check(&[(
        goal,
        &["one AITextGenerator", "AITextGenerator.prompt_values_#_link <- TranscribeYoutubeVideo.transcript"],
    )]);
}

#[test]
fn what_stands_in_a_text_is_taken_out_of_it_and_not_asked_for() {
    let taken = "Take the invoice number and date from the PDF and mail them to accounting@example.com";
    check(&[(taken, &["one FileRead", "no AgentDateInput", "no AgentShortTextInput"])]);
    let pasted = "Read the names and emails from a text I paste and save them to Airtable";
    check(&[(pasted, &["AIStructuredResponseGenerator.prompt_values_#_text <- AgentLongTextInput.result"])]);
}

#[test]
fn what_is_to_be_found_out_of_a_mail_goes_on_and_not_the_mail() {
    for goal in [
        "Read my inbox, find out what each customer wants and post it to Slack #support",
        "For each email in my inbox, find out what the customer wants and post it to Slack #support",
    ] {
        check(&[(goal, &["SendSlackMessage.text <- AITextGenerator.response", "no SearchTheWeb"])]);
    }
}

#[test]
fn what_is_kept_in_a_table_is_its_rows() {
    for goal in [
        "Get the customers from my Google Sheet and write each a greeting by email",
        "Every Monday, get last week's sales from our Google Sheet and post a summary to Slack #sales",
    ] {
        check(&[(goal, &["one GoogleSheetsRead"])]);
    }
    let sorted = "Get all the open issues in acme/api, sort them by age and put them into a Google Doc";
    check(&[(sorted, &["GoogleDocsCreate.initial_content <- AITextGenerator.response"])]);
}

#[test]
fn a_mail_to_an_address_starts_the_agent() {
    for goal in [
        "Whenever a customer writes to support@example.com, alert me on Slack",
        "When an email arrives at support@example.com, alert me on Slack",
    ] {
        check(&[(
            goal,
            &["GmailRead.query = is:unread to:support@example.com", "one SendSlackMessage", "no AICondition"],
        )]);
    }
}

#[test]
fn what_a_person_types_in_is_asked_for_and_what_is_to_be_done_is_no_step() {
    check(&[
        (
            "I want to type in a topic and get back a quiz with ten questions",
            &["AITextGenerator.prompt_values_#_topic <- AgentShortTextInput.result"],
        ),
        ("Ask me for a city and suggest three things to do there", &["one AITextGenerator"]),
    ]);
}

#[test]
fn what_goes_out_waits_for_approval_and_what_is_written_does_not() {
    check(&[
        (
            "Take my tweet draft, improve it, and post it after I approve",
            &["HumanInTheLoop.data <- AITextGenerator.response", "no TwitterSearchRecentTweets"],
        ),
        (
            "Summarise my unread emails, then send the summary to Slack #team once I have confirmed it",
            &["SendSlackMessage.text <- HumanInTheLoop.approved_data"],
        ),
    ]);
}

#[test]
fn both_pages_are_asked_for() {
    check(&[(
        "Compare the prices of two web pages whose addresses I give",
        &["AITextGenerator.prompt_values_#_web_page_2 <- ExtractWebsiteContent.content"],
    )]);
}

#[test]
fn whoever_stands_in_a_table_is_written_to_at_the_own_address_if_it_is_meant() {
    for goal in [
        "Send a birthday email to each customer in my Google Sheet whose birthday is today",
        "Send a happy birthday email to each customer whose birthday is today, from my Google Sheet",
        "For each customer in my Google Sheet whose birthday is today, send them a birthday email",
        "Send a reminder email to everyone in my Google Sheet whose payment is overdue",
        "Send a birthday greeting by email to everyone in my sheet whose birthday is today",
    ] {
        check(&[(
            goal,
            &[
                "StepThroughItems.items <- GoogleSheetsRead.result",
                "AICondition.input_value <- StepThroughItems.item",
                "SendEmail.to_email <- FindInDictionary.output",
            ],
        )]);
    }
    let all = "Write a personal greeting to each customer in my Google Sheet and email it to them";
    check(&[(all, &["SendEmail.body <- AITextGenerator.response", "SendEmail.to_email <- FindInDictionary.output"])]);
}

#[test]
fn what_is_made_of_a_record_goes_back_to_that_record() {
    let goal = "Rewrite the product descriptions in my Airtable table so that they are more fun and save them back";
    check(&[(
        goal,
        &["StepThroughItems.items <- AirtableListRecords.records", "one StepThroughItems", "one AirtableUpdateRecords"],
    )]);
}

#[test]
fn a_chain_begins_with_what_there_is() {
    let list =
        "Input: a GitHub repository. List its open pull requests. Post the list to Slack #dev every weekday at 9:15";
    check(&[(list, &["one GithubListPullRequests", "no GithubCreateRepository"])]);
    let goal = "YouTube video -> transcript -> key points -> Notion page";
    check(&[(goal, &["one TranscribeYoutubeVideo", "one NotionCreatePage", "no PostToYouTube"])]);
}

#[test]
fn what_goes_out_as_one_message_is_written_of_all() {
    for goal in [
        "Read my unread mails, sum up each one in a sentence, and send all of it in one mail to a@example.com",
        "Read my unread mails, sum up each one in a sentence, and send them in one message to a@example.com",
        "Read my unread mails, sum up each one in a sentence, and send them as one message to #news on Slack",
    ] {
        check(&[(goal, &["no StepThroughItems", "FillTextTemplate.values <- GmailRead.emails"])]);
    }
}
