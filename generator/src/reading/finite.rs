//! The verb that a noun phrase is the subject of.

use super::{
    classes::Class,
    inflection::Form,
    words::{Tag, Unit},
};

/// For each unit: the finite verb that a noun phrase beginning here is the subject of.
pub(super) fn finite(units: &[Unit]) -> Vec<Option<usize>> {
    let mut all = vec![None; units.len() + 1];
    for (at, unit) in units.iter().enumerate().rev() {
        let next = units.get(at + 1);
        let before = at.checked_sub(1).and_then(|before| units.get(before));
        let ahead = all.get(at + 1).copied().flatten();
        let verb_next = next.is_some_and(|next| next.verb().is_some());
        let found = match unit.tag {
            // "the text I gave" is what is given.
            Tag::Noun | Tag::Service if next.is_some_and(Unit::narrator) => None,
            Tag::Verb(Form::Third | Form::Past) | Tag::Word(Class::Modal) => Some(at),
            Tag::Verb(Form::Base) if !before.is_some_and(|before| before.preposition("to")) => Some(at),
            Tag::Verb(Form::Ed) => {
                let object = |next: &Unit| matches!(next.tag, Tag::Word(Class::Determiner(_) | Class::Pronoun));
                if next.is_some_and(object) { Some(at) } else { ahead }
            }
            Tag::Word(Class::And) if verb_next || next.is_some_and(Unit::narrator) => None,
            Tag::Word(Class::Preposition) if unit.lemma == "to" && verb_next => None,
            Tag::Word(Class::Preposition | Class::And | Class::Adverb | Class::Not) | Tag::Time => ahead,
            _ if unit.nominal() => ahead,
            _ => None,
        };
        if let Some(slot) = all.get_mut(at) {
            *slot = found;
        }
    }
    all
}
