//! Which of its classes each unit has where it stands: "that" the pronoun, "post" the verb.

use super::{
    Determiner, Mark, Span,
    classes::{Class, Group},
    inflection::{Bent, Form},
    units::Raw,
    vocabulary::Vocabulary,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    Mark(Mark),
    Value,
    /// A part of the schedule.
    Time,
    Service,
    Noun,
    Adjective,
    Verb(Form),
    Word(Class),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    pub(super) span: Span,
    pub(super) tag: Tag,
    /// A verb's base, a noun's singular, a service's name; else as written, in lower case.
    pub(super) lemma: String,
    pub(super) plural: bool,
    pub(super) possessive: bool,
    /// Written with a capital, and no word of the vocabulary.
    pub(super) name: bool,
}

impl Unit {
    pub(super) fn is(&self, class: Class) -> bool {
        self.tag == Tag::Word(class)
    }

    pub(super) fn verb(&self) -> Option<Form> {
        match self.tag {
            Tag::Verb(form) => Some(form),
            _ => None,
        }
    }

    pub(super) fn preposition(&self, word: &str) -> bool {
        self.is(Class::Preposition) && self.lemma == word
    }

    /// "I", "we", "they": begins a clause wherever it stands.
    pub(super) fn narrator(&self) -> bool {
        self.is(Class::Pronoun) && matches!(self.lemma.as_str(), "i" | "we" | "you" | "they" | "he" | "she" | "nobody")
    }

    /// Can be a part of a noun phrase.
    pub(super) fn nominal(&self) -> bool {
        matches!(
            self.tag,
            Tag::Value | Tag::Service | Tag::Noun | Tag::Adjective | Tag::Word(Class::Determiner(_) | Class::Pronoun)
        )
    }

    /// Says nothing that anything else depends on.
    pub(super) fn light(&self) -> bool {
        matches!(self.tag, Tag::Mark(_) | Tag::Word(Class::Adverb | Class::Polite | Class::And))
    }
}

pub(super) fn settle(vocabulary: &Vocabulary, raws: &[Raw]) -> Vec<Unit> {
    let done = Vec::with_capacity(raws.len());
    let mut settler = Settler { vocabulary, raws, done, forms: Vec::new(), expects_verb: false };
    for (at, raw) in raws.iter().enumerate() {
        settler.step(at, raw);
    }
    settler.done
}

pub(super) struct Settler<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) raws: &'a [Raw],
    pub(super) done: Vec<Unit>,
    /// Of the verbs of this sentence: a series keeps its form.
    pub(super) forms: Vec<Form>,
    /// After "when", "if", "that": its verb is still to come.
    pub(super) expects_verb: bool,
}

/// What the next unit lets one expect.
#[derive(PartialEq, Clone, Copy)]
pub(super) enum Next {
    /// A determiner, pronoun or value: an object begins.
    Object,
    Nominal,
    Preposition,
    Finite,
    Other,
}

impl Next {
    pub(super) fn phrase(self) -> bool {
        matches!(self, Self::Object | Self::Nominal)
    }
}

impl<'a> Settler<'a> {
    fn step(&mut self, at: usize, raw: &Raw) {
        let tag = match raw.mark {
            Some(mark) => Tag::Mark(mark),
            None if raw.time => Tag::Time,
            None if raw.value => Tag::Value,
            // "then Slack me the numbers"
            None if raw.key == "slack"
                && self.raw(at + 1).is_some_and(|next| matches!(next.key.as_str(), "me" | "us")) =>
            {
                Tag::Verb(Form::Base)
            }
            None if raw.service.is_some() => Tag::Service,
            None => self.function(at, raw).map_or_else(|| self.content(at, raw), Tag::Word),
        };
        // "a one-page brief": the document, for no noun follows.
        let tag = if tag == Tag::Adjective && raw.key == "brief" && self.ends_phrase(at) { Tag::Noun } else { tag };
        let lemma = match (tag, &raw.verb, &raw.service) {
            (Tag::Verb(_), _, Some(_)) => raw.key.clone(),
            (Tag::Verb(_), Some(verb), _) => verb.lemma.clone(),
            (Tag::Service, _, Some(service)) => service.clone(),
            (Tag::Noun, ..) if !raw.noun.is_empty() => raw.noun.clone(),
            _ => raw.key.clone(),
        };
        match tag {
            Tag::Verb(form) => {
                self.forms.push(form);
                self.expects_verb = self.expects_verb && matches!(form, Form::Ing | Form::Ed) || lemma == "let";
            }
            Tag::Word(Class::When | Class::If | Class::Relative | Class::While | Class::Reason) => {
                self.expects_verb = true;
            }
            Tag::Mark(Mark::Stop | Mark::Line) => {
                self.forms.clear();
                self.expects_verb = false;
            }
            Tag::Mark(Mark::Colon) => self.expects_verb = false,
            // "if rejected tell me": all that is said of it.
            Tag::Adjective if raw.key.ends_with("ed") && self.done.last().is_some_and(|unit| unit.is(Class::If)) => {
                self.expects_verb = false;
            }
            Tag::Word(Class::Not) if ISNT.contains(&lemma.as_str()) => self.expects_verb = false,
            _ => {}
        }
        let plural = raw.plural && tag == Tag::Noun;
        let name =
            raw.capital && tag == Tag::Noun && raw.verb.is_none() && !self.vocabulary.is(Group::Capitals, &raw.key);
        self.done.push(Unit { span: raw.span.clone(), tag, lemma, plural, possessive: raw.possessive, name });
    }

