//! What goals are read into: a table a kind of clause, and what holds for any text.

use proptest::prelude::*;

use generator::reading::{Vocabulary, read, show};

/// The clauses of a text as `show` prints them, without the words: role, what it depends on, frame.
fn shown(vocabulary: &Vocabulary, text: &str) -> Vec<String> {
    let printed = show(&read(vocabulary, text));
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
    let vocabulary = Vocabulary::standard();
    for (text, clauses) in rows {
        assert_eq!(&shown(&vocabulary, text), clauses, "{text}");
    }
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
        ("Is it possible to get a list of my tasks?", &["LeadIn", "Act GET [Mine task+]"]),
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
            &["LeadIn", "LeadIn", "Trigger (Some lead) ADD (passive) that \"scores it\""],
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
            &["Act (urgent one+) GO to [support]", "Act (the others) WAIT"],
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
        ("The others do not interest me.", &["Restriction (the others) not INTEREST [me]"]),
        ("Call the issues labelled bug.", &["Act CALL [The issue+ | labelled bug]"]),
        (
            "Store the draft in the folder because we need it.",
            &["Act STORE [The draft] in [The folder]", "Background (we) NEED [it]"],
        ),
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

static VOCABULARY: std::sync::LazyLock<Vocabulary> = std::sync::LazyLock::new(Vocabulary::standard);

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
