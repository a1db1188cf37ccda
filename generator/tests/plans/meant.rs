//! What is meant by words that could mean something else: which act, on what, for whom.

use crate::{links::check, planned, steps, texts};
use shared::port::Decomposition;

#[test]
fn what_was_written_as_a_mail_is_never_published() {
    let goals = [
        "Research a person on LinkedIn and write a personalised cold email, then send it",
        "Read a LinkedIn profile, write an introduction email, let me approve it, then send it",
    ];
    for goal in goals {
        check(&[(goal, &["no PostToLinkedIn"])]);
        let steps = steps(goal, None);
        assert!(texts(&steps, "block_name").contains(&"SendEmailBlock"), "{goal}");
    }
}

#[test]
fn a_part_of_a_post_is_written_and_not_published() {
    for goal in [
        "I want an Instagram caption for a photo I upload, with 5 hashtags",
        "Every morning a LinkedIn headline about our product",
        "I need a YouTube description for a text I paste",
    ] {
        check(&[(goal, &["no PostToInstagram", "no PostToLinkedIn", "no PostToYouTube", "one AITextGenerator"])]);
    }
}

#[test]
fn what_an_act_sorts_is_handed_on_by_its_kind() {
    check(&[
        (
            "Classify each new email in my Gmail as billing, technical or other, and post the technical ones to #support on Slack",
            &["one AICondition", "SendSlackMessage.channel = #support"],
        ),
        (
            "Sort my unread Gmail mails into urgent, normal and junk and send me the urgent ones on Telegram, chat id 123456789",
            &["one AICondition", "SendTelegramMessage.chat_id = 123456789"],
        ),
    ]);
}

#[test]
fn a_picture_is_changed_by_what_changes_pictures() {
    check(&[
        ("Take a photo that I upload and remove its background", &["one AIImageEditor", "no AITextGenerator"]),
        ("Generate an image of a castle and upscale it", &["one AIImageEditor"]),
    ]);
}

#[test]
fn speech_is_not_written_down_by_a_model_that_never_hears_it() {
    for goal in ["Turn a podcast episode URL into a transcript", "Convert my voice recording to a transcript"] {
        assert!(matches!(planned(goal, None), Decomposition::UnachievableGoal { .. }), "{goal}");
    }
    check(&[("Turn a YouTube video into a transcript", &["one TranscribeYoutubeVideo"])]);
}

#[test]
fn what_is_judged_is_asked_for_and_what_comes_with_it_is_not() {
    for (goal, asked) in [
        ("Score an essay from 1 to 10 with feedback", "Essay"),
        ("Grade a poem with comments", "Poem"),
        ("Evaluate a business plan with suggestions", "Business plan"),
    ] {
        let steps = steps(goal, None);
        let inputs: Vec<&str> = steps
            .iter()
            .filter(|step| step["block_name"].as_str().unwrap().starts_with("Agent"))
            .filter_map(|step| step["inputs"][0]["value"].as_str())
            .filter(|name| *name != "Instruction")
            .collect();
        assert!(inputs.contains(&asked), "{goal}: {inputs:?}");
        assert!(
            !inputs.iter().any(|name| ["Feedback", "Comments", "Suggestions"].contains(name)),
            "{goal}: {inputs:?}"
        );
    }
}

#[test]
fn a_model_that_is_asked_for_something_writes_it() {
    check(&[
        (
            "Ask GPT-4 for a joke and send it to bob@example.com",
            &["SendEmail.body <- AITextGenerator.response", "SendEmail.to_email = bob@example.com"],
        ),
        (
            "Ask the AI for a motivational quote and post it to #general on Slack",
            &["SendSlackMessage.text <- AITextGenerator.response"],
        ),
    ]);
}

#[test]
fn questions_about_a_file_are_answered_from_what_is_in_it() {
    check(&[(
        "Build a bot that answers questions about a PDF I upload",
        &["AITextGenerator.prompt_values <- FileRead.content"],
    )]);
}

#[test]
fn a_check_that_is_made_often_is_a_schedule() {
    let goal = "Check if my website https://example.org is up every 5 minutes and alert me on Telegram if it is down";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
    assert_eq!(account.requirements.schedule.as_deref(), Some("*/5 * * * *"));
}

#[test]
fn a_text_message_to_a_phone_is_no_text_of_a_model() {
    let goal = "I want to get a text message every morning with the weather in Lisbon";
    let Decomposition::UnachievableGoal { reason, .. } = planned(goal, None) else { panic!("{goal}") };
    assert!(reason.unwrap_or_default().contains("SMS"), "{goal}");
}

#[test]
fn an_event_that_says_more_than_new_is_looked_for_in_what_is_new() {
    check(&[("Send me a Slack message whenever a Linear issue is assigned to me", &["one AICondition"])]);
}

#[test]
fn a_folder_of_which_one_file_is_taken_is_told() {
    let goal = "Summarise each PDF in a Google Drive folder";
    let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
    assert!(account.left_out.iter().any(|left| left.text.contains("folder")), "{:?}", account.left_out);
}

#[test]
fn nothing_is_published_before_somebody_has_approved_it() {
    let goal = "Create social media posts for X, LinkedIn and Facebook from a blog post URL and let me approve them before posting";
    check(&[(
        goal,
        &[
            "TwitterPostTweet.tweet_text <- HumanInTheLoop.approved_data",
            "PostToLinkedIn.post <- HumanInTheLoop.approved_data",
            "PostToFacebook.post <- HumanInTheLoop.approved_data",
        ],
    )]);
}

