//! What flows into which input: the right output of the right step, and the values that the goal gives.

use std::sync::LazyLock;

use generator::{
    Watch,
    knowledge::Knowledge,
    plan::{
        self, Outcome,
        model::{Binding, Plan, Step},
    },
};

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::embedded().unwrap());

/// Steps that only bring a value into the form that the next one takes.
const BRIDGES: [&str; 8] = [
    "FillTextTemplate",
    "FindInDictionary",
    "StepThroughItems",
    "AddToList",
    "CreateDictionary",
    "UniversalTypeConverter",
    "AgentShortTextInput",
    "AgentLongTextInput",
];

fn planned(goal: &str) -> Plan {
    match plan::plan(&KNOWLEDGE, goal, None, Watch::NONE).unwrap() {
        Outcome::Plan(plan) => plan,
        other => panic!("{goal}: {other:?}"),
    }
}

fn name(step: &Step) -> &str {
    KNOWLEDGE.catalogue.by_id(&step.block).map_or("", |block| block.name.strip_suffix("Block").unwrap())
}

/// Whether `output` of a block reaches the binding, directly or through bridges.
fn comes_from(plan: &Plan, binding: &Binding, wanted: &str) -> bool {
    let Binding::From { step, output } = binding else { return false };
    let step = &plan.steps[*step];
    format!("{}.{output}", name(step)) == wanted
        || BRIDGES.contains(&name(step)) && step.inputs.iter().any(|input| comes_from(plan, &input.binding, wanted))
}

/// Whether a fixed value is given, directly or as what an input of the agent starts with.
fn is_given(plan: &Plan, binding: &Binding, wanted: &str) -> bool {
    match binding {
        Binding::Value(value) => value.to_string().trim_matches('"') == wanted,
        Binding::From { step, .. } => {
            let step = &plan.steps[*step];
            name(step).starts_with("Agent") && step.binding("value").is_some_and(|value| is_given(plan, value, wanted))
        }
    }
}

/// `Block.input <- Block.output`, `Block.input = value`, `no Block`, `one Block`.
fn holds(plan: &Plan, rule: &str) -> bool {
    let steps = |wanted: &str| plan.steps.iter().filter(|step| name(step) == wanted).count();
    if let Some(block) = rule.strip_prefix("no ") {
        return steps(block) == 0;
    }
    if let Some(block) = rule.strip_prefix("one ") {
        return steps(block) == 1;
    }
    let (sink, source, flows) = match rule.split_once(" <- ") {
        Some((sink, source)) => (sink, source, true),
        None => rule.split_once(" = ").map(|(sink, value)| (sink, value, false)).unwrap(),
    };
    let (block, input) = sink.split_once('.').unwrap();
    plan.steps.iter().filter(|step| name(step) == block).any(|step| {
        step.inputs.iter().filter(|known| known.name == input || known.name.starts_with(&format!("{input}_#_"))).any(
            |known| match flows {
                true => comes_from(plan, &known.binding, source),
                false => is_given(plan, &known.binding, source),
            },
        )
    })
}

