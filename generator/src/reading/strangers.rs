//! Words that no vocabulary knows, and that can only be verbs: misspelled ones, and those that nobody listed.

use super::{
    Mark,
    classes::{Class, Group},
    inflection::{Bent, Form, Inflected},
    units::Raw,
    vocabulary::{Entry, Vocabulary},
};

/// How far one looks for the verb of a sentence.
const REACH: usize = 9;

/// "Bake a cake", "psot it": an unknown word that opens a clause, an object behind it, is told to be done.
pub(super) fn find_verbs(vocabulary: &Vocabulary, all: &mut [Raw]) {
    for at in 0..all.len() {
        if !opens(all, at) || !object_follows(all, at + 1) {
            continue;
        }
        let (Some(unit), listed) = (all.get(at), series(all, at)) else { continue };
        if !strange(vocabulary, unit) {
            continue;
        }
        let meant = vocabulary.verbs().meant(&unit.key);
        // Behind "and" a word may be a noun of a list: only a slip is sure.
        if meant.is_none() && listed && !all.get(at + 1).is_some_and(pronoun) {
            continue;
        }
        let lemma = meant.unwrap_or_else(|| unit.key.clone());
        if let Some(unit) = all.get_mut(at) {
            unit.verb = Some(Inflected { lemma, form: Form::Base, bent: Bent::Verb });
        }
    }
}

/// "a picure on intagram": an unknown word that is one slip of the pen away from a known noun or name.
pub(super) fn find_nouns(vocabulary: &Vocabulary, all: &mut [Raw]) {
    let long = |unit: &&mut Raw| unit.key.len() > 4 && !unit.capital;
    for unit in all.iter_mut().filter(|unit| strange(vocabulary, unit)).filter(long) {
        match vocabulary.meant(&unit.key) {
            Some(Entry::Service(service)) => unit.service = Some(service.name),
            Some(Entry::Noun(head)) => unit.noun = head,
            _ => {}
        }
    }
}

fn strange(vocabulary: &Vocabulary, unit: &Raw) -> bool {
    let free = unit.verb.is_none() && unit.service.is_none() && unit.functions.is_empty() && unit.mark.is_none();
    let plain = !unit.value && !unit.time && !unit.adjective && !unit.possessive && !unit.plural && !unit.known;
    free && plain && !unit.key.ends_with("ly") && !vocabulary.is(Group::Capitals, &unit.key)
}

fn opens(all: &[Raw], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|before| all.get(before)) else { return true };
    before.may_be(Class::Polite) || before.may_be(Class::And) || before.mark.is_some_and(|mark| mark != Mark::Open)
}

fn series(all: &[Raw], at: usize) -> bool {
    at.checked_sub(1)
        .and_then(|before| all.get(before))
        .is_some_and(|before| before.may_be(Class::And) || before.mark == Some(Mark::Comma))
}

/// An article, "it" or "me", and no other verb: "Sometimes the client replies" tells nobody to do anything.
fn object_follows(all: &[Raw], at: usize) -> bool {
    let begins =
        |unit: &Raw| matches!(unit.functions.first(), Some(Class::Determiner(_))) && !unit.may_be(Class::Relative);
    let same = all.iter().skip(at).take(REACH).take_while(|unit| unit.mark.is_none() && !unit.may_be(Class::And));
    all.get(at).is_some_and(|unit| begins(unit) || pronoun(unit)) && !same.into_iter().any(Raw::finite)
}

fn pronoun(unit: &Raw) -> bool {
    matches!(unit.key.as_str(), "it" | "them" | "me" | "us")
}
