//! Tokens -> units: the longest sequences that the vocabulary knows, with all that each may be.

use super::{
    Mark, Schedule, Span, Token, TokenKind, Value,
    classes::{Class, Group},
    inflection::{Bent, Form, Inflected},
    token::contracted,
    vocabulary::{Entry, Vocabulary},
};

/// A word, name, value or mark, before its neighbours say which of its classes it has here.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) span: Span,
    /// Lower case, as written.
    pub(super) key: String,
    pub(super) mark: Option<Mark>,
    pub(super) value: bool,
    /// A part of the schedule.
    pub(super) time: bool,
    pub(super) functions: Vec<Class>,
    pub(super) verb: Option<Inflected>,
    /// Singular.
    pub(super) noun: String,
    pub(super) plural: bool,
    pub(super) adjective: bool,
    pub(super) service: Option<String>,
    /// "the team's"
    pub(super) possessive: bool,
    pub(super) capital: bool,
    /// The vocabulary has it as a noun.
    pub(super) known: bool,
}

impl Raw {
    pub(super) fn may_be(&self, class: Class) -> bool {
        self.functions.contains(&class)
    }

    /// Hardly anything but the verb of a clause.
    pub(super) fn finite(&self) -> bool {
        let form = |verb: &Inflected| matches!(verb.form, Form::Base | Form::Third | Form::Past);
        !self.adjective
            && self.verb.as_ref().is_some_and(|verb| verb.bent == Bent::Verb && form(verb) || verb.lemma == "be")
    }

    /// Could be told to do something with it.
    pub(super) fn imperative(&self) -> bool {
        self.verb.as_ref().is_some_and(|verb| verb.form == Form::Base && verb.bent != Bent::Noun)
    }

    pub(super) fn determiner(&self) -> bool {
        self.functions.iter().any(|class| matches!(class, Class::Determiner(_)))
    }
}

pub(super) fn units(vocabulary: &Vocabulary, text: &str, tokens: &[Token], schedule: Option<&Schedule>) -> Vec<Raw> {
    let mut keys: Vec<String> = tokens.iter().map(|token| key(text, token)).collect();
    let slips: Vec<usize> = (1..keys.len()).filter(|at| is_slip(vocabulary, &keys, *at)).collect();
    slips.iter().filter_map(|at| keys.get_mut(*at).map(|key| "it".clone_into(key))).for_each(drop);
    let mut timed = vec![false; tokens.len()];
    for span in schedule.iter().flat_map(|schedule| &schedule.spans) {
        timed.get_mut(span.clone()).unwrap_or_default().fill(true);
    }
    let mut all: Vec<Raw> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let (Some(token), Some(key)) = (tokens.get(at), keys.get(at)) {
        let short = contracted(token.raw(text)).is_some() || slips.binary_search(&at).is_ok();
        let mut unit = Raw { span: at..at + 1, key: key.clone(), ..Raw::default() };
        if timed.get(at) == Some(&true) {
            while timed.get(unit.span.end) == Some(&true) {
                unit.span.end += 1;
            }
            unit.time = true;
        } else {
            let open = timed.iter().skip(at).take(if short { 1 } else { 8 }).take_while(|timed| !**timed).count();
            let first = at
                .checked_sub(1)
                .and_then(|before| tokens.get(before))
                // "to LinkedIn, X and Bluesky": no sentence begins at a comma.
                .is_none_or(|before| before.mark().is_some_and(|mark| !matches!(mark, Mark::Comma | Mark::Open)));
            let alone = tokens.get(at + 1).is_none_or(|next| next.mark().is_some());
            let name = written_large(text, token) && (!first || alone);
            let known = keys.get(at..at + open).and_then(|keys| longest(vocabulary, keys, name));
            // "a customer emails us": no two things are one of them.
            let before = at.checked_sub(1).and_then(|before| tokens.get(before)?.word());
            let one = matches!(before, Some("a" | "an"));
            let known = known.filter(|(count, _, plural)| !(one && *plural && *count > 1));
            let known = known.filter(|known| !moves(vocabulary, keys.get(at..).unwrap_or_default(), known.0));
            fill(vocabulary, &mut unit, token, known);
            if range(tokens, at) {
                unit.span.end = at + 3;
            }
            if let Some(keys) = keys.get(at..unit.span.end).filter(|keys| keys.len() > 1) {
                unit.key = keys.join(" ");
            }
            unit.capital = written_large(text, token);
            shout(text, tokens, &mut unit);
            unit.possessive = !short
                && matches!(&token.kind, TokenKind::Word(word)
                if text.get(token.start..token.end).is_some_and(|raw| raw.len() > word.len() && raw.contains(['\'', '’'])
                    && (raw.ends_with(['s', 'S']) && !word.ends_with('s') || raw.ends_with(['\'', '’']))));
        }
        at = unit.span.end;
        // "it's": two words, the second without a token of its own.
        let is = short.then(|| Raw {
            span: at..at,
            key: "is".to_owned(),
            verb: vocabulary.verb("is").cloned(),
            ..Raw::default()
        });
        all.push(unit);
        all.extend(is);
    }
    name_products(&mut all);
    tell_doers(vocabulary, &mut all);
    name_strangers(vocabulary, text, tokens, &mut all);
    all
}

