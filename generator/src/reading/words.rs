//! Which of its classes each unit has where it stands: "post" the verb or "post" the noun.

use super::{
    Determiner, Mark, Span,
    units::Raw,
    vocabulary::{Bent, Class, Form, Inflected, Vocabulary},
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
        self.is(Class::Pronoun) && matches!(self.lemma.as_str(), "i" | "we" | "you" | "they" | "he" | "she")
    }

    /// Can be a part of a noun phrase.
    pub(super) fn nominal(&self) -> bool {
        matches!(
            self.tag,
            Tag::Value | Tag::Service | Tag::Noun | Tag::Adjective | Tag::Word(Class::Determiner(_) | Class::Pronoun)
        )
    }
}

pub(super) fn settle(vocabulary: &Vocabulary, raws: &[Raw]) -> Vec<Unit> {
    let mut settler =
        Settler { vocabulary, raws, done: Vec::with_capacity(raws.len()), forms: Vec::new(), expects_verb: false };
    for at in 0..raws.len() {
        settler.step(at);
    }
    settler.done
}

struct Settler<'a> {
    vocabulary: &'a Vocabulary,
    raws: &'a [Raw],
    done: Vec<Unit>,
    /// Of the verbs of this sentence: a series keeps its form.
    forms: Vec<Form>,
    /// After "when", "if", "that": its verb is still to come.
    expects_verb: bool,
}

/// What the next unit lets one expect.
#[derive(PartialEq, Clone, Copy)]
enum Next {
    /// A determiner, pronoun or value: an object begins.
    Object,
    Nominal,
    Preposition,
    Finite,
    Other,
}

