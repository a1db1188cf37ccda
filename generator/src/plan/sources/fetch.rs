//! Reads what the goal speaks of: from the service it names, else from where such things usually are.

use super::window::{is_holder, is_near, is_period, is_ranked};
use crate::{
    catalogue::Block,
    knowledge::Slot,
    plan::{
        clauses::act::{Act, core, names},
        model::Binding,
        steps::{
            build::Builder,
            cover,
            draft::{AskKind, Draft, Flow},
            fill::Fill,
            gmail, lost,
        },
    },
    reading::{Determiner, Phrase, Span, TokenKind, Value},
};

/// What can be read, found in a phrase.
#[derive(Debug)]
pub(in crate::plan) struct Source<'k> {
    pub(in crate::plan) block: &'k Block,
    /// How sure it is: a service or an address was named.
    pub(in crate::plan) named: bool,
}

impl<'k, 'r> Builder<'k, 'r> {
    /// Reads what `phrase` names. Returns what it gives.
    pub(in crate::plan) fn fetch(&mut self, act: &Act<'r>, phrase: &'r Phrase, around: &[&str]) -> Option<usize> {
        let source = self.source_of(act, phrase, around)?;
        Some(self.read_with(source.block, act, phrase))
    }

    pub(in crate::plan) fn read_with(&mut self, block: &'k Block, act: &Act<'r>, phrase: &'r Phrase) -> usize {
        // The same thing is read once.
        let again = self.draft.data.iter().position(|datum| {
            self.draft.step(datum.flow.step).is_some_and(|step| step.block == block.id)
                && !datum.receipt
                && datum.under.is_none()
                && phrase.values.is_empty()
                && (datum.flow.step >= self.draft.old || phrase.determiner != Determiner::Some)
        });
        if let Some(datum) = again {
            self.cover.add(&core(phrase));
            return datum;
        }
        // "Given a company, find its competitors": those of the company that the person names.
        let theirs = |phrase: &Phrase| phrase.determiner == Determiner::Theirs;
        // "Research the attendees": those of the event that was read.
        let known =
            self.latest().filter(|_| phrase.determiner == Determiner::The && self.known.is_person(&phrase.head));
        if block.name == "SearchTheWebBlock"
            && (known.is_some() || theirs(phrase) || act.frame.objects.iter().any(theirs))
        {
            let about = match known {
                Some(datum) => vec![self.text_behind(datum)],
                None => self.pending(),
            };
            if let Some(found) = self.looks_outside(act, &about) {
                self.cover_frame(act);
                self.done += 1;
                return found;
            }
        }
        // "Watch a repository for new issues": issues come.
        let sought = act.arguments(&["for"]).filter(|_| act.watches()).flat_map(|argument| names(&argument.phrase));
        let sought = sought.filter(|noun| self.known.concerns(block, noun));
        let mut nouns: Vec<String> = sought.chain(names(phrase)).collect();
        if block.name == "ReadRSSFeedBlock" && act.services().contains(&"YouTube") {
            nouns.push("video".to_owned());
        }
        let asked = act.frame.complement.clone().filter(|_| act.plain_lemma() == "ask");
        let about = asked.or_else(|| self.about(act, phrase));
        let fresh = phrase
            .modifiers
            .iter()
            .any(|word| matches!(word.as_str(), "new" | "incoming" | "added" | "updated" | "arriving"));
        // "every mail I get at support@…"
        let tail = phrase.tail.clone().and_then(|tail| self.reading.tokens.get(tail)).unwrap_or_default();
        let mut said = tail.iter().filter_map(crate::reading::Token::word);
        let comes = phrase.determiner == Determiner::Each
            && said.any(|word| matches!(word, "get" | "receive" | "arrives" | "comes" | "got"));
        let fresh = fresh || comes;
        // Before it is read: how far back depends on it.
        let alone = act.clause.span.clone().any(|at| {
            self.reading.tokens.get(at).and_then(|token| token.word()).is_some_and(|word| word == "automatically")
        });
        let again = fresh || act.watches() || alone && self.is_windowed(block);
        self.polls |= again && self.reading.schedule.is_none() && !self.triggered();
        let says = self.reads(block, phrase, about.as_ref().map(|span| self.text(span)));
        let mut given = Vec::new();
        // A block that writes as well finds a record by its address.
        if self.known.of(block).is_some_and(|knows| knows.reads)
            && block.input_schema().properties.get("email").is_some()
        {
            let said = act.values().find_map(|(at, value)| match value {
                Value::Email(email) => Some((at, Binding::Value(serde_json::json!(email)))),
                _ => None,
            });
            let email = match said {
                Some((at, email)) => {
                    self.cover.add(&(at..at + 1));
                    email
                }
                None => {
                    let label = format!("{}'s e-mail address", self.name_of(phrase));
                    let part = self.part_of_entry("email");
                    let asked = |draft: &mut Draft<'_>| draft.ask(&label, "Which one to look up", AskKind::Text, None);
                    part.unwrap_or_else(|| asked(&mut self.draft)).binding()
                }
            };
            given.push(("email".to_owned(), email));
        }
        // "three restaurants there": where the person said.
        let there =
            act.clause.span.clone().any(|at| {
                self.reading.tokens.get(at).and_then(|token| token.word()).is_some_and(|word| word == "there")
            });
        let searched = matches!(block.name.as_str(), "GoogleMapsSearchBlock" | "SearchTheWebBlock");
        let asked = self.pending().into_iter().find(|at| self.is_name(*at)).filter(|_| there && searched);
        if let (Some(place), Some(about)) = (asked.and_then(|at| self.take(at)), &about) {
            let format = format!("{} in {{{{{}}}}}", self.text(about), place.name);
            let query = self.draft.fill_in(&[place], &format, "Say what to look for");
            given.push(("query".to_owned(), query.binding()));
        }
        given.extend(self.channel_feed(block, act).map(|feed| ("rss_url".to_owned(), feed)));
        let fill = Fill { act: Some(*act), phrase: Some(phrase), query: about, says, given, ..Fill::default() };
        let step = self.apply(block, fill);
        self.cover.add(&core(phrase));
        // "our sheet of orders": which one it is the person says.
        let of = act.arguments(&["of"]).map(|argument| core(&argument.phrase));
        if self.picks_file(step)
            && let Some(of) = of.into_iter().find(|of| of.start <= phrase.span.end + 2 && of.start >= phrase.span.end)
        {
            self.cover.close(&of);
        }
        if let Some(datum) = self.draft.read_before(step) {
            return datum;
        }
        let service = self.known.meaning(block).service.clone();
        let datum = self.draft.gives(step, &nouns, service.as_deref());
        self.done += 1;
        if block.trigger {
            self.polls = false;
        }
        let Some(datum) = datum else { return self.draft.data.len().saturating_sub(1) };
        // "my newest post": one.
        let newest = phrase.modifiers.iter().any(|word| matches!(word.as_str(), "newest" | "latest"));
        if newest && !phrase.plural && matches!(phrase.determiner, Determiner::Mine | Determiner::The) {
            self.limits(step, 1);
        }
        // "the latest post of my blog": the newest stands first in a feed.
        let entry = |phrase: &Phrase| {
            let newest = phrase.modifiers.iter().any(|word| matches!(word.as_str(), "newest" | "latest" | "last"));
            let head = phrase.head.rsplit(' ').next().unwrap_or_default();
            newest && !phrase.plural && matches!(head, "post" | "article" | "entry" | "item" | "episode" | "story")
        };
        if block.name == "ReadRSSFeedBlock"
            && act.phrases().any(entry)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.flow.first = Some(1);
        }
        // "the three most important mails": a model picks them, and from more than three.
        if let Determiner::Count(count) = phrase.determiner
            && phrase.plural
            && !is_ranked(phrase)
            // What is found is one text.
            && block.name != "SearchTheWebBlock"
            && !is_holder(&phrase.head)
            && !self.limits(step, count)
            && let Some(datum) = self.draft.data.get_mut(datum)
        {
            datum.flow.first = Some(count);
        }
        if block.name == "GmailReadBlock" {
            self.leave_attachments(act);
        }
        let wide = Phrase { span: phrase.span.start..self.mails_end(act, block, phrase), ..phrase.clone() };
        self.cover.add(&(phrase.span.end..wide.span.end));
        self.narrow(datum, block, step, &wide);
        let datum = self.of_room(act, phrase, block, datum);
        self.news_of(act, block, datum, phrase)
    }

    /// Whether the person picks the file that a step reads.
    fn picks_file(&self, step: usize) -> bool {
        use crate::plan::model::Binding;
        let asked = |binding: &Binding| matches!(binding, Binding::From { step, .. } if self.draft.is_asked(*step));
        self.draft.step(step).is_some_and(|step| {
            step.inputs.iter().any(|input| {
                matches!(input.name.as_str(), "spreadsheet" | "document" | "file_input") && asked(&input.binding)
            })
        })
    }

    /// Whether something from outside starts the agent.
    pub(in crate::plan) fn triggered(&self) -> bool {
        (0..self.draft.steps.len()).any(|at| self.draft.block(at).is_some_and(|block| block.trigger))
    }

    pub(in crate::plan) fn limits(&mut self, step: usize, count: u32) -> bool {
        use crate::knowledge::Slot;
        use crate::plan::model::Binding;
        let Some(block) = self.draft.block(step) else { return false };
        let input = block
            .input_schema()
            .properties
            .iter()
            .map(|(name, _)| name)
            .find(|name| self.known.slot(name) == Slot::Limit);
        let Some(input) = input.map(str::to_owned) else { return false };
        if let Some(step) = self.draft.steps.get_mut(step) {
            step.bind(&input, Binding::Value(serde_json::json!(count)));
        }
        true
    }

    /// What narrows a phrase: turned into an input where the block has one, else kept for the next step.
    fn narrow(&mut self, datum: usize, block: &Block, step: usize, phrase: &Phrase) {
        let knows = self.known.of(block);
        let mut open: Vec<Span> = Vec::new();
        if let Some(input) = knows.and_then(|knows| knows.search.clone()) {
            let rest = self.gmail(step, &input, phrase);
            open.extend(rest);
        } else {
            // "important", "open", "merged": adjectives that no input took.
            // "our feed of security advisories https://…" has nothing else.
            let address = |at: &usize| {
                matches!(self.reading.tokens.get(*at).and_then(|token| token.value()), Some(Value::Url(_)))
            };
            let feed = block.name == "ReadRSSFeedBlock" && phrase.services.iter().any(|service| service == "YouTube");
            let addressed = feed || phrase.values.iter().any(address);
            for at in core(phrase) {
                let Some(TokenKind::Word(word)) = self.reading.tokens.get(at).map(|token| &token.kind) else {
                    continue;
                };
                // Closed ones are not listed.
                if word == "open"
                    && phrase.modifiers.contains(word)
                    && matches!(block.name.as_str(), "GithubListIssuesBlock" | "GithubListPullRequestsBlock")
                {
                    self.cover.add(&(at..at + 1));
                    continue;
                }
                // "a competitor's page": which one it is the person says.
                let word_is_adjective = !addressed
                    && phrase.modifiers.contains(word)
                    && !word.ends_with("'s")
                    && self.known.source(&format!("{word} {}", phrase.head)).is_none()
                    && !self.known.meaning(block).objects.iter().any(|object| object.contains(word.as_str()))
                    && !cover::is_empty(word)
                    && !matches!(
                        word.as_str(),
                        "latest"
                            | "newest"
                            | "recent"
                            | "current"
                            | "top"
                            | "next"
                            | "upcoming"
                            | "following"
                            | "uploaded"
                            | "given"
                            | "attached"
                    );
                if word_is_adjective {
                    open.push(at..at + 1);
                }
            }
            // "(RSS https://…)": where it is.
            let place = |at: usize| {
                let word = self.reading.tokens.get(at).and_then(|token| token.word());
                word.is_some_and(|word| matches!(word, "rss" | "feed" | "url" | "link" | "address")) && addressed
            };
            let told = |span: &Span| {
                span.clone().any(|at| lost::tells(self.reading, at) && !phrase.values.contains(&at) && !place(at))
            };
            open.extend(phrase.tail.clone().filter(told));
        }
        if let Some(input) = knows.and_then(|knows| knows.window.clone()) {
            let minutes = self.window(phrase);
            if let Some(step) = self.draft.steps.get_mut(step) {
                step.bind(&input, Binding::Value(serde_json::json!(minutes)));
            }
        }
        if let Some((input, (days, said))) = knows.and_then(|knows| knows.days.clone()).zip(self.days_ahead(phrase)) {
            // "the events in my calendar for tomorrow"
            if said >= phrase.span.end {
                open.push(said..said + 1);
            }
            // "this week's events": so many days are read.
            let near = |word: &str| is_near(word) || is_period(word.trim_end_matches("'s"));
            open.retain(|span| {
                !span.clone().all(|at| self.reading.tokens.get(at).and_then(|token| token.word()).is_none_or(near))
            });
            if let Some(step) = self.draft.steps.get_mut(step) {
                step.bind(&input, Binding::Value(serde_json::json!(days)));
            }
        }
        for span in &open {
            self.cover.add(span);
        }
        // What stands in an input is minded by the step itself.
        open.retain(|span| {
            let text = self.text(span);
            let held = |binding: &Binding| matches!(binding, Binding::Value(serde_json::Value::String(held)) if held.contains(text));
            !self.draft.steps.get(step).is_some_and(|step| step.inputs.iter().any(|input| self.known.slot(&input.name) == Slot::Prompt && held(&input.binding)))
        });
        open.into_iter().for_each(|span| self.narrow_to(datum, span));
    }

    /// A Gmail search for what a phrase says; what it cannot say stays open.
    fn gmail(&mut self, step: usize, input: &str, phrase: &Phrase) -> Vec<Span> {
        let (query, mut open) = gmail::query(self.reading, phrase, self.reading.schedule.is_some() || self.polls);
        // "with a label", "that fit a search": which one the person says.
        let asked = open.iter().position(|span| span.clone().any(|at| {
            matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Word(word)) if matches!(word.as_str(), "label" | "search" | "query" | "filter" | "keyword" | "keywords" | "senders"))
        }) && !span.clone().any(|at| matches!(self.reading.tokens.get(at).map(|token| &token.kind), Some(TokenKind::Value(_)))));
        // "from my landlord": whose address the person gives.
        let word = |at: Option<usize>| at.and_then(|at| self.reading.tokens.get(at)?.word()).unwrap_or_default();
        let sender = open.iter().position(|span| {
            let behind = (1..3).any(|back| word(span.start.checked_sub(back)) == "from");
            behind && span.clone().all(|at| self.reading.tokens.get(at).is_some_and(|token| token.value().is_none()))
        });
        if let Some(at) = asked.or(sender) {
            let said = open.remove(at);
            let (label, about, key) = match asked {
                Some(_) => ("Gmail search".to_owned(), "Which mails, as in Gmail's search box: label:customers", ""),
                None => (
                    format!("E-mail address of the {}", self.text(&said)),
                    "Whose mails are read, as an address or a name",
                    "from:",
                ),
            };
            let flow = self.draft.ask(&label, about, AskKind::Text, None);
            let format = format!("{} {key}{{{{{}}}}}", query.clone().unwrap_or_default(), flow.name);
            let text = self.draft.fill_in(&[flow], format.trim(), "Say which mails");
            // The search is made before the mails are read.
            self.draft.swap_last(step);
            let text = Flow { step, ..text };
            if let Some(read) = self.draft.steps.get_mut(step + 1) {
                read.bind(input, Binding::From { step, output: text.output });
            }
            return open;
        }
        if let (Some(step), Some(query)) = (self.draft.steps.get_mut(step), query) {
            step.bind(input, Binding::Value(serde_json::json!(query)));
        }
        open
    }
}
