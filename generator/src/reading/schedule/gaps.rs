//! How far the parts of a schedule are from each other.

use super::{found::Found, view::View};
use crate::reading::Span;

/// Counts of tokens from the start, so that the distance of two parts is one subtraction.
pub(super) struct Gaps {
    /// Tokens that no part says.
    open: Vec<usize>,
    /// Those of them that begin something else: "and", "then".
    links: Vec<usize>,
}

impl Gaps {
    pub(super) fn of(view: View<'_>, parts: &[Found]) -> Self {
        let mut said = vec![false; view.tokens.len()];
        for part in parts {
            said.get_mut(part.span.clone()).unwrap_or_default().fill(true);
        }
        let (mut open, mut links) = (vec![0], vec![0]);
        for (at, said) in said.into_iter().enumerate() {
            let link = !said && view.is(at, &["and", "then"]);
            open.push(open.last().copied().unwrap_or(0) + usize::from(!said));
            links.push(links.last().copied().unwrap_or(0) + usize::from(link));
        }
        Self { open, links }
    }

    pub(super) fn open(&self, span: &Span) -> usize {
        Self::count(&self.open, span)
    }

    pub(super) fn links(&self, span: &Span) -> usize {
        Self::count(&self.links, span)
    }

    fn count(counts: &[usize], span: &Span) -> usize {
        let at = |at: usize| counts.get(at).copied().unwrap_or(0);
        at(span.end).saturating_sub(at(span.start))
    }
}
