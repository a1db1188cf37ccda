//! One clause of a goal as the planner looks at it.

use crate::{
    knowledge,
    reading::{Argument, Clause, Frame, Mark, Phrase, Reading, Span, TokenKind, Value, Verb},
};

/// Prepositions behind which a place to put something stands.
const TO: [&str; 13] =
    ["to", "into", "in", "on", "onto", "at", "via", "over", "by", "through", "under", "inside", "using"];
/// Prepositions behind which something to read from stands.
const FROM: [&str; 8] = ["from", "of", "in", "on", "at", "out of", "off", "across"];
/// Prepositions behind which a subject matter stands.
const ABOUT: [&str; 7] = ["about", "on", "for", "regarding", "around", "of", "in"];

#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Act<'r> {
    pub(in crate::plan) reading: &'r Reading,
    pub(in crate::plan) index: usize,
    pub(in crate::plan) clause: &'r Clause,
    pub(in crate::plan) frame: &'r Frame,
    /// Whether it names a repository. Every phrase asks.
    pub(in crate::plan) repository: bool,
}

impl<'r> Act<'r> {
    pub(in crate::plan) fn of(reading: &'r Reading, index: usize) -> Option<Self> {
        let clause = reading.clauses.get(index)?;
        let mut act = Self { reading, index, clause, frame: clause.frame.as_ref()?, repository: false };
        act.repository = act.values().any(|(_, value)| matches!(value, Value::Repository(_)));
        Some(act)
    }

    /// `sum up`, `post`; empty without a verb.
    pub(in crate::plan) fn lemma(&self) -> String {
        self.frame.verb.as_ref().map_or_else(String::new, Verb::full)
    }

    pub(in crate::plan) fn plain_lemma(&self) -> &'r str {
        self.frame.verb.as_ref().map_or("", |verb| verb.lemma.as_str())
    }

    /// "What should I cook?": a question, not a request.
    pub(in crate::plan) fn asks(&self) -> bool {
        let mut words = self.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word());
        let asking = ["which", "what", "who", "where", "when", "how", "why", "should"];
        self.frame.subject.is_some() && words.next().is_some_and(|word| asking.contains(&word))
    }

    /// "watch", "keep an eye on": looks again and again.
    pub(in crate::plan) fn watches(&self) -> bool {
        matches!(
            self.lemma().as_str(),
            "watch" | "watch for" | "monitor" | "track" | "observe" | "keep an eye on" | "follow"
        )
    }

    /// Every phrase of the frame, objects first.
    pub(in crate::plan) fn phrases(&self) -> impl Iterator<Item = &'r Phrase> + use<'r> {
        let frame = self.frame;
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).chain(&frame.recipients).chain(&frame.subject)
    }

    pub(in crate::plan) fn arguments(&self, prepositions: &[&str]) -> impl Iterator<Item = &'r Argument> + use<'r, '_> {
        let wanted: Vec<String> = prepositions.iter().map(|word| (*word).to_owned()).collect();
        self.frame.arguments.iter().filter(move |argument| wanted.contains(&argument.preposition))
    }

    pub(in crate::plan) fn places(&self) -> Vec<&'r Phrase> {
        self.arguments(&TO).map(|argument| &argument.phrase).collect()
    }

    pub(in crate::plan) fn origins(&self) -> Vec<&'r Phrase> {
        // "the posts of Hacker News"
        let of = self.arguments(&["of"]).filter(|of| of.phrase.head.is_empty() && !of.phrase.services.is_empty());
        self.arguments(&FROM).chain(of).map(|argument| &argument.phrase).collect()
    }

    pub(in crate::plan) fn subjects(&self) -> Vec<&'r Phrase> {
        self.arguments(&ABOUT).map(|argument| &argument.phrase).collect()
    }

    pub(in crate::plan) fn services(&self) -> Vec<&'r str> {
        let mut services: Vec<&str> =
            self.phrases().flat_map(|phrase| phrase.services.iter().map(String::as_str)).collect();
        // `owner/name` is on GitHub.
        if services.is_empty() && self.repository {
            services.push("GitHub");
        }
        services
    }

    pub(in crate::plan) fn text(&self) -> &'r str {
        words(self.reading, &self.clause.span)
    }

    /// The clause as an instruction: the verb in its plain form, then the words of the person.
    pub(in crate::plan) fn instruction(&self) -> String {
        let Some(verb) = &self.frame.verb else { return sentence(self.text()) };
        let rest = words(self.reading, &(verb.span.end..self.clause.span.end));
        let rest = rest.trim_start_matches([',', ' ', ':']);
        // "the notes are turned into a post": what it is done to stands in front.
        let ahead = self
            .frame
            .objects
            .first()
            .filter(|object| self.frame.passive && object.span.start < verb.span.start && !object.pronoun);
        let ahead = ahead.map(|object| format!("{} ", words(self.reading, &object.span))).unwrap_or_default();
        let rest = format!("{ahead}{rest}");
        let rest = rest.trim_end().trim_end_matches(" and");
        let lemma = verb.lemma.clone();
        // The particle stands among the words already.
        sentence(&if rest.is_empty() { lemma } else { format!("{lemma} {rest}") })
    }

    /// Makes something else of a text that is there.
    pub(in crate::plan) fn reworks(&self) -> bool {
        is_rework(self.plain_lemma())
    }

    /// Says how good something is that is there: "score an essay".
    pub(in crate::plan) fn judges(&self) -> bool {
        matches!(self.plain_lemma(), "score" | "rate" | "grade" | "evaluate" | "assess" | "critique" | "review")
    }

    pub(in crate::plan) fn values(&self) -> impl Iterator<Item = (usize, &'r Value)> + use<'r> {
        let (reading, own) = (self.reading, self.clause.span.clone());
        // What is read first for "a report about the posts on r/rust" stands in the middle of it.
        let before = self.index.checked_sub(1).and_then(|at| reading.clauses.get(at)).map(|clause| clause.span.clone());
        let inner = before.filter(|inner| inner.start > own.start && inner.end <= own.end).unwrap_or(0..0);
        own.filter(move |at| !inner.contains(at)).filter_map(move |at| match &reading.tokens.get(at)?.kind {
            TokenKind::Value(value) => Some((at, value)),
            _ => None,
        })
    }
}

