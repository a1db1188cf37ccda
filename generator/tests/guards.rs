//! What acts depend on: which block starts an agent, and which way out of a condition or loop leads to which act.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::collections::HashSet;

use generator::{
    Builtin, Watch,
    catalogue::Catalogue,
    knowledge::Knowledge,
    plan::{
        self, Outcome,
        model::{Binding, Plan},
    },
    validator,
};

use serde_json::{Value, json, value::to_raw_value};
use shared::port::{Decomposition, Draft};

/// Blocks through which what a condition lets out is not followed: they decide anew.
const GUARDS: [&str; 3] = ["Condition", "AICondition", "HumanInTheLoop"];

fn outcome(knowledge: &Knowledge, goal: &str) -> Outcome {
    plan::plan(knowledge, goal, None, Watch::NONE).unwrap()
}

fn planned(knowledge: &Knowledge, goal: &str) -> Plan {
    match outcome(knowledge, goal) {
        Outcome::Plan(plan) => plan,
        other => panic!("{goal}: {other:?}"),
    }
}

fn name(knowledge: &Knowledge, plan: &Plan, step: usize) -> String {
    let block = knowledge.catalogue.by_id(&plan.steps[step].block).unwrap();
    block.name.trim_end_matches("Block").to_owned()
}

/// The steps that a link of `from` leads to, directly or through steps that only prepare it. `from` is `Block.output` or
/// `Block(words).output`; the words stand in one of the block's values.
fn reached(knowledge: &Knowledge, plan: &Plan, from: &str) -> Vec<String> {
    let (block, output) = from.split_once('.').unwrap();
    let (block, words) = block.trim_end_matches(')').split_once('(').unwrap_or((block, ""));
    let says = |step: usize| format!("{:?}", plan.steps[step].inputs).contains(words);
    let mut open: Vec<(usize, Option<&str>)> = (0..plan.steps.len())
        .filter(|step| name(knowledge, plan, *step) == block && says(*step))
        .map(|step| (step, Some(output)))
        .collect();
    let mut seen = HashSet::new();
    while let Some((step, output)) = open.pop() {
        for (at, next) in plan.steps.iter().enumerate() {
            let fed = next.inputs.iter().any(|input| {
                matches!(&input.binding, Binding::From { step: from, output: named } if *from == step && output.is_none_or(|output| output == named))
            });
            if fed && seen.insert(at) && !GUARDS.contains(&name(knowledge, plan, at).as_str()) {
                open.push((at, None));
            }
        }
    }
    seen.into_iter().map(|step| name(knowledge, plan, step)).collect()
}

