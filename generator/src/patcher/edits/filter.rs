//! Some of what comes is let by, some is not.

use serde_json::json;

use super::Edit;
use crate::{
    account::conjugated,
    catalogue::{schema::Types, special},
    patcher::{
        find::{Among, Wanted, bare, contains},
        refused::Refused,
        wish::Place,
    },
    plan::model::Binding,
};

/// "drop every record whose status is closed".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    /// What is looked at, as the wish says it.
    what: String,
    /// As a clause: "if the record's status is closed".
    condition: String,
    /// What fulfils it is kept, not dropped.
    keeps: bool,
}

impl Filter {
    pub(super) fn dropping(what: &str, condition: String) -> Self {
        Self { what: what.to_owned(), condition, keeps: false }
    }

    pub(super) fn noun(&self) -> &str {
        &self.what
    }

    pub(super) fn clause(&self) -> &str {
        &self.condition
    }
}

const DROPS: [&str; 10] =
    ["filter out ", "drop ", "drops ", "ignore ", "ignores ", "skip ", "skips ", "reject ", "discard ", "exclude "];
const KEEPS: [&str; 5] = ["keep only ", "only keep ", "only keeps ", "only let through ", "let only "];
const QUANTIFIERS: [&str; 16] = [
    "every ",
    "any ",
    "all ",
    "the ",
    "those ",
    "each ",
    "anything ",
    "everything ",
    "items ",
    "entries ",
    "out ",
    "everyone ",
    "anyone ",
    "anybody ",
    "everybody ",
    "people ",
];

/// The filter that an order asks for.
pub(super) fn filter(text: &str) -> Option<Filter> {
    let text = bare(text);
    let lower = text.to_lowercase();
    let (verb, keeps) = DROPS
        .iter()
        .map(|verb| (verb, false))
        .chain(KEEPS.iter().map(|verb| (verb, true)))
        .find(|(verb, _)| lower.starts_with(**verb))?;
    let mut rest = text.get(verb.len()..)?;
    while let Some(word) = QUANTIFIERS.iter().find(|word| rest.to_lowercase().starts_with(**word)) {
        rest = rest.get(word.len()..)?;
    }
    // "entries that are about politics": what it is may be any.
    let whole = format!("entry {rest}");
    let bare = ["that ", "which ", "who ", "whose ", "with ", "without ", "about ", "from "].iter();
    let rest = if bare.into_iter().any(|word| rest.to_lowercase().starts_with(word)) { whole.as_str() } else { rest };
    let one = |noun: &str| crate::catalogue::singular(noun.trim());
    let forms = [
        (" whose ", "s"),
        (" that ", ""),
        (" which ", ""),
        (" who ", ""),
        (" where ", "where"),
        (" with ", "has"),
        (" without ", "lacks"),
        (" if ", "if"),
        (" unless ", "unless"),
        (" about ", "is about"),
        (" from ", "is from"),
        (" containing ", "contains"),
        (" mentioning ", "mentions"),
        (" under ", "is under"),
        (" below ", "is below"),
        (" over ", "is over"),
        (" above ", "is above"),
        (" older than ", "is older than"),
        (" less than ", "is less than"),
        (" more than ", "is more than"),
    ];
    let small = rest.to_lowercase();
    let first = forms.iter().filter_map(|(word, form)| Some((small.find(word)?, word.len(), *form))).min();
    if let Some((at, length, form)) = first {
        let (noun, clause) = (rest.get(..at)?, rest.get(at + length..)?);
        let many = noun.ends_with('s');
        let noun = one(noun);
        let condition = match form {
            "s" => format!("if the {noun}'s {clause}"),
            "where" | "if" => format!("if {clause}"),
            "unless" => format!("unless {clause}"),
            "has" => format!("if the {noun} has {clause}"),
            "lacks" => format!("if the {noun} does not have {clause}"),
            "" => format!("if the {noun} {}", single(clause)),
            // "the limit from the search" is no kind of things.
            "is from" if !many && noun != "entry" => return None,
            says => format!("if the {noun} {says} {clause}"),
        };
        return Some(Filter { what: noun, condition, keeps });
    }
    // "empty texts"
    let (adjectives, noun) = rest.rsplit_once(' ')?;
    let told = [
        "empty",
        "old",
        "duplicate",
        "blank",
        "short",
        "long",
        "irrelevant",
        "negative",
        "positive",
        "unread",
        "read",
        "spam",
        "urgent",
        "closed",
        "open",
        "archived",
        "inactive",
        "active",
        "invalid",
        "boring",
        "internal",
        "automatic",
        "sponsored",
        "promotional",
    ];
    let noun = one(noun);
    told.contains(&adjectives.to_lowercase().as_str()).then(|| Filter {
        condition: format!("if the {noun} is {adjectives}"),
        what: noun,
        keeps,
    })
}

