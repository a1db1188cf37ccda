//! What flows into which input: the right output of the right step, and the values that the goal gives.

use crate::links::check;

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
