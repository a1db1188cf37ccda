//! The forms of verbs, and the singular of nouns.

use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Base,
    /// "posts"
    Third,
    /// "posting"
    Ing,
    /// "posted": past tense or participle.
    Ed,
    /// "came", "went": past tense alone.
    Past,
}

/// Whether a verb is a noun too, and which of both it is in most texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bent {
    Verb,
    Either,
    Noun,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Inflected {
    pub(super) lemma: String,
    pub(super) form: Form,
    pub(super) bent: Bent,
}

/// Every form of every verb.
#[derive(Debug, Default)]
pub(super) struct Verbs(HashMap<String, Inflected>);

impl Verbs {
    pub(super) fn get(&self, word: &str) -> Option<&Inflected> {
        self.0.get(word)
    }

    /// Those that are nouns too.
    pub(super) fn nouns(&self) -> impl Iterator<Item = &String> {
        self.0.values().filter(|verb| verb.form == Form::Base && verb.bent != Bent::Verb).map(|verb| &verb.lemma)
    }

    /// The verb that a word is one slip of the pen away from.
    pub(super) fn meant(&self, word: &str) -> Option<String> {
        if let Some(verb) = self.0.get(&format!("{word}e")).filter(|verb| verb.form == Form::Base) {
            return Some(verb.lemma.clone());
        }
        let bases = self.0.iter().filter(|(_, verb)| verb.form == Form::Base);
        let near = bases.filter_map(|(known, verb)| Some((slip(word.as_bytes(), known.as_bytes())?, &verb.lemma)));
        near.min().map(|(_, lemma)| lemma.clone())
    }

    /// `doubled`: "plan" -> "planned". `irregular`: the forms beside `-s` and `-ing`, the participle last.
    pub(super) fn add(&mut self, lemma: &str, bent: Bent, doubled: bool, irregular: Option<&String>) {
        let silent = lemma.strip_suffix('e').filter(|stem| !stem.ends_with('e') && stem.len() > 1);
        let stem = match lemma.chars().last() {
            Some(last) if doubled => format!("{lemma}{last}"),
            _ => silent.unwrap_or(lemma).to_owned(),
        };
        let y = lemma.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']));
        let hisses = ["s", "x", "z", "sh", "ch", "o"].iter().any(|end| lemma.ends_with(end));
        let third = match y {
            Some(stem) => format!("{stem}ies"),
            None if hisses => format!("{lemma}es"),
            None => format!("{lemma}s"),
        };
        let mut put = |word: String, form| {
            self.0.entry(word).or_insert_with(|| Inflected { lemma: lemma.to_owned(), form, bent });
        };
        put(lemma.to_owned(), Form::Base);
        put(third, Form::Third);
        put(format!("{stem}ing"), Form::Ing);
        let Some(forms) = irregular else {
            put(y.map_or_else(|| format!("{}ed", stem.trim_end_matches('e')), |y| format!("{y}ied")), Form::Ed);
            return;
        };
        let (present, past): (Vec<&str>, Vec<&str>) =
            forms.split(' ').partition(|form| matches!(*form, "am" | "is" | "are" | "has" | "does" | "goes" | "being"));
        for form in present {
            put(form.to_owned(), if form == "being" { Form::Ing } else { Form::Third });
        }
        for (at, form) in past.iter().enumerate() {
            put((*form).to_owned(), if at + 1 == past.len() { Form::Ed } else { Form::Past });
        }
    }
}

/// By the ending; and whether the word was a plural.
pub(super) fn singular(word: &str) -> (String, bool) {
    let cut = |by: usize| word.get(..word.len() - by).unwrap_or(word);
    let ends = |end: &[&str]| end.iter().any(|end| word.ends_with(end));
    if word.len() < 3 || ends(&["ss", "us", "is"]) {
        (word.to_owned(), false)
    } else if ends(&["ies"]) {
        (format!("{}y", cut(3)), true)
    } else if ends(&["sses", "shes", "ches", "xes", "zzes"]) {
        (cut(2).to_owned(), true)
    } else if ends(&["s"]) {
        (cut(1).to_owned(), true)
    } else {
        (word.to_owned(), false)
    }
}

/// How far two words are apart that one slip explains, other than at the end: two letters swapped, one missing or too
/// much, one wrong. Short words are too near to each other for any but the first.
pub(super) fn slip(left: &[u8], right: &[u8]) -> Option<u8> {
    if left.len().abs_diff(right.len()) > 1 {
        return None;
    }
    let same = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let long = left.len().min(right.len()) > 5;
    let (left, right) = (left.get(same..).unwrap_or_default(), right.get(same..).unwrap_or_default());
    match (left, right) {
        ([a, b, x @ ..], [c, d, y @ ..]) if a == d && b == c && x == y => Some(0),
        ([_, rest @ ..], whole) | (whole, [_, rest @ ..]) if long && rest == whole && !whole.is_empty() => Some(1),
        ([_, a @ ..], [_, b @ ..]) if long && a == b && !a.is_empty() => Some(2),
        _ => None,
    }
}