    /// The unit before, adverbs and times aside.
    pub(super) fn before(&self) -> Option<&Unit> {
        let aside = |unit: &&Unit| matches!(unit.tag, Tag::Word(Class::Adverb | Class::Polite) | Tag::Time);
        self.done.iter().rev().take(4).find(|unit| !aside(unit))
    }

    pub(super) fn raw(&self, at: usize) -> Option<&'a Raw> {
        self.raws.get(at)
    }

    pub(super) fn next(&self, at: usize) -> Next {
        let quantity = |raw: &Raw| matches!(raw.key.as_str(), "more" | "most" | "enough" | "less");
        let aside = |raw: &&Raw| raw.time || raw.functions == [Class::Adverb] && !quantity(raw);
        let Some(raw) = self.raws.iter().skip(at + 1).take(3).find(|raw| !aside(raw)) else { return Next::Other };
        if raw.service.is_some() {
            Next::Nominal
        } else if raw.determiner()
            || raw.value
            || raw.may_be(Class::Pronoun)
            || raw.may_be(Class::Question)
            || quantity(raw)
        {
            Next::Object
        } else if raw.may_be(Class::Modal) || raw.finite() {
            Next::Finite
        } else if raw.may_be(Class::Preposition) {
            Next::Preposition
        } else if raw.mark.is_some() || raw.time || !raw.functions.is_empty() {
            Next::Other
        } else {
            Next::Nominal
        }
    }

    /// Whether a clause with a finite verb of its own begins here, before the next mark.
    pub(super) fn clause_ahead(&self, at: usize, past_and: bool) -> bool {
        let ahead = self.raws.iter().skip(at + 1).take(9);
        let same = ahead.take_while(|raw| {
            raw.mark.is_none()
                && (past_and || !raw.may_be(Class::And))
                && !(raw.may_be(Class::When) && raw.key != "after")
        });
        let past = |raw: &Raw| raw.verb.as_ref().is_some_and(|verb| verb.bent == Bent::Verb && verb.form == Form::Ed);
        same.into_iter().any(|raw| raw.may_be(Class::Modal) || raw.finite() || past(raw) && !raw.adjective)
    }

    fn function(&self, at: usize, raw: &Raw) -> Option<Class> {
        let first = *raw.functions.first()?;
        let before = self.before();
        let tag = before.map(|unit| unit.tag);
        let next = self.next(at);
        let after_noun = matches!(tag, Some(Tag::Noun | Tag::Service | Tag::Value | Tag::Word(Class::Pronoun)));
        let boundary = matches!(tag, None | Some(Tag::Mark(_) | Tag::Word(Class::And)));
        let next_raw = self.raw(at + 1);
        let determiner = raw.functions.iter().copied().find(|class| matches!(class, Class::Determiner(_)));
        Some(match raw.key.as_str() {
            "that" if before.is_some_and(|unit| self.told(unit)) && self.says() && self.new_subject(at) => {
                Class::Question
            }
            "that" if after_noun && (next != Next::Other || next_raw.is_some_and(|raw| raw.may_be(Class::When))) => {
                Class::Relative
            }
            // "a workflow that, when a row is added, …"
            "that" if after_noun && self.parted(at) => Class::Relative,
            "that" if matches!(tag, Some(Tag::Verb(_))) && self.clause_ahead(at, true) => Class::Question,
            "that" if tag == Some(Tag::Adjective) => Class::Question,
            "whose" if after_noun => Class::Relative,
            "each" if next_raw.is_some_and(Raw::determiner) => Class::Pronoun,
            "one" if next == Next::Nominal && !self.verb_of_sub(at + 1) => Class::Determiner(Determiner::Count(1)),
            // Both a determiner and a pronoun: what follows decides.
            _ if determiner.is_some()
                && raw.may_be(Class::Pronoun)
                    | raw.may_be(Class::Relative)
                    | PRONOMINAL.contains(&raw.key.as_str()) =>
            {
                let counted = next_raw.is_some_and(|raw| raw.determiner() && !raw.may_be(Class::Relative) || raw.value);
                let stands_before = next == Next::Nominal || counted && raw.key != "that";
                if stands_before { determiner? } else { Class::Pronoun }
            }
            "who" | "whom" if matches!(before, Some(unit) if self.person(unit)) => Class::Relative,
            // "text me on Telegram which meetings I …"
            "which"
                if tag == Some(Tag::Service)
                    && next == Next::Nominal
                    && next_raw.is_some_and(|raw| raw.plural && raw.functions.is_empty())
                    && self.says_or_tells() =>
            {
                Class::Question
            }
            "which" | "where" if after_noun && !before.is_some_and(|unit| OBJECTS.contains(&unit.lemma.as_str())) => {
                Class::Relative
            }
            "who" | "which" | "where" | "whom" => Class::Question,
            "after" | "before" | "until" | "once" if next_raw.is_some_and(|raw| raw.value) => Class::Preposition,
            "after" | "once" if self.pronoun_subject(at + 1) => Class::When,
            // "once the price falls": a word that may be a noun moves here.
            "once" if next_raw.is_some_and(Raw::determiner) && self.moves_ahead(at) => Class::When,
            "before" | "until" if self.pronoun_subject(at + 1) => Class::While,
            "after" | "before" | "upon" if tag == Some(Tag::Word(Class::Relative)) => Class::Preposition,
            "after" | "once" | "upon" if self.clause_ahead(at, false) => Class::When,
            "after" | "before" | "until" | "till" | "since" | "upon" if !self.clause_ahead(at, false) => {
                Class::Preposition
            }
            "before" | "until" | "till" => Class::While,
            "since" => Class::Reason,
            "as" if boundary && self.clause_ahead(at, true) || self.pronoun_subject(at + 1) => Class::While,
            // "Once the feed mentions it, …"
            "once" if boundary && next.phrase() && self.raws.iter().skip(at + 1).take(12).any(comma) => Class::When,
            "once" => Class::Adverb,
            // "Should it return an error, …"
            // "Should send from my Gmail, one each": no subject, no condition.
            "should"
                if matches!(tag, None | Some(Tag::Mark(Mark::Stop | Mark::Line)))
                    && self.ends_in_comma(at)
                    && !self.raw(at + 1).is_some_and(|raw| raw.imperative()) =>
            {
                Class::If
            }
            "if" => Class::If,
            // "wait for my ok"
            "ok" | "okay" if matches!(tag, Some(Tag::Word(Class::Determiner(_)))) => return None,
            "only once" if !self.clause_ahead(at, true) => Class::Adverb,
            "like" if matches!(tag, Some(Tag::Word(Class::Modal | Class::Pronoun))) || self.liked(at) => return None,
            "first" | "second" | "third" | "next" | "last" if boundary && next_raw.is_some_and(Raw::imperative) => {
                Class::Adverb
            }
            "else" | "otherwise" if boundary => Class::Else,
            // "create a ticket else like it"
            "else" if next_raw.is_some_and(Raw::imperative) && !matches!(tag, Some(Tag::Word(_))) => Class::Else,
            "else" => Class::Adverb,
            // "I look at it anyway, so just mail me"
            "so" if self
                .raws
                .iter()
                .skip(at + 1)
                .take(3)
                .find(|raw| raw.functions != [Class::Adverb])
                .is_some_and(Raw::imperative) =>
            {
                Class::And
            }
            "so" if boundary && next.phrase() && self.clause_ahead(at, true) => Class::Reason,
            // "so nothing is posted twice"
            "so" if next_raw
                .is_some_and(|raw| matches!(raw.key.as_str(), "nothing" | "nobody" | "everything" | "everyone")) =>
            {
                Class::Reason
            }
            "using" => Class::Preposition,
            "no" if next.phrase() => Class::Determiner(Determiner::No),
            "then" => {
                let verb = next_raw.is_some_and(|raw| raw.verb.is_some() && raw.functions.is_empty());
                if boundary || verb { Class::And } else { Class::Adverb }
            }
            // "a thank you email"
            "thank you" | "thanks" if !boundary && next == Next::Nominal => return None,
            _ if raw.adjective && next.phrase() => return None,
            _ if raw.may_be(Class::Preposition) && raw.may_be(Class::Adverb) && !next.phrase() => Class::Adverb,
            _ => first,
        })
    }

    /// A comma stands in this sentence, and it is no question.
    fn ends_in_comma(&self, at: usize) -> bool {
        let mut marks = self.raws.iter().skip(at + 1).take(16).filter(|raw| raw.mark.is_some());
        marks.next().is_some_and(comma)
    }

    /// Whether the last verb takes "that" and a sentence.
    fn says(&self) -> bool {
        let verb = self.done.iter().rev().take(12).find(|unit| unit.verb().is_some());
        verb.is_some_and(|verb| self.vocabulary.is(Group::Sayers, &verb.lemma))
    }

    fn says_or_tells(&self) -> bool {
        let verb = self.done.iter().rev().take(12).find(|unit| unit.verb().is_some());
        verb.is_some_and(|verb| {
            [Group::Sayers, Group::Tellers].iter().any(|group| self.vocabulary.is(*group, &verb.lemma))
        })
    }

    /// A comma, and then "when" or "if".
    fn parted(&self, at: usize) -> bool {
        let opens = |raw: &Raw| raw.may_be(Class::When) || raw.may_be(Class::If);
        self.raw(at + 1).is_some_and(comma) && self.raw(at + 2).is_some_and(opens)
    }

    /// "that it is", "that the rent is": no relative clause, whose subject would be "that".
    fn new_subject(&self, at: usize) -> bool {
        self.raw(at + 1).is_some_and(|raw| raw.determiner() || raw.may_be(Class::Pronoun))
            && self.clause_ahead(at, true)
    }

    /// Who something is said to; a thing is narrowed by "that".
    fn told(&self, unit: &Unit) -> bool {
        // "tell her by mail that …"
        let way = self.done.iter().rev().nth(1).is_some_and(|unit| unit.is(Class::Preposition) && unit.lemma != "of");
        way || unit.is(Class::Pronoun)
            || self.vocabulary.is(Group::People, &unit.lemma)
            || unit.tag == Tag::Service
            // "in Slack #general that …"
            || unit.tag == Tag::Value && self.done.iter().rev().nth(1).is_some_and(|unit| unit.tag == Tag::Service)
            || unit.name
    }

    fn pronoun_subject(&self, at: usize) -> bool {
        self.raw(at).is_some_and(|raw| matches!(raw.key.as_str(), "i" | "we" | "you" | "they" | "it"))
            && self.raw(at + 1).is_some_and(|raw| raw.verb.is_some() || raw.may_be(Class::Modal))
    }

    /// "the price falls": something that moves, before the next mark.
    fn moves_ahead(&self, at: usize) -> bool {
        let ahead = self.raws.iter().skip(at + 2).take(5).take_while(|raw| raw.mark.is_none());
        ahead
            .filter_map(|raw| raw.verb.as_ref())
            .any(|verb| matches!(verb.form, Form::Third | Form::Base) && self.vocabulary.is(Group::Moves, &verb.lemma))
    }

    fn verb_of_sub(&self, at: usize) -> bool {
        let third = self.raw(at).and_then(|raw| raw.verb.as_ref()).is_some_and(|verb| verb.form == Form::Third);
        third && self.expects_verb
    }

    /// Who can do something: "AI drafts replies".
    pub(super) fn person(&self, unit: &Unit) -> bool {
        let known = |group| self.vocabulary.is(group, &unit.lemma);
        unit.tag == Tag::Noun && (known(Group::Agents) || known(Group::People))
            || unit.is(Class::Pronoun) && unit.lemma != "me" && known(Group::Subjects)
    }
}

fn comma(raw: &Raw) -> bool {
    raw.mark == Some(Mark::Comma)
}

/// Say "be" and "not" at once.
pub(super) const ISNT: [&str; 6] = ["is not", "are not", "isnt", "arent", "wasnt", "werent"];

const OBJECTS: [&str; 6] = ["me", "us", "him", "her", "them", "you"];

const PRONOMINAL: [&str; 12] =
    ["this", "these", "those", "both", "all", "some", "any", "each", "many", "few", "another", "other"];
