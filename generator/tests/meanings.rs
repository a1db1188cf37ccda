//! What blocks mean: whoever says a verb, a thing or a service in their own words reaches the blocks for it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::collections::BTreeSet;

use generator::{
    Builtin,
    catalogue::{Action, Catalogue},
};
use serde_json::{Value, json, value::to_raw_value};
use shared::port::Draft;

const OTHER: &str = include_str!("data/other_platform.json");

fn names<'c>(catalogue: &'c Catalogue, places: &[usize]) -> Vec<&'c str> {
    places.iter().map(|at| catalogue.blocks()[*at].name.as_str()).collect()
}

#[test]
fn every_embedded_block_says_what_it_does_to_what() {
    let catalogue = Catalogue::embedded().unwrap();
    let text: Vec<Value> = serde_json::from_str(Catalogue::embedded_text().unwrap()).unwrap();
    assert_eq!((catalogue.blocks().len(), text.len()), (568, 568));
    let lines = include_str!("../data/meanings.jsonl").lines();
    for (index, (line, block)) in lines.zip(catalogue.blocks()).enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["name"], block.name.as_str());
        let meaning = catalogue.meaning(index);
        assert_eq!(json!(meaning.objects), line["objects"], "{}", block.name);
        assert_eq!(meaning.action == Action::Other, line["action"] == "other", "{}", block.name);
        assert!(
            !meaning.objects.is_empty() && !meaning.verbs.is_empty() && !meaning.gives.is_empty(),
            "{}",
            block.name
        );
        assert!(catalogue.blocks_about(&meaning.objects[0]).contains(&index), "{}", block.name);
        assert!(
            meaning.verbs.iter().all(|verb| catalogue.actions_of(verb).contains(&meaning.action)),
            "{}",
            block.name
        );
    }
    assert_eq!(catalogue.meaning(568).action, Action::Other);
}

#[test]
fn every_embedded_schema_can_be_read_and_is_the_same_as_at_once() {
    let (later, now) =
        (Catalogue::embedded().unwrap(), Catalogue::from_json(Catalogue::embedded_text().unwrap()).unwrap());
    for (later, now) in later.blocks().iter().zip(now.blocks()) {
        assert_eq!(format!("{:?}", later.input_schema()), format!("{:?}", now.input_schema()), "{}", later.name);
        assert_eq!(format!("{:?}", later.output_schema()), format!("{:?}", now.output_schema()), "{}", later.name);
    }
}

#[test]
fn a_thing_is_found_under_its_name_in_the_plural_and_in_a_compound() {
    let catalogue = Catalogue::embedded().unwrap();
    let about = |noun: &str| names(&catalogue, catalogue.blocks_about(noun));
    assert!(about("pull request").contains(&"GithubListPullRequestsBlock"));
    for (one, other) in
        [("pull request", "Pull requests"), ("e-mail", "email"), ("web page", "webpages"), ("news", "news")]
    {
        assert!(!about(one).is_empty(), "{one}");
        assert_eq!(about(one), about(other), "{one}");
    }
    let events = about("event");
    assert!(events.contains(&"GoogleCalendarReadEventsBlock"), "{events:?}");
    // Those that act on a comment come before those on something with a comment in it.
    let comments = about("comment");
    let own = |name: &str| {
        let at = catalogue.blocks().iter().position(|block| block.name == name).unwrap();
        catalogue.meaning(at).objects.iter().any(|object| object == "comment")
    };
    assert!(comments.iter().map(|name| !own(name)).is_sorted(), "{comments:?}");
    assert!(about("unicorn").is_empty());
}

#[test]
fn a_service_is_known_by_the_names_that_people_give_it() {
    let catalogue = Catalogue::embedded().unwrap();
    for (said, name) in [
        ("GitHub", "GitHub"),
        ("github", "GitHub"),
        ("google sheet", "Google Sheets"),
        ("gsheets", "Google Sheets"),
        ("Googlesheets", "Google Sheets"),
        ("gdoc", "Google Docs"),
        ("gcal", "Google Calendar"),
        ("X", "Twitter"),
        ("twitter", "Twitter"),
        ("linkedin", "LinkedIn"),
        ("word press", "WordPress"),
    ] {
        assert_eq!(catalogue.service(said), Some(name), "{said}");
    }
    for said in ["x", "Salesforce", "", "sheet", "Google"] {
        assert_eq!((catalogue.service(said), catalogue.blocks_of(said)), (None, [].as_slice()), "{said}");
    }
    let twitter = names(&catalogue, catalogue.blocks_of("X"));
    assert!(twitter.contains(&"PostToXBlock") && twitter.contains(&"TwitterPostTweetBlock"), "{twitter:?}");
    let all: Vec<&str> = catalogue.services().collect();
    assert!(all.is_sorted() && all.contains(&"Slack") && !all.contains(&"X"), "{all:?}");
    let held: usize = all.iter().map(|name| catalogue.blocks_of(name).len()).sum();
    assert_eq!(held, (0..568).filter(|at| catalogue.meaning(*at).service.is_some()).count());
}

