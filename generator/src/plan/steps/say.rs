//! Subjects and sentences, made of what was understood.

use super::draft::{Datum, Draft, Flow};
use crate::{
    knowledge::{Knowledge, capitalised},
    plan::{
        clauses::act,
        wording::{
            english::{cut, several, tidy, written},
            time,
            title::{self, PARTICIPLES},
        },
    },
};

/// Characters of the name of an agent.
pub(in crate::plan) const NAME: usize = 60;
/// Where a text goes is said without the kind of thing that it becomes there.
pub(in crate::plan) const TEXTS: [&str; 12] = [
    "message",
    "page",
    "document",
    "post",
    "row",
    "record",
    "file",
    "tweet",
    "email",
    "direct message",
    "blog post",
    "cell",
];

/// Words that a name can do without.
pub(in crate::plan) const PLAIN: [&str; 14] = [
    "new", "incoming", "latest", "newest", "recent", "last", "short", "brief", "quick", "long", "detailed", "clear",
    "whole", "current",
];

impl Draft<'_> {
    /// What comes out: called after what it is, or after what was done.
    pub(in crate::plan) fn result_name(&self, datum: &Datum) -> String {
        let step = self.block(datum.flow.step);
        if datum.receipt
            && let Some(block) = step
            && let Some(done) = title::done(self.known, block)
        {
            return done;
        }
        let plain =
            |noun: &&String| !self.known.is_generic(noun) && !matches!(noun.as_str(), "result" | "text" | "status");
        let named = datum.nouns.iter().find(plain).cloned();
        let noun = named.unwrap_or_else(|| "text".to_owned());
        let noun = if datum.flow.is_list() && !datum.single { several(&noun) } else { noun };
        capitalised(
            &noun.split(' ').map(|word| if word == "email" { "e-mail" } else { word }).collect::<Vec<_>>().join(" "),
        )
    }
}

/// What a flow holds, for a sentence: "unread e-mails".
pub(in crate::plan) fn thing(flow: &Flow) -> String {
    let name = flow.name.replace('_', " ").replace("e mail", "e-mail");
    let name = match name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ') {
        "item" => "entry",
        "output" | "result" | "text" | "web" | "" => "result",
        name => name,
    };
    if flow.is_list() || flow.first.is_some() { several(name) } else { name.to_owned() }
}

/// The name of an input in words: "Feed URL".
pub(in crate::plan) fn label(name: &str) -> String {
    capitalised(&name.replace('_', " ").split(' ').map(written).collect::<Vec<_>>().join(" "))
}

/// What a language model is told, in a sentence for the person.
pub(in crate::plan) fn thought(instruction: &str) -> String {
    const LEADS: [(&str, &str); 4] = [
        ("Write what is needed for this: ", "Write the text to "),
        ("Keep only what fits this, and leave out the rest: ", "Keep what fits this: "),
        ("Write Python code that does this, and nothing but the code: ", "Write the code to "),
        ("From what was found, do this and name the sources: ", "From what was found, "),
    ];
    for (lead, short) in LEADS {
        if let Some(rest) = instruction.strip_prefix(lead) {
            if rest.starts_with("Write ") || rest.starts_with("Draft ") {
                return rest.to_owned();
            }
            let mut letters = rest.chars();
            let first = letters.next().into_iter().flat_map(char::to_lowercase);
            return format!("{short}{}", first.chain(letters).collect::<String>());
        }
    }
    act::sentence(instruction)
}

/// Words of the person within a sentence.
pub(in crate::plan) fn said(text: &str) -> String {
    format!("\"{}\"", cut(tidy(text), 90))
}

/// "Start when a Telegram message arrives"
pub(in crate::plan) fn starts(text: &str) -> String {
    let rest =
        ["whenever ", "when ", "every time ", "each time ", "as soon as ", "once ", "if "].iter().find_map(|lead| {
            text.get(..lead.len()).filter(|start| start.eq_ignore_ascii_case(lead)).and(text.get(lead.len()..))
        });
    rest.map_or_else(|| format!("Start on this: {text}"), |rest| format!("Start when {rest}"))
}

pub(in crate::plan) fn rhythm(cron: &str) -> &'static str {
    match time::interval(cron) {
        0..60 => "",
        60..1440 => "hourly",
        1440..10080 => "daily",
        10080..40000 => "weekly",
        _ => "monthly",
    }
}

/// "the Slack channel", "your e-mail address", for the name of an input or output.
pub(in crate::plan) fn asked(known: &Knowledge, name: &str) -> String {
    let first = name.split(' ').next().unwrap_or_default();
    let abbreviated = first.chars().filter(|c| c.is_uppercase()).count() > 1;
    let mut rest = name.chars();
    let name = match rest.next() {
        Some(letter) if !abbreviated && !known.has_service(first) => letter.to_lowercase().chain(rest).collect(),
        _ => name.to_owned(),
    };
    if name.starts_with("your ") || name.contains("'s ") { name } else { format!("the {name}") }
}

/// What the step of an output says.
pub(in crate::plan) fn given_out(known: &Knowledge, name: &str) -> String {
    let last = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').rsplit(' ').next().unwrap_or_default();
    if PARTICIPLES.contains(&last.to_lowercase().as_str()) {
        format!("Report: {name}")
    } else {
        format!("Give out {}", asked(known, name))
    }
}
