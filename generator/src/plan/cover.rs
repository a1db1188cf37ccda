//! Which words of the goal ended up somewhere. What is left over is told to the person.

use crate::reading::{Reading, Role, Span, TokenKind};

/// Words that carry no wish of their own.
const EMPTY: &str = " a an the this that these those my your our their his her its i me we us you he she it they them who \
    which what whose and or but nor so then also too just only even still as than if when whenever while where how why to \
    of in on at by for from with into onto out up off over under about via per through across within without between \
    against during before after until since is are was were be been being am do does did done doing have has had having \
    can could should would may might must will shall want need like please get gets let lets make makes go goes \
    there here not no yes any some each every all both one ones other others same such very really maybe perhaps etc ok \
    okay hi hello thanks thank automatically auto new way something anything thing things well able use using used \
    around again back down its it's itself myself yourself dont don't id im ive hey simply always ever now kind sort \
    lot bit more most much many few own new whole given based because that's though although however else otherwise instead e.g i.e eg ie once time times ";

pub(super) fn is_empty(word: &str) -> bool {
    let mut key = String::with_capacity(word.len() + 2);
    key.push(' ');
    key.push_str(word);
    key.push(' ');
    EMPTY.contains(&key)
}

#[derive(Debug)]
pub(super) struct Cover {
    done: Vec<bool>,
}

impl Cover {
    pub(super) fn of(reading: &Reading) -> Self {
        Self { done: vec![false; reading.tokens.len()] }
    }

    pub(super) fn add(&mut self, span: &Span) {
        for at in span.clone() {
            if let Some(done) = self.done.get_mut(at) {
                *done = true;
            }
        }
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.done.get(at).copied().unwrap_or(true)
    }

    /// The runs of words within `span` that carry a wish and are not covered.
    pub(super) fn open(&self, reading: &Reading, span: &Span) -> Vec<Span> {
        let mut runs: Vec<Span> = Vec::new();
        let mut current: Option<Span> = None;
        for at in span.clone() {
            let token = reading.tokens.get(at);
            let (tells, breaks) = match token.map(|token| &token.kind) {
                Some(TokenKind::Word(word)) => (!is_empty(word) && !self.has(at), self.has(at) && !is_empty(word)),
                Some(TokenKind::Value(_)) => (!self.has(at), self.has(at)),
                Some(TokenKind::Mark(_)) | None => (false, false),
            };
            match (&mut current, tells) {
                (Some(run), true) => run.end = at + 1,
                (None, true) => current = Some(at..at + 1),
                (_, false) if breaks => runs.extend(current.take()),
                _ => {}
            }
        }
        runs.extend(current);
        runs
    }

    /// What the goal asks for and nothing took up, in the order of the text.
    pub(super) fn left(&self, reading: &Reading) -> Vec<Span> {
        let asks = |role: Role| {
            !matches!(role, Role::Background | Role::Politeness | Role::LeadIn | Role::Title | Role::Instruction)
        };
        reading.clauses.iter().filter(|clause| asks(clause.role)).flat_map(|clause| self.open(reading, &clause.span)).collect()
    }
}