/// "a Nintendo Switch for less": behind a name that nobody knows, a capital within a sentence is no verb.
fn name_products(all: &mut [Raw]) {
    let small = |unit: Option<&Raw>| unit.is_none_or(|unit| !unit.capital);
    for at in 2..all.len() {
        let [before, name, ..] = all.get(at - 2..).unwrap_or_default() else { return };
        let unknown = name.capital && name.verb.is_none() && !name.known && name.service.is_none();
        let within = !before.capital && !before.key.is_empty() && small(all.get(at + 1));
        if let Some(unit) = all.get_mut(at).filter(|unit| unknown && within && unit.capital) {
            unit.verb = None;
        }
    }
}

/// "a customer emails us": one of them does it; "answer customer questions": theirs, for nobody is answered questions.
fn tell_doers(vocabulary: &Vocabulary, all: &mut [Raw]) {
    for at in 2..all.len() {
        let [before, who, what, ..] = all.get(at - 2..).unwrap_or_default() else { return };
        let third = what.verb.as_ref().is_some_and(|verb| verb.form == Form::Third);
        let person = !who.plural && !who.capital && vocabulary.is(Group::People, &who.key);
        let (one, told) = (
            matches!(before.key.as_str(), "a" | "an"),
            before.verb.as_ref().is_some_and(|verb| verb.form == Form::Base) && !before.determiner(),
        );
        let Some(unit) = all.get_mut(at).filter(|unit| third && person && unit.plural) else { continue };
        if one && let Some(verb) = &mut unit.verb {
            verb.bent = Bent::Verb;
            (unit.known, unit.plural) = (false, false);
            unit.noun.clear();
        } else if told {
            unit.verb = None;
        }
    }
}

fn key(text: &str, token: &Token) -> String {
    match &token.kind {
        TokenKind::Word(word) => word.clone(),
        TokenKind::Value(_) => text.get(token.start..token.end).unwrap_or_default().to_lowercase(),
        TokenKind::Mark(_) => String::new(),
    }
}

fn written_large(text: &str, token: &Token) -> bool {
    text.get(token.start..token.end).and_then(|raw| raw.chars().next()).is_some_and(char::is_uppercase)
}

/// "3-5" paragraphs: one value.
fn range(tokens: &[Token], at: usize) -> bool {
    let Some([from, dash, to]) = tokens.get(at..at + 3) else { return false };
    let number = |token: &Token| matches!(token.value(), Some(Value::Number(_)));
    let joined = from.end == dash.start && dash.end == to.start && dash.mark().is_some() && dash.end - dash.start < 4;
    joined && number(from) && number(to)
}