/// "are closed" of one: "is closed".
pub(super) fn single(clause: &str) -> String {
    match clause.split_once(' ') {
        Some(("are", rest)) => format!("is {rest}"),
        Some(("have", rest)) => format!("has {rest}"),
        Some(("aren't", rest)) => format!("isn't {rest}"),
        Some(("do", rest)) => format!("does {rest}"),
        Some(("don't", rest)) => format!("doesn't {rest}"),
        // "just says thanks"
        Some((adverb @ ("just" | "only" | "simply" | "merely" | "really" | "actually" | "also" | "still"), rest)) => {
            format!("{adverb} {}", single(rest))
        }
        Some((verb, rest)) if is_plural_verb(verb) => format!("{} {rest}", conjugated(verb)),
        _ => clause.to_owned(),
    }
}

/// "end", "mention": a verb as it stands behind several, neither an auxiliary nor in the past.
fn is_plural_verb(verb: &str) -> bool {
    let other = [
        "i", "you", "we", "they", "he", "she", "it", "the", "my", "our", "is", "was", "were", "can", "cannot", "can't",
        "will", "won't", "should", "must", "may", "might", "could", "would", "did", "didn't", "got", "came", "went",
        "had", "said", "made", "took", "sent", "wrote", "isn't", "wasn't", "not", "no", "only", "never", "always",
        "already", "still", "somebody", "someone", "nobody",
    ];
    verb.len() > 2
        && verb.chars().all(|c| c.is_ascii_lowercase())
        && (!verb.ends_with(['s', 'd'])
            || matches!(verb, "need" | "end" | "read" | "send" | "mind" | "depend" | "respond" | "exceed"))
        && !other.contains(&verb)
}

/// "List records should only return records where Status is active": the step, and the condition.
pub(super) fn returns_only(text: &str) -> Option<(String, String)> {
    let lower = text.to_lowercase();
    let at = [" should only ", " must only ", " needs to only ", " may only "]
        .iter()
        .find_map(|words| lower.find(words).map(|at| (at, words.len())))?;
    let rest = text.get(at.0 + at.1..)?;
    let forms = [(" where ", ""), (" whose ", ""), (" with ", "has "), (" that ", ""), (" from ", "is from ")];
    let (word, says) = forms.iter().find(|(word, _)| rest.contains(word))?;
    let (noun, clause) = rest.split_once(word)?;
    // "hear about companies with …": what the clause is about, where it does not say so itself.
    let noun = crate::catalogue::singular(noun.rsplit(' ').next().unwrap_or_default());
    let condition = match *word {
        " with " | " from " => format!("the {noun} {says}{clause}"),
        " that " => format!("the {noun} {}", single(clause)),
        _ => clause.to_owned(),
    };
    Some((text.get(..at.0)?.to_owned(), condition))
}

impl Edit<'_, '_> {
    pub(super) fn filter(&mut self, filter: &Filter) -> Result<(), Refused> {
        let at =
            match self.operation.place.clone() {
                Some(Place::Before(of)) => self.placed(&of)?,
                Some(Place::Between(one, other)) => {
                    let (one, other) = (self.placed(&one)?, self.placed(&other)?);
                    let (Some(one), Some(other)) = (one, other) else {
                        return Err(self.lost(&self.operation.said.clone()));
                    };
                    let first = if self.canvas.leads(one, other) { one } else { other };
                    self.canvas.order().iter().copied().find(|at| {
                        !self.canvas.is_door(*at) && self.canvas.links_into(*at).any(|link| link.from == first)
                    })
                }
                Some(Place::After(of)) => {
                    let after = self.placed(&of)?;
                    after.and_then(|after| {
                        self.canvas.order().iter().copied().find(|at| {
                            !self.canvas.is_door(*at) && self.canvas.links_into(*at).any(|link| link.from == after)
                        })
                    })
                }
                _ => self.taker_of(&filter.what),
            };
        let Some(at) = at else { return Err(self.lost(&self.operation.said.clone())) };
        // "anyone who says thanks": what came from them.
        let begins = self.canvas.working().into_iter().find(|at| self.canvas.begins(*at));
        let thing = match begins {
            Some(at) => self.thing_of(at),
            None => Some("text".to_owned()),
        };
        let condition = match thing.filter(|_| filter.what == "entry") {
            Some(thing) => filter.condition.replacen("the entry ", &format!("the {thing} "), 1),
            None => filter.condition.clone(),
        };
        // Each of them is looked at, not the list that is handed out.
        let looped = self.canvas.is(at, |block| block.id == special::EACH_ITEM);
        let at = if looped { self.first_taker(at).unwrap_or(at) } else { at };
        self.per_entry(at)?;
        // The entries are handed out in front of the step now.
        self.guard(at, &condition, !filter.keeps)
    }

