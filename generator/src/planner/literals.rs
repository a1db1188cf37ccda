//! What the person named: addresses, channels, quoted texts, numbers; each goes into one step.

use super::{text::Literal, values::Wish};

/// A literal of the goal and where it stands.
#[derive(Debug, Clone)]
pub struct Named {
    /// Its kind.
    pub kind: Literal,
    /// Its text.
    pub value: String,
    /// Where it begins in the goal; `None` for one from the context.
    pub start: Option<usize>,
    /// Whether a step has it already.
    pub used: bool,
}

impl Named {
    fn is_within(&self, wish: Option<Wish<'_>>) -> bool {
        let here = wish.and_then(|wish| Some((wish.clause.items.first()?.start, wish.clause.items.last()?.end)));
        self.start.zip(here).is_some_and(|(start, (from, to))| start >= from && start < to)
    }
}

/// The literals of a goal, each for one step.
#[derive(Debug, Clone, Default)]
pub struct Literals(pub Vec<Named>);

impl Literals {
    /// How many of a kind the clause has that nobody has taken.
    pub fn free(&self, kind: Literal, wish: Option<Wish<'_>>) -> usize {
        let free = self.0.iter().filter(|named| named.kind == kind && !named.used);
        free.filter(|named| named.is_within(wish)).count()
    }

    /// Takes the first of a kind that nobody has: from the clause, else from anywhere.
    pub fn take(&mut self, kind: Literal, wish: Option<Wish<'_>>, fits: impl Fn(&str) -> bool) -> Option<String> {
        let free = |named: &&mut Named| named.kind == kind && !named.used && fits(&named.value);
        let local = self
            .0
            .iter()
            .position(|named| named.kind == kind && !named.used && fits(&named.value) && named.is_within(wish));
        let found = match local {
            Some(at) => self.0.get_mut(at),
            // A quoted text or a number of another clause means something else.
            None if matches!(kind, Literal::Quoted | Literal::Number) => None,
            None => self.0.iter_mut().find(free),
        }?;
        found.used = true;
        Some(found.value.clone())
    }
}