/// "IT services", "table A", "POST webhook": in capitals a function word or a method of HTTP is a noun.
fn shout(text: &str, tokens: &[Token], unit: &mut Raw) {
    let raw = |at: usize| tokens.get(at).and_then(|token| text.get(token.start..token.end)).unwrap_or_default();
    let at = unit.span.start;
    let loud = |word: &str| word.chars().all(char::is_uppercase) && !word.is_empty();
    let neighbour = |at: Option<usize>| at.is_some_and(|at| raw(at).chars().any(char::is_lowercase));
    // "in May"
    let before = at.checked_sub(1).and_then(|before| tokens.get(before)?.word()).unwrap_or_default();
    if unit.key == "may"
        && raw(at) == "May"
        && ["in", "of", "from", "until", "since", "by", "next", "last", "early", "late"].contains(&before)
    {
        unit.functions.clear();
        unit.noun.clone_from(&unit.key);
    }
    if !loud(raw(at)) || !(neighbour(at.checked_sub(1)) || neighbour(Some(at + 1))) {
        return;
    }
    let first = at
        .checked_sub(1)
        .is_none_or(|before| tokens.get(before).is_some_and(|token| matches!(token.kind, TokenKind::Mark(_))));
    let method = ["post", "get", "put", "delete", "patch"].contains(&unit.key.as_str());
    let called = matches!(tokens.get(at + 1).map(|token| &token.kind),
        Some(TokenKind::Word(word)) if !["a", "an", "the", "this", "it", "my"].contains(&word.as_str()));
    if ["it", "us"].contains(&unit.key.as_str()) || unit.key == "a" && !first {
        unit.functions.clear();
        unit.noun.clone_from(&unit.key);
    } else if method && called {
        unit.verb = None;
    }
}

/// How many of the words the vocabulary knows as one, as what, and whether it is a plural.
fn longest<'a>(vocabulary: &'a Vocabulary, keys: &[String], capital: bool) -> Option<(usize, &'a Entry, bool)> {
    let (first, rest) = keys.split_first()?;
    let (singular, plural) = vocabulary.singular(first);
    let fits = |words: &[String], entry: &Entry| {
        if matches!(entry, Entry::Service(service) if service.everyday && !capital) || words.len() > rest.len() {
            return None;
        }
        let mut plural = false;
        words
            .iter()
            .zip(rest)
            .enumerate()
            .all(|(at, (word, key))| {
                word == key
                    || at + 1 == words.len() && !matches!(entry, Entry::Function(_)) && {
                        let (singular, many) = vocabulary.singular(key);
                        plural = many;
                        *word == singular
                    }
            })
            .then_some(plural)
    };
    let best = |word: &str| {
        vocabulary.phrases(word).iter().find_map(|(words, entry)| Some((words.len() + 1, entry, fits(words, entry)?)))
    };
    let one = best(first);
    let other = (plural && singular != *first).then(|| best(&singular)).flatten();
    let other = other.filter(|(count, entry, _)| *count == 1 && !matches!(entry, Entry::Function(_)));
    match (one, other) {
        (Some(one), _) => Some(one),
        (None, other) => other.map(|(count, entry, _)| (count, entry, true)),
    }
}

/// "if its urgent ping me": "it's" without its apostrophe.
fn is_slip(vocabulary: &Vocabulary, keys: &[String], at: usize) -> bool {
    let word = |at: usize| keys.get(at).map_or("", String::as_str);
    let opens = matches!(word(at - 1), "if" | "when" | "whenever" | "unless" | "because");
    let ends = matches!(word(at + 2), "" | "and" | "or" | "then" | "please" | "to" | "for" | "in" | "on")
        || vocabulary.verb(word(at + 2)).is_some_and(|verb| verb.form == Form::Base && verb.bent != Bent::Noun);
    word(at) == "its" && opens && vocabulary.is(Group::Adjectives, word(at + 1)) && ends
}