    /// A list is taken entry by entry before each is looked at.
    pub(super) fn per_entry(&mut self, at: usize) -> Result<(), Refused> {
        let Some(link) = self.canvas.main_link(at) else { return Ok(()) };
        let list = self
            .canvas
            .block(link.from)
            .and_then(|block| block.output_type(&link.output))
            .is_some_and(|types| !types.is_any() && types.is_within(Types::ARRAY));
        if list && !self.canvas.is(at, |block| block.id == special::EACH_ITEM) {
            self.one_by_one(link.from, &link.output)?;
        }
        Ok(())
    }

    /// The step that takes what a noun names.
    fn taker_of(&self, noun: &str) -> Option<usize> {
        let wanted = Wanted::of(self.canvas.known, noun);
        let giving = self
            .canvas
            .best(&wanted, Among::Everything)
            .into_iter()
            .find(|at| !self.canvas.delivers(*at) && !self.canvas.links_out(*at).is_empty());
        let takes = |from: usize| {
            self.canvas
                .order()
                .iter()
                .copied()
                .find(|at| !self.canvas.is_door(*at) && self.canvas.links_into(*at).any(|link| link.from == from))
        };
        let first = || self.canvas.working().into_iter().find(|at| self.canvas.begins(*at)).and_then(takes);
        // What a person gives begins nothing: the first that works on it looks at it.
        giving.and_then(takes).or_else(first).or_else(|| self.first_work())
    }

    pub(super) fn returns_only(&mut self, step: &str, condition: &str) -> Result<(), Refused> {
        let at = self.canvas.step(step, Among::Working, self.context)?;
        let formula = self.canvas.inputs_of(at).into_iter().find(|name| name.contains("formula"));
        if let (Some(name), Some((field, value))) = (formula, condition.split_once(" is ")) {
            let value = bare(value);
            self.canvas.bind(at, &name, Binding::Value(json!(format!("{{{}}}=\"{value}\"", bare(field)))));
            return Ok(());
        }
        if self.canvas.delivers(at) {
            return self.guard(at, &format!("if {condition}"), false);
        }
        let taker =
            self.canvas.order().iter().copied().find(|taker| {
                !self.canvas.is_door(*taker) && self.canvas.links_into(*taker).any(|link| link.from == at)
            });
        let Some(taker) = taker else { return Err(self.lost(&self.operation.said.clone())) };
        self.per_entry(taker)?;
        self.guard(taker, &format!("if {condition}"), false)
    }

    /// "treat neutral feedback as negative too": the one condition or prompt that speaks of this kind.
    pub(super) fn count_as(&mut self, what: &str, kind: &str) -> Result<(), Refused> {
        let kind = bare(kind);
        let speaks = |at: &usize, name: &str| {
            let text = self.canvas.value(*at, name).and_then(|value| value.as_str()).unwrap_or_default();
            contains(&text.to_lowercase(), &kind.to_lowercase())
        };
        let gates: Vec<usize> = self.canvas.working().into_iter().filter(|at| speaks(at, "condition")).collect();
        let Some(at) = self.canvas.one_of(gates, self.context)? else {
            return self.say(&self.operation.said.clone());
        };
        let old = self.canvas.value(at, "condition").and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        self.canvas.bind(at, "condition", Binding::Value(json!(format!("{old} ({} count as {kind} too)", bare(what)))));
        Ok(())
    }

    /// A condition that is there lets more through.
    pub(super) fn widen(&mut self, what: &str, clause: &str) -> Result<(), Refused> {
        let gates: Vec<usize> = self
            .canvas
            .working()
            .into_iter()
            .filter(|at| self.canvas.is(*at, |block| block.id == special::AI_CONDITION))
            .filter(|at| self.canvas.value(*at, "condition").is_some())
            .collect();
        if gates.is_empty() || !self.operation.also {
            return self.perform(&format!("only let through {what} that {clause}"));
        }
        let Some(at) = self.canvas.one_of(gates, self.context)? else { return Err(self.canvas.no_step(what)) };
        let old = self.canvas.value(at, "condition").and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        let noun = crate::catalogue::singular(what.rsplit(' ').next().unwrap_or(what));
        let more = format!("{old}, or the {noun} {}", single(clause));
        self.canvas.bind(at, "condition", Binding::Value(json!(more)));
        Ok(())
    }
}