/// "on the web"
pub(in crate::plan) fn is_web(phrase: &Phrase) -> bool {
    phrase.services.is_empty() && matches!(phrase.head.as_str(), "web" | "internet")
}

/// "a report", "a weekly overview": a text that is made of what was read.
pub(in crate::plan) fn is_report(noun: &str) -> bool {
    const REPORTS: [&str; 9] =
        ["report", "digest", "summary", "overview", "analysis", "recap", "briefing", "roundup", "breakdown"];
    noun.rsplit(' ').next().is_some_and(|last| REPORTS.contains(&last))
}

/// The words of the person in a run of tokens.
pub(in crate::plan) fn words<'r>(reading: &'r Reading, span: &Span) -> &'r str {
    let tokens = reading.tokens.get(span.clone()).unwrap_or_default();
    // Numbers of a list, arrows and commas at the ends are not said.
    let first = tokens
        .iter()
        .position(|token| !matches!(token.kind, TokenKind::Mark(mark) if mark != Mark::Other))
        .unwrap_or(0);
    let last = tokens
        .iter()
        .rposition(|token| !matches!(token.kind, TokenKind::Mark(mark) if mark != Mark::Close))
        .map_or(0, |at| at + 1);
    let tokens = tokens.get(first..last).unwrap_or_default();
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => {
            let text = reading.text.get(first.start..last.end).unwrap_or_default();
            text.trim().trim_end_matches([',', ';', ':', '.', '-', '–', '—']).trim_end()
        }
        _ => "",
    }
}

/// A capital letter at the start, no stop at the end, one line.
pub(in crate::plan) fn sentence(text: &str) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    knowledge::capitalised(flat.trim_end_matches([',', ';', ':', '.']))
}

/// Words before a noun that may belong to its name. More of them would take time that grows with their square.
const NAMING: usize = 6;

/// What a phrase may be called in a table, the most telling first: `pull request`, `request`.
pub(in crate::plan) fn names(phrase: &Phrase) -> Vec<String> {
    let mut names = Vec::new();
    if phrase.head.is_empty() {
        return names;
    }
    for from in phrase.modifiers.len().saturating_sub(NAMING)..phrase.modifiers.len() {
        let mut name = phrase.modifiers.get(from..).unwrap_or_default().join(" ");
        name.push(' ');
        name.push_str(&phrase.head);
        names.push(name);
    }
    names.push(phrase.head.clone());
    // "a release draft" is a release.
    names.extend(phrase.modifiers.last().filter(|_| phrase.head == "draft").cloned());
    let mut rest = phrase.head.as_str();
    while let Some((_, last)) = rest.split_once(' ') {
        names.push(last.to_owned());
        rest = last;
    }
    for at in 0..names.len() {
        let single = names
            .get(at)
            .and_then(|name| name.strip_suffix('s'))
            .filter(|name| name.len() > 2 && !name.ends_with('s'))
            .map(str::to_owned);
        names.extend(single);
    }
    names
}

/// The part of a phrase before what narrows it.
pub(in crate::plan) fn core(phrase: &Phrase) -> Span {
    let end = phrase.tail.as_ref().map_or(phrase.span.end, |tail| tail.start.max(phrase.span.start));
    phrase.span.start..end.min(phrase.span.end)
}

/// The services that a text names.
pub(in crate::plan) fn services_of(reading: &Reading) -> Vec<String> {
    let frames = reading.clauses.iter().filter_map(|clause| clause.frame.as_ref());
    let phrases = frames.flat_map(|frame| {
        let arguments = frame.arguments.iter().map(|argument| &argument.phrase);
        frame.objects.iter().chain(arguments).chain(&frame.recipients).chain(&frame.subject)
    });
    phrases.flat_map(|phrase| phrase.services.iter().cloned()).collect()
}

/// Whether a verb makes something else of a text that is there.
pub(in crate::plan) fn is_rework(lemma: &str) -> bool {
    const REWORKS: &str =
        "translate rewrite rephrase paraphrase proofread shorten simplify summarise condense correct speak narrate";
    REWORKS.split(' ').any(|verb| verb == lemma)
}