#[test]
fn what_is_read_aloud_is_the_text_that_was_written() {
    check(&[(
        "Write a bedtime story about a dragon, illustrate it and read it aloud",
        &["UnrealTextToSpeech.text <- AITextGenerator.response"],
    )]);
}

#[test]
fn an_address_that_answers_are_made_from_is_read() {
    check(&[(
        "Answer customer emails automatically using our FAQ at https://example.com/faq",
        &["AITextGenerator.prompt_values <- ExtractWebsiteContent.content"],
    )]);
}

#[test]
fn parts_of_what_is_there_are_looked_for_nowhere_else() {
    check(&[
        (
            "Extract text from a scanned receipt and put date, shop and total into Airtable",
            &["no GoogleMapsSearch", "no FileRead", "one ReplicateModel"],
        ),
        ("Find influencers in the fitness niche on Instagram and list their emails", &["no GmailRead"]),
        ("Convert a list of prices from USD to EUR", &["no ExtractWebsiteContent"]),
        ("Compare the prices of three flights that I list and tell me the cheapest", &["no ExtractWebsiteContent"]),
    ]);
}

#[test]
fn what_is_sought_is_what_the_search_is_given() {
    check(&[
        (
            "Look for remote Python jobs on the web every morning and send me the five best on Telegram",
            &["SearchTheWeb.query = remote Python jobs"],
        ),
        (
            "Find the phone number and address of restaurants in Berlin Mitte and put them in a sheet",
            &["GoogleMapsSearch.query = restaurants in Berlin Mitte"],
        ),
        (
            "Track the price of Bitcoin every hour and save it to a Google Sheet",
            &["SearchTheWeb.query = the price of Bitcoin"],
        ),
        (
            "Each Monday send my team in Discord a list of open pull requests in acme/web",
            &["one GithubListPullRequests", "GithubListPullRequests.repo_url = https://github.com/acme/web"],
        ),
    ]);
}

#[test]
fn pages_of_search_results_are_not_published_as_they_are() {
    check(&[(
        "Monitor Hacker News for posts about Rust with more than 100 points and tweet them",
        &["TwitterPostTweet.tweet_text <- AITextGenerator.response"],
    )]);
}

#[test]
fn what_a_goal_takes_for_granted_and_no_step_does_is_told() {
    for (goal, text) in [
        ("Notify me on Slack if the temperature in Oslo is below zero tomorrow", "tomorrow"),
        (
            "When a new row is added to my Airtable base, generate a product description and save it in the same record",
            "the same record",
        ),
        ("Make a QR code for a URL", "a QR code"),
        ("Make 3 variations of a logo for my coffee shop", "3 variations"),
        ("Summarise my day: calendar events and unread emails, at 6pm to Slack", "6pm"),
    ] {
        let Decomposition::Instructions { account, .. } = planned(goal, None) else { panic!("{goal}") };
        let told: Vec<&str> = account.left_out.iter().map(|left| left.text.as_str()).collect();
        assert!(told.contains(&text), "{goal}: {told:?}");
    }
}

#[test]
fn of_hundreds_of_addresses_an_answer_reads_a_few_and_the_rest_is_told() {
    let urls: String = (0..300).map(|at| format!(" http://a.example/{at}")).collect();
    let goal = format!("Answer my emails using{urls}");
    assert!(steps(&goal, None).len() < 30);
    let Decomposition::Instructions { account, .. } = planned(&goal, None) else { panic!("not planned") };
    assert!(account.left_out.iter().any(|left| left.message.contains("or those behind it")), "{:?}", account.left_out);
}

#[test]
fn a_place_behind_a_thing_says_whose_it_is() {
    check(&[
        (
            "Email digest of new rows in our Airtable base every morning",
            &["one AirtableListRecords", "no GoogleSheetsRead", "no AirtableListBases"],
        ),
        (
            "Mail me the records in our Airtable table Orders each day",
            &["no GoogleSheetsRead", "one AirtableListRecords"],
        ),
        (
            "A workflow that asks me for a city and finds three events there",
            &["one SearchTheWeb", "no GoogleCalendarReadEvents"],
        ),
        ("Find two concerts in Vienna and mail them to me", &["no GoogleCalendarReadEvents"]),
        ("Weekly: how many issues were opened in acme/app, to #team in Slack", &["no GithubMakeIssue"]),
        (
            "How many pull requests were merged in acme/app? Post it to Slack #dev every Monday",
            &["no GithubMergePullRequest"],
        ),
    ]);
}

#[test]
fn what_is_sent_or_made_at_the_head_of_a_goal_is_sent_or_made() {
    check(&[
        (
            "Discord message for each new Reddit post in r/selfhosted",
            &["one GetRedditPosts", "no ReadDiscordMessages", "one SendDiscordMessage"],
        ),
        ("A Todoist task for each new row in my Google Sheet", &["one TodoistCreateTask", "no TodoistGetTasks"]),
        ("A Linear issue for every new mail with the subject \"bug\"", &["one LinearCreateIssue"]),
        ("Agents that research a company and write a cold outreach email", &["no SendEmail", "one AITextGenerator"]),
        (
            "Read the page of a product, find three rival products and write a comparison",
            &["SearchTheWeb.query <- AITextGenerator.response"],
        ),
    ]);
}

#[test]
fn pages_that_are_read_in_turn_are_remembered_each_by_itself() {
    for goal in [
        "Check a list of pricing pages every day, compare them with yesterday's version, and post what changed to Slack",
        "Every morning read a list of pages, compare each with the last version and mail me what changed",
    ] {
        check(&[(
            goal,
            &["RetrieveInformation.key <- StepThroughItems.item", "PersistInformation.key <- StepThroughItems.item"],
        )]);
    }
}