/// A goal, its schedule (`-` for none), and links: `A.output > B`; `A.output ! B` where none may lead.
#[rustfmt::skip]
const GOALS: &[(&str, &str, &[&str])] = &[
    // What starts it.
    ("When a pull request is opened on GitHub, explain it in plain words and post that to Discord channel reviews", "-", &["GithubPullRequestTrigger(opened).pull_request > SendDiscordMessage"]),
    ("Post a thank-you to Discord whenever somebody stars our GitHub repository acme/app", "-", &["GithubStarTrigger(created).payload > SendDiscordMessage"]),
    ("Every time a new issue is opened in acme/app, classify it and send it to Slack #triage", "-", &["GithubIssuesTrigger(opened).issue > SendSlackMessage"]),
    ("When a customer cancels their subscription in Stripe, mail sales@example.com", "-", &["StripeSubscriptionTrigger(deleted).payload > SendEmail"]),
    ("When an incident is opened in All Quiet, post it to Discord", "-", &["AllQuietIncidentTrigger.payload > SendDiscordMessage"]),
    ("When a new discussion starts on GitHub, summarise it and mail it to me@example.com", "-", &["GithubDiscussionTrigger(created).discussion > SendEmail"]),
    ("When somebody reacts to a Telegram message, add a row to Google Sheets", "-", &["TelegramMessageReactionTrigger.payload > GoogleSheetsAppendRow"]),
    ("When someone fills in our contact form, add a row to Google Sheets and mail them a confirmation", "-", &["GenericWebhookTrigger.payload > GoogleSheetsAppendRow", "GenericWebhookTrigger.payload > SendEmail"]),
    ("If a pull request has more than 20 changed files, post a warning to Discord", "-", &["GithubPullRequestTrigger(opened).pull_request > AICondition", "AICondition.yes_output > SendDiscordMessage"]),
    // Only what is new.
    ("Once a new row is added to my sheet, create a HubSpot contact", "*/15 * * * *", &["RetrieveInformation.value > ListDifference", "Condition.yes_output > HubSpotContact", "GoogleSheetsRead.result ! HubSpotContact"]),
    ("Each day read the Airtable table Orders and post only the new orders to Slack", "0 9 * * *", &["ListDifference.difference > Condition", "Condition.yes_output > SendSlackMessage", "AirtableListRecords.records > PersistInformation"]),
    ("Every 30 minutes read the rows of my Google Sheet and send me only the new ones on Telegram", "*/30 * * * *", &["Condition.yes_output > SendTelegramMessage", "Condition.no_output ! SendTelegramMessage"]),
    ("Every 10 minutes check https://status.example.com and tell me on Telegram only when the state changes", "*/10 * * * *", &["RetrieveInformation.value > Condition", "Condition.yes_output > PersistInformation", "Condition.yes_output > SendTelegramMessage"]),
    ("Every hour check the price on https://shop.example.com/p and mail me@example.com the price before and the price now, but only if it changed", "0 * * * *", &["Condition.yes_output > SendEmail", "RetrieveInformation.value > SendEmail"]),
    ("Check https://jobs.example.com every morning and post only what was not there yesterday to Slack #jobs", "0 8 * * *", &["Condition.yes_output > AITextGenerator", "RetrieveInformation.value > AITextGenerator"]),
    // Conditions.
    ("Every morning get the weather in Berlin. If it rains, send me a Telegram message; otherwise post \"Nice day\" to Discord", "0 8 * * *", &["AICondition.yes_output > SendTelegramMessage", "AICondition.no_output > SendDiscordMessage", "AICondition.yes_output ! SendDiscordMessage"]),
    ("Unless the mail is an advertisement, forward a summary of each new mail to Slack", "*/15 * * * *", &["AICondition.no_output > SendSlackMessage", "AICondition.yes_output ! SendSlackMessage"]),
    ("Read the feed https://news.example.com/rss every hour and, if an entry is about Rust, post it to Discord", "0 * * * *", &["ReadRSSFeed.entry > AICondition", "AICondition.yes_output > SendDiscordMessage"]),
    ("Score each lead in my Airtable table. If the score is at least 8, post the lead to Slack #sales, otherwise add it to Google Sheets", "-", &["FindInDictionary(score).output > Condition", "Condition(>=).yes_output > SendSlackMessage", "Condition.no_output > GoogleSheetsAppendRow", "StepThroughItems.item > Condition"]),
    ("Classify a support ticket. Urgent: open an incident in All Quiet, high: post to Slack #support, the rest: mail support@example.com", "-", &["AICondition(is urgent).yes_output > AllQuietCreateIncident", "AICondition(is high).yes_output > SendSlackMessage", "AICondition(is high).no_output > SendEmail", "AICondition(is urgent).no_output > AICondition", "AgentShortTextInput.result > AICondition"]),
    ("Classify a comment. Friendly ones go to Discord, rude ones are mailed to mod@example.com, the others go to Slack", "-", &["AICondition(is friendly).yes_output > SendDiscordMessage", "AICondition(is rude).yes_output > SendEmail", "AICondition(is rude).no_output > SendSlackMessage", "AICondition(is friendly).yes_output ! SendEmail"]),
    ("No new mails, no message: every evening send a summary of my unread mails to Telegram", "0 18 * * *", &["GmailRead.emails > Condition", "Condition(!=).yes_output > SendTelegramMessage"]),
    // Each by itself.
    ("For each row in my Google Sheet, write a personal email and send it to the address in the row", "-", &["StepThroughItems.item > SendEmail", "StepThroughItems.item > FindInDictionary", "FindInDictionary(email).output > SendEmail"]),
    ("For each task in Todoist, write a short plan and post it to Slack", "-", &["StepThroughItems.item > SendSlackMessage"]),
    ("I have a list of mail addresses. Send each a personal mail and keep track of which went out", "-", &["StepThroughItems.item > SendEmail"]),
    // A person decides.
    ("Write a tweet about our product. Let me approve it before it is posted to Twitter", "-", &["HumanInTheLoop.approved_data > TwitterPostTweet", "AITextGenerator.response ! TwitterPostTweet"]),
    ("Draft a newsletter from the feed https://blog.example.com/rss, have my manager review it, and after approval post it to LinkedIn; if it is rejected, mail me@example.com", "-", &["HumanInTheLoop.approved_data > PostToLinkedIn", "HumanInTheLoop.rejected_data > SendEmail", "HumanInTheLoop.rejected_data ! PostToLinkedIn"]),
    ("Post a summary of https://blog.example.com to LinkedIn, but let me approve it first", "-", &["AITextSummarizer.summary > HumanInTheLoop", "HumanInTheLoop.approved_data > PostToLinkedIn", "AITextSummarizer.summary ! PostToLinkedIn"]),
    ("A colleague should confirm the reply before it is sent: draft a reply to a support request and send it to the customer by mail", "-", &["HumanInTheLoop.approved_data > SendEmail", "AITextGenerator.response ! SendEmail"]),
    ("Write a LinkedIn post about a topic, ask my editor for approval, then publish it on LinkedIn", "-", &["HumanInTheLoop.approved_data > PostToLinkedIn"]),
    // Waiting, and the time before something.
    ("Wait two hours, then post \"Time to go home\" to Slack #office", "-", &["CountdownTimer(2).output_message > SendSlackMessage"]),
    ("When a Stripe subscription is created, wait three days, then mail onboarding@example.com", "-", &["StripeSubscriptionTrigger.payload > CountdownTimer", "CountdownTimer(days).output_message > SendEmail"]),
    ("An hour before each meeting in my calendar, send me a briefing on Telegram", "*/15 * * * *", &["GetCurrentDateAndTime.date_time > AICondition", "AICondition.yes_output > SendTelegramMessage", "GoogleCalendarReadEvents.event ! SendTelegramMessage"]),
    ("The day before a task in Todoist is due, remind me by mail at me@example.com", "0 8 * * *", &["GetCurrentDate.date > AICondition", "AICondition.yes_output > SendEmail", "TodoistGetTasks.complete_data ! SendEmail"]),
];

