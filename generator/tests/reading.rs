//! What goals are read into: a table a kind of clause, and what holds for any text.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::sync::LazyLock;

use proptest::prelude::*;

use generator::reading::{Vocabulary, read, show};

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| Vocabulary::standard().unwrap());

/// The clauses of a text as `show` prints them, without the words: role, what it depends on, frame.
fn shown(text: &str) -> Vec<String> {
    let printed = show(&read(&VOCABULARY, text));
    let mut all: Vec<String> = Vec::new();
    for line in printed.lines().filter(|line| !line.starts_with("schedule")) {
        match (line.strip_prefix("       "), all.last_mut()) {
            (Some(frame), Some(last)) => last.push_str(&format!(" {}", frame.trim())),
            _ => {
                let role = line.trim_start().split(": ").next().unwrap_or_default();
                all.push(role.split_once(' ').map_or(role, |(_, role)| role).to_owned());
            }
        }
    }
    all.iter().map(|line| line.trim().to_owned()).collect()
}

fn table(rows: &[(&str, &[&str])]) {
    let read = rows.iter().map(|(text, clauses)| (text, shown(text), clauses));
    let wrong: Vec<_> = read.filter(|(_, shown, clauses)| shown != *clauses).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_form_of_an_act_is_the_same_act() {
    table(&[
        (
            "Post my new articles to Twitter, LinkedIn and Facebook.",
            &["Act POST [Mine new article+] to [*Twitter*] to [*LinkedIn*] to [*Facebook*]"],
        ),
        (
            "Could you sum up the notes and mail them to me?",
            &["LeadIn", "Act SUM up [The note+]", "Act MAIL [them] to [me]"],
        ),
        ("I want you to translate the letter into Spanish.", &["LeadIn", "Act TRANSLATE [The letter] into [spanish]"]),
        (
            "I'd like an agent that reads my unread mails, labels them and drafts a reply to each.",
            &["LeadIn", "Act READ [Mine unread email+]", "Act LABEL [them]", "Act DRAFT [Some reply] to [each]"],
        ),
        (
            "An agent that can autonomously research a company and write a profile.",
            &["LeadIn", "Act RESEARCH [Some company]", "Act WRITE [Some profile]"],
        ),
        (
            "Reads the rows, sums them up and posts the result to Slack.",
            &["Act READ [The row+]", "Act SUM up [them]", "Act POST [The result] to [*Slack*]"],
        ),
        (
            "Automatically posting new videos to Discord and pinning them.",
            &["Act POST [new video+] to [*Discord*]", "Act PIN [them]"],
        ),
        (
            "How can I save all attachments from Gmail to Google Drive?",
            &["LeadIn", "Act SAVE [All attachment+] from [*Gmail*] to [*Google Drive*]"],
        ),
        ("Is it possible to get a list of my tasks?", &["LeadIn", "Act GET [Some list] of [Mine task+]"]),
        ("Daily digest of new papers", &["Act [digest] of [new paper+]"]),
        ("Slack alert for failed payments in Stripe", &["Act [*Slack* alert] for [failed payment+] in [*Stripe*]"]),
        ("The invoices should be paid.", &["Act (The invoice+) PAY (passive)"]),
        ("Let the manager approve the text.", &["Act (The manager) APPROVE [The text]"]),
        ("Look up the address and write it down.", &["Act LOOK up [The address]", "Act WRITE down [it]"]),
        ("Turn the recording into minutes.", &["Act TURN [The recording] into [minute+]"]),
        ("Send the team a mail with the link.", &["Act SEND @(The team) [Some email] with [The link]"]),
        ("Fill in the form and hand it over to sales.", &["Act FILL in [The form]", "Act HAND over [it] to [sale+]"]),
        ("Use the Notion API to list all pages.", &["Act USE [The *Notion* api]", "Act LIST [All page+]"]),
        (
            "Make something that goes through the mail that came in today and writes me a report.",
            &["LeadIn", "Act GO through [The email | that came in today]", "Act WRITE @(me) [Some report]"],
        ),
        ("A bot which answers messages on Telegram.", &["LeadIn", "Act ANSWER [message+] on [*Telegram*]"]),
        ("Auto-reply to messages on Instagram.", &["Act REPLY to [message+] on [*Instagram*]"]),
        ("Create a ticket in Foobar.", &["Act CREATE [Some ticket] in [*Foobar*]"]),
        ("Send me a daily mail with the top songs.", &["Act SEND @(me) [Some email] with [The top song+]"]),
        (
            "Would you mind adding my dentist appointment to the calendar?",
            &["LeadIn", "Act ADD [Mine dentist calendar event] to [The calendar]"],
        ),
        (
            "Every Sunday I want the five longest articles, a short digest of them, and the digest mailed to me.",
            &[
                "LeadIn",
                "Act [Count(5) longest article+ `five`]",
                "Act [Some short digest] of [them]",
                "Act MAIL [The digest] to [me]",
            ],
        ),
        (
            "Every evening a report of my steps mailed to me.",
            &["Act [Some report] of [Mine step+]", "Act MAIL to [me]"],
        ),
        (
            "Publish the recipe with a picture posted to Discord.",
            &["Act PUBLISH [The recipe]", "Act POST [Some image] to [*Discord*]"],
        ),
        ("A monthly chart of our sales would be lovely.", &["Act [Some monthly chart] of [Mine sale+]"]),
        ("Charts of my sleep are what I'm after.", &["Act [chart+] of [Mine sleep]"]),
        ("Read the feed then shorten it then post it", &["Act READ [The feed]", "Act SHORTEN [it]", "Act POST [it]"]),
        (
            "Vacuum my office and sumarise the docment for intagram.",
            &["Act VACUUM [Mine office]", "Act SUMMARISE [The document] for [*Instagram*]"],
        ),
        ("Copy what was said to a Notion page.", &["Act COPY to [Some *Notion* page] that \"what was said\""]),
        ("Post each of them and delete the others.", &["Act POST [Each them]", "Act DELETE [The others]"]),
        ("Write a 2-4 sentence reply that I can send.", &["Act WRITE [Some sentence reply `2` | that I can send]"]),
        ("List the steps to repeat and the log.", &["Act LIST [The step+ | to repeat] [The log]"]),
        ("Creat a song and a vidoe about it.", &["Act CREATE [Some song] [Some video] about [it]"]),
        ("What's the tallest tower?", &["Act (what) BE [The tallest tower]"]),
    ]);
}

#[test]
fn what_starts_an_agent_is_no_act() {
    table(&[
        (
            "When a new mail arrives, save the attachment to Dropbox.",
            &["Trigger (Some new email) ARRIVE", "Act <0> SAVE [The attachment] to [*Dropbox*]"],
        ),
        (
            "Tell me when a pull request is merged.",
            &["Act <1> TELL @(me)", "Trigger (Some pull request) MERGE (passive)"],
        ),
        (
            "Whenever someone stars our repository, thank them on Twitter.",
            &["Trigger (someone) STAR [Mine repository]", "Act <0> THANK @(them) on [*Twitter*]"],
        ),
        (
            "As soon as an invoice comes in, add a row to the sheet.",
            &["Trigger (Some invoice) COME in", "Act <0> ADD [Some row] to [The spreadsheet]"],
        ),
        ("Every time I add a task, create a page.", &["Trigger (i) ADD [Some task]", "Act <0> CREATE [Some page]"]),
        ("After each call, update the deal.", &["Trigger after [Each call]", "Act <0> UPDATE [The deal]"]),
        (
            "Somebody fills in the form: add a contact.",
            &["Trigger (somebody) FILL in [The form]", "Act <0> ADD [Some contact]"],
        ),
        (
            "New payment -> thank the customer -> add them to the newsletter.",
            &["Trigger [new payment]", "Act <0> THANK @(The customer)", "Act <0> ADD [them] to [The newsletter]"],
        ),
        ("RSS: post new items to Slack", &["Trigger [feed]", "Act <0> POST [new item+] to [*Slack*]"]),
        (
            "Build a workflow that triggers when a lead is added and scores it.",
            &["LeadIn", "LeadIn", "Trigger (Some lead) ADD (passive)", "Act <2> SCORE [it]"],
        ),
        ("Triggers on new issues, labels them.", &["Trigger TRIGGER on [new issue+]", "Act <0> LABEL [them]"]),
        ("It starts with a mail from the bank.", &["Trigger (it) START with [Some email] from [The bank]"]),
        (
            "I describe a bug and you file it on GitHub.",
            &["Trigger (i) DESCRIBE [Some bug]", "Act <0> (you) FILE [it] on [*GitHub*]"],
        ),
        (
            "Once the report is finished, tell Maria.",
            &["Trigger (The report) FINISH (passive)", "Act <0> TELL @(maria)"],
        ),
        (
            "If anything on the page changes, mail me.",
            &["Trigger (anything) CHANGE on [The page]", "Act <0> MAIL @(me)"],
        ),
        (
            "A support mail arrives: find the customer.",
            &["Trigger (Some support email) ARRIVE", "Act <0> FIND [The customer]"],
        ),
        (
            "A form asks for name and company. Write them into a sheet.",
            &["Trigger (Some form) ASK for [name] [company]", "Act <0> WRITE [them] into [Some spreadsheet]"],
        ),
        (
            "When the form is submitted the team should be told.",
            &["Trigger (The form) SUBMIT (passive)", "Act <0> (The team) TELL (passive)"],
        ),
        ("Every Friday, collect the merged pull requests.", &["Schedule", "Act COLLECT [The merged pull request+]"]),
        (
            "Use Make so that whoever fills in the survey lands in HubSpot.",
            &["Instruction USE [*Make*]", "Trigger (whoever) FILL in [The survey]", "Act <1> LAND in [*HubSpot*]"],
        ),
        ("Shopify | summary | Slack", &["Trigger [*Shopify*]", "Act <0> [summary]", "Act <0> [*Slack*]"]),
        ("Every time there is a new photo, post it.", &["Trigger BE [Some new image]", "Act <0> POST [it]"]),
        (
            "Whenever I drop a link in our chat I want a summary of it.",
            &["Trigger (i) DROP [Some link] in [Mine chat]", "LeadIn", "Act <0> [Some summary] of [it]"],
        ),
        ("App release -> tweet", &["Trigger [application release]", "Act <0> [tweet]"]),
    ]);
}

#[test]
fn conditions_govern_what_they_decide() {
    table(&[
        (
            "If the score is high, call the lead; otherwise archive it.",
            &["Condition (The score) BE [high]", "Act <0> CALL @(The lead)", "Otherwise of 0 ARCHIVE [it]"],
        ),
        (
            "Let me know when it drops below 50 euros.",
            &["Act <1> LET know @(me)", "Condition (it) DROP below [`50 euros`]"],
        ),
        (
            "Are there attachments? Yes: store them. No: delete the mail.",
            &[
                "Condition BE [attachment+]",
                "LeadIn",
                "Act <0> STORE [them]",
                "Otherwise of 0 not [No]",
                "Act <3> DELETE [The email]",
            ],
        ),
        (
            "Check whether the backup ran and warn me if not.",
            &["Act <2> CHECK that \"whether the backup ran\"", "Act <2> WARN @(me)", "Condition"],
        ),
        ("Critical: call the manager.", &["Title [critical]", "Act CALL @(The manager)"]),
        (
            "For every new order, write an invoice and mail it to the buyer.",
            &["Loop for [Each new order]", "Act <0> WRITE [Some invoice]", "Act <0> MAIL [it] to [The buyer]"],
        ),
        (
            "Post the item unless it is a duplicate.",
            &["Act <1> POST [The item]", "Condition (it) not BE [Some duplicate]"],
        ),
        ("No news, no mail.", &["Condition not [No news]", "Act <0> not [No email]"]),
        (
            "Urgent ones go to support, the others wait.",
            &[
                "Condition [urgent one+]",
                "Act <0> (urgent one+) GO to [support]",
                "Otherwise of 0 [The others]",
                "Act <2> (The others) WAIT",
            ],
        ),
        (
            "Goes to HubSpot if the score is high, otherwise to a Google Sheet.",
            &[
                "Act <1> GO to [*HubSpot*]",
                "Condition (The score) BE [high]",
                "Otherwise of 1 to [Some *Google Sheets*]",
            ],
        ),
        ("See if a domain expires and warn me.", &["Act SEE that \"if a domain expires\"", "Act WARN @(me)"]),
        ("Send a message per file.", &["Act SEND [Some message] per [Each file]"]),
        ("Do not send the draft.", &["Act not SEND [The draft]"]),
        ("Results go to #leads and no longer to #sales.", &["Act (result+) GO to [`#leads`]", "Act not to [`#sales`]"]),
        (
            "Happy ones get a coupon, everything else goes to support.",
            &[
                "Condition [happy one+]",
                "Act <0> (happy one+) GET [Some coupon]",
                "Otherwise of 0 [everything]",
                "Act <2> (everything) GO to [support]",
            ],
        ),
        (
            "Mails that mention a refund go to Anna.",
            &["Condition [email+ | that mention a refund]", "Act <0> (email+ | that mention a refund) GO to [anna]"],
        ),
        (
            "Low: ignore it. High: call me.",
            &["Condition [low]", "Act <0> not IGNORE [it]", "Condition [high]", "Act <2> CALL @(me)"],
        ),
        ("Late ones: remind them.", &["Condition [late one+]", "Act <0> REMIND @(them)"]),
        ("Under 5 points: do nothing.", &["Condition under [Count(5) point+ `5`]", "Act <0> not DO [nothing]"]),
        (
            "For each new song a message must go to #music.",
            &["Loop for [Each new song]", "Act <0> (Some message) GO to [`#music`]"],
        ),
        ("Ignore the rest.", &["Act not IGNORE [The rest]"]),
        ("If it's late, text me.", &["Condition (it) BE [late]", "Act <0> TEXT @(me)"]),
        (
            "For unpaid ones the buyer gets a letter.",
            &["Condition for [unpaid one+]", "Act <0> (The buyer) GET [Some letter]"],
        ),
    ]);
}

#[test]
fn what_is_only_said_is_not_done() {
    table(&[
        (
            "I run a small bakery and have no time for this. Write a post.",
            &[
                "Background (i) RUN [Some small bakery]",
                "Background HAVE [No time] for [this]",
                "Act WRITE [Some post]",
            ],
        ),
        (
            "Post a summary so that everybody stays informed.",
            &["Act POST [Some summary]", "Background (everybody) STAY [informed]"],
        ),
        ("Please send me the list. Thanks!", &["Act SEND @(me) [The list]", "Politeness"]),
        ("Write a text. Short and friendly.", &["Act WRITE [Some text]", "Manner [short] [friendly]"]),
        ("My chat id is 12345.", &["Value (Mine chat id) BE [`12345`]"]),
        (
            "Use Zapier so that new rows land in Airtable.",
            &["Instruction USE [*Zapier*]", "Act (new row+) LAND in [*Airtable*]"],
        ),
        (
            "Share the results to keep the team informed.",
            &["Act SHARE [The result+]", "Background KEEP [The team | informed]"],
        ),
        ("Ask the mentor to assign it.", &["Act ASK @(The mentor) that \"to assign it\""]),
        ("Remind me that the rent is due.", &["Act REMIND @(me) that \"that the rent is due\""]),
        ("Aim: more clients.", &["Background [aim]", "Act [more client+]"]),
        ("The others do not interest me.", &["Restriction (The others) not INTEREST [me]"]),
        ("Call the issues labelled bug.", &["Act CALL [The issue+ | labelled bug]"]),
        (
            "Store the draft in the folder because we need it.",
            &["Act STORE [The draft] in [The folder]", "Background (we) NEED [it]"],
        ),
        ("We're a bakery in Porto.", &["Background (we) BE [Some bakery] in [porto]"]),
        (
            "+1 for this. My use case: new rows go to Notion.",
            &["Politeness", "Background [Mine use case]", "Act (new row+) GO to [*Notion*]"],
        ),
        (
            "I want a daily mail with my tasks to stay informed.",
            &["LeadIn", "Act [Some email] with [Mine task+]", "Background STAY [informed]"],
        ),
        (
            "Create, update and delete each have a handler.",
            &["Act (each) HAVE [update] [delete] [create] [Some handler]"],
        ),
        ("In which month did we sell a boat?", &["Act (we) SELL [which] [month] [Some boat]"]),
        ("Our archive is a Dropbox folder.", &["Value (Mine archive) BE [Some *Dropbox* folder]"]),
        ("That would save me an hour.", &["Background (that) SAVE [me] [Some hour]"]),
        ("Send it to my phone (Signal would be nice).", &["Act SEND [it] to [Mine phone | (Signal would be nice)]"]),
    ]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_token_is_lost_or_read_twice(words in prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40)) {
        let text = words.join(" ");
        let reading = read(&VOCABULARY, &text);
        let mut at = 0;
        for clause in &reading.clauses {
            prop_assert_eq!(clause.span.start, at);
            at = clause.span.end;
            prop_assert!(clause.under.is_none_or(|under| under < reading.clauses.len()));
        }
        prop_assert_eq!(at, reading.tokens.len());
    }
}

const PIECES: [&str; 42] = [
    "and",
    "or",
    "then",
    "if",
    "when",
    "so",
    "to",
    "by",
    "that",
    "which",
    "who",
    "what",
    "the",
    "a",
    "no",
    "only",
    "not",
    "otherwise",
    "for each",
    "post",
    "posts",
    "mail",
    "mailing",
    "put",
    "is",
    "can",
    "new",
    "Slack",
    "Foobar",
    "it",
    "me",
    "3",
    "every day",
    ",",
    ".",
    ":",
    "->",
    "-",
    "(",
    ")",
    "\n",
    "agent",
];