fn check(rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (goal, rules) in rows {
        let plan = planned(goal);
        for rule in rules.iter().filter(|rule| !holds(&plan, rule)) {
            let steps: Vec<String> =
                plan.steps.iter().map(|step| format!("{} {:?}", name(step), step.inputs)).collect();
            wrong.push(format!("{goal}\n  {rule}\n    {}", steps.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_text_reaches_the_person_who_asked_for_it() {
    check(&[
        (
            "Every day at 6 pm read the feed https://news.example.com/rss, sum up the new entries and post the summary to #reading on Slack",
            &[
                "AITextSummarizer.text <- ReadRSSFeed.entries",
                "SendSlackMessage.text <- AITextSummarizer.summary",
                "SendSlackMessage.channel = #reading",
            ],
        ),
        (
            "Get the transcript of https://www.youtube.com/watch?v=abcdefghijk, list the main points and mail them to ann@example.com",
            &[
                "AITextGenerator.prompt_values <- TranscribeYoutubeVideo.transcript",
                "SendEmail.body <- AITextGenerator.response",
                "SendEmail.to_email = ann@example.com",
            ],
        ),
        (
            "Read the posts of r/gardening and send me the best ones on Telegram, my chat id is 123456789",
            &[
                "one GetRedditPosts",
                "GetRedditPosts.subreddit = gardening",
                "SendTelegramMessage.text <- AITextGenerator.response",
                "SendTelegramMessage.chat_id = 123456789",
            ],
        ),
        (
            "Give me a daily summary of the feed https://news.example.com/rss, posted to #reading on Slack",
            &["SendSlackMessage.text <- AITextSummarizer.summary", "SendSlackMessage.channel = #reading"],
        ),
        (
            "Write an article about tea, make a cover image for it and publish it to WordPress as a draft",
            &["WordPressCreatePost.content <- AITextGenerator.response"],
        ),
        (
            "Watch a subreddit and post new posts to Slack",
            &["GetRedditPosts.subreddit <- AgentShortTextInput.result", "GetRedditPosts.last_minutes = 15"],
        ),
        (
            "Get my open Todoist tasks each morning and mail me a plan for the day",
            &[
                "AITextGenerator.prompt_values <- TodoistGetTasks.complete_data",
                "SendEmail.body <- AITextGenerator.response",
            ],
        ),
        (
            "Read my unread mails in Gmail, summarise them and post the summary to the Discord channel #mail",
            &[
                "AITextSummarizer.text <- GmailRead.emails",
                "SendDiscordMessage.message_content <- AITextSummarizer.summary",
                "SendDiscordMessage.channel_name = mail",
                "GmailRead.query = is:unread",
            ],
        ),
        (
            "Look up a city on Wikipedia and send the summary to Slack",
            &[
                "SendSlackMessage.text <- GetWikipediaSummary.summary",
                "no AITextGenerator",
                "GetWikipediaSummary.topic <- AgentShortTextInput.result",
            ],
        ),
        (
            "Ask Perplexity what moved the markets today and tweet the answer",
            &["TwitterPostTweet.tweet_text <- Perplexity.response", "no AITextGenerator"],
        ),
        ("Write a haiku about the sea and tweet it", &["TwitterPostTweet.tweet_text <- AITextGenerator.response"]),
        (
            "Search the web for a topic and email me what you find",
            &["SearchTheWeb.query <- AgentShortTextInput.result", "SendEmail.body <- SearchTheWeb.results"],
        ),
        (
            "When I receive a Telegram message, translate it to English and reply with the translation",
            &[
                "AITextGenerator.prompt_values <- TelegramMessageTrigger.text",
                "SendTelegramMessage.text <- AITextGenerator.response",
                "SendTelegramMessage.chat_id <- TelegramMessageTrigger.chat_id",
            ],
        ),
        (
            "Each Monday I want the ten best posts from r/rust, a short summary of them, and the result mailed to me@example.com",
            &[
                "one GetRedditPosts",
                "SendEmail.to_email = me@example.com",
                "SendEmail.body <- AITextGenerator.response",
                "AITextGenerator.prompt_values <- GetRedditPosts.posts",
            ],
        ),
        (
            "Run a Python script and email the output",
            &["ExecuteCode.code <- AgentLongTextInput.result", "SendEmail.body <- ExecuteCode.response"],
        ),
        (
            "sumarize a webpage and psot it to discord",
            &[
                "AITextSummarizer.text <- ExtractWebsiteContent.content",
                "SendDiscordMessage.message_content <- AITextSummarizer.summary",
            ],
        ),
        (
            "Wait two hours, then send \"Time for lunch\" to Telegram",
            &["CountdownTimer.hours = 2", "SendTelegramMessage.text <- CountdownTimer.output_message"],
        ),
    ]);
}

#[test]
fn a_plain_operation_does_what_its_verb_says_with_the_values_of_the_goal() {
    check(&[
        (
            "Split a text at semicolons",
            &["TextSplit.delimiter = ;", "TextSplit.text <- AgentLongTextInput.result", "no AITextGenerator"],
        ),
        (
            "Replace \"colour\" with \"color\" in a text",
            &["TextReplace.old = colour", "TextReplace.new = color", "TextReplace.text <- AgentLongTextInput.result"],
        ),
        ("Encode a text", &["TextEncoder.text <- AgentLongTextInput.result", "no AITextGenerator"]),
        (
            "Extract the numbers from a text with the regular expression \"[0-9]+\"",
            &["ExtractTextInformation.pattern = [0-9]+", "ExtractTextInformation.find_all = true"],
        ),
        ("Multiply 6 by 7", &["Calculator.a = 6", "Calculator.b = 7", "Calculator.operation = Multiply"]),
        ("What is 90 divided by 6?", &["Calculator.a = 90", "Calculator.b = 6", "Calculator.operation = Divide"]),
        (
            "Divide one number by another and round the result",
            &["Calculator.round_result = true", "no AITextGenerator"],
        ),
        ("what's the date today", &["one GetCurrentDate", "no SearchTheWeb"]),
        (
            "Paint a picture of a red barn in the snow",
            &["one AIImageGenerator", "AIImageGenerator.prompt = Paint a picture of a red barn in the snow"],
        ),
        ("Turn an article into an mp3", &["UnrealTextToSpeech.text <- ExtractWebsiteContent.content"]),
        (
            "POST the text \"done\" to https://hooks.example.org/ready",
            &["SendWebRequest.method = POST", "SendWebRequest.url = https://hooks.example.org/ready"],
        ),
        (
            "Read an uploaded text file, translate it into Spanish and give me the translation",
            &["AITextGenerator.prompt_values <- FileRead.content", "one AITextGenerator"],
        ),
    ]);
}

#[test]
fn what_is_kept_has_the_title_the_text_and_the_parts_that_were_asked_for() {
    check(&[
        (
            "Read the rows of a Google Sheet, have an AI write a short report about them and create a Google Doc with the report",
            &[
                "AITextGenerator.prompt_values <- GoogleSheetsRead.result",
                "GoogleDocsCreate.initial_content <- AITextGenerator.response",
            ],
        ),
        (
            "Read a Google Doc, translate it into French and add the translation to the end of the document",
            &[
                "AITextGenerator.prompt_values <- GoogleDocsRead.text",
                "GoogleDocsAppendMarkdown.markdown <- AITextGenerator.response",
            ],
        ),
        (
            "Open a GitHub issue titled \"Dead link\" with the text of a web page",
            &["GithubMakeIssue.title = Dead link", "GithubMakeIssue.body <- ExtractWebsiteContent.content"],
        ),
        (
            "Whenever someone calls my webhook, write what came in to a Google Sheet",
            &["GoogleSheetsAppendRow.row <- GenericWebhookTrigger.payload"],
        ),
        (
            "Take the receipt text I paste in, extract the shop, the date and the total, and add them as a record in Airtable",
            &[
                "AIStructuredResponseGenerator.prompt_values <- AgentLongTextInput.result",
                "AirtableCreateRecords.records <- AIStructuredResponseGenerator.response",
                "no AITextGenerator",
            ],
        ),
        (
            "Get all records from Airtable and put a summary of them on a Notion page",
            &[
                "AIStructuredResponseGenerator.prompt_values <- AirtableListRecords.records",
                "NotionCreatePage.content <- AIStructuredResponseGenerator.response",
                "no CreateDictionary",
            ],
        ),
        (
            "Create a calendar event named \"Dentist\"",
            &["GoogleCalendarCreateEvent.event_title = Dentist", "no AITextGenerator"],
        ),
        (
            "Get the transcript of a YouTube video, write a blog post from it and publish the post on WordPress",
            &[
                "AITextGenerator.prompt_values <- TranscribeYoutubeVideo.transcript",
                "WordPressCreatePost.content <- AITextGenerator.response",
                "one WordPressCreatePost",
            ],
        ),
        (
            "Take a topic, search the web with Exa and write a LinkedIn post about it",
            &[
                "ExaSearch.query <- AgentShortTextInput.result",
                "AITextGenerator.prompt_values <- ExaSearch.results",
                "no PostToLinkedIn",
            ],
        ),
    ]);
}

#[test]
fn an_entry_is_worked_on_by_itself_with_its_own_parts() {
    check(&[
        (
            "For each row of a CSV file create a Todoist task",
            &[
                "ReadSpreadsheet.file_input <- AgentFileInput.result",
                "TodoistCreateTask.content <- AITextGenerator.response",
                "AITextGenerator.prompt_values <- ReadSpreadsheet.row",
            ],
        ),
        (
            "Find news about solar power, pick the five most important stories and post each of them to Slack",
            &[
                "StepThroughItems.items <- AIStructuredResponseGenerator.response",
                "SendSlackMessage.text <- StepThroughItems.item",
                "AIStructuredResponseGenerator.list_result = true",
            ],
        ),
        (
            "Read the Notion page with our notes, list the action items and create a Linear issue for each action item",
            &[
                "LinearCreateIssue.title <- StepThroughItems.item",
                "LinearCreateIssue.description <- StepThroughItems.item",
            ],
        ),
        (
            "Get my bookmarked tweets, group them by subject and keep each group as a page in Notion",
            &[
                "AIStructuredResponseGenerator.prompt_values <- TwitterGetBookmarkedTweets.text",
                "NotionCreatePage.title <- StepThroughItems.item",
                "StepThroughItems.items <- AIStructuredResponseGenerator.response",
            ],
        ),
        (
            "Fetch a contact from HubSpot and write a friendly thank-you e-mail to them from Gmail",
            &[
                "GmailSend.to <- HubSpotContact.contact",
                "AITextGenerator.prompt_values <- HubSpotContact.contact",
                "no GmailRead",
            ],
        ),
        (
            "Read a pull request, explain what it changes and post the explanation to Discord",
            &[
                "AITextGenerator.prompt_values <- GithubReadPullRequest.changes",
                "SendDiscordMessage.message_content <- AITextGenerator.response",
            ],
        ),
        (
            "When a pull request is opened on GitHub, review it with AI and comment on it",
            &[
                "GithubReadPullRequest.pr_url <- GithubPullRequestTrigger.pull_request",
                "GithubComment.issue_url <- GithubPullRequestTrigger.pull_request",
                "GithubComment.comment <- AITextGenerator.response",
                "one AITextGenerator",
            ],
        ),
        (
            "When an issue is opened on GitHub, write a friendly answer and comment it on the issue",
            &[
                "GithubComment.issue_url <- GithubIssuesTrigger.issue",
                "GithubComment.comment <- AITextGenerator.response",
            ],
        ),
        (
            "Comment \"Thank you, we are on it\" on a GitHub issue",
            &["GithubComment.comment = Thank you, we are on it", "no GithubAssignIssue"],
        ),
    ]);
}

#[test]
fn what_a_message_is_to_say_is_in_it() {
    check(&[
        (
            "Summarise each new YouTube video of the channel @veritasium and post it to our Discord, mentioning @everyone",
            &["one AITextGenerator", "SendDiscordMessage.message_content <- AITextGenerator.response"],
        ),
        (
            "Whenever someone stars our repo acme/rocket on GitHub, send a thank you message on Discord",
            &["SendDiscordMessage.message_content <- AITextGenerator.response"],
        ),
        (
            "Send me a daily email with the top 3 Hacker News stories about Rust, each summarised in one sentence with a link",
            &["no ExtractWebsiteContent"],
        ),
    ]);
}

#[test]
fn several_things_in_a_text_are_taken_out_of_it_one_by_one() {
    check(&[
        (
            "Create Linear issues for the action items in this meeting transcript",
            &["LinearCreateIssue.description <- StepThroughItems.item", "one AIStructuredResponseGenerator"],
        ),
        (
            "Turn this meeting transcript into minutes: attendees, decisions, action items. Then create Linear issues for the \
                action items and email the minutes to boss@example.org",
            &[
                "LinearCreateIssue.description <- StepThroughItems.item",
                "SendEmail.body <- AITextGenerator.response",
                "one AITextGenerator",
            ],
        ),
    ]);
}

#[test]
fn a_guard_lets_the_thing_itself_through() {
    check(&[
        (
            "When an invoice arrives in Gmail, extract the amount, and if the amount is over 1000 euros ask me for approval \
                before forwarding it to books@example.org",
            &["GmailForward.messageId <- HumanInTheLoop.approved_data"],
        ),
        (
            "Classify incoming support emails as billing or other. Billing goes to billing@example.org, and for the rest draft \
                a reply.",
            &["GmailDraftReply.threadId <- AICondition.no_output"],
        ),
        (
            "Read my unread Gmail and star everything from my boss anna@example.org",
            &["GmailAddLabel.message_id <- AICondition.yes_output"],
        ),
        (
            "Read the web page https://example.com/jobs and, if it mentions Rust, send me an email",
            &["AICondition.input_value <- ExtractWebsiteContent.content", "SendEmail.body <- AICondition.yes_output"],
        ),
        (
            "Classify a support message as bug, question or praise. If it is a bug, open a Linear issue, otherwise post it to Slack.",
            &[
                "AICondition.input_value <- AIStructuredResponseGenerator.response",
                "AICondition.yes_value <- AgentLongTextInput.result",
                "SendSlackMessage.text <- AICondition.no_output",
            ],
        ),
        (
            "Let me approve the text before it is posted to Twitter",
            &[
                "HumanInTheLoop.data <- AgentLongTextInput.result",
                "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data",
            ],
        ),
    ]);
}
