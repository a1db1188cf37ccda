//! A wished change in words, read as a list of changes.

use std::sync::LazyLock;

use serde::Deserialize;
use shared::limits::{CHANGES, TooMany};

use super::{
    order::Side,
    words::{Word, words},
};

const TEXT: &str = include_str!("../../data/changes.json");

/// The longest request that is read as changes, in characters; more is a text, not a wish.
const LONGEST: usize = 20_000;

/// What stands between the changes and what the person added to them.
const CONTEXT: &str = "\n\nAdditional context:\n";

/// One wished change. Its texts are the person's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Another name for the agent.
    Rename(String),
    /// Another description of the agent.
    Describe(String),
    /// A step goes.
    Remove(String),
    /// A step goes, and another takes its place.
    Replace {
        /// The step that goes.
        old: String,
        /// What comes.
        new: String,
    },
    /// An input gets a value.
    Set {
        /// The input, perhaps with its step.
        what: String,
        /// The value.
        value: String,
    },
    /// An input loses its value.
    Clear(String),
    /// A value is used wherever it is a choice.
    Use(String),
    /// A step comes before or after another.
    Place {
        /// The step, or what is to be added.
        what: String,
        /// On which side of the other.
        side: Side,
        /// The other.
        of: String,
        /// The whole wish.
        said: String,
    },
    /// Something becomes an output of the agent.
    Show(String),
    /// Something else: perhaps a step to add.
    Other(String),
}

#[derive(Deserialize)]
struct Form {
    change: String,
    form: String,
    #[serde(default)]
    what: Vec<String>,
}

#[derive(Deserialize)]
struct Forms {
    fillers: Vec<String>,
    starts: Vec<String>,
    forms: Vec<Form>,
}

static FORMS: LazyLock<Option<Forms>> = LazyLock::new(|| serde_json::from_str(TEXT).ok());

/// The changes that a request asks for, and what was added to it. Fails if it asks for too many.
pub(super) fn read(request: &str) -> Result<(Vec<Change>, Option<&str>), TooMany> {
    let (wish, context) = match request.split_once(CONTEXT) {
        Some((wish, context)) => (wish, Some(context)),
        None => (request, None),
    };
    let Some(forms) = FORMS.as_ref().filter(|_| wish.chars().count() <= LONGEST) else {
        return Ok((Vec::new(), context));
    };
    let segments = segments(forms, wish);
    CHANGES.check(segments.len())?;
    Ok((segments.into_iter().filter_map(|segment| change(forms, segment)).collect(), context))
}

fn plain(word: &str) -> String {
    word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | '!' | '?'))
        .to_lowercase()
        .replace("e-mail", "email")
}

/// The request cut where a sentence ends and where "and" is followed by another change.
fn segments<'t>(forms: &Forms, text: &'t str) -> Vec<&'t str> {
    let words = words(text);
    let plain: Vec<String> = words.iter().map(|word| plain(word.text)).collect();
    let starting = starting(forms, &words, &plain);
    let mut cuts = vec![(0, 0)];
    for (at, (word, plain)) in words.iter().zip(&plain).enumerate().filter(|(_, (word, _))| !word.quoted) {
        let Some(next) = words.get(at + 1) else { break };
        let gap = text.get(word.end..next.start).unwrap_or_default();
        let sentence = word.text.ends_with(['.', ';', '!', '?']) || gap.contains('\n');
        let own = matches!(plain.as_str(), "and" | "then");
        let joined = own || word.text.ends_with(',');
        if sentence || (joined && starting.get(at + 1) == Some(&true)) {
            cuts.push((if own { word.start } else { word.end }, next.start));
        }
    }
    let mut all = Vec::new();
    for (index, (_, from)) in cuts.iter().enumerate() {
        let to = cuts.get(index + 1).map_or(text.len(), |(end, _)| *end);
        let segment = text.get(*from..to).unwrap_or_default().trim().trim_end_matches([',', ';']).trim();
        if !segment.is_empty() {
            all.push(segment);
        }
    }
    all
}