/// "the price drops below 100": a subject and its verb, no compound.
fn moves(vocabulary: &Vocabulary, keys: &[String], count: usize) -> bool {
    let verb = keys.get(count - 1).filter(|_| count > 1).and_then(|key| vocabulary.verb(key));
    let limit = keys.get(count).is_some_and(|key| matches!(key.as_str(), "below" | "under" | "above" | "over" | "by"));
    limit && verb.is_some_and(|verb| verb.form == Form::Third && vocabulary.is(Group::Moves, &verb.lemma))
}

fn fill(vocabulary: &Vocabulary, unit: &mut Raw, token: &Token, known: Option<(usize, &Entry, bool)>) {
    match &token.kind {
        TokenKind::Mark(mark) => {
            unit.mark = Some(*mark);
            return;
        }
        TokenKind::Value(value) => {
            let service = known.filter(|(_, entry, _)| matches!(entry, Entry::Service(_)));
            let Some((count, Entry::Service(service), _)) = service else {
                unit.value = true;
                unit.noun = if matches!(value, Value::Url(_)) { unit.key.clone() } else { String::new() };
                return;
            };
            unit.span.end = unit.span.start + count;
            unit.service = Some(service.name.clone());
            return;
        }
        TokenKind::Word(_) => {}
    }
    (unit.noun, unit.plural) = vocabulary.singular(&unit.key);
    unit.verb = vocabulary.verb(unit.key.strip_prefix("auto-").unwrap_or(&unit.key)).cloned();
    unit.adjective = vocabulary.is(Group::Adjectives, &unit.key);
    let Some((count, entry, plural)) = known else { return };
    unit.span.end = unit.span.start + count;
    if count > 1 {
        (unit.verb, unit.adjective) = (None, false);
    }
    match entry {
        Entry::Function(classes) => unit.functions.clone_from(classes),
        Entry::Noun(head) => (unit.noun, unit.plural, unit.known) = (head.clone(), plural, true),
        Entry::Service(service) => unit.service = Some(service.name.clone()),
    }
}

/// How the names of files end.
const FILES: [&str; 16] =
    ["md", "txt", "rst", "yml", "yaml", "toml", "json", "csv", "xml", "html", "pdf", "docx", "xlsx", "py", "js", "ts"];

/// A capitalised word after "to", "in", "from" … that no vocabulary knows is a service too.
fn name_strangers(vocabulary: &Vocabulary, text: &str, tokens: &[Token], all: &mut [Raw]) {
    for at in 1..all.len() {
        let (before, rest) = all.split_at_mut(at);
        let (Some((place, before)), Some(unit)) = (before.split_last(), rest.first_mut()) else { continue };
        let known =
            unit.service.is_some() || unit.value || unit.time || unit.mark.is_some() || !unit.functions.is_empty();
        if known || !unit.capital || unit.verb.is_some() || unit.adjective || vocabulary.is(Group::Capitals, &unit.key)
        {
            continue;
        }
        let written =
            tokens.get(unit.span.start).and_then(|token| text.get(token.start..token.end)).unwrap_or_default();
        // "CONTRIBUTING.md": a file.
        let file = written.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end.to_lowercase().as_str()));
        if file {
            continue;
        }
        let coined = written.chars().skip(1).any(|letter| letter.is_uppercase() || letter.is_numeric());
        let kept = |group| {
            let lately = before.iter().rev().take(8).filter_map(|raw| raw.verb.as_ref());
            lately.into_iter().any(|verb| vocabulary.is(group, &verb.lemma))
        };
        let written_by = before.last().is_some_and(|raw| vocabulary.is(Group::Letters, &raw.noun));
        // "the weather in Bonn", "news from Kyiv"
        let there = before.last().is_some_and(|raw| vocabulary.is(Group::Placed, &raw.noun));
        let service = match place.key.as_str() {
            "in" | "on" | "from" if there => coined,
            // "to Anna" is a person.
            "to" => coined,
            // "in Porto" is a place, unless something is put there.
            "in" | "on" => coined || kept(Group::Movers) || kept(Group::Makers),
            "from" | "with" => coined || !written_by,
            "into" | "via" | "using" | "through" => true,
            _ => false,
        };
        if service {
            unit.service = Some(written.to_owned());
        }
    }
}
