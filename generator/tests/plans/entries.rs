//! What one of several things gets, and what a condition lets through: itself, with its own parts.

use crate::links::check;

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
