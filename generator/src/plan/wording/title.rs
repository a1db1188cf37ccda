//! Titles of steps, made of what a block is called and what the catalogue says it means.

use super::english::{with_article, written};
use crate::{
    catalogue::{Action, Block},
    knowledge::{Knowledge, capitalised},
};

/// What [`done`] ends in.
pub(in crate::plan) const PARTICIPLES: [&str; 13] = [
    "sent",
    "published",
    "created",
    "added",
    "updated",
    "deleted",
    "removed",
    "saved",
    "uploaded",
    "labelled",
    "scheduled",
    "shared",
    "cancelled",
];

/// "Append a row to Google Sheets", "Send a Slack message", "Read Gmail".
pub(in crate::plan) fn title_of(known: &Knowledge, block: &Block) -> String {
    let meaning = known.meaning(block);
    let service = meaning.service.as_deref().unwrap_or_default();
    let words: Vec<String> = block.title().split(' ').map(str::to_owned).collect();
    let rest = without_lead(&words, service);
    let shown = rest.len() < words.len();
    let verb =
        rest.first().map(|word| word.to_lowercase()).filter(|word| is_verb(word, meaning.action, &meaning.verbs));
    let object = || own_object(&meaning.objects, service);
    let reads = matches!(meaning.action, Action::Get | Action::List | Action::Read);
    let web = meaning.objects.iter().any(|object| object == "web" || object == "the web");
    let (verb, what) = match verb {
        Some(verb) if rest.len() > 1 => (verb, cased(rest.get(1..).unwrap_or_default(), service)),
        Some(verb) if web => (verb, "the web".to_owned()),
        Some(verb) if reads && !service.is_empty() => (verb, service.to_owned()),
        Some(verb) => (verb, object()),
        None if meaning.action == Action::Watch => ("wait for".to_owned(), object()),
        None => (meaning.verbs.first().cloned().unwrap_or_default(), if web { "the web".to_owned() } else { object() }),
    };
    // "Comment an issue comment"
    let again = what.split(' ').any(|word| word.starts_with(verb.as_str()));
    let verb = match meaning.action {
        _ if !again => verb,
        Action::Reply => "send".to_owned(),
        action => format!("{action:?}").to_lowercase(),
    };
    if what.is_empty() || verb.is_empty() {
        return capitalised(&cased(&words, service));
    }
    let what = with_service_name(&what, service).split(' ').map(written).collect::<Vec<_>>().join(" ");
    let mut title = format!("{} {}", capitalised(&verb), with_article(&what));
    if shown && !service.is_empty() && !squeezed(&title).contains(&squeezed(service)) {
        title = format!("{title} {} {service}", preposition(&verb, meaning.action, web));
    }
    title
}

/// "Slack message sent": what is known once a block has done its work.
pub(in crate::plan) fn done(known: &Knowledge, block: &Block) -> Option<String> {
    let meaning = known.meaning(block);
    let participle = match meaning.action {
        Action::Send | Action::Reply => "sent",
        Action::Publish => "published",
        Action::Create => "created",
        Action::Add | Action::Append => "added",
        Action::Update => "updated",
        Action::Delete if meaning.verbs.first().is_some_and(|verb| verb == "remove") => "removed",
        Action::Delete => "deleted",
        Action::Store => "saved",
        Action::Upload => "uploaded",
        Action::Label => "labelled",
        Action::Schedule => "scheduled",
        Action::Share => "shared",
        Action::Cancel => "cancelled",
        _ => return None,
    };
    let Some(service) = meaning.service.as_deref() else {
        let object = meaning.objects.first().filter(|object| !object.contains(participle)).map_or("", String::as_str);
        return Some(capitalised(format!("{} {participle}", object.replace("email", "e-mail")).trim()));
    };
    let object = own_object(&meaning.objects, service);
    // "E-mail labelled", and no label that was labelled.
    let object = object.split(' ').filter(|word| !participle.starts_with(word)).collect::<Vec<_>>().join(" ");
    let object = object.replace("email", "e-mail");
    Some(capitalised(&if object == "tweet" {
        format!("tweet {participle}")
    } else {
        format!("{service} {object} {participle}")
    }))
}

/// The first object that says more than the service's name: "google doc", "document" -> "document".
pub(in crate::plan) fn own_object(objects: &[String], service: &str) -> String {
    let squeezed_service = squeezed(service);
    let telling = objects.iter().find(|object| !squeezed_service.starts_with(&squeezed(object)));
    let object = telling.or_else(|| objects.first()).map(String::as_str).unwrap_or_default();
    own_part(object, service)
}

