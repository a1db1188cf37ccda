//! Verb or noun at the start of a clause.

use super::{
    Mark,
    classes::Class,
    inflection::{Bent, Inflected},
    units::Raw,
    words::{Next, Settler},
};

impl Settler<'_> {
    /// "find tweets **and like them**": done to what was found.
    pub(super) fn liked(&self, at: usize) -> bool {
        let joined = self.before().is_some_and(|unit| unit.is(Class::And));
        joined && self.raw(at + 1).is_some_and(|raw| matches!(raw.key.as_str(), "them" | "it"))
    }

    /// At the start of a clause.
    pub(super) fn opening(&self, at: usize, raw: &Raw, verb: &Inflected) -> bool {
        let next = self.next(at);
        let after = self.raw(at + 1);
        let of = after.is_some_and(|raw| raw.key == "of");
        let particles = self.vocabulary.particles(&verb.lemma);
        let particle = after.is_some_and(|raw| particles.iter().any(|words| words.first() == Some(&raw.key)));
        match verb.bent {
            // "Aim: …" is a label.
            _ if after.is_some_and(|raw| raw.mark == Some(Mark::Colon)) => false,
            // "Blog to podcast: …"
            Bent::Either | Bent::Noun
                if after.is_some_and(|raw| raw.key == "to")
                    && self.raw(at + 3).is_some_and(|raw| raw.mark == Some(Mark::Colon)) =>
            {
                false
            }
            // "**Refund** requests should be …", "**order** confirmations are sent": what something is done to.
            Bent::Either | Bent::Noun
                if next == Next::Nominal
                    && self.raw(at + 2).is_some_and(|raw| {
                        let many = after.is_some_and(|raw| raw.plural);
                        raw.may_be(Class::Modal) || many && matches!(raw.key.as_str(), "are" | "were")
                    }) =>
            {
                false
            }
            // "Invoice approval: …"
            Bent::Either | Bent::Noun
                if next == Next::Nominal && self.raw(at + 2).is_some_and(|raw| raw.mark == Some(Mark::Colon)) =>
            {
                false
            }
            _ if particle && !of => true,
            // "check if it loads"
            Bent::Either if after.is_some_and(|raw| matches!(raw.key.as_str(), "if" | "whether")) => true,
            _ if raw.adjective => next == Next::Object,
            Bent::Verb => true,
            Bent::Either => (next.phrase() || next == Next::Preposition) && !of,
            Bent::Noun => {
                let many = after.is_some_and(|raw| raw.plural || raw.adjective);
                next == Next::Object || next == Next::Nominal && many
            }
        }
    }
}