/// Whether a change starts at each word, or after the words there that only join.
fn starting(forms: &Forms, words: &[Word<'_>], plain: &[String]) -> Vec<bool> {
    let mut starting = Vec::with_capacity(words.len());
    // From the last word, which starts nothing, to the first.
    for (word, plain) in words.iter().zip(plain).rev() {
        let joins = matches!(plain.as_str(), "and" | "then" | "also" | "please");
        let starts = !word.quoted && forms.starts.contains(plain) && !starting.is_empty();
        starting.push(if joins { starting.last() == Some(&true) } else { starts });
    }
    starting.reverse();
    starting
}

fn change(forms: &Forms, segment: &str) -> Option<Change> {
    let words = words(segment);
    let skipped = words.iter().take_while(|word| !word.quoted && forms.fillers.contains(&plain(word.text))).count();
    let words = words.get(skipped..).filter(|words| !words.is_empty())?;
    for form in &forms.forms {
        let Some((what, value)) = fits(form, words, segment) else { continue };
        let value = unquoted(value);
        return Some(match form.change.as_str() {
            "rename" => Change::Rename(value),
            "describe" => Change::Describe(value),
            "remove" => Change::Remove(value),
            "clear" => Change::Clear(value),
            "use" => Change::Use(value),
            "set" => Change::Set { what, value },
            "show" => Change::Show(value),
            side @ ("before" | "after") => {
                let side = if side == "before" { Side::Before } else { Side::After };
                Change::Place { what, side, of: value, said: segment.get(words.first()?.start..)?.to_owned() }
            }
            _ => Change::Replace { old: what, new: value },
        });
    }
    let start = words.first()?.start;
    Some(Change::Other(segment.get(start..)?.to_owned()))
}

/// The two parts of a form that a segment fills, if it has the form.
fn fits(form: &Form, words: &[Word<'_>], segment: &str) -> Option<(String, String)> {
    let mut at = 0;
    let (mut what, mut value) = (None, None);
    let pattern: Vec<&str> = form.form.split(' ').collect();
    for (index, part) in pattern.iter().enumerate() {
        let next = pattern.get(index + 1);
        match *part {
            "*" | "{w}" | "{v}" => {
                let end = match next {
                    None => words.len(),
                    // The name of what is meant has few words; the first "to" after it ends it.
                    Some(next) if next.starts_with('{') => {
                        at + (1..=6).rev().find(|length| {
                            words.get(at..at + length).is_some_and(|part| form.what.contains(&joined(part)))
                        })?
                    }
                    Some(next) => {
                        at + words.get(at..)?.iter().position(|word| !word.quoted && plain(word.text) == *next)?
                    }
                };
                let part_words = words.get(at..end)?;
                if *part == "*" && !form.what.contains(&joined(part_words).trim().to_owned()) {
                    return None;
                }
                let text = match (part_words.first(), part_words.last()) {
                    (Some(first), Some(last)) => segment.get(first.start..last.end)?.to_owned(),
                    _ if *part == "*" => String::new(),
                    _ => return None,
                };
                if *part == "{v}" {
                    value = Some(text)
                } else {
                    what = Some(text)
                }
                at = end;
            }
            literal => {
                if words.get(at).is_none_or(|word| word.quoted || plain(word.text) != literal) {
                    return None;
                }
                at += 1;
            }
        }
    }
    (at == words.len()).then_some((what.unwrap_or_default(), value?))
}

fn joined(words: &[Word<'_>]) -> String {
    words.iter().map(|word| plain(word.text)).collect::<Vec<_>>().join(" ")
}

/// A value without its quotation marks and the full stop after it.
fn unquoted(text: String) -> String {
    let trimmed = text.trim();
    let bare = trimmed.strip_suffix(['.', ';', '!', ',']).filter(|bare| !bare.ends_with('.')).unwrap_or(trimmed).trim();
    for (open, close) in [('"', '"'), ('“', '”'), ('\'', '\''), ('‘', '’'), ('`', '`')] {
        if let Some(inner) = bare.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            return inner.to_owned();
        }
    }
    bare.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Change, read};

    fn set(what: &str, value: &str) -> Change {
        Change::Set { what: what.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn a_wish_in_plain_words_is_read_as_the_change_it_means() {
        let rename = |name: &str| Change::Rename(name.to_owned());
        for (text, expected) in [
            ("rename it to Daily News", rename("Daily News")),
            ("Please call it \"News and More\".", rename("News and More")),
            ("Change the name to Find and Replace", rename("Find and Replace")),
            ("could you rename the agent to X?", rename("X?")),
            ("change its description to Reads the news.", Change::Describe("Reads the news".to_owned())),
            ("remove the Slack step", Change::Remove("the Slack step".to_owned())),
            ("stop posting to Slack", Change::Remove("posting to Slack".to_owned())),
            ("set the subject to Hello", set("the subject", "Hello")),
            ("change the polling rate to 60", set("the polling rate", "60")),
            ("use model gpt-4o", Change::Use("model gpt-4o".to_owned())),
            ("add a step that posts it to Slack", Change::Other("add a step that posts it to Slack".to_owned())),
            ("replace Slack with Discord", Change::Replace { old: "Slack".to_owned(), new: "Discord".to_owned() }),
            ("use Discord instead of Slack", Change::Replace { old: "Slack".to_owned(), new: "Discord".to_owned() }),
        ] {
            assert_eq!(read(text).unwrap().0, [expected], "{text}");
        }
    }

    #[test]
    fn several_wishes_in_one_request_are_all_heard() {
        let (changes, context) = read(
            "Rename it to News, set the subject to \"Hi, and set sail\" and remove the Slack step\n\nAdditional context:\nSoon",
        )
        .unwrap();
        assert_eq!(
            changes,
            [
                Change::Rename("News".to_owned()),
                set("the subject", "Hi, and set sail"),
                Change::Remove("the Slack step".to_owned())
            ]
        );
        assert_eq!(context, Some("Soon"));
    }

    #[test]
    fn a_request_that_says_nothing_is_no_change() {
        assert!(read("please").unwrap().0.is_empty());
        assert!(read("").unwrap().0.is_empty());
    }
}