/// The words after the service's name, if they begin with it.
fn without_lead<'w>(words: &'w [String], service: &str) -> &'w [String] {
    let whole = squeezed(service);
    let mut led = String::new();
    for (at, word) in words.iter().enumerate() {
        led.push_str(&word.to_lowercase());
        if led == whole {
            return words.get(at + 1..).unwrap_or_default();
        }
        if !whole.starts_with(&led) {
            break;
        }
    }
    words
}

fn is_verb(word: &str, action: Action, verbs: &[String]) -> bool {
    verbs.iter().any(|verb| verb.split(' ').next() == Some(word))
        || format!("{action:?}").eq_ignore_ascii_case(word)
        || matches!(
            word,
            "get"
                | "list"
                | "read"
                | "make"
                | "create"
                | "fetch"
                | "find"
                | "search"
                | "send"
                | "post"
                | "update"
                | "extract"
        )
}

/// Small letters, but for abbreviations.
fn cased(words: &[String], service: &str) -> String {
    let kept = |word: &String| word.len() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_ascii_digit());
    let words: Vec<String> =
        words.iter().map(|word| if kept(word) { word.clone() } else { word.to_lowercase() }).collect();
    with_service_name(&words.join(" "), service)
}

/// The service as it writes itself: "linked in" -> "LinkedIn".
fn with_service_name(text: &str, service: &str) -> String {
    let whole = squeezed(service);
    if whole.is_empty() {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split(' ').collect();
    for from in 0..words.len() {
        for to in from + 1..=words.len() {
            if squeezed(&words.get(from..to).unwrap_or_default().concat()) == whole {
                let before = words.get(..from).unwrap_or_default();
                let after = words.get(to..).unwrap_or_default();
                return [before, &[service], after].concat().join(" ");
            }
        }
    }
    text.to_owned()
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn preposition(verb: &str, action: Action, web: bool) -> &'static str {
    match action {
        Action::Publish => "on",
        _ if matches!(verb, "create" | "make" | "update" | "delete" | "insert") => "in",
        Action::Get | Action::List | Action::Read | Action::Watch
            if !matches!(verb, "crawl" | "scrape" | "wait for") =>
        {
            "from"
        }
        Action::Watch | Action::Search if !web => "in",
        Action::Append | Action::Add | Action::Upload | Action::Store => "to",
        Action::Cancel
        | Action::Create
        | Action::Delete
        | Action::Label
        | Action::Reply
        | Action::Schedule
        | Action::Share
        | Action::Update => "in",
        _ => "with",
    }
}

/// An object without the words that the service's name has too: "calendar event" -> "event".
fn own_part(object: &str, service: &str) -> String {
    let service = service.to_lowercase();
    let named = |word: &&str| service.split(' ').any(|other| other.trim_end_matches('s') == word.trim_end_matches('s'));
    let own: Vec<&str> = object.split(' ').filter(|word| !named(word)).collect();
    if own.is_empty() { object.to_owned() } else { own.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::{done, title_of};
    use crate::knowledge::Knowledge;

    fn titles(of: impl Fn(&Knowledge, &crate::catalogue::Block) -> String, names: &[&str]) -> Vec<String> {
        let known = Knowledge::embedded().unwrap();
        names.iter().map(|name| of(&known, known.catalogue.by_name(name).unwrap())).collect()
    }

    #[test]
    fn a_title_is_a_verb_with_its_object_whatever_the_block_is_called() {
        let names = [
            "GoogleSheetsAppendRowBlock",
            "SendSlackMessageBlock",
            "GmailReadBlock",
            "ReadRSSFeedBlock",
            "PostToLinkedInBlock",
            "GithubMakeIssueBlock",
            "WordPressCreatePostBlock",
            "ExaSearchBlock",
            "GenericWebhookTriggerBlock",
            "TextReplaceBlock",
        ];
        assert_eq!(
            titles(title_of, &names),
            [
                "Append a row to Google Sheets",
                "Send a Slack message",
                "Read Gmail",
                "Read an RSS feed",
                "Post to LinkedIn",
                "Make an issue in GitHub",
                "Create a post on WordPress",
                "Search the web with Exa",
                "Wait for a webhook",
                "Replace text"
            ]
        );
    }

    #[test]
    fn what_an_agent_delivers_is_called_after_the_delivery() {
        let names = [
            "SendSlackMessageBlock",
            "SendEmailBlock",
            "TodoistCreateTaskBlock",
            "TwitterPostTweetBlock",
            "GoogleSheetsAppendRowBlock",
            "GmailAddLabelBlock",
            "GmailRemoveLabelBlock",
        ];
        assert_eq!(
            titles(|known, block| done(known, block).unwrap(), &names),
            [
                "Slack message sent",
                "E-mail sent",
                "Todoist task added",
                "Tweet published",
                "Google Sheets row added",
                "Gmail e-mail labelled",
                "Gmail e-mail label removed"
            ]
        );
    }
}