#[test]
fn a_verb_asks_first_for_what_it_usually_means() {
    let catalogue = Catalogue::embedded().unwrap();
    for (verb, action) in [
        ("post", Action::Publish),
        ("search", Action::Search),
        ("look up", Action::Get),
        ("watch", Action::Watch),
        ("remove", Action::Delete),
        ("email", Action::Send),
    ] {
        assert_eq!(catalogue.actions_of(verb).first(), Some(&action), "{verb}");
    }
    assert!(catalogue.actions_of("knit").is_empty());
}

#[test]
fn another_platforms_blocks_mean_what_their_names_say() {
    let catalogue = Catalogue::from_json(OTHER).unwrap();
    assert_eq!(catalogue.blocks().len(), 50);
    let mut wrong = Vec::new();
    for (name, action, object, service) in [
        ("KanboCreateCard", Action::Create, "card", Some("Kanbo")),
        ("KanboListCards", Action::List, "card", Some("Kanbo")),
        ("KanboGetCard", Action::Get, "card", Some("Kanbo")),
        ("KanboDeleteCard", Action::Delete, "card", Some("Kanbo")),
        ("KanboAddCardComment", Action::Add, "card comment", Some("Kanbo")),
        ("KanboCardTrigger", Action::Watch, "card", Some("Kanbo")),
        ("SendMailwaveCampaign", Action::Send, "campaign", Some("Mailwave")),
        ("ListMailwaveContacts", Action::List, "contact", Some("Mailwave")),
        ("GetMailwaveCampaignReport", Action::Get, "campaign report", Some("Mailwave")),
        ("LedgerLaneGetInvoice", Action::Get, "invoice", Some("Ledger Lane")),
        ("LedgerLaneListOverduePayments", Action::List, "overdue payment", Some("Ledger Lane")),
        ("LedgerLaneCancelInvoice", Action::Cancel, "invoice", Some("Ledger Lane")),
        ("chirrup_post_message", Action::Publish, "message", Some("Chirrup")),
        ("chirrup_reply_to_post", Action::Reply, "post", Some("Chirrup")),
        ("chirrup_list_followers", Action::List, "follower", Some("Chirrup")),
        ("GithubListMilestones", Action::List, "milestone", Some("GitHub")),
        ("GsheetsAppendLine", Action::Append, "line", Some("Google Sheets")),
        ("SummarizeText", Action::Transform, "text", None),
        ("TextTranslator", Action::Other, "text", None),
        ("ExtractEmailAddresses", Action::Extract, "email address", None),
        ("ConvertPdfToText", Action::Convert, "pdf", None),
        ("FetchUrl", Action::Get, "url", None),
        ("GenerateImage", Action::Generate, "image", None),
        ("AskPerson", Action::Ask, "person", None),
    ] {
        let at = catalogue.blocks().iter().position(|block| block.name == name).unwrap();
        let meaning = catalogue.meaning(at);
        let got = (meaning.action, meaning.objects.first().map(String::as_str), meaning.service.as_deref());
        if got != (action, Some(object), service) {
            wrong.push(format!("{name}: {got:?}, called {:?}", meaning.verbs));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let services: BTreeSet<&str> = catalogue.services().collect();
    assert_eq!(services, BTreeSet::from(["Chirrup", "GitHub", "Google Sheets", "Kanbo", "Ledger Lane", "Mailwave"]));
    assert_eq!(names(&catalogue, catalogue.blocks_about("overdue payments")), ["LedgerLaneListOverduePayments"]);
    assert_eq!(catalogue.blocks_of("ledgerlane").len(), 7);
    for (at, block) in catalogue.blocks().iter().enumerate() {
        let meaning = catalogue.meaning(at);
        assert!(!meaning.objects.is_empty() && !meaning.gives.is_empty(), "{}: {meaning:?}", block.name);
    }
}

#[test]
fn another_platforms_blocks_are_built_by_their_names() {
    let builtin = Builtin::from_catalogue(OTHER).unwrap();
    let steps = json!({"steps": [{"block_name": "ReadFeed"}, {"block_name": "Summarize Text"}, {"block_name": "KanboCreateCard"}]});
    let Ok(Draft::Agent(agent, _)) = builtin.generate_now(&to_raw_value(&steps).unwrap()) else {
        panic!("{:?}", builtin.generate_now(&to_raw_value(&steps).unwrap()))
    };
    for id in ["b-", "c0a8e994"] {
        assert!(agent.get().contains(&format!("\"block_id\":\"{id}")), "{}", agent.get());
    }
}

#[test]
fn a_block_that_the_platform_lists_anew_keeps_its_meaning() {
    let mut list: Vec<Value> = serde_json::from_str(Catalogue::embedded_text().unwrap()).unwrap();
    list.reverse();
    for block in &mut list {
        block["description"] = json!("Said in other words.");
    }
    let (own, listed) = (Catalogue::embedded().unwrap(), Catalogue::from_json(&json!(list).to_string()).unwrap());
    for at in 0..568 {
        assert_eq!(own.meaning(at), listed.meaning(567 - at), "{}", own.blocks()[at].name);
    }
}