#[test]
fn nothing_runs_but_in_the_case_and_with_the_entry_that_the_goal_says() {
    let knowledge = Knowledge::embedded().unwrap();
    let mut wrong = Vec::new();
    for (goal, cron, links) in GOALS {
        let plan = planned(&knowledge, goal);
        if plan.cron.as_deref().unwrap_or("-") != *cron {
            wrong.push(format!("{goal}: runs at {:?}", plan.cron));
        }
        for link in *links {
            let mut parts = link.split(' ');
            // Words in brackets may hold blanks: the last two parts are the sign and the target.
            let target = parts.next_back().unwrap();
            let leads = parts.next_back().unwrap() == ">";
            let from = parts.collect::<Vec<_>>().join(" ");
            let reached = reached(&knowledge, &plan, &from);
            if reached.iter().any(|name| name == target) != leads {
                wrong.push(format!("{goal}: {link}; {from} leads to {reached:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_act_whose_condition_or_trigger_nothing_can_see_is_asked_about_and_not_done_anyway() {
    let knowledge = Knowledge::embedded().unwrap();
    for goal in ["If it is urgent, post it to Slack", "Whenever my washing machine is done, send me a Telegram message"]
    {
        let Outcome::Questions(questions) = outcome(&knowledge, goal) else { panic!("{goal}: no question") };
        assert!(questions.iter().any(|question| question.question.contains("see whether")), "{goal}: {questions:?}");
    }
}

#[test]
fn a_trigger_listens_to_an_event_whatever_the_verb() {
    let knowledge = Knowledge::embedded().unwrap();
    for (goal, event) in [
        ("When an issue is closed in acme/app, post it to Slack #dev", "closed"),
        ("When an issue comes in for acme/app, post it to Slack #dev", "opened"),
        ("When a new release of acme/app is out on GitHub, post it to Slack #dev", "published"),
    ] {
        let plan = planned(&knowledge, goal);
        let events =
            plan.steps.iter().find_map(|step| step.binding("events")).unwrap_or_else(|| panic!("{goal}: no trigger"));
        assert!(format!("{events:?}").contains(event), "{goal}: {events:?}");
    }
}

#[test]
fn every_guarded_agent_can_be_built() {
    let builtin = Builtin::new();
    let catalogue = Catalogue::embedded().unwrap();
    for (goal, ..) in GOALS {
        let Decomposition::Instructions { steps, .. } = builtin.decompose_now(goal, None).unwrap() else {
            panic!("{goal}: no steps")
        };
        let steps: Value = serde_json::from_str(steps.get()).unwrap();
        let instructions = to_raw_value(&json!({"type": "instructions", "steps": steps})).unwrap();
        let Ok(Draft::Agent(agent, _)) = builtin.generate_now(&instructions) else { panic!("{goal}: no agent") };
        let faults = validator::faults(&catalogue, &serde_json::from_str(agent.get()).unwrap());
        assert!(faults.is_empty(), "{goal}: {faults:?}");
    }
}

#[test]
fn an_outage_is_mailed_whatever_way_it_shows() {
    let knowledge = Knowledge::embedded().unwrap();
    let plan = planned(&knowledge, "Check if https://shop.example.com is up and if not mail ops@example.com");
    let mails = (0..plan.steps.len()).filter(|step| name(&knowledge, &plan, *step) == "SendEmail");
    let to: Vec<_> = mails.map(|step| plan.steps[step].binding("to_email").cloned()).collect();
    // A mail that waits for two ways to fail at once is never sent.
    assert_eq!(to, vec![Some(Binding::Value(json!("ops@example.com"))); 3]);
}