impl Settler<'_> {
    fn step(&mut self, at: usize) {
        let Some(raw) = self.raws.get(at) else { return };
        let tag = if let Some(mark) = raw.mark {
            if matches!(mark, Mark::Stop | Mark::Line) {
                self.forms.clear();
            }
            Tag::Mark(mark)
        } else if raw.time {
            Tag::Time
        } else if raw.value {
            Tag::Value
        } else if raw.service.is_some() {
            Tag::Service
        } else if let Some(class) = self.function(at, raw) {
            Tag::Word(class)
        } else {
            self.content(at, raw)
        };
        let lemma = match (tag, &raw.verb, &raw.service) {
            (Tag::Verb(form), Some(verb), _) => {
                self.forms.push(form);
                verb.lemma.clone()
            }
            (Tag::Service, _, Some(service)) => service.clone(),
            (Tag::Noun, ..) if !raw.noun.is_empty() => raw.noun.clone(),
            _ => raw.key.clone(),
        };
        match tag {
            Tag::Word(Class::When | Class::If | Class::Relative | Class::While | Class::Reason) => {
                self.expects_verb = true
            }
            Tag::Verb(Form::Base | Form::Third | Form::Past) | Tag::Mark(Mark::Stop | Mark::Line | Mark::Colon) => {
                self.expects_verb = false
            }
            _ => {}
        }
        let plural = raw.plural && tag == Tag::Noun;
        self.done.push(Unit { span: raw.span.clone(), tag, lemma, plural, possessive: raw.possessive });
    }

    /// The unit before, adverbs and times aside.
    fn before(&self) -> Option<&Unit> {
        self.done
            .iter()
            .rev()
            .take(4)
            .find(|unit| !matches!(unit.tag, Tag::Word(Class::Adverb | Class::Polite) | Tag::Time))
    }

    fn next(&self, at: usize) -> Next {
        let Some(raw) = self.raws.get(at + 1) else { return Next::Other };
        let plain_verb = raw.verb.as_ref().is_some_and(|verb| {
            verb.bent == Bent::Verb && matches!(verb.form, Form::Base | Form::Third | Form::Past) || verb.lemma == "be"
        });
        if raw.service.is_some() {
            Next::Nominal
        } else if raw.determiner()
            || raw.value
            || raw.may_be(Class::Pronoun)
            || raw.may_be(Class::Question) && !raw.may_be(Class::If)
        {
            Next::Object
        } else if raw.may_be(Class::Modal) || plain_verb && !raw.adjective {
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
    fn clause_ahead(&self, at: usize) -> bool {
        for raw in self.raws.iter().skip(at + 1).take(9) {
            if raw.mark.is_some() || raw.may_be(Class::When) && raw.key != "after" {
                return false;
            }
            let finite = raw.verb.as_ref().is_some_and(|verb| {
                verb.bent == Bent::Verb && matches!(verb.form, Form::Third | Form::Past | Form::Base)
                    || verb.bent == Bent::Verb && verb.form == Form::Ed
            });
            if raw.may_be(Class::Modal) || finite && !raw.adjective {
                return true;
            }
        }
        false
    }

    fn function(&self, at: usize, raw: &Raw) -> Option<Class> {
        let first = *raw.functions.first()?;
        let before = self.before().map(|unit| unit.tag);
        let next = self.next(at);
        let after_noun = matches!(before, Some(Tag::Noun | Tag::Service | Tag::Value | Tag::Word(Class::Pronoun)));
        let after_verb = matches!(before, Some(Tag::Verb(_)));
        let boundary = matches!(before, None | Some(Tag::Mark(_) | Tag::Word(Class::And)));
        let nominal = matches!(next, Next::Nominal | Next::Object);
        let determiner = raw.functions.iter().copied().find(|class| matches!(class, Class::Determiner(_)));
        match raw.key.as_str() {
            "that" if after_noun && next != Next::Other => Some(Class::Relative),
            "that" if after_verb && self.clause_ahead(at) => Some(Class::Question),
            "that" | "this" | "these" | "those" | "both" | "all" | "some" | "any" | "each" | "few" | "many" | "one"
            | "other" | "both of" | "another" | "whose" | "few of"
                if determiner.is_some() && (next == Next::Nominal || next == Next::Object && raw.key != "that") =>
            {
                determiner
            }
            "that" | "this" | "these" | "those" | "both" | "all" | "some" | "any" | "each" | "many" | "few"
            | "another" => Some(if matches!(before, Some(Tag::Adjective)) && raw.key == "that" {
                Class::Question
            } else {
                Class::Pronoun
            }),
            "who" | "which" | "where" | "whom"
                if after_noun && !matches!(self.before(), Some(unit) if unit.lemma == "me") =>
            {
                Some(Class::Relative)
            }
            "who" | "which" | "where" | "whom" => Some(Class::Question),
            "after" | "once" | "upon" if raw.may_be(Class::When) && self.clause_ahead(at) => Some(Class::When),
            "after" | "before" | "until" | "till" | "since" | "upon" if !self.clause_ahead(at) => {
                Some(Class::Preposition)
            }
            "before" | "until" | "till" => Some(Class::While),
            "since" => Some(Class::Reason),
            "as" if boundary && self.clause_ahead(at) => Some(Class::While),
            "once" => Some(Class::Adverb),
            "if" => Some(Class::If),
            "like" if matches!(before, Some(Tag::Word(Class::Modal | Class::Pronoun))) => None,
            "else" | "otherwise" if boundary => Some(Class::Else),
            "so" if boundary && nominal && self.clause_ahead(at) => Some(Class::Reason),
            "using" => Some(Class::Preposition),
            "use" => None,
            "no" if nominal => Some(Class::Determiner(Determiner::No)),
            "live" | "second" | "third" | "first" | "next" | "then" | "last" | "up" | "down" | "more" | "most"
            | "much" | "online" | "offline" | "direct" | "manual"
                if raw.adjective && nominal && raw.key != "then" =>
            {
                None
            }
            "then" => Some(if boundary { Class::And } else { Class::Adverb }),
            "over" | "off" | "out" | "up" | "down" | "in" | "on" | "through" | "about" | "along" | "around"
            | "across" => Some(if raw.may_be(Class::Adverb) && !nominal { Class::Adverb } else { Class::Preposition }),
            "to help" | "to make sure" | "to ensure" | "to avoid" if boundary => None,
            _ => Some(first),
        }
    }

    fn content(&self, at: usize, raw: &Raw) -> Tag {
        if raw.verb.is_none() && !raw.adjective && raw.key.len() > 4 && raw.key.ends_with("ly") && !raw.plural {
            return Tag::Word(Class::Adverb);
        }
        let nominal = if raw.adjective && matches!(self.next(at), Next::Nominal | Next::Object) {
            Tag::Adjective
        } else {
            Tag::Noun
        };
        let Some(verb) =
            raw.verb.as_ref().filter(|verb| !self.vocabulary.invariable(&raw.key) || verb.form == Form::Base)
        else {
            return if raw.adjective { Tag::Adjective } else { nominal };
        };
        let is = match verb.form {
            Form::Base => self.base(at, raw, verb),
            Form::Third => self.third(at, verb),
            Form::Ing => self.ing(at, raw),
            Form::Ed => return self.ed(at, raw, verb),
            Form::Past => true,
        };
        if is {
            Tag::Verb(verb.form)
        } else if raw.adjective {
            Tag::Adjective
        } else if verb.form == Form::Ing && matches!(self.next(at), Next::Nominal) {
            Tag::Adjective
        } else {
            nominal
        }
    }

    fn base(&self, at: usize, raw: &Raw, verb: &Inflected) -> bool {
        let next = self.next(at);
        let plain = verb.bent == Bent::Verb && !raw.adjective;
        let object = next == Next::Object;
        let phrase = object || next == Next::Nominal;
        let Some(before) = self.before() else { return self.opening(at, raw, verb) };
        match before.tag {
            Tag::Word(Class::Modal | Class::Not | Class::Relative) => true,
            Tag::Word(Class::Question) => plain || phrase,
            Tag::Word(Class::Pronoun)
                if self.vocabulary.subject(&before.lemma) || before.lemma == "others" || before.lemma == "rest" =>
            {
                plain
                    || object
                    || !matches!(before.lemma.as_str(), "it" | "you" | "people" | "everybody" | "everyone")
                    || next == Next::Nominal
            }
            Tag::Word(Class::Pronoun) => plain || phrase,
            Tag::Word(Class::Determiner(_)) | Tag::Adjective => false,
            Tag::Value => plain,
            Tag::Word(Class::Preposition) if before.lemma == "to" => {
                plain || object || self.wants_infinitive() || verb.bent == Bent::Either && next == Next::Nominal
            }
            Tag::Word(Class::Preposition) => false,
            Tag::Noun | Tag::Service => {
                plain && !before.possessive
                    || self.expects_verb && before.plural && !raw.adjective && next != Next::Finite
                    || verb.bent == Bent::Either && phrase && self.actor(before)
                    || raw.adjective && object && verb.bent == Bent::Verb
            }
            Tag::Verb(_) => {
                before.lemma == "let" || before.lemma == "help" || before.lemma == "do" || plain && before.lemma == "be"
            }
            Tag::Word(Class::And) | Tag::Mark(Mark::Comma) => {
                let series =
                    self.forms.contains(&Form::Base) || self.forms.is_empty() || before.tag == Tag::Mark(Mark::Comma);
                plain
                    || object && !raw.adjective
                    || verb.bent == Bent::Either
                        && !raw.adjective
                        && series
                        && (phrase || next == Next::Preposition && !self.listing())
            }
            Tag::Time | Tag::Mark(_) | Tag::Word(_) => self.opening(at, raw, verb),
        }
    }

    /// At the start of a clause.
    fn opening(&self, at: usize, raw: &Raw, verb: &Inflected) -> bool {
        let next = self.next(at);
        let after = self.raws.get(at + 1);
        let of = after.is_some_and(|raw| raw.key == "of");
        let particle = after.is_some_and(|raw| {
            self.vocabulary.particles(&verb.lemma).iter().any(|words| words.first() == Some(&raw.key))
        });
        if particle && !of {
            return true;
        }
        if raw.adjective && next != Next::Object {
            return false;
        }
        match verb.bent {
            Bent::Verb => true,
            Bent::Either => matches!(next, Next::Object | Next::Nominal | Next::Preposition) && !of,
            Bent::Noun => {
                next == Next::Object || next == Next::Nominal && after.is_some_and(|raw| raw.plural || raw.adjective)
            }
        }
    }

    /// Whether what stands before the last "and" or comma is a bare noun: "likes, comments and shares".
    fn listing(&self) -> bool {
        let mut back = self.done.iter().rev().skip(1);
        back.next().is_some_and(|unit| unit.tag == Tag::Noun)
            && back
                .find(|unit| unit.tag != Tag::Adjective)
                .is_some_and(|unit| matches!(unit.tag, Tag::Mark(Mark::Comma) | Tag::Word(Class::And)))
    }

    /// "want to", "try to", "a way to", "possible to".
    fn wants_infinitive(&self) -> bool {
        let Some(unit) = self.done.iter().rev().nth(1) else { return true };
        match unit.tag {
            Tag::Verb(_) => matches!(
                unit.lemma.as_str(),
                "want" | "like" | "need" | "try" | "help" | "use" | "be" | "ask" | "wish" | "love"
            ),
            Tag::Noun => self.vocabulary.agent(&unit.lemma) || self.vocabulary.person(&unit.lemma),
            Tag::Adjective | Tag::Word(Class::Question) => true,
            Tag::Word(Class::Pronoun) => unit.lemma != "it" && unit.lemma != "them",
            _ => false,
        }
    }

    /// Who can do something: "AI drafts replies".
    fn actor(&self, unit: &Unit) -> bool {
        unit.tag == Tag::Noun && (self.vocabulary.agent(&unit.lemma) || self.vocabulary.person(&unit.lemma))
    }

    fn third(&self, at: usize, verb: &Inflected) -> bool {
        let next = self.next(at);
        let plain = verb.bent == Bent::Verb;
        let phrase = matches!(next, Next::Object | Next::Nominal);
        let goes = self.raws.get(at + 1).is_some_and(|raw| matches!(raw.key.as_str(), "to" | "into" | "through"))
            || matches!(verb.lemma.as_str(), "trigger" | "run" | "start")
                && !self.raws.get(at + 1).is_some_and(|raw| raw.key == "of");
        let Some(before) = self.before() else { return plain || phrase || goes };
        match before.tag {
            Tag::Word(Class::Relative | Class::Question | Class::Modal) => true,
            Tag::Word(Class::Pronoun) => !matches!(before.lemma.as_str(), "all" | "some" | "any" | "other" | "both"),
            Tag::Word(Class::Determiner(_) | Class::Preposition) | Tag::Adjective => {
                verb.lemma == "be" || verb.lemma == "have"
            }
            Tag::Noun | Tag::Service if self.expects_verb && !before.plural && next != Next::Finite => true,
            Tag::Noun => {
                plain
                    || self.actor(before) && (phrase || next == Next::Preposition)
                    || !before.plural && next == Next::Object
            }
            Tag::Service | Tag::Value => plain || next == Next::Object,
            Tag::Verb(_) => false,
            Tag::Word(Class::And) | Tag::Mark(Mark::Comma) => {
                let series = self.forms.contains(&Form::Third);
                plain || series && (phrase || next == Next::Preposition && !self.listing() && verb.bent == Bent::Either)
            }
            _ => plain || phrase || goes,
        }
    }

    fn ing(&self, at: usize, raw: &Raw) -> bool {
        let next = self.next(at);
        let phrase = matches!(next, Next::Object | Next::Nominal | Next::Preposition);
        let Some(before) = self.before() else { return phrase && !raw.adjective };
        match before.tag {
            Tag::Word(Class::Determiner(_)) | Tag::Adjective => false,
            Tag::Verb(_) if before.lemma == "be" => true,
            Tag::Verb(_) => !raw.adjective && next == Next::Object,
            Tag::Word(Class::Preposition) => !raw.adjective && (phrase || before.lemma == "by"),
            _ => !raw.adjective && (phrase || matches!(before.tag, Tag::Noun)),
        }
    }

    fn ed(&self, at: usize, raw: &Raw, verb: &Inflected) -> Tag {
        let nominal = matches!(self.next(at), Next::Nominal);
        let modifier = if nominal || raw.adjective { Tag::Adjective } else { Tag::Verb(Form::Ed) };
        let Some(before) = self.before() else { return modifier };
        match before.tag {
            Tag::Verb(_) if matches!(before.lemma.as_str(), "be" | "get" | "have") => {
                if raw.adjective && before.lemma == "get" && nominal { Tag::Adjective } else { Tag::Verb(Form::Ed) }
            }
            Tag::Word(Class::Not | Class::Modal) => Tag::Verb(Form::Ed),
            Tag::Word(Class::Pronoun) if self.vocabulary.subject(&before.lemma) => Tag::Verb(Form::Ed),
            Tag::Word(Class::Determiner(_) | Class::Preposition) | Tag::Adjective => Tag::Adjective,
            Tag::Word(Class::And) if self.forms.last() == Some(&Form::Ed) && !nominal => Tag::Verb(Form::Ed),
            Tag::Word(Class::And) | Tag::Mark(_) => modifier,
            Tag::Noun | Tag::Service | Tag::Value | Tag::Word(_)
                if verb.form == Form::Ed && !(nominal && before.possessive) =>
            {
                Tag::Verb(Form::Ed)
            }
            _ => modifier,
        }
    }
}
